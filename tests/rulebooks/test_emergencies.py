"""应急：从别处开始，先办后补；欠办的没有补办就不能结案，也不能撤销。"""

from datetime import timedelta
from typing import Any

from rulebooks.judging.judgement import Fact
from rulebooks.procedure.position import fold
from rulebooks.procedure.routes import beginning, opener
from rulebooks.showing.diagram import diagram
from rulebooks.vocabulary.model import Rulebook, Stage
from tests.rulebooks.altered import altered, told
from tests.rulebooks.lives import SMALL, WORKS, Life

BY = {"role": "town_clerk"}
START = {"choose": [{"when": {"urgent": True}, "to": "report"}, {"to": "collect"}]}
URGENT = {**WORKS, "urgent": True}


def stage(label: str, kind: str, then: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"label": label, "waits": f"待{label}", "kind": kind, "by": BY, "then": then, **more}


def rulebook(**owed: Any) -> Rulebook:
    """Urgent cases are done first; their publicity and their evaluation are owed."""
    month = {"count": 30, "unit": "calendar_days", "since": "repair"}
    debt = {"of": "publicize_project", "cites": "ZJG-09e"}
    branches = {"parallel": ["repair", "owed_evaluation"], "join": "archive"}
    return altered(
        {
            "report": stage("应急报告", "decide", {"approve": branches}),
            "repair": stage("抢修", "perform", {"performed": "join"}),
            "owed_evaluation": stage(
                "事后评估",
                "evaluate",
                {"measured": "join"},
                within=month,
                debt=debt,
                third_party="optional",
                **owed,
            ),
        },
        start=START,
    )


def begun(facts: dict[str, Any] = URGENT) -> Life:
    return Life(rulebook()).open(facts)


def repairing() -> Life:
    return begun().do("approve", {"opinion": "先行处置"})


def test_an_emergency_begins_elsewhere_and_everything_else_where_it_always_did() -> None:
    assert begun().stages == ["report"]
    assert begun(WORKS).stages == ["collect"]
    assert begun(SMALL).stages == ["collect"]


def test_who_opens_a_case_is_who_holds_its_first_stage() -> None:
    book = rulebook()
    assert opener(book, URGENT).role == "town_clerk"
    assert opener(book, WORKS).role == "community_clerk"
    assert opener(book, {"urgent": True, "budget": None}).role == "town_clerk"
    assert opener(altered({}), {}).role == "community_clerk"


def test_a_case_whose_first_step_nobody_has_laid_down_is_opened_by_who_may_change_it() -> None:
    delegated = {"delegated_to": "town", "procedure": "simplified"}
    book = altered({}, town=None, start={"choose": [{"to": delegated}]})
    assert opener(book, WORKS).role == book.changes.requested_by.role
    assert beginning(book, WORKS) == "blocked:simplified"


def changed(case: Life, **changes: Any) -> Life:
    case.do("request_change", {"changes": changes, "reason": "险情变化"})
    return case.do("approve_change", {"reason": "属实"})


def test_an_emergency_that_turns_out_not_to_be_one_begins_again_and_back() -> None:
    case = changed(begun(), urgent=False)
    assert case.stages == ["collect"]
    again = case.wait().answer("collect").wait()
    assert changed(again, urgent=True).stages == ["report"]
    assert [(result.stage, result.void) for result in case.state.results] == [("collect", True)]


def test_the_emergency_path_is_not_left_while_anything_is_owed_and_the_refusal_names_it() -> None:
    case = repairing()
    change = {"changes": {"urgent": False}, "reason": "险情解除"}
    refusal = case.refusal("request_change", change)
    assert (refusal.code, refusal.rule) == ("debt_open", "ZJG-09e")
    assert "“事后评估”尚欠办，补办之前不能改走别的程序，请先补办" in refusal.sentence
    case.do("perform", {"evidence": "照片"}, stage="repair").wait()
    assert case.refusal("request_change", change).code == "debt_open"
    case.do("measure", {}, stage="owed_evaluation")
    assert changed(case, urgent=False).stages == ["collect"]


def test_a_change_that_stays_on_the_emergency_path_is_not_refused() -> None:
    case = changed(repairing(), schedule="2026年9月")
    assert case.stages == ["repair", "owed_evaluation"]


def test_a_change_asked_for_in_time_is_not_approved_once_something_is_owed() -> None:
    """Judged again when it is approved: what stands then is what counts."""
    case = repairing()
    asked = {"changes": {"urgent": False}, "reason": "险情解除"}
    case.record(Fact("change_requested", None, None, asked, case.now))
    assert case.refusal("approve_change", {"reason": "属实"}).code == "debt_open"
    assert case.do("refuse_change", {"reason": "先补办"}).stages == ["repair", "owed_evaluation"]


def test_a_journal_in_which_the_path_was_left_still_folds_and_still_owes() -> None:
    case = repairing()
    asked = {"changes": {"urgent": False}, "reason": "险情解除"}
    case.record(Fact("change_requested", None, None, asked, case.now))
    case.record(Fact("change_approved", None, None, {"reason": "属实"}, case.now))
    assert case.stages == ["collect"]
    refusal = case.refusal("request_withdrawal", {"reason": "不办了"})
    assert "请申请变更，改回原来的程序补办，或按现在的程序办到结案" in refusal.sentence
    assert changed(case, schedule="2026年9月").stages == ["collect"]
    assert changed(case, urgent=True).stages == ["report"]


def test_a_mistake_about_the_urgency_is_settled_before_anything_goes_on() -> None:
    case = repairing()
    slip = {"sequence": 1, "content": {"urgent": False}, "reason": "勾错"}
    case.do("correct", slip)
    assert case.position.waits_for == "待裁定更正"
    again = case.refusal("settle_correction", {"keep": False, "reason": "重办"})
    assert (again.code, "“事后评估”尚欠办" in again.sentence) == ("debt_open", True)
    case.do("settle_correction", {"keep": True, "reason": "照走过的路补办"})
    assert case.stages == ["repair", "owed_evaluation"]


def test_a_mistake_about_the_urgency_found_before_anything_is_owed_is_done_again() -> None:
    case = begun()
    case.do("correct", {"sequence": 1, "content": {"urgent": False}, "reason": "勾错"})
    assert case.do("settle_correction", {"keep": False, "reason": "重办"}).stages == ["collect"]


def test_what_is_owed_is_called_owed_and_cites_what_makes_it_so() -> None:
    owed = {duty.stage: duty for duty in repairing().position.duties}["owed_evaluation"]
    assert owed.label == "欠办：事后评估"
    assert owed.article == "第九条 ZJG-09e"


def test_the_time_for_what_is_owed_runs_from_what_it_follows() -> None:
    case = repairing()
    due = {duty.stage: duty.due for duty in case.position.duties}
    assert due["owed_evaluation"] is None
    assert case.position.timers == ()
    case.wait(9).do("perform", {"evidence": "抢修照片"}, stage="repair")
    done = case.now.date()
    assert case.position.duties[0].due == done + timedelta(days=30)


def test_the_case_closes_only_when_what_is_owed_has_been_done() -> None:
    case = repairing().do("perform", {"evidence": "照片"}, stage="repair")
    assert case.stages == ["owed_evaluation"]
    case.do("measure", {}, stage="owed_evaluation")
    assert case.stages == ["archive"]


def test_a_case_that_still_owes_something_cannot_be_withdrawn() -> None:
    refusal = repairing().refusal("request_withdrawal", {"reason": "不办了"})
    assert (refusal.code, refusal.rule) == ("debt_open", "ZJG-09e")
    assert "“事后评估”尚欠办，补办之前不能撤销，请先补办" in refusal.sentence
    assert begun().do("request_withdrawal", {"reason": "不办了"}).position.outcome == "withdrawn"


def test_the_same_journal_always_folds_to_the_same_place() -> None:
    case = repairing().do("perform", {"evidence": "照片"}, stage="repair")
    assert fold(rulebook(), case.state.history) == case.state


def test_the_entry_is_drawn_with_the_condition_of_each_way_and_what_is_owed() -> None:
    drawn = diagram(rulebook())
    assert 'entry__ -> report [label=" 急办 "' in drawn
    assert 'entry__ -> collect [label=" 其余 "' in drawn
    assert "补办“项目公示”（欠办）" in drawn.replace("\\ ", " ")


def test_a_sound_emergency_path_is_not_complained_about() -> None:
    assert told(rulebook()) == ""


def test_a_debt_that_could_be_walked_past_is_found_when_the_rulebook_is_read() -> None:
    alone = altered({"survey": {"debt": {"of": "nowhere"}}, "approve": {"debt": {"of": "review"}}})
    message = told(alone)
    assert "stages/survey/debt/of：环节“nowhere”不存在" in message
    assert "欠办的“项目审核”须在并行（parallel）的一支里" in message
    leak = altered(
        {"survey": {"debt": {"of": "review"}}, "pay": {"then": {"paid": {"close": "archived"}}}}
    )
    assert "stages/pay/then/paid：并行的各支里有欠办的环节，须会合（join）之后才能结案" in told(
        leak
    )


def test_a_refusal_beside_a_debt_may_not_close_the_case() -> None:
    sound = rulebook()
    turned_down = {"approve": "join", "reject": {"close": "withdrawn"}}
    decided = Stage.model_validate(stage("抢修", "decide", turned_down))
    leak = sound.model_copy(update={"stages": {**sound.stages, "repair": decided}})
    words = "并行的各支里有欠办的环节，须会合（join）之后才能结案"
    assert f"stages/repair/then/reject：{words}" in told(leak)


def test_a_parallel_inside_a_parallel_is_found_when_the_rulebook_is_read() -> None:
    inner = {"parallel": ["pay", "survey"], "join": "publicize_result"}
    assert "“工程审计”又并行，会合不清" in told(
        altered({"audit_works": {"then": {"audited": inner}}})
    )


def test_a_beginning_must_lead_to_a_stage_in_every_case() -> None:
    assert "起点须写 to、choose 或 parallel" in told(altered({}, start={"close": "archived"}))
    assert "start：环节“nowhere”不存在" in told(altered({}, start="nowhere"))
    only = {"choose": [{"when": {"urgent": True}, "to": "collect"}]}
    assert "start/choose：最后一支须不写 when" in told(altered({}, start=only))
