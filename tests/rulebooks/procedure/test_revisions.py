"""变更：改动已办环节所依据的事实，其结果失效，从最早受影响处重办；跨过界线的改走另一条路。"""

import pytest

from rulebooks.procedure.revisions import current
from rulebooks.reading.loader import load_rulebook
from tests.rulebooks.lives import CITY, SERVICES, SMALL, TOWN, Life, life


def changed(case: Life, **changes: object) -> Life:
    """The change is asked for and granted."""
    case.do("request_change", {"changes": changes, "reason": "现场情况变化"})
    return case.wait().do("approve_change", {"reason": "属实"})


def voids(case: Life) -> set[str]:
    return {result.stage for result in case.state.results if result.void}


def test_a_larger_budget_goes_back_to_review_and_keeps_what_does_not_rest_on_it() -> None:
    case = changed(life().reach("select_implementer"), budget=5_200_000)
    assert case.stages == ["review"]
    assert voids(case) == {"review", "approve", "publicize_project"}
    assert ("deliberate", 1, "pass") in case.results
    assert case.state.amounts["budget"] == 5_200_000
    assert case.finish().position.outcome == "archived"


def test_a_title_restarts_only_the_publicity_that_named_it() -> None:
    case = changed(life().reach("contract"), title="塘市花苑停车整治")
    assert [(item.stage, item.round) for item in case.state.open] == [("publicize_project", 2)]
    assert voids(case) == {"publicize_project", "select_implementer"}


def test_a_small_project_that_grows_to_ten_thousand_walks_the_full_procedure() -> None:
    case = changed(life(SMALL).reach("quick_publicize"), budget=1_000_000)
    assert case.stages == ["deliberate"]
    assert voids(case) == {"quick_determine", "quick_approve"}
    collected = case.state.result_of("collect")
    assert collected is not None
    assert collected.to == "deliberate"
    assert not collected.void
    assert case.finish().position.outcome == "archived"
    assert not [stage for stage, _, _ in case.results if stage.startswith("quick")]


def test_a_project_that_shrinks_below_ten_thousand_moves_to_the_towns_procedure() -> None:
    case = changed(life().reach("select_implementer"), budget=999_999)
    assert case.stages == ["quick_determine"]
    assert voids(case) == {"deliberate", "review", "approve", "publicize_project"}


def test_a_change_that_stays_below_the_bound_is_decided_again_on_the_same_path() -> None:
    case = changed(life(SMALL).reach("quick_publicize"), budget=999_999)
    assert [(item.stage, item.round) for item in case.state.open] == [("quick_determine", 2)]


def test_shrinking_in_a_town_without_its_own_rule_blocks() -> None:
    rulebook = load_rulebook(CITY, None, "凤凰镇")
    case = changed(Life(rulebook).open(town="凤凰镇").reach("review"), budget=999_999)
    assert case.position.waits_for == "待凤凰镇补充规定"
    assert changed(case, budget=1_000_000).stages == ["deliberate"]


def test_a_permit_found_out_later_sends_the_project_to_the_department() -> None:
    case = changed(life().reach("contract"), permit=True)
    assert case.stages == ["consult_department"]
    assert voids(case) == {"approve", "publicize_project", "select_implementer"}
    assert ("review", 1, "pass") in case.results


def test_a_permit_no_longer_needed_passes_the_department_by() -> None:
    case = changed(life(permit=True).reach("select_implementer"), permit=False)
    assert case.stages == ["approve"]
    assert "consult_department" in voids(case)


def test_a_change_of_kind_after_the_works_began_begins_again_at_the_council() -> None:
    case = changed(life().reach("finish_works"), kind="services")
    assert case.stages == ["deliberate"]
    assert "contract" not in case.state.amounts
    walked = [stage for stage, _, _ in case.finish().results]
    assert "audit_in_bundle" in walked
    assert "begin_works" not in walked


def test_money_already_paid_stays_paid_when_everything_else_is_done_again() -> None:
    case = life().reach("audit_works").answer("audit_works")
    case.answer("pay", amount=2_000_000, final=False)
    changed(case, budget=5_000_000)
    assert case.stages == ["review"]
    assert case.state.amounts == {
        "budget": 5_000_000, "total": 5_000_000, "fiscal": 5_000_000, "paid": 2_000_000,
    }  # fmt: skip
    case.reach("audit_works")
    assert case.refusal("audit", {**case.ordinary("audit_works"), "audited": 1_999_999}).code == (
        "below_paid"
    )
    assert case.finish().state.amounts["paid"] == 5_000_000


def test_what_was_walked_before_a_return_no_longer_decides_where_a_change_leads() -> None:
    case = life().reach("approve").do("return", {"opinion": "补图纸"}).answer("amend")
    case.do("return", {"opinion": "再补"})
    assert [result.stage for result in current(case.state)] == [
        "collect", "deliberate", "review", "approve",
    ]  # fmt: skip
    changed(case, permit=True)
    assert case.stages == ["consult_department"]
    assert case.finish().position.outcome == "archived"


def test_a_refused_change_changes_nothing() -> None:
    case = life().reach("contract")
    before = (case.state.facts, case.results, case.stages)
    case.do("request_change", {"changes": {"budget": 5_000_000}, "reason": "涨价"})
    case.do("refuse_change", {"reason": "理由不足"})
    assert (case.state.facts, case.results, case.stages) == before


def test_nothing_else_moves_while_a_change_is_examined() -> None:
    case = life().reach("contract")
    case.do("request_change", {"changes": {"place": "塘市花苑南门"}, "reason": "管线"})
    refusal = case.refusal("sign", case.ordinary("contract"))
    assert refusal.code == "request_pending"
    assert "请先完成审查变更" in refusal.sentence
    assert refusal.rule == "ZJG-31a"


@pytest.mark.parametrize(
    ("changes", "code", "words"),
    [
        ({"town": "塘桥镇"}, "unknown_fact", "“town”不能变更，请从中选择"),
        ({"kind": "goods"}, "unknown_choice", "请从中选择：工程类、服务类"),
        ({"budget": 0}, "bad_change", "须大于0"),
        ({"budget": "很多"}, "bad_change", "须为整数"),
        ({"budget": 10_000_001}, "over_project_cap", "100,000.01元"),
        ({"title": "  "}, "bad_change", "不能为空"),
        ({"urgent": "也许"}, "bad_change", "须为是或否"),
        ({"budget": 4_800_000}, "nothing_changed", "与现在的相同"),
    ],
)
def test_a_change_that_cannot_be_is_refused_in_words(
    changes: dict[str, object], code: str, words: str
) -> None:
    refusal = life().reach("review").refusal("request_change", {"changes": changes, "reason": "x"})
    assert refusal.code == code
    assert words in refusal.sentence


def test_a_changed_yes_or_no_is_kept_as_one_however_it_was_written() -> None:
    case = life().reach("review")
    case.do("request_change", {"changes": {"permit": "true"}, "reason": "占道"})
    assert case.state.request is not None
    assert case.state.request.content["changes"] == {"permit": True}


def test_the_budget_may_not_fall_below_what_is_paid() -> None:
    case = life().reach("audit_works").answer("audit_works")
    case.answer("pay", amount=2_000_000, final=False)
    refusal = case.refusal("request_change", {"changes": {"budget": 1_999_999}, "reason": "x"})
    assert refusal.code == "below_paid"


def test_the_same_round_is_never_decided_twice_after_changes() -> None:
    case = life(SERVICES).reach("contract")
    for budget in (5_000_000, 900_000, 4_000_000, 6_000_000):
        changed(case, budget=budget).wait()
        case.answer(case.stages[0])
    rounds = [(result.stage, result.round) for result in case.state.results]
    assert len(set(rounds)) == len(rounds)
    assert case.finish().position.outcome == "archived"


def test_a_rerouted_backfilled_result_owes_no_document() -> None:
    rulebook = load_rulebook(CITY, None, TOWN)
    case = Life(rulebook).open().do("submit", {"summary": "汇总"}, backfilled=True)
    before = len(case.effects)
    changed(case, budget=999_999)
    assert case.effects[before:] == ["open_stage/quick_determine/1"]
