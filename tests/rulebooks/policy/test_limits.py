"""限额、覆盖面、统筹调剂：界线两边，缺数不猜，比例精确，越少越守得住。"""

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from rulebooks.judging.caps import needs_each_project, over_cap_when_established, over_project_cap
from rulebooks.judging.demands import demanded
from rulebooks.judging.outside import Established, Outside
from rulebooks.policy.coverage import covered, larger_of, missed
from rulebooks.policy.limits import Given, assess, bound_text
from rulebooks.policy.pooling import transferred
from rulebooks.reading.loader import load_rulebook
from rulebooks.reading.provisions import provision_problems
from rulebooks.vocabulary.model import Limit, Parameter, Rulebook
from rulebooks.vocabulary.refusals import Refusal
from tests.rulebooks.lives import WORKS, Life, life

RULEBOOK = load_rulebook("zhangjiagang")
# Terms that the limits below name, as a city's rulebook.yaml would.
TERMS = {"street_total": "街道资金总额", "households": "常住户数", "persons": "受访人数"}


def limit(**written: Any) -> Limit:
    return Limit.model_validate({"label": "某限额", "per": "project", **written})


def book(**limits: Limit) -> Rulebook:
    return RULEBOOK.model_copy(update={"limits": limits, "terms": {**RULEBOOK.terms, **TERMS}})


CAPS = {
    "at_most": limit(limit="amount", at_most=100),
    "below": limit(limit="amount", below=100),
    "at_least": limit(limit="amount", at_least=100),
    "more_than": limit(limit="amount", more_than=100),
}


@pytest.mark.parametrize(
    ("word", "held"),
    [
        ("at_most", (True, True, False)),
        ("below", (True, False, False)),
        ("at_least", (False, True, True)),
        ("more_than", (False, False, True)),
    ],
)
def test_each_word_of_comparison_includes_or_leaves_out_the_figure_itself(
    word: str, held: tuple[bool, ...]
) -> None:
    found = tuple(assess(RULEBOOK, CAPS[word], fen).held for fen in (9_999, 10_000, 10_001))
    assert found == held


@given(st.sampled_from(sorted(CAPS)), st.integers(0, 20_000), st.integers(0, 20_000))
def test_a_limit_that_holds_goes_on_holding_on_its_own_side(
    word: str, measured: int, less: int
) -> None:
    low, high = sorted((measured, less))
    kept, other = (low, high) if word in ("at_most", "below") else (high, low)
    if assess(RULEBOOK, CAPS[word], other).held:
        assert assess(RULEBOOK, CAPS[word], kept).held


@given(st.integers(1, 10_000_000), st.integers(0, 10_000_000))
def test_a_share_of_a_base_is_compared_exactly(base: int, measured: int) -> None:
    overhead = limit(limit={"sum": "amount"}, at_most={"share": "7/100", "of": "street_total"})
    found = assess(book(), overhead, measured, Given(bases={"street_total": base}))
    assert found.held == (measured * 100 <= base * 7)
    assert found.bound == Fraction(7 * base, 100)


def test_the_sentence_of_a_share_names_figure_bound_base_and_next_step() -> None:
    overhead = limit(
        label="统筹类费用上限",
        limit={"sum": "amount"},
        at_most={"share": "7/100", "of": "street_total"},
    )
    found = assess(book(), overhead, 70_000_001, Given(bases={"street_total": 1_000_000_000}))
    assert found.sentence == (
        "累计700,000.01元，超过统筹类费用上限700,000.00元（街道资金总额10,000,000.00元的7%），"
        "请调减预算或改走其他渠道。"
    )


def test_a_lower_bound_that_is_no_whole_number_is_rounded_up_in_words() -> None:
    coverage = limit(
        limit={"distinct": "households"},
        unit="户",
        at_least={"share": "3/10", "of": "households"},
    )
    answers = {
        count: assess(book(), coverage, count, Given(bases={"households": 1001}))
        for count in (300, 301)
    }
    assert not answers[300].held
    assert "现为300户，少于某限额301户（常住户数1001户的30%），请补足" in answers[300].sentence
    assert answers[301].held


def test_a_missing_base_is_asked_for_and_never_taken_as_nothing() -> None:
    overhead = limit(limit={"sum": "amount"}, at_most={"share": "7/100", "of": "street_total"})
    found = assess(book(), overhead, 0)
    assert not found.held
    assert found.sentence == "缺少“街道资金总额”，无法核对某限额，请先填写。"


def test_a_table_without_the_asked_value_says_so_instead_of_guessing() -> None:
    by_kind = limit(limit="amount", at_most={"by": {"kind": {"works": 1000}}})
    assert assess(RULEBOOK, by_kind, 100_000, Given({"kind": "works"})).held
    other = assess(RULEBOOK, by_kind, 1, Given({"kind": "services"}))
    assert not other.held
    assert "没有写明“项目类型”为“services”时的数" in other.sentence
    assert "请先填写" in assess(RULEBOOK, by_kind, 1).sentence


def test_a_table_by_year_takes_the_latest_year_that_has_begun() -> None:
    by_year = limit(limit="amount", at_most={"by": {"year": {2020: 100, 2023: 300}}})
    bounds = {
        year: assess(RULEBOOK, by_year, 0, Given({"year": year})).bound
        for year in (2019, 2020, 2022, 2023, 2030)
    }
    assert bounds == {2019: None, 2020: 10_000, 2022: 10_000, 2023: 30_000, 2030: 30_000}


def test_a_limit_that_does_not_apply_holds_whatever_the_figure() -> None:
    works_only = limit(limit="amount", at_most=1, only={"kind": "works"})
    found = assess(RULEBOOK, works_only, 10**9, Given({"kind": "services"}))
    assert (found.applies, found.held) == (False, True)


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ({"limit": "amount"}, "须且只须写明 at_most"),
        ({"limit": "amount", "at_most": 1, "below": 2}, "须且只须写明 at_most"),
        ({"limit": {"count": "items"}, "at_most": "五"}, "不是个数"),
        ({"limit": {"share": "satisfied"}, "at_least": 90}, "须大于零、不超过一"),
        ({"limit": "amount", "at_most": {"share": "1/2"}}, "须同时写 share 与 of"),
        ({"limit": {"count": "a", "distinct": "b"}, "at_most": 1}, "度量须且只须写"),
    ],
)
def test_a_limit_written_wrongly_is_refused_with_what_is_allowed(
    written: dict[str, Any], words: str
) -> None:
    with pytest.raises(ValidationError, match=words):
        limit(**written)


def test_the_bound_is_written_out_for_pages_also_by_kind() -> None:
    by_kind = limit(limit="amount", at_most={"by": {"kind": {"works": 1000, "services": 500}}})
    assert bound_text(RULEBOOK, by_kind) == "工程类不超过1,000.00元；服务类不超过500.00元"


# In a case's life --------------------------------------------------------------------------


def test_a_cap_that_is_only_for_one_kind_leaves_the_other_kind_alone() -> None:
    rules = book(cap=limit(limit="amount", at_most=1, only={"kind": "services"}))
    amounts = {"budget": 10**6}
    assert over_project_cap(rules, "某项目", {"kind": "works"}, amounts) is None
    refusal = over_project_cap(rules, "某项目", {"kind": "services"}, amounts)
    assert refusal is not None
    assert refusal.code == "over_project_cap"


def test_a_community_total_counts_only_the_projects_the_limit_is_for() -> None:
    rules = book(
        works_total=limit(
            limit={"sum": "amount"},
            per=["community", "year"],
            at_most=60_000,
            only={"kind": "works"},
        )
    )
    case = life(WORKS)
    state = type(case.state)(rules, facts=case.state.facts, amounts=case.state.amounts)
    others = (
        Established({"kind": "services"}, {"budget": 9_000_000}),
        Established({"kind": "works"}, {"budget": 1_200_000}),
    )
    outside = Outside(None, 10_200_000, others)
    assert needs_each_project(rules)
    assert over_cap_when_established(state, outside, overridden=False) is None
    more = Outside(None, 0, (*others, Established({"kind": "works"}, {"budget": 1})))
    refusal = over_cap_when_established(state, more, overridden=True)
    assert refusal is not None
    assert "本年度累计60,000.01元" in refusal.sentence


def test_a_number_of_projects_counts_the_one_that_is_being_established() -> None:
    rules = book(
        one_a_year=limit(
            limit={"count": "projects"}, per=["community", "year"], at_most=1, unit="件"
        )
    )
    case = life(WORKS)
    state = type(case.state)(rules, facts=case.state.facts, amounts=case.state.amounts)
    assert over_cap_when_established(state, Outside(), overridden=False) is None
    earlier = Outside(established=(Established({"kind": "works"}, {"budget": 1}),))
    refusal = over_cap_when_established(state, earlier, overridden=False)
    assert refusal is not None
    assert "现为2件，超过某限额1件" in refusal.sentence


@pytest.mark.parametrize("per", ["project", ["community", "year"]])
def test_no_reason_gets_past_a_limit_whose_figure_nobody_has_supplied(per: Any) -> None:
    cap = limit(limit={"sum": "amount"}, per=per, at_most=1, severity="should", missing=["quota"])
    quota = Parameter.model_validate({"label": "社区年度额度", "supplied_by": "town"})
    rules = book(cap=cap).model_copy(update={"parameters": {"quota": quota}})
    case = life(WORKS)
    state = type(case.state)(rules, facts=case.state.facts, amounts=case.state.amounts)
    refusal = over_cap_when_established(state, Outside(), overridden=True)
    assert refusal is not None
    assert "“社区年度额度”由镇(区)规定，尚未补充" in refusal.sentence


def test_a_limit_whose_figure_nobody_has_supplied_has_no_ceiling() -> None:
    written = limit(limit="amount", at_most=100)
    assert written.ceiling == 10_000
    assert written.model_copy(update={"missing": ("quota",)}).ceiling is None


def established_with(rules: Rulebook, *others: Established) -> Life:
    """A case that is being publicized, where `others` were established in the same year."""
    case = Life(rules).open(WORKS)
    case.outside = replace(case.outside, established=others)
    return case.reach("publicize_project")


def asked(case: Life, **changes: Any) -> Life:
    return case.do("request_change", {"changes": changes, "reason": "另有情况"})


ONE_BIG_SERVICE = {"limit": {"count": "projects"}, "per": ["community", "year"], "at_most": 1,
                   "unit": "件", "only": {"kind": "services"}}  # fmt: skip
A_SERVICE = Established({"kind": "services"}, {"budget": 100})
AGREED = {"reason": "同意"}


def test_a_change_cannot_take_an_established_case_past_what_the_community_may_have() -> None:
    case = asked(established_with(book(one=limit(**ONE_BIG_SERVICE)), A_SERVICE), kind="services")
    refusal = case.refusal("approve_change", AGREED)
    assert refusal.code == "over_community_cap"
    assert "变更后汤联社区本年度现为2件，超过某限额1件，请调减后再办理" in refusal.sentence
    assert case.do("refuse_change", {"reason": "超出件数"}).state.facts["kind"] == "works"


def test_a_change_past_what_is_so_in_principle_needs_a_reason_of_its_own() -> None:
    principle = limit(**ONE_BIG_SERVICE, severity="should")
    case = asked(established_with(book(one=principle), A_SERVICE), kind="services")
    refusal = case.refusal("approve_change", AGREED)
    assert (refusal.code, "请写明理由" in refusal.sentence) == ("over_community_cap", True)
    case.do("approve_change", AGREED | {"override_reason": "汛期急需"})
    assert case.state.facts["kind"] == "services"


def test_the_reason_is_only_asked_for_where_there_is_something_to_depart_from() -> None:
    early = asked(Life(book()).open(WORKS).reach("review"), kind="services")
    assert "override_reason" not in {f.name for f in demanded(early.state, None, "approve_change")}
    late = asked(established_with(book()), kind="services")
    assert "override_reason" in {f.name for f in demanded(late.state, None, "approve_change")}


def test_a_change_that_has_nothing_to_do_with_a_broken_limit_is_agreed_to() -> None:
    total = limit(limit={"sum": "amount"}, per=["community", "year"], at_most=100_000)
    case = asked(established_with(book(total=total)), schedule="2026年7月")
    case.outside = replace(case.outside, community_year_total=9_999_999)
    assert case.do("approve_change", AGREED).state.facts["schedule"] == "2026年7月"


def test_a_case_not_yet_established_is_changed_without_asking_the_community_s_total() -> None:
    case = Life(book(one=limit(**ONE_BIG_SERVICE))).open(WORKS)
    case.outside = replace(case.outside, established=(A_SERVICE,))
    case = asked(case.reach("review"), kind="services")
    assert case.do("approve_change", AGREED).state.facts["kind"] == "services"


# Coverage and transfers --------------------------------------------------------------------


def test_of_two_counts_the_larger_one_is_compared() -> None:
    needs = limit(limit={"distinct": ["persons", "households"]}, unit="名（户）", at_least=500)
    assert larger_of(book(), needs, {"persons": 499, "households": 500}).held
    assert not larger_of(book(), needs, {"persons": 499, "households": 499}).held
    absent = larger_of(book(), needs, {"persons": 600})
    assert (absent.held, "缺少“常住户数”" in absent.sentence) == (False, True)


def test_who_on_the_list_was_not_asked_is_named_once_and_in_its_order() -> None:
    every = limit(
        limit={"distinct": "households"}, unit="户", at_least={"share": 1, "of": "households"}
    )
    found = covered(book(), every, ["丙", "甲", "乙", "甲"], ["甲", "丁"])
    assert found.missed == ("丙", "乙")
    assert "尚未问到的有：丙、乙" in found.assessment.sentence
    assert covered(book(), every, ["甲"], ["甲"]).assessment.held
    assert not covered(book(), every, [], []).assessment.held


@given(st.lists(st.sampled_from("甲乙丙丁")), st.lists(st.sampled_from("甲乙丙丁戊")))
def test_the_missed_and_the_asked_make_up_the_list(listed: list[str], asked: list[str]) -> None:
    left = missed(listed, asked)
    assert set(left) | (set(listed) & set(asked)) == set(listed)
    assert not set(left) & set(asked)


POOL = limit(limit={"sum": "amount"}, at_most=200_000, pooled={"within": "town", "by": "town"})
VILLAGES = ("甲村", "乙村", "丙村")


@given(st.lists(st.integers(0, 10**7), min_size=3, max_size=3), st.integers(0, 10**7))
def test_a_transfer_keeps_the_sum_of_the_quotas(quotas: list[int], moved: int) -> None:
    before = dict(zip(VILLAGES, quotas, strict=True))
    moves = {"甲村": -moved, "乙村": moved}
    found = transferred(RULEBOOK, POOL, before, moves, "town")
    if moved > before["甲村"]:
        assert isinstance(found, Refusal)
    else:
        assert isinstance(found, dict)
        assert sum(found.values()) == sum(quotas)
        assert min(found.values()) >= 0


@pytest.mark.parametrize(
    ("moves", "by", "words"),
    [
        ({"甲村": -1, "乙村": 2}, "town", "调入比调出多0.01元"),
        ({"甲村": -1, "丁村": 1}, "town", "“丁村”不在本镇(区)的限额之列"),
        ({"甲村": -1, "乙村": 1}, "community", "由镇(区)统筹调剂，社区不能决定"),
    ],
)
def test_a_transfer_that_does_not_balance_or_is_not_theirs_is_refused(
    moves: dict[str, int], by: str, words: str
) -> None:
    found = transferred(RULEBOOK, POOL, dict.fromkeys(VILLAGES, 100), moves, by)
    assert isinstance(found, Refusal)
    assert words in found.sentence


# What the loader would say -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ({"per": "galaxy"}, "范围“galaxy”不可用"),
        ({"limit": {"count": "items"}}, "须写明计量单位"),
        ({"at_most": {"share": "1/2", "of": "nothing"}}, "“nothing”没有中文名称"),
        ({"at_most": {"by": {"colour": {"red": 1}}}}, "“colour”不是事实"),
        ({"at_most": {"by": {"kind": {"goods": 1}}}}, "kind 没有“goods”这个值"),
        ({"only": {"kind": "goods"}}, "goods"),
    ],
)
def test_what_a_limit_refers_to_must_exist(written: dict[str, Any], words: str) -> None:
    found = limit(**{"limit": "amount", "at_most": 1, **written})
    sentences = [sentence for _, sentence in provision_problems(book(cap=found))]
    assert any(words in sentence for sentence in sentences), sentences
