"""有则改、无则添：两种数据库写法相同、来源不同的一条语句。"""

from __future__ import annotations

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite

Upsert = sqlite.Insert | postgresql.Insert


def upsert(connection: Connection, table: Table) -> Upsert:
    """带 ON CONFLICT 的插入语句，按连接的数据库选用。"""
    if connection.dialect.name == "postgresql":
        return postgresql.insert(table)
    return sqlite.insert(table)
