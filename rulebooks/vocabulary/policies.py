"""限额与资金的词汇：程序之外的数额规定，全部为冻结的数据模型。

数额在 YAML 中以元书写，读入即为整数分；次数、户数为整数；比例为分数。
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, ValidationInfo, field_validator, model_validator

from rulebooks.vocabulary.words import (
    Cited,
    Condition,
    Fen,
    PeriodUnit,
    Share,
    SourceStatus,
    Words,
    fen,
    share,
)

Every = Literal["month", "quarter", "half_year", "year"]
# 比例的基数：各项金额，或审定额中的财政资金。
FundBase = Literal[
    "budget", "total", "fiscal", "contract", "submitted", "audited", "audited_fiscal"
]
# 放不下的：跳过再看下一个，还是到此为止。
Fit = Literal["skip", "stop"]
WORDS_OF_COMPARISON = ("below", "at_most", "at_least", "more_than")

Names = Annotated[
    tuple[str, ...], BeforeValidator(lambda value: (value,) if isinstance(value, str) else value)
]


def count(value: Any) -> int:
    """次数、户数、人数：不小于零的整数，否则抛出 ValueError。"""
    if isinstance(value, bool) or not str(value).isdigit():
        raise ValueError(f"“{value}”不是个数，请写不小于零的整数，如 500。")
    return int(value)


def every_value(change: Callable[[Any], Any], value: Any) -> Any:
    """查表（by）里的每个值，或单独的一个值，照同一种办法读入。"""
    if not isinstance(value, dict):
        return change(value)
    return {fact: {str(key): change(item) for key, item in dict(table).items()}
            for fact, table in value.items()}  # fmt: skip


Count = Annotated[int, BeforeValidator(count)]


def _tabled(data: Any, key: str, change: Callable[[Any], Any]) -> Any:
    """只写一个数的即为 `key`；查表的逐个读入。"""
    if not isinstance(data, dict):
        return {key: data}
    known = data.get("by")
    return {**data, "by": every_value(change, known)} if isinstance(known, dict) else data


class Term(Cited):
    """一项用语及出处；只写用语时可以直接写代码。"""

    term: str
    label: str | None = None
    source_status: SourceStatus | None = None

    @model_validator(mode="before")
    @classmethod
    def _plain_term(cls, data: Any) -> Any:
        return {"term": data} if isinstance(data, str) else data


class Measure(Words):
    """限额所度量的：单个金额，或累计、件数、去重数、比例之一；去重数列出几种的取较大者。"""

    sum: Literal["amount"] | None = None
    count: str | None = None
    distinct: Names | None = None
    share: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _plain_amount(cls, data: Any) -> Any:
        if isinstance(data, str) and data != "amount":
            raise ValueError(
                f"度量“{data}”不可用，请写 amount，或 {{sum: amount}}、{{count: …}}、"
                "{distinct: …}、{share: …} 之一。"
            )
        return {} if data == "amount" else data

    @model_validator(mode="after")
    def _one_measure(self) -> Measure:
        ways = (self.sum, self.count, self.distinct, self.share)
        if sum(way is not None for way in ways) > 1:
            raise ValueError("度量须且只须写 amount、sum、count、distinct、share 之一。")
        return self

    @property
    def money(self) -> bool:
        """是否以金额计。"""
        return self.count is None and self.distinct is None and self.share is None


class Bound(Words):
    """界线：一个数，或某基数的比例，或按某项事实查表。

    `value` 与 `by` 里的数，金额为分，比例为分数，其余为个数。
    """

    value: Fraction | None = None
    share: Share | None = None
    of: str | None = None
    by: dict[str, dict[str, Fraction]] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _one_way(self) -> Bound:
        ways = (self.value is not None, self.share is not None, bool(self.by))
        if sum(ways) != 1:
            raise ValueError("界线须且只须写一个数、share、by 之一。")
        if (self.share is None) != (self.of is None):
            raise ValueError("按比例的界线须同时写 share 与 of（什么的比例），请补上。")
        return self


class Pooled(Cited):
    """统筹调剂：在哪一级范围之内，由哪一级决定；总额不变。"""

    within: str
    by: str


class Limit(Cited):
    """限额：度量、范围、适用的项目、比较。"""

    label: str
    limit: Measure
    of: str | None = None
    per: Names
    only: Condition | None = None
    unit: str = ""
    below: Bound | None = None
    at_most: Bound | None = None
    at_least: Bound | None = None
    more_than: Bound | None = None
    pooled: Pooled | None = None
    real_name: bool = False
    next: str | None = None
    missing: tuple[str, ...] = ()
    source_status: SourceStatus | None = None

    @field_validator(*WORDS_OF_COMPARISON, mode="before")
    @classmethod
    def _in_its_unit(cls, value: Any, info: ValidationInfo) -> Any:
        """界线里的数按度量读入：金额以元书写，其余为个数或比例。"""
        measure = info.data.get("limit")
        if value is None or isinstance(value, Bound):
            return value
        if measure is None:
            # 度量已经报错，界线不再另报。
            return {"value": Fraction(1)}
        change = fen if measure.money else share if measure.share else count
        if not isinstance(value, dict):
            return {"value": Fraction(change(value))}
        if not isinstance(value.get("by"), dict):
            return value
        return {**value, "by": every_value(lambda item: Fraction(change(item)), value["by"])}

    @model_validator(mode="after")
    def _one_word(self) -> Limit:
        if sum(getattr(self, word) is not None for word in WORDS_OF_COMPARISON) != 1:
            raise ValueError("限额须且只须写明 at_most、at_least、below、more_than 之一，请补上。")
        return self

    @property
    def word(self) -> str:
        """比较词。"""
        return next(word for word in WORDS_OF_COMPARISON if getattr(self, word) is not None)

    @property
    def bound(self) -> Bound:
        """界线。"""
        found: Bound = getattr(self, self.word)
        return found

    @property
    def ceiling(self) -> int | None:
        """对任何项目都一样的金额上限，单位分；按类型、按比例的、数待补充的没有一个统一的数。"""
        if self.missing:
            return None
        value = self.at_most.value if self.at_most is not None else None
        return int(value) if value is not None and self.limit.money and not self.only else None


class Rate(Cited):
    """比例：一个分数，或按年度、类型等查表（按年度的自该年起适用）。"""

    rate: Share | None = None
    by: dict[str, dict[str, Fraction]] = Field(default_factory=dict)

    @model_validator(mode="before")
    @classmethod
    def _plain_rate(cls, data: Any) -> Any:
        return _tabled(data, "rate", share)


class Quantity(Cited):
    """金额：一个数（元），或按年度、星级等查表。"""

    amount: Fen | None = None
    by: dict[str, dict[str, int]] = Field(default_factory=dict)

    @model_validator(mode="before")
    @classmethod
    def _plain_amount(cls, data: Any) -> Any:
        return _tabled(data, "amount", fen)


class Quota(Cited):
    """名额：一个数，或按年度、星级等查表。"""

    count: Count | None = None
    by: dict[str, dict[str, int]] = Field(default_factory=dict)

    @model_validator(mode="before")
    @classmethod
    def _plain_count(cls, data: Any) -> Any:
        return _tabled(data, "count", count)


class Envelope(Cited):
    """总额：每年（或每季等）至多多少元。"""

    at_most: Fen
    per: Names


class Short(Cited):
    """总额不足时：停下并列出分法，由有权的机关议定。"""

    then: Literal["block_and_propose"]
    drafts: tuple[Literal["by_time_of_claim", "pro_rata"], ...] = Field(min_length=1)


class Pays(Words):
    """多久支付一次。"""

    every: Every


class Books(Cited):
    """项目资金的哪一部分记入这笔资金：fiscal、other_funds，或本市另设的一项金额事实。"""

    of: str
    only: Condition | None = None


class Fund(Cited):
    """资金：谁出、给谁、出多少、什么不算、总额多少、不足怎么办、项目的哪一部分钱记在这里。"""

    label: str
    payer: str
    books: Books | None = None
    receiver: str | None = None
    pays: Pays | None = None
    share: Rate | None = None
    award: Quantity | None = None
    quota: Quota | None = None
    ceiling: Quantity | None = None
    base: FundBase | None = None
    rounding: Literal["down", "half_up"] = "down"
    excludes: tuple[Term, ...] = ()
    envelope: Envelope | None = None
    short: Short | None = None
    pays_only: tuple[Term, ...] = ()
    pays_not: tuple[Term, ...] = ()
    requires: tuple[Term, ...] = ()
    missing: tuple[str, ...] = ()
    source_status: SourceStatus | None = None

    @model_validator(mode="after")
    def _share_or_award(self) -> Fund:
        if self.share is not None and self.award is not None:
            raise ValueError("资金或按比例（share）或按定额（award），请只留其一。")
        if self.share is not None and self.base is None:
            raise ValueError("按比例的资金须写明计算基数（base），请补上。")
        return self


class NotBefore(Cited):
    """最早何时可以拨付：某项日期事实所记的那一日，或某环节办结之后（写了期限的，期满之后）。"""

    fact: str | None = None
    since: str | None = None
    count: Annotated[int, Field(ge=1)] | None = None
    unit: PeriodUnit | None = None

    @model_validator(mode="after")
    def _one_way(self) -> NotBefore:
        if (self.fact is None) == (self.since is None):
            raise ValueError("最早的拨付时间须且只须写 fact、since 之一。")
        if (self.count is None) != (self.unit is None) or (self.count and self.since is None):
            raise ValueError("某环节办结多久之后须同时写 since、count 与 unit，请改正。")
        return self


class PayPart(Cited):
    """一个拨付环节至多付多少：基数的几分之几，或累计付至几分之几，或余下的全部。"""

    share: Share | None = None
    up_to: Share | None = None
    of: FundBase | None = None
    rest: bool = False
    not_before: NotBefore | None = None

    @model_validator(mode="before")
    @classmethod
    def _plain_rest(cls, data: Any) -> Any:
        return {"rest": True} if data == "rest" else data

    @model_validator(mode="after")
    def _one_way(self) -> PayPart:
        if sum((self.share is not None, self.up_to is not None, self.rest)) != 1:
            raise ValueError("拨付的份额须且只须写 share、up_to、rest 之一。")
        if self.rest != (self.of is None):
            raise ValueError("share、up_to 须写明什么的几分之几（of），rest 不写，请改正。")
        return self


class Layer(Cited):
    """按票排序的一层：额度（元）、名额，余额转入哪一层；放不下的怎样，不写同全部各层。"""

    label: str
    envelope: Quantity
    seats: Count | None = None
    fit: Fit | None = None
    leftover_to: str | None = None


class RankRule(Cited):
    """按票排序：谁和谁一起排、各层额度、放不下的跳过还是到此为止、最低得票、并列怎样定先后。"""

    scope: str | None = None
    per: Literal["ballots", "year"] = "ballots"
    layer: str | None = None
    layers: dict[str, Layer] = Field(min_length=1)
    fit: Fit | None = None
    minimum_votes: Quota = Field(default_factory=lambda: Quota(count=0))
    ties: Term

    @model_validator(mode="after")
    def _fit_everywhere(self) -> RankRule:
        if self.fit is None and any(layer.fit is None for layer in self.layers.values()):
            raise ValueError("放不下的怎样（fit）须写 skip 或 stop，或每一层各自写明，请补上。")
        return self
