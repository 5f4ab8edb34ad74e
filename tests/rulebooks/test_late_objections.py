"""迟登的意见：最后一日提出、次日才登记的一样算数；其后已有环节办结的，不能再补登。"""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from rulebooks.procedure.actions import who_may
from rulebooks.procedure.position import apply, fold
from rulebooks.procedure.state import NotApplicableError
from rulebooks.vocabulary.events import Event
from tests.rulebooks.altered import altered
from tests.rulebooks.law_cases import LawCase, played
from tests.rulebooks.lives import WORKS, Life, life

STAGE = "publicize_project"
RESOLUTION = "publicize_resolution"
REJECTION = "publicize_rejection"
OBJECTION = {"objection": "甲", "substance": "噪声"}
NEXT_MORNING = timedelta(hours=9)
FACTS = {"representatives": {"label": "居民代表人数", "kind": "integer", "required": True}}
FIFTH = {"threshold": {"at_least": "1/5", "of": "representatives"}}


def opens_of(case: Life) -> datetime:
    """The first moment after the publicity that runs now."""
    (opened,) = case.state.open
    assert opened.publicity is not None
    assert opened.publicity.opens is not None
    return opened.publicity.opens


def ended() -> tuple[Life, datetime]:
    """The morning after a publicity, and an hour of its last day."""
    case = life().reach(STAGE).post(STAGE)
    opens = opens_of(case)
    return case.until(opens + NEXT_MORNING), opens - timedelta(hours=4)


def shenyang(people: int = 51, **project: Any) -> Life:
    """A project of a community with so many representatives, posted."""
    given = {"town": "示例甲街道", "project": {**project, "resident_representatives": people}}
    case, refusal = played(LawCase("shenyang", "", date(2026, 3, 2), given, {}, ""))
    assert refusal is None
    return case.reach(RESOLUTION).post(RESOLUTION).wait()


def objects(case: Life, number: int, at: datetime | None = None) -> Life:
    said = {"objection": f"{number}号", "substance": "地点", "by": f"代表{number}"}
    return case.do("object", said, at=at)


# Where objections must be answered -----------------------------------------------------------


def test_an_objection_of_the_last_day_entered_the_next_morning_must_be_answered_first() -> None:
    case, last_day = ended()
    assert case.stages == ["select_implementer"]
    case.do("object", OBJECTION, at=last_day)
    assert [(item.stage, item.round) for item in case.state.open] == [(STAGE, 2)]
    assert case.position.waits_for == "待答复公示意见"
    (duty,) = case.position.duties
    assert (duty.role, duty.actions) == ("community_party_secretary", ("answer_objection",))
    assert case.refusal("select", {"implementer": "I1", "reason": "就近"}).code == "out_of_turn"
    case.do("answer_objection", {"objection": "甲", "upheld": False, "reply": "已解释"})
    assert [(item.stage, item.round) for item in case.state.open] == [("select_implementer", 2)]
    assert case.wait().finish().position.outcome == "archived"


def test_a_late_entered_objection_that_is_upheld_goes_back_as_one_entered_in_time() -> None:
    case, last_day = ended()
    case.do("object", OBJECTION, at=last_day)
    case.do("answer_objection", {"objection": "甲", "upheld": True, "reply": "有理"})
    assert case.stages == ["review"]
    assert (STAGE, 2, "upheld") in case.results
    assert (STAGE, 1, "ended") not in case.results


def test_the_notice_is_not_posted_or_written_again_for_a_late_entered_objection() -> None:
    case, last_day = ended()
    before = case.effects
    case.do("object", OBJECTION, at=last_day)
    assert case.effects == [*before, f"open_stage/{STAGE}/2"]
    (opened,) = case.state.open
    assert opened.publicity is not None
    assert opened.publicity.ended
    assert case.refusal("post", {"channel": "prominent_place", "evidence": "x"}).code == (
        "out_of_turn"
    )


def test_everybody_s_late_entered_objections_wait_together() -> None:
    case, last_day = ended()
    case.do("object", OBJECTION, at=last_day)
    case.do("object", OBJECTION | {"objection": "乙"}, at=last_day - timedelta(hours=3))
    case.do("answer_objection", {"objection": "乙", "upheld": False, "reply": "已解释"})
    assert case.stages == [STAGE]
    case.do("answer_objection", {"objection": "甲", "upheld": False, "reply": "已解释"})
    assert case.stages == ["select_implementer"]
    result = case.state.result_of(STAGE)
    assert result is not None
    assert result.content["objections"] == 2


def test_an_answer_that_is_already_late_is_chased_at_once() -> None:
    case, last_day = ended()
    case.do("object", OBJECTION, at=last_day).wait()
    assert [duty.overdue for duty in case.position.duties] == [True]
    assert case.state.history[-1].kind == "fell_overdue"


def test_an_objection_made_after_the_end_is_not_one_however_soon_it_is_entered() -> None:
    case, _ = ended()
    refusal = case.refusal("object", OBJECTION, at=case.now - NEXT_MORNING)
    assert refusal.code == "publicity_over"
    assert "公示期已满" in refusal.sentence


def test_the_same_objection_is_not_entered_again_after_the_end() -> None:
    case = life().reach(STAGE).post(STAGE).do("object", OBJECTION)
    case.do("answer_objection", {"objection": "甲", "upheld": False, "reply": "已解释"})
    last_day = opens_of(case) - timedelta(hours=1)
    case.until_ended(STAGE)
    assert case.refusal("object", OBJECTION, at=last_day).code == "known_objection"


def test_once_the_next_stage_is_decided_no_objection_is_added_and_the_next_step_is_named() -> None:
    case, last_day = ended()
    case.answer("select_implementer")
    refusal = case.refusal("object", OBJECTION, at=last_day)
    assert refusal.code == "out_of_turn"
    assert "期满之后已有环节办结；需要改动项目的请申请变更" in refusal.sentence
    assert who_may(case.state, "object", STAGE) is None


def test_who_enters_an_objection_in_time_enters_it_late() -> None:
    case, _ = ended()
    found = who_may(case.state, "object", STAGE)
    assert found is not None
    assert found.role == "community_clerk"
    assert who_may(case.state, "object", "publicize_result") is None


def test_one_entered_long_after_needs_evidence_like_everything_entered_late() -> None:
    case, last_day = ended()
    case.wait(20)
    assert case.refusal("object", OBJECTION, at=last_day).code == "late_without_evidence"
    case.do("object", OBJECTION, at=last_day, evidence=("digest",))
    assert case.stages == [STAGE]


def test_a_result_publicity_waits_for_the_late_answer_too() -> None:
    case = life().reach("publicize_result").post("publicize_result")
    last_day = opens_of(case) - timedelta(hours=1)
    case.until_ended("publicize_result").do("object", OBJECTION, at=last_day)
    assert case.stages == ["publicize_result"]
    case.do("answer_objection", {"objection": "甲", "upheld": True, "reply": "另行处理"})
    assert case.stages == ["archive"]


def test_a_late_entered_objection_is_entered_also_while_a_change_is_examined() -> None:
    case, last_day = ended()
    case.do("request_change", {"changes": {"permit": True}, "reason": "占道"})
    case.do("object", OBJECTION, at=last_day)
    case.do("answer_objection", {"objection": "甲", "upheld": False, "reply": "已解释"})
    assert case.position.waits_for == "待审查变更"
    assert case.stages == ["select_implementer"]


def test_the_state_is_the_same_however_often_the_journal_is_folded() -> None:
    case, last_day = ended()
    case.do("object", OBJECTION, at=last_day)
    assert fold(case.rulebook, case.state.history) == case.state


def test_an_objection_to_what_never_was_publicized_does_not_fold() -> None:
    case, last_day = ended()
    number = len(case.state.history) + 1
    said = Event(number, "objected", "publicize_result", 1, OBJECTION, last_day, case.now, None)
    with pytest.raises(NotApplicableError, match="不能登记意见"):
        apply(case.state, said)


# Where a share of people decides -------------------------------------------------------------


def test_the_last_of_a_fifth_entered_the_next_morning_sends_the_resolution_back() -> None:
    case = shenyang()
    for number in range(1, 11):
        objects(case, number)
    opens = opens_of(case)
    case.until(opens + NEXT_MORNING)
    assert case.stages == ["street_review"]
    objects(case, 11, at=opens - timedelta(minutes=1))
    assert case.stages == ["choose_revote"]
    assert (RESOLUTION, 1, "upheld") in case.results
    case.do("pick", {"choice": "council", "reason": "异议集中在地点"}).wait()
    assert case.finish().position.outcome_label == "已归档"


def test_below_the_fifth_a_late_entered_objection_is_noted_and_nothing_goes_back() -> None:
    case = shenyang()
    for number in range(1, 10):
        objects(case, number)
    last_day = opens_of(case) - timedelta(hours=2)
    case.until_ended(RESOLUTION)
    objects(case, 10, at=last_day)
    assert [(item.stage, item.round) for item in case.state.open] == [("street_review", 1)]
    result = case.state.result_of(RESOLUTION)
    assert result is not None
    assert (result.outcome, result.content["objections"]) == ("ended", 10)
    assert objects(case, 11, at=last_day).stages == ["choose_revote"]


def test_one_person_entered_twice_still_counts_once_after_the_end() -> None:
    case = shenyang(people=10)
    objects(case, 1)
    last_day = opens_of(case) - timedelta(hours=2)
    case.until_ended(RESOLUTION)
    again = {"objection": "又一条", "substance": "地点", "by": " 代表01"}
    assert case.do("object", again, at=last_day).stages == ["street_review"]
    assert objects(case, 2, at=last_day).stages == ["choose_revote"]


def rejected(people: int) -> tuple[Life, datetime]:
    """The morning after the publicity of a resolution that failed: the case has closed."""
    given = {"town": "示例甲街道", "project": {"resident_representatives": people}}
    case, refusal = played(LawCase("shenyang", "", date(2026, 3, 2), given, {}, ""))
    assert refusal is None
    case.reach("council").answer("council", agree=0, against=8).wait()
    case.post(REJECTION)
    opens = opens_of(case)
    case.until(opens + NEXT_MORNING)
    assert case.position.outcome == "not_selected"
    return case, opens - timedelta(hours=1)


def test_a_case_that_closed_at_the_end_of_its_publicity_is_voted_on_again() -> None:
    case, last_day = rejected(people=10)
    assert case.refusal("submit", {"summary": "再提"}).code == "closed"
    objects(case, 1, at=last_day)
    assert case.position.outcome == "not_selected"
    objects(case, 2, at=last_day)
    assert (case.position.open, case.stages) == (True, ["choose_revote"])


def test_a_withdrawn_case_takes_no_objection() -> None:
    case, last_day = ended()
    case.do("request_withdrawal", {"reason": "不办了"}).do("approve_withdrawal", {"reason": "同意"})
    assert case.position.outcome == "withdrawn"
    assert case.refusal("object", OBJECTION, at=last_day).code == "closed"


def test_where_a_share_decides_and_answers_are_due_the_late_one_is_answered_first() -> None:
    rules = altered({STAGE: {"objections": FIFTH}}, facts=FACTS)
    case = Life(rules).open(WORKS, details={"representatives": 11}).reach(STAGE).post(STAGE)
    last_day = opens_of(case) - timedelta(hours=2)
    case.until_ended(STAGE)
    objects(case, 1, at=last_day)
    assert case.position.waits_for == "待答复公示意见"
    case.do("withdraw_objection", {"objection": "1号", "reason": "已说明"})
    assert case.stages == ["select_implementer"]
    for number in (2, 3, 4):
        objects(case, number, at=last_day)
    assert case.stages == ["review"]
