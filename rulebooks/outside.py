"""事项之外的事实：由台账在同一事务内查明后交给纯函数，并写进事件。"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class KnownImplementer:
    """实施主体库中的一家：是否可用、所属镇街。"""

    reference: str
    name: str
    town: str
    active: bool


@dataclass(frozen=True, slots=True)
class Established:
    """同一社区同一年度已立项的一个项目：事实与金额（分）。"""

    facts: Mapping[str, Any]
    amounts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Outside:
    """事项之外的事实。`community_year_total` 为社区本年度已立项累计，单位：分。

    `established` 逐个列出其中的项目，供只限某类项目的限额分别累计。
    """

    implementer: KnownImplementer | None = None
    community_year_total: int = 0
    established: tuple[Established, ...] = ()
