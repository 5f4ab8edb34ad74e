"""Nothing starts on a rulebook that names a document nobody can make."""

import pytest

from deployments.soundness import check_documents, rulebooks_of
from rulebooks.reading.loader import cities, load_rulebook
from rulebooks.reading.pages import BrokenRulebookError


@pytest.mark.parametrize("city", cities())
def test_every_document_of_every_version_and_town_has_a_template(city: str) -> None:
    checked = list(rulebooks_of(city))
    for rulebook in checked:
        check_documents(rulebook)
    assert any(rulebook.documents for rulebook in checked)


def test_a_document_without_a_template_is_named_with_those_there_are() -> None:
    rulebook = load_rulebook(cities()[0])
    odd = rulebook.model_copy(update={"documents": {**rulebook.documents, "poster": "海报"}})
    with pytest.raises(BrokenRulebookError, match="documents 中的“poster”没有公文模板") as refused:
        check_documents(odd)
    assert "project_publicity" in str(refused.value)


def test_a_field_that_no_publicity_prints_is_named_with_those_there_are() -> None:
    rulebook = load_rulebook(cities()[0])
    name, stage = next((key, item) for key, item in rulebook.stages.items() if item.fields)
    odd = stage.model_copy(update={"fields": (*stage.fields, "votes")})
    broken = rulebook.model_copy(update={"stages": {**rulebook.stages, name: odd}})
    with pytest.raises(BrokenRulebookError, match="“votes”印不到公示上") as refused:
        check_documents(broken)
    assert "fund_use" in str(refused.value)
