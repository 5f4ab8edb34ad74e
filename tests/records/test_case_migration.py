"""转用：预见与记入一致，同一次提交只记一次，重建与对照不差，公示不缩短，退回是另一条。"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from records.acting.acts import act
from records.acting.foresight import state_after, state_asked
from records.acting.migration import Migration, foresee_migration, migrate_case
from records.acting.opening import open_case
from records.acting.overview import state_of
from records.acting.ticks import tick
from records.cases import journal
from records.cases.commands import Command, Refused
from records.cases.projections import compare, rebuild
from records.database.store import Store
from records.database.tables import cases
from rulebooks.reading.loader import forget_rulebooks, rulebook_on
from tests.records.world import (
    CITY,
    MONDAY,
    STEPS,
    TOWN,
    SteppedClock,
    accepted,
    command,
    live,
    opened,
    opening,
)
from tests.rulebooks.migrating import NEWER, OLDER, OTHER_PERIODS, PAGE, with_version


@pytest.fixture(autouse=True)
def _other_periods(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    yield from with_version(tmp_path / "cities", OTHER_PERIODS, monkeypatch)


def asked(number: str, version: str = NEWER, key: str = "move-1", **changes: str) -> Command:
    content = {"version": version, "reason": "镇里统一改按新办法"}
    fields = {"actor": "town_leader", **changes}
    return Command(
        number, "migrate_rulebook", None, None, content, fields["actor"], None, "command_line", key
    )


def moved(store: Store, asked: Command) -> Migration:
    found = migrate_case(store, asked)
    assert isinstance(found, Migration), found
    return found


def foreseen(store: Store, number: str, version: str = NEWER) -> Migration:
    found = foresee_migration(store, number, version)
    assert isinstance(found, Migration), found
    return found


def version_stored(store: Store, number: str) -> str:
    with store.read() as connection:
        query = select(cases.c.rulebook).where(cases.c.number == number)
        return str(connection.execute(query).scalar_one())


@pytest.mark.parametrize("step", range(len(STEPS)))
def test_applying_gives_what_the_dry_run_said_and_the_dry_run_records_nothing(
    store: Store, clock: SteppedClock, step: int
) -> None:
    number = opened(store)
    live(store, clock, number, upto=step)
    before = state_of(store, number)
    said = foreseen(store, number)
    assert state_of(store, number) == before
    done = moved(store, asked(number))
    assert replace(done, sequence=None) == said
    assert done.sequence == len(before.history) + 1
    assert (said.version_before, said.version) == (OLDER, NEWER)


def test_stage_duty_and_date_are_listed_before_and_after(store: Store, clock: SteppedClock) -> None:
    number = opened(store)
    live(store, clock, number, upto=1)
    (shift,) = foreseen(store, number).shifts
    assert (shift.label, shift.duty) == ("居民议事会商议", "登记表决结果")
    assert shift.before is not None
    assert shift.after is not None
    assert (shift.after - shift.before).days > 0


def test_a_running_publicity_is_listed_and_not_shortened(store: Store, clock: SteppedClock) -> None:
    number = opened(store)
    for step in range(6):
        accepted(act(store, command(number, step)))
    objection = {"objection": "一", "substance": "意见"}
    accepted(act(store, command(number, 4, action="object", content=objection, key="objection")))
    before = state_of(store, number).open[0].publicity
    found = moved(store, asked(number))
    assert all(shift.before == shift.after for shift in found.shifts)
    assert "公示期" in [shift.duty for shift in found.shifts]
    assert state_of(store, number).open[0].publicity == before
    clock.forward(days=1)
    tick(store)
    assert state_of(store, number).open[0].stage == "publicize_project"


def test_a_duty_of_a_role_only_one_version_has_is_named_from_that_version(
    store: Store, clock: SteppedClock, tmp_path: Path
) -> None:
    page = """
roles: {duty_officer: {label: 值班员, at: [town]}}
stages: {deliberate: {by: {role: duty_officer}}}
"""
    (tmp_path / "cities" / CITY / PAGE).write_text(page, encoding="utf-8")
    forget_rulebooks()
    number = opened(store)
    live(store, clock, number, upto=1)
    former, latter = "居民议事会召集人", "值班员"
    said = {(shift.role, shift.gone, shift.new) for shift in foreseen(store, number).shifts}
    assert said == {(former, True, False), (latter, False, True)}
    assert {shift.role for shift in moved(store, asked(number)).shifts} == {former, latter}
    back = foreseen(store, number, OLDER).shifts
    assert {(shift.role, shift.gone) for shift in back} == {(former, False), (latter, True)}


def test_the_case_shows_its_version_and_the_journal_remembers_the_first(
    store: Store, clock: SteppedClock
) -> None:
    number = opened(store)
    live(store, clock, number, upto=2)
    moved(store, asked(number))
    assert version_stored(store, number) == NEWER
    with store.read() as connection:
        event = journal.read(connection, number)[-1]
    assert (event.kind, event.actor) == ("rulebook_migrated", "town_leader")
    assert event.content["version_before"] == OLDER


def test_rebuilding_and_comparing_agree_after_going_there_and_back(
    store: Store, clock: SteppedClock
) -> None:
    number = opened(store)
    live(store, clock, number, upto=1)
    moved(store, asked(number))
    live(store, clock, number, upto=3, since=1)
    moved(store, asked(number, OLDER, "move-2"))
    live(store, clock, number, since=3)
    known = state_of(store, number)
    store.states.clear()
    assert state_of(store, number) == known
    assert compare(store) == ()
    assert rebuild(store) == ()
    assert version_stored(store, number) == OLDER
    assert known.outcome == "archived"


def test_the_same_submission_is_recorded_once_and_answered_alike(
    store: Store, clock: SteppedClock
) -> None:
    number = opened(store)
    first = moved(store, asked(number))
    live(store, clock, number, upto=2)
    again = moved(store, asked(number))
    assert replace(again, repeated=False) == first
    assert again.repeated
    other = migrate_case(store, asked(number, OLDER))
    assert isinstance(other, Refused)
    assert other.code == "key_reused"


def test_only_the_leader_may_decide_and_must_say_why(store: Store) -> None:
    number = opened(store)
    by_clerk = migrate_case(store, asked(number, actor="community_clerk"))
    assert isinstance(by_clerk, Refused)
    assert by_clerk.code == "no_authority"
    silent = migrate_case(store, replace(asked(number), content={"version": NEWER, "reason": " "}))
    assert isinstance(silent, Refused)
    assert silent.code == "bad_content"
    assert version_stored(store, number) == OLDER


def test_the_dry_run_refuses_what_applying_would_refuse(store: Store, clock: SteppedClock) -> None:
    number = opened(store)
    for version in (OLDER, "1999"):
        dry, real = (
            foresee_migration(store, number, version),
            migrate_case(store, asked(number, version, f"move-{version}")),
        )
        assert dry == real
        assert isinstance(dry, Refused)
    unknown = foresee_migration(store, "ZJG-2026-9999", NEWER)
    assert isinstance(unknown, Refused)
    assert unknown.code == "unknown_case"


def test_an_earlier_state_is_folded_under_the_version_of_its_time(
    store: Store, clock: SteppedClock
) -> None:
    number = opened(store)
    live(store, clock, number, upto=1)
    before = state_of(store, number)
    moved(store, asked(number))
    after = state_of(store, number)
    assert state_after(after, len(before.history)) == before
    assert state_asked(store, number, "move-1") == before


def test_an_opening_takes_the_version_that_applies_on_its_day(store: Store) -> None:
    chosen = replace(store, versions={CITY: NEWER})
    first_day = rulebook_on(CITY, MONDAY.date(), town=TOWN, chosen=NEWER)
    assert first_day is not None
    new_year = first_day.version.since
    for key, day, expected in (
        ("old", MONDAY.replace(year=2022, month=12, day=31), OLDER),
        ("new", MONDAY.replace(year=new_year.year, month=1, day=1), NEWER),
    ):
        earlier = replace(opening(key), occurred_at=day)
        number = accepted(open_case(chosen, earlier)).case
        assert version_stored(chosen, number) == expected
    assert version_stored(store, opened(store, "unchosen")) == OLDER


def test_a_case_keeps_its_version_when_another_one_is_chosen_later(
    store: Store, clock: SteppedClock
) -> None:
    number = opened(store)
    chosen = replace(store, versions={CITY: NEWER})
    live(chosen, clock, number, upto=2)
    clock.moment += timedelta(days=1)
    assert version_stored(chosen, number) == OLDER
    assert state_of(chosen, number).rulebook.version.id == OLDER
