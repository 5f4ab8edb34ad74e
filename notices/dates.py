"""日期写法: dates as they stand in a document (GB/T 9704-2012，7.3.5.4)."""

from datetime import date


def day(value: date) -> str:
    """成文日期：Arabic figures, the year in full, month and day without leading zeros."""
    return f"{value.year}年{value.month}月{value.day}日"


def interval(first: date, last: date) -> str:
    """起止日期：both ends included, joined by 至; the year is not repeated within one year.

    Raises:
        ValueError: when the last day lies before the first.
    """
    if last < first:
        raise ValueError(f"截止日{day(last)}早于起始日{day(first)}，请核对起止日期。")
    if last == first:
        return day(first)
    ending = day(last) if last.year != first.year else f"{last.month}月{last.day}日"
    return f"{day(first)}至{ending}"
