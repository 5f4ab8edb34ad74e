"""资金账命令: `minsheng ledger` shows every fund apart, each posting of a case, what differs."""

from datetime import timedelta

import pytest
from sqlalchemy import create_engine, text

from records.acting.acts import act
from records.acting.ticks import tick
from records.database import clock
from records.database.store import Store
from tests.deployments.commands.conftest import Minsheng
from tests.records.world import STEPS, accepted, command, opened

PAID = 13


def lived(store: Store, key: str = "open-1", upto: int = PAID, **facts: int) -> str:
    """A project of the small town as far as `upto`; its publicity is waited for."""
    number = opened(store, key, **facts)
    for step in range(upto):
        accepted(act(store, command(number, step)))
        if STEPS[step][1] == "post" and STEPS[step - 1][0] == STEPS[step][0]:
            forward(store, days=12)
            tick(store)
    return number


def forward(store: Store, days: int) -> None:
    """Move the office's clock."""
    with store.write() as connection:
        clock.advance(connection, store.clock.now() + timedelta(days=days), store.machine.now())


def test_an_empty_ledger_says_what_puts_money_into_it(minsheng: Minsheng, store: Store) -> None:
    said = minsheng("ledger")
    assert said.code == 0
    assert said.out.strip() == (
        "资金账上还没有钱：项目立项之后才有分录。看在办事项：minsheng case list"
    )
    opened(store)
    assert "还没有钱" in minsheng("ledger").out
    assert "这件事项还没有分录" in minsheng("ledger", "--case", "ZJG-2026-0001").out


def test_funds_and_donations_stand_in_tables_of_their_own(minsheng: Minsheng, store: Store) -> None:
    lived(store, other_funds=800_000)
    lines = minsheng("ledger").out.splitlines()
    public = next(line for line in lines if line.startswith("镇(区)民生微实事项目资金"))
    assert public.split()[1:] == ["1", "40,000.00", *["38,000.00"] * 4, "0.00"]
    donated = next(line for line in lines if line.startswith("社会资金（捐赠、赞助、冠名）"))
    assert donated.split()[1:] == ["1", *["8,000.00"] * 5, "0.00"]
    heading = lines.index("张家港市　社会资金（单列，不与财政资金相加）")
    assert lines.index(public) < heading < lines.index(donated)


def test_the_view_narrows_by_city_place_fund_and_year(minsheng: Minsheng, store: Store) -> None:
    lived(store, upto=4, other_funds=800_000)
    whole = minsheng("ledger", "--city", "zhangjiagang", "--place", "杨舍镇", "--json").json
    assert [row["fund"] for row in whole] == ["other_funds", "town_fund"]
    assert [row["donated"] for row in whole] == [True, False]
    assert whole[1]["approved_fen"] == 4_000_000
    for name in ("town_fund", "镇(区)民生微实事项目资金"):
        assert [row["fund"] for row in minsheng("ledger", "--fund", name, "--json").json] == [
            "town_fund"
        ]
    assert minsheng("ledger", "--year", "2025", "--json").json == []


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--city", "x"), "没有城市“x”的事项，--city 可写：zhangjiagang"),
        (("--place", "某镇"), "没有“某镇”的事项，--place 请写镇街或社区的全名，如杨舍镇"),
        (("--fund", "某资金"), "没有名为“某资金”的资金"),
        (("--case", "ZJG-2026-0099"), "没有编号为“ZJG-2026-0099”的事项"),
    ],
)
def test_what_the_ledger_does_not_know_is_said_in_one_sentence(
    minsheng: Minsheng, store: Store, words: tuple[str, str], sentence: str
) -> None:
    lived(store, upto=4)
    said = minsheng("ledger", *words)
    assert said.code != 0
    assert sentence in said.err
    assert said.sentences == 1


def test_a_case_shows_each_posting_and_by_when_it_must_be_paid(
    minsheng: Minsheng, store: Store
) -> None:
    number = lived(store, upto=11)
    forward(store, days=60)
    said = minsheng("ledger", "--case", number).out
    assert "立项，单项上限100,000.00元" in said
    assert "冲回签约" in said
    assert "应于2026年4月13日前付清（保障中小企业款项支付条例第九条），已逾期30日" in said
    assert "未付46,000.00元。至今日利息690.00元。" in said
    found = minsheng("ledger", "--case", number, "--json").json
    assert [row["sequence"] for row in found["postings"]] == [5, 12, 15, 15, 15]
    assert found["payment"]["interest"] == 69_000


def test_what_is_due_is_listed_by_day_with_what_was_agreed_and_what_is_late(
    minsheng: Minsheng, store: Store
) -> None:
    plain = lived(store, upto=8)
    assert "没有应付未付之款" in minsheng("ledger", "--due").out
    for step in range(8, 11):
        accepted(act(store, command(plain, step)))
    agreed = opened(store, "agreed")
    for step in range(11):
        content = {"pay_within": 45} if STEPS[step][1] == "sign" else {}
        accepted(act(store, command(agreed, step, content={**STEPS[step][3], **content})))
        if STEPS[step][1] == "post" and STEPS[step - 1][0] == STEPS[step][0]:
            forward(store, days=12)
            tick(store)
    forward(store, days=34)
    rows = minsheng("ledger", "--due", "--json").json
    assert [(row["case"], row["days"], row["agreed"]) for row in rows] == [
        (plain, 30, False), (agreed, 45, True),
    ]  # fmt: skip
    assert [row["unpaid"] for row in rows] == [4_600_000, 4_600_000]
    said = minsheng("ledger", "--due").out
    assert "45日（约定）" in said
    assert f"{rows[0]['late_days']}日" in said
    assert minsheng("ledger", "--due", "--fund", "town_fund", "--json").json == rows
    assert minsheng("ledger", "--due", "--year", "2025", "--json").json == []
    shown = minsheng("case", "show", agreed).out
    assert "付款约定　45日内付款" in shown
    assert "起45日内付款（合同约定）" in shown.replace("\n", "").replace(" ", "")


def test_a_check_of_a_sound_ledger_says_so_and_a_tampered_one_is_named(
    minsheng: Minsheng, store: Store
) -> None:
    number = lived(store, upto=4)
    said = minsheng("ledger", "--check")
    assert said.code == 0
    assert said.out.strip() == (
        "核对事项1件（已办结0件），2026年3月2日：分录与流水、余额与分录全部相符。"
    )
    assert minsheng("ledger", "--check", "--json").json == []
    engine = create_engine(store.engine.url)
    with engine.begin() as connection:
        connection.execute(text("DROP TRIGGER postings_no_update"))
        connection.execute(text("UPDATE postings SET amount_fen = amount_fen + 1"))
    engine.dispose()
    said = minsheng("ledger", "--check")
    assert said.code == 1
    told = f"{number}　分录{number}/5/town_fund/source>approved的金额：账上4800001，应为4800000"
    assert told in said.out
    assert "余额town_fund/approved：账上4800000，应为4800001" in said.out
