"""备好的语句：参数在轮到写入之前就换算好，轮到时只剩数据库自己的工夫。

SQLite 的写入逐个进行，轮到的人多用一微秒，后面的人都多等一微秒。
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Delete, Dialect, Insert, Update

Change = Insert | Update | Delete
Values = dict[str, Any] | tuple[Any, ...]

COMPILED = 64


@dataclass(frozen=True, slots=True)
class Prepared:
    """一条备好的语句：数据库的原文，换算好的参数（一行，或多行）。"""

    sql: str
    values: Values | list[Values]


def prepare(dialect: Dialect, change: Change, rows: Sequence[Mapping[str, Any]]) -> Prepared:
    """备好一条写入：语句只编译一次，各列的值按其类型换算。

    Args:
        dialect: 哪种数据库。
        change: 写入的语句，参数都以名字绑定。
        rows: 每行一组参数，至少一行。

    Raises:
        KeyError: 少给了一个参数。
    """
    sql, fill = _compiled(dialect, change)
    values = [fill(row) for row in rows]
    return Prepared(sql, values[0] if len(values) == 1 else values)


def run(connection: Connection, prepared: Prepared) -> int:
    """执行，返回改动的行数。"""
    return connection.exec_driver_sql(prepared.sql, prepared.values).rowcount


@lru_cache(maxsize=COMPILED)
def _compiled(dialect: Dialect, change: Change) -> tuple[str, Callable[..., Values]]:
    compiled: Any = change.compile(dialect=dialect)
    names = compiled.positiontup or list(compiled.binds)
    types = [compiled.binds[name].type.dialect_impl(dialect) for name in names]
    processors = [type_.bind_processor(dialect) for type_ in types]
    converted = [place for place, processor in enumerate(processors) if processor is not None]

    def fill(row: Mapping[str, Any]) -> Values:
        values = [row[name] for name in names]
        for place in converted:
            values[place] = processors[place](values[place])
        return tuple(values) if compiled.positiontup else dict(zip(names, values, strict=True))

    return compiled.string, fill
