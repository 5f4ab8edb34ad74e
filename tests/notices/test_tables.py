from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notices.tables import (
    Column,
    CrookedTableError,
    Head,
    Table,
    head_lines,
    printed,
    sums,
    unbalanced,
)
from tests.notices.official_examples import FUNDS

TOWN = Column("town", "镇（街道）")
COUNT = Column("count", "件数", "count")
WAN = Column("budget", "预算", "money_wan")


@pytest.mark.parametrize(
    ("kind", "value", "words"),
    [
        ("text", None, "/"),
        ("text", "", "/"),
        ("count", 0, "0"),
        ("money_yuan", 4_986_000, "49,860.00"),
        ("money_wan", 4_986_000, "4.986"),
        ("percent", 9667, "96.67%"),
        ("date", date(2026, 8, 1), "2026年8月1日"),
    ],
)
def test_a_value_is_written_as_its_column_writes_it(kind, value, words):
    assert printed(Column("x", "栏", kind), value) == words


def test_a_row_that_does_not_fit_its_columns_is_named():
    with pytest.raises(CrookedTableError, match="《月报》第2行有1个值，栏目却有2个"):
        Table("月报", (TOWN, COUNT), (("甲镇", 1), ("乙镇",)))
    with pytest.raises(CrookedTableError, match="第1行“件数”的值“三”与栏目类型不符"):
        Table("月报", (TOWN, COUNT), (("甲镇", "三"),))
    with pytest.raises(CrookedTableError, match="合计有1个值"):
        Table("月报", (TOWN, COUNT), (), total=("合计",))
    with pytest.raises(CrookedTableError, match="两栏用同一名称"):
        Table("月报", (TOWN, TOWN), ())


def test_a_flag_is_not_a_number():
    with pytest.raises(CrookedTableError, match="与栏目类型不符"):
        Table("月报", (COUNT,), ((True,),))


def test_columns_under_a_common_head_share_it_and_others_take_both_lines():
    grouped = (TOWN, replace(COUNT, group="本期"), replace(WAN, group="本期"))
    assert head_lines(grouped) == (
        (Head("镇（街道）", lines=2), Head("本期", columns=2)),
        (Head("件数"), Head("预算")),
    )
    assert head_lines((TOWN, COUNT)) == ((Head("镇（街道）"), Head("件数")),)


def test_a_total_is_summed_in_fen_and_says_so_in_the_first_column_of_words():
    table = Table("表", (TOWN, COUNT, WAN), (("甲", 1, 49), ("乙", None, 49)))
    assert sums(table) == ("合计", 1, 98)
    assert printed(WAN, 49) == "0"
    assert printed(WAN, 98) == "0.0001"


def test_a_total_that_its_rows_do_not_make_is_named_with_both_figures():
    assert unbalanced(FUNDS) == ()
    wrong = replace(FUNDS, total=(None, "合计", None, 1, 502_000_000, 227_164_650, None))
    assert unbalanced(wrong) == (
        "《民生微实事项目资金分配表》“应承担”各行相加为729.1647，合计却写0，请核对。",
    )


def test_a_column_that_cannot_be_added_up_is_left_out_of_the_comparison():
    people = Column("people", "受益人数", "count", additive=False)
    table = Table("表", (TOWN, people), (("甲", 3), ("乙", 4)), total=("合计", 6))
    assert unbalanced(table) == ()


@given(st.lists(st.integers(min_value=0, max_value=10**12), max_size=30))
def test_the_sum_of_a_column_always_balances(amounts):
    rows = tuple(("镇", amount) for amount in amounts)
    table = Table("表", (TOWN, WAN), rows)
    assert unbalanced(replace(table, total=sums(table))) == ()


def test_one_column_can_be_taken_out_by_its_name():
    assert FUNDS.column("town") == ["湖东街道", "湖西街道", "城南镇"]
    with pytest.raises(KeyError, match="mayor"):
        FUNDS.column("mayor")
