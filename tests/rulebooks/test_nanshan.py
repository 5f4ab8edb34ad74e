"""南山区：每条路从立卷走到归档，应急的欠办拦住结项，留给街道的数没有就停下来说明由谁补。"""

from datetime import date
from typing import Any

import pytest

from rulebooks.reading.loader import load_rulebook, rulebook_on
from rulebooks.vocabulary.articles import articles
from tests.rulebooks.law_cases import LawCase, law_cases, played
from tests.rulebooks.lives import Life

CITY = "nanshan"
STREET = "示例甲街道"
STREET_WITHOUT_RULES = "示例乙街道"
STOPPED = "blocked:stage:"
OLD_FILES = date(2020, 8, 3)
NEW_FILES = date(2026, 3, 2)

ASKED = ["collect", "design", "deliberate"]
STREETS_OWN = ["party_committee_review", "street_approval"]
BOUGHT = ["select_implementer", "contract"]
EVALUATED = ["daily_evaluation", "collective_evaluation", "pay", "file_results", "archive"]
EVALUATED_BY_STREET = ["street_evaluation", "pay", "archive"]
EMERGENCY = [
    "emergency_publicity", "emergency_determination", "emergency_finish", "emergency_accept",
    "emergency_evaluation", "emergency_pay", "emergency_archive",
]  # fmt: skip
PATHS: list[tuple[dict[str, Any], list[str]]] = [
    (
        {"kind": "services"},
        [*ASKED, *STREETS_OWN, "choose_method", *BOUGHT, "carry_out", "accept", *EVALUATED],
    ),
    (
        {"kind": "works"},
        [*ASKED, *STREETS_OWN, "choose_method", *BOUGHT, "works_filing", "carry_out", "accept",
         *EVALUATED],
    ),
    (
        {"kind": "goods", "budget": 300000},
        [*ASKED, "street_determine", "choose_method", "leadership_vote", *BOUGHT,
         "street_carry_out", "accept", *EVALUATED],
    ),
    (
        {"kind": "goods", "cross_community": True},
        [*ASKED, "street_determine", "choose_method", *BOUGHT, "street_carry_out", "joint_accept",
         *EVALUATED_BY_STREET],
    ),
    (
        {"kind": "services", "overhead": True},
        ["street_determine", "choose_method", *BOUGHT, "street_carry_out", "joint_accept",
         *EVALUATED_BY_STREET],
    ),
    ({"urgent": True}, ["emergency_report", "emergency_assign", "emergency_begin", *EMERGENCY]),
]  # fmt: skip
# Reached only when somebody refuses, objects or finds a fault.
ON_OTHER_DAYS = {
    "street_amend", "mend", "emergency_begin_by_street", "emergency_correct", "emergency_explain",
    "emergency_mend",
}  # fmt: skip


def opened(day: date = NEW_FILES, street: str = STREET, **project: object) -> Life:
    """An ordinary project of the street, opened on a Monday, with what the test is about."""
    given = {"town": street, "project": project}
    life, refusal = played(LawCase(CITY, "", day, given, {}, ""))
    assert refusal is None, refusal
    return life


def stages_of(life: Life) -> list[str]:
    return [stage for stage, _, _ in life.results]


@pytest.mark.parametrize(("project", "stages"), PATHS)
def test_a_project_of_every_path_runs_from_opening_to_archive(
    project: dict[str, Any], stages: list[str]
) -> None:
    life = opened(**project).finish()
    assert stages_of(life) == stages
    assert life.position.outcome_label == "已归档"


def test_every_stage_of_the_rulebook_is_walked_by_some_life() -> None:
    walked = {stage for _, stages in PATHS for stage in stages}
    assert walked | ON_OTHER_DAYS == set(load_rulebook(CITY, None, STREET).stages)


def test_every_project_that_ends_in_the_archive_was_once_determined() -> None:
    for project, _ in PATHS:
        assert opened(**project).finish().state.established_at is not None, project


def test_the_old_files_ask_for_two_publicities_that_the_new_ones_took_away() -> None:
    old = stages_of(opened(OLD_FILES).finish())
    new = stages_of(opened().finish())
    taken_away = [name for name in old if name not in new]
    assert taken_away == ["publicize_collection", "publicize_selection"]
    assert [name for name in old if name in new] == new


def test_a_project_opened_under_the_old_files_keeps_them_after_the_new_ones_came() -> None:
    life = opened(OLD_FILES).until(date(2020, 9, 7)).reach("publicize_selection")
    assert life.rulebook.version.id == "2017"
    known = rulebook_on(CITY, date(2020, 9, 7))
    assert known is not None
    assert known.version.id == "2020"


def test_an_objection_under_the_old_files_brings_the_project_back_to_the_deliberation() -> None:
    life = opened(OLD_FILES).reach("publicize_selection").post("publicize_selection").wait()
    life.do("object", {"objection": "1号", "substance": "地点不妥"})
    life.do("answer_objection", {"objection": "1号", "upheld": True, "reply": "属实"})
    assert life.stages == ["deliberate"]


def test_all_three_debts_of_an_emergency_are_called_debts_and_hold_the_money() -> None:
    life = opened(urgent=True).reach("emergency_evaluation")
    assert [duty.label for duty in life.position.duties] == ["欠办：事后评估"]
    owing = {name for name, stage in life.rulebook.stages.items() if stage.debt is not None}
    assert owing == {"emergency_publicity", "emergency_determination", "emergency_evaluation"}
    refusal = life.refusal("pay", {"amount": 100, "voucher": "V-1"}, stage="emergency_pay")
    assert "事后评估" in refusal.sentence


def refused_withdrawal(life: Life) -> str:
    """The words that refuse to let the case go while something is owed."""
    refusal = life.refusal("request_withdrawal", {"reason": "不办了"})
    assert refusal.code == "debt_open"
    return refusal.sentence


def test_a_debt_that_has_not_begun_yet_already_holds_an_emergency_back() -> None:
    life = opened(urgent=True).reach("emergency_publicity").answer("emergency_publicity").wait()
    life.answer("emergency_determination").wait()
    assert life.stages == ["emergency_finish"]
    assert "“事后评估”尚欠办" in refused_withdrawal(life)


def test_a_publicity_that_is_being_put_right_is_still_owed() -> None:
    life = opened(urgent=True).reach("emergency_publicity")
    life.answer("emergency_determination").wait().post("emergency_publicity").wait()
    life.do("object", {"objection": "1", "substance": "不妥"})
    life.do("answer_objection", {"objection": "1", "upheld": True, "reply": "属实"})
    assert life.stages == ["emergency_finish", "emergency_correct"]
    assert "“同步公示”尚欠办" in refused_withdrawal(life)


def test_a_determination_that_was_returned_is_still_owed() -> None:
    life = opened(urgent=True).reach("emergency_publicity").answer("emergency_publicity").wait()
    life.do("return", {"opinion": "情况不清"}, stage="emergency_determination")
    assert "“补办确定”尚欠办" in refused_withdrawal(life)


def test_calling_it_no_emergency_is_refused_until_what_is_owed_has_been_done() -> None:
    life = opened(urgent=True).reach("emergency_publicity")
    refusal = life.refusal("request_change", {"changes": {"urgent": False}, "reason": "不急了"})
    assert refusal.code == "debt_open"
    assert "“同步公示”“补办确定”“事后评估”尚欠办，补办之前不能改走别的程序" in refusal.sentence


def test_an_emergency_that_was_only_reported_may_still_be_called_an_ordinary_project() -> None:
    life = opened(urgent=True)
    life.do("request_change", {"changes": {"urgent": False}, "reason": "不急了"})
    assert life.do("approve_change", {"reason": "同意"}).stages == ["collect"]


def test_an_emergency_that_owes_nothing_more_may_be_asked_to_be_withdrawn() -> None:
    life = opened(urgent=True).reach("emergency_pay")
    life.do("request_withdrawal", {"reason": "另有资金"})
    assert life.position.waits_for == "待审查撤销"


def test_an_emergency_begun_by_the_street_owes_the_same() -> None:
    life = opened(urgent=True).reach("emergency_assign")
    life.do("pick", {"choice": "by_street", "reason": "管道爆裂，街道有抢修队"}).wait().finish()
    assert stages_of(life)[1:] == ["emergency_assign", "emergency_begin_by_street", *EMERGENCY]


def test_what_was_found_wrong_is_mended_and_accepted_again() -> None:
    fault = {"signatures": ["社区党委"], "opinion": "护栏松动"}
    life = opened().reach("accept").do("order_mending", fault).wait()
    assert life.stages == ["mend"]
    assert stages_of(life.finish()).count("accept") == 2
    shared = opened(cross_community=True).reach("joint_accept")
    shared.do("order_mending", fault | {"signatures": ["所涉各社区党委"]}).wait()
    assert stages_of(shared.finish()).count("joint_accept") == 2


def test_a_purchase_the_leadership_refused_is_planned_again() -> None:
    life = opened(budget=300000).reach("leadership_vote").answer("leadership_vote", agree=4)
    assert life.stages == ["choose_method"]
    assert life.wait().finish().position.outcome_label == "已归档"


def test_the_implementer_is_told_the_work_accepted_and_its_evaluation_put_on_file() -> None:
    issued = [effect for effect in opened().finish().effects if effect.startswith("issue/")]
    assert issued == [
        "issue/implementer_notice/select_implementer/1",
        "issue/acceptance_form/accept/1",
        "issue/filing_report/file_results/1",
        "issue/filing_form/file_results/1",
    ]


def test_an_emergency_is_announced_to_the_residents_while_it_is_carried_out() -> None:
    life = opened(urgent=True).reach("emergency_publicity").post("emergency_publicity")
    assert "issue/project_publicity/emergency_publicity/1" in life.effects
    assert "issue/publicity_period/emergency_publicity/1" in life.effects
    assert "emergency_finish" in life.stages


@pytest.mark.parametrize(
    ("day", "project", "stage", "words"),
    [
        (NEW_FILES, {}, "deliberate", ["项目评议的通过比例", "金额较大的界线", "NS-10"]),
        (NEW_FILES, {"overhead": True}, "choose_method", ["重大采购的界线", "NS-4"]),
        (OLD_FILES, {}, "publicize_collection", ["公示天数"]),
    ],
)
def test_a_street_without_its_own_rules_stops_and_hears_what_it_must_supply(
    day: date, project: dict[str, Any], stage: str, words: list[str]
) -> None:
    life = opened(day, STREET_WITHOUT_RULES, kind="services", **project)
    while life.stages != [f"{STOPPED}{stage}"]:
        life.answer(life.stages[0]).wait()
    assert life.position.duties == ()
    refusal = life.refusal("submit", {"summary": "先办着"})
    for word in (*words, STREET_WITHOUT_RULES):
        assert word in refusal.sentence


def test_an_emergency_is_not_held_up_where_the_street_has_no_rules_only_its_closing_is() -> None:
    life = opened(street=STREET_WITHOUT_RULES, urgent=True)
    before_the_debt = ["emergency_report", "emergency_assign", "emergency_begin"]
    beside_it = [stage for stage in EMERGENCY[1:] if stage not in EMERGENCY[-2:]]
    for stage in (*before_the_debt, *beside_it):
        life.answer(stage).wait()
    assert life.stages == [f"{STOPPED}emergency_publicity"]
    assert "公示天数" in life.refusal("post", {"channel": "community_board"}).sentence


def test_no_number_the_explainer_leaves_open_stands_without_a_streets_own_rules() -> None:
    bare = load_rulebook(CITY, None, STREET_WITHOUT_RULES)
    timed = {name for name, stage in bare.stages.items() if stage.within is not None}
    assert timed == {"pay", "emergency_pay", "emergency_publicity", "emergency_evaluation"}
    assert "approval" not in bare.procedures
    lacking = {name for stage in bare.stages.values() for name in stage.missing}
    assert lacking == set(bare.parameters)


def test_the_eight_kinds_that_are_not_paid_for_are_checked_wherever_a_project_is_determined() -> (
    None
):
    stages = load_rulebook(CITY, None, STREET).stages
    asked = {
        name: [check.term for check in stages[name].checks]
        for name in ("deliberate", "street_determine", "emergency_determination")
    }
    assert len(asked["deliberate"]) == 8
    assert set(map(tuple, asked.values())) == {tuple(asked["deliberate"])}


def test_a_project_is_evaluated_by_the_two_standards_of_the_text_and_no_other() -> None:
    rulebook = load_rulebook(CITY, None, STREET)
    (quote,) = articles(CITY)["NS-26"].quotes
    evaluations = [stage for stage in rulebook.stages.values() if stage.kind == "evaluate"]
    assert len(evaluations) == 4
    for stage in evaluations:
        labels = [rulebook.terms[term] for term in stage.dimensions]
        assert len(labels) == 2
        assert all(label in quote for label in labels)


def test_what_the_example_street_supplies_is_called_an_example() -> None:
    rulebook = load_rulebook(CITY, None, STREET)
    assert "示例，非真实规定" in (rulebook.town_notice or "")
    assert load_rulebook(CITY, None, STREET_WITHOUT_RULES).town_notice is None


def test_both_versions_say_that_they_rest_on_an_explanation_and_not_on_the_text() -> None:
    for version in load_rulebook(CITY).versions:
        assert version.status == "explainer"
        assert "正文" in (version.notice or "")


def test_officials_can_read_more_law_cases_than_there_are_rules() -> None:
    cases = [case for case in law_cases() if case.city == CITY]
    assert len(cases) > len(articles(CITY))
    encoded = {name for name, entry in articles(CITY).items() if entry.verdict == "encoded"}
    assert {name for name in encoded if not any(name in case.article for case in cases)} == set()
