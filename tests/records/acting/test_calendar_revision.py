"""日历修订：新的安排公布后，期限照新的算，公示只延长，说得出每一处变动。"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest

from records.acting.acts import act
from records.acting.calendar_revision import Moved, foresee_revision, revise
from records.acting.overview import state_of
from records.cases.journal import verify
from records.cases.projections import compare
from records.database.store import Store
from rulebooks.days.calendars import load_calendar
from rulebooks.days.working_days import BEIJING
from tests.records.world import FACTS, SteppedClock, accepted, command, opened

EVE = datetime(2026, 12, 29, 9, 0, tzinfo=BEIJING)
DAYS_OFF = """\
  - {{name: 元旦, first: 2027-01-01, last: {last}}}
  - {{name: 春节, first: 2027-02-05, last: 2027-02-12}}
  - {{name: 清明节, first: 2027-04-05, last: 2027-04-05}}
  - {{name: 劳动节, first: 2027-05-01, last: 2027-05-05}}
  - {{name: 端午节, first: 2027-06-09, last: 2027-06-09}}
  - {{name: 中秋节, first: 2027-09-15, last: 2027-09-15}}
  - {{name: 国庆节, first: 2027-10-01, last: 2027-10-07}}
"""


def announced(folder: Path, store: Store, last: str, workdays: str = "") -> Store:
    """The same records once the days off of 2027 are announced."""
    notices = "notices:\n  - {number: 测试用文号, title: 测试用通知, issued: 2026-11-30}\n"
    text = f"year: 2027\n{notices}days_off:\n{DAYS_OFF.format(last=last)}workdays: [{workdays}]\n"
    path = folder / f"{last}-{workdays}.yaml"
    path.write_text(text, encoding="utf-8")
    return replace(store, calendar=load_calendar(path))


@pytest.fixture
def publicized(store: Store, clock: SteppedClock) -> str:
    """A case whose publicity was announced to run until 4 January 2027."""
    clock.moment = EVE
    number = opened(store)
    for step in range(6):
        accepted(act(store, command(number, step)))
    return number


def last_day(store: Store, number: str) -> str:
    [opened_stage] = state_of(store, number).open
    assert opened_stage.publicity is not None
    assert opened_stage.publicity.period is not None
    return opened_stage.publicity.period["last"]


def test_nothing_moves_under_the_calendar_it_was_computed_with(
    store: Store, publicized: str
) -> None:
    assert last_day(store, publicized) == "2027-01-04"
    assert foresee_revision(store) == ()
    assert revise(store) == ()


def test_a_publicity_is_lengthened_by_an_event_and_only_once(
    store: Store, publicized: str, tmp_path: Path
) -> None:
    revised = announced(tmp_path, store, "2027-01-05")
    moved = Moved(
        publicized, FACTS["title"], "项目公示", "公示期", date(2027, 1, 4), date(2027, 1, 6)
    )
    assert foresee_revision(revised) == (moved,)
    assert last_day(store, publicized) == "2027-01-04"
    assert revise(revised) == (moved,)
    assert revise(revised) == ()
    assert last_day(revised, publicized) == "2027-01-06"
    last = state_of(revised, publicized).history[-1]
    assert (last.kind, last.actor) == ("publicity_extended", None)
    assert verify(revised).sound
    assert compare(revised) == ()


def test_an_announced_publicity_is_never_shortened(
    store: Store, publicized: str, tmp_path: Path
) -> None:
    earlier = announced(tmp_path, store, "2027-01-01", workdays="2027-01-02")
    assert revise(earlier) == ()
    assert last_day(earlier, publicized) == "2027-01-04"


def test_a_deadline_follows_the_calendar_either_way(
    store: Store, clock: SteppedClock, tmp_path: Path
) -> None:
    clock.moment = EVE
    number = opened(store)
    accepted(act(store, command(number, 0)))
    for last, workdays, before, after in (
        ("2027-01-05", "", date(2027, 1, 4), date(2027, 1, 6)),
        ("2027-01-01", "2027-01-02", date(2027, 1, 6), date(2027, 1, 2)),
    ):
        revised = announced(tmp_path, store, last, workdays)
        [moved] = revise(revised)
        assert (moved.stage, moved.deadline) == ("居民议事会商议", "办理期限")
        assert (moved.before, moved.after) == (before, after)
        assert compare(revised) == ()


def test_what_becomes_certain_without_moving_is_no_longer_provisional(
    store: Store, clock: SteppedClock, tmp_path: Path
) -> None:
    clock.moment = EVE
    number = opened(store)
    accepted(act(store, command(number, 0)))
    assert compare(store) == ()
    revised = announced(tmp_path, store, "2027-01-03")
    assert [item.column for item in compare(revised)] == ["duties[0].provisional"]
    assert revise(revised) == ()
    assert compare(revised) == ()
