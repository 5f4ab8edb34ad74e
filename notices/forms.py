"""表式: what the tables of one report share: who fills them in, up to when, on which day."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from notices.dates import day
from notices.measures import Figures, Measure, gathered, values
from notices.money import Rounding
from notices.tables import TOTAL, Column, Entry, Row, Table

TEN_THOUSANDS: Final = "单位：万元"
YUAN: Final = "单位：元"
# Words, not a count: the line of the total says 合计 here.
NUMBER: Final = Column("number", "序号", width=2)
LONG_NAME: Final = 3
# What a report on a whole year calls its period.
YEAR: Final = "本年"


@dataclass(frozen=True, slots=True)
class Form:
    """表式: the subject of a report (城东镇2026年10月民生项目), its office, dates and signatures.

    `cut_off` is the last day that counts, to its end at 24:00 Beijing time; it is not the day the
    table is filled in. `period` is what the report calls its period (本月、本季度、本年).
    """

    subject: str
    office: str
    cut_off: date
    filled_on: date
    period: str
    responsible: str = ""
    checked_by: str = ""
    filled_by: str = ""
    phone: str = ""
    thing: str = "项目"
    counter: str = "个"

    @property
    def heads(self) -> tuple[Entry, ...]:
        """表头：office, cut-off and the day of filling in, each for itself."""
        return (
            Entry("填报单位（盖章）", self.office),
            Entry("统计截止", f"{day(self.cut_off)}24时"),
            Entry("填报日期", day(self.filled_on)),
        )

    @property
    def feet(self) -> tuple[Entry, ...]:
        """表尾：who answers for the table; what is not given is left for a pen."""
        return (
            Entry("单位负责人", spaced(self.responsible)),
            Entry("审核人", spaced(self.checked_by)),
            Entry("填表人", spaced(self.filled_by)),
            Entry("联系电话", self.phone),
        )

    def table(
        self,
        name: str,
        columns: Iterable[Column],
        rows: Iterable[Row],
        total: Row | None = None,
        unit_note: str | None = None,
    ) -> Table:
        """成表：a table of this report, numbered line by line in front."""
        return Table(
            caption=f"{self.subject}{name}",
            columns=(NUMBER, *columns),
            rows=tuple((str(number), *row) for number, row in enumerate(rows, start=1)),
            total=None if total is None else (TOTAL, *total),
            unit_note=unit_note,
            heads=self.heads,
            feet=self.feet,
            landscape=True,
        )


@dataclass(frozen=True, slots=True)
class Breakdown:
    """分列: by what a report's figures are broken down (键 to 栏名), and how its rates are rounded.

    The lines hold names, not keys: what a kind or a place is called comes with the figures.
    """

    by: Mapping[str, str]
    rounding: Rounding

    @property
    def columns(self) -> tuple[Column, ...]:
        """分列的栏：one column of words for each."""
        return tuple(Column(key, label) for key, label in self.by.items())

    def rows(self, figures: Iterable[Figures], measures: Sequence[Measure]) -> tuple[Row, ...]:
        """各行：figures of the same names added up, then put into the measures."""
        return tuple(
            (*(line[key] for key in self.by), *values(measures, line, self.rounding))
            for line in gathered(figures, self.by)
        )

    def total(self, figures: Iterable[Figures], measures: Sequence[Measure]) -> Row | None:
        """合计：amounts added up, rates formed from the sums; None when there is nothing to add."""
        found = gathered(figures, ())
        if not found:
            return None
        return (*(None for _ in self.by), *values(measures, found[0], self.rounding))


def measured(
    form: Form,
    name: str,
    breakdown: Breakdown,
    measures: Sequence[Measure],
    figures: Sequence[Figures],
    unit_note: str | None = None,
) -> Table:
    """指标表：a table of measures, broken down, with its total."""
    columns = (*breakdown.columns, *(measure.column for measure in measures))
    rows = breakdown.rows(figures, measures)
    return form.table(name, columns, rows, breakdown.total(figures, measures), unit_note)


def spaced(name: str) -> str:
    """两字姓名：set apart, so that it is as wide as a name of three characters (李　明)."""
    plain = name.strip()
    return "　".join(plain) if len(plain) == LONG_NAME - 1 and plain.isalpha() else plain
