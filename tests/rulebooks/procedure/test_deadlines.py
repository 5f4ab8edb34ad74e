"""时限：提醒、逾期、督办的时刻，停表与恢复；时间只提醒，从不代人决定。"""

from datetime import date, datetime, timedelta

import pytest

from rulebooks.days.working_days import BEIJING
from rulebooks.procedure.deadlines import Timer
from rulebooks.procedure.position import due_timers
from tests.rulebooks.lives import CALENDAR, SERVICES, Life, life, moment
from tests.rulebooks.ordinary import COUNCIL

PAUSE = {"clock": "review_and_approval", "reason": "等待主管部门意见"}


def told(timers: tuple[Timer, ...]) -> list[tuple[str, str, str | None]]:
    return [(timer.kind, f"{timer.at:%m-%d %H:%M}", timer.to) for timer in timers]


def test_a_deadline_reminds_a_working_day_before_and_escalates_two_after() -> None:
    # Received on Tuesday 3 March: due on Friday 6 March at midnight.
    case = life().wait().answer("collect")
    assert told(case.position.timers) == [
        ("reminded", "03-05 00:00", "council_convener"),
        ("fell_overdue", "03-07 00:00", "council_convener"),
        ("escalated", "03-11 00:00", "town_leader"),
    ]
    assert case.position.next_look_at == datetime(2026, 3, 5, tzinfo=BEIJING)


def test_each_reminder_is_given_once_and_owes_one_message() -> None:
    case = life().wait().answer("collect").until(date(2026, 3, 30))
    kinds = [event.kind for event in case.state.history]
    assert kinds == ["opened", "submitted", "reminded", "fell_overdue", "escalated"]
    assert case.effects[-3:] == [
        "remind/reminded/within/deliberate/1",
        "remind/fell_overdue/within/deliberate/1",
        "remind/escalated/within/deliberate/1",
    ]
    assert [effect.content["to"] for effect in case.state.effects[-3:]] == [
        "council_convener", "council_convener", "town_leader",
    ]  # fmt: skip
    assert due_timers(case.state, CALENDAR, moment(date(2026, 12, 1))) == ()
    assert case.position.next_look_at is None


def test_a_reminder_says_which_limit_it_is_about_where_the_stage_has_others() -> None:
    own = life().wait().answer("collect").until(date(2026, 3, 30))
    shared = life().reach("review").until(date(2026, 4, 30))
    clock = shared.rulebook.clocks["review_and_approval"]
    assert own.state.effects[-1].content["limit"] == ""
    assert shared.state.effects[-1].content["limit"] == clock.label
    answer = life().reach("publicize_project").post("publicize_project")
    answer.do("object", {"objection": "甲", "substance": "噪声"}).until(date(2026, 4, 30))
    assert answer.state.effects[-1].content["limit"] == "答复意见"


def test_a_duty_is_overdue_from_midnight_after_its_last_day_and_not_before() -> None:
    case = life().wait().answer("collect")
    last_second = datetime(2026, 3, 6, 23, 59, 59, tzinfo=BEIJING)
    case.until(last_second)
    assert [duty.overdue for duty in case.position.duties] == [False]
    case.until(last_second + timedelta(seconds=1))
    assert [duty.overdue for duty in case.position.duties] == [True]


def test_an_overdue_duty_may_still_be_done() -> None:
    case = life().wait().answer("collect").until(date(2026, 6, 1))
    assert case.answer("deliberate").stages == ["review"]


def test_timers_of_a_stage_left_behind_never_fire() -> None:
    case = life().wait().answer("collect").answer("deliberate")
    assert {timer.stage for timer in case.position.timers} == {"review"}


def test_the_shared_clock_keeps_running_through_every_stage_it_covers() -> None:
    case = life(permit=True).reach("review")
    (first,) = case.position.duties
    for stage in ("review", "consult_department"):
        case.wait().answer(stage)
        (duty,) = case.position.duties
        assert duty.due == first.due
    case.answer("approve")
    assert case.state.clocks == ()


def test_the_shared_clock_starts_anew_when_an_objection_sends_the_project_back() -> None:
    case = life().reach("publicize_project").post("publicize_project")
    case.do("object", {"objection": "甲", "substance": "噪声"})
    case.do("answer_objection", {"objection": "甲", "upheld": True, "reply": "有理"})
    (clock,) = case.state.clocks
    assert clock.since == case.now


def test_a_paused_clock_has_no_due_day_and_no_timers() -> None:
    case = life().reach("review").do("pause_clock", PAUSE)
    (duty,) = case.position.duties
    assert (duty.due, duty.opens, duty.overdue) == (None, None, False)
    assert case.position.timers == ()
    case.until(date(2027, 1, 20))
    assert case.position.duties[0].overdue is False


@pytest.mark.parametrize(
    ("paused", "resumed", "due"),
    [
        (date(2026, 3, 9), date(2026, 3, 10), date(2026, 3, 20)),
        (date(2026, 3, 6), date(2026, 3, 8), date(2026, 3, 19)),
        (date(2026, 3, 9), date(2026, 3, 16), date(2026, 3, 26)),
        (date(2026, 3, 9), date(2026, 3, 9), date(2026, 3, 19)),
    ],
)
def test_only_the_working_days_of_a_pause_are_added(paused: date, resumed: date, due: date) -> None:
    # The review opens on Tuesday 3 March; twelve working days end on Thursday 19 March.
    case = life().reach("review")
    assert case.position.duties[0].due == date(2026, 3, 19)
    case.until(paused).do("pause_clock", PAUSE).until(moment(resumed, hour=10))
    case.do("resume_clock", PAUSE)
    assert case.position.duties[0].due == due


def test_two_pauses_add_up() -> None:
    case = life().reach("review")
    for day in (9, 16):
        case.until(date(2026, 3, day)).do("pause_clock", PAUSE)
        case.until(date(2026, 3, day + 2)).do("resume_clock", PAUSE)
    assert case.position.duties[0].due == date(2026, 3, 25)


def test_a_clock_is_paused_and_resumed_only_in_turn_and_only_where_it_may() -> None:
    case = life().reach("review")
    assert case.refusal("resume_clock", PAUSE).code == "not_paused"
    case.do("pause_clock", PAUSE)
    assert case.refusal("pause_clock", PAUSE).code == "already_paused"
    unknown = case.refusal("pause_clock", PAUSE | {"clock": "within"})
    assert (unknown.code, "请从正在计时的时限中选择" in unknown.sentence) == (
        "clock_not_running",
        True,
    )
    assert life().refusal("pause_clock", PAUSE).code == "clock_not_running"


def test_a_pause_is_not_dated_before_the_clock_nor_a_resumption_before_the_pause() -> None:
    case = life().reach("review").wait(2)
    before = case.state.clocks[0].since - timedelta(hours=1)
    assert case.refusal("pause_clock", PAUSE, at=before).code == "too_early"
    case.do("pause_clock", PAUSE).wait()
    assert case.refusal("resume_clock", PAUSE, at=case.now - timedelta(days=2)).code == "too_early"


def test_votes_may_be_cast_while_the_clock_stands() -> None:
    case = life().reach("review").do("pause_clock", PAUSE)
    case.answer("review")
    assert case.stages == ["approve"]
    assert case.position.duties[0].due is None


def test_a_service_must_start_within_the_month_after_signing_not_after_selection() -> None:
    case = life(SERVICES).reach("contract").wait(20)
    signed = case.now.date()
    case.answer("contract")
    (duty,) = case.position.duties
    assert duty.opened_at.date() == signed
    assert duty.severity == "should"


def test_completion_counts_from_the_signature_even_when_the_start_was_late() -> None:
    case = life().reach("contract").answer("contract")
    signed = case.now.date()
    case.wait(20).answer("begin_works")
    (duty,) = case.position.duties
    assert duty.due is not None
    assert (duty.due.month, duty.due.year) == (signed.month + 6, signed.year)


def test_a_stage_that_opens_after_its_last_day_is_overdue_and_chased_at_once() -> None:
    case = life().reach("contract").answer("contract").wait(300)
    before = len(case.state.history)
    case.answer("begin_works").until(case.now)
    (duty,) = case.position.duties
    assert (duty.stage, duty.overdue) == ("finish_works", True)
    kinds = [event.kind for event in case.state.history[before:]]
    assert kinds == ["performed", "fell_overdue", "escalated"]


def test_a_deadline_that_rests_on_an_unannounced_year_is_flagged_provisional() -> None:
    case = Life(life().rulebook, date(2026, 12, 30)).open().answer("collect")
    assert [duty.provisional for duty in case.position.duties] == [True]
    assert [duty.provisional for duty in life().answer("collect").position.duties] == [False]


def test_a_request_has_no_deadline_because_the_rules_name_none() -> None:
    case = life().reach("review").do("request_withdrawal", {"reason": "改主意"})
    (duty,) = case.position.duties
    assert (duty.due, duty.opens) == (None, None)
    assert case.refusal("vote", COUNCIL).code == "request_pending"
