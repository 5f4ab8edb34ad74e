"""规则手册的基本词：金额、比例、出处、比较、条件；其余各页的词都建在这些之上。

金额在 YAML 中以元书写，读入即为整数分；比例为分数。没有字段的键会被拒绝，使错别字在启动前暴露。
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

PeriodUnit = Literal["working_days", "calendar_days", "weeks", "months"]
Severity = Literal["must", "should"]
SourceStatus = Literal["draft", "unverified", "explainer", "press", "in_force", "example"]
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


class Comparison(Words):
    """低于、不超过、不少于、超过：法律用语，以上以下含本数（民法典第一千二百五十九条）。"""

    below: Fen | None = None
    at_most: Fen | None = None
    at_least: Fen | None = None
    more_than: Fen | None = None
    # 各项金额（AmountName），或本市另设的金额事实；在不在册由规则手册核对。
    of: tuple[str, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _one_word(self) -> Comparison:
        words = (self.below, self.at_most, self.at_least, self.more_than)
        if sum(word is not None for word in words) != 1:
            raise ValueError("金额比较须且只须写 below、at_most、at_least、more_than 之一。")
        return self


class ShareOf(Words):
    """另一项整数事实的几分之几。"""

    share: Share
    of: str


class NumberTest(Words):
    """一项整数事实与某数（或另一项事实的几分之几）的比较，用语同金额比较。"""

    fact: str
    below: int | ShareOf | None = None
    at_most: int | ShareOf | None = None
    at_least: int | ShareOf | None = None
    more_than: int | ShareOf | None = None

    @model_validator(mode="after")
    def _one_word(self) -> NumberTest:
        words = (self.below, self.at_most, self.at_least, self.more_than)
        if sum(word is not None for word in words) != 1:
            raise ValueError("数的比较须且只须写 below、at_most、at_least、more_than 之一。")
        return self


class Condition(Words):
    """分流条件：all/any/not 组合，或金额、数的比较，或事实等于某值。"""

    all: tuple[Condition, ...] | None = None
    any: tuple[Condition, ...] | None = None
    not_: Condition | None = Field(default=None, alias="not")
    amount: Comparison | None = None
    number: NumberTest | None = None
    facts: dict[str, bool | int | str] = {}

    @model_validator(mode="before")
    @classmethod
    def _gather_facts(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        known = {"all", "any", "not", "not_", "amount", "number", "facts"}
        facts = {key: value for key, value in data.items() if key not in known}
        rest = {key: value for key, value in data.items() if key in known}
        return {**rest, "facts": {**rest.get("facts", {}), **facts}}
