"""事项之外的事实：由台账在同一事务内查明后交给纯函数，并写进事件。"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from rulebooks.judging.claims import Claim
from rulebooks.vocabulary.refusals import Refusal


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
class Held(Established):
    """同一实施主体承接的另一个项目；`day` 为确定由它承接的那一天（北京日期）。"""

    day: date


@dataclass(frozen=True, slots=True)
class Taken:
    """同一次投票（或同一年）此前已经入选的一个项目：在哪一层，用去多少额度（分）。"""

    layer: str
    amount: int


@dataclass(frozen=True, slots=True)
class Envelope:
    """年度总额：哪一年、至多多少、还剩多少、已记入账的安排，及待认定的各项申请（分）。

    `waiting` 按申请先后，连同正要认定的这一件。
    """

    year: int
    limit: int
    left: int
    appropriated: int = 0
    waiting: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Outside:
    """事项之外的事实。`community_year_total` 为社区本年度已立项累计，单位：分。

    `established` 逐个列出其中的项目，供只限某类项目的限额分别累计；`held` 为这家实施主体
    承接的其他项目，撤销、未办成的不在其内。

    `counted` 为合并计票所得的本项目的内容；`rivals` 为同在该环节、应当一起计票的其他项目，
    `taken` 为此前已入选的；`batched` 为同一批次此前已批准的项目，其金额含 `approved`。

    `quotas` 为统筹调剂之后本社区的额度（分），按限额的代号；没有调剂过的不在其内。

    `claim` 为截止时点的证据所得的申请，`envelope` 为其资金的年度总额。
    """

    implementer: KnownImplementer | None = None
    community_year_total: int = 0
    established: tuple[Established, ...] = ()
    held: tuple[Held, ...] = ()
    counted: Mapping[str, Any] | None = None
    rivals: tuple[str, ...] = ()
    taken: tuple[Taken, ...] = ()
    batched: tuple[Established, ...] = ()
    quotas: Mapping[str, int] = field(default_factory=dict)
    claim: Claim | Refusal | None = None
    envelope: Envelope | None = None
