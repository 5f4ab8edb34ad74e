"""各类环节的词：选定、评价维度、到场各方、排序、批次、审核时的核对，及写错时的说明。"""

from typing import Any

import pytest

from rulebooks.judging.demands import demanded
from rulebooks.showing.diagram import diagram
from rulebooks.vocabulary.events import STAGE_ACTIONS
from rulebooks.vocabulary.model import Rulebook
from tests.rulebooks.altered import altered, told
from tests.rulebooks.lives import WORKS, Life

BY = {"role": "town_clerk"}
TERMS = {
    "again": "重新商议",
    "assembly": "居民代表大会表决",
    "brand": "品牌效应",
    "fit": "契合度",
    "builder": "施工单位",
    "residents": "居民代表",
}


def stage(kind: str, then: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {"label": "试办", "waits": "待试办", "kind": kind, "by": BY, "then": then, **changes}


def before_approval(kind: str, then: dict[str, Any], **changes: Any) -> Rulebook:
    """A rulebook with one more stage, `extra`, between the review and the approval."""
    return altered(
        {
            "extra": stage(kind, then, **changes),
            "review": {"then": {"pass": "extra", "fail": {"close": "not_passed"}}},
            "consult_department": {"then": {"replied": "approve"}},
            "approve": {"then": {"approve": "publicize_project", "return": "consult_department"}},
        },
        terms=TERMS,
    )


def at_extra(kind: str, then: dict[str, Any], **changes: Any) -> Life:
    return Life(before_approval(kind, then, **changes)).open(WORKS).reach("extra")


def fields(case: Life, action: str) -> dict[str, Any]:
    return {field.name: field for field in demanded(case.state, case.stages[0], action)}


# 选定 ---------------------------------------------------------------------------------------


PICKS = {"again": "deliberate", "assembly": "approve"}


def test_an_office_picks_one_of_the_ways_the_rulebook_writes() -> None:
    case = at_extra("pick", PICKS)
    assert case.position.duties[0].actions == ("pick",)
    assert fields(case, "pick")["choice"].choices == {
        "again": "重新商议",
        "assembly": "居民代表大会表决",
    }
    case.do("pick", {"choice": "assembly", "reason": "意见分歧大"})
    assert case.stages == ["approve"]
    assert case.position.done[-1].outcome_label == "居民代表大会表决"


def test_another_pick_leads_the_other_way() -> None:
    case = at_extra("pick", PICKS).do("pick", {"choice": "again", "reason": "再议一次"})
    assert case.stages == ["deliberate"]


def test_a_way_that_is_not_written_cannot_be_picked() -> None:
    refusal = at_extra("pick", PICKS).refusal("pick", {"choice": "court", "reason": "诉讼"})
    assert "没有“court”这一项，请从中选定：重新商议、居民代表大会表决" in refusal.sentence


def test_a_mistaken_pick_that_is_corrected_leads_where_it_should_have() -> None:
    case = at_extra("pick", PICKS).do("pick", {"choice": "assembly", "reason": "分歧"})
    sequence = case.state.history[-1].sequence
    slip = {"sequence": sequence, "reason": "选错", "content": {"choice": "court"}}
    assert case.refusal("correct", slip).code == "unknown_choice"
    case.do("correct", {**slip, "content": {"choice": "again"}})
    case.do("settle_correction", {"keep": False, "reason": "作废重办"})
    assert case.stages == ["deliberate"]


def test_every_way_that_may_be_picked_is_drawn_and_must_have_a_name() -> None:
    drawn = diagram(before_approval("pick", PICKS))
    assert 'extra -> approve [label=" 居民代表大会表决 "' in drawn
    message = told(before_approval("pick", {"court": "approve"}))
    assert "用语“court”未在 rulebook.yaml 的 terms 中说明" in message
    assert "至少要有一种结果" in told(before_approval("pick", {}))


# 评价 ---------------------------------------------------------------------------------------


SCORED = {"dimensions": ["brand", "fit"], "third_party": "optional"}
MEASURED: dict[str, Any] = {"scores": {"brand": 90, "fit": 85}}


def test_every_dimension_is_scored_from_nought_to_a_hundred() -> None:
    case = at_extra("evaluate", {"measured": "approve"}, **SCORED)
    asked = fields(case, "measure")
    assert [asked[name].label for name in ("scores.brand", "scores.fit")] == ["品牌效应", "契合度"]
    assert asked["scores.fit"].required
    one = case.refusal("measure", {"scores": {"brand": 90}})
    assert "缺少契合度的得分，请逐项打分（0至100）" in one.sentence
    assert case.refusal("measure", {"scores": {"brand": 101, "fit": 1}}).code == "bad_content"
    other = case.refusal("measure", {"scores": {**MEASURED["scores"], "again": 1}})
    assert "没有“again”这一项得分，可填的有：品牌效应、契合度" in other.sentence
    assert case.do("measure", MEASURED).stages == ["approve"]


def test_an_evaluation_without_groups_asks_for_no_sample() -> None:
    asked = fields(at_extra("evaluate", {"measured": "approve"}, **SCORED), "measure")
    assert "groups" not in asked
    assert not asked["samples"].required


def test_a_third_party_is_required_unless_the_rulebook_says_it_is_optional() -> None:
    case = at_extra("evaluate", {"measured": "approve"})
    assert fields(case, "measure")["surveyor"].required
    assert case.refusal("measure", {}).code == "surveyor_missing"
    case.do("measure", {"surveyor": "民意社"})
    assert not fields(
        at_extra("evaluate", {"measured": "approve"}, third_party="optional"), "measure"
    )["surveyor"].required


def test_a_failed_evaluation_goes_its_own_way_where_there_is_one() -> None:
    case = at_extra("evaluate", {"measured": "approve", "failed": "deliberate"}, **SCORED)
    assert fields(case, "measure")["qualified"].kind == "boolean"
    case.do("measure", {**MEASURED, "qualified": False})
    assert case.stages == ["deliberate"]
    assert case.position.done[-1].outcome_label == "不合格"


def test_where_no_failure_is_foreseen_none_is_asked_for_and_none_accepted() -> None:
    case = at_extra("evaluate", {"measured": "approve"}, **SCORED)
    assert "qualified" not in fields(case, "measure")
    assert case.refusal("measure", {**MEASURED, "qualified": False}).code == "no_failure"


# 验收 ---------------------------------------------------------------------------------------


SIGNED = {"signatories": ["builder", "residents"]}


def test_everyone_who_must_sign_the_acceptance_has_signed() -> None:
    case = at_extra("accept", {"passed": "approve", "mending": "deliberate"}, **SIGNED)
    assert fields(case, "accept")["signatures"].choices == {
        "施工单位": "施工单位",
        "居民代表": "居民代表",
    }
    opinion = {"opinion": "合格"}
    alone = case.refusal("accept", {**opinion, "signatures": ["施工单位"]})
    assert "验收缺少居民代表签字" in alone.sentence
    case.do("accept", {**opinion, "signatures": ["施工单位", "residents", "监理单位"]})
    assert case.stages == ["approve"]


def test_what_has_to_be_mended_may_be_ordered_by_those_who_came() -> None:
    case = at_extra("accept", {"passed": "approve", "mending": "deliberate"}, **SIGNED)
    case.do("order_mending", {"opinion": "返工", "signatures": ["居民代表"]})
    assert case.stages == ["deliberate"]


# 排序与批次 -----------------------------------------------------------------------------------


RANKED: dict[str, Any] = {"ballots": "2026年第一次", "votes": 310, "place": 2, "reason": "票数"}
BATCHED: dict[str, Any] = {"batch": "2026年第一季度", "opinion": "同意认定"}


@pytest.mark.parametrize(
    ("chosen", "stages", "label"), [(True, "approve", "入选"), (False, "deliberate", "未入选")]
)
def test_a_ranking_says_whether_the_item_was_chosen(
    *, chosen: bool, stages: str, label: str
) -> None:
    case = at_extra("rank", {"chosen": "approve", "not_chosen": "deliberate"})
    case.do("rank", {**RANKED, "chosen": chosen})
    assert case.stages == [stages]
    assert case.position.done[-1].outcome_label == label


@pytest.mark.parametrize(
    ("decided", "stages", "label"), [(True, "approve", "批准"), (False, "deliberate", "未批准")]
)
def test_a_batch_decides_about_each_of_its_items(*, decided: bool, stages: str, label: str) -> None:
    case = at_extra("batch", {"approved": "approve", "not_approved": "deliberate"})
    assert fields(case, "decide_batch")["amount"].kind == "amount"
    case.do("decide_batch", {**BATCHED, "decided": decided, "amount": 30_000_00})
    assert case.stages == [stages]
    assert case.position.done[-1].outcome_label == label


# 审核 ---------------------------------------------------------------------------------------


CHECKED = {
    "demands": [{"term": "expert_heard", "cites": "ZJG-14a"}],
    "checks": [
        {"term": "duplicate_investment", "severity": "must", "cites": "ZJG-03c"},
        {"term": "already_funded", "severity": "should", "cites": "ZJG-03e"},
    ],
}
CLEAR = {
    "opinion": "同意",
    "demands": {"expert_heard": True},
    "checks": {"duplicate_investment": False, "already_funded": False},
}


def reviewed() -> Life:
    return at_extra("decide", {"approve": "approve", "reject": {"close": "not_passed"}}, **CHECKED)


def test_an_office_that_approves_goes_through_the_list() -> None:
    case = reviewed()
    assert "checks.already_funded" in fields(case, "approve")
    missing = case.refusal("approve", {"opinion": "同意"})
    assert (missing.code, missing.rule) == ("demand_missing", "ZJG-14a")
    assert case.do("approve", CLEAR).stages == ["approve"]


def test_what_must_not_be_cannot_be_approved_and_what_should_not_needs_a_reason() -> None:
    case = reviewed()
    checks = {"duplicate_investment": True, "already_funded": False}
    refusal = case.refusal("approve", {**CLEAR, "checks": checks, "override_reason": "急需"})
    assert (refusal.code, refusal.rule) == ("check_found", "ZJG-03c")
    funded = {**CLEAR, "checks": {"duplicate_investment": False, "already_funded": True}}
    assert "请写明理由" in case.refusal("approve", funded).sentence
    assert case.do("approve", {**funded, "override_reason": "另有缺口"}).stages == ["approve"]


def test_a_rejection_or_a_return_asks_for_nothing_but_its_reason() -> None:
    assert list(fields(reviewed(), "reject")) == ["opinion"]
    case = Life(altered({})).open(WORKS).reach("approve")
    for action in ("reject", "return"):
        assert list(fields(case, action)) == ["opinion"]
    assert "override_reason" in fields(case, "approve")
    assert reviewed().do("reject", {"opinion": "重复"}).position.outcome == "not_passed"


# 写错时 --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "changes", "words"),
    [
        ("consult", {"dimensions": ["brand"]}, "dimensions 只用于 evaluate 类环节，consult 类不用"),
        ("consult", {"signatories": ["builder"]}, "signatories 只用于 accept 类环节"),
        ("consult", {"records": ["budget"]}, "“budget”不是本市另设的事实，可用的有："),
        ("consult", {"checks": [{"term": "brand"}]}, "checks 只用于 vote、decide 类环节"),
        ("evaluate", {"dimensions": ["colour"]}, "用语“colour”未在 rulebook.yaml 的 terms 中说明"),
        ("accept", {"signatories": ["judge"]}, "用语“judge”未在 rulebook.yaml 的 terms 中说明"),
    ],
)
def test_a_word_where_it_means_nothing_is_found_when_the_rulebook_is_read(
    kind: str, changes: dict[str, Any], words: str
) -> None:
    outcomes = {"consult": "replied", "evaluate": "measured", "accept": "passed"}
    assert words in told(before_approval(kind, {outcomes[kind]: "approve"}, **changes))


@pytest.mark.parametrize("kind", ["rank", "batch", "evaluate"])
def test_an_outcome_without_a_way_on_is_found_when_the_rulebook_is_read(kind: str) -> None:
    needed = {"rank": "not_chosen", "batch": "not_approved", "evaluate": "measured"}[kind]
    others = [
        outcome
        for outcomes in STAGE_ACTIONS[kind].values()
        for outcome in outcomes
        if outcome != needed
    ]
    then = dict.fromkeys(others, "approve")
    assert f"缺少结果“{needed}”的去向" in told(before_approval(kind, then))
