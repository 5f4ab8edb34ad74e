"""有则改、无则添：两种数据库写法相同、来源不同的一条语句。"""

from __future__ import annotations

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite

Upsert = sqlite.Insert | postgresql.Insert


def upsert(dialect: str, table: Table) -> Upsert:
    """带 ON CONFLICT 的插入语句，按数据库的名称选用。"""
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)
