"""报送、检查、回避、名册：期次与截止日，抽查多少，谁须回避，什么情形入册与移出。"""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from rulebooks.days.working_days import load_calendar
from rulebooks.policy.duties import (
    Period,
    UnknownPeriodError,
    due_of,
    opens_on,
    period_of,
    sample_size,
)
from rulebooks.policy.recusal import Involvement, recused
from rulebooks.policy.registries import moved
from rulebooks.reading.loader import load_rulebook
from rulebooks.reading.provisions import provision_problems
from rulebooks.vocabulary.model import Duty, Parameter, RecusalRule, Registry
from rulebooks.vocabulary.obligations import Sample
from rulebooks.vocabulary.refusals import Refusal

RULEBOOK = load_rulebook("zhangjiagang")
CALENDAR = load_calendar()
FULL_WIDTH = {digit: digit + 0xFEE0 for digit in map(ord, "0123456789")}


def duty(due: dict[str, Any], **written: Any) -> Duty:
    return Duty.model_validate(
        {"label": "某报送", "report": "any", "from": "town", "due": due, **written}
    )


def due_day(due: dict[str, Any], period: str) -> date:
    found = due_of(RULEBOOK, duty(due), period_of(period), CALENDAR)
    assert not isinstance(found, Refusal)
    return found.last


@pytest.mark.parametrize(
    ("written", "first", "last"),
    [
        ("2026", date(2026, 1, 1), date(2026, 12, 31)),
        ("2026-H1", date(2026, 1, 1), date(2026, 6, 30)),
        ("2026-H2", date(2026, 7, 1), date(2026, 12, 31)),
        ("2026-Q3", date(2026, 7, 1), date(2026, 9, 30)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
    ],
)
def test_a_period_is_read_from_its_first_to_its_last_day(
    written: str, first: date, last: date
) -> None:
    assert period_of(written) == Period(first, last)


@pytest.mark.parametrize(
    "written",
    [
        *("2026-13", "2026-00", "2026-Q5", "2026-1", "十月", "2026-H3", "0000", "0000-Q1", "9999"),
        # 全角的数字写的是同一期，却会成为另一个键。
        *(text.translate(FULL_WIDTH) for text in ("2026-06", "2026")),
    ],
)
def test_a_period_that_does_not_exist_is_said_in_a_sentence(written: str) -> None:
    with pytest.raises(UnknownPeriodError, match=r"。$"):
        period_of(written)


@pytest.mark.parametrize(
    ("due", "period", "day"),
    [
        ({"day": 5, "of": "next_month"}, "2026-10", date(2026, 11, 5)),
        ({"day": 5, "of": "next_month"}, "2025-12", date(2026, 1, 5)),
        ({"day": 10, "of": "next_month"}, "2026-Q4", date(2027, 1, 10)),
        ({"day": 31, "of": "next_month"}, "2026-01", date(2026, 2, 28)),
        ({"day": "last", "of": "this_month"}, "2026-02", date(2026, 2, 28)),
        ({"day": 15, "of": "first_month"}, "2026-Q3", date(2026, 7, 15)),
        ({"day": "last", "of": "first_month"}, "2026", date(2026, 1, 31)),
        ({"day": 31, "of": "first_month"}, "2026-02", date(2026, 2, 28)),
        ({"day": "last", "of": "next_month"}, "2026-H1", date(2026, 7, 31)),
        ({"day": 25}, "2026-Q1", date(2026, 3, 25)),
        ({"date": "12-31"}, "2026", date(2026, 12, 31)),
        ({"date": "05-31", "of": "next_year"}, "2025", date(2026, 5, 31)),
        ({"count": 31, "unit": "calendar_days"}, "2026-H1", date(2026, 7, 31)),
        ({"count": 1, "unit": "months", "rolls": False}, "2026-H2", date(2027, 1, 31)),
    ],
)
def test_a_due_day_follows_from_the_period(due: dict[str, Any], period: str, day: date) -> None:
    assert due_day(due, period) == day


@given(st.integers(2021, 2026), st.integers(1, 12), st.integers(1, 28))
def test_a_due_day_that_rolls_is_worked_and_never_earlier(year: int, month: int, day: int) -> None:
    period = f"{year}-{month:02d}"
    fixed = due_day({"day": day, "of": "this_month"}, period)
    rolled = due_day({"day": day, "of": "this_month", "rolls": True}, period)
    assert rolled >= fixed
    assert CALENDAR.is_workday(rolled)


@pytest.mark.parametrize(
    ("due", "opens", "day"),
    [
        ({"day": 5, "of": "next_month"}, {"every": "month"}, date(2026, 11, 1)),
        ({"day": "last", "of": "this_month"}, {"every": "month"}, date(2026, 10, 1)),
        ({"date": "11-30"}, {"date": "11-01"}, date(2026, 11, 1)),
        ({"day": 5, "of": "next_month"}, {"by_hand": True}, None),
        ({"day": 5, "of": "next_month"}, {"stage": "archive"}, None),
    ],
)
def test_a_duty_opens_when_its_period_is_over_or_when_it_must_be_done_within(
    due: dict[str, Any], opens: dict[str, Any], day: date | None
) -> None:
    found, period = duty(due, opens=opens), period_of("2026-10")
    span = due_of(RULEBOOK, found, period, CALENDAR)
    assert not isinstance(span, Refusal)
    assert opens_on(found, period, span) == day


def test_a_day_that_the_town_has_not_supplied_blocks_with_who_must_supply_it() -> None:
    parameter = Parameter.model_validate({"label": "月报日期", "supplied_by": "town"})
    book = RULEBOOK.model_copy(update={"parameters": {"report_day": parameter}})
    waiting = duty({"day": 1, "of": "next_month"}, missing=["report_day"])
    found = due_of(book, waiting, period_of("2026-10"), CALENDAR)
    assert isinstance(found, Refusal)
    assert "“月报日期”由镇(区)规定，尚未补充，请补充并录入规则手册" in found.sentence


@given(st.integers(0, 5000))
def test_a_sample_is_the_larger_part_and_never_more_than_there_are(population: int) -> None:
    sample = Sample.model_validate(
        {"method": "random", "larger_of": [{"count": 40}, {"share": "1/20"}]}
    )
    found = sample_size(sample, population)
    assert found <= population
    assert found == population or (found >= 40 and found * 20 >= population)


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ({"due": {"day": 5, "of": "next_year"}}, "day 配 first_month"),
        ({"due": {"day": 5, "date": "12-31"}}, "须且只须写 day、date、count 之一"),
        ({"due": {"count": 5}}, "须同时写 count 与 unit"),
        ({"due": {"date": "13-01"}}, "没有13月1日|没有13月01日"),
        ({"due": {"date": "02-29"}}, "没有02月29日"),
        ({"due": {"day": 5}, "inspection": "also"}, "须且只须写 report"),
        ({"due": {"day": 5}, "opens": {}}, "opens 须且只须写"),
    ],
)
def test_a_duty_written_wrongly_is_refused(written: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        duty(written.pop("due"), **written)


# Recusal and registers ---------------------------------------------------------------------

TERMS = {
    "supervisors": "监督人员",
    "implementer": "实施主体",
    "spouse": "配偶",
    "friend": "朋友",
    "same_street": "同一街道",
    "failed": "验收不合格",
}
BOOK = RULEBOOK.model_copy(update={"terms": {**RULEBOOK.terms, **TERMS}})
RULE = RecusalRule.model_validate(
    {
        "label": "监督回避",
        "who": "supervisors",
        "may_not": ["accept"],
        "in": ["same_street"],
        "if": {"related_to": "implementer", "relations": ["spouse"]},
    }
)


def test_whoever_is_related_within_the_scope_must_stand_back() -> None:
    found = recused(BOOK, RULE, Involvement("accept", "spouse", "same_street"))
    assert found is not None
    assert found.sentence.startswith("监督人员与实施主体的关系为“配偶”，在同一街道之内不得")
    assert "请回避，改由他人办理" in found.sentence


@pytest.mark.parametrize(
    "given",
    [
        Involvement("pay", "spouse", "same_street"),
        Involvement("accept", "friend", "same_street"),
        Involvement("accept", "spouse", "elsewhere"),
        Involvement("accept", "spouse"),
    ],
)
def test_whoever_lacks_one_of_the_three_may_go_on(given: Involvement) -> None:
    assert recused(BOOK, RULE, given) is None


LIBRARY = Registry.model_validate(
    {
        "label": "项目库",
        "automatic": ["winner"],
        "admits": ["applied"],
        "removed_on": [{"term": "failed", "cites": "ZJG-20a"}],
        "then": "irregular",
    }
)
IRREGULAR = Registry.model_validate({"label": "异常名录", "automatic": ["removed"]})


def test_a_register_does_only_what_is_written() -> None:
    book = BOOK.model_copy(update={"registries": {"library": LIBRARY, "irregular": IRREGULAR}})
    moves = {cause: moved(book, LIBRARY, cause) for cause in ("winner", "applied", "failed", "?")}
    assert [move.move for move in moves.values()] == ["entered", "admitted", "removed", "none"]
    assert moves["failed"].then == "异常名录"
    assert moves["failed"].article.endswith("ZJG-20a")
    assert moves["winner"].then is None


def test_codes_without_a_chinese_name_and_lists_that_do_not_exist_are_named() -> None:
    book = RULEBOOK.model_copy(
        update={
            "recusal": {"rule": RULE},
            "registries": {"library": LIBRARY},
            "duties": {"any": duty({"day": 5}, to=["nobody"], fund="no_fund")},
        }
    )
    sentences = " ".join(sentence for _, sentence in provision_problems(book))
    for words in ("“supervisors”没有中文名称", "名册“irregular”不存在", "“nobody”没有中文名称"):
        assert words in sentences
    assert "资金“no_fund”不存在" in sentences
