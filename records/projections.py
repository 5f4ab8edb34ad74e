"""投影：由流水折叠出的现状写进卷宗与待办两张表；随时可以由流水重建并对照。"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import zip_longest
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from records.columns import canonical
from records.dossiers import Dossier, refold
from records.organisations import Link, links, responsible
from records.store import Store
from records.tables import cases, duties
from rulebooks.position import Duty, Position, look
from rulebooks.state import State
from rulebooks.working_days import BEIJING

_DERIVED = (
    "head",
    "head_digest",
    "look_at",
    "status",
    "stage",
    "waits_for",
    "outcome",
    "title",
    "project_kind",
    "category",
    "budget_fen",
    "contract_fen",
    "audited_fen",
    "paid_fen",
    "established_on",
    "closed_at",
)
_UPDATE = (
    update(cases)
    .where(cases.c.number == bindparam("of_case"))
    .values({name: bindparam(name) for name in _DERIVED})
)
_FORGET_DUTIES = delete(duties).where(duties.c.case == bindparam("of_case"))
_ADD_DUTIES = insert(duties)


@dataclass(frozen=True, slots=True)
class Difference:
    """一处不符：事项、哪一列、表中所存、流水所推。"""

    case: str
    column: str
    stored: Any
    derived: Any


def project(
    store: Store, connection: Connection, dossier: Dossier, chain: Sequence[Link]
) -> Position:
    """写入一个事项的现状与待办，返回现状。`chain` 为所在社区的上级链。

    现状取最后一条记入之时的，同样的流水永远投影出同样的两张表。
    """
    position = _position(store, dossier)
    row = case_row(dossier, position)
    connection.execute(_UPDATE, {**row, "of_case": dossier.number})
    connection.execute(_FORGET_DUTIES, {"of_case": dossier.number})
    rows = duty_rows(dossier.number, position, chain)
    if rows:
        connection.execute(_ADD_DUTIES, rows)
    store.states.put(dossier.digest, dossier.state)
    return position


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
        "outcome": position.outcome,
        "title": state.facts["title"],
        "project_kind": state.facts["kind"],
        "category": state.facts["category"],
        "established_on": _day(state.established_at),
        "closed_at": state.closed_at,
        **_amounts(state),
    }


def _amounts(state: State) -> dict[str, int | None]:
    names = ("budget", "contract", "audited", "paid")
    return {f"{name}_fen": state.amounts.get(name) for name in names}


def _day(moment: datetime | None) -> date | None:
    return None if moment is None else moment.astimezone(BEIJING).date()


def duty_rows(number: str, position: Position, chain: Sequence[Link]) -> list[dict[str, Any]]:
    """待办各行；机关取由近到远此地首个有的一级。"""
    return [
        {"case": number, "ordinal": ordinal, **_duty_row(duty, chain)}
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


def place_chain(connection: Connection, place: str) -> tuple[Link, ...]:
    """社区的上级链，不问谁任何职。"""
    return links(connection, place, "", "", date.min)


def compare(store: Store) -> tuple[Difference, ...]:
    """把卷宗与待办逐个对照流水，列出不符之处；相符则为空。"""
    differences: list[Difference] = []
    with store.read() as connection:
        for number in _numbers(connection):
            differences.extend(_differences(store, connection, refold(connection, number)))
    return tuple(differences)


def rebuild(store: Store) -> tuple[Difference, ...]:
    """由流水重建全部卷宗与待办，返回重建前的不符之处（工作日历修订后即为变动的各期限）。"""
    found: list[Difference] = []
    with store.glance() as connection:
        numbers = _numbers(connection)
    for number in numbers:
        with store.write() as connection:
            dossier = refold(connection, number)
            differences = _differences(store, connection, dossier)
            if differences:
                chain = place_chain(connection, dossier.place)
                project(store, connection, dossier, chain)
            found.extend(differences)
    return tuple(found)


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
    chain = place_chain(connection, dossier.place)
    derived_rows = duty_rows(dossier.number, position, chain)
    nothing: Mapping[Any, Any] = {}
    pairs = zip_longest(rows, derived_rows, fillvalue=nothing)
    for ordinal, (row, derived) in enumerate(pairs):
        found.extend(_unlike(dossier.number, f"duties[{ordinal}].", row, derived))
    return found


def _unlike(
    number: str, prefix: str, stored: Mapping[Any, Any], derived: Mapping[Any, Any]
) -> list[Difference]:
    return [
        Difference(number, f"{prefix}{name}", stored.get(name), derived.get(name))
        for name in (derived or stored)
        if stored.get(name) != derived.get(name)
    ]
