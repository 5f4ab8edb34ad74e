"""租约: one holder at a time, until it expires or is given back; every change of hands counted."""

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from records.database.store import Store
from records.running import leases
from records.running.leases import Lease
from tests.records.test_races import at_once
from tests.records.world import SteppedClock, opened

HALF_MINUTE = timedelta(seconds=30)


@pytest.fixture
def machine() -> SteppedClock:
    """The machine's own time."""
    return SteppedClock()


@pytest.fixture
def timed(store: Store, machine: SteppedClock) -> Store:
    """A store with one case, whose machine time stands still."""
    opened(store)
    return replace(store, machine=machine)


def taken(store: Store, holder: str) -> Lease:
    lease = leases.take(store, "ZJG-2026-0001", holder, HALF_MINUTE)
    assert lease is not None
    return lease


def test_while_one_holds_the_case_nobody_else_gets_it(timed: Store) -> None:
    taken(timed, "first")
    assert leases.take(timed, "ZJG-2026-0001", "second", HALF_MINUTE) is None


def test_an_expired_lease_goes_to_the_next_under_a_higher_number(
    timed: Store, machine: SteppedClock
) -> None:
    first = taken(timed, "first")
    machine.forward(seconds=30)
    second = taken(timed, "second")
    assert second.fence == first.fence + 1
    assert leases.renew(timed, first, HALF_MINUTE) is None


def test_a_renewed_lease_lasts_longer(timed: Store, machine: SteppedClock) -> None:
    lease = taken(timed, "first")
    machine.forward(seconds=20)
    assert leases.renew(timed, lease, HALF_MINUTE) is not None
    machine.forward(seconds=20)
    assert leases.take(timed, "ZJG-2026-0001", "second", HALF_MINUTE) is None


def test_a_lease_given_back_is_free_at_once(timed: Store) -> None:
    leases.release(timed, taken(timed, "first"))
    assert taken(timed, "second").fence == 2


def test_giving_back_a_lost_lease_disturbs_nobody(timed: Store, machine: SteppedClock) -> None:
    lost = taken(timed, "first")
    machine.forward(seconds=31)
    held = taken(timed, "second")
    leases.release(timed, lost)
    assert leases.renew(timed, held, HALF_MINUTE) is not None


def test_of_many_who_reach_for_it_at_once_one_gets_it(timed: Store) -> None:
    calls = [
        partial(leases.take, timed, "ZJG-2026-0001", str(turn), HALF_MINUTE) for turn in range(6)
    ]
    assert sum(answer is not None for answer in at_once(calls)) == 1
