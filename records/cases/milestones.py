"""统计行：台账每记一条，计入报表的有哪些新发生、哪些作废，与该条同一事务写入。

一件事的内容变了（更正、变更、事项办结而不再在办），原行作废，另添一行：当时所知的数因此
永远算得出来。
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

from sqlalchemy import (
    Connection,
    Date,
    Dialect,
    Integer,
    bindparam,
    delete,
    insert,
    select,
    update,
)

from records.database.columns import Moment
from records.database.milestone_tables import milestones
from records.database.prepared import Prepared, prepare
from rulebooks.procedure.deadlines import local_day
from rulebooks.procedure.migration import MIGRATED, founding_version
from rulebooks.procedure.milestones import LASTING, Milestone, reached
from rulebooks.procedure.position import apply, start
from rulebooks.procedure.state import State
from rulebooks.reading.loader import load_rulebook
from rulebooks.vocabulary.events import Event

Row = dict[str, Any]

_ADD = insert(milestones)
# A row that is replaced and the row that replaces it share milestone and origin.
_VOID = (
    update(milestones)
    .where(
        milestones.c.case == bindparam("of_case"),
        milestones.c.milestone == bindparam("of_milestone"),
        milestones.c.origin == bindparam("of_origin"),
        milestones.c.sequence < bindparam("by_sequence", type_=Integer),
        milestones.c.voided_at.is_(None),
    )
    .values(
        voided_at=bindparam("at", type_=Moment),
        voided_by=bindparam("by", type_=Integer),
        relevant_until=bindparam("until", type_=Date),
    )
)
_FORGET = delete(milestones).where(milestones.c.case == bindparam("of_case"))


@dataclass(frozen=True, slots=True)
class _Fact:
    """一件事连同它归在哪一类。"""

    milestone: Milestone
    kind: str
    category: str


Key = tuple[str, int]
Facts = dict[Key, _Fact]


@dataclass(frozen=True, slots=True)
class Changes:
    """台账的几条带来的变化：新添的行，作废的行（地址与作废各列）。"""

    added: tuple[Row, ...] = ()
    voided: tuple[Row, ...] = ()

    def and_then(self, later: Changes) -> Changes:
        """连同其后的变化。"""
        if not later.added and not later.voided:
            return self
        return Changes(self.added + later.added, self.voided + later.voided)


NO_CHANGES = Changes()


def changed_rows(before: State, after: State) -> Changes:
    """台账刚记入的一条（`after` 的最后一条）带来的变化：消失或变了的作废，新的与变了的添行。"""
    if after.rulebook.submission is not None:
        return NO_CHANGES
    event = after.history[-1]
    was, now = _facts(before), _facts(after)
    if was == now:
        return NO_CHANGES
    gone = [key for key, fact in was.items() if now.get(key) != fact]
    new = [fact for key, fact in now.items() if was.get(key) != fact]
    return Changes(
        tuple(_row(after, event, fact) for fact in new),
        tuple(_void(after, event, was[key].milestone) for key in gone),
    )


def milestone_rows(state: State) -> tuple[Row, ...]:
    """一个事项自立卷以来的全部统计行，含已作废的，按记入的先后。"""
    return rows_of(_states(state))


def rows_of(states: Iterable[State]) -> tuple[Row, ...]:
    """逐条折叠的各个状态（立卷之前的在先）所推出的全部统计行。"""
    rows: list[Row] = []
    live: dict[Key, int] = {}
    for before, after in pairwise(states):
        changes = changed_rows(before, after)
        for void in changes.voided:
            place = live.pop((void["of_milestone"], void["of_origin"]))
            rows[place] |= _marks(void)
        for row in changes.added:
            live[row["milestone"], row["origin"]] = len(rows)
            rows.append(row)
    return tuple(sorted(rows, key=_order))


def saved_changes(dialect: Dialect, changes: Changes) -> list[Prepared]:
    """备好存入的语句；没有变化的没有语句。"""
    statements = []
    if changes.added:
        statements.append(prepare(dialect, _ADD, changes.added))
    if changes.voided:
        statements.append(prepare(dialect, _VOID, changes.voided))
    return statements


def rewritten(dialect: Dialect, case: str, rows: tuple[Row, ...]) -> list[Prepared]:
    """备好重写一个事项的全部统计行。"""
    forget = prepare(dialect, _FORGET, [{"of_case": case}])
    return [forget, *saved_changes(dialect, Changes(rows))]


def stored_rows(connection: Connection, case: str) -> tuple[Row, ...]:
    """表中现存的各行，次序与 `milestone_rows` 相同。"""
    query = select(milestones).where(milestones.c.case == case)
    return tuple(sorted(map(dict, connection.execute(query).mappings()), key=_order))


def _states(state: State) -> Iterator[State]:
    rulebook = state.rulebook
    if any(event.kind == MIGRATED for event in state.history):
        version = founding_version(state.history, rulebook.version.id)
        rulebook = load_rulebook(rulebook.city, version, rulebook.town, rulebook.submission)
    current = start(rulebook)
    yield current
    for event in state.history:
        current = apply(current, event)
        yield current


def _order(row: Mapping[str, Any]) -> tuple[int, str, int]:
    return row["sequence"], row["milestone"], row["origin"]


def _facts(state: State) -> Facts:
    facts = state.facts
    return {
        (item.name, item.origin): _Fact(item, str(facts["kind"]), str(facts["category"]))
        for item in reached(state)
    }


def _row(state: State, event: Event, fact: _Fact) -> Row:
    milestone = fact.milestone
    return {
        "case": state.number,
        "sequence": event.sequence,
        "milestone": milestone.name,
        "origin": milestone.origin,
        "occurred_on": milestone.occurred_on,
        "ended_on": milestone.ended_on,
        "relevant_until": _until(milestone),
        "recorded_at": event.recorded_at,
        "voided_at": None,
        "voided_by": None,
        "city": state.rulebook.city,
        "town": state.facts["town"],
        "community": state.facts["community"],
        "kind": fact.kind,
        "category": fact.category,
        "amount_fen": milestone.amount_fen,
        "count": milestone.count,
    }


def _until(milestone: Milestone) -> date:
    """到哪一日为止还与报表有关：在办的一直有关，发生过就完的只与发生之日有关。"""
    if milestone.name in LASTING:
        return milestone.ended_on or date.max
    return milestone.occurred_on


def _void(state: State, event: Event, milestone: Milestone) -> Row:
    """作废一行：作废之后的统计不再看它，作废之前的照看。"""
    return {
        "of_case": state.number,
        "of_milestone": milestone.name,
        "of_origin": milestone.origin,
        "by_sequence": event.sequence,
        "at": event.recorded_at,
        "by": event.sequence,
        "until": min(_until(milestone), local_day(event.recorded_at)),
    }


def _marks(void: Row) -> Row:
    return {
        "voided_at": void["at"],
        "voided_by": void["by"],
        "relevant_until": void["until"],
    }
