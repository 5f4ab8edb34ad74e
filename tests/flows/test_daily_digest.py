"""The night's digest belongs to the day that has just ended in Beijing."""

from datetime import UTC, date, datetime

from flows.daily_digest import day_before


def test_a_run_planned_for_one_in_the_morning_records_the_day_before() -> None:
    assert day_before(datetime(2026, 3, 1, 17, 0, tzinfo=UTC)) == date(2026, 3, 1)


def test_the_day_is_counted_in_beijing_and_not_where_the_server_stands() -> None:
    assert day_before(datetime(2026, 3, 1, 15, 59, tzinfo=UTC)) == date(2026, 2, 28)
    assert day_before(datetime(2026, 3, 1, 16, 0, tzinfo=UTC)) == date(2026, 3, 1)
