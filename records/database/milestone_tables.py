"""统计用的表：计入报表的每一件事一行，与台账同一事务写入，随时可以由台账重建。

一行自 `recorded_at` 起为人所知，至 `voided_at` 止（变更、更正、办结之后另有新的一行）；
所以任何一期都可以照当时所知重新统计。
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    PrimaryKeyConstraint,
    String,
    Table,
)

from records.database.columns import Moment
from records.database.tables import metadata

# What a report of a year reads of one city lies together here, so that a report touches nothing
# else: neither the table nor what ended in earlier years.
COVERING = (
    "city",
    "relevant_until",
    "occurred_on",
    "recorded_at",
    "voided_at",
    "ended_on",
    "milestone",
    "town",
    "community",
    "kind",
    "category",
    "amount_fen",
    "count",
)

milestones = Table(
    "milestones",
    metadata,
    Column("case", String, ForeignKey("cases.number"), nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("milestone", String, nullable=False),
    Column("origin", Integer, nullable=False),
    Column("occurred_on", Date, nullable=False),
    Column("ended_on", Date),
    Column("relevant_until", Date, nullable=False),
    Column("recorded_at", Moment, nullable=False),
    Column("voided_at", Moment),
    Column("voided_by", Integer),
    Column("city", String, nullable=False),
    Column("town", String, nullable=False),
    Column("community", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("category", String, nullable=False),
    Column("amount_fen", BigInteger),
    Column("count", Integer),
    PrimaryKeyConstraint("case", "sequence", "milestone", "origin"),
    CheckConstraint("origin >= 1 AND origin <= sequence", name="origin"),
    CheckConstraint("ended_on IS NULL OR ended_on >= occurred_on", name="ended_on"),
    CheckConstraint("(voided_at IS NULL) = (voided_by IS NULL)", name="voided"),
    CheckConstraint("voided_at IS NULL OR voided_at >= recorded_at", name="voided_at"),
    CheckConstraint("amount_fen IS NULL OR amount_fen >= 0", name="amount"),
    CheckConstraint("count IS NULL OR count >= 0", name="count"),
    Index("ix_milestones_report", *COVERING),
)
