"""The towns' sample workbooks, cut down to the projects a journey follows."""

from collections.abc import Collection
from pathlib import Path
from typing import Any

from deployments.demonstration.stories import stories
from schemas.sample_material import load_material
from schemas.samples import rows_of_town, sample_rows, style_of
from schemas.styling import write_styled_workbook

CITY = "zhangjiagang"
SEED = 1
# The stories tell of the demonstration's projects, so the same ones are drawn here.
PROJECTS = 40
CHEAP = 1_000_000
# Its council votes it down, so a document is made as soon as the vote is in.
REFUSED = "示例锦绣新村老年课堂"

Row = dict[str, Any]


def all_titles() -> list[str]:
    """Every suggested project of the demonstration."""
    return [row["title"] for row in _rows()["suggestions"]]


def titles_of_all_fates() -> list[str]:
    """One project for each story, one that is cheap and one that is urgent."""
    told = [story.title for story in stories(CITY)]
    others = [row for row in _rows()["suggestions"] if row["title"] not in told]
    cheap = next(row for row in others if not row["urgent"] and row["budget"] < CHEAP)
    urgent = next(row for row in others if row["urgent"] and row["budget"] >= CHEAP)
    return [*told, cheap["title"], urgent["title"]]


def write_workbooks(
    folder: Path, titles: Collection[str], *, under_way: bool = False
) -> list[Path]:
    """One workbook per town with the suggestions of these titles, styled as each town does."""
    rows = _rows()
    kept = [row for row in rows["suggestions"] if row["title"] in titles]
    assert len(kept) == len(titles), "a project of the stories is no longer in the samples"
    rows["suggestions"] = kept
    if not under_way:
        rows["under_way"] = []
    material = load_material(CITY)
    paths = []
    for town in material["towns"]:
        path = folder / f"{town}.xlsx"
        style = style_of(CITY, town)
        write_styled_workbook(path, rows_of_town(rows, CITY, town), material["label"], style)
        paths.append(path)
    return paths


def _rows() -> dict[str, list[Row]]:
    return sample_rows(CITY, seed=SEED, projects=PROJECTS)
