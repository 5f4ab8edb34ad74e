"""规则手册的总则：版本、角色、经办人、事实、参数、催办、补记、变更、更正。"""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from pydantic import Field, model_validator

from rulebooks.vocabulary.words import Cited, SourceStatus, Words

FactKind = Literal["text", "integer", "amount", "boolean", "choice", "date"]


class Assignee(Words):
    """经办角色；`at` 为空时取角色定义的层级，由近到远取该地首个有的层级。"""

    role: str
    at: tuple[str, ...] = ()


class Version(Words):
    """一个版本及其施行起止；依据草案或报道的版本须在成果上声明。"""

    id: str
    label: str
    since: date
    until: date | None = None
    status: SourceStatus
    sources: tuple[str, ...]
    cites: str | None = None
    reading: str | None = None
    notice: str | None = None

    def covers(self, day: date) -> bool:
        """某日是否在起止之内，不问来源的性质。"""
        return self.since <= day and (self.until is None or day <= self.until)


class Role(Words):
    """角色的名称与所在层级（由近到远，取该地首个有的层级）。"""

    label: str
    at: tuple[str, ...]
    cites: str | None = None


class FactEntry(Cited):
    """事项的一项事实；标准的事实只写名称，本市另设的写明种类、可选的值、是否必填。"""

    label: str
    kind: FactKind = "text"
    choices: dict[str, str] = Field(default_factory=dict)
    required: bool = False

    @model_validator(mode="before")
    @classmethod
    def _plain_label(cls, data: Any) -> Any:
        return {"label": data} if isinstance(data, str) else data

    @model_validator(mode="after")
    def _choices_listed(self) -> FactEntry:
        if (self.kind == "choice") != bool(self.choices):
            raise ValueError("选择类（kind: choice）的事实须列出可选的值（choices），其余的不列。")
        return self


class Parameter(Cited):
    """留给下级填的数：叫什么，由哪一级补充规定；没有补充的，用到它的环节停住。"""

    label: str
    supplied_by: str


class Remind(Words):
    """到期前多久提醒，或逾期多久上报，`to` 为收件角色。"""

    count: int = Field(ge=0)
    unit: Literal["working_days"]
    to: str | None = None


class Reminders(Words):
    """催办与督办。"""

    remind: Remind
    escalate: Remind
    reading: str


class BackDating(Words):
    """补记的宽限。"""

    count: int = Field(ge=0)
    unit: Literal["working_days"]
    reading: str


class Changes(Cited):
    """变更、撤销的申请人与审查人。"""

    requested_by: Assignee
    review_by: Assignee
    free_withdrawal_before: str


class Corrections(Words):
    """更正的裁定人。"""

    settled_by: Assignee
    reading: str
