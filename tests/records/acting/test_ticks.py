"""时间到达: what time brings is recorded once, at the moment it was due, in the right order."""

from datetime import timedelta

from sqlalchemy import select

from records.acting.acts import act
from records.acting.ticks import tick
from records.cases import journal
from records.cases.projections import compare
from records.database.store import Store
from records.database.tables import cases
from tests.records.world import MONDAY, SteppedClock, accepted, command, live, opened


def moments(store: Store, number: str) -> list[tuple[str, str]]:
    with store.read() as connection:
        return [
            (event.kind, event.occurred_at.strftime("%m-%d %H:%M"))
            for event in journal.read(connection, number)
        ]


def test_before_anything_is_due_a_tick_does_nothing(store: Store, clock: SteppedClock) -> None:
    number = opened(store)
    accepted(act(store, command(number, 0)))
    clock.forward(days=1, hours=14, minutes=59)
    assert tick(store) == []
    clock.forward(minutes=1)
    assert tick(store) == [number]


def test_each_passing_of_time_is_recorded_at_the_moment_it_was_due(
    store: Store, clock: SteppedClock
) -> None:
    number = opened(store)
    accepted(act(store, command(number, 0)))
    clock.forward(days=21)
    assert tick(store) == [number]
    assert moments(store, number)[2:] == [
        ("reminded", "03-04 00:00"),
        ("fell_overdue", "03-06 00:00"),
        ("escalated", "03-10 00:00"),
    ]
    assert tick(store) == []


def test_after_a_tick_the_case_says_when_to_look_again(store: Store, clock: SteppedClock) -> None:
    number = opened(store)
    accepted(act(store, command(number, 0)))
    clock.forward(days=2)
    tick(store)
    with store.read() as connection:
        look_at = connection.execute(select(cases.c.look_at)).scalar_one()
    assert look_at == MONDAY.replace(hour=0) + timedelta(days=4)


def test_silence_never_decides_for_a_person(store: Store, clock: SteppedClock) -> None:
    number = opened(store)
    live(store, clock, number, upto=3)
    clock.forward(days=400)
    tick(store)
    tick(store)
    assert {kind for kind, _ in moments(store, number)[4:]} <= {
        "reminded", "fell_overdue", "escalated",
    }  # fmt: skip
    with store.read() as connection:
        assert connection.execute(select(cases.c.waits_for)).scalar_one() == "待镇(区)审核"


def test_the_end_of_a_publicity_is_the_only_time_that_advances_a_case(
    store: Store, clock: SteppedClock
) -> None:
    number = opened(store)
    live(store, clock, number, upto=5)
    accepted(act(store, command(number, 5)))
    clock.moment = MONDAY.replace(hour=0) + timedelta(days=4) - timedelta(microseconds=1)
    assert tick(store) == []
    clock.forward(microseconds=1)
    assert tick(store) == [number]
    assert moments(store, number)[-1] == ("publicity_ended", "03-06 00:00")


def test_a_tick_takes_no_more_cases_than_it_is_told(store: Store, clock: SteppedClock) -> None:
    numbers = [opened(store, str(turn)) for turn in range(5)]
    for number in numbers:
        accepted(act(store, command(number, 0)))
    clock.forward(days=3)
    assert len(tick(store, limit=2)) == 2
    assert len(tick(store, limit=9)) == 3
    assert tick(store) == []
    assert compare(store) == ()


def test_the_clock_signs_for_nobody(store: Store, clock: SteppedClock) -> None:
    number = opened(store)
    accepted(act(store, command(number, 0)))
    clock.forward(days=3)
    tick(store)
    with store.read() as connection:
        assert journal.read(connection, number)[-1].actor is None
