"""公文的表：一件公文的各份文件，各机关的发文顺序号；与公文登记一样只增不改。"""

from __future__ import annotations

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    PrimaryKeyConstraint,
    String,
    Table,
    UniqueConstraint,
)

from records.database.tables import DIGEST_LENGTH, metadata

# 一件公文的其余各份：可编辑的、表格的；字节存于附件。
notice_files = Table(
    "notice_files",
    metadata,
    Column("notice", String, ForeignKey("notices.key"), nullable=False),
    Column("name", String, nullable=False),
    Column("digest", String(DIGEST_LENGTH), ForeignKey("attachments.digest"), nullable=False),
    PrimaryKeyConstraint("notice", "name"),
    Index("ix_notice_files_digest", "digest"),
)

# 文号：一个机关一年一套，自 1 起不留空号；取了的号归那一件公文，重办不再取。
document_numbers = Table(
    "document_numbers",
    metadata,
    Column("notice", String, primary_key=True),
    Column("office", String, ForeignKey("organisations.id"), nullable=False),
    Column("year", Integer, nullable=False),
    Column("number", Integer, nullable=False),
    UniqueConstraint("office", "year", "number"),
    CheckConstraint("number >= 1", name="number"),
)
