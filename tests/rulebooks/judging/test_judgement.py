"""受理：轮得到的才受理；不予受理的都指名事项、缘由、条款和下一步。"""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest

from rulebooks.judging.demands import demanded
from rulebooks.judging.judgement import Outside, Refusal, judge_opening, who_may
from rulebooks.judging.outside import KnownImplementer
from rulebooks.procedure.actions import CASE_ACTIONS
from rulebooks.reading.loader import load_rulebook
from rulebooks.vocabulary.contents import Opened
from rulebooks.vocabulary.events import ACTION_LABELS, ACTIONS
from tests.rulebooks.lives import CITY, SERVICES, SMALL, TOWN, WORKS, Life, life, moment

# What may be done where, written down by hand: every other act is out of turn.
OFFERED = {
    "collect": {"submit"},
    "deliberate": {"vote"},
    "review": {"vote"},
    "consult_department": {"reply"},
    "approve": {"approve", "return", "reject"},
    "amend": {"submit"},
    "publicize_project": {"post"},
    # After a publicity, what was said in time may still be written down.
    "select_implementer": {"select", "object"},
    "contract": {"sign"},
    "begin_works": {"perform"},
    "finish_works": {"perform"},
    "begin_services": {"perform"},
    "finish_services": {"perform"},
    "audit_works": {"audit", "measure"},
    "audit_in_bundle": {"audit", "measure"},
    "survey": {"audit", "measure"},
    "pay": {"pay", "measure"},
    "publicize_result": {"post"},
    "archive": {"archive", "object"},
    "quick_determine": {"approve", "reject"},
    "quick_approve": {"approve", "reject"},
    "quick_publicize": {"post"},
    "quick_select": {"select", "object"},
    "quick_contract": {"sign"},
    "quick_finish": {"perform"},
    "quick_pay": {"pay"},
    "quick_result": {"post"},
    "quick_archive": {"archive", "object"},
}


def reached(stage: str) -> Life:
    services = stage.endswith("services") or stage == "audit_in_bundle"
    facts = SMALL if stage.startswith("quick") else SERVICES if services else WORKS
    if stage == "amend":
        return life().reach("approve").do("return", {"opinion": "补图纸"})
    return life(facts, permit=stage == "consult_department").reach(stage)


@pytest.mark.parametrize("stage", OFFERED)
def test_at_every_stage_only_its_own_acts_are_in_turn(stage: str) -> None:
    case = reached(stage)
    offered = set()
    for action in ACTIONS:
        found = case.propose(action, {})
        turned_away = isinstance(found, Refusal) and found.code in ("out_of_turn", "unknown_action")
        if not turned_away and action not in CASE_ACTIONS:
            offered.add(action)
            assert who_may(case.state, action, None) is not None
    assert offered == OFFERED[stage]


def test_the_table_of_acts_names_every_stage_of_the_rulebook() -> None:
    assert set(OFFERED) == set(load_rulebook(CITY, None, TOWN).stages)


def test_a_running_publicity_takes_objections_and_removals_only() -> None:
    case = life().reach("publicize_project").post("publicize_project")
    offered = {action for action in ACTIONS if who_may(case.state, action, None)} - CASE_ACTIONS
    assert offered == {"object", "take_down"}


def test_a_closed_case_takes_nothing_but_a_correction() -> None:
    case = life().finish()
    codes = {action: case.refusal(action).code for action in ACTIONS}
    assert {code for action, code in codes.items() if action != "correct"} == {"closed"}
    assert codes["correct"] == "bad_content"


def refusals() -> Iterator[tuple[Life, Refusal]]:
    """One refusal of every act at every stage, and those of wrong times and contents."""
    for stage in OFFERED:
        case = reached(stage)
        for action in ACTIONS:
            found = case.propose(action, {})
            if isinstance(found, Refusal):
                yield case, found
        action = sorted(OFFERED[stage])[0]
        full = {field.name: 1 for field in demanded(case.state, stage, action)}
        for at in (case.now + timedelta(days=1), moment(date(2020, 1, 1)), None):
            found = case.propose(action, full, stage=stage, at=at)
            if isinstance(found, Refusal):
                yield case, found
    closed = life().finish()
    yield closed, closed.refusal("pay")
    yield closed, closed.refusal("paint")


def test_every_refusal_names_the_case_the_basis_and_the_next_step_in_whole_sentences() -> None:
    seen = set()
    for case, refusal in refusals():
        seen.add(refusal.code)
        assert case.state.number in refusal.sentence
        assert refusal.article
        assert f"（{refusal.article}）。" in refusal.sentence
        assert "请" in refusal.sentence, refusal.sentence
        assert refusal.sentence.count("。") <= 2, refusal.sentence
        assert not any(word in refusal.sentence for word in ("None", "Error", "Traceback", "{"))
    assert {"out_of_turn", "bad_content", "closed", "unknown_action"} <= seen


def test_an_act_out_of_turn_is_told_where_the_case_stands_and_who_must_act() -> None:
    refusal = life().reach("deliberate").refusal("approve", {"opinion": "同意"})
    assert refusal.sentence == (
        "事项ZJG-2026-0001：现在不能“同意”，事项正处在“居民议事会商议”"
        "（由居民议事会召集人办理），请先办完该环节（第八条 ZJG-08a）。"
    )
    assert refusal.rule == "ZJG-08a"


def test_a_round_that_is_over_is_out_of_turn() -> None:
    case = life().reach("approve").do("return", {"opinion": "补图纸"}).answer("amend")
    assert case.refusal("approve", {"opinion": "同意"}, stage="amend").code == "out_of_turn"
    assert case.answer("approve").stages == ["publicize_project"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ({}, "缺少“意见与理由”"),
        ({"opinion": "  "}, "“意见与理由”不能为空"),
        ({"opinion": "同意", "votes": 3}, "不接受“votes”这一项"),
        ({"opinion": 3}, "“意见与理由”须为文字"),
        ({"opinion": "长" * 2001}, "“意见与理由”不得超过2000字"),
    ],
)
def test_a_form_wrongly_filled_is_told_which_field_and_how(
    content: dict[str, Any], words: str
) -> None:
    refusal = life().reach("approve").refusal("approve", content)
    assert refusal.code == "bad_content"
    assert words in refusal.sentence


def test_nothing_is_dated_in_the_future_or_before_its_stage_opened() -> None:
    case = life().reach("approve")
    opinion = {"opinion": "同意"}
    assert case.refusal("approve", opinion, at=case.now + timedelta(minutes=1)).code == "in_future"
    early = case.refusal("approve", opinion, at=case.state.open[0].since - timedelta(minutes=1))
    assert early.code == "too_early"
    assert "请核对日期" in early.sentence


def test_an_act_written_down_late_needs_evidence_beyond_three_working_days() -> None:
    # Opened on Monday 2 March; Thursday 5 March is the third working day after it.
    case = life()
    monday = case.now
    case.until(date(2026, 3, 5))
    fact = case.propose("submit", {"summary": "汇总"}, at=monday)
    assert not isinstance(fact, Refusal)
    assert not fact.late
    case.until(date(2026, 3, 6))
    refusal = case.refusal("submit", {"summary": "汇总"}, at=monday)
    assert (refusal.code, "补记超过3个工作日" in refusal.sentence) == (
        "late_without_evidence",
        True,
    )
    fact = case.propose("submit", {"summary": "汇总"}, at=monday, evidence=("digest",))
    assert not isinstance(fact, Refusal)
    assert fact.late


@pytest.mark.parametrize(
    ("implementer", "code"),
    [
        (None, "unknown_implementer"),
        (KnownImplementer("I1", "顺达", "塘桥镇", active=True), "unknown_implementer"),
        (KnownImplementer("I1", "顺达", TOWN, active=False), "suspended_implementer"),
    ],
)
def test_only_an_active_implementer_of_the_towns_registry_is_selected(
    implementer: KnownImplementer | None, code: str
) -> None:
    case = life().reach("select_implementer")
    case.outside = Outside(implementer)
    assert case.refusal("select", {"implementer": "I1", "reason": "就近"}).code == code


def test_the_selected_implementers_name_is_written_by_the_machine() -> None:
    case = life().reach("select_implementer")
    case.answer("select_implementer", implementer_name="冒名")
    result = case.state.result_of("select_implementer")
    assert result is not None
    assert result.content["implementer_name"] == "顺达工程队"


def test_a_contract_without_a_mandatory_clause_is_refused_by_its_article() -> None:
    case = life().reach("contract")
    refusal = case.refusal("sign", {"amount": 1, "contract": "HT-1", "clauses": {}})
    assert (refusal.code, refusal.rule) == ("clause_missing", "ZJG-10d")
    services = life(SERVICES).reach("contract")
    refusal = services.refusal("sign", {"amount": 1, "contract": "HT-1", "clauses": {}})
    assert refusal.rule == "ZJG-10e"


def test_a_survey_must_reach_every_group_and_a_service_must_show_its_effect() -> None:
    case = life(SERVICES).reach("survey")
    full = case.ordinary("survey")
    assert case.refusal("measure", full | {"groups": ["党员"]}).code == "group_missing"
    assert case.refusal("measure", full | {"effect": ""}).code == "effect_missing"
    assert life().reach("survey").answer("survey", effect="").stages == ["audit_works"]


def test_an_incomplete_archive_is_told_what_is_missing() -> None:
    case = life().reach("archive")
    contents = case.ordinary("archive")["contains"] | {"audit_report": " "}
    refusal = case.refusal("archive", {"contains": contents})
    assert "归档材料缺少审计结论，请补齐" in refusal.sentence


def test_a_first_payment_of_nothing_is_refused() -> None:
    case = life().reach("audit_works").answer("audit_works")
    assert case.refusal("pay", {"amount": 0, "voucher": "V-1"}).code == "nothing_paid"


@pytest.mark.parametrize(
    ("facts", "code", "words"),
    [
        ({"kind": "goods"}, "unknown_choice", "请从中选择：工程类、服务类（第三条 ZJG-03a）"),
        ({"category": "roads"}, "unknown_choice", "（第二条 ZJG-02a）"),
        ({"source": "mayor"}, "unknown_choice", "（第四条 ZJG-04a）"),
        ({"budget": 0}, "bad_content", "“资金预算”须大于0"),
        ({"budget": 100.5}, "bad_content", "“资金预算”须为整数"),
        ({"other_funds": 4_800_001}, "bad_content", "社会资金多于资金预算"),
        ({"colour": "red"}, "bad_content", "不接受“colour”"),
        ({"title": ""}, "bad_content", "“项目名称”不能为空"),
    ],
)
def test_an_opening_that_cannot_be_is_refused(facts: dict[str, Any], code: str, words: str) -> None:
    refusal = judge_opening(
        load_rulebook(CITY, None, TOWN), WORKS | facts, moment(date(2026, 3, 2))
    )
    assert isinstance(refusal, Refusal)
    assert refusal.code == code
    assert words in refusal.sentence
    assert "ZJG-2026-0001" in refusal.sentence


def test_every_act_has_a_label_and_every_asked_field_a_chinese_name() -> None:
    assert set(ACTION_LABELS) == set(ACTIONS)
    for stage, offered in OFFERED.items():
        case = reached(stage)
        for action in offered | CASE_ACTIONS:
            for field in demanded(case.state, stage, action):
                assert not field.label.isascii(), (action, field.name)
    assert all(info.title for info in Opened.model_fields.values())


def test_the_form_of_a_vote_lists_only_what_applies_to_this_project() -> None:
    works = [field.name for field in demanded(reached("review").state, "review", "vote")]
    assert "checks.duplicate_investment" in works
    assert "checks.duplicate_service" not in works
    council = demanded(reached("deliberate").state, "deliberate", "vote")
    (heard,) = [field for field in council if field.name == "demands.expert_heard"]
    assert heard.required
    assert heard.article == "第十四条 ZJG-14a"


def test_the_form_of_a_posting_offers_the_channels_still_missing() -> None:
    case = life().reach("publicize_project")
    case.do("post", {"channel": "prominent_place", "evidence": "照片"})
    fields = {field.name: field for field in demanded(case.state, "publicize_project", "post")}
    assert fields["channel"].choices == {"electronic_media": "社区电子媒体"}
    assert set(fields) == {"channel", "evidence"}


def test_the_form_of_a_change_lists_every_fact_as_it_is_filled_in() -> None:
    case = life()
    fields = {field.name: field for field in demanded(case.state, None, "request_change")}
    assert fields["changes.budget"].kind == "amount"
    assert fields["changes.kind"].choices == {"works": "工程类", "services": "服务类"}
    assert fields["changes.permit"].kind == "boolean"
    assert not fields["changes.title"].required
