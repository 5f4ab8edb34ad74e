"""入口校验的取值：可选项、表中各行、问题；全部冻结，金额一律为整数分。"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class Finding:
    """一个问题：在哪张表、哪一行、哪一列，原值，规则编号，一句话说明与改法。

    `row` 是文件中的行号（自1起），整张表或整个文件的问题为表头所在行或0；`column` 是标准列名。
    """

    sheet: str
    row: int
    column: str
    value: str
    rule: str
    sentence: str

    @property
    def place(self) -> str:
        """问题所在之处的中文写法，供清单与命令行引用。"""
        row = f"第{self.row}行" if self.row else ""
        column = f"「{self.column}」" if self.column else ""
        return f"「{self.sheet}」{row}{column}"


@dataclass(frozen=True, slots=True)
class Citation:
    """出处：规则编号与条款。"""

    rule: str
    article: str

    def __str__(self) -> str:
        return f"{self.article}（{self.rule}）"


@dataclass(frozen=True, slots=True)
class StageChoice:
    """环节：名称，到此环节之前必已发生的事项组，以及可能已发生的事项组。

    事项组是「在办项目」各列的 `group`，见 headers.yaml。
    """

    label: str
    needs: frozenset[str] = frozenset()
    may: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class OwnFact:
    """一地另有的事实：名称、种类（text、integer、amount、boolean、choice）、可选项、必填与否。"""

    label: str
    kind: str = "text"
    choices: Mapping[str, str] = field(default_factory=dict)
    required: bool = False


@dataclass(frozen=True, slots=True)
class Choices:
    """可选项：由规则手册给出的类别、类型、来源、角色、层级、环节与单项上限。

    各映射为「键→中文名称」；`levels` 由近到远；`project_cap` 以分计，无上限时为 None；
    `citations` 的键为 category、kind、source、project_cap。`labels` 为通用事实在当地的名称，
    `own` 为当地另有的事实，`unused` 为当地不用的通用事实。
    """

    categories: Mapping[str, str]
    kinds: Mapping[str, str]
    sources: Mapping[str, str]
    roles: Mapping[str, str]
    levels: Mapping[str, str]
    stages: Mapping[str, StageChoice]
    project_cap: int | None = None
    citations: Mapping[str, Citation] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    own: Mapping[str, OwnFact] = field(default_factory=dict)
    unused: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Suggestion:
    """项目建议：预算与社会资金以分计，类别、类型、来源为规则手册的键，`details` 为另有的事实。"""

    row: int
    number: str | None
    community: str
    title: str
    category: str
    kind: str
    content: str
    place: str
    schedule: str
    budget: int
    source: str
    proposer: str
    phone: str | None
    urgent: bool
    permit: bool
    proposed_on: date
    other_funds: int | None
    details: Mapping[str, str | int | bool] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Meeting:
    """会议表决：日期、应到、实到、同意人数。"""

    held_on: date
    members: int
    present: int
    agreed: int


@dataclass(frozen=True, slots=True)
class ProjectUnderWay:
    """在办项目（补录）：建议的内容，加上至今已发生的各项事实；未发生的为 None。"""

    suggestion: Suggestion
    stage: str
    council: Meeting | None
    review: Meeting | None
    approved_on: date | None
    posted_on: date | None
    publicity_ended_on: date | None
    implementer: str | None
    signed_on: date | None
    contract_amount: int | None
    started_on: date | None
    finished_on: date | None

    @property
    def row(self) -> int:
        """文件中的行号。"""
        return self.suggestion.row


@dataclass(frozen=True, slots=True)
class Organisation:
    """机构与社区：层级为规则手册的键，上级为另一机构的名称。"""

    row: int
    name: str
    level: str
    parent: str | None
    phone: str | None
    address: str | None
    email: str | None
    households: int | None
    document_code: str | None


@dataclass(frozen=True, slots=True)
class CouncilMember:
    """居民议事会成员及任期；任期止为空即在任。"""

    row: int
    community: str
    name: str
    position: str
    since: date
    until: date | None


@dataclass(frozen=True, slots=True)
class Official:
    """经办人员：在某机构任某角色及任期；任期止为空即在任。"""

    row: int
    name: str
    organisation: str
    role: str
    since: date
    until: date | None


@dataclass(frozen=True, slots=True)
class Implementer:
    """实施主体库中的一家：统一社会信用代码、类型、所属镇街、入库日期、状态。"""

    row: int
    name: str
    credit_code: str
    type: str
    town: str
    registered_on: date
    status: str


@dataclass(frozen=True, slots=True)
class Checked:
    """校验结果：没有问题的各行，以及全部问题（按表、行、列排序）。

    依赖有问题的机构的行也不在其列；是否整份退回由导入者决定。
    """

    suggestions: tuple[Suggestion, ...]
    under_way: tuple[ProjectUnderWay, ...]
    organisations: tuple[Organisation, ...]
    council_members: tuple[CouncilMember, ...]
    officials: tuple[Official, ...]
    implementers: tuple[Implementer, ...]
    findings: tuple[Finding, ...]

    @property
    def clean(self) -> bool:
        """没有任何问题。"""
        return not self.findings
