"""指标: the figures of a report added up, put into proportion and ranked.

Everything is added in whole 分 and whole pieces first; a rate is formed once, from the sums, by the
way of rounding the caller names.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from notices.money import Rounding
from notices.tables import ALL_OF_IT, Column, Row, Value

Figures = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Measure:
    """一项指标: its column, and for a rate what is divided by the sum of what."""

    column: Column
    part: str = ""
    whole: tuple[str, ...] = ()

    def value(self, figures: Figures, rounding: Rounding) -> Value:
        """指标的值：an amount as it is given, a rate formed from the figures; None for none."""
        if self.whole:
            return rate(figures[self.part], sum(figures[key] for key in self.whole), rounding)
        given: Value = figures[self.column.key]
        return given

    def under(self, group: str) -> "Measure":
        """归入一组：the same measure under the head of a group."""
        return replace(self, column=replace(self.column, group=group))


STARTED_RATE: Final = Measure(
    Column("started_rate", "开工率", "percent"), "implementing", ("determined",)
)
COMPLETED_RATE: Final = Measure(
    Column("completed_rate", "完成率", "percent"), "completed", ("determined",)
)
ON_TIME_RATE: Final = Measure(
    Column("on_time_rate", "按时率", "percent"),
    "finished_on_time",
    ("finished_on_time", "finished_late"),
)
SATISFIED_RATE: Final = Measure(
    Column("satisfied_rate", "满意率", "percent"), "satisfied", ("samples",)
)
PAID_RATE: Final = Measure(Column("paid_rate", "支付率", "percent"), "paid_fen", ("budget_fen",))


def rate(part: int, whole: int, rounding: Rounding) -> int | None:
    """比率：hundredths of a per cent, 9667 for 96.67%; None where there is nothing to divide by.

    Raises:
        ValueError: when a negative count or amount is put into proportion.
    """
    if part < 0 or whole < 0:
        raise ValueError(f"比率的分子、分母不能小于零，收到{part}和{whole}，请核对台账。")
    if not whole:
        return None
    scaled = part * ALL_OF_IT
    return (2 * scaled + whole) // (2 * whole) if rounding == "half_up" else scaled // whole


def ranks(values: Sequence[int | None]) -> tuple[int | None, ...]:
    """名次：the greatest first; equals share a place and the next place is left out (1,2,3,3,5).

    Values are compared as they are printed, so that a reader can check every place on the page;
    what has no value has no place.
    """
    known = [value for value in values if value is not None]
    first: dict[int, int] = {}
    for place, value in enumerate(sorted(known, reverse=True), start=1):
        first.setdefault(value, place)
    return tuple(None if value is None else first[value] for value in values)


def gathered(rows: Iterable[Figures], by: Iterable[str]) -> tuple[dict[str, Any], ...]:
    """归并：one line for each combination of the keys, in the order met, its amounts added up."""
    keys = tuple(by)
    lines: dict[tuple[Any, ...], dict[str, Any]] = {}
    for row in rows:
        names = tuple(row[key] for key in keys)
        line = lines.setdefault(names, dict(zip(keys, names, strict=True)))
        for key, value in row.items():
            if key not in keys and isinstance(value, int):
                line[key] = line.get(key, 0) + value
    return tuple(lines.values())


def values(measures: Iterable[Measure], figures: Figures, rounding: Rounding) -> Row:
    """一行指标：the values of the measures in their order."""
    return tuple(measure.value(figures, rounding) for measure in measures)
