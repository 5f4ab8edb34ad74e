"""事项现状：办到哪里、该谁办、何时到期、接着到哪里、机器欠什么。"""

from datetime import date, timedelta

import pytest

from rulebooks.procedure.position import blocked_sentence, fold, look
from rulebooks.reading.loader import load_rulebook
from tests.rulebooks.lives import CALENDAR, CITY, SERVICES, SMALL, Life, life, moment
from tests.rulebooks.ordinary import COUNCIL

NO_RULE = "凤凰镇"


def test_a_works_project_walks_every_stage_to_its_archive() -> None:
    walked = life().finish()
    assert [stage for stage, _, _ in walked.results] == [
        "collect", "deliberate", "review", "approve", "publicize_project", "select_implementer",
        "contract", "begin_works", "finish_works", "audit_works", "survey", "pay",
        "publicize_result", "archive",
    ]  # fmt: skip
    assert (walked.position.open, walked.position.outcome) == (False, "archived")
    assert walked.position.outcome_label == "已归档"
    assert walked.position.duties == ()
    assert walked.position.next_look_at is None


def test_a_service_is_audited_in_a_bundle_and_has_no_building_stages() -> None:
    walked = [stage for stage, _, _ in life(SERVICES).finish().results]
    assert "audit_in_bundle" in walked
    assert not {"audit_works", "begin_works", "finish_works"}.intersection(walked)


def test_a_small_project_walks_the_towns_own_procedure() -> None:
    walked = [stage for stage, _, _ in life(SMALL).finish().results]
    assert walked == [
        "collect", "quick_determine", "quick_approve", "quick_publicize", "quick_select",
        "quick_contract", "quick_finish", "quick_pay", "quick_result", "quick_archive",
    ]  # fmt: skip


def test_an_urgent_project_of_any_size_walks_the_towns_own_procedure() -> None:
    assert life(urgent=True).answer("collect").stages == ["quick_determine"]


def test_a_town_without_its_own_rule_blocks_with_a_sentence_that_says_who_must_supply_it() -> None:
    case = Life(load_rulebook(CITY, None, NO_RULE)).open(SMALL, town=NO_RULE).answer("collect")
    sentence = blocked_sentence(case.state)
    assert sentence is not None
    for words in ("ZJG-2026-0001", NO_RULE, "第十二条 ZJG-12a", "请凤凰镇制定补充规定"):
        assert words in sentence
    assert case.position.waits_for == "待凤凰镇补充规定"
    assert (case.position.duties, case.position.timers) == ((), ())
    assert case.refusal("vote", COUNCIL).sentence == sentence


def test_a_blocked_case_goes_on_when_the_town_has_supplied_its_rule() -> None:
    case = Life(load_rulebook(CITY, None, NO_RULE)).open(SMALL).answer("collect")
    after = fold(load_rulebook(CITY, None, "杨舍镇"), case.state.history)
    assert [item.stage for item in after.open] == ["quick_determine"]


def test_a_blocked_case_may_be_changed_back_to_the_full_procedure() -> None:
    case = Life(load_rulebook(CITY, None, NO_RULE)).open(urgent=True).answer("collect")
    case.do("request_change", {"changes": {"urgent": False}, "reason": "不再急办"})
    assert case.do("approve_change", {"reason": "属实"}).stages == ["deliberate"]


def test_a_permit_sends_the_project_to_the_department_before_approval() -> None:
    asked = life(permit=True).reach("review").answer("review")
    assert asked.stages == ["consult_department"]
    assert asked.answer("consult_department").stages == ["approve"]
    assert life().reach("review").answer("review").stages == ["approve"]


def test_a_project_the_council_does_not_choose_closes_and_its_proposer_is_owed_a_word() -> None:
    case = life().reach("deliberate").answer("deliberate", agree=4, against=4)
    assert case.position.outcome == "not_selected"
    assert case.effects[-1] == "issue/not_selected/deliberate/1"
    assert case.state.effects[-1].article == "第十三条 ZJG-13c"


def test_a_duplicate_of_a_government_investment_is_removed_at_review_whatever_the_votes() -> None:
    checks = {
        "other_party_duty": False,
        "duplicate_investment": True,
        "already_funded": False,
        "budget_unreasonable": False,
    }
    case = life().reach("review")
    case.answer("review", agree=8, against=0, checks=checks, override_reason="居民急需")
    assert case.position.outcome == "not_passed"
    assert case.effects[-1] == "issue/not_passed/review/1"


def test_a_rejection_by_the_town_closes_the_case() -> None:
    case = life().reach("approve").do("reject", {"opinion": "与规划不符"})
    assert case.position.outcome_label == "未通过"


def test_a_return_for_correction_comes_back_to_the_office_that_returned_it() -> None:
    case = life().reach("approve").do("return", {"opinion": "补图纸"})
    assert case.position.waits_for == "待社区补正"
    case.wait().answer("amend").wait()
    assert case.stages == ["approve"]
    case.answer("approve")
    assert ("approve", 1, "return") in case.results
    assert ("approve", 2, "approve") in case.results
    assert case.stages == ["publicize_project"]


@pytest.mark.parametrize("order", [("audit_works", "survey"), ("survey", "audit_works")])
def test_audit_and_survey_run_side_by_side_and_meet_in_either_order(order: tuple[str, str]) -> None:
    case = life().reach("finish_works").answer("finish_works")
    assert sorted(case.stages) == ["audit_works", "survey"]
    for stage in order:
        assert case.wait().answer(stage).stages != ["publicize_result"]
    assert case.stages == ["pay"]
    assert case.position.next == ("结果公示",)
    assert case.answer("pay").stages == ["publicize_result"]


def test_the_result_waits_for_the_survey_when_the_money_is_paid_first() -> None:
    case = life().reach("audit_works").answer("audit_works").answer("pay")
    assert case.stages == ["survey"]
    assert case.answer("survey").stages == ["publicize_result"]


def test_partial_payments_keep_the_stage_open_until_the_last() -> None:
    case = life().reach("audit_works").answer("audit_works").answer("survey")
    case.answer("pay", amount=3_000_000, final=False)
    assert case.stages == ["pay"]
    assert case.state.amounts["paid"] == 3_000_000
    too_much = case.refusal("pay", {"amount": 1_800_001, "voucher": "V-2"})
    assert too_much.code == "paid_over_ceiling"
    case.answer("pay", amount=1_800_000)
    assert case.stages == ["publicize_result"]
    assert case.state.amounts["paid"] == 4_800_000


def test_every_duty_names_its_role_levels_actions_and_article() -> None:
    case = life().reach("approve")
    (duty,) = case.position.duties
    assert (duty.stage, duty.round, duty.label) == ("approve", 1, "项目审核")
    assert (duty.role, duty.at) == ("town_reviewer", ("town",))
    assert duty.actions == ("approve", "return", "reject")
    assert duty.article == "第九条 ZJG-09a"
    (duty,) = life().reach("review").position.duties
    assert duty.at == ("subdistrict_office", "town")


def test_the_position_says_what_is_done_and_what_comes_next() -> None:
    case = life().reach("review")
    assert [(done.label, done.outcome_label) for done in case.position.done] == [
        ("征集项目建议", "已提交"),
        ("居民议事会商议", "通过"),
    ]
    assert case.position.next == ("项目审核",)
    assert life(permit=True).reach("review").position.next == ("征求主管部门意见",)
    assert life(SMALL).position.next == ("党组织决定",)
    assert life().reach("archive").position.next == ("已归档",)


def test_a_vote_that_just_reaches_the_half_says_that_the_half_is_enough() -> None:
    half = life().reach("review").answer("review", present=8, agree=4, against=4)
    assert half.position.done[-1].outcome_label == "通过（正好达到比例，“以上”含本数）"
    more = life().reach("review").answer("review", present=8, agree=5, against=3)
    assert more.position.done[-1].outcome_label == "通过"


def test_looking_changes_nothing_and_gives_the_same_answer_again() -> None:
    case = life().reach("publicize_project").post("publicize_project")
    before = case.state
    first, second = (look(case.state, CALENDAR, case.now) for _ in range(2))
    assert first == second
    assert case.state is before


def test_every_effect_has_its_own_key_and_its_article() -> None:
    case = life().finish()
    assert len(set(case.effects)) == len(case.effects)
    assert all(effect.article and effect.label for effect in case.state.effects)
    assert case.effects.count("issue/project_publicity/publicize_project/1") == 1
    assert "issue/implementer_notice/select_implementer/1" in case.effects


def test_a_withdrawal_before_review_is_free() -> None:
    case = life().reach("deliberate").do("request_withdrawal", {"reason": "居民改主意"})
    assert (case.position.outcome, case.position.duties) == ("withdrawn", ())


def test_a_withdrawal_once_review_has_begun_waits_for_the_office() -> None:
    case = life().reach("review").do("request_withdrawal", {"reason": "居民改主意"})
    assert case.position.waits_for == "待审查撤销"
    (duty,) = case.position.duties
    assert (duty.role, duty.actions) == (
        "office_clerk",
        ("approve_withdrawal", "refuse_withdrawal"),
    )
    assert case.refusal("vote", COUNCIL).code == "request_pending"
    kept = case.do("refuse_withdrawal", {"reason": "理由不足"})
    assert kept.stages == ["review"]
    kept.do("request_withdrawal", {"reason": "再次申请"}).do(
        "approve_withdrawal", {"reason": "属实"}
    )
    assert kept.position.outcome_label == "已撤销"


def test_a_small_project_may_be_withdrawn_freely_until_it_is_established() -> None:
    before = life(SMALL).reach("quick_approve").do("request_withdrawal", {"reason": "改主意"})
    assert before.position.outcome == "withdrawn"
    after = life(SMALL).reach("quick_publicize").do("request_withdrawal", {"reason": "改主意"})
    assert after.position.waits_for == "待审查撤销"


def test_silence_never_consents_nor_does_time_move_a_case_that_waits_for_a_person() -> None:
    for stage in load_rulebook(CITY, None, "杨舍镇").stages:
        facts = SMALL if stage.startswith("quick") else SERVICES if "service" in stage else {}
        if stage in ("consult_department", "amend", "audit_in_bundle"):
            continue
        case = life(facts or SMALL | {"budget": 4_800_000}).reach(stage)
        results = case.results
        case.until(date(2028, 12, 20))
        assert stage in case.stages
        assert case.results == results
        assert case.position.open


def test_the_established_moment_is_the_approval_and_goes_with_it() -> None:
    case = life().reach("approve")
    assert case.state.established_at is None
    approved = case.now
    assert case.answer("approve").state.established_at == approved
    case.wait().do("request_change", {"changes": {"budget": 5_000_000}, "reason": "涨价"})
    assert case.do("approve_change", {"reason": "属实"}).state.established_at is None


def test_moments_are_told_in_beijing_days() -> None:
    case = life().reach("deliberate")
    late_evening = moment(date(2026, 3, 4), hour=23) + timedelta(minutes=59)
    case.until(late_evening).answer("deliberate")
    (duty,) = case.position.duties
    assert duty.due == date(2026, 3, 20)
