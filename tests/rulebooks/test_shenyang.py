"""沈阳市：使用方案与各类项目各从立卷走到归档，异议达到五分之一的重新表决，缺的清单不从别处借。"""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from rulebooks.judging.outside import Established
from rulebooks.reading.loader import load_rulebook
from rulebooks.vocabulary.articles import quote_is_in_source, source_text
from rulebooks.vocabulary.references import reachable
from tests.rulebooks.law_cases import LawCase, law_cases, played
from tests.rulebooks.lives import Life

CITY = "shenyang"
STREET = "示例甲街道"
STREET_WITHOUT_RULES = "示例乙街道"
PLAN: dict[str, Any] = {"kind": "plan", "category": "use_plan"}
BASIC: dict[str, Any] = {"kind": "basic", "category": "social_work_room"}
INTERNAL: dict[str, Any] = {"kind": "internal", "category": "community_affairs"}
PROPOSED = ["propose", "sort_projects", "council", "publicize_resolution", "street_review"]
PARTY_FIRST = ["party_proposal", "committees_meeting", "party_members_meeting"]
SEVEN_STEPS = [
    *PARTY_FIRST,
    "street_party_review",
    "choose_assembly",
    "representatives_vote",
    "publicize_resolution",
]
BOUGHT = ["file_project", "choose_procurement", "select_implementer", "contract"]
CARRIED_OUT = [
    "begin_services",
    "publicize_progress",
    "arrange_evaluation",
    "mid_evaluation",
    "finish_services",
    "final_evaluation",
]
PAID = ["publicize_result", "pay", "archive"]
TO_THE_END = [*BOUGHT, *CARRIED_OUT, *PAID]
PATHS: list[tuple[dict[str, Any], list[str]]] = [
    ({}, ["collect_needs", *PROPOSED, *TO_THE_END]),
    (BASIC, [*PROPOSED, *TO_THE_END]),
    ({"major": True}, ["collect_needs", *SEVEN_STEPS, *TO_THE_END]),
    ({**BASIC, "major": True}, [*SEVEN_STEPS, *TO_THE_END]),
    (PLAN, ["draft_plan", "file_plan_with_district", "archive_plan"]),
    (
        {**PLAN, "star_grade": "five_star"},
        ["draft_plan", "file_plan_with_city", "archive_plan"],
    ),
    (
        {**PLAN, "user_unit": "street_area"},
        ["draft_area_plan", "file_plan_with_district", "archive_plan"],
    ),
    (INTERNAL, ["decide_internal", "internal_work", "internal_publicize", "internal_archive"]),
]
SOME_REPRESENTATIVES = 5


def opened(street: str = STREET, **project: Any) -> Life:
    """An ordinary project of the street, opened on a Monday, with what the test is about."""
    given = {"town": street, "project": project}
    life, refusal = played(LawCase(CITY, "", date(2026, 3, 2), given, {}, ""))
    assert refusal is None, refusal
    return life


def stages_of(life: Life) -> list[str]:
    return [stage for stage, _, _ in life.results]


def objected(life: Life, people: int) -> Life:
    """Post the resolution, and let so many representatives object."""
    life.reach("publicize_resolution").post("publicize_resolution").wait()
    for number in range(1, people + 1):
        life.do("object", {"objection": f"{number}号", "substance": "地点", "by": f"代表{number}"})
    return life


@pytest.mark.parametrize(("project", "stages"), PATHS)
def test_a_plan_or_project_of_every_path_runs_from_opening_to_archive(
    project: dict[str, Any], stages: list[str]
) -> None:
    life = opened(**project).finish()
    assert stages_of(life) == stages
    assert life.position.outcome_label == "已归档"


def test_every_stage_of_the_rulebook_is_walked_by_some_life() -> None:
    walked = {stage for _, stages in PATHS for stage in stages}
    elsewhere = {"publicize_rejection", "choose_revote", "amend", "after_failure", "mend_services"}
    assert walked | elsewhere | {"residents_meeting"} == set(
        load_rulebook(CITY, None, STREET).stages
    )


@pytest.mark.parametrize(
    ("way", "stage"), [("council", "council"), ("representatives_vote", "representatives_vote")]
)
def test_an_upheld_objection_leads_to_a_new_vote_a_new_publicity_and_the_archive(
    way: str, stage: str
) -> None:
    life = objected(opened(resident_representatives=SOME_REPRESENTATIVES), 1)
    life.do("pick", {"choice": way, "reason": "异议集中在地点"}).wait()
    assert life.stages == [stage]
    life.finish()
    done = [(name, round_) for name, round_, _ in life.results]
    assert ("publicize_resolution", 2) in done
    assert life.position.outcome_label == "已归档"


def test_the_residents_vote_again_when_a_major_resolution_is_objected_to() -> None:
    life = objected(opened(major=True, resident_representatives=SOME_REPRESENTATIVES), 1)
    assert life.stages == ["choose_assembly"]
    assert life.finish().position.outcome_label == "已归档"


def test_one_fifth_is_counted_of_all_representatives_and_rounded_up() -> None:
    assert objected(opened(), 10).stages == ["publicize_resolution"]
    assert objected(opened(), 11).stages == ["choose_revote"]


def test_a_rejection_is_published_too_and_may_be_objected_to() -> None:
    life = opened(resident_representatives=SOME_REPRESENTATIVES).reach("council")
    life.answer("council", agree=2, against=6).post("publicize_rejection").wait()
    life.do("object", {"objection": "1号", "substance": "应当办", "by": "代表1"})
    assert life.stages == ["choose_revote"]


def test_a_project_that_failed_its_evaluation_is_mended_evaluated_again_and_only_then_paid() -> (
    None
):
    life = opened().reach("final_evaluation").answer("final_evaluation", qualified=False).wait()
    life.do("pick", {"choice": "mend", "reason": "尚可整改"}).wait().finish()
    assert stages_of(life)[-6:] == ["after_failure", "mend_services", "final_evaluation", *PAID]


def test_nothing_is_paid_before_the_services_are_finished_and_evaluated() -> None:
    rulebook = load_rulebook(CITY, None, STREET)
    paying = [name for name, stage in rulebook.stages.items() if stage.kind == "pay"]
    assert paying == ["pay"]
    for project, stages in PATHS:
        if "pay" in stages:
            gates = [stages.index(name) for name in ("finish_services", "final_evaluation", "pay")]
            assert gates == sorted(gates), project
    assert "final_evaluation" not in reachable(rulebook, "pay")


def test_the_awards_of_the_three_grades_add_up_to_the_whole_fund() -> None:
    fund = load_rulebook(CITY).funds["star_award"]
    assert fund.award is not None
    assert fund.quota is not None
    assert fund.envelope is not None
    awards, quotas = fund.award.by["star_grade"], fund.quota.by["star_grade"]
    assert sum(awards[grade] * quotas[grade] for grade in quotas) == fund.envelope.at_most


def test_both_evaluations_look_at_the_six_sides_the_text_names() -> None:
    rulebook = load_rulebook(CITY)
    for name in ("mid_evaluation", "final_evaluation"):
        sides = [rulebook.terms[term] for term in rulebook.stages[name].dimensions]
        assert quote_is_in_source("、".join(sides), source_text(CITY))


def test_the_eight_types_and_the_three_obligatory_projects_are_those_of_the_text() -> None:
    labels = list(load_rulebook(CITY).categories.values())
    assert quote_is_in_source("、".join(labels[1:4]), source_text(CITY))
    assert quote_is_in_source("、".join(labels[4:12]), source_text(CITY))


@pytest.mark.parametrize(
    ("stage", "parameter"),
    [
        ("draft_plan", "project_catalogue"),
        ("draft_area_plan", "project_catalogue"),
        ("sort_projects", "project_catalogue"),
        ("street_review", "prohibited_projects"),
        ("street_party_review", "prohibited_projects"),
        ("publicize_progress", "open_days"),
        ("publicize_result", "open_days"),
    ],
)
def test_a_stage_that_needs_what_the_street_has_not_supplied_cannot_be_worked(
    stage: str, parameter: str
) -> None:
    assert load_rulebook(CITY, None, STREET_WITHOUT_RULES).stages[stage].missing == (parameter,)
    assert load_rulebook(CITY, None, STREET).stages[stage].missing == ()


def test_a_street_without_the_catalogue_is_told_what_to_supply() -> None:
    life = opened(STREET_WITHOUT_RULES, **BASIC).answer("propose")
    refusal = life.refusal("approve", {"opinion": "同意"}, stage="sort_projects")
    assert STREET_WITHOUT_RULES in refusal.sentence
    assert "项目表" in refusal.sentence
    assert refusal.rule == "SY-05"


def test_what_the_example_street_supplies_is_called_an_example_wherever_it_is_shown() -> None:
    rulebook = load_rulebook(CITY, None, STREET)
    assert rulebook.town_notice is not None
    assert "非真实规定" in rulebook.town_notice
    shown = [rulebook.stages["draft_plan"].reading]
    shown += [check.reading for check in rulebook.stages["street_review"].checks[1:2]]
    assert all(text is not None and text.startswith("示例，非真实规定") for text in shown)


def test_shenyang_has_more_than_twenty_five_law_cases() -> None:
    assert len([case for case in law_cases() if case.city == CITY]) > 25


@pytest.mark.parametrize(
    ("before", "changes"),
    [
        ({"star_grade": "five_star"}, {"star_grade": "three_star"}),
        (
            {"star_grade": "three_star", "user_unit": "street_area"},
            {"user_unit": "community"},
        ),
    ],
)
def test_an_established_project_cannot_be_changed_past_the_community_s_year(
    before: dict[str, Any], changes: dict[str, Any]
) -> None:
    life = opened(**BASIC, budget=20000, **before)
    spent = Established({"kind": "optional", "user_unit": "community"}, {"budget": 4_000_000})
    life.outside = replace(life.outside, established=(spent,), community_year_total=4_000_000)
    life.reach("file_project").do("request_change", {"changes": changes, "reason": "变更"})
    refusal = life.refusal("approve_change", {"reason": "同意"})
    assert refusal.code == "over_community_cap"
    assert "累计60,000.00元" in refusal.sentence
