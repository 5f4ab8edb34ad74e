"""报送与检查、回避、名册的词汇：程序之外的义务与禁止，全部为冻结的数据模型。"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from rulebooks.vocabulary.policies import Count, Every, Term
from rulebooks.vocabulary.words import Cited, PeriodUnit, Share, SourceStatus, Words

LAST = "last"
LONGEST_MONTH = 31


def month_and_day(value: Any) -> tuple[int, int]:
    """固定日期，如 "12-31"；不是月日的抛出 ValueError。"""
    month, _, day = str(value).partition("-")
    # 二月按平年计：固定日期每年都要有。
    if not (month.isdigit() and day.isdigit()):
        raise ValueError(f"“{value}”不是月日，请写如 12-31。")
    longest = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
    if not 1 <= int(month) <= len(longest) or not 1 <= int(day) <= longest[int(month) - 1]:
        raise ValueError(f"没有{month}月{day}日这一天，请改正。")
    return int(month), int(day)


def day_of_month(value: Any) -> int | str:
    """几日：1 至 31，或 last 月末；别的抛出 ValueError。"""
    if value == LAST or (str(value).isdigit() and 1 <= int(value) <= LONGEST_MONTH):
        return LAST if value == LAST else int(value)
    raise ValueError(f"“{value}”不是几日，请写 1 至 {LONGEST_MONTH}，或 last（月末）。")


DayOfMonth = Annotated[int | str, BeforeValidator(day_of_month)]
MonthDay = Annotated[tuple[int, int], BeforeValidator(month_and_day)]


class Opens(Words):
    """何时开始：每期，或每年某日，或某环节办结，或由人开启。"""

    every: Every | None = None
    date: MonthDay | None = None
    stage: str | None = None
    by_hand: bool = False

    @model_validator(mode="after")
    def _one_way(self) -> Opens:
        ways = (self.every, self.date, self.stage, self.by_hand)
        if sum(bool(way) for way in ways) != 1:
            raise ValueError("opens 须且只须写 every、date、stage、by_hand 之一。")
        return self


class Due(Cited):
    """何时截止：某月某日，或每年某月某日，或期满后若干日。

    `day` 配 `of`：本期首月（first_month）、末月（this_month）或次月（next_month）；
    `date` 配 `of`：当年或次年。
    """

    day: DayOfMonth | None = None
    date: MonthDay | None = None
    of: Literal["first_month", "this_month", "next_month", "this_year", "next_year"] | None = None
    count: Annotated[int, Field(ge=1)] | None = None
    unit: PeriodUnit | None = None
    rolls: bool = False

    @model_validator(mode="after")
    def _one_way(self) -> Due:
        if sum(way is not None for way in (self.day, self.date, self.count)) != 1:
            raise ValueError("due 须且只须写 day、date、count 之一。")
        if (self.count is None) != (self.unit is None):
            raise ValueError("期满后若干日须同时写 count 与 unit，请补上。")
        wanted = "month" if self.day is not None else "year"
        if self.of is not None and (self.count is not None or not self.of.endswith(wanted)):
            raise ValueError(
                "day 配 first_month、this_month、next_month，date 配 this_year、next_year，请改正。"
            )
        return self


class Part(Words):
    """抽取的份额：若干件，或总数的一个比例。"""

    count: Count | None = None
    share: Share | None = None

    @model_validator(mode="after")
    def _one_way(self) -> Part:
        if (self.count is None) == (self.share is None):
            raise ValueError("抽取的份额须且只须写 count、share 之一。")
        return self


class Sample(Cited):
    """抽查：怎样抽、抽多少（列出几项的取较大者）。"""

    method: str
    by: str | None = None
    larger_of: tuple[Part, ...] = Field(min_length=1)
    source_status: SourceStatus | None = None


class Recognition(Cited):
    """认定：由谁作出、成员几个、出具什么、报给谁。"""

    label: str
    by: str
    members: Annotated[int, Field(ge=1)] | None = None
    gives: str
    to: tuple[str, ...] = Field(min_length=1)


class Duty(Cited):
    """报送、检查、会议、评价：由谁办、报给谁、何时开始、何时截止。"""

    label: str
    report: str | None = None
    inspection: str | None = None
    meeting: str | None = None
    evaluation: str | None = None
    from_: str = Field(alias="from")
    to: tuple[str, ...] = ()
    copies: tuple[str, ...] = ()
    towards: Literal["higher", "unrelated", "lower", "public", "members"] | None = None
    opens: Opens | None = None
    due: Due
    cut_off: Literal["end_of_month", "end_of_quarter", "end_of_half_year", "end_of_year"] | None = (
        None
    )
    covers: tuple[str, ...] = ()
    population: Term | None = None
    sample: Sample | None = None
    recognition: Recognition | None = None
    fund: str | None = None
    gives: str | None = None
    then: str | None = None
    missing: tuple[str, ...] = ()
    source_status: SourceStatus | None = None

    @model_validator(mode="after")
    def _one_kind(self) -> Duty:
        kinds = (self.report, self.inspection, self.meeting, self.evaluation)
        if sum(kind is not None for kind in kinds) != 1:
            raise ValueError("须且只须写 report、inspection、meeting、evaluation 之一。")
        return self


class Related(Words):
    """与谁有哪些关系。"""

    related_to: str
    relations: tuple[str, ...] = Field(min_length=1)


class RecusalRule(Cited):
    """回避：什么人，有哪些关系，在什么范围之内，不得做什么。"""

    label: str
    who: str
    may_not: tuple[str, ...] = Field(min_length=1)
    in_: tuple[str, ...] = Field(alias="in", default=())
    if_: Related = Field(alias="if")
    then: str | None = None
    missing: tuple[str, ...] = ()
    source_status: SourceStatus | None = None


class Registry(Cited):
    """名册：什么可以入、什么自动入、什么情形移出、移出后列入哪里。"""

    label: str
    kept_by: str | None = None
    admits: tuple[Term, ...] = ()
    automatic: tuple[Term, ...] = ()
    removed_on: tuple[Term, ...] = ()
    then: str | None = None
    missing: tuple[str, ...] = ()
    source_status: SourceStatus | None = None
