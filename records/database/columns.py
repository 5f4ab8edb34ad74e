"""列的类型：时刻一律以协调世界时入库、以北京时间取出；内容为规范 JSON 文本。"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import orjson
from sqlalchemy import Dialect, String
from sqlalchemy.dialects.postgresql import TIMESTAMP
from sqlalchemy.types import TypeDecorator, TypeEngine

from rulebooks.days.working_days import BEIJING

MOMENT_FORMAT = "%Y-%m-%dT%H:%M:%S.%fZ"
MOMENT_LENGTH = 27
CANONICAL = orjson.OPT_SORT_KEYS


class Moment(TypeDecorator[datetime]):
    """时刻：SQLite 存可排序的文本，PostgreSQL 存 timestamptz；不接受没有时区的时间。"""

    impl = String(MOMENT_LENGTH)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """按数据库选用列的类型。"""
        if dialect.name == "postgresql":
            return dialect.type_descriptor(TIMESTAMP(timezone=True))
        return dialect.type_descriptor(String(MOMENT_LENGTH))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        """入库：换算为协调世界时。"""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"时刻 {value} 没有时区，请按北京时间写明。")
        moment = value.astimezone(UTC)
        return moment if dialect.name == "postgresql" else moment_text(moment)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """出库：换算为北京时间。"""
        del dialect
        if value is None:
            return None
        moment = datetime.fromisoformat(value) if isinstance(value, str) else value
        return moment.astimezone(BEIJING)


def moment_text(moment: datetime) -> str:
    """时刻的规范文本：协调世界时，到微秒，以 Z 结尾。"""
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def canonical(content: Mapping[str, Any] | Sequence[Any]) -> str:
    """规范 JSON 文本：键排序、无空白、不转义汉字；同样的内容只有一种写法。

    Raises:
        TypeError: 内容里有 JSON 之外的值。
    """
    return orjson.dumps(content, option=CANONICAL).decode()


def parse(text: str) -> Any:
    """读回规范 JSON 文本。"""
    return orjson.loads(text)
