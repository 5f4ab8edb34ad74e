"""公示：各渠道齐备起算，撤下或改动内容重新起算，意见答复完毕、期满才结束，谁也不能提前。"""

from datetime import date, timedelta
from pathlib import Path

import pytest

from rulebooks.days.calendars import load_calendar
from rulebooks.days.working_days import span
from rulebooks.procedure.position import apply, due_timers, lengthened
from rulebooks.procedure.state import NotApplicableError
from rulebooks.vocabulary.events import Event
from tests.rulebooks.lives import CALENDAR, Life, life, moment

STAGE = "publicize_project"
OBJECTION = {"objection": "甲", "substance": "噪声"}


def publicized() -> Life:
    """A project posted on both channels on one day."""
    return life().reach(STAGE).post(STAGE)


def ends(case: Life) -> str:
    (opened,) = case.state.open
    assert opened.publicity is not None
    assert opened.publicity.period is not None
    return opened.publicity.period["last"]


def test_nobody_has_a_duty_while_a_posted_publicity_runs() -> None:
    case = publicized()
    assert case.position.duties == ()
    assert [timer.kind for timer in case.position.timers] == ["publicity_ended"]
    assert case.position.waits_for.startswith("公示至")


def test_the_posting_of_the_last_channel_starts_the_days_and_owes_the_announcement() -> None:
    case = life().reach(STAGE)
    case.do("post", {"channel": "prominent_place", "evidence": "照片"})
    assert case.position.waits_for == "待张贴公示"
    (duty,) = case.position.duties
    assert duty.actions == ("post",)
    case.wait(2).do("post", {"channel": "electronic_media", "evidence": "链接"})
    assert ends(case) == span(CALENDAR, case.now.date(), 3, "working_days").last.isoformat()
    assert case.effects[-1] == f"issue/publicity_period/{STAGE}/1"


def test_a_channel_that_the_rulebook_does_not_name_is_refused() -> None:
    refusal = life().reach(STAGE).refusal("post", {"channel": "loudspeaker", "evidence": "录音"})
    assert refusal.code == "unknown_channel"
    assert "社区显眼位置、社区电子媒体" in refusal.sentence


def test_a_notice_taken_down_starts_the_whole_period_again_once_it_hangs_again() -> None:
    case = publicized()
    first = ends(case)
    case.wait().do("take_down", {"channel": "prominent_place", "reason": "被撕"})
    assert case.position.waits_for == "待张贴公示"
    assert case.position.timers == ()
    case.wait(3).post(STAGE)
    assert ends(case) > first
    assert ends(case) == span(CALENDAR, case.now.date(), 3, "working_days").last.isoformat()
    assert case.effects[-1] == f"issue/publicity_period/{STAGE}/1/2"
    assert case.until_ended(STAGE).stages == ["select_implementer"]


def test_a_changed_text_restarts_the_publicity_in_a_new_round() -> None:
    case = publicized().wait()
    case.do("request_change", {"changes": {"schedule": "2026年9月"}, "reason": "雨季"})
    assert case.position.waits_for == "待审查变更"
    case.do("approve_change", {"reason": "属实"})
    (opened,) = case.state.open
    assert (opened.stage, opened.round) == (STAGE, 2)
    assert opened.publicity is not None
    assert not opened.publicity.posted
    assert case.effects[-2:] == [f"open_stage/{STAGE}/2", f"issue/project_publicity/{STAGE}/2"]


def test_a_publicity_that_ended_while_its_change_was_examined_is_held_again() -> None:
    case = publicized()
    case.do("request_change", {"changes": {"schedule": "2026年9月"}, "reason": "雨季"})
    case.until_ended(STAGE)
    assert case.stages == ["select_implementer"]
    case.do("approve_change", {"reason": "属实"})
    assert [(item.stage, item.round) for item in case.state.open] == [(STAGE, 2)]
    assert (STAGE, 1, "ended") not in case.results


def test_an_upheld_objection_stops_the_publicity_and_sends_it_back_to_review() -> None:
    case = publicized().do("object", OBJECTION)
    assert case.position.waits_for == "待答复公示意见"
    (duty,) = case.position.duties
    assert (duty.role, duty.actions) == ("community_party_secretary", ("answer_objection",))
    case.do("answer_objection", {"objection": "甲", "upheld": True, "reply": "有理"})
    assert case.stages == ["review"]
    case.reach(STAGE)
    (opened,) = case.state.open
    assert opened.round == 2
    assert case.post(STAGE).until_ended(STAGE).stages == ["select_implementer"]


def test_an_objection_must_be_answered_by_the_last_day_and_is_chased() -> None:
    case = publicized().do("object", OBJECTION)
    (duty,) = case.position.duties
    assert duty.due == date.fromisoformat(ends(case))
    assert not duty.overdue
    case.until(moment(duty.due + timedelta(days=7)))
    fired = [event.kind for event in case.state.history if event.content.get("deadline")]
    assert fired == ["reminded", "publicity_ended", "fell_overdue", "escalated"]
    (duty,) = case.position.duties
    assert duty.overdue
    assert case.stages == [STAGE]


def test_the_last_answer_after_the_end_lets_the_case_go_on() -> None:
    case = publicized().do("object", OBJECTION).do("object", OBJECTION | {"objection": "乙"})
    case.do("answer_objection", {"objection": "甲", "upheld": False, "reply": "已解释"})
    case.until_ended(STAGE)
    assert case.stages == [STAGE]
    case.do("answer_objection", {"objection": "乙", "upheld": False, "reply": "已解释"})
    assert case.stages == ["select_implementer"]
    result = case.state.result_of(STAGE)
    assert result is not None
    assert result.content["objections"] == 2


def test_an_ended_publicity_that_waits_for_an_answer_takes_neither_objection_nor_removal() -> None:
    case = publicized().do("object", OBJECTION).until_ended(STAGE)
    late = case.refusal("object", OBJECTION | {"objection": "乙"})
    assert late.code == "publicity_over"
    removal = case.refusal("take_down", {"channel": "prominent_place", "reason": "被撕"})
    assert removal.code == "out_of_turn"


def test_an_objection_made_in_time_and_written_down_late_still_counts() -> None:
    case = publicized().wait(4).do("object", OBJECTION)
    made = case.now
    case.until_ended(STAGE)
    case.do("object", OBJECTION | {"objection": "乙"}, at=made)
    case.do("answer_objection", {"objection": "甲", "upheld": False, "reply": "已解释"})
    assert case.stages == [STAGE]


def test_residents_may_object_while_a_change_is_examined_and_must_be_answered() -> None:
    case = publicized()
    case.do("request_change", {"changes": {"permit": True}, "reason": "占道"})
    case.do("object", OBJECTION)
    assert [duty.label for duty in case.position.duties] == ["审查变更", "项目公示"]
    case.do("answer_objection", {"objection": "甲", "upheld": True, "reply": "有理"})
    assert case.stages == ["review"]
    assert case.refusal("vote").code == "request_pending"
    case.do("approve_change", {"reason": "属实"})
    assert [(item.stage, item.round) for item in case.state.open] == [("review", 2)]
    assert case.answer("review").stages == ["consult_department"]


def test_one_objection_is_neither_registered_nor_answered_twice() -> None:
    case = publicized().do("object", OBJECTION)
    assert case.refusal("object", OBJECTION).code == "known_objection"
    answer = {"objection": "甲", "upheld": False, "reply": "已解释"}
    case.do("object", OBJECTION | {"objection": "乙"}).do("answer_objection", answer)
    refusal = case.refusal("answer_objection", answer)
    assert refusal.code == "unknown_objection"
    assert "乙" in refusal.sentence


def test_the_result_publicity_has_no_way_back_and_an_upheld_objection_is_only_answered() -> None:
    case = life().reach("publicize_result").post("publicize_result").do("object", OBJECTION)
    case.do("answer_objection", {"objection": "甲", "upheld": True, "reply": "另行处理"})
    assert case.stages == ["publicize_result"]
    assert case.until_ended("publicize_result").stages == ["archive"]


def test_a_late_posting_counts_from_the_day_it_was_written_down() -> None:
    case = life().reach(STAGE)
    claimed = case.now
    case.wait(10)
    for channel in ("prominent_place", "electronic_media"):
        content = {"channel": channel, "evidence": "照片"}
        assert case.refusal("post", content, at=claimed).code == "late_without_evidence"
        case.do("post", content, at=claimed, evidence=("digest",))
    assert ends(case) == span(CALENDAR, case.now.date(), 3, "working_days").last.isoformat()


def test_a_late_posting_of_the_first_channel_does_not_shorten_the_period_either() -> None:
    case = life().reach(STAGE)
    claimed = case.now
    case.wait(10)
    content = {"channel": "prominent_place", "evidence": "照片"}
    case.do("post", content, at=claimed, evidence=("digest",))
    yesterday = case.now - timedelta(days=1)
    case.do("post", {"channel": "electronic_media", "evidence": "链接"}, at=yesterday)
    assert ends(case) == span(CALENDAR, case.now.date(), 3, "working_days").last.isoformat()


def test_no_event_ends_or_shortens_a_publicity_early() -> None:
    case = publicized()
    (opened,) = case.state.open
    assert opened.publicity is not None
    assert opened.publicity.opens is not None
    early = opened.publicity.opens - timedelta(seconds=1)
    shorter = {"since": "2026-03-01", "first": "2026-03-02", "last": "2026-03-02",
               "opens": "2026-03-03T00:00:00+08:00"}  # fmt: skip
    forged = (
        ("publicity_ended", {"deadline": "publicity"}),
        ("publicity_extended", {"period": shorter}),
    )
    for kind, content in forged:
        event = Event(len(case.state.history) + 1, kind, STAGE, 1, content, early, early, None)
        with pytest.raises(NotApplicableError, match=r"公示期未满|只能延长"):
            apply(case.state, event)


def test_a_revised_calendar_lengthens_a_running_publicity_and_never_shortens_it(
    tmp_path: Path,
) -> None:
    # An invented notice: 5 and 6 January 2027 become days off, Saturday the 9th is worked.
    notice = tmp_path / "2027.yaml"
    notice.write_text(
        "year: 2027\n"
        "notices:\n  - {number: 测试用文号, title: 测试用通知, issued: 2026-11-30}\n"
        "days_off:\n"
        "  - {name: 元旦, first: 2027-01-01, last: 2027-01-06}\n"
        "  - {name: 春节, first: 2027-02-05, last: 2027-02-11}\n"
        "  - {name: 清明节, first: 2027-04-03, last: 2027-04-05}\n"
        "  - {name: 劳动节, first: 2027-05-01, last: 2027-05-05}\n"
        "  - {name: 端午节, first: 2027-06-09, last: 2027-06-09}\n"
        "  - {name: 中秋节, first: 2027-09-15, last: 2027-09-15}\n"
        "  - {name: 国庆节, first: 2027-10-01, last: 2027-10-07}\n"
        "workdays: [2027-01-09]\n",
        encoding="utf-8",
    )
    revised = load_calendar(notice)
    case = life(day=date(2026, 12, 1)).reach(STAGE).until(date(2026, 12, 30)).post(STAGE)
    assert ends(case) == "2027-01-05"
    assert list(lengthened(case.state, CALENDAR)) == []
    (longer,) = lengthened(case.state, revised)
    assert (longer.stage, longer.round, longer.period["last"]) == (STAGE, 1, "2027-01-08")
    event = Event(
        len(case.state.history) + 1, "publicity_extended", STAGE, 1,
        {"period": dict(longer.period)}, case.now, case.now, None,
    )  # fmt: skip
    case.state = apply(case.state, event)
    assert ends(case) == "2027-01-08"
    assert list(lengthened(case.state, revised)) == []
    assert list(lengthened(case.state, CALENDAR)) == []
    assert not due_timers(case.state, revised, moment(date(2027, 1, 8), hour=23))
