"""认定申请：每件申请的每个项目一行，一个项目只在一件待认定或已认定的申请里。"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from records.database.columns import Moment

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

STANDS = "status IN ('pending', 'recognized') AND reverses IS NULL"


def upgrade() -> None:
    """建立表与索引。"""
    op.create_table(
        "claim_lines",
        sa.Column("claim", sa.String(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("project", sa.String(), nullable=False),
        sa.Column("city", sa.String(), nullable=False),
        sa.Column("town", sa.String(), nullable=False),
        sa.Column("fund", sa.String(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("base_fen", sa.BigInteger(), nullable=False),
        sa.Column("city_fen", sa.BigInteger(), nullable=False),
        sa.Column("town_fen", sa.BigInteger(), nullable=False),
        sa.Column("reverses", sa.String(), nullable=True),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("recognised_fen", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("recorded_at", Moment(), nullable=False),
        sa.Column("settled_at", Moment(), nullable=True),
        sa.CheckConstraint(
            "status IN ('pending', 'recognized', 'refused', 'released')", name="status"
        ),
        sa.CheckConstraint("(status = 'pending') = (settled_at IS NULL)", name="settled_at"),
        sa.CheckConstraint("(status = 'recognized') = (recognised_fen IS NOT NULL)", name="given"),
        sa.CheckConstraint(
            "(reverses IS NULL AND city_fen > 0) OR (reverses IS NOT NULL AND city_fen < 0)",
            name="signs",
        ),
        sa.CheckConstraint(
            "recognised_fen IS NULL "
            "OR (reverses IS NULL AND recognised_fen BETWEEN 1 AND city_fen) "
            "OR (reverses IS NOT NULL AND recognised_fen = city_fen)",
            name="within",
        ),
        sa.CheckConstraint("base_fen >= 0 AND town_fen >= 0", name="shares"),
        sa.ForeignKeyConstraint(["claim"], ["cases.number"], name="fk_claim_lines_claim"),
        sa.ForeignKeyConstraint(["project"], ["cases.number"], name="fk_claim_lines_project"),
        sa.PrimaryKeyConstraint("claim", "sequence", "project", name="pk_claim_lines"),
    )
    op.create_index(
        "uq_claim_lines_project",
        "claim_lines",
        ["project", "fund"],
        unique=True,
        sqlite_where=sa.text(STANDS),
        postgresql_where=sa.text(STANDS),
    )
    op.create_index("ix_claim_lines_envelope", "claim_lines", ["city", "fund", "year", "status"])
    op.create_index("ix_claim_lines_town", "claim_lines", ["city", "town"])


def downgrade() -> None:
    """不提供退回，以免误删。

    Raises:
        NotImplementedError: 总是。
    """
    raise NotImplementedError("认定申请已入台账，不能退回；需要时请由备份恢复。")
