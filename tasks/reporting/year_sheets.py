"""年度项目表的内容: a year's projects, pooled quotas, overdue stages and mendings, line by line."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from notices.forms import Breakdown, Form
from notices.plain_text import full_width
from notices.tables import Table
from notices.year_tables import (
    COUNTED,
    mending_table,
    overdue_table,
    roster_table,
    tier_table,
    transfer_table,
)
from records.money.quotas import holder
from records.money.transfers import moved
from records.reporting.figures import COUNTINGS
from rulebooks.procedure.deadlines import local_day
from rulebooks.procedure.milestones import DETERMINED, reached
from rulebooks.procedure.state import State
from rulebooks.vocabulary.events import Event
from tasks.reporting.subject import COMMUNITY, Subject

POPULATION = "collected"


def roster(subject: Subject, form: Form) -> tuple[Table, ...]:
    """项目清单: the projects that were in hand at any time of the year."""
    return (roster_table(_projects(subject), form, _place(subject)),)


def tiers(subject: Subject, form: Form) -> tuple[Table, ...]:
    """分级确定: the same projects by who determined them."""
    by = Breakdown({}, subject.submission.rounding)
    return (tier_table(list(_projects(subject)), form, by),)


def transfers(subject: Subject, form: Form) -> tuple[Table, ...]:
    """统筹调剂: one table for each pooled limit."""
    pooled = [name for name, limit in subject.rulebook.limits.items() if limit.pooled]
    return tuple(
        transfer_table(
            full_width(subject.rulebook.limits[name].label),
            _transferred(subject, name),
            form,
            _place(subject),
        )
        for name in pooled
    )


def overdue(subject: Subject, form: Form) -> tuple[Table, ...]:
    """超期清单: the very rows that make up the figure of what is overdue."""
    states = {state.number: state for state in subject.states("overdue")}
    lines = (_late(states[row["case"]], row) for row in subject.rows("overdue"))
    return (overdue_table(lines, form, _place(subject)),)


def mendings(subject: Subject, form: Form) -> tuple[Table, ...]:
    """整改清单: acceptances of the year at which mending was ordered."""
    lines = (line for state in subject.states(POPULATION) for line in _mended(subject, state))
    return (mending_table(lines, form, _place(subject)),)


def _place(subject: Subject) -> str:
    return full_width(subject.rulebook.levels[COMMUNITY])


def _projects(subject: Subject) -> Iterator[dict[str, Any]]:
    counted: dict[str, dict[str, int]] = defaultdict(dict)
    for column in COUNTED:
        for row in subject.rows(column.key):
            amount = _weight(column.key, row)
            counted[row["case"]][column.key] = amount + counted[row["case"]].get(column.key, 0)
    for state in subject.states(POPULATION):
        position = subject.position(state)
        kind = state.facts["kind"]
        yield {
            **_named(state),
            "kind": full_width(subject.rulebook.kinds.get(kind, kind)),
            "tier": _tier(state),
            "standing": full_width(position.outcome_label or position.waits_for),
            "projects": 1,
            **{column.key: 0 for column in COUNTED},
            **counted[state.number],
        }


def _weight(measure: str, row: Mapping[str, Any]) -> int:
    return int(row["amount_fen"]) if COUNTINGS[measure].what == "amount" else 1


def _tier(state: State) -> str | None:
    """确定方式: the stage at which the project was determined; None before that."""
    origin = next((item.origin for item in reached(state) if item.name == DETERMINED), None)
    if origin is None:
        return None
    return full_width(_stage(state, state.history[origin - 1]))


def _stage(state: State, event: Event) -> str:
    stage = state.rulebook.stages.get(event.stage or "")
    return stage.label if stage else str(event.stage or "")


def _transferred(subject: Subject, name: str) -> Iterator[dict[str, Any]]:
    base = int(subject.rulebook.limits[name].bound.value or 0)
    year = subject.period.last.year
    with subject.store.glance() as connection:
        found = moved(connection, name, subject.cut_off)
    for town, community in sorted(subject.area.places):
        line = found.get(holder(year, subject.rulebook.city, town, community))
        if line is not None:
            net = line.into - line.out
            yield {
                "community": full_width(community),
                "base_fen": base,
                "in_fen": line.into,
                "out_fen": line.out,
                "net_fen": net,
                "after_fen": base + net,
            }


def _late(state: State, row: Mapping[str, Any]) -> dict[str, Any]:
    event = state.history[row["origin"] - 1]
    stage = state.rulebook.stages.get(event.stage or "")
    role = state.rulebook.roles[stage.by.role].label if stage else None
    return {
        **_named(state),
        "stage": full_width(_stage(state, event)),
        "role": None if role is None else full_width(role),
        "since": row["occurred_on"],
    }


def _mended(subject: Subject, state: State) -> Iterator[dict[str, Any]]:
    for event in state.history:
        if event.kind != "mending_ordered":
            continue
        day, content = local_day(event.occurred_at), state.content_of(event.sequence)
        if subject.period.first <= day <= subject.period.last:
            mend_by = content.get("mend_by")
            yield {
                **_named(state),
                "ordered_on": day,
                "problem": full_width(str(content["opinion"])),
                "mend_by": date.fromisoformat(str(mend_by)) if mend_by else None,
                "mended_on": _passed_after(state, event),
            }


def _passed_after(state: State, event: Event) -> date | None:
    later = (
        result
        for result in state.results
        if result.stage == event.stage
        and result.sequence > event.sequence
        and result.outcome == "passed"
    )
    return next((local_day(result.at) for result in later), None)


def _named(state: State) -> dict[str, str]:
    return {
        "project": full_width(str(state.facts["title"])),
        "community": full_width(str(state.facts[COMMUNITY])),
    }
