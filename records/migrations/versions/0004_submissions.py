"""报送件：卷宗写明是哪项义务的哪一期，机关写明所属城市与机关代字，公文有文号与各份文件。"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from records.migrations.guards import forbid_rewriting

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """加列与唯一索引；已登记的机关，所属城市取自其社区的项目。"""
    op.add_column("organisations", sa.Column("city", sa.String(), nullable=True))
    op.add_column("organisations", sa.Column("document_code", sa.String(), nullable=True))
    op.add_column("cases", sa.Column("duty", sa.String(), nullable=True))
    op.add_column("cases", sa.Column("period", sa.String(), nullable=True))
    op.create_index(
        "ix_cases_submission",
        "cases",
        ["city", "duty", "period", "place"],
        unique=True,
        sqlite_where=sa.text("duty IS NOT NULL"),
        postgresql_where=sa.text("duty IS NOT NULL"),
    )
    op.execute(_CITIES)
    op.create_table(
        "notice_files",
        sa.Column("notice", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.ForeignKeyConstraint(["notice"], ["notices.key"], name="fk_notice_files_notice"),
        sa.ForeignKeyConstraint(["digest"], ["attachments.digest"], name="fk_notice_files_digest"),
        sa.PrimaryKeyConstraint("notice", "name", name="pk_notice_files"),
    )
    op.create_index("ix_notice_files_digest", "notice_files", ["digest"])
    op.create_table(
        "document_numbers",
        sa.Column("notice", sa.String(), nullable=False),
        sa.Column("office", sa.String(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.CheckConstraint("number >= 1", name="number"),
        sa.ForeignKeyConstraint(
            ["office"], ["organisations.id"], name="fk_document_numbers_office"
        ),
        sa.UniqueConstraint(
            "office", "year", "number", name="uq_document_numbers_office_year_number"
        ),
        sa.PrimaryKeyConstraint("notice", name="pk_document_numbers"),
    )
    for table in ("notice_files", "document_numbers"):
        forbid_rewriting(table)


def downgrade() -> None:
    """不提供退回，以免误删。

    Raises:
        NotImplementedError: 总是。
    """
    raise NotImplementedError("报送件已入台账，不能退回；需要时请由备份恢复。")


_CITIES = """
WITH RECURSIVE chain (id, parent, city) AS (
    SELECT o.id, o.parent, c.city FROM organisations o JOIN cases c ON c.place = o.id
    UNION
    SELECT o.id, o.parent, chain.city FROM organisations o JOIN chain ON chain.parent = o.id
)
UPDATE organisations
SET city = (SELECT min(chain.city) FROM chain WHERE chain.id = organisations.id)
"""
