from datetime import date

import pytest

from notices.dates import day, interval


def test_month_and_day_are_written_without_leading_zeros():
    assert day(date(2026, 8, 1)) == "2026年8月1日"


@pytest.mark.parametrize(
    ("first", "last", "written"),
    [
        (date(2026, 2, 13), date(2026, 2, 24), "2026年2月13日至2月24日"),
        (date(2026, 12, 30), date(2027, 1, 5), "2026年12月30日至2027年1月5日"),
        (date(2026, 2, 13), date(2026, 2, 13), "2026年2月13日"),
    ],
)
def test_an_interval_names_the_year_once_within_a_year(first, last, written):
    assert interval(first, last) == written


def test_an_interval_that_ends_before_it_begins_is_refused():
    with pytest.raises(ValueError, match="截止日2026年2月1日早于起始日2026年2月2日"):
        interval(date(2026, 2, 2), date(2026, 2, 1))
