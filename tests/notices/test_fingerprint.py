from dataclasses import dataclass, replace

import pytest

from notices.documents import render
from notices.fingerprint import canonical, content_digest, qr_code, short_code
from tests.notices import examples


def test_the_same_content_has_the_same_digest_and_a_changed_amount_another():
    document = examples.project_publicity()
    dearer = replace(document, projects=(replace(examples.CHARGING, budget=4_986_001),))
    assert render(document).content_digest == render(examples.project_publicity()).content_digest
    assert render(document).content_digest != render(dearer).content_digest


def test_equal_contents_of_two_kinds_of_document_differ():
    document = examples.not_selected()
    assert content_digest("not_selected", document) != content_digest("not_passed", document)


def test_canonical_content_is_plain_sorted_json_with_iso_dates():
    text = canonical("not_selected", examples.not_selected()).decode("ascii")
    assert text.startswith('{"content":{"advice":null,"basis":{')
    assert '"issued_on":"2026-02-11"' in text
    assert ": " not in text


def test_content_that_cannot_be_checked_is_refused():
    @dataclass
    class Loose:
        value: object

    with pytest.raises(TypeError, match="object"):
        canonical("loose", Loose(object()))


def test_the_short_code_is_grouped_for_the_eye():
    assert short_code("3f2a91bc04de77a1" + "0" * 48) == "3F2A 91BC 04DE 77A1"


def test_the_drawn_code_is_repeatable_and_takes_a_chinese_number():
    drawing = qr_code("张民公示2026-1", "3F2A 91BC")
    assert drawing == qr_code("张民公示2026-1", "3F2A 91BC")
    assert drawing.startswith("<svg ")
    assert drawing != qr_code("张民公示2026-2", "3F2A 91BC")
