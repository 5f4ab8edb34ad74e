"""认定申请的表：每件申请的每个项目一行，与台账同一事务写入，随时可以由台账重建。

一个项目同时只在一件待认定或已认定的申请里；扣回是后来另一件申请的一行负数，不改原来的，全部扣回之后
才可以再列入以后的申请。
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
)

from records.database.columns import Moment
from records.database.tables import metadata

PENDING, RECOGNIZED, REFUSED, RELEASED = "pending", "recognized", "refused", "released"
KNOWN_STATUS = "status IN ('pending', 'recognized', 'refused', 'released')"
SETTLED = "(status = 'pending') = (settled_at IS NULL)"
GIVEN = "(status = 'recognized') = (recognised_fen IS NOT NULL)"
# What is given has the sign of what was asked and is never more.
WITHIN = (
    "recognised_fen IS NULL OR (reverses IS NULL AND recognised_fen BETWEEN 1 AND city_fen) "
    "OR (reverses IS NOT NULL AND recognised_fen = city_fen)"
)
SIGNS = "(reverses IS NULL AND city_fen > 0) OR (reverses IS NOT NULL AND city_fen < 0)"

claim_lines = Table(
    "claim_lines",
    metadata,
    Column("claim", String, ForeignKey("cases.number"), nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("project", String, ForeignKey("cases.number"), nullable=False),
    Column("city", String, nullable=False),
    Column("town", String, nullable=False),
    Column("fund", String, nullable=False),
    Column("year", Integer, nullable=False),
    Column("base_fen", BigInteger, nullable=False),
    Column("city_fen", BigInteger, nullable=False),
    Column("town_fen", BigInteger, nullable=False),
    Column("reverses", String),
    Column("status", String, nullable=False),
    Column("recognised_fen", BigInteger),
    Column("reason", Text, nullable=False),
    Column("recorded_at", Moment, nullable=False),
    Column("settled_at", Moment),
    PrimaryKeyConstraint("claim", "sequence", "project"),
    CheckConstraint(KNOWN_STATUS, name="status"),
    CheckConstraint(SETTLED, name="settled_at"),
    CheckConstraint(GIVEN, name="given"),
    CheckConstraint(SIGNS, name="signs"),
    CheckConstraint(WITHIN, name="within"),
    CheckConstraint("base_fen >= 0 AND town_fen >= 0", name="shares"),
    # One project is on one claim that waits or was recognised and not wholly taken back: a trigger.
    Index("ix_claim_lines_project", "project", "fund"),
    Index("ix_claim_lines_envelope", "city", "fund", "year", "status"),
    Index("ix_claim_lines_town", "city", "town"),
)
