"""事项的折叠状态：由台账事件推出的一切，全为不可变的值。"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from rulebooks.vocabulary.events import Event
from rulebooks.vocabulary.model import Rulebook

BLOCKED = "blocked"
# 缺地方所定之数而停住的环节，写作 blocked:stage:环节。
SHORT = f"{BLOCKED}:stage:"


class NotApplicableError(Exception):
    """事件与状态不符：所指环节未开启、公示期未满等。受理过的事件不会如此。"""


LEADING_ZEROS = re.compile(r"(?<!\d)0+(?=\d)")


def plain_code(code: str) -> str:
    """代号的统一写法：全角、空格、大小写、数字前的零不作区别，代表１ 与 代表 01 是同一人。"""
    folded = "".join(unicodedata.normalize("NFKC", code).split()).casefold()
    return LEADING_ZEROS.sub("", folded)


@dataclass(frozen=True, slots=True)
class Objection:
    """公示期内的一条意见及其答复（未答复时 `upheld` 为 None）；`by` 为提出人的代号。"""

    name: str
    upheld: bool | None = None
    by: str = ""
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class Publicity:
    """公示的进行情况：各渠道张贴时刻、已宣布的起止、意见。"""

    posted: Mapping[str, datetime] = field(default_factory=dict)
    period: Mapping[str, str] | None = None
    objections: tuple[Objection, ...] = ()
    ended: bool = False

    @property
    def opens(self) -> datetime | None:
        """公示期满、可以往下办的时刻；未起算时为 None。"""
        return datetime.fromisoformat(self.period["opens"]) if self.period else None

    @property
    def unanswered(self) -> tuple[str, ...]:
        """尚未答复的意见编号；撤回的无须答复。"""
        return tuple(
            item.name for item in self.objections if item.upheld is None and not item.withdrawn
        )

    @property
    def standing(self) -> tuple[str, ...]:
        """没有撤回的意见编号。"""
        return tuple(item.name for item in self.objections if not item.withdrawn)

    @property
    def objectors(self) -> int:
        """有几人提出意见而没有撤回：同一人提几次只算一次。"""
        return len({plain_code(item.by) for item in self.objections if not item.withdrawn})


@dataclass(frozen=True, slots=True)
class OpenStage:
    """一个正在办理的环节。`sequence` 是开启它的事件序号。"""

    stage: str
    round: int
    since: datetime
    sequence: int
    publicity: Publicity | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """办结某环节之前的处境；变更、更正须退回该处时据以恢复。"""

    open: tuple[OpenStage, ...] = ()
    join: tuple[str, int] | None = None
    established_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """一个已办结的环节；`void` 表示结果因变更失效，`before` 为办结之前的处境。"""

    stage: str
    round: int
    outcome: str
    at: datetime
    sequence: int
    opened_at: datetime
    to: str
    content: Mapping[str, Any]
    backfilled: bool = False
    void: bool = False
    before: Standing = field(default_factory=Standing)


@dataclass(frozen=True, slots=True)
class Pause:
    """一次停表；`until` 为 None 表示仍在停。"""

    since: datetime
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class RunningClock:
    """正在走的合并时限。"""

    name: str
    since: datetime
    pauses: tuple[Pause, ...] = ()

    @property
    def paused(self) -> bool:
        """是否正在停表。"""
        return bool(self.pauses) and self.pauses[-1].until is None


@dataclass(frozen=True, slots=True)
class Request:
    """待审查的变更或撤销申请，或待裁定的更正。"""

    kind: str
    sequence: int
    at: datetime
    content: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Effect:
    """机器应办的一件事；`key` 唯一，办一次算数。"""

    key: str
    kind: str
    stage: str
    round: int
    label: str
    article: str
    content: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class State:
    """一个事项的全部状态。金额单位：分。

    `history` 为台账原文；`mended` 为更正后的内容，按台账序号。
    """

    rulebook: Rulebook
    history: tuple[Event, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)
    amounts: Mapping[str, int] = field(default_factory=dict)
    open: tuple[OpenStage, ...] = ()
    results: tuple[Result, ...] = ()
    rounds: Mapping[str, int] = field(default_factory=dict)
    join: tuple[str, int] | None = None
    clocks: tuple[RunningClock, ...] = ()
    request: Request | None = None
    outcome: str | None = None
    closed_at: datetime | None = None
    established_at: datetime | None = None
    effects: tuple[Effect, ...] = ()
    fired: frozenset[tuple[str, str, int, str]] = frozenset()
    mended: Mapping[int, Mapping[str, Any]] = field(default_factory=dict)

    @property
    def number(self) -> str:
        """事项编号；尚未立卷时为空串。"""
        return str(self.facts.get("number", ""))

    def stage_open(self, stage: str | None, round_: int | None = None) -> OpenStage | None:
        """正在办理的该环节（可限定轮次）；没有则为 None。"""
        for item in self.open:
            if item.stage == stage and round_ in (None, item.round):
                return item
        return None

    def result_of(self, stage: str) -> Result | None:
        """该环节最近一次有效的结果。"""
        for result in reversed(self.results):
            if result.stage == stage and not result.void:
                return result
        return None

    def content_of(self, sequence: int) -> Mapping[str, Any]:
        """台账某一条的内容，已经更正的取更正后的。"""
        return self.mended.get(sequence, self.history[sequence - 1].content)


def place_of(name: str) -> str:
    """正在办理之处是哪个环节；因缺数而停住的，为停住的那个环节。"""
    return name.removeprefix(SHORT)


def the_open_stage(state: State, event: Event) -> OpenStage:
    """事件所指的、正在办理的环节。

    Raises:
        NotApplicableError: 该环节该轮并未开启。
    """
    opened = state.stage_open(event.stage, event.round)
    if opened is None:
        raise NotApplicableError(f"第{event.sequence}条：环节{event.stage}未开启。")
    return opened
