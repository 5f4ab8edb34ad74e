"""期限的说法: how long is left, and why a deadline is the day it is."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

import pytest

from deployments.terminal.periods import chinese_moment, due_text, grounds, left_text, limit_text
from rulebooks.days.working_days import BEIJING, load_calendar
from rulebooks.procedure.position import apply, look, start
from rulebooks.procedure.state import State
from rulebooks.reading.loader import load_rulebook
from rulebooks.vocabulary.events import Event
from rulebooks.vocabulary.model import Within
from tests.records.world import FACTS, MONDAY
from tests.rulebooks.altered import altered
from tests.rulebooks.lives import Life

CALENDAR = load_calendar()


def lived(*events: tuple[str, str | None, Mapping[str, object]], at: datetime = MONDAY) -> State:
    """A case after these events, all at one moment."""
    state = start(load_rulebook("zhangjiagang", None, "杨舍镇"))
    facts = {**FACTS, "number": "N"}
    for kind, stage, content in (("opened", None, facts), *events):
        sequence = len(state.history) + 1
        event = Event(sequence, kind, stage, 1 if stage else None, content, at, at, None)
        state = apply(state, event)
    return state


SUBMITTED = ("submitted", "collect", {"summary": "汇总"})
VOTED = ("voted", "deliberate", {"members": 9, "present": 9, "agree": 9, "opinion": "同意"})


@pytest.mark.parametrize(
    ("today", "text"),
    [
        (date(2026, 4, 1), "还有3个工作日"),
        (date(2026, 4, 6), "还有1个工作日"),
        (date(2026, 4, 7), "今日24时截止"),
        (date(2026, 4, 8), "已逾期1日"),
    ],
)
def test_what_is_left_is_told_in_working_days(today: date, text: str) -> None:
    assert left_text(date(2026, 4, 7), CALENDAR, today) == text


def test_days_that_are_all_free_are_told_so() -> None:
    assert left_text(date(2026, 10, 7), CALENDAR, date(2026, 10, 5)) == "还有2日，均为休息日"


def test_a_deadline_names_the_days_that_do_not_count_and_its_article() -> None:
    friday = datetime(2026, 3, 6, 9, tzinfo=BEIJING)
    state = lived(SUBMITTED, at=friday)
    [duty] = look(state, CALENDAR, friday).duties
    assert due_text(duty, CALENDAR, friday.date()) == "2026年3月11日到期，还有3个工作日"
    assert list(grounds(state, duty, CALENDAR)) == [
        "自2026年3月6日起3个工作日，首日不计，周六、周日不计。",
        "依据：第八条 ZJG-08a（应/不得）“在收到社区提交的项目建议后3个工作日内”",
    ]


def test_a_stopped_clock_has_no_date_and_says_why() -> None:
    pause = ("clock_paused", None, {"clock": "review_and_approval", "reason": "等复函"})
    state = lived(SUBMITTED, VOTED, pause)
    [duty] = look(state, CALENDAR, MONDAY).duties
    assert due_text(duty, CALENDAR, MONDAY.date()) == ""
    assert list(grounds(state, duty, CALENDAR)) == ["审议、审核合计时限：已经停表，恢复后再计。"]


def test_a_period_that_has_not_begun_says_what_it_waits_for() -> None:
    branches = {"parallel": ["finish_works", "survey"], "join": "publicize_result"}
    late = {"count": 30, "unit": "calendar_days", "since": "finish_works"}
    book = altered(
        {
            "begin_works": {"then": {"performed": branches}},
            "finish_works": {"then": {"performed": "join"}},
            "survey": {"within": late},
        }
    )
    case = Life(book).open().reach("begin_works").answer("begin_works")
    duty = next(duty for duty in case.position.duties if duty.stage == "survey")
    assert list(grounds(case.state, duty, CALENDAR)) == ["“完工”办结后30日，尚未起算。"]


def test_a_provisional_date_is_marked() -> None:
    eve = datetime(2026, 12, 30, 9, tzinfo=BEIJING)
    state = lived(SUBMITTED, at=eve)
    [duty] = look(state, CALENDAR, eve).duties
    assert "（暂定日历）" in due_text(duty, CALENDAR, eve.date())


def test_limits_and_moments_are_written_as_people_say_them() -> None:
    assert limit_text(None) == ""
    limit = Within(count=6, unit="months", severity="should")
    assert limit_text(limit) == "6个月（原则上）"
    assert chinese_moment(MONDAY + timedelta(hours=6)) == "2026年3月2日15:00"
