"""统计行: written with the act that makes them, voided by the act that undoes them."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, event, insert, select, update
from sqlalchemy.exc import IntegrityError

from records.acting.acts import act
from records.acting.overview import state_of
from records.acting.ticks import tick
from records.cases.commands import Command
from records.cases.milestones import milestone_rows, stored_rows
from records.cases.projections import compare, rebuild
from records.database.milestone_tables import COVERING, milestones
from records.database.store import Store
from records.migrate import migrate
from tests.records.conftest import unguarded
from tests.records.world import MONDAY, SteppedClock, accepted, command, live, opened


def stored(store: Store, number: str) -> Sequence[dict[str, Any]]:
    with store.read() as connection:
        return stored_rows(connection, number)


def names(rows: Sequence[dict[str, Any]], *, voided: bool = False) -> list[str]:
    return sorted(row["milestone"] for row in rows if (row["voided_at"] is not None) == voided)


def case_act(number: str, action: str, key: str, content: dict[str, Any], actor: str) -> Command:
    return Command(number, action, None, None, content, actor, None, "portal", key)


def test_a_whole_life_leaves_one_row_for_every_fact_that_counts(
    store: Store, clock: SteppedClock
) -> None:
    number = opened(store)
    live(store, clock, number)
    rows = stored(store, number)
    found = set(names(rows))
    assert {"opened", "determined", "started", "completed", "audited", "paid", "measured",
            "published", "archived", "closed"} <= found  # fmt: skip
    assert "withdrawn" not in found
    assert rows == milestone_rows(state_of(store, number))
    assert compare(store) == ()


def test_what_is_no_longer_in_hand_is_replaced_by_a_row_that_says_since_when(
    store: Store, clock: SteppedClock
) -> None:
    number = opened(store)
    live(store, clock, number)
    first, last = [row for row in stored(store, number) if row["milestone"] == "opened"]
    assert (first["ended_on"], last["ended_on"]) == (None, last["recorded_at"].date())
    assert first["voided_at"] == last["recorded_at"]
    assert first["voided_by"] == last["sequence"]
    assert first["relevant_until"] == last["relevant_until"] == last["ended_on"]


def test_an_act_that_counts_nothing_adds_no_statement(store: Store, clock: SteppedClock) -> None:
    number = opened(store)
    live(store, clock, number, upto=4)
    with statements(store) as seen:
        accepted(act(store, command(number, 4)))
    assert not [text for text in seen if "milestones" in text]


def test_an_act_that_counts_adds_one_statement(store: Store, clock: SteppedClock) -> None:
    number = opened(store)
    live(store, clock, number, upto=3)
    with statements(store) as seen:
        accepted(act(store, command(number, 3)))
    assert len([text for text in seen if "milestones" in text]) == 1


class statements:  # noqa: N801
    """Every statement that reaches the database meanwhile."""

    def __init__(self, store: Store) -> None:
        self.engine, self.seen = store.engine, list[str]()

    def __enter__(self) -> list[str]:
        event.listen(self.engine, "before_cursor_execute", self._note)
        return self.seen

    def __exit__(self, *_: object) -> None:
        event.remove(self.engine, "before_cursor_execute", self._note)

    def _note(self, *arguments: Any) -> None:
        self.seen.append(arguments[2])


def test_a_change_that_voids_the_determination_voids_its_row_and_leaves_it_readable(
    store: Store, clock: SteppedClock
) -> None:
    number = opened(store)
    live(store, clock, number, upto=6)
    content = {"changes": {"budget": 4_900_000}, "reason": "增加座椅"}
    accepted(act(store, case_act(number, "request_change", "c-1", content, "community_clerk")))
    clock.forward(hours=1)
    reply = {"reason": "同意"}
    accepted(act(store, case_act(number, "approve_change", "c-2", reply, "office_clerk")))
    rows = stored(store, number)
    assert "determined" in names(rows, voided=True)
    assert "determined" not in names(rows)
    (gone,) = [row for row in rows if row["milestone"] == "determined"]
    assert (gone["voided_at"], gone["amount_fen"]) == (clock.moment, 4_800_000)
    assert compare(store) == ()


def test_a_change_of_the_category_moves_the_project_to_its_new_place_in_the_reports(
    store: Store, clock: SteppedClock
) -> None:
    number = opened(store)
    clock.forward(hours=1)
    correction = {"sequence": 1, "content": {"category": "safety_hazards"}, "reason": "分类有误"}
    accepted(act(store, case_act(number, "correct", "c-1", correction, "town_leader")))
    before, after = [row for row in stored(store, number) if row["milestone"] == "opened"]
    assert (before["category"], after["category"]) == ("environment", "safety_hazards")
    assert before["voided_by"] == after["sequence"]
    assert (before["origin"], after["origin"]) == (1, 1)
    assert compare(store) == ()


def test_an_overdue_stage_is_counted_until_it_is_finished(
    store: Store, clock: SteppedClock
) -> None:
    number = opened(store)
    live(store, clock, number, upto=1)
    clock.forward(days=20)
    tick(store)
    assert "overdue" in names(stored(store, number))
    accepted(act(store, command(number, 1)))
    rows = stored(store, number)
    assert [row["ended_on"] for row in rows if row["milestone"] == "overdue"] == [
        None, clock.moment.date(),
    ]  # fmt: skip
    assert "late" in names(rows)
    assert compare(store) == ()


DAMAGES = {
    "a row is gone": delete(milestones).where(milestones.c.milestone == "determined"),
    "an amount": update(milestones).values(amount_fen=1),
    "a day": update(milestones).values(occurred_on=MONDAY.date() - timedelta(days=9)),
    "a row nobody made": insert(milestones).values(
        case="ZJG-2026-0001", sequence=1, milestone="paid", origin=1, occurred_on=MONDAY.date(),
        relevant_until=MONDAY.date(), recorded_at=MONDAY, city="x", town="x", community="x",
        kind="x", category="x",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", DAMAGES)
def test_damaged_rows_are_found_and_made_good_from_the_journal(
    store: Store, clock: SteppedClock, name: str
) -> None:
    number = opened(store)
    live(store, clock, number, upto=6)
    sound = stored(store, number)
    unguarded(store, DAMAGES[name])
    assert any(item.column.startswith("milestones[") for item in compare(store))
    assert any(item.column.startswith("milestones[") for item in rebuild(store))
    assert stored(store, number) == sound
    assert compare(store) == ()


def test_projects_from_before_there_were_milestones_get_theirs(
    store: Store, clock: SteppedClock
) -> None:
    number = opened(store)
    live(store, clock, number, upto=6)
    sound = stored(store, number)
    unguarded(store, delete(milestones))
    migrate(store)
    assert stored(store, number) == sound
    assert compare(store) == ()


REFUSED: dict[str, dict[str, Any]] = {
    "an end before the beginning": {"ended_on": MONDAY.date() - timedelta(days=9)},
    "a void without its cause": {"voided_at": MONDAY + timedelta(days=9)},
    "a void before it was known": {"voided_at": MONDAY - timedelta(days=9), "voided_by": 1},
    "a negative amount": {"amount_fen": -1},
    "a negative count": {"count": -1},
    "an origin after its row": {"origin": 9},
    "a row of no case": {"case": "nowhere"},
}


@pytest.mark.parametrize("name", REFUSED)
def test_the_database_refuses_rows_that_cannot_be(store: Store, name: str) -> None:
    opened(store)
    with store.write() as connection:
        with pytest.raises(IntegrityError):
            connection.execute(update(milestones).values(REFUSED[name]))
        connection.rollback()


def test_the_index_and_its_migration_cover_the_same_columns() -> None:
    index = next(iter(milestones.indexes))
    assert tuple(column.name for column in index.columns) == COVERING


def test_nothing_is_counted_of_an_act_that_was_not_taken(store: Store) -> None:
    number = opened(store)
    before = stored(store, number)
    act(store, command(number, 5))
    with store.read() as connection:
        assert connection.execute(select(milestones.c.case).distinct()).scalars().all() == [number]
    assert stored(store, number) == before
