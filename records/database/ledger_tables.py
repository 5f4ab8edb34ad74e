"""资金账的表：分录（只增不改）与余额（由触发器随分录记下，不得透支）。

一笔分录把钱由一个科目转入同一资金的另一个，所以每一笔借贷必相等，不同来源的钱永不相混。
项目的钱只能沿链一步一步走；余额不得为负，于是已付≤应付≤已审定≤已签约≤已立项。一个项目在一笔资金里
认定过的，全部扣回之后才能再认定，由触发器看守。
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from records.database.columns import Moment
from records.database.tables import metadata

CHAIN_MOVES = (
    "source>approved", "approved>source", "approved>committed", "committed>approved",
    "committed>settled", "settled>committed", "settled>payable", "payable>settled",
    "payable>paid", "paid>payable",
)  # fmt: skip
OTHER_MOVES = (
    "source>appropriated", "appropriated>source", "appropriated>recognised",
    "recognised>appropriated", "recognised>disbursed", "disbursed>recognised",
    "source>quota", "quota>source", "quota>quota",
)  # fmt: skip


def listed(moves: tuple[str, ...]) -> str:
    """检查约束里的一列走法。"""
    return ", ".join(f"'{move}'" for move in moves)


MOVE = "from_account || '>' || to_account"
KNOWN_MOVE = f"{MOVE} IN ({listed((*CHAIN_MOVES, *OTHER_MOVES))})"
# The money of a case stays in the case, and every step of it names the event that caused it.
OF_A_CASE = (
    f"{MOVE} NOT IN ({listed(CHAIN_MOVES)}) OR "
    '("case" IS NOT NULL AND sequence IS NOT NULL AND from_owner = "case" AND to_owner = "case")'
)
GROUNDED = "sequence IS NOT NULL OR claim IS NOT NULL OR reason IS NOT NULL"
NOT_IN_PLACE = "from_owner <> to_owner OR from_account <> to_account"
NOT_OVERDRAWN = "account = 'source' OR balance_fen >= 0"

postings = Table(
    "postings",
    metadata,
    Column("key", String, nullable=False),
    Column("entry", String, nullable=False),
    Column("case", String, ForeignKey("cases.number")),
    Column("sequence", Integer),
    Column("claim", String),
    Column("fund", String, nullable=False),
    Column("from_owner", String, nullable=False),
    Column("from_account", String, nullable=False),
    Column("to_owner", String, nullable=False),
    Column("to_account", String, nullable=False),
    Column("amount_fen", BigInteger, nullable=False),
    Column("ceiling_fen", BigInteger),
    Column("reason", Text),
    Column("reverses", String, ForeignKey("postings.key")),
    Column("actor", String, ForeignKey("people.id")),
    Column("occurred_on", Date, nullable=False),
    Column("recorded_at", Moment, nullable=False),
    PrimaryKeyConstraint("key"),
    ForeignKeyConstraint(["case", "sequence"], ["events.case", "events.sequence"]),
    UniqueConstraint("reverses"),
    CheckConstraint("amount_fen > 0", name="amount"),
    CheckConstraint("ceiling_fen >= 0", name="ceiling"),
    CheckConstraint("reason <> ''", name="reason"),
    CheckConstraint("reverses <> key", name="reverses"),
    CheckConstraint(KNOWN_MOVE, name="move"),
    CheckConstraint(OF_A_CASE, name="of_a_case"),
    CheckConstraint(GROUNDED, name="grounded"),
    CheckConstraint(NOT_IN_PLACE, name="not_in_place"),
    Index("ix_postings_case", "case"),
    Index("ix_postings_from_owner", "from_owner", "fund", "from_account"),
    Index("ix_postings_to_owner", "to_owner", "fund", "to_account"),
    sqlite_with_rowid=False,
)

balances = Table(
    "balances",
    metadata,
    Column("fund", String, nullable=False),
    Column("owner", String, nullable=False),
    Column("account", String, nullable=False),
    Column("balance_fen", BigInteger, nullable=False),
    PrimaryKeyConstraint("owner", "fund", "account"),
    CheckConstraint(NOT_OVERDRAWN, name="not_overdrawn"),
    sqlite_with_rowid=False,
)
