import re
from types import SimpleNamespace

import pytest

from notices.documents import DOCUMENTS
from notices.environment import (
    TEMPLATES,
    BrokenTemplateError,
    environment,
    fill,
    fill_named,
    word_text,
)

SHARED = {"base", "pieces"}


def test_every_document_has_a_template_and_every_template_a_document():
    names = {path.name.removesuffix(".html.j2") for path in TEMPLATES.glob("*.html.j2")}
    assert names - SHARED == set(DOCUMENTS)


@pytest.mark.parametrize("kind", sorted(DOCUMENTS))
def test_a_template_filled_without_its_variables_names_the_first_one(kind):
    with pytest.raises(BrokenTemplateError, match=f"{kind}.html.j2”缺少变量“title”"):
        fill(kind)


def test_an_attribute_the_document_does_not_hold_is_named():
    document = SimpleNamespace(imprint=SimpleNamespace(number="ZJG-2026-0001"))
    with pytest.raises(BrokenTemplateError, match="缺少变量“issuer”"):
        fill("not_passed", title="告知", title_lines=(), code="", qr="", document=document)


def test_a_template_that_does_not_exist_is_named():
    with pytest.raises(BrokenTemplateError, match="没有公文模板“commendation"):
        fill("commendation")


def test_nothing_is_never_printed_as_a_word():
    template = environment().from_string("{{ value }}")
    with pytest.raises(Exception, match="None"):
        template.render(value=None)


def test_templates_carry_no_number_of_a_policy():
    numbered = re.compile(r"\d+\s*(个工作日|个月|日内|万元|元|人)")
    for path in TEMPLATES.rglob("*.html.j2"):
        assert not numbered.search(path.read_text(encoding="utf-8")), path.name


@pytest.mark.parametrize("name", ["document", "letter", "minutes"])
def test_an_official_document_without_its_variables_names_the_first_one(name):
    with pytest.raises(BrokenTemplateError, match=f"official/{name}.html.j2”缺少变量“title”"):
        fill(f"official/{name}")


@pytest.mark.parametrize(
    "path", sorted((TEMPLATES / "word").glob("*.xml.j2")), ids=lambda path: path.stem
)
def test_every_part_of_an_editable_document_is_a_template_of_the_one_environment(path):
    assert environment().get_template(f"word/{path.name}").filename == str(path)


def test_a_part_of_an_editable_document_without_a_variable_names_it():
    with pytest.raises(BrokenTemplateError, match=r"word/header_first\.xml\.j2”缺少变量“document”"):
        fill_named("word/header_first.xml.j2")


def test_text_in_an_editable_document_is_escaped_and_keeps_its_lines():
    assert word_text("甲<乙\n丙\uffff") == (
        '<w:t xml:space="preserve">甲&lt;乙</w:t><w:br/><w:t xml:space="preserve">丙</w:t>'
    )
