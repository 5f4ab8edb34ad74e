"""资金账的行：一条流水所致的分录，随流水一同存入。

键为「事项/序号/资金/转出>转入」，同一条流水只记一次；更正、变更、撤销写成反向的分录。
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Dialect

from records.cases.claim_rows import claim_postings
from records.database.bulk import bulk
from records.database.ledger_tables import postings
from records.database.prepared import Prepared
from rulebooks.accounting.accounts import Move, postings_owed
from rulebooks.days.working_days import BEIJING
from rulebooks.procedure.state import State
from rulebooks.vocabulary.events import Event

PostingRow = dict[str, Any]

# Written with every posting of a case, which has none of them, so that one statement does for all.
_OF_OTHERS: PostingRow = {"claim": None, "reverses": None, "actor": None}


def ledger_rows(before: State, after: State) -> tuple[PostingRow, ...]:
    """记入一条流水使资金账应添的各行；与钱无关的为空。"""
    if after.rulebook.submission is not None:
        return claim_postings(after)
    moves = postings_owed(before, after)
    return tuple(_row(after.number, after.history[-1], move) for move in moves)


def posted(dialect: Dialect, rows: Sequence[PostingRow]) -> Prepared:
    """备好一条写入，存入各行。"""
    return bulk(dialect, postings, rows)


def _row(number: str, event: Event, move: Move) -> PostingRow:
    entry = f"{number}/{event.sequence}"
    return {
        **_OF_OTHERS,
        "key": f"{entry}/{move.fund}/{move.from_account}>{move.to_account}",
        "entry": entry,
        "case": number,
        "sequence": event.sequence,
        "fund": move.fund,
        "from_owner": number,
        "from_account": move.from_account,
        "to_owner": number,
        "to_account": move.to_account,
        "amount_fen": move.amount,
        "ceiling_fen": move.ceiling,
        "reason": move.reason,
        "occurred_on": event.occurred_at.astimezone(BEIJING).date(),
        "recorded_at": event.recorded_at,
    }
