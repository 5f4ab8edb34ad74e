"""机器之用: which cases must be woken, and what is remembered of the runs that carried them."""

from dataclasses import replace
from datetime import timedelta

import pytest

from records.acting import overview
from records.acting.acts import act
from records.acting.overview import UnknownCaseError
from records.database.store import Store
from records.running import effects, leases, machine
from tests.records.world import (
    COMMUNITY,
    TOWN,
    SteppedClock,
    accepted,
    command,
    live,
    opened,
)


def due(store: Store) -> list[str]:
    return [row["number"] for row in machine.due(store, 10)]


def test_a_case_is_due_until_the_machine_has_read_its_head(store: Store) -> None:
    number = opened(store)
    assert due(store) == [number]
    machine.drive_to(store, number, 1)
    assert due(store) == []
    accepted(act(store, command(number, 0)))
    assert due(store) == [number]


def test_reading_on_never_goes_backwards(store: Store) -> None:
    number = opened(store)
    accepted(act(store, command(number, 0)))
    machine.drive_to(store, number, 2)
    machine.drive_to(store, number, 1)
    assert machine.read(store, number)["driven_to"] == 2


def test_a_case_under_a_lease_is_left_to_its_holder(store: Store) -> None:
    number = opened(store)
    lease = leases.take(store, number, "holder", timedelta(minutes=1))
    assert lease is not None
    assert machine.leased(store, number)
    assert due(store) == []
    leases.release(store, lease)
    assert not machine.leased(store, number)
    assert due(store) == [number]


def test_a_failed_effect_makes_its_case_due_when_its_time_has_come(store: Store) -> None:
    number = opened(store)
    owed = overview.state_of(store, number).effects[0]
    machine_time = SteppedClock(store.machine.now())
    timed = replace(store, machine=machine_time)
    effects.begin(timed, number, owed)
    effects.fail(timed, owed.key, "信箱打不开")
    machine.drive_to(timed, number, 1)
    assert due(timed) == []
    assert machine.read(timed, number)["fault"] == "信箱打不开"
    machine_time.forward(seconds=31)
    assert due(timed) == [number]


def test_open_cases_come_in_pages_by_number(store: Store, clock: SteppedClock) -> None:
    numbers = [opened(store, str(turn), budget=500_000) for turn in range(4)]
    page = machine.open_cases(store, "", 3)
    assert [row["number"] for row in page] == numbers[:3]
    rest = machine.open_cases(store, page[-1]["number"], 3)
    assert [row["number"] for row in rest] == numbers[3:]


def test_a_later_run_is_not_overwritten_by_an_earlier_one(store: Store) -> None:
    number = opened(store)
    machine.remember_run(store, number, 2, "later")
    machine.remember_run(store, number, 1, "earlier")
    row = machine.read(store, number)
    assert (row["generation"], row["flow_run_id"]) == (2, "later")


def test_an_unknown_case_is_an_error_that_names_it(store: Store) -> None:
    with pytest.raises(KeyError, match="ZJG-2026-9999"):
        machine.read(store, "ZJG-2026-9999")
    with pytest.raises(UnknownCaseError, match="ZJG-2026-9999"):
        overview.state_of(store, "ZJG-2026-9999")


def test_the_overview_counts_what_is_open_closed_and_behind(
    store: Store, clock: SteppedClock
) -> None:
    finished, running = opened(store, "a"), opened(store, "b")
    live(store, clock, finished)
    assert overview.closed_and_total(store) == (1, 2)
    assert overview.open_numbers(store) == [running]
    assert overview.behind(store) == 2
    assert overview.open_by_town(store) == {TOWN: 1}
    assert overview.failing_effects(store) == 0
    listed = overview.listed(store, TOWN, open_only=True)
    assert [(row["number"], row["community"]) for row in listed] == [(running, COMMUNITY)]
    assert len(overview.listed(store, None, open_only=False)) == 2
