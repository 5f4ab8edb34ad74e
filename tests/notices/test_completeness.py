from dataclasses import replace

import pytest

from notices.completeness import IncompleteDocumentError
from notices.documents import render
from tests.notices import examples


def test_a_notice_without_a_telephone_names_what_is_missing():
    document = examples.project_publicity()
    lacking = replace(document, contact=replace(document.contact, supervision_phone=" ", phone=""))
    with pytest.raises(IncompleteDocumentError, match="“联系电话”、“监督电话”，请补齐后再出文"):
        render(lacking)


def test_an_explanation_without_a_reason_is_not_issued():
    with pytest.raises(IncompleteDocumentError, match="“未获选原因”"):
        render(replace(examples.not_selected(), reasons=()))
    with pytest.raises(IncompleteDocumentError, match="“未获选原因”"):
        render(replace(examples.not_selected(), reasons=("", " ")))


def test_text_that_nobody_can_see_does_not_count_as_content():
    project = replace(examples.CHARGING, place="\u200b\u202e")
    with pytest.raises(IncompleteDocumentError, match="“实施地点”"):
        render(replace(examples.project_publicity(), projects=(project,)))


def test_a_publicity_without_projects_is_refused():
    with pytest.raises(IncompleteDocumentError, match="“公示项目”"):
        render(replace(examples.project_publicity(), projects=()))
