"""各地另有的事实各成一列，列名用当地的叫法；不用的列去掉，填错的说明可选项。"""

from pathlib import Path
from typing import Any

import pytest

from rulebooks.reading.loader import cities, load_rulebook
from rulebooks.vocabulary.facts import own_facts, recorded_later
from schemas.choices import choices_of
from schemas.findings import check_workbook
from schemas.layout import OWN, layout_of
from schemas.reading import read_grids
from schemas.rows import Checked
from schemas.sample_material import load_material
from schemas.samples import Rows, sample_rows, write_sample
from schemas.styling import Style

SEED = 3


def rows(city: str) -> Rows:
    return sample_rows(city, seed=SEED)


def check(folder: Path, city: str, sent: Rows) -> Checked:
    path = folder / f"{city}.xlsx"
    write_sample(path, city, sent, Style())
    return check_workbook(path, choices_of(load_rulebook(city)))


@pytest.mark.parametrize("city", cities())
def test_what_a_city_sends_is_read_back_with_its_own_facts(tmp_path, city):
    sent = rows(city)
    checked = check(tmp_path, city, sent)
    assert checked.findings == ()
    asked = set(own_facts(load_rulebook(city))) - recorded_later(load_rulebook(city))
    for suggestion, row in zip(checked.suggestions, sent["suggestions"], strict=True):
        told = {key.removeprefix(OWN) for key in row if key.startswith(OWN)}
        assert set(suggestion.details) == told <= asked


def test_a_choice_is_read_as_its_key_and_a_number_as_a_number(tmp_path):
    [plan, *_] = [
        item for item in check(tmp_path, "shenyang", rows("shenyang")).suggestions
        if item.kind == "plan" and item.community == "示例和平社区"
    ]  # fmt: skip
    assert plan.details["star_grade"] == "five_star"
    assert plan.details["resident_households"] == 1620


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        ("六星级社区", "不在可选项之内；请从以下选一项：五星级社区；四星级社区；三星级社区"),
        (None, "「上一年度星级」没有填，请补上。"),
    ],
)
def test_an_own_fact_that_is_wrong_or_missing_is_named_by_its_column(
    tmp_path: Path, value: Any, sentence: str
) -> None:
    sent = rows("shenyang")
    sent["suggestions"][0][f"{OWN}star_grade"] = value
    (finding,) = check(tmp_path, "shenyang", sent).findings
    assert finding.column == "上一年度星级"
    assert sentence in finding.sentence


def test_a_city_that_does_not_ask_something_has_no_column_for_it(tmp_path):
    columns = layout_of(choices_of(load_rulebook("shenyang"))).sheets["suggestions"].columns
    assert not {"urgent", "permit"} & set(columns)
    checked = check(tmp_path, "shenyang", rows("shenyang"))
    assert not any(item.urgent or item.permit for item in checked.suggestions)


def test_columns_are_called_as_the_rulebook_calls_them(tmp_path):
    path = tmp_path / "a.xlsx"
    write_sample(path, "zhengfang", rows("zhengfang"), Style())
    [header] = [grid.rows[2] for grid in read_grids(path) if grid.name == "项目建议"]
    assert {"事项名称", "事项内容", "实施时限", "事项效应", "村(社区)"} <= set(header)
    assert "项目名称" not in header


def test_the_first_city_s_workbook_is_as_it_was():
    sheets = layout_of(choices_of(load_rulebook("zhangjiagang"))).sheets
    assert [column.title for column in sheets["suggestions"].columns.values()][:4] == [
        "序号", "社区", "项目名称", "项目类别",
    ]  # fmt: skip
    assert sheets["implementers"].columns["town"].title == "所属镇(区)"


@pytest.mark.parametrize("city", cities())
def test_every_sample_says_that_it_is_made_up(city):
    assert load_material(city)["label"] == "合成数据，非真实"
    assert all(row["proposer"].startswith("示例") for row in rows(city)["suggestions"])
