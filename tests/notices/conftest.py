"""公文测试：every example is rendered and set once for all tests that look at it."""

from collections.abc import Mapping

import pytest

from notices.documents import Rendered, render
from notices.pdf import write_pdf
from tests.notices import examples


@pytest.fixture(scope="session")
def rendered() -> Mapping[str, Rendered]:
    return {document.imprint.number: render(document) for document in examples.every()}


@pytest.fixture(scope="session")
def printed(rendered: Mapping[str, Rendered]) -> Mapping[str, bytes]:
    return {number: write_pdf(page.html) for number, page in rendered.items()}
