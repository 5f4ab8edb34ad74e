"""kill -9 wherever it hurts: no decision is lost, none is doubled, and the journal goes on."""

import os
import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from records.acting import overview
from records.acting.acts import act
from records.acting.opening import open_case
from records.acting.ticks import tick
from records.cases.commands import Command
from records.cases.journal import verify
from records.cases.projections import compare
from records.database.settings import RecordsSettings
from records.database.store import Store, open_store
from records.database.tables import cases, events, notices
from records.files.notices import Document, issue_notice
from records.people.personal import Person
from records.running import effects, leases
from tests.faults.killing import killed_at, start
from tests.records.world import (
    MONDAY,
    SteppedClock,
    accepted,
    command,
    live,
    opened,
    opening,
)

SEEDS = range(3)
MANY = range(3, 103)

# Every statement of an act that is judged at sight, and of one that is judged under lock.
ACT_POINTS = (
    "before SELECT:1",
    "after SELECT:1",
    "before UPDATE cases:1",
    "after UPDATE cases:1",
    "before INSERT events:1",
    "after INSERT events:1",
    "before UPDATE duties:1",
    "after UPDATE duties:1",
    "before COMMIT:1",
    "after COMMIT:1",
)
# The duty of a single person is changed in place; these steps keep one duty before and after.
CALM_STEPS = (0, 1, 2, 3, 6, 7, 8, 10)


def recorded(store: Store, key: str) -> int:
    with store.read() as connection:
        query = select(func.count()).select_from(events).where(events.c.key == key)
        return connection.execute(query).scalar_one()


def prepared(settings: RecordsSettings, clock: SteppedClock, seed: int) -> Command:
    """A case somewhere in its life, and the next command; no connection stays open."""
    store = open_store(settings, clock)
    step = random.Random(seed).choice(CALM_STEPS)  # noqa: S311 - a seed, not a secret
    number = opened(store, f"open-{seed}")
    live(store, clock, number, upto=step)
    store.close()
    return command(number, step)


def intact(store: Store) -> None:
    """What must hold after every crash."""
    found = verify(store)
    assert found.sound, found.broken
    assert compare(store) == ()


def killed_while_acting(
    settings: RecordsSettings, clock: SteppedClock, point: str, seed: int
) -> int:
    """Kills, looks, sends the same command again; how often it is recorded in the end."""
    item = prepared(settings, clock, seed)
    assert killed_at(point, settings, clock, lambda store: _act(store, item)), point
    store = open_store(settings, clock)
    committed = point == "after COMMIT:1"
    assert recorded(store, item.key) == int(committed)
    intact(store)
    answer = accepted(act(store, item))
    assert answer.repeated is committed
    intact(store)
    times = recorded(store, item.key)
    store.close()
    return times


def _act(store: Store, item: Command) -> None:
    act(store, item)


@pytest.mark.parametrize("point", ACT_POINTS)
def test_killed_at_any_statement_an_act_is_recorded_wholly_or_not_at_all(
    settings: RecordsSettings, clock: SteppedClock, point: str
) -> None:
    times = [killed_while_acting(settings, clock, point, seed) for seed in SEEDS]
    assert times == [1] * len(SEEDS)


@pytest.mark.slow
@pytest.mark.parametrize("point", ACT_POINTS)
def test_of_hundreds_of_kills_while_acting_none_loses_or_doubles_a_decision(
    settings: RecordsSettings, clock: SteppedClock, point: str
) -> None:
    times = [killed_while_acting(settings, clock, point, seed) for seed in MANY]
    assert times == [1] * len(MANY)


OPENING_POINTS = (
    "before INSERT counters:1",
    "after INSERT counters:1",
    "after INSERT personal:1",
    "after INSERT cases:1",
    "after UPDATE cases:1",
    "after INSERT events:1",
    "after INSERT duties:1",
    "before COMMIT:1",
    "after COMMIT:1",
)


@pytest.mark.parametrize("point", OPENING_POINTS)
def test_killed_while_opening_a_case_takes_no_number_and_keeps_no_proposer(
    settings: RecordsSettings, clock: SteppedClock, point: str
) -> None:
    past = tuple(
        command("", step, key=f"past-{step}", occurred_at=MONDAY - timedelta(days=9 - step))
        for step in range(3)
    )
    entering = replace(
        opening(), occurred_at=MONDAY - timedelta(days=10), past=past,
        proposer=Person("张建华", "13812345678"),
    )  # fmt: skip
    assert killed_at(point, settings, clock, lambda store: _open(store, entering)), point
    store = open_store(settings, clock)
    committed = point == "after COMMIT:1"
    assert len(overview.open_numbers(store)) == int(committed)
    intact(store)
    answer = accepted(open_case(store, entering))
    assert (answer.case, answer.repeated) == ("ZJG-2026-0001", committed)
    assert opened(store, "next") == "ZJG-2026-0002"
    intact(store)
    store.close()


def _open(store: Store, entering: object) -> None:
    open_case(store, entering)  # type: ignore[arg-type]


TICK_POINTS = (
    "before SELECT:1",
    "after INSERT events:1",
    "after UPDATE cases:1",
    "before COMMIT:1",
    "after COMMIT:1",
)


@pytest.mark.parametrize("point", TICK_POINTS)
def test_killed_while_time_is_recorded_it_is_recorded_once_in_the_end(
    settings: RecordsSettings, clock: SteppedClock, point: str
) -> None:
    store = open_store(settings, clock)
    numbers = [opened(store, key) for key in "ab"]
    for number in numbers:
        live(store, clock, number, upto=1)
    store.close()
    clock.forward(days=7)
    assert killed_at(point, settings, clock, _tick), point
    store = open_store(settings, clock)
    tick(store)
    with store.read() as connection:
        kinds = connection.execute(
            select(events.c.kind, func.count())
            .where(events.c.door == "clock")
            .group_by(events.c.kind)
        )
        assert dict(kinds.tuples().all()) == {"reminded": 2, "fell_overdue": 2}
    intact(store)
    store.close()


def _tick(store: Store) -> None:
    tick(store)


# An effect and its record: begun, the file written and renamed, the notice entered, done.
EFFECT_POINTS = (
    "before INSERT effects:1",
    "after INSERT effects:1",
    "after COMMIT:1",
    "before RENAME:1",
    "after RENAME:1",
    "after INSERT attachments:1",
    "after INSERT notices:1",
    "before COMMIT:2",
    "after COMMIT:2",
    "after UPDATE effects:1",
    "before COMMIT:3",
    "after COMMIT:3",
)
LEASE = timedelta(seconds=30)


def carry(store: Store, number: str) -> int:
    """Does what the case owes, as the flow does: look, act, record; how many were done."""
    done = 0
    for effect in overview.state_of(store, number).effects:
        if effects.begin(store, number, effect):
            document = Document(
                key=effect.key,
                case=number,
                kind=effect.kind,
                number=f"{number}-{effect.stage}-{effect.kind}",
                title=effect.label,
                content_digest="0" * 64,
                name="notice.html",
                media_type="text/html",
                # Made anew by each attempt: only one attempt's bytes may ever stand.
                data=f"{effect.label} {os.getpid()}".encode(),
            )
            issued = issue_notice(store, document)
            done += effects.finish(store, effect.key, {"digest": issued.digest})
    return done


def owing(settings: RecordsSettings, clock: SteppedClock) -> str:
    """A case whose machine owes the opening of a stage; no connection stays open."""
    store = open_store(settings, clock)
    number = opened(store)
    store.close()
    return number


def carried_once(store: Store, number: str) -> None:
    owed = [effect.key for effect in overview.state_of(store, number).effects]
    with store.read() as connection:
        attempts = effects.attempts_of(connection, number)
        issued = connection.execute(select(notices.c.key, notices.c.digest)).tuples().all()
    assert [attempt.status for attempt in attempts] == ["done"] * len(owed)
    assert sorted(key for key, _ in issued) == sorted(owed)
    receipts = {attempt.key: (attempt.receipt or {})["digest"] for attempt in attempts}
    assert receipts == dict(issued)


@pytest.mark.parametrize("point", EFFECT_POINTS)
def test_killed_between_an_effect_and_its_record_it_is_done_once_for_all_to_see(
    settings: RecordsSettings, clock: SteppedClock, point: str
) -> None:
    number = owing(settings, clock)
    assert killed_at(point, settings, clock, lambda store: _carry(store, number)), point
    store = open_store(settings, clock)
    carry(store, number)
    carried_once(store, number)
    assert carry(store, number) == 0
    store.close()


def _carry(store: Store, number: str) -> None:
    carry(store, number)


def _carry_under_lease(store: Store, number: str) -> None:
    if leases.take(store, number, str(os.getpid()), LEASE) is not None:
        carry(store, number)


@pytest.mark.parametrize("point", ["after COMMIT:2", "after COMMIT:3", "after COMMIT:4"])
def test_a_killed_holder_s_lease_expires_and_another_carries_on(
    settings: RecordsSettings, clock: SteppedClock, point: str
) -> None:
    number = owing(settings, clock)
    assert killed_at(point, settings, clock, lambda store: _carry_under_lease(store, number))
    store = open_store(settings, clock)
    assert leases.take(store, number, "too early", LEASE) is None
    later = replace(store, machine=SteppedClock(store.machine.now() + LEASE))
    assert leases.take(later, number, "another", LEASE) is not None
    carry(store, number)
    carried_once(store, number)
    store.close()


@pytest.mark.parametrize("point", ["after COMMIT:1", "after RENAME:1", "after COMMIT:2"])
def test_with_the_lease_switched_off_several_carriers_still_do_everything_once(
    settings: RecordsSettings, clock: SteppedClock, point: str
) -> None:
    number = owing(settings, clock)
    children = [
        start(where, settings, clock, lambda store: _carry(store, number))
        for where in (point, "", "")
    ]
    for child in children:
        child.join()
    assert [child.exitcode for child in children[1:]] == [0, 0]
    store = open_store(settings, clock)
    carry(store, number)
    carried_once(store, number)
    intact(store)
    store.close()


def busy_official(store: Store, numbers: list[str], told: int) -> None:
    """Acts on one case after the other and writes down each acknowledgement."""
    for number in numbers:
        for step in range(3):
            accepted(act(store, command(number, step)))
            os.write(told, f"{number}/step-{step}\n".encode())


def killed_at_a_random_moment(
    settings: RecordsSettings, clock: SteppedClock, seed: int
) -> Iterator[str]:
    store = open_store(settings, clock)
    numbers = [opened(store, f"{seed}-{turn}") for turn in range(20)]
    store.close()
    hear, told = os.pipe()
    child = start("", settings, clock, lambda own: busy_official(own, numbers, told))
    os.close(told)
    child.join(timeout=random.Random(seed).uniform(0.05, 0.25))  # noqa: S311
    child.kill()
    child.join()
    with os.fdopen(hear) as acknowledged:
        yield from acknowledged.read().split()


def lost(settings: RecordsSettings, clock: SteppedClock, seed: int) -> list[str]:
    """What was acknowledged before the kill and is not in the journal exactly once."""
    acknowledged = list(killed_at_a_random_moment(settings, clock, seed))
    store = open_store(settings, clock)
    missing = [key for key in acknowledged if recorded(store, key) != 1]
    with store.read() as connection:
        heads = connection.execute(select(func.sum(cases.c.head))).scalar_one()
        total = connection.execute(select(func.count()).select_from(events)).scalar_one()
    assert heads == total
    intact(store)
    store.close()
    return missing


def test_killed_at_any_moment_nothing_acknowledged_is_lost(
    settings: RecordsSettings, clock: SteppedClock
) -> None:
    assert [lost(settings, clock, seed) for seed in SEEDS] == [[]] * len(SEEDS)


@pytest.mark.slow
def test_killed_at_a_hundred_random_moments_nothing_acknowledged_is_lost(
    settings: RecordsSettings, clock: SteppedClock
) -> None:
    assert [lost(settings, clock, seed) for seed in MANY] == [[]] * len(MANY)
