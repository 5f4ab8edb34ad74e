"""台账流水: whatever is done to a recorded event, verifying finds it and says where."""

import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Executable, delete, func, insert, literal, select, text, true, update

from records.acting.acts import act
from records.cases import journal
from records.cases.journal import GENESIS, Break, verify
from records.database.store import Store
from records.database.tables import cases, events
from records.running.digests import take_daily_digest, verify_digests
from tests.records.conftest import unguarded
from tests.records.world import MONDAY, SteppedClock, accepted, command, live, opened

FIRST, SECOND = "ZJG-2026-0001", "ZJG-2026-0002"
HEAD = 7


@pytest.fixture
def two_cases(store: Store, clock: SteppedClock) -> Store:
    """Two cases of seven events each."""
    for key in ("a", "b"):
        number = opened(store, key)
        live(store, clock, number, upto=5)
        accepted(act(store, command(number, 5)))
    return store


def digests_of(store: Store) -> list[tuple[str, int, str, str]]:
    columns = (events.c.case, events.c.sequence, events.c.previous_digest, events.c.digest)
    with store.read() as connection:
        rows = connection.execute(select(*columns).order_by(events.c.case, events.c.sequence))
        return list(rows.tuples())


def test_every_event_carries_the_digest_of_the_one_before(two_cases: Store) -> None:
    chains: dict[str, str] = {}
    for case, sequence, previous, digest in digests_of(two_cases):
        assert previous == chains.get(case, GENESIS), (case, sequence)
        chains[case] = digest
    assert len(chains) == 2


def test_a_journal_left_alone_verifies_and_counts_its_events(two_cases: Store) -> None:
    found = verify(two_cases)
    assert found.sound
    assert found.events == 2 * HEAD


def edit(sequence: int, **values: Any) -> Executable:
    """Changes one event of the first case."""
    return (
        update(events).where(events.c.case == FIRST, events.c.sequence == sequence).values(values)
    )


def cut(*, after: int) -> Executable:
    """Deletes what follows in the first case."""
    return delete(events).where(events.c.case == FIRST, events.c.sequence > after)


def exchange(first: int, second: int) -> Executable:
    """Exchanges the contents of two events of the first case."""
    other = events.alias()
    content = (
        select(other.c.content)
        .where(other.c.case == FIRST, other.c.sequence == first + second - events.c.sequence)
        .scalar_subquery()
    )
    places = events.c.sequence.in_((first, second))
    return update(events).where(events.c.case == FIRST, places).values(content=content)


def forge(case: str, sequence: int) -> Executable:
    """Copies the second event of the first case to another place."""
    changed: dict[str, Any] = {
        "case": literal(case),
        "sequence": literal(sequence),
        "key": literal("forged"),
        "closes": ~true(),
    }
    columns: list[Any] = [changed.get(column.name, column) for column in events.c]
    copy = select(*columns).where(events.c.case == FIRST, events.c.sequence == 2)
    return insert(events).from_select(list(events.c.keys()), copy)


TAMPERINGS: dict[str, tuple[Executable, str, int]] = {
    "the content is edited": (
        edit(3, content=func.replace(events.c.content, "24", "30")), FIRST, 3),
    "the actor is exchanged": (edit(3, actor="second_reviewer"), FIRST, 3),
    "the organisation is exchanged": (edit(3, organisation="donglai"), FIRST, 3),
    "the moment is moved": (edit(3, occurred_at=MONDAY - timedelta(days=1)), FIRST, 3),
    "the moment of recording is moved": (edit(3, recorded_at=MONDAY + timedelta(days=1)), FIRST, 3),
    "the kind is changed": (edit(5, kind="rejected"), FIRST, 5),
    "the late mark is set": (edit(3, late=True), FIRST, 3),
    "the closing mark is taken away": (edit(3, closes=False), FIRST, 3),
    "the key is changed": (edit(3, key="other"), FIRST, 3),
    "evidence is added": (edit(3, evidence='["0"]'), FIRST, 3),
    "the digest is changed": (edit(3, digest="1" * 64), FIRST, 3),
    "the previous digest is changed": (edit(3, previous_digest="1" * 64), FIRST, 3),
    "an event is deleted": (
        delete(events).where(events.c.case == FIRST, events.c.sequence == 3), FIRST, 3),
    "the first event is deleted": (
        delete(events).where(events.c.case == FIRST, events.c.sequence == 1), FIRST, 1),
    "the tail is cut": (cut(after=5), FIRST, HEAD),
    "a whole journal is deleted": (cut(after=0), FIRST, HEAD),
    "two events change places": (exchange(3, 4), FIRST, 3),
    "an event is added at the end": (forge(FIRST, HEAD + 1), FIRST, HEAD + 1),
    "an event is copied into another case": (forge(SECOND, HEAD + 1), SECOND, HEAD + 1),
    "the case forgets its last event": (
        update(cases).where(cases.c.number == FIRST).values(head=6), FIRST, 6),
}  # fmt: skip


@pytest.mark.parametrize("name", TAMPERINGS)
def test_tampering_is_found_and_its_place_is_named(two_cases: Store, name: str) -> None:
    tampering, case, sequence = TAMPERINGS[name]
    unguarded(two_cases, tampering)
    found = verify(two_cases)
    assert not found.sound
    assert (case, sequence) in {(item.case, item.sequence) for item in found.broken}


def test_a_tail_cut_together_with_its_case_row_is_found_by_the_daily_digest(
    two_cases: Store,
) -> None:
    take_daily_digest(two_cases)
    remaining = digests_of(two_cases)[4]
    shorter = {"head": 5, "anchored": 5, "head_digest": remaining[3]}
    unguarded(
        two_cases,
        cut(after=5),
        update(cases).where(cases.c.number == FIRST).values(shorter),
    )
    assert verify(two_cases).sound
    found = verify_digests(two_cases)
    assert [(item.case, item.sequence) for item in found.broken] == [(FIRST, HEAD)]


def test_a_case_left_alone_is_not_blamed_for_its_neighbour(two_cases: Store) -> None:
    unguarded(two_cases, edit(4, kind="replied"))
    found = verify(two_cases)
    assert found.broken == (Break(FIRST, 4, "内容与摘要不符"),)
    assert found.events == 2 * HEAD


SAMPLE = 40
COLUMNS = ("kind", "stage", "content", "actor", "organisation", "key", "evidence")


def _edit_at_random(seed: int) -> Executable:
    rng = random.Random(seed)  # noqa: S311 - a seed, not a secret
    column = rng.choice(COLUMNS)
    return (
        update(events)
        .where(
            events.c.case == rng.choice((FIRST, SECOND)),
            events.c.sequence == rng.randint(1, HEAD),
        )
        .values({column: func.coalesce(events.c[column], "") + "x"})
    )


def _unfound(seeds: range, store: Store, reset: Callable[[], None]) -> list[int]:
    unfound = []
    for seed in seeds:
        unguarded(store, _edit_at_random(seed))
        if verify(store).sound:
            unfound.append(seed)
        reset()
    return unfound


def _untouched(store: Store) -> Callable[[], None]:
    """Keeps a copy of the events; what it returns puts them back."""
    unguarded(store, text("CREATE TABLE untouched AS SELECT * FROM events"))
    columns = ", ".join(f'"{column.name}"' for column in events.c)
    back = text(f"INSERT INTO events ({columns}) SELECT {columns} FROM untouched")  # noqa: S608
    return lambda: unguarded(store, delete(events), back)


def test_forty_random_edits_are_all_found(two_cases: Store) -> None:
    assert _unfound(range(SAMPLE), two_cases, _untouched(two_cases)) == []
    assert verify(two_cases).sound


@pytest.mark.slow
def test_a_thousand_random_edits_are_all_found(two_cases: Store) -> None:
    assert _unfound(range(1000), two_cases, _untouched(two_cases)) == []


def test_reading_from_a_place_on_gives_only_what_follows(two_cases: Store) -> None:
    with two_cases.read() as connection:
        everything = journal.read(connection, FIRST)
        assert journal.read(connection, FIRST, after=5) == everything[5:]


def test_moments_come_back_as_they_were_in_beijing_time(store: Store, clock: SteppedClock) -> None:
    clock.moment = clock.moment.replace(microsecond=123_456)
    number = opened(store)
    accepted(act(store, command(number, 0)))
    with store.read() as connection:
        event = journal.read(connection, number)[-1]
    assert event.recorded_at == clock.moment
    assert event.recorded_at.utcoffset() == clock.moment.utcoffset()
