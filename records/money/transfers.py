"""额度调剂：统筹的限额在各社区之间调入、调出多少，照某一时刻所知；单位：分。"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from records.database.ledger_tables import postings
from rulebooks.accounting.accounts import QUOTA


@dataclass(frozen=True, slots=True)
class Moved:
    """一户在一项限额上调入与调出的合计。"""

    into: int
    out: int


def moved(connection: Connection, limit: str, as_of: datetime) -> dict[str, Moved]:
    """某项限额调剂过的各户；全部调入恰等于全部调出。

    Args:
        connection: 台账的连接。
        limit: 限额的代号。
        as_of: 这一刻及以后记入的不算，须带时区。
    """
    columns = postings.c
    sides = (columns.from_owner, columns.to_owner)
    query = (
        select(*sides, func.sum(columns.amount_fen))
        .where(
            columns.fund == limit,
            columns.from_account == QUOTA,
            columns.to_account == QUOTA,
            columns.recorded_at < as_of,
        )
        .group_by(*sides)
    )
    into: Counter[str] = Counter()
    out: Counter[str] = Counter()
    for giver, taker, amount in connection.execute(query):
        out[giver] += int(amount)
        into[taker] += int(amount)
    return {owner: Moved(into[owner], out[owner]) for owner in {**into, **out}}
