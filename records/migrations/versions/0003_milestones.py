"""统计行：报表所数的每一件事，附覆盖一年一市报表的索引。已有的事项由 `records.migrate` 补记。"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from records.database.columns import Moment

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

COVERING = [
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
]


def upgrade() -> None:
    """建立统计行的表与索引。"""
    op.create_table(
        "milestones",
        sa.Column("case", sa.String(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("milestone", sa.String(), nullable=False),
        sa.Column("origin", sa.Integer(), nullable=False),
        sa.Column("occurred_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("relevant_until", sa.Date(), nullable=False),
        sa.Column("recorded_at", Moment(), nullable=False),
        sa.Column("voided_at", Moment(), nullable=True),
        sa.Column("voided_by", sa.Integer(), nullable=True),
        sa.Column("city", sa.String(), nullable=False),
        sa.Column("town", sa.String(), nullable=False),
        sa.Column("community", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=True),
        sa.Column("count", sa.Integer(), nullable=True),
        sa.CheckConstraint("amount_fen IS NULL OR amount_fen >= 0", name="amount"),
        sa.CheckConstraint("count IS NULL OR count >= 0", name="count"),
        sa.CheckConstraint("ended_on IS NULL OR ended_on >= occurred_on", name="ended_on"),
        sa.CheckConstraint("origin >= 1 AND origin <= sequence", name="origin"),
        sa.CheckConstraint("(voided_at IS NULL) = (voided_by IS NULL)", name="voided"),
        sa.CheckConstraint("voided_at IS NULL OR voided_at >= recorded_at", name="voided_at"),
        sa.ForeignKeyConstraint(["case"], ["cases.number"], name="fk_milestones_case"),
        sa.PrimaryKeyConstraint("case", "sequence", "milestone", "origin", name="pk_milestones"),
    )
    op.create_index("ix_milestones_report", "milestones", COVERING)


def downgrade() -> None:
    """不提供退回，以免误删。

    Raises:
        NotImplementedError: 总是。
    """
    raise NotImplementedError("统计行由流水推得，不能退回；需要清空时请删除整个库。")
