"""画图: a picture of Graphviz text, or one sentence about what is missing."""

from pathlib import Path

import pytest

from deployments.terminal.drawing import DrawingError, draw


@pytest.mark.parametrize(("name", "start"), [("a.svg", "<?xml"), ("a.png", "PNG")])
def test_the_ending_chooses_the_kind_of_picture(tmp_path: Path, name: str, start: str) -> None:
    draw("digraph { 征集 -> 商议 }", tmp_path / name)
    assert start.encode() in (tmp_path / name).read_bytes()[:8]


def test_a_text_that_cannot_be_drawn_is_told(tmp_path: Path) -> None:
    with pytest.raises(DrawingError, match="Graphviz 没有画成"):
        draw("digraph {", tmp_path / "a.svg")


def test_an_ending_nobody_knows_is_told(tmp_path: Path) -> None:
    with pytest.raises(DrawingError, match="Graphviz 没有画成"):
        draw("digraph { a }", tmp_path / "a.picture")
