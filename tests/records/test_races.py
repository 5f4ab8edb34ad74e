"""抢办: however many press the button at once, one decision stands and the others are told."""

import threading
from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from records.acting.acts import act
from records.acting.ticks import tick
from records.cases import journal
from records.cases.commands import Accepted, Command, Refused
from records.cases.projections import Projection, compare, projected
from records.database.store import Store
from records.people.organisations import Appointment, end_appointment
from rulebooks.vocabulary.events import Event
from tests.records.world import (
    MONDAY,
    SINCE,
    SteppedClock,
    accepted,
    command,
    live,
    opened,
    refusal,
)


def at_once(calls: Sequence[Callable[[], Any]]) -> list[Any]:
    """Runs all calls from as many threads, released together; their answers in order."""
    barrier = threading.Barrier(len(calls))
    answers: list[Any] = [None] * len(calls)

    def run(place: int) -> None:
        barrier.wait()
        answers[place] = calls[place]()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def submit(store: Store, *commands: Command) -> list[Accepted | Refused]:
    return at_once([partial(act, store, item) for item in commands])


def decisions(number: str, count: int) -> list[Command]:
    """Two reviewers who decide the same round differently, each several times."""
    return [
        command(
            number,
            3,
            actor=("town_reviewer", "second_reviewer")[turn % 2],
            action=("approve", "reject")[turn % 2],
            key=f"decision-{turn}",
        )
        for turn in range(count)
    ]


@pytest.mark.parametrize("officials", [2, 8])
def test_of_officials_who_decide_at_once_one_wins_and_the_others_are_told(
    store: Store, clock: SteppedClock, officials: int
) -> None:
    number = opened(store)
    live(store, clock, number, upto=3)
    answers = submit(store, *decisions(number, officials))
    losers = [answer for answer in answers if isinstance(answer, Refused)]
    assert len(losers) == officials - 1
    assert {answer.code for answer in losers} == {"already_decided"}
    assert {answer.decided_at for answer in losers} == {clock.now()}
    assert {answer.decided_by for answer in losers} <= {"吴刚", "钱勇"}
    with store.read() as connection:
        kinds = [event.kind for event in journal.read(connection, number)]
    assert len(kinds) == 5
    assert journal.verify(store).sound
    assert compare(store) == ()


def test_one_submission_sent_many_times_at_once_is_recorded_once(store: Store) -> None:
    number = opened(store)
    answers = submit(store, *[command(number, 0)] * 8)
    assert {(answer.case, answer.sequence) for answer in map(accepted, answers)} == {(number, 2)}
    assert sum(not answer.repeated for answer in map(accepted, answers)) == 1


def test_different_submissions_under_one_key_leave_one_event(store: Store) -> None:
    number = opened(store)
    contents = [{"summary": f"说明{turn}"} for turn in range(6)]
    answers = submit(store, *[command(number, 0, content=content) for content in contents])
    assert sum(isinstance(answer, Accepted) for answer in answers) == 1
    assert {answer.code for answer in answers if isinstance(answer, Refused)} == {"key_reused"}


def test_one_key_for_two_cases_at_once_is_accepted_for_one_of_them(store: Store) -> None:
    numbers = [opened(store, key) for key in "ab"]
    answers = submit(store, *[command(number, 0, key="shared") for number in numbers])
    assert sorted(type(answer).__name__ for answer in answers) == ["Accepted", "Refused"]


def test_time_that_passes_while_people_act_is_recorded_once(
    store: Store, clock: SteppedClock
) -> None:
    number = opened(store)
    live(store, clock, number, upto=1)
    clock.forward(days=7)
    vote = command(number, 1)
    calls = [lambda: tick(store), lambda: act(store, vote), lambda: tick(store)]
    at_once(calls)
    with store.read() as connection:
        kinds = [event.kind for event in journal.read(connection, number)]
    assert kinds == ["opened", "submitted", "reminded", "fell_overdue", "voted"]


def test_cases_that_have_nothing_to_do_with_each_other_all_succeed(store: Store) -> None:
    numbers = [opened(store, str(turn)) for turn in range(8)]
    answers = submit(store, *[command(number, 0) for number in numbers])
    assert all(isinstance(answer, Accepted) for answer in answers)
    assert journal.verify(store).events == 16


def test_an_answer_recorded_between_two_glances_is_not_half_seen(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = opened(store)
    read = journal.read
    once = iter([command(number, 0)])

    def read_after_another(*given: Any, **named: Any) -> list[Event]:
        for item in once:
            accepted(act(store, item))
            store.states.clear()
        return read(*given, **named)

    store.states.clear()
    monkeypatch.setattr(journal, "read", read_after_another)
    assert accepted(act(store, command(number, 0))).repeated


def test_an_appointment_that_ends_between_judging_and_storing_counts_no_more(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = opened(store)
    appointment = Appointment("community_clerk", "community_clerk", "chengxi", SINCE)

    def projected_after_the_end(*given: Any) -> Projection:
        with store.write() as connection:
            end_appointment(connection, appointment, MONDAY.date() - timedelta(days=1))
        return projected(*given)

    monkeypatch.setattr("records.acting.acts.projected", projected_after_the_end)
    assert refusal(act(store, command(number, 0))).code == "no_authority"
    with store.read() as connection:
        assert len(journal.read(connection, number)) == 1


@pytest.mark.slow
def test_in_a_thousand_races_there_is_always_exactly_one_winner(
    store: Store, clock: SteppedClock
) -> None:
    for turn in range(1000):
        number = opened(store, f"race-{turn}")
        live(store, clock, number, upto=3)
        commands = [
            command(number, 3, actor=actor, key=f"{number}-{actor}")
            for actor in ("town_reviewer", "second_reviewer")
        ]
        answers = submit(store, *commands)
        assert sum(isinstance(answer, Accepted) for answer in answers) == 1, turn
    assert journal.verify(store).sound
