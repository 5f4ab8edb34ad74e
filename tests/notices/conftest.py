"""公文测试：every example is rendered and set once for all tests that look at it."""

from collections.abc import Mapping

import pytest

from notices.documents import Rendered, render
from notices.official import render_official
from notices.pdf import write_pdf
from tests.notices import examples, official_examples


@pytest.fixture(scope="session")
def rendered() -> Mapping[str, Rendered]:
    return {document.imprint.number: render(document) for document in examples.every()}


@pytest.fixture(scope="session")
def printed(rendered: Mapping[str, Rendered]) -> Mapping[str, bytes]:
    return {number: write_pdf(page.html) for number, page in rendered.items()}


@pytest.fixture(scope="session")
def official() -> Mapping[str, Rendered]:
    """正式公文样例的页面，按文件编号。"""
    return {each.reference: render_official(each) for each in official_examples.every()}


@pytest.fixture(scope="session")
def official_papers(official: Mapping[str, Rendered]) -> Mapping[str, bytes]:
    """正式公文样例的纸面件，按文件编号。"""
    return {reference: write_pdf(page.html) for reference, page in official.items()}
