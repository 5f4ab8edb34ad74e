"""留给下级规定的数：没有规定的，办到那里停住，说明缺什么、由谁补、依据哪条；补上即往下办。"""

from typing import Any

from rulebooks.procedure.deadlines import deadlines, timers
from rulebooks.procedure.position import blocked_sentence, fold
from rulebooks.showing.diagram import diagram
from rulebooks.vocabulary.model import Parameter, Rulebook
from tests.rulebooks.altered import altered, told
from tests.rulebooks.lives import CALENDAR, TOWN, WORKS, Life

PARAMETERS = {
    "publicity_days": Parameter(label="事项公示天数", supplied_by="town", cites="ZJG-09e"),
    "channels_of_street": Parameter(label="公示栏位置", supplied_by="city", cites="ZJG-11f"),
}


def short(stage: str, *missing: str, **changes: Any) -> Rulebook:
    """A rulebook in which a stage lacks what the town has not laid down."""
    names = missing or ("publicity_days",)
    return altered({stage: {"missing": names, **changes}}, parameters=PARAMETERS)


def test_a_case_stops_where_the_number_is_needed_and_says_who_must_supply_it() -> None:
    case = Life(short("publicize_project")).open(WORKS).reach("approve").answer("approve")
    sentence = blocked_sentence(case.state)
    assert sentence is not None
    for words in (
        "“项目公示”",
        "“事项公示天数”（第九条 ZJG-09e）",
        f"请{TOWN}补充规定",
        "不能继续",
    ):
        assert words in sentence
    assert case.position.waits_for == f"待{TOWN}补充规定"
    assert (case.position.duties, case.position.timers) == ((), ())


def test_nothing_can_be_done_there_and_nothing_is_owed_or_counted() -> None:
    case = Life(short("publicize_project")).open(WORKS).reach("approve").answer("approve")
    refusal = case.refusal("post", {"channel": "prominent_place", "evidence": "照片"})
    assert (refusal.code, refusal.rule) == ("blocked", "ZJG-09e")
    assert not any("publicize_project" in key for key in case.effects)
    assert [
        found for item in case.state.open for found in deadlines(case.state, item, CALENDAR)
    ] == []
    assert list(timers(case.state, CALENDAR)) == []


def test_the_case_goes_on_when_the_number_has_been_supplied() -> None:
    case = Life(short("publicize_project")).open(WORKS).reach("approve").answer("approve")
    after = fold(altered({}), case.state.history)
    assert [(item.stage, item.round) for item in after.open] == [("publicize_project", 1)]


def test_a_first_stage_that_lacks_its_number_is_opened_and_then_stops() -> None:
    case = Life(short("collect")).open(WORKS)
    assert blocked_sentence(case.state) is not None
    assert case.position.open


def test_a_change_of_facts_leads_away_from_where_the_case_stopped() -> None:
    case = (
        Life(short("consult_department")).open(WORKS, permit=True).reach("review").answer("review")
    )
    assert blocked_sentence(case.state) is not None
    case.do("request_change", {"changes": {"permit": False}, "reason": "不涉及许可"})
    case.do("approve_change", {"reason": "属实"})
    assert case.stages == ["approve"]
    assert blocked_sentence(case.state) is None


def test_the_other_branch_goes_on_while_one_has_stopped() -> None:
    case = Life(short("survey")).open(WORKS).reach("finish_works").answer("finish_works")
    assert blocked_sentence(case.state) is not None
    case.answer("audit_works").answer("pay")
    assert case.stages == ["blocked:stage:survey"]
    after = fold(altered({}), case.state.history)
    assert [item.stage for item in after.open] == ["survey"]


def test_every_number_that_is_missing_is_named_with_its_article_and_supplier() -> None:
    both = short("publicize_project", "channels_of_street", "publicity_days")
    case = Life(both).open(WORKS).reach("approve").answer("approve")
    sentence = blocked_sentence(case.state) or ""
    assert "“公示栏位置”（第十一条 ZJG-11f）、“事项公示天数”（第九条 ZJG-09e）" in sentence
    assert f"市、{TOWN}" in sentence
    assert sentence.endswith("（第九条 ZJG-09e）。")


def test_the_picture_prints_no_number_that_nobody_has_laid_down() -> None:
    drawn = diagram(short("publicize_project"))
    node = next(
        line for line in drawn.splitlines() if line.strip().startswith("publicize_project [")
    )
    assert "事项公示天数由镇(区)规定（尚无）" in node.replace("\\ ", " ")
    assert "公示3个工作日" not in node


def test_a_parameter_from_an_unknown_level_or_by_an_unknown_name_is_found() -> None:
    wrong = {"days": Parameter(label="天数", supplied_by="province")}
    message = told(altered({"approve": {"missing": ["weeks"]}}, parameters=wrong))
    assert "parameters/days/supplied_by：层级“province”不存在，可用的有：community" in message
    assert "stages/approve/missing：参数“weeks”不存在，可用的有：days" in message
