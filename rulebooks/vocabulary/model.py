"""规则手册的词汇：环节、时限、表决、分流、公示、角色，全部为冻结的数据模型。

YAML 里的每个键都在这里有一个字段；没有字段的键会被拒绝，使错别字在启动前暴露。
金额在 YAML 中以元书写，读入即为整数分；比例为分数。
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag, model_validator

from rulebooks.vocabulary.general import (
    Assignee,
    BackDating,
    Changes,
    Corrections,
    FactEntry,
    FactKind,
    Parameter,
    Remind,
    Reminders,
    Role,
    Version,
)
from rulebooks.vocabulary.obligations import Duty, MonthDay, RecusalRule, Registry
from rulebooks.vocabulary.policies import Fund, Limit, NotBefore, PayPart, RankRule
from rulebooks.vocabulary.words import (
    FEN_PER_YUAN,
    AmountName,
    Cited,
    Comparison,
    Condition,
    Fen,
    PeriodUnit,
    Severity,
    Share,
    SourceStatus,
    Words,
    fen,
    share,
)

# 基本词与各页的词另有文件；别处一律从这里取用。
__all__ = [
    "FEN_PER_YUAN",
    "AmountName",
    "Assignee",
    "BackDating",
    "Branch",
    "ByDate",
    "Changes",
    "Check",
    "Cited",
    "Clock",
    "Comparison",
    "Condition",
    "Corrections",
    "Debt",
    "Delegated",
    "Duty",
    "FactEntry",
    "FactKind",
    "Fen",
    "Fund",
    "KeptKinds",
    "Limit",
    "NotBefore",
    "Objections",
    "Parameter",
    "Passes",
    "PayPart",
    "PeriodUnit",
    "Procedure",
    "RankRule",
    "Ratio",
    "RecusalRule",
    "Registry",
    "Remind",
    "Reminders",
    "Role",
    "Rulebook",
    "Severity",
    "Share",
    "SourceStatus",
    "Stage",
    "StageKind",
    "Submission",
    "Supplement",
    "Target",
    "Threshold",
    "Version",
    "Within",
    "Words",
    "fen",
    "share",
]

StageKind = Literal[
    "collect", "vote", "decide", "consult", "file", "publicize", "select", "contract",
    "perform", "accept", "audit", "evaluate", "pay", "rank", "batch", "archive", "pick",
    "claim", "recognize",
]  # fmt: skip


class Within(Cited):
    """办理时限：首日不计，`since` 指明自哪个环节办结起算（缺省为本环节开启）。"""

    count: int = Field(ge=1)
    unit: PeriodUnit
    since: str | None = None


class ByDate(Cited):
    """固定的截止日，含当日，至24时：每年的某月某日（环节开启时已过的为次年），或一项日期事实。"""

    date: MonthDay | None = None
    until: str | None = None
    rolls: bool = False

    @model_validator(mode="after")
    def _one_way(self) -> ByDate:
        if (self.date is None) == (self.until is None):
            raise ValueError("固定的截止日须且只须写 date、until 之一。")
        return self


def _allowed(value: Any) -> str:
    """时限是数天数的，还是到某一日为止的。"""
    by_date = isinstance(value, ByDate)
    if isinstance(value, dict):
        by_date = bool({"date", "until", "rolls"}.intersection(value))
    return ByDate.__name__ if by_date else Within.__name__


Allowed = Annotated[
    Annotated[Within, Tag(Within.__name__)] | Annotated[ByDate, Tag(ByDate.__name__)],
    Discriminator(_allowed),
]


def untagged(place: tuple[int | str, ...]) -> tuple[int | str, ...]:
    """校验所报的位置，去掉两种时限的名称：那不是手册里的键。"""
    names = (Within.__name__, ByDate.__name__)
    return tuple(part for part in place if part not in names)


class Clock(Within):
    """合并计算的时限，覆盖多个环节，可登记停表。"""

    label: str
    covers: tuple[str, ...]
    pausable: bool = False
    paused_by: Assignee | None = None


class Ratio(Cited):
    """表决门槛：某数占基数的分数，基数为应到(members)或实到(present)。"""

    at_least: Share | None = None
    more_than: Share | None = None
    of: Literal["members", "present"]

    @model_validator(mode="after")
    def _one_word(self) -> Ratio:
        if (self.at_least is None) == (self.more_than is None):
            raise ValueError("表决门槛须且只须写 at_least、more_than 之一。")
        return self


class Passes(Words):
    """通过条件：法定人数与同意比例。"""

    quorum: Ratio | None = None
    majority: Ratio


class Check(Cited):
    """须逐项写明的核对点、听取意见或合同条款；`only` 限定适用的项目。"""

    term: str
    only: Condition | None = None


class Threshold(Cited):
    """异议达到多少即成立：不同的人数占某项人数事实的比例，“以上”含本数。"""

    at_least: Share
    of: str


class Objections(Cited):
    """公示期内的异议：是否须在期满前答复；写了门槛的，达到门槛即成立。"""

    answered_before_end: bool = True
    threshold: Threshold | None = None


class Debt(Cited):
    """欠办：应急时越过、事后须补办的环节；`of` 为本应先办的那个环节。"""

    of: str


class KeptKinds(Words):
    """底线：所列种类的环节至少保留一个。"""

    kinds: tuple[StageKind, ...] = Field(min_length=1)


class Delegated(Words):
    """授权下级规定的程序及其不可突破的底线。"""

    delegated_to: str
    procedure: str
    keeps: tuple[str | KeptKinds, ...] = ()


class Branch(Cited):
    """`choose` 的一支：条件为空即其余情形。"""

    when: Condition | None = None
    to: str | Delegated


class Target(Cited):
    """环节办结后的去向：下一环节、分流、并行、授权程序或结案，并可附发公文。"""

    to: str | None = None
    choose: tuple[Branch, ...] = ()
    parallel: tuple[str, ...] = ()
    join: str | None = None
    close: str | None = None
    issue: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _plain_name(cls, data: Any) -> Any:
        return {"to": data} if isinstance(data, str) else data

    @model_validator(mode="after")
    def _one_way(self) -> Target:
        ways = (self.to, self.choose, self.parallel, self.close)
        if sum(bool(way) for way in ways) != 1:
            raise ValueError("去向须且只须写 to、choose、parallel、close 之一。")
        return self


class Stage(Cited):
    """程序的一个环节：种类封闭，其余皆数据。"""

    label: str
    waits: str
    kind: StageKind
    by: Assignee
    answered_by: Assignee | None = None
    within: Allowed | None = None
    demands: tuple[Check, ...] = ()
    checks: tuple[Check, ...] = ()
    clauses: tuple[Check, ...] = ()
    passes: Passes | None = None
    issues: str | None = None
    announces: str | None = None
    lasts: Within | None = None
    channels: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    objections: Objections | None = None
    third_party_when: Literal["always"] | Condition | None = None
    third_party: Literal["required", "optional"] = "required"
    dimensions: tuple[str, ...] = ()
    signatories: tuple[str, ...] = ()
    debt: Debt | None = None
    pays: PayPart | None = None
    fund: str | None = None
    records: tuple[str, ...] = ()
    ranking: RankRule | None = None
    bundled: bool = False
    groups: tuple[str, ...] = ()
    effect_when: Condition | None = None
    contains: tuple[str, ...] = ()
    establishes: bool = False
    rests_on: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    then: dict[str, Target]


class Submission(Cited):
    """一项义务的报送件怎样办：从哪个环节开始，各环节写法与项目的相同，附哪些表和图。"""

    start: str
    tables: tuple[str, ...] = ()
    charts: tuple[str, ...] = ()
    ranked_by: str | None = None
    rounding: Literal["half_up", "truncate"] = "half_up"
    stages: dict[str, Stage] = Field(min_length=1)


class Rulebook(Words):
    """某地某版本的完整规则手册（市的规定加本镇街的补充规定）。

    `submission` 不为空的，是某项义务的报送件的手册：环节与起点换成报送件的，其余不变。
    """

    city: str
    label: str
    programme: str
    number_prefix: str
    versions: tuple[Version, ...]
    kinds: dict[str, str]
    categories: dict[str, str]
    suggestion_sources: dict[str, str]
    levels: dict[str, str]
    roles: dict[str, Role]
    bodies: dict[str, str] = Field(default_factory=dict)
    facts: dict[str, FactEntry]
    parameters: dict[str, Parameter] = Field(default_factory=dict)
    terms: dict[str, str]
    outcomes: dict[str, str]
    documents: dict[str, str]
    reminders: Reminders
    back_dating: BackDating
    changes: Changes
    corrections: Corrections
    start: Target
    clocks: dict[str, Clock] = Field(default_factory=dict)
    stages: dict[str, Stage]
    limits: dict[str, Limit] = Field(default_factory=dict)
    funds: dict[str, Fund] = Field(default_factory=dict)
    duties: dict[str, Duty] = Field(default_factory=dict)
    submissions: dict[str, Submission] = Field(default_factory=dict)
    recusal: dict[str, RecusalRule] = Field(default_factory=dict)
    registries: dict[str, Registry] = Field(default_factory=dict)
    version: Version
    articles: dict[str, str] = Field(default_factory=dict)
    grounds: dict[str, str] = Field(default_factory=dict)
    town: str | None = None
    submission: str | None = None
    town_notice: str | None = None
    procedures: dict[str, str] = Field(default_factory=dict)
    procedure_labels: dict[str, str] = Field(default_factory=dict)

    def __hash__(self) -> int:
        """城市、版本、镇街、报送件相同的散列值相同，使手册可以作缓存的键。"""
        return hash((self.city, self.version.id, self.town, self.submission))

    def article(self, entry: Words) -> str:
        """条款的显示文字，如「第九条 ZZ-09a」；没有条款时为空串。"""
        cites, own = getattr(entry, "cites", None), getattr(entry, "article", None)
        if cites is None:
            return own or ""
        return f"{own or self.articles.get(cites, '')} {cites}".strip()

    def ground(self, key: str) -> Cited:
        """rulebook.yaml 中某一段（如 categories）的出处，取自逐条判定所写的位置。"""
        return Cited(cites=self.grounds.get(key))

    @property
    def fact_labels(self) -> dict[str, str]:
        """各项事实的名称。"""
        return {name: fact.label for name, fact in self.facts.items()}

    def levels_of(self, assignee: Assignee) -> tuple[str, ...]:
        """经办角色所在的层级，由近到远。"""
        return assignee.at or self.roles[assignee.role].at


class Procedure(Words):
    """镇街依授权自行规定的一种程序；环节可用 `like` 取市级同名环节为底。"""

    label: str
    start: str
    stages: dict[str, Any] = Field(min_length=1)


class Supplement(Words):
    """镇街补充规定：适用于哪些镇街，规定了哪些程序。"""

    label: str
    status: SourceStatus
    applies_to: tuple[str, ...] = Field(min_length=1)
    notice: str | None = None
    parameters: dict[str, Any] = Field(default_factory=dict)
    procedures: dict[str, Procedure] = Field(default_factory=dict)
