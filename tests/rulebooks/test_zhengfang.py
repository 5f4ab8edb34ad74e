"""郑坊镇：四档事项各从立卷走到归档，应急只免三步，原文缺失与镇未规定的都说得明白。"""

from dataclasses import replace
from datetime import date

import pytest

from rulebooks.judging.outside import Established
from rulebooks.reading.loader import load_rulebook
from rulebooks.vocabulary.articles import articles, quote_is_in_source, source_text
from tests.rulebooks.law_cases import LawCase, law_cases, played
from tests.rulebooks.lives import Life

CITY = "zhengfang"
TOWN = "郑坊镇"
TOWN_WITHOUT_RULES = "示例丙镇"
BEFORE_DETERMINATION = ["collect", "discuss", "candidate_pool", "negotiate", "design", "report"]
AFTER_ACCEPTANCE = ["audit", "survey", "pay", "publicize_result", "archive"]
TIERS = {
    8000: ["village_determines"],
    20000: ["village_determines_then_files", "file_with_town"],
    80000: ["town_reviews"],
    120000: ["town_checks", "town_determines", "file_with_district"],
}
FIVE_FIELDS = ["事项内容", "实施地点", "实施时限", "资金预算", "事项效应"]
# Collection with its screening, deliberation, design: what an emergency may leave out.
LEFT_OUT_IN_EMERGENCY = set(BEFORE_DETERMINATION) - {"report"}


def opened(town: str = TOWN, **project: object) -> Life:
    """An ordinary item of the township, opened on a Monday, with what the test is about."""
    given = {"town": town, "project": project}
    life, refusal = played(LawCase(CITY, "", date(2026, 3, 2), given, {}, ""))
    assert refusal is None, refusal
    return life


def stages_of(life: Life) -> list[str]:
    return [stage for stage, _, _ in life.results]


@pytest.mark.parametrize("budget", TIERS)
def test_an_item_of_each_tier_runs_from_opening_to_archive(budget: int) -> None:
    life = opened(budget=budget).finish()
    carried_out = ["publicize_item", "implement_by_village", "accept_by_village"]
    assert stages_of(life) == [
        *BEFORE_DETERMINATION,
        *TIERS[budget],
        *carried_out,
        *AFTER_ACCEPTANCE,
    ]
    assert life.position.outcome_label == "已归档"


@pytest.mark.parametrize("budget", TIERS)
def test_each_tier_is_established_by_exactly_one_determination(budget: int) -> None:
    rulebook = load_rulebook(CITY, None, TOWN)
    establishing = [name for name in TIERS[budget] if rulebook.stages[name].establishes]
    assert len(establishing) == 1
    assert opened(budget=budget).finish().state.established_at is not None


@pytest.mark.parametrize("budget", TIERS)
def test_an_emergency_leaves_out_collection_deliberation_and_design_and_nothing_else(
    budget: int,
) -> None:
    ordinary = stages_of(opened(budget=budget).finish())
    urgent = stages_of(opened(budget=budget, urgent=True).finish())
    assert urgent == [name for name in ordinary if name not in LEFT_OUT_IN_EMERGENCY]


def test_every_acceptance_needs_the_side_that_asked_for_it() -> None:
    rulebook = load_rulebook(CITY, None, TOWN)
    accepting = [stage for stage in rulebook.stages.values() if stage.kind == "accept"]
    assert accepting
    for stage in accepting:
        assert "需求提出方" in [rulebook.terms[term] for term in stage.signatories]


def test_the_publicity_carries_the_five_fields_of_the_text() -> None:
    rulebook = load_rulebook(CITY, None, TOWN)
    fields = rulebook.stages["publicize_item"].fields
    assert [rulebook.terms[field] for field in fields] == FIVE_FIELDS
    (quote,) = articles(CITY)["ZF-20"].quotes
    assert all(label in quote for label in FIVE_FIELDS)


def test_a_township_without_its_own_days_stops_at_the_publicity_and_hears_what_is_missing() -> None:
    life = opened(TOWN_WITHOUT_RULES).reach("village_determines").answer("village_determines")
    refusal = life.refusal("post", {"channel": "prominent_place", "evidence": "照片"})
    assert "事项公示天数" in refusal.sentence
    assert "金额较大的界线" in refusal.sentence
    assert TOWN_WITHOUT_RULES in refusal.sentence
    assert life.position.duties == ()


def test_no_number_of_days_stands_in_the_townships_own_rules_without_the_example() -> None:
    bare = load_rulebook(CITY, None, TOWN_WITHOUT_RULES)
    unsaid = {name for name, stage in bare.stages.items() if stage.missing}
    publicities = {name for name, stage in bare.stages.items() if stage.kind == "publicize"}
    assert publicities <= unsaid
    assert [name for name, stage in bare.stages.items() if stage.within is not None] == []


def test_the_lost_passage_is_called_lost_wherever_it_is_used() -> None:
    entry = articles(CITY)["ZF-22"]
    assert entry.verdict == "unclear"
    assert "原文缺失" in (entry.why or "")
    stages = load_rulebook(CITY, None, TOWN).stages.values()
    using = [stage for stage in stages if stage.cites == "ZF-22"]
    assert using
    assert all("原文缺失" in stage.label and stage.reading == "A20x" for stage in using)


def test_the_lost_passage_holds_no_item_that_needs_no_review() -> None:
    assert "engineering_review" not in stages_of(opened().finish())
    assert "engineering_review" in stages_of(opened(engineering_review=True).finish())


def test_the_misread_words_of_the_scan_are_quoted_as_they_stand() -> None:
    text = source_text(CITY)
    for words in ("原那么上在20万元以内", "1万3万元事项", "需进行工程评审的,按有关事项结项"):
        assert quote_is_in_source(words, text)
        assert any(words in quote for entry in articles(CITY).values() for quote in entry.quotes)


def test_the_example_supplement_says_that_it_is_an_example() -> None:
    rulebook = load_rulebook(CITY, None, TOWN)
    assert "示例，非真实规定" in (rulebook.town_notice or "")
    assert load_rulebook(CITY, None, TOWN_WITHOUT_RULES).town_notice is None


def test_officials_can_read_at_least_twenty_five_law_cases_of_the_township() -> None:
    cases = [case for case in law_cases() if case.city == CITY]
    assert len(cases) >= len(articles(CITY))
    encoded = {name for name, entry in articles(CITY).items() if entry.verdict == "encoded"}
    assert {name for name in encoded if not any(name in case.article for case in cases)} == set()


BIG = Established({"kind": "big"}, {"budget": 20_000_000})
SMALL = Established({"kind": "small"}, {"budget": 19_500_000})


def determined_small() -> Life:
    """A small item determined in a village whose year already has a big one and many small."""
    life = opened(budget=4000, kind="small")
    life.outside = replace(life.outside, established=(BIG, SMALL), community_year_total=39_500_000)
    return life.reach("publicize_item")


def test_a_small_item_cannot_become_the_second_big_one_of_the_village_s_year() -> None:
    life = determined_small()
    life.do("request_change", {"changes": {"kind": "big"}, "reason": "改类"})
    refusal = life.refusal("approve_change", {"reason": "同意"})
    assert refusal.code == "over_community_cap"
    assert "变更后示例甲村本年度现为2件" in refusal.sentence


def test_small_items_may_grow_past_their_total_in_principle_with_the_reason_of_the_change() -> None:
    life = determined_small()
    life.do("request_change", {"changes": {"budget": 900_000}, "reason": "增项"})
    assert life.refusal("approve_change", {"reason": "同意"}).code == "over_community_cap"
    agreed = {"reason": "同意", "override_reason": "汛期急需，经联席会议同意"}
    life.do("approve_change", agreed)
    assert life.state.amounts["budget"] == 900_000
