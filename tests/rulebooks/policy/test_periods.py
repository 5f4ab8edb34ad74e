"""期次: how a period is called, when it is over, and which have begun."""

from datetime import date, datetime

import pytest

from rulebooks.days.working_days import BEIJING
from rulebooks.policy.duties import Period, period_of, periods_since, titled
from rulebooks.vocabulary.model import Duty

CALLED = {
    "2026-10": "2026年10月",
    "2026-Q1": "2026年第一季度",
    "2026-Q4": "2026年第四季度",
    "2026-H1": "2026年上半年",
    "2026-H2": "2026年下半年",
    "2026": "2026年度",
}


@pytest.mark.parametrize(("written", "words"), CALLED.items())
def test_a_period_is_called_as_documents_call_it(written: str, words: str) -> None:
    assert period_of(written).words == words


def test_a_period_is_over_at_midnight_after_its_last_day_in_beijing() -> None:
    assert period_of("2026-10").ends == datetime(2026, 11, 1, tzinfo=BEIJING)


def test_a_year_is_not_said_twice_in_a_title() -> None:
    year = Period(date(2026, 1, 1), date(2026, 12, 31))
    assert titled(year, "年度总结报告") == "2026年度总结报告"
    assert titled(period_of("2026-H1"), "半年集中评价") == "2026年上半年集中评价"
    assert titled(period_of("2026-Q3"), "季度认定申请") == "2026年第三季度认定申请"
    assert titled(year, "终期评估报告") == "2026年度终期评估报告"
    assert titled(period_of("2026-10"), "项目月报") == "2026年10月项目月报"


def duty(**opens: object) -> Duty:
    due = {"day": 5, "of": "next_month"}
    return Duty.model_validate(
        {"label": "报送", "report": "monthly", "from": "town", "due": due, "opens": opens}
    )


def test_every_period_that_has_begun_is_listed_from_the_first_to_the_present() -> None:
    since, until = date(2025, 11, 20), date(2026, 2, 1)
    assert list(periods_since(duty(every="month"), since, until)) == [
        "2025-11",
        "2025-12",
        "2026-01",
        "2026-02",
    ]
    assert list(periods_since(duty(every="quarter"), since, until)) == ["2025-Q4", "2026-Q1"]
    assert list(periods_since(duty(date="12-01"), since, until)) == ["2025", "2026"]


def test_what_a_stage_or_a_person_opens_has_no_periods() -> None:
    since, until = date(2025, 11, 20), date(2026, 2, 1)
    assert list(periods_since(duty(by_hand=True), since, until)) == []
    assert list(periods_since(duty(stage="audit"), since, until)) == []
