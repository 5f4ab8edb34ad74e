"""更新样张: `python -m tests.notices.renew_golden` after a wanted change."""

from pathlib import Path

from notices.official import render_official
from notices.pdf import write_pdf
from tests.notices import official_examples
from tests.notices.reading import layout_of

GOLDEN = Path(__file__).parent / "golden"


def renew() -> None:
    """Write the layout of every example; look at the pages before keeping them."""
    GOLDEN.mkdir(exist_ok=True)
    for document in official_examples.every():
        layout = layout_of(write_pdf(render_official(document).html))
        (GOLDEN / f"{document.reference}.txt").write_text(layout, encoding="utf-8")


if __name__ == "__main__":
    renew()
