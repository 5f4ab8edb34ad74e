"""每日摘要: one digest a day over what changed, chained, so that no day can be taken out."""

import pytest
from sqlalchemy import Executable, delete, update

from records.acting.acts import act
from records.cases.journal import GENESIS
from records.database.store import Store
from records.database.tables import digest_heads, digests
from records.running.digests import latest_digest, take_daily_digest, verify_digests
from tests.records.conftest import unguarded
from tests.records.world import MONDAY, SteppedClock, accepted, command, opened


def three_days(store: Store, clock: SteppedClock) -> None:
    for turn in range(3):
        number = opened(store, str(turn))
        accepted(act(store, command(number, 0)))
        take_daily_digest(store)
        clock.forward(days=1)


def test_each_day_takes_in_what_changed_and_names_the_day_before(
    store: Store, clock: SteppedClock
) -> None:
    three_days(store, clock)
    clock.forward(days=-1)
    last = take_daily_digest(store)
    assert (last.cases, last.day) == (1, MONDAY.date().replace(day=4))
    assert last.previous_digest != GENESIS
    assert verify_digests(store).sound
    assert verify_digests(store).events == 3


def test_taking_it_twice_on_one_day_gives_the_first(store: Store) -> None:
    opened(store, "a")
    first = take_daily_digest(store)
    opened(store, "b")
    assert take_daily_digest(store) == first


def test_what_came_after_the_digest_belongs_to_the_next_day(
    store: Store, clock: SteppedClock
) -> None:
    opened(store, "a")
    take_daily_digest(store)
    opened(store, "b")
    clock.forward(days=1)
    assert take_daily_digest(store).cases == 1


def test_a_quiet_day_has_a_digest_too(store: Store, clock: SteppedClock) -> None:
    first = take_daily_digest(store)
    clock.forward(days=1)
    second = take_daily_digest(store)
    assert (first.cases, second.cases) == (0, 0)
    assert second.previous_digest == first.digest != second.digest


def test_before_the_first_digest_there_is_none(store: Store) -> None:
    with store.read() as connection:
        assert latest_digest(connection) is None
    assert verify_digests(store).sound


SECOND_DAY = MONDAY.date().replace(day=3)
FORGERIES: dict[str, Executable] = {
    "a day is deleted": delete(digests).where(digests.c.day == SECOND_DAY),
    "a day's digest is changed": update(digests)
    .where(digests.c.day == SECOND_DAY)
    .values(digest="0" * 64),
    "a day's moment is moved": update(digests)
    .where(digests.c.day == SECOND_DAY)
    .values(taken_at=MONDAY),
    "a case is taken out of a day": delete(digest_heads).where(digest_heads.c.day == SECOND_DAY),
    "a case's head is moved back": update(digest_heads)
    .where(digest_heads.c.day == SECOND_DAY)
    .values(sequence=1),
}


@pytest.mark.parametrize("name", FORGERIES)
def test_a_forged_day_is_found(store: Store, clock: SteppedClock, name: str) -> None:
    three_days(store, clock)
    unguarded(store, FORGERIES[name])
    assert not verify_digests(store).sound
