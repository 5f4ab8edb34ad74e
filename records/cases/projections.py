"""投影：由流水折叠出的现状写进卷宗与待办两张表；随时可以由流水重建并对照。"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import zip_longest
from typing import Any

from sqlalchemy import (
    Connection,
    Date,
    Dialect,
    String,
    bindparam,
    delete,
    exists,
    insert,
    select,
    update,
)

from records.cases import journal
from records.cases.claim_rows import claim_rows, rewritten_claims, saved_claims
from records.cases.claim_rows import stored_rows as stored_claims
from records.cases.dossiers import Dossier, refold
from records.cases.ledger_rows import posted
from records.cases.milestones import milestone_rows, rewritten, saved_changes, stored_rows
from records.database.columns import canonical
from records.database.milestone_tables import milestones
from records.database.prepared import Prepared, prepare, run
from records.database.store import Store
from records.database.tables import appointments, cases, duties
from records.people.organisations import Link, in_office, responsible
from rulebooks.days.working_days import BEIJING
from rulebooks.judging.caps import selection
from rulebooks.procedure.position import Duty, Position, look
from rulebooks.procedure.state import State

_DERIVED = (
    "head",
    "head_digest",
    "look_at",
    "status",
    "stage",
    "waits_for",
    "duty_count",
    "outcome",
    "rulebook",
    "town",
    "community",
    "title",
    "project_kind",
    "category",
    "budget_fen",
    "contract_fen",
    "audited_fen",
    "paid_fen",
    "established_on",
    "closed_at",
    "implementer",
    "selected_on",
)
_VALUES: dict[str, Any] = {name: bindparam(name) for name in _DERIVED}
_UPDATE = update(cases).where(cases.c.number == bindparam("of_case")).values(_VALUES)
_STILL_APPOINTED = exists().where(
    appointments.c.person == bindparam("by_person", type_=String),
    appointments.c.role == bindparam("in_role", type_=String),
    appointments.c.organisation == bindparam("at_organisation", type_=String),
    in_office(bindparam("on_day", type_=Date)),
)
# Takes hold only of the case that was judged, and only while whoever acts is still in office.
_UPDATE_AS_SEEN = _UPDATE.where(
    cases.c.head_digest == bindparam("seen_digest", type_=String), _STILL_APPOINTED
)
_CHANGE_DUTIES = (
    update(duties)
    .where(duties.c.case == bindparam("of_case"), duties.c.ordinal == bindparam("at_ordinal"))
    .values({column.name: bindparam(column.name) for column in duties.c})
)
_ADD_DUTIES = insert(duties)
_FORGET_DUTIES = delete(duties).where(
    duties.c.case == bindparam("of_case"), duties.c.ordinal >= bindparam("kept")
)


@dataclass(frozen=True, slots=True)
class Difference:
    """一处不符：事项、哪一列、表中所存、流水所推。"""

    case: str
    column: str
    stored: Any
    derived: Any


@dataclass(frozen=True, slots=True)
class Projection:
    """算好待存的现状：卷宗（含已记未存的各行）、现状、卷宗一行、待办各行。"""

    dossier: Dossier
    position: Position
    case: dict[str, Any]
    duties: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Saving:
    """备好待执行的存入：卷宗一行，其后的各条。"""

    case: Prepared
    rest: tuple[Prepared, ...]


@dataclass(frozen=True, slots=True)
class AsSeen:
    """存入的前提：事项仍是判断时所见的那一条，办理人仍在其位。"""

    digest: str
    person: str
    role: str
    organisation: str
    day: date


def projected(store: Store, dossier: Dossier) -> Projection:
    """由卷宗算出现状与两张表的各行，不写库。

    现状取最后一条记入之时的，同样的流水永远投影出同样的两张表。
    """
    position = _position(store, dossier)
    return Projection(dossier, position, case_row(dossier, position), duty_rows(dossier, position))


def save(connection: Connection, saving: Saving) -> bool:
    """存入已记的各行与现状；前提已变的，什么也不存，返回 False。"""
    if run(connection, saving.case) != 1:
        return False
    for prepared in saving.rest:
        run(connection, prepared)
    return True


def saving(store: Store, projection: Projection, seen: AsSeen | None = None) -> Saving:
    """备好存入的各条语句；给了 `seen` 的，以其为前提。"""
    dialect = store.engine.dialect
    dossier = projection.dossier
    values = {**projection.case, "of_case": dossier.number}
    if seen is None:
        case = prepare(dialect, _UPDATE, [values])
    else:
        case = prepare(dialect, _UPDATE_AS_SEEN, [values | _premise(seen)])
    rest = _duty_changes(dialect, dossier, projection.duties)
    if dossier.pending:
        rest = [journal.appended(dialect, dossier.pending), *rest]
    if dossier.postings:
        rest.append(posted(dialect, dossier.postings))
    rest.extend(saved_changes(dialect, dossier.milestones))
    rest.extend(saved_claims(dialect, dossier.claims))
    return Saving(case, tuple(rest))


def _duty_changes(dialect: Dialect, dossier: Dossier, rows: list[dict[str, Any]]) -> list[Prepared]:
    """现存的逐件改写，多的添上，余下的清除。"""
    kept = dossier.duty_count
    changes = []
    if rows[:kept]:
        changes.append(prepare(dialect, _CHANGE_DUTIES, [_addressed(row) for row in rows[:kept]]))
    if rows[kept:]:
        changes.append(prepare(dialect, _ADD_DUTIES, rows[kept:]))
    if len(rows) < kept:
        changes.append(prepare(dialect, _FORGET_DUTIES, [_surplus(dossier.number, len(rows))]))
    return changes


def _surplus(case: str, kept: int) -> dict[str, Any]:
    return {"of_case": case, "kept": kept}


def _addressed(row: Mapping[str, Any]) -> dict[str, Any]:
    return {"of_case": row["case"], "at_ordinal": row["ordinal"], **row}


def project(store: Store, connection: Connection, dossier: Dossier) -> Position:
    """算出现状并连同已记的各行存入，返回现状。"""
    projection = projected(store, dossier)
    if not save(connection, saving(store, projection)):
        raise LookupError(f"卷宗里没有事项{dossier.number}，什么也没有记。")
    return projection.position


def _premise(seen: AsSeen) -> dict[str, Any]:
    return {
        "seen_digest": seen.digest,
        "by_person": seen.person,
        "in_role": seen.role,
        "at_organisation": seen.organisation,
        "on_day": seen.day,
    }


def case_row(dossier: Dossier, position: Position) -> dict[str, Any]:
    """卷宗一行中由流水推出的各列。"""
    state = dossier.state
    return {
        "head": dossier.head,
        "head_digest": dossier.digest,
        "look_at": position.next_look_at,
        "status": "open" if position.open else "closed",
        "stage": "+".join(item.stage for item in state.open) or None,
        "waits_for": position.waits_for,
        "duty_count": len(position.duties),
        "outcome": position.outcome,
        "rulebook": state.rulebook.version.id,
        "town": state.facts["town"],
        "community": state.facts["community"],
        "title": state.facts["title"],
        "project_kind": state.facts.get("kind", ""),
        "category": state.facts.get("category", ""),
        "established_on": _day(state.established_at),
        "closed_at": state.closed_at,
        **_selected(state),
        **_amounts(state),
    }


def _selected(state: State) -> dict[str, Any]:
    """由谁承接，何日确定；还没有确定、确定已失效的为空。"""
    chosen = selection(state)
    if chosen is None:
        return {"implementer": None, "selected_on": None}
    return {"implementer": chosen.content["implementer"], "selected_on": _day(chosen.at)}


def _amounts(state: State) -> dict[str, int | None]:
    names = ("budget", "contract", "audited", "paid")
    amounts = state.amounts if state.rulebook.submission is None else {}
    found = {f"{name}_fen": amounts.get(name) for name in names}
    # 报送件没有预算，记零。
    return {**found, "budget_fen": state.amounts.get("budget", 0)}


def _day(moment: datetime | None) -> date | None:
    return None if moment is None else moment.astimezone(BEIJING).date()


def duty_rows(dossier: Dossier, position: Position) -> list[dict[str, Any]]:
    """待办各行；机关取由近到远此地首个有的一级。"""
    return [
        {"case": dossier.number, "ordinal": ordinal, **_duty_row(duty, dossier.chain)}
        for ordinal, duty in enumerate(position.duties)
    ]


def _duty_row(duty: Duty, chain: Sequence[Link]) -> dict[str, Any]:
    link = responsible(chain, duty.at)
    return {
        "stage": duty.stage,
        "round": duty.round,
        "label": duty.label,
        "role": duty.role,
        "organisation": None if link is None else link.organisation.id,
        "actions": canonical(duty.actions),
        "opened_at": duty.opened_at,
        "due": duty.due,
        "opens": duty.opens,
        "overdue": duty.overdue,
        "severity": duty.severity,
        "article": duty.article,
        "provisional": duty.provisional,
    }


def compare(store: Store) -> tuple[Difference, ...]:
    """把卷宗、待办与统计行逐个对照流水，列出不符之处；相符则为空。"""
    differences: list[Difference] = []
    with store.read() as connection:
        for number in _numbers(connection):
            dossier = refold(connection, number)
            differences.extend(_differences(store, connection, dossier))
    return tuple(differences)


def rebuild(store: Store) -> tuple[Difference, ...]:
    """由流水重建全部卷宗、待办与统计行，返回重建前的不符之处（工作日历修订后即为变动的各期限）。"""
    found: list[Difference] = []
    with store.glance() as connection:
        numbers = _numbers(connection)
    for number in numbers:
        with store.write() as connection:
            dossier = refold(connection, number)
            differences = _differences(store, connection, dossier)
            if differences:
                run(
                    connection, prepare(store.engine.dialect, _FORGET_DUTIES, [_surplus(number, 0)])
                )
                project(store, connection, replace(dossier, duty_count=0))
                rows = milestone_rows(dossier.state)
                claims = rewritten_claims(store.engine.dialect, dossier.state)
                for prepared in (*rewritten(store.engine.dialect, number, rows), *claims):
                    run(connection, prepared)
            found.extend(differences)
    store.states.clear()
    return tuple(found)


def complete_milestones(store: Store) -> None:
    """统计行设立之前已有的事项，由流水补记；都有了的不再看。"""
    counted = exists().where(milestones.c.case == cases.c.number)
    query = select(cases.c.number).where(cases.c.duty.is_(None), cases.c.head > 0, ~counted)
    with store.glance() as connection:
        numbers = connection.execute(query.order_by(cases.c.number)).scalars().all()
    for number in numbers:
        with store.write() as connection:
            rows = milestone_rows(refold(connection, number).state)
            for prepared in rewritten(store.engine.dialect, number, rows):
                run(connection, prepared)


def _position(store: Store, dossier: Dossier) -> Position:
    return look(dossier.state, store.calendar, dossier.state.history[-1].recorded_at)


def _numbers(connection: Connection) -> Sequence[str]:
    return connection.execute(select(cases.c.number).order_by(cases.c.number)).scalars().all()


def _differences(store: Store, connection: Connection, dossier: Dossier) -> list[Difference]:
    position = _position(store, dossier)
    of_case = select(*(cases.c[name] for name in _DERIVED)).where(cases.c.number == dossier.number)
    stored = connection.execute(of_case).mappings().one()
    found = _unlike(dossier.number, "", stored, case_row(dossier, position))
    rows = connection.execute(
        select(duties).where(duties.c.case == dossier.number).order_by(duties.c.ordinal)
    ).mappings()
    derived_rows = duty_rows(dossier, position)
    nothing: Mapping[Any, Any] = {}
    pairs = zip_longest(rows, derived_rows, fillvalue=nothing)
    for ordinal, (row, derived) in enumerate(pairs):
        found.extend(_unlike(dossier.number, f"duties[{ordinal}].", row, derived))
    counted = zip_longest(
        stored_rows(connection, dossier.number), milestone_rows(dossier.state), fillvalue=nothing
    )
    for ordinal, (row, derived) in enumerate(counted):
        found.extend(_unlike(dossier.number, f"milestones[{ordinal}].", row, derived))
    if dossier.state.rulebook.submission is not None:
        found.extend(_claim_differences(connection, dossier))
    return found


def _claim_differences(connection: Connection, dossier: Dossier) -> list[Difference]:
    nothing: Mapping[Any, Any] = {}
    number, found = dossier.number, []
    stored = stored_claims(connection, number)
    pairs = zip_longest(stored, claim_rows(dossier.state), fillvalue=nothing)
    for ordinal, (row, derived) in enumerate(pairs):
        found.extend(_unlike(number, f"claim_lines[{ordinal}].", row, derived))
    return found


def _unlike(
    number: str, prefix: str, stored: Mapping[Any, Any], derived: Mapping[Any, Any]
) -> list[Difference]:
    return [
        Difference(number, f"{prefix}{name}", stored.get(name), derived.get(name))
        for name in (derived or stored)
        if stored.get(name) != derived.get(name)
    ]
