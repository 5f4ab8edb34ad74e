"""报送的表和图: each table and chart a submission can carry, by its name in the rulebook."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from notices import charts
from notices.bulletins import bulletin_table
from notices.charts import Chart
from notices.claim_tables import correction_table
from notices.evaluation_tables import evaluation_table
from notices.forms import Breakdown, Form
from notices.measures import COMPLETED_RATE, Figures
from notices.plain_text import full_width
from notices.report_tables import (
    annual_funds_table,
    annual_implementation_table,
    funds_table,
    implementation_table,
    progress_table,
)
from notices.tables import Table
from rulebooks.procedure import milestones as kinds
from rulebooks.procedure.milestones import reached
from rulebooks.procedure.position import Position
from rulebooks.procedure.state import State
from tasks.reporting import year_sheets
from tasks.reporting.corrections import corrected
from tasks.reporting.subject import COMMUNITY, TOWN, Subject

Tables = tuple[Table, ...]
BY_KIND: Mapping[str, str] = {"kind": "项目类型"}
BY_CATEGORY: Mapping[str, str] = {"category": "项目类别"}


def breakdown_of(subject: Subject) -> Breakdown:
    """按什么分列: a town by its communities, a community by category, what is higher by towns."""
    book = subject.rulebook
    if subject.office.level == COMMUNITY:
        return Breakdown(BY_CATEGORY, subject.submission.rounding)
    below = COMMUNITY if subject.office.level == TOWN else TOWN
    return Breakdown({below: full_width(book.levels[below])}, subject.submission.rounding)


def lines_of(subject: Subject, breakdown: Breakdown) -> Sequence[Figures]:
    """各行的数: by towns, a line for every town that is registered, with or without projects."""
    return subject.figures_of_every_town if TOWN in breakdown.by else subject.figures


def _each(subject: Subject) -> Iterator[Breakdown]:
    """A year is told by place, by kind and by category; by category only once."""
    rounding = subject.submission.rounding
    first = breakdown_of(subject)
    yield first
    for by in (BY_KIND, BY_CATEGORY):
        if by != first.by:
            yield Breakdown(by, rounding)


def _implementation(subject: Subject, form: Form) -> Tables:
    if subject.yearly:
        return tuple(
            annual_implementation_table(lines_of(subject, by), form, by) for by in _each(subject)
        )
    by = breakdown_of(subject)
    return (implementation_table(lines_of(subject, by), form, by),)


def _funds(subject: Subject, form: Form) -> Tables:
    if subject.yearly:
        return tuple(annual_funds_table(lines_of(subject, by), form, by) for by in _each(subject))
    by = breakdown_of(subject)
    return (funds_table(lines_of(subject, by), form, by),)


def _ranking(subject: Subject, form: Form) -> Tables:
    rank_by = subject.submission.ranked_by or COMPLETED_RATE.column.key
    by = breakdown_of(subject)
    return (bulletin_table(lines_of(subject, by), form, by, rank_by=rank_by),)


def _progress(subject: Subject, form: Form) -> Tables:
    """逐个项目的进度: those that were not closed at the cut-off."""
    late: dict[str, list[int]] = {}
    for row in subject.rows("overdue"):
        late.setdefault(row["case"], []).append(row["origin"])
    lines = (
        _progress_line(subject, state, late.get(state.number, ()))
        for state in subject.states("closing")
    )
    return (progress_table(lines, form),)


def _progress_line(subject: Subject, state: State, fell: Sequence[int]) -> dict[str, Any]:
    """一个项目: what is overdue comes from the same rows as the number of what is overdue."""
    position = subject.position(state)
    names = (state.history[sequence - 1].stage or "" for sequence in fell)
    stages = state.rulebook.stages
    late = "、".join(stages[name].label if name in stages else name for name in names)
    return {
        "project": str(state.facts["title"]),
        # Nobody sets a project a target for the year; when it is to be done is its schedule.
        "target": None,
        "progress": full_width(position.waits_for),
        "next_step": _next_step(state, position),
        "problem": f"{full_width(late)}超期未办" if late else None,
        "leader": None,
        "departments": _whose_turn(subject, state, position) or None,
    }


def _next_step(state: State, position: Position) -> str | None:
    following = full_width("、".join(position.next))
    schedule = state.facts.get("schedule")
    planned = f"计划实施时间：{schedule}" if schedule else ""
    return "；".join(said for said in (following, planned) if said) or None


def _whose_turn(subject: Subject, state: State, position: Position) -> tuple[str, ...]:
    """牵头部门: the offices whose duties are open."""
    above = subject.offices_of(state.number)
    owners = (
        next((above[level] for level in duty.at if level in above), None)
        for duty in position.duties
    )
    return tuple(dict.fromkeys(name for name in owners if name))


def _evaluation(subject: Subject, form: Form) -> Tables:
    lines = (_evaluated(subject, state) for state in subject.states("completed_new"))
    return (evaluation_table(lines, form, subject.submission.rounding),)


def _evaluated(subject: Subject, state: State) -> dict[str, Any]:
    """一个完成的项目: its day and its answers are those that the figures count."""
    found = list(reached(state))
    completed = [item.occurred_on for item in found if item.name == kinds.COMPLETED]
    samples, satisfied = (
        sum(item.count or 0 for item in found if item.name == name)
        for name in (kinds.SAMPLES, kinds.SATISFIED)
    )
    category = state.facts["category"]
    return {
        "project": str(state.facts["title"]),
        "community": str(state.facts[COMMUNITY]),
        "category": full_width(subject.rulebook.categories.get(category, category)),
        "completed_on": completed[0] if completed else None,
        "audited_fen": state.amounts.get("audited"),
        "samples": samples or None,
        "satisfied": satisfied if samples else None,
    }


def _corrections(subject: Subject, form: Form) -> Tables:
    """更正表: what became known of earlier reports only after they were sent, and why."""
    (key,) = breakdown_of(subject).by
    return (correction_table(corrected(subject, key), form),)


TABLES: Mapping[str, Callable[[Subject, Form], Tables]] = {
    "implementation": _implementation,
    "funds": _funds,
    "progress": _progress,
    "ranking": _ranking,
    "evaluation": _evaluation,
    "corrections": _corrections,
    "roster": year_sheets.roster,
    "tiers": year_sheets.tiers,
    "transfers": year_sheets.transfers,
    "overdue": year_sheets.overdue,
    "mendings": year_sheets.mendings,
}


def _by_place(
    draw: Callable[[Sequence[Figures], Form, Breakdown], Chart],
) -> Callable[[Subject, Form], Chart]:
    def chart(subject: Subject, form: Form) -> Chart:
        by = breakdown_of(subject)
        return draw(lines_of(subject, by), form, by)

    return chart


CHARTS: Mapping[str, Callable[[Subject, Form], Chart]] = {
    "funnel": lambda subject, form: charts.funnel(
        subject.figures, form, subject.submission.rounding
    ),
    "by_town": _by_place(charts.by_town),
    "on_time": _by_place(charts.on_time),
    "funds_used": _by_place(charts.funds_used),
    "satisfaction": _by_place(charts.satisfaction),
}
