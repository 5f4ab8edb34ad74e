"""时钟: the demonstration's clock outlives its process and begins no day before it is told to."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from records.database.clock import (
    ClockRow,
    SystemClock,
    VirtualClock,
    advance,
    read_row,
    reading,
    set_clock,
    turn_day,
)
from records.database.settings import RecordsSettings
from records.database.store import Store, open_store
from rulebooks.days.working_days import BEIJING
from tests.records.conftest import sqlite_settings
from tests.records.world import MONDAY, SteppedClock

REAL = MONDAY.replace(year=2030)
ROW = ClockRow(REAL, MONDAY, speed=60, holds=False)
MINUTE = timedelta(minutes=1)


def test_virtual_time_runs_as_much_faster_as_it_was_told() -> None:
    assert reading(ROW, REAL) == MONDAY
    assert reading(ROW, REAL + MINUTE) == MONDAY + timedelta(hours=1)


def test_virtual_time_never_runs_before_its_beginning() -> None:
    assert reading(ROW, REAL - MINUTE) == MONDAY


def test_a_holding_clock_stops_at_the_last_moment_of_its_day() -> None:
    holding = replace(ROW, holds=True)
    stopped = reading(holding, REAL + timedelta(days=1))
    assert stopped.date() == MONDAY.date()
    assert stopped + timedelta(microseconds=1) == MONDAY.replace(hour=0) + timedelta(days=1)


def test_a_holding_clock_turns_to_the_next_day_only_when_told(store: Store) -> None:
    later = REAL + timedelta(days=1)
    with store.write() as connection:
        set_clock(connection, replace(ROW, holds=True))
        assert not turn_day(connection, REAL + MINUTE)
        assert turn_day(connection, later)
        row = read_row(connection)
        assert row is not None
        assert reading(row, later) == MONDAY.replace(hour=0) + timedelta(days=1)
        assert not turn_day(connection, later)


def test_a_clock_that_does_not_hold_has_no_days_to_turn(store: Store) -> None:
    with store.write() as connection:
        assert not turn_day(connection, REAL)
        set_clock(connection, ROW)
        assert not turn_day(connection, REAL + timedelta(days=9))


def test_the_clock_is_put_forward_and_never_back(store: Store) -> None:
    with store.write() as connection:
        set_clock(connection, ROW)
        advance(connection, MONDAY + timedelta(days=3), REAL)
        row = read_row(connection)
        assert row is not None
        assert reading(row, REAL + MINUTE) == MONDAY + timedelta(days=3, hours=1)
        with pytest.raises(ValueError, match="只能向前"):
            advance(connection, MONDAY, REAL)


def test_putting_a_clock_forward_where_there_is_none_sets_one_that_stands(store: Store) -> None:
    with store.write() as connection:
        advance(connection, MONDAY, REAL)
        row = read_row(connection)
        assert row is not None
        assert reading(row, REAL + timedelta(days=9)) == MONDAY


def test_a_store_with_a_clock_in_it_goes_by_that_clock(
    store: Store, settings: RecordsSettings
) -> None:
    with store.write() as connection:
        set_clock(connection, replace(ROW, real_anchor=SystemClock().now(), speed=0))
    opened = open_store(settings)
    assert isinstance(opened.clock, VirtualClock)
    assert opened.clock.now() == MONDAY
    with store.write() as connection:
        advance(connection, MONDAY + timedelta(days=1), SystemClock().now())
    assert opened.clock.now() == MONDAY + timedelta(days=1)
    with opened.write():
        assert opened.clock.now() == MONDAY + timedelta(days=1)
    opened.close()


def test_without_a_clock_in_it_the_store_goes_by_the_system(tmp_path: Path) -> None:
    store = open_store(sqlite_settings(tmp_path))
    assert isinstance(store.clock, SystemClock)
    assert store.clock.now().tzinfo is BEIJING
    store.close()


def test_when_the_clock_s_row_is_taken_away_real_time_goes_on(
    store: Store, settings: RecordsSettings
) -> None:
    real = SteppedClock(REAL)
    assert VirtualClock(store.engine, real).now() == REAL
    assert settings.lock_seconds > 0
