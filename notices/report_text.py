"""报送正文: what a report says in words: counts, amounts and rates, taken from the same figures.

Amounts are added in 分 and written in 万元 with two decimals; a rate without anything to divide by
is not said.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from notices.blocks import Paragraph
from notices.dates import day
from notices.forms import YEAR, Form
from notices.measures import (
    COMPLETED_RATE,
    ON_TIME_RATE,
    PAID_RATE,
    SATISFIED_RATE,
    Figures,
    Measure,
    gathered,
    values,
)
from notices.money import Rounding, percentage, ten_thousand
from notices.tables import ALL_OF_IT

PROSE_PLACES: Final = 2
STEPS: Final[Mapping[str, str]] = {
    "determined_new": "确定",
    "started_new": "开工",
    "completed_new": "完成",
    "audited_new": "审计",
    "archived_new": "归档",
}


def report_paragraphs(
    figures: Sequence[Figures], form: Form, rounding: Rounding
) -> tuple[Paragraph, ...]:
    """正文各段：implementation, funds, timeliness and satisfaction, each under its heading."""
    found = gathered(figures, ())
    if not found:
        empty = f"截至{day(form.cut_off)}，{form.office}尚无{form.thing}。"
        return (Paragraph(0, empty),)
    line = found[0]
    sections = {
        f"{form.thing}实施情况": _implementation(line, form, rounding),
        "资金使用情况": _funds(line, form, rounding),
        "办理时效": _timeliness(line, form, rounding),
        "满意度": _satisfaction(line, form, rounding),
    }
    return tuple(
        Paragraph(1, f"{heading}。{''.join(said)}")
        for heading, sentences in sections.items()
        if (said := tuple(sentences))
    )


def _implementation(line: Figures, form: Form, rounding: Rounding) -> Iterator[str]:
    unit = form.counter
    yield (
        f"截至{day(form.cut_off)}，本年累计征集{line['collected']}{unit}、"
        f"确定{line['determined']}{unit}、实施{line['implementing']}{unit}、"
        f"完成{line['completed']}{unit}{_rate(COMPLETED_RATE, line, rounding)}。"
    )
    steps = "、".join(f"{label}{line[key]}{unit}" for key, label in STEPS.items() if line.get(key))
    yield f"{form.period}{steps or '没有新的进展'}。"
    yield (
        f"期初在办{line['opening']}{unit}，新收{line['new']}{unit}，办结{line['done']}{unit}，"
        f"退出{line['withdrawn']}{unit}，期末在办{line['closing']}{unit}。"
    )


def _funds(line: Figures, form: Form, rounding: Rounding) -> Iterator[str]:
    yield (
        f"确定的{form.thing}预算{_amount(line['budget_fen'])}，"
        f"签订合同{_amount(line['contract_fen'])}；"
        f"本年累计审定{_amount(line['audited_fen'])}，已支付{_amount(line['paid_fen'])}"
        f"{_rate(PAID_RATE, line, rounding)}。"
    )
    if form.period != YEAR:
        yield f"{form.period}支付{_amount(line['paid_new_fen'])}。"
    if line["other_fen"]:
        yield f"以上预算中，社会资金{_amount(line['other_fen'])}，单列核算。"


def _timeliness(line: Figures, form: Form, rounding: Rounding) -> Iterator[str]:
    done = line["finished_on_time"] + line["finished_late"]
    if done:
        yield (
            f"{form.period}办结有时限的环节{done}个，其中按时{line['finished_on_time']}个"
            f"{_rate(ON_TIME_RATE, line, rounding)}。"
        )
    if line["overdue"]:
        yield f"截至{day(form.cut_off)}，超期未办{line['overdue']}项。"
    elif done:
        yield "没有超期未办的事项。"


def _satisfaction(line: Figures, form: Form, rounding: Rounding) -> Iterator[str]:
    if line["samples"]:
        yield (
            f"{form.period}收回有效样本{line['samples']}份，满意{line['satisfied']}份"
            f"{_rate(SATISFIED_RATE, line, rounding)}。"
        )


def _amount(fen: int) -> str:
    return f"{ten_thousand(fen, PROSE_PLACES)}万元"


def _rate(measure: Measure, line: Figures, rounding: Rounding) -> str:
    (value,) = values((measure,), line, rounding)
    if not isinstance(value, int):
        return ""
    return f"，{measure.column.label}{percentage(value, ALL_OF_IT)}"
