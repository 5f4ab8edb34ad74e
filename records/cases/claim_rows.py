"""认定申请的行与分录：台账每记一条，申请的各行有哪些新添、哪些有了着落，市级资金怎样走。

与该条同一事务写入。资金：年度安排 → 已认定待拨 → 已拨镇街，各步的户头不属于某一项目。
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    Connection,
    Dialect,
    Integer,
    String,
    bindparam,
    delete,
    select,
    update,
)

from records.database.bulk import bulk, bulk_update
from records.database.claim_tables import PENDING, RECOGNIZED, REFUSED, RELEASED, claim_lines
from records.database.prepared import Prepared, prepare
from rulebooks.accounting.accounts import APPROPRIATED, DISBURSED, SOURCE
from rulebooks.accounting.accounts import RECOGNISED as RECOGNISED_ACCOUNT
from rulebooks.days.working_days import BEIJING
from rulebooks.judging.recognition import CLAIMED
from rulebooks.procedure.amounts import PAID
from rulebooks.procedure.amounts import RECOGNIZED as RECOGNIZED_EVENT
from rulebooks.procedure.state import State
from rulebooks.vocabulary.events import Event

Row = dict[str, Any]
Key = tuple[int, str]
RETURNED = "returned"
SETTLED_COLUMNS = ("status", "recognised_fen", "reason", "settled_at")

_SETTLE = (
    update(claim_lines)
    .where(
        claim_lines.c.claim == bindparam("of_claim", type_=String),
        claim_lines.c.sequence == bindparam("of_sequence", type_=Integer),
        claim_lines.c.project == bindparam("of_project", type_=String),
    )
    .values({name: bindparam(name) for name in SETTLED_COLUMNS})
)
_FORGET = delete(claim_lines).where(claim_lines.c.claim == bindparam("of_claim", type_=String))


@dataclass(frozen=True, slots=True)
class ClaimChanges:
    """新添的行，有了着落的行。"""

    added: tuple[Row, ...] = ()
    settled: tuple[Row, ...] = ()

    def and_then(self, later: ClaimChanges) -> ClaimChanges:
        """连同其后的变化。"""
        return ClaimChanges(self.added + later.added, self.settled + later.settled)


NO_CLAIMS = ClaimChanges()


def changed_claims(before: State, after: State) -> ClaimChanges:
    """台账刚记入的一条（`after` 的最后一条）给申请各行带来的变化。"""
    if after.rulebook.submission is None or after.history[-1].kind not in _STEPS:
        return NO_CLAIMS
    was, now = _rows(before), _rows(after)
    return ClaimChanges(
        tuple(row for key, row in now.items() if key not in was),
        tuple(_addressed(row) for key, row in now.items() if key in was and was[key] != row),
    )


def claim_rows(state: State) -> tuple[Row, ...]:
    """一件申请的全部行，含退回重编而作废的。"""
    return tuple(row for _, row in sorted(_rows(state).items()))


def stored_rows(connection: Connection, claim: str) -> tuple[Row, ...]:
    """表中现存的各行，次序与 `claim_rows` 相同。"""
    query = select(claim_lines).where(claim_lines.c.claim == claim)
    rows = [dict(row) for row in connection.execute(query).mappings()]
    return tuple(sorted(rows, key=lambda row: (row["sequence"], row["project"])))


def saved_claims(dialect: Dialect, changes: ClaimChanges) -> list[Prepared]:
    """备好存入的语句；没有变化的没有语句。"""
    statements = []
    if changes.added:
        statements.append(bulk(dialect, claim_lines, changes.added))
    if changes.settled:
        statements.append(bulk_update(dialect, _SETTLE, claim_lines, changes.settled))
    return statements


def rewritten_claims(dialect: Dialect, state: State) -> list[Prepared]:
    """备好重写一件申请的全部行；不是申请的没有语句。"""
    if state.rulebook.submission is None:
        return []
    forget = prepare(dialect, _FORGET, [{"of_claim": state.number}])
    return [forget, *saved_claims(dialect, ClaimChanges(claim_rows(state)))]


def _addressed(row: Row) -> Row:
    place = {f"of_{name}": row[name] for name in ("claim", "sequence", "project")}
    return {**place, **{name: row[name] for name in SETTLED_COLUMNS}}


def _rows(state: State) -> dict[Key, Row]:
    rows: dict[Key, Row] = {}
    for event in state.history:
        if event.kind in _STEPS:
            _STEPS[event.kind](state, event, rows)
    return rows


def _claimed(state: State, event: Event, rows: dict[Key, Row]) -> None:
    shared = _shared(state, event)
    for line in event.content["lines"]:
        rows[event.sequence, line["project"]] = {
            **shared,
            "project": line["project"],
            "base_fen": line["base"],
            "city_fen": line["city"],
            "town_fen": line["town"],
            "reverses": line["reverses"] or None,
        }


def _shared(state: State, event: Event) -> Row:
    rulebook = state.rulebook
    return {
        "claim": state.number,
        "sequence": event.sequence,
        "city": rulebook.city,
        "town": state.facts["town"],
        "fund": rulebook.duties[rulebook.submission or ""].fund,
        "year": event.content["year"],
        "status": PENDING,
        "recognised_fen": None,
        "reason": "",
        "recorded_at": event.recorded_at,
        "settled_at": None,
    }


def _returned(_: State, event: Event, rows: dict[Key, Row]) -> None:
    """退回重编：原来的各行作废，项目可以重新列入。"""
    for key, row in rows.items():
        if row["status"] == PENDING:
            reason = str(event.content["opinion"])
            rows[key] = {
                **row, "status": RELEASED, "reason": reason, "settled_at": event.recorded_at,
            }  # fmt: skip


def _recognized(_: State, event: Event, rows: dict[Key, Row]) -> None:
    given = {line["project"]: line for line in event.content["lines"]}
    for key, row in rows.items():
        if row["status"] != PENDING:
            continue
        line = given[row["project"]]
        amount = line["amount"]
        rows[key] = {
            **row,
            "status": RECOGNIZED if amount else REFUSED,
            "recognised_fen": amount or None,
            "reason": line["reason"],
            "settled_at": event.recorded_at,
        }


_STEPS = {CLAIMED: _claimed, RETURNED: _returned, RECOGNIZED_EVENT: _recognized}


def owner_of(year: int, *places: str) -> str:
    """户名，写法同 `records.money.quotas.holder`：由大到小的地名与年度。"""
    return "/".join((*places, str(year)))


def claim_postings(after: State) -> tuple[Row, ...]:
    """报送件刚记入的一条使资金账应添的各行：认定、扣回、拨付；其余的为空。"""
    event = after.history[-1]
    if event.kind == RECOGNIZED_EVENT:
        return tuple(_recognition(after, event))
    if event.kind == PAID:
        return tuple(_disbursement(after, event))
    return ()


def _recognition(state: State, event: Event) -> Iterator[Row]:
    year, city = event.content["year"], state.rulebook.city
    arranged = (owner_of(year, city), APPROPRIATED)
    given = (owner_of(year, city, state.facts["town"]), RECOGNISED_ACCOUNT)
    if event.content["appropriates"]:
        source = (arranged[0], SOURCE)
        amount = event.content["appropriates"]
        yield _posting(state, event, source, arranged, {"amount_fen": amount})
    for line in event.content["lines"]:
        amount, project = line["amount"], line["project"]
        if amount:
            sides = (arranged, given) if amount > 0 else (given, arranged)
            values = {"amount_fen": abs(amount), "case": project}
            yield _posting(state, event, *sides, values)


def _disbursement(state: State, event: Event) -> Iterator[Row]:
    recognition = next(item for item in state.history if item.kind == RECOGNIZED_EVENT)
    year = recognition.content["year"]
    owner = owner_of(year, state.rulebook.city, state.facts["town"])
    amount = {"amount_fen": event.content["amount"]}
    yield _posting(state, event, (owner, RECOGNISED_ACCOUNT), (owner, DISBURSED), amount)


def _posting(
    state: State,
    event: Event,
    source: tuple[str, str],
    target: tuple[str, str],
    values: Mapping[str, Any],
) -> Row:
    fund = state.rulebook.duties[state.rulebook.submission or ""].fund
    entry = f"{state.number}/{event.sequence}"
    project = values.get("case")
    path = "/".join(filter(None, (entry, fund, project)))
    return {
        "key": f"{path}/{source[1]}>{target[1]}",
        "entry": entry,
        "case": None,
        "sequence": None,
        "claim": state.number,
        "fund": fund,
        "from_owner": source[0],
        "from_account": source[1],
        "to_owner": target[0],
        "to_account": target[1],
        "ceiling_fen": None,
        "reason": None,
        "reverses": None,
        "actor": event.actor,
        "occurred_on": event.occurred_at.astimezone(BEIJING).date(),
        "recorded_at": event.recorded_at,
        **values,
    }
