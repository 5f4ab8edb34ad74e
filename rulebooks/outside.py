"""事项之外的事实：由台账在同一事务内查明后交给纯函数，并写进事件。"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class KnownImplementer:
    """实施主体库中的一家：是否可用、所属镇(区)。"""

    reference: str
    name: str
    town: str
    active: bool


@dataclass(frozen=True, slots=True)
class Outside:
    """事项之外的事实。`community_year_total` 为社区本年度已立项累计，单位：分。"""

    implementer: KnownImplementer | None = None
    community_year_total: int = 0
