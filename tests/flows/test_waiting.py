"""The badge says what a case waits for, and a sleeping run is no error."""

import logging
from dataclasses import replace

from flows.waiting import BADGE_LIMIT, FAULT_BADGE, badge, waiting_state
from tasks.desk import Case

CASE = Case(
    number="ZJG-2026-0001",
    title="塘市花苑货车停放点",
    city="张家港",
    town="杨舍镇",
    community="塘市社区",
    head=3,
    driven_to=3,
    generation=1,
    flow_run_id=None,
    open=True,
    waits_for="公示至12月3日",
    stage="项目公示",
    outcome=None,
)


def test_an_open_case_shows_what_it_waits_for() -> None:
    assert badge(CASE) == "公示至12月3日"


def test_a_failed_effect_shows_before_what_people_owe() -> None:
    assert badge(replace(CASE, fault="信箱打不开")) == FAULT_BADGE


def test_a_closed_case_shows_its_outcome() -> None:
    assert badge(replace(CASE, open=False, outcome="已归档", fault="信箱打不开")) == "已归档"
    assert badge(replace(CASE, open=False)) == "已办结"


def test_a_badge_stays_short_whatever_the_rulebook_says() -> None:
    assert len(badge(replace(CASE, waits_for="待" * 200))) == BADGE_LIMIT


def test_a_wait_has_no_end_and_a_key_of_its_own() -> None:
    first, second = waiting_state("待审核", ""), waiting_state("待审核", "")
    assert first.is_paused()
    assert first.state_details.pause_timeout is None
    assert first.state_details.pause_reschedule is True
    assert first.state_details.pause_key != second.state_details.pause_key


def test_a_suspension_is_not_logged_as_an_error_and_a_failure_is() -> None:
    logger = logging.getLogger("prefect.flow_runs")

    def passes(text: str) -> bool:
        record = logger.makeRecord(logger.name, logging.ERROR, "", 0, text, (), None)
        return bool(logger.filter(record))

    assert not passes("Finished in state 待审核(type=PAUSED)")
    assert not passes("Finished in state Running()")
    assert passes("Finished in state Failed('Flow run encountered an exception')")
