"""报表的校验：每条规则都拦得住，说得出是哪一格。"""

import subprocess
import sys
from collections.abc import Mapping

import polars as pl
import pytest

from schemas.measures import ADDITIVE, CELL, MEASURES
from schemas.reports import RULES, check_figures, check_months, check_sums

CELL_OF = {"town": "杨舍镇", "community": "城西社区", "kind": "works", "category": "environment"}
SOUND = {
    **CELL_OF,
    **dict.fromkeys(MEASURES, 1),
    "opening": 3, "new": 2, "done": 1, "withdrawn": 1, "closing": 3,
    "collected": 6, "determined": 5, "implementing": 4, "completed": 3,
}  # fmt: skip


def frame(*rows: Mapping[str, object]) -> pl.DataFrame:
    return pl.DataFrame([{**SOUND, **row} for row in rows], schema_overrides={"new": pl.Int64})


BROKEN = {
    "the four numbers in hand": ({"closing": 4}, "期末在办4件"),
    "more determined than collected": ({"determined": 7}, "确定7件多于征集6件"),
    "more carried out than determined": ({"implementing": 6}, "实施6件多于确定5件"),
    "more completed than carried out": ({"completed": 5}, "完成5件多于实施4件"),
    "more in the month than in the year": ({"determined_new": 6}, "多于本年累计的确定5件"),
    "more paid in the month than in the year": ({"paid_new_fen": 2}, "本期拨付金额2分"),
    "more satisfied than asked": ({"satisfied": 2}, "本期测评满意2人"),
    "more archived than closed": ({"archived_new": 2}, "本期归档2件"),
    "a negative amount": ({"budget_fen": -1}, "确定项目的预算为-1"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_cannot_be_is_told_with_its_row_and_numbers(name: str) -> None:
    change, words = BROKEN[name]
    found = check_figures(frame({}, {"community": "东莱社区", **change}))
    assert len(found) == 1
    assert found[0].startswith("杨舍镇东莱社区（works，environment）：")
    assert words in found[0]
    assert found[0].endswith("。")


def test_sound_figures_have_nothing_to_tell() -> None:
    assert check_figures(frame({}, {"community": "东莱社区"})) == ()
    assert check_figures(frame({}).head(0)) == ()


def test_a_frame_that_was_not_read_yet_is_read_before_it_is_judged() -> None:
    assert check_figures(frame({"closing": 9}).lazy()) == check_figures(frame({"closing": 9}))
    assert check_figures(frame({"closing": 9}).lazy()) != ()


def test_kinds_are_named_in_chinese_where_their_names_are_given() -> None:
    labels = {"works": "工程类", "environment": "环境"}
    assert "（工程类，环境）" in check_figures(frame({"closing": 9}), labels)[0]


def test_two_rows_of_one_cell_are_refused() -> None:
    assert any("两行" in sentence for sentence in check_figures(frame({}, {})))


def test_a_missing_column_is_named() -> None:
    assert any("期初在办" in sentence for sentence in check_figures(frame({}).drop("opening")))


def test_a_column_of_another_type_is_named() -> None:
    floats = frame({}).with_columns(pl.col("paid_fen").cast(pl.Float64))
    assert any("本年拨付金额" in sentence for sentence in check_figures(floats))


def test_every_rule_is_tried_by_a_broken_row() -> None:
    tried = {
        rule.name
        for rule in RULES.values()
        for change, _ in BROKEN.values()
        if not frame(change).select(rule.holds).item()
    }
    families = {name.rpartition(".")[0] if name.count(".") > 1 else name for name in RULES}
    assert {name.rpartition(".")[0] if name.count(".") > 1 else name for name in tried} == families


def test_parts_that_do_not_sum_to_their_total_are_told() -> None:
    parts = frame({}, {"community": "东莱社区"})
    assert check_sums(parts, {"new": 4, "budget_fen": 2}) == ()
    (told,) = check_sums(parts, {"new": 5})
    assert told == "新收各行之和4件，不等于合计5件，请重新统计。"


def test_months_that_do_not_make_the_year_are_told() -> None:
    months = [frame({}), frame({"opening": 3})]
    whole = frame(dict.fromkeys(ADDITIVE, 2) | {"new": 4})
    assert check_months(months, whole) == ()
    assert "新收为4" in check_months(months, whole.with_columns(new=pl.lit(5, pl.Int64)))[0]
    assert "上一期的期末在办为3" in check_months([frame({}), frame({"opening": 2})], whole)[0]


def test_the_names_of_the_measures_can_be_had_without_the_slow_libraries() -> None:
    loaded = (
        "import sys, schemas.measures; print('pandera' in sys.modules, 'polars' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", loaded], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["False", "False"]
    assert set(CELL).isdisjoint(MEASURES)
