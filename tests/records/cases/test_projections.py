"""投影: the two tables can always be made again from the journal, and differences are named."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Executable, delete, insert, select, update

from records.acting.acts import act
from records.acting.ticks import tick
from records.cases.projections import compare, rebuild
from records.database.store import Store
from records.database.tables import cases, duties
from records.running.digests import take_daily_digest
from tests.records.conftest import unguarded
from tests.records.world import (
    MONDAY,
    STEPS,
    SteppedClock,
    accepted,
    command,
    live,
    opened,
)


def tables(store: Store) -> list[list[dict[str, Any]]]:
    with store.read() as connection:
        return [
            [dict(row) for row in connection.execute(query).mappings()]
            for query in (
                select(cases).order_by(cases.c.number),
                select(duties).order_by(duties.c.case, duties.c.ordinal),
            )
        ]


DAMAGES: dict[str, tuple[Executable, str]] = {
    "the title": (update(cases).values(title="别的"), "title"),
    "the version": (update(cases).values(rulebook="2023"), "rulebook"),
    "the town": (update(cases).values(town="塘桥镇"), "town"),
    "what it waits for": (update(cases).values(waits_for="待别人"), "waits_for"),
    "the amounts": (update(cases).values(budget_fen=1), "budget_fen"),
    "the next look": (update(cases).values(look_at=None), "look_at"),
    "the head": (update(cases).values(head=2), "head"),
    "the head's digest": (update(cases).values(head_digest="0" * 64), "head_digest"),
    "a deadline": (update(duties).values(due=MONDAY.date()), "duties[0].due"),
    "a duty is gone": (delete(duties), "duties[0].stage"),
    "a duty's organisation": (update(duties).values(organisation="donglai"),
                              "duties[0].organisation"),
    "a duty nobody has": (
        insert(duties).values(
            case="ZJG-2026-0001", ordinal=7, stage="x", round=1, label="x", role="x", actions="[]",
            opened_at=MONDAY, overdue=False, severity="must", article="", provisional=False,
        ), "duties[1].stage"),
}  # fmt: skip


@pytest.mark.parametrize("name", DAMAGES)
def test_a_damaged_projection_is_found_and_made_good(
    store: Store, clock: SteppedClock, name: str
) -> None:
    live(store, clock, opened(store), upto=2)
    sound = tables(store)
    statement, column = DAMAGES[name]
    unguarded(store, statement)
    assert column in {difference.column for difference in compare(store)}
    assert column in {difference.column for difference in rebuild(store)}
    assert tables(store) == sound
    assert compare(store) == ()


def test_rebuilding_what_is_sound_changes_nothing(store: Store, clock: SteppedClock) -> None:
    for key in "ab":
        live(store, clock, opened(store, key), upto=7)
    before = tables(store)
    assert rebuild(store) == ()
    assert tables(store) == before


def test_a_case_goes_on_after_its_tables_were_rebuilt(store: Store, clock: SteppedClock) -> None:
    number = opened(store)
    live(store, clock, number, upto=3)
    unguarded(store, delete(duties), update(cases).values(head_digest="0" * 64))
    rebuild(store)
    live(store, clock, number, since=3)
    assert compare(store) == ()


def test_what_is_not_derived_survives_rebuilding(store: Store, clock: SteppedClock) -> None:
    number = opened(store)
    take_daily_digest(store)
    with store.write() as connection:
        connection.execute(update(cases).values(driven_to=1, generation=3, flow_run_id="run"))
    unguarded(store, update(cases).values(title="别的"))
    rebuild(store)
    with store.read() as connection:
        row = connection.execute(select(cases).where(cases.c.number == number)).mappings().one()
    kept = (row["driven_to"], row["generation"], row["flow_run_id"], row["anchored"])
    assert kept == (1, 3, "run", 1)


def test_the_case_row_shows_amounts_and_dates_of_the_whole_life(
    store: Store, clock: SteppedClock
) -> None:
    live(store, clock, opened(store))
    row = tables(store)[0][0]
    amounts = [row[f"{name}_fen"] for name in ("budget", "contract", "audited", "paid")]
    assert amounts == [4_800_000, 4_700_000, 4_600_000, 4_600_000]
    assert (row["status"], row["outcome"], row["waits_for"]) == ("closed", "archived", "已归档")
    assert row["established_on"] == MONDAY.date()
    assert tables(store)[1] == []


@given(st.lists(st.tuples(st.integers(0, len(STEPS) - 1), st.integers(0, 9)), max_size=25))
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_people_try_in_whatever_order_the_tables_follow_the_journal(
    store: Store, clock: SteppedClock, tries: list[tuple[int, int]]
) -> None:
    number = opened(store, f"{clock.moment.isoformat()}-{len(tries)}")
    for turn, (step, days) in enumerate(tries):
        act(store, command(number, step, round=None, key=f"{number}-{turn}"))
        clock.forward(days=days)
        tick(store)
    assert compare(store) == ()


def test_a_person_s_duty_appears_with_the_act_that_made_it(store: Store) -> None:
    accepted(act(store, command(opened(store), 0)))
    duty = tables(store)[1][0]
    assert (duty["role"], duty["organisation"]) == ("council_convener", "chengxi")
    assert duty["due"].isoformat() == "2026-03-05"
    assert duty["actions"] == '["vote"]'
    assert "第八条" in duty["article"]
