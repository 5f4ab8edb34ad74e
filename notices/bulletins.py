"""通报: places ranked side by side, and the sentences that say how far they have come."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from notices.dates import day
from notices.forms import Breakdown, Form, measured
from notices.measures import (
    COMPLETED_RATE,
    ON_TIME_RATE,
    SATISFIED_RATE,
    STARTED_RATE,
    Figures,
    Measure,
    gathered,
    ranks,
)
from notices.money import percentage
from notices.tables import ALL_OF_IT, EMPTY, Column, Table

NAME: Final = "推进情况通报表"
RANK: Final = Column("rank", "名次", width=2)
COMPARED: Final = (
    Measure(Column("collected", "征集", "count")),
    Measure(Column("determined", "确定", "count")),
    Measure(Column("implementing", "实施", "count")),
    Measure(Column("completed", "完成", "count")),
    STARTED_RATE,
    COMPLETED_RATE,
    ON_TIME_RATE,
    SATISFIED_RATE,
    Measure(Column("overdue", "超期未办", "count")),
)


def bulletin_table(
    figures: Sequence[Figures], form: Form, breakdown: Breakdown, *, rank_by: str
) -> Table:
    """推进情况通报表：every place with its rank in front; equals share a rank (1,2,3,3,5).

    `rank_by` is the key of the column that decides, as completed_rate; a place without a value
    there stands at the end without a rank.

    Raises:
        KeyError: the bulletin has no column of that key.
    """
    table = measured(form, NAME, breakdown, COMPARED, figures)
    deciding = [value if isinstance(value, int) else None for value in table.column(rank_by)]
    last = len(deciding) + 1
    placed = sorted(zip(ranks(deciding), table.rows, strict=True), key=lambda line: line[0] or last)
    rows = tuple((None if rank is None else str(rank), *row[1:]) for rank, row in placed)
    return replace(table, columns=(RANK, *table.columns[1:]), rows=rows)


def bulletin_sentences(
    figures: Sequence[Figures], form: Form, breakdown: Breakdown
) -> tuple[str, ...]:
    """通报语句：what is begun and completed by the cut-off, on time, and where work is overdue."""
    found = gathered(figures, ())
    until = f"截至{day(form.cut_off)}"
    if not found or not found[0]["determined"]:
        return (f"{until}，尚无确定实施的{form.thing}。",)
    line, unit = found[0], form.counter
    started = _share(STARTED_RATE, line, breakdown)
    completed = _share(COMPLETED_RATE, line, breakdown)
    reached = (
        f"{until}，{line['determined']}{unit}{form.thing}"
        f"已完成{line['completed']}{unit}，完成率{completed}；"
        f"已开工{line['implementing']}{unit}，开工率{started}。"
    )
    return (
        reached,
        *_on_time(line, form, breakdown),
        *_overdue(figures, until, breakdown),
    )


def _share(measure: Measure, line: Figures, breakdown: Breakdown) -> str:
    value = measure.value(line, breakdown.rounding)
    return percentage(value, ALL_OF_IT) if isinstance(value, int) else EMPTY


def _on_time(line: Figures, form: Form, breakdown: Breakdown) -> Iterator[str]:
    if finished := line["finished_on_time"] + line["finished_late"]:
        yield (
            f"{form.period}办结有时限的环节{finished}个，其中按时{line['finished_on_time']}个，"
            f"按时率{_share(ON_TIME_RATE, line, breakdown)}。"
        )


def _overdue(figures: Sequence[Figures], until: str, breakdown: Breakdown) -> Iterator[str]:
    """超期未办：how many, and in which places, the most first."""
    place = next(iter(breakdown.by))
    late = [line for line in gathered(figures, (place,)) if line["overdue"]]
    if late:
        late.sort(key=lambda line: -line["overdue"])
        places = "、".join(f"{line[place]}{line['overdue']}项" for line in late)
        yield f"{until}，超期未办{sum(line['overdue'] for line in late)}项：{places}。"
