"""已立项的更正：照立项时的限额再核对一遍，登记更正时、裁定更正时都核对。"""

from dataclasses import replace
from typing import Any

from rulebooks.judging.demands import demanded
from rulebooks.judging.outside import Established
from rulebooks.vocabulary.model import Limit, Rulebook
from tests.rulebooks.altered import altered
from tests.rulebooks.lives import WORKS, Life

A_SERVICE = Established({"kind": "services"}, {"budget": 100})
ONE_SERVICE: dict[str, Any] = {
    "label": "某限额",
    "limit": {"count": "projects"},
    "per": ["community", "year"],
    "at_most": 1,
    "unit": "件",
    "only": {"kind": "services"},
}
REASON = {"reason": "登记时笔误"}


def book(**limit: Any) -> Rulebook:
    """The city's rulebook with one limit in place of its own."""
    return altered({}, limits={"one": Limit.model_validate({**ONE_SERVICE, **limit})})


def at(stage: str, rules: Rulebook, *others: Established) -> Life:
    """A case at a stage, where `others` were established in the same year."""
    case = Life(rules).open(WORKS)
    case.outside = replace(case.outside, established=others)
    return case.reach(stage)


def slip(**content: Any) -> dict[str, Any]:
    return {"sequence": 1, "content": content, **REASON}


def fiscal(severity: str = "must") -> Rulebook:
    """At most 100,000 yuan of public money for the community in a year."""
    return book(
        limit={"sum": "amount"}, of="fiscal", unit="", only=None, at_most=100_000, severity=severity
    )


def partly_donated(severity: str = "must") -> Life:
    """48,000 yuan of which 8,000 were given; others have spent 55,000 of public money."""
    case = Life(fiscal(severity)).open(WORKS, other_funds=800_000)
    others = (Established({}, {"fiscal": 5_500_000}),)
    case.outside = replace(case.outside, established=others)
    return case.reach("finish_works")


def test_a_correction_on_which_nothing_rests_is_held_against_the_community_at_once() -> None:
    case = partly_donated()
    refusal = case.refusal("correct", slip(other_funds=100_000))
    assert refusal.code == "over_community_cap"
    assert "更正后汤联社区本年度累计102,000.00元，超过某限额100,000.00元" in refusal.sentence
    assert case.do("correct", slip(other_funds=300_000)).state.amounts["fiscal"] == 4_500_000


def test_what_is_so_in_principle_is_got_past_with_a_reason_of_its_own() -> None:
    case = partly_donated("should")
    over = slip(other_funds=100_000)
    assert case.refusal("correct", over).code == "over_community_cap"
    case.do("correct", over | {"override_reason": "确需"})
    assert case.state.amounts["fiscal"] == 4_700_000


def test_a_correction_that_waits_is_held_again_when_it_is_settled() -> None:
    case = at("finish_works", book())
    case.do("correct", slip(kind="services"))
    assert case.position.waits_for == "待裁定更正"
    case.outside = replace(case.outside, established=(A_SERVICE,))
    refusal = case.refusal("settle_correction", {"keep": True, "reason": "已核实"})
    assert refusal.code == "over_community_cap"
    assert "更正后汤联社区本年度现为2件，超过某限额1件" in refusal.sentence
    case.outside = replace(case.outside, established=())
    assert case.do("settle_correction", {"keep": True, "reason": "已核实"}).position.open


def test_redoing_what_establishes_is_let_through_and_held_where_it_is_established() -> None:
    """The limit is asked about again at the approval, so going back there breaks nothing."""
    rules = altered(
        {"review": {"rests_on": ["title"]}},
        limits={"one": Limit.model_validate(ONE_SERVICE | {"only": {"kind": "works"}})},
    )
    case = at("finish_works", rules)
    case.outside = replace(case.outside, established=(Established({"kind": "works"}, {}),))
    case.do("correct", slip(title="塘市花苑停车整治"))
    case.do("settle_correction", {"keep": False, "reason": "重办"})
    assert case.stages == ["review"]
    case.answer("review").wait()
    assert case.refusal("approve", case.ordinary("approve")).code == "over_community_cap"


def test_before_it_is_established_a_case_is_corrected_without_asking_the_community() -> None:
    case = at("approve", book(), A_SERVICE).do("correct", slip(kind="services"))
    case.do("settle_correction", {"keep": True, "reason": "已核实"})
    assert case.state.facts["kind"] == "services"


def test_a_slip_that_has_nothing_to_do_with_a_broken_limit_is_corrected() -> None:
    case = partly_donated()
    case.outside = replace(case.outside, established=(Established({}, {"fiscal": 99_999_999}),))
    case.do("correct", {"sequence": 2, "content": {"summary": "汇总四条建议"}, **REASON})
    assert case.state.content_of(2)["summary"] == "汇总四条建议"


def test_the_reason_for_getting_past_a_limit_is_asked_only_where_one_is_held() -> None:
    before, after = at("approve", book()), at("finish_works", book())
    asked = [
        [field.name for field in demanded(case.state, None, "correct")] for case in (before, after)
    ]
    assert ["override_reason" in names for names in asked] == [False, True]
