"""规则手册的词汇：环节、时限、表决、分流、公示、角色，全部为冻结的数据模型。

YAML 里的每个键都在这里有一个字段；没有字段的键会被拒绝，使错别字在启动前暴露。
金额在 YAML 中以元书写，读入即为整数分；比例为分数。
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

StageKind = Literal[
    "collect", "vote", "decide", "consult", "file", "publicize", "select", "contract",
    "perform", "accept", "audit", "evaluate", "pay", "rank", "batch", "archive",
]  # fmt: skip
PeriodUnit = Literal["working_days", "calendar_days", "weeks", "months"]
Severity = Literal["must", "should"]
SourceStatus = Literal["draft", "explainer", "press", "in_force", "example"]
AmountName = Literal["budget", "total", "fiscal", "contract", "submitted", "audited"]

FEN_PER_YUAN = 100


def fen(yuan: Any) -> int:
    """元换算为整数分；不是金额或不足一分的抛出 ValueError。"""
    try:
        amount = Decimal(str(yuan)) * FEN_PER_YUAN
        exact = int(amount) == amount
    except (ArithmeticError, ValueError) as error:
        raise ValueError(f"“{yuan}”不是金额，请以元书写，如 50000 或 9999.99。") from error
    if not exact:
        raise ValueError(f"金额 {yuan} 元不足一分，请写到分为止。")
    return int(amount)


def share(value: Any) -> Fraction:
    """比例读作分数，如 2/3；不是零到一之间的分数抛出 ValueError。"""
    try:
        found = Fraction(str(value))
    except (ValueError, ZeroDivisionError) as error:
        raise ValueError(f"“{value}”不是比例，请写成分数，如 2/3。") from error
    if not 0 < found <= 1:
        raise ValueError(f"比例 {value} 须大于零、不超过一。")
    return found


Fen = Annotated[int, BeforeValidator(fen)]
Share = Annotated[Fraction, BeforeValidator(share)]


class Words(BaseModel):
    """规则手册的一段：未知的键不接受，读入后不可改。"""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Cited(Words):
    """带出处的一段：规则编号、原文、轻重、我方解释。"""

    cites: str | None = None
    also: str | None = None
    article: str | None = None
    quote: str | None = None
    severity: Severity = "must"
    reading: str | None = None


class Assignee(Words):
    """经办角色；`at` 为空时取角色定义的层级，由近到远取该地首个有的层级。"""

    role: str
    at: tuple[str, ...] = ()


class Within(Cited):
    """办理时限：首日不计，`since` 指明自哪个环节办结起算（缺省为本环节开启）。"""

    count: int = Field(ge=1)
    unit: PeriodUnit
    since: str | None = None


class Clock(Within):
    """合并计算的时限，覆盖多个环节，可登记停表。"""

    label: str
    covers: tuple[str, ...]
    pausable: bool = False
    paused_by: Assignee | None = None


class Comparison(Words):
    """低于、不超过、不少于、超过：法律用语，以上以下含本数（民法典第一千二百五十九条）。"""

    below: Fen | None = None
    at_most: Fen | None = None
    at_least: Fen | None = None
    more_than: Fen | None = None
    of: tuple[AmountName, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _one_word(self) -> Comparison:
        words = (self.below, self.at_most, self.at_least, self.more_than)
        if sum(word is not None for word in words) != 1:
            raise ValueError("金额比较须且只须写 below、at_most、at_least、more_than 之一。")
        return self


class Condition(Words):
    """分流条件：all/any/not 组合，或金额比较，或事实等于某值。"""

    all: tuple[Condition, ...] | None = None
    any: tuple[Condition, ...] | None = None
    not_: Condition | None = Field(default=None, alias="not")
    amount: Comparison | None = None
    facts: dict[str, str | bool] = {}

    @model_validator(mode="before")
    @classmethod
    def _gather_facts(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        known = {"all", "any", "not", "not_", "amount", "facts"}
        facts = {key: value for key, value in data.items() if key not in known}
        rest = {key: value for key, value in data.items() if key in known}
        return {**rest, "facts": {**rest.get("facts", {}), **facts}}


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


class Objections(Cited):
    """公示期内的异议：是否须在期满前答复。"""

    answered_before_end: bool = True


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
    within: Within | None = None
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
    bundled: bool = False
    groups: tuple[str, ...] = ()
    effect_when: Condition | None = None
    contains: tuple[str, ...] = ()
    establishes: bool = False
    rests_on: tuple[str, ...] = ()
    then: dict[str, Target]


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


class Role(Words):
    """角色的名称与所在层级（由近到远，取该地首个有的层级）。"""

    label: str
    at: tuple[str, ...]
    cites: str | None = None


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


class Limit(Cited):
    """限额：度量、范围、比较。"""

    label: str
    limit: str | dict[str, str]
    of: AmountName | None = None
    per: str | tuple[str, ...]
    at_most: Fen | None = None
    at_least: Fen | None = None
    source_status: SourceStatus | None = None


class Rulebook(Words):
    """某地某版本的完整规则手册（市的规定加本镇(区)的补充规定）。"""

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
    facts: dict[str, str]
    terms: dict[str, str]
    outcomes: dict[str, str]
    documents: dict[str, str]
    reminders: Reminders
    back_dating: BackDating
    changes: Changes
    corrections: Corrections
    start: str
    clocks: dict[str, Clock] = {}
    stages: dict[str, Stage]
    limits: dict[str, Limit] = {}
    version: Version
    articles: dict[str, str] = {}
    grounds: dict[str, str] = {}
    town: str | None = None
    town_notice: str | None = None
    procedures: dict[str, str] = {}
    procedure_labels: dict[str, str] = {}

    def __hash__(self) -> int:
        """城市、版本、镇(区)相同的散列值相同，使手册可以作缓存的键。"""
        return hash((self.city, self.version.id, self.town))

    def article(self, entry: Words) -> str:
        """条款的显示文字，如「第九条 ZJG-09a」；没有条款时为空串。"""
        cites, own = getattr(entry, "cites", None), getattr(entry, "article", None)
        if cites is None:
            return own or ""
        return f"{own or self.articles.get(cites, '')} {cites}".strip()

    def ground(self, key: str) -> Cited:
        """rulebook.yaml 中某一段（如 categories）的出处，取自逐条判定所写的位置。"""
        return Cited(cites=self.grounds.get(key))

    def levels_of(self, assignee: Assignee) -> tuple[str, ...]:
        """经办角色所在的层级，由近到远。"""
        return assignee.at or self.roles[assignee.role].at


class Procedure(Words):
    """镇(区)依授权自行规定的一种程序；环节可用 `like` 取市级同名环节为底。"""

    label: str
    start: str
    stages: dict[str, Any] = Field(min_length=1)


class Supplement(Words):
    """镇(区)补充规定：适用于哪些镇(区)，规定了哪些程序。"""

    label: str
    status: SourceStatus
    applies_to: tuple[str, ...] = Field(min_length=1)
    notice: str | None = None
    procedures: dict[str, Procedure]
