"""资金账: what the journal says of money is posted with it; no door of the database overdraws."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import (
    Executable,
    create_engine,
    delete,
    event,
    select,
    text,
    update,
)

from records.acting.acts import act
from records.acting.backfill import past_steps
from records.acting.opening import open_case
from records.acting.ticks import tick
from records.database.ledger_tables import balances, postings
from records.database.store import Store, open_store
from records.database.tables import cases
from records.files import attachments
from records.migrate import migrate
from records.money import ledger
from tests.records.acting import test_backfill
from tests.records.conftest import unguarded
from tests.records.paying import DONATED, ESTABLISHED, FUND, PAID, SIGNED, rows, steps, told, totals
from tests.records.test_races import at_once
from tests.records.world import (
    MONDAY,
    STEPS,
    SteppedClock,
    accepted,
    command,
    live,
    opened,
)


def test_the_money_of_a_life_is_posted_step_by_step_with_the_events(
    store: Store, clock: SteppedClock
) -> None:
    number = opened(store, other_funds=DONATED)
    live(store, clock, number)
    kinds = [(fund, here, there, amount) for _, fund, here, there, amount in told(store, number)]
    assert sorted(kinds) == sorted([
        ("other_funds", "source", "approved", 800_000),
        (FUND, "source", "approved", 4_000_000),
        ("other_funds", "approved", "committed", 800_000),
        (FUND, "approved", "committed", 3_900_000),
        ("other_funds", "committed", "settled", 800_000),
        ("other_funds", "settled", "payable", 800_000),
        (FUND, "committed", "approved", 100_000),
        (FUND, "committed", "settled", 3_800_000),
        (FUND, "settled", "payable", 3_800_000),
        ("other_funds", "payable", "paid", 800_000),
        (FUND, "payable", "paid", 3_800_000),
        (FUND, "approved", "source", 200_000),
    ])  # fmt: skip
    assert steps(store, "other_funds") == [800_000] * 5
    assert steps(store) == [3_800_000] * 5
    assert ledger.compare(store) == ()


def test_a_posting_names_its_event_its_day_and_the_ceiling(
    store: Store, clock: SteppedClock
) -> None:
    number = opened(store)
    live(store, clock, number, upto=ESTABLISHED)
    (row,) = rows(store, number)
    assert row["key"] == f"{number}/5/{FUND}/source>approved"
    assert (row["entry"], row["sequence"]) == (f"{number}/5", 5)
    assert (row["ceiling_fen"], row["reason"]) == (10_000_000, None)
    assert row["occurred_on"] == MONDAY.date()
    assert row["recorded_at"] == MONDAY + timedelta(hours=3)


def test_the_same_submission_twice_posts_once(store: Store, clock: SteppedClock) -> None:
    number = opened(store)
    live(store, clock, number, upto=PAID - 1)
    before = len(rows(store, number))
    answers = at_once([lambda: act(store, command(number, PAID - 1))] * 4)
    assert len({accepted(answer).sequence for answer in answers}) == 1
    assert len(rows(store, number)) == before + 1


def test_a_past_that_is_entered_later_is_posted_on_the_days_it_happened(store: Store) -> None:
    evidence = attachments.keep(store, b"a workbook", "a.xlsx", "application/octet-stream")
    past = past_steps(store, test_backfill.opening(), test_backfill.PROJECT, evidence)
    number = accepted(open_case(store, past)).case
    found = [(row["to_account"], row["occurred_on"], row["amount_fen"])
             for row in rows(store, number)]  # fmt: skip
    assert found == [
        ("approved", date(2026, 1, 12), 4_800_000),
        ("committed", date(2026, 1, 26), 4_700_000),
    ]
    assert ledger.compare(store) == ()


def test_an_act_without_money_writes_nothing_more_and_one_with_money_one_statement(
    store: Store, clock: SteppedClock
) -> None:
    number = opened(store)
    written: list[str] = []

    def note(_: Any, __: Any, statement: str, *___: Any) -> None:
        if not statement.lstrip().upper().startswith(("SELECT", "WITH", "PRAGMA", "BEGIN")):
            written.append(statement)

    event.listen(store.engine, "before_cursor_execute", note)
    for step in range(ESTABLISHED):
        written.clear()
        live(store, clock, number, upto=step + 1, since=step)
        expected = 1 if step == ESTABLISHED - 1 else 0
        assert sum("INSERT INTO postings" in item for item in written) == expected
    event.remove(store.engine, "before_cursor_execute", note)


def test_totals_are_asked_by_city_place_year_fund_and_case(
    store: Store, clock: SteppedClock
) -> None:
    first, second = (opened(store, key) for key in "ab")
    live(store, clock, first, upto=SIGNED)
    live(store, clock, second, upto=ESTABLISHED)
    whole = totals(store, city="zhangjiagang", place="杨舍镇", year=2026)[FUND]
    assert (whole.projects, list(whole.steps.values())) == (2, [9_600_000, 4_700_000, 0, 0, 0])
    assert whole.left("approved") == 4_900_000
    assert totals(store, place="城西社区").keys() == {FUND}
    assert steps(store, case=second) == [4_800_000, 0, 0, 0, 0]
    for nothing in ({"city": "x"}, {"place": "东莱社区"}, {"year": 2025}, {"fund": "fiscal"}):
        assert totals(store, **nothing) == {}


DAMAGES: dict[str, tuple[Executable, str]] = {
    "an amount": (update(postings).values(amount_fen=1), "amount_fen"),
    "a reason": (update(postings).values(reason="补写"), "reason"),
    "a ceiling": (
        update(postings).where(postings.c.to_account == "approved").values(ceiling_fen=1),
        "ceiling_fen",
    ),
    "a posting is gone": (delete(postings), "sequence"),
    "a balance": (update(balances).values(balance_fen=7), "balance_fen"),
    "a balance is gone": (delete(balances), "balance_fen"),
}


@pytest.mark.parametrize("name", DAMAGES)
def test_what_was_tampered_with_is_found_and_named(
    store: Store, contracted: str, name: str
) -> None:
    statement, column = DAMAGES[name]
    unguarded(store, statement)
    found = ledger.compare(store)
    assert column in {item.column.rsplit(".")[-1] for item in found}
    assert {item.case for item in found} == {contracted}


def test_a_store_that_existed_before_is_posted_once_when_it_is_brought_up_to_date(
    store: Store, clock: SteppedClock
) -> None:
    number, other = opened(store, "a", other_funds=DONATED), opened(store, "b")
    live(store, clock, number)
    live(store, clock, other, upto=SIGNED)
    wanted = [rows(store, name) for name in (number, other)]
    kept = guards(store)
    lines = [] if store.on_postgres else [text("DELETE FROM account_lines")]
    unguarded(store, delete(postings), delete(balances), *lines)
    restore(store, kept)
    assert totals(store) == {}
    migrate(store)
    assert [rows(store, name) for name in (number, other)] == wanted
    assert ledger.compare(store) == ()
    live(store, clock, other, since=SIGNED)
    assert ledger.compare(store) == ()
    assert ledger.rebuild(store) == ()


def guards(store: Store) -> list[str]:
    """The triggers of SQLite, which `unguarded` takes away for good."""
    if store.on_postgres:
        return []
    query = "SELECT sql FROM sqlite_master WHERE type = 'trigger'"
    with store.read() as connection:
        return list(connection.execute(text(query)).scalars())


def restore(store: Store, kept: list[str]) -> None:
    engine = create_engine(store.engine.url)
    with engine.begin() as connection:
        for statement in kept:
            connection.exec_driver_sql(statement)
    engine.dispose()


@given(st.lists(st.tuples(st.integers(0, len(STEPS) - 1), st.integers(0, 9)), max_size=25))
@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_people_try_the_ledger_follows_the_journal_and_sums_to_zero(
    store: Store, clock: SteppedClock, tries: list[tuple[int, int]]
) -> None:
    number = opened(store, f"{clock.moment.isoformat()}-{len(tries)}", other_funds=DONATED)
    live(store, clock, number, upto=ESTABLISHED)
    for turn, (step, days) in enumerate(tries):
        act(store, command(number, step, round=None, key=f"{number}-{turn}"))
        clock.forward(days=days)
        tick(store)
    assert ledger.compare(store) == ()
    with store.read() as connection:
        row = connection.execute(select(cases).where(cases.c.number == number)).mappings().one()
        sums = connection.execute(select(balances.c.balance_fen).where(balances.c.owner == number))
        assert sum(sums.scalars()) == 0
    paid = sum(item.steps["paid"] for item in totals(store, case=number).values())
    assert paid == (row["paid_fen"] or 0)


def test_a_store_opened_again_sees_the_same_ledger(
    store: Store, contracted: str, settings: Any, clock: SteppedClock
) -> None:
    again = open_store(settings, clock)
    assert rows(again, contracted) == rows(store, contracted)
    again.close()
