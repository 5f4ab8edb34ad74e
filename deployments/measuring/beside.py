"""统计行之外的测量材料: the journal, duties, money, claim and notices of the same projects."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Table

from deployments.measuring.history import PATTERN, PLACE, Row, case_of
from records.cases.journal import GENESIS
from records.database.claim_tables import RECOGNIZED, claim_lines
from records.database.ledger_tables import balances, postings
from records.database.milestone_tables import milestones
from records.database.tables import attachments, cases, duties, events, notices
from rulebooks.accounting.accounts import (
    APPROPRIATED,
    APPROVED,
    CHAIN,
    COMMITTED,
    FISCAL,
    PAYABLE,
    RECOGNISED,
    SETTLED,
    SOURCE,
)
from rulebooks.procedure import milestones as kinds
from rulebooks.procedure.amounts import PAID

# Tables in the order they are filled, and the columns that hold a project's number or are named
# by it; the first of them is unique from one copy of a project to the next.
KEYS: Mapping[Table, tuple[str, ...]] = {
    cases: ("number", "period"),
    milestones: ("case",),
    events: ("case", "key"),
    duties: ("case",),
    postings: ("key", "entry", "case", "claim", "from_owner", "to_owner"),
    balances: ("owner",),
    claim_lines: ("claim", "project"),
    attachments: ("digest",),
    notices: ("key", "case", "number", "digest"),
}
CLAIM, CITY_OWNER, SUBSIDY = f"{PATTERN}-claim", f"{PATTERN}-city", "subsidy"
YEAR, LONGEST = 2026, 61
CONTENT = '{"opinion":"' + "经审议，同意按所报内容实施。" * 10 + '"}'
STEPS: Mapping[str, tuple[tuple[str, str], ...]] = {
    kinds.DETERMINED: ((SOURCE, APPROVED),),
    kinds.CONTRACTED: ((APPROVED, COMMITTED),),
    kinds.AUDITED: ((COMMITTED, SETTLED), (SETTLED, PAYABLE)),
    kinds.PAID: ((PAYABLE, PAID),),
}
AMOUNTS: Mapping[str, str] = {
    "budget_fen": kinds.DETERMINED,
    "contract_fen": kinds.CONTRACTED,
    "audited_fen": kinds.AUDITED,
    "paid_fen": kinds.PAID,
}


def rows_of(lives: Sequence[Sequence[Row]]) -> dict[Table, list[Row]]:
    """Everything the records hold of these projects, table by table."""
    found: dict[Table, list[Row]] = {table: [] for table in KEYS}
    for rows in lives:
        now = {row["milestone"]: row for row in rows if row["voided_at"] is None}
        found[milestones].extend(rows)
        found[cases].append(_case(rows, now))
        found[events].extend(_events(rows))
        found[postings].extend(_postings(now))
        found[balances].extend(_balances(now))
        if found[cases][-1]["duty_count"]:
            found[duties].append(_duty(rows[0]))
        if kinds.ANNOUNCED in now:
            found[attachments].append(_attachment(now[kinds.ANNOUNCED]))
            found[notices].append(_notice(now[kinds.ANNOUNCED]))
        if kinds.CLOSED in now:
            found[claim_lines].append(_claimed(now[kinds.CLOSED], now[kinds.PAID]["amount_fen"]))
    _recognise(found, lives[0][0])
    return found


def _case(rows: Sequence[Row], now: Mapping[str, Row]) -> Row:
    last = max(row["sequence"] for row in rows)
    ended = now.get(kinds.CLOSED) or now.get(kinds.WITHDRAWN)
    amounts = {name: now[step]["amount_fen"] for name, step in AMOUNTS.items() if step in now}
    nothing = dict.fromkeys((*AMOUNTS, "closed_at", "stage", "duty", "period")) | {"budget_fen": 0}
    return {
        **case_of(rows[0]),
        **nothing,
        **amounts,
        "head": last,
        "driven_to": last,
        "stage": None if ended else "deliberation",
        "status": "closed" if ended else "open",
        "closed_at": ended["recorded_at"] if ended else None,
        "duty_count": 0 if ended else 1,
    }


def _events(rows: Sequence[Row]) -> Iterator[Row]:
    moments = {row["sequence"]: row["recorded_at"] for row in rows}
    for sequence, moment in moments.items():
        yield {
            "case": rows[0]["case"],
            "sequence": sequence,
            "kind": "approved",
            "stage": f"stage_{sequence}",
            "round": 1,
            "content": CONTENT,
            "evidence": "[]",
            "occurred_at": moment,
            "recorded_at": moment,
            "door": "clock",
            "key": f"{rows[0]['case']}/{sequence}",
            "closes": True,
            "backfilled": False,
            "late": False,
            "previous_digest": GENESIS,
            "digest": GENESIS,
        }


def _duty(row: Row) -> Row:
    return {
        "case": row["case"],
        "ordinal": 0,
        "stage": "deliberation",
        "round": 1,
        "label": "商议",
        "role": "community_clerk",
        "organisation": PLACE,
        "actions": '["approve"]',
        "opened_at": row["recorded_at"],
        "overdue": False,
        "severity": "must",
        "article": "第七条",
        "provisional": False,
    }


def _moves(now: Mapping[str, Row]) -> Iterator[tuple[Row, str, str]]:
    """The money's way along the chain, as far as the project has come."""
    for name, moves in STEPS.items():
        for before, after in moves if name in now else ():
            yield now[name], before, after


def _postings(now: Mapping[str, Row]) -> Iterator[Row]:
    for place, (row, before, after) in enumerate(_moves(now)):
        yield _posting(
            row, f"{row['case']}/{place}", (row["case"], before), (row["case"], after)
        ) | {"fund": FISCAL, "amount_fen": row["amount_fen"]}


def _posting(row: Row, key: str, source: tuple[str, str], target: tuple[str, str]) -> Row:
    return {
        "key": key,
        "entry": key,
        "case": row["case"],
        "sequence": row["sequence"],
        "claim": None,
        "from_owner": source[0],
        "from_account": source[1],
        "to_owner": target[0],
        "to_account": target[1],
        "occurred_on": row["occurred_on"],
        "recorded_at": row["recorded_at"],
    }


def _balances(now: Mapping[str, Row]) -> Iterator[Row]:
    held: dict[str, int] = {}
    for row, before, after in _moves(now):
        held[before] = held.get(before, 0) - row["amount_fen"]
        held[after] = held.get(after, 0) + row["amount_fen"]
    owner = next(iter(now.values()))["case"]
    for account in (SOURCE, *CHAIN):
        if account in held:
            yield _balance(owner, FISCAL, account, held[account])


def _balance(owner: str, fund: str, account: str, amount: int) -> Row:
    return {"owner": owner, "fund": fund, "account": account, "balance_fen": amount}


def _claimed(row: Row, amount: int) -> Row:
    return {
        "claim": CLAIM,
        "sequence": 1,
        "project": row["case"],
        "city": row["city"],
        "town": row["town"],
        "fund": SUBSIDY,
        "year": YEAR,
        "base_fen": amount,
        "city_fen": amount,
        "town_fen": amount,
        "status": RECOGNIZED,
        "recognised_fen": amount,
        "reason": "",
        "recorded_at": row["recorded_at"],
        "settled_at": row["recorded_at"],
    }


def _recognise(found: Mapping[Table, list[Row]], first: Row) -> None:
    """One claim holds every project that came to its end, and the city's money follows it."""
    lines = found[claim_lines]
    moment = {"occurred_on": first["occurred_on"], "recorded_at": first["recorded_at"]}
    claim = first | moment | {"case": CLAIM, "sequence": 1}
    closed = {"status": "closed", "closed_at": first["recorded_at"], "duty": "quarterly_claim"}
    blank = dict.fromkeys(found[cases][0]) | case_of(claim)
    found[cases].append(blank | closed | {"head": 1, "driven_to": 1, "period": PATTERN})
    found[events].extend(_events([claim]))
    total = sum(line["city_fen"] for line in lines)
    money: dict[str, Any] = {"fund": SUBSIDY, "claim": CLAIM}
    if not total:
        return
    source, granted, given = ((CITY_OWNER, each) for each in (SOURCE, APPROPRIATED, RECOGNISED))
    arranged = _posting(claim, f"{CLAIM}/arranged", source, granted)
    found[postings].append(arranged | money | {"case": None, "amount_fen": total})
    for line in lines:
        row = claim | {"case": line["project"]}
        posted = _posting(row, f"{line['project']}/claim", granted, given)
        found[postings].append(posted | money | {"amount_fen": line["city_fen"]})
    held = {SOURCE: -total, APPROPRIATED: 0, RECOGNISED: total}
    found[balances].extend(
        _balance(CITY_OWNER, SUBSIDY, account, held[account]) for account in held
    )


def _attachment(row: Row) -> Row:
    return {
        "digest": _digest(row),
        "name": "公示.pdf",
        "media_type": "application/pdf",
        "size": 1,
        "added_at": row["recorded_at"],
    }


def _notice(row: Row) -> Row:
    return {
        "key": f"{row['case']}/notice",
        "case": row["case"],
        "kind": "project_publicity",
        "stage": "publicity",
        "round": 1,
        "number": f"{row['case']}-A1",
        "title": "关于测量用项目的公示",
        "content_digest": GENESIS,
        "digest": _digest(row),
        "issued_at": row["recorded_at"],
    }


def _digest(row: Row) -> str:
    prefix, _, rest = str(row["case"]).partition("-")
    return prefix + rest.rjust(LONGEST, "0")
