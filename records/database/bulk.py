"""成批写入：许多行并作一条语句，数据库的触发器也就只算一次。"""

# ruff: noqa: S608 - the statements are put together from words of our own

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from sqlalchemy import Dialect, Table, Update, insert

from records.database.prepared import Prepared, prepare

FEW = 20
KEY = "of_"


def bulk(dialect: Dialect, table: Table, rows: Sequence[Mapping[str, Any]]) -> Prepared:
    """备好把各行添进一张表；PostgreSQL 的许多行由一份 JSON 展开，其余的逐行写入。"""
    if dialect.name != "postgresql" or len(rows) <= FEW:
        return prepare(dialect, insert(table), rows)
    names = ", ".join(f'"{column.name}"' for column in table.columns)
    sql = (
        f"INSERT INTO {table.name} ({names}) SELECT {names} "
        f"FROM json_populate_recordset(NULL::{table.name}, %(rows)s::json)"
    )
    return Prepared(sql, {"rows": orjson.dumps(list(rows)).decode()})


def bulk_update(
    dialect: Dialect, change: Update, table: Table, rows: Sequence[Mapping[str, Any]]
) -> Prepared:
    """备好改一张表的各行：主键的参数名以 `of_` 开头，其余为要改的列。"""
    if dialect.name != "postgresql" or len(rows) <= FEW:
        return prepare(dialect, change, rows)
    plain = [{name.removeprefix(KEY): value for name, value in row.items()} for row in rows]
    keys = [name.removeprefix(KEY) for name in rows[0] if name.startswith(KEY)]
    changed = [name for name in rows[0] if not name.startswith(KEY)]
    sets = ", ".join(f'"{name}" = n."{name}"' for name in changed)
    where = " AND ".join(f'{table.name}."{name}" = n."{name}"' for name in keys)
    sql = (
        f"UPDATE {table.name} SET {sets} "
        f"FROM json_populate_recordset(NULL::{table.name}, %(rows)s::json) AS n WHERE {where}"
    )
    return Prepared(sql, {"rows": orjson.dumps(plain).decode()})
