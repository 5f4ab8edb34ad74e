"""统计口径：四市寻常的一生里，征集、确定、实施、完成、办结各在何处，先后不乱。"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rulebooks.judging.judgement import Fact
from rulebooks.procedure.milestones import Milestone, reached
from rulebooks.procedure.phases import announces_first, roles_of
from rulebooks.procedure.state import State
from rulebooks.reading.loader import load_rulebook
from tests.rulebooks.law_cases import LawCase, played
from tests.rulebooks.lives import CITY, SERVICES, SMALL, TOWN, WORKS, Life, life
from tests.rulebooks.streams import acts

DAY = date(2026, 3, 2)
FUNNEL = ("opened", "determined", "started", "completed", "closed")
PLACES = (
    ("zhangjiagang", TOWN),
    ("nanshan", "示例甲街道"),
    ("zhengfang", "郑坊镇"),
    ("shenyang", "示例甲街道"),
)
# A project of every sort that takes another way: facts by city, as its forms name them.
WAYS: tuple[tuple[str, Mapping[str, Any]], ...] = (
    ("zhangjiagang", {}),
    ("zhangjiagang", {"kind": "services", "category": "resident_care"}),
    ("zhangjiagang", {"budget": 9000}),
    ("nanshan", {}),
    ("nanshan", {"budget": 600}),
    ("nanshan", {"urgent": True}),
    ("zhengfang", {}),
    ("zhengfang", {"budget": 20000}),
    ("zhengfang", {"budget": 50000}),
    ("zhengfang", {"kind": "big", "budget": 200000, "central_procurement": True}),
    ("shenyang", {}),
    ("shenyang", {"kind": "internal", "category": "community_affairs"}),
)


def lived(city: str, facts: Mapping[str, Any]) -> Life:
    """An ordinary project from its opening to its archive."""
    case, refusal = played(LawCase(city, "一生", DAY, {"project": facts}, {}, ""))
    assert refusal is None, refusal
    return case.wait().finish()


def counted(state: State) -> dict[str, list[Milestone]]:
    found: dict[str, list[Milestone]] = {}
    for item in reached(state):
        found.setdefault(item.name, []).append(item)
    return found


@pytest.mark.parametrize(("city", "facts"), WAYS)
def test_an_archived_project_was_opened_determined_started_completed_and_closed_in_that_order(
    city: str, facts: Mapping[str, Any]
) -> None:
    state = lived(city, facts).state
    assert state.outcome == "archived"
    found = counted(state)
    days = [found[name][0].occurred_on for name in FUNNEL]
    assert days == sorted(days)
    assert [len(found[name]) for name in FUNNEL] == [1] * len(FUNNEL)
    assert "withdrawn" not in found


def test_completion_lies_before_what_is_done_about_a_finished_project() -> None:
    state = lived("zhangjiagang", {}).state
    sequence = {item.name: item.origin for item in reached(state)}
    assert state.history[sequence["started"] - 1].stage == "contract"
    assert state.history[sequence["completed"] - 1].stage == "finish_works"
    assert sequence["completed"] < sequence["audited"] < sequence["published"]


def test_a_design_before_the_determination_is_no_start() -> None:
    found = counted(lived("zhengfang", {}).state)
    assert found["determined"][0].origin < found["started"][0].origin


def test_an_emergency_counts_as_determined_when_it_began_to_be_carried_out() -> None:
    found = counted(lived("nanshan", {"urgent": True}).state)
    assert found["determined"][0].origin == found["started"][0].origin


@pytest.mark.parametrize(("city", "town"), PLACES)
def test_the_publicity_of_results_is_the_one_after_which_nothing_is_carried_out(
    city: str, town: str
) -> None:
    rulebook = load_rulebook(city, None, town)
    papers = {name for name, stage in rulebook.stages.items() if stage.issues == "result_publicity"}
    assert roles_of(rulebook).publishing == papers


def test_a_plan_of_use_is_counted_in_hand_and_never_as_carried_out() -> None:
    case, _ = played(
        LawCase(
            "shenyang", "方案", DAY, {"project": {"kind": "plan", "category": "use_plan"}}, {}, ""
        )
    )
    found = counted(case.wait().finish().state)
    assert {"opened", "archived", "closed"} <= set(found)
    assert "completed" not in found


def test_a_refused_project_leaves_as_withdrawn_and_is_no_longer_in_hand() -> None:
    case = life().reach("approve").do("reject", {"opinion": "不宜立项"}, stage="approve")
    found = counted(case.state)
    assert found["withdrawn"][0].occurred_on == case.now.date()
    assert found["opened"][0].ended_on == case.now.date()
    assert "closed" not in found
    assert "determined" not in found


def test_amounts_and_samples_are_those_of_the_journal() -> None:
    found = counted(lived("zhangjiagang", {}).state)
    budget = WORKS["budget"]
    amounts = ("determined", "contracted", "audited", "paid")
    assert [found[name][0].amount_fen for name in amounts] == [budget] * len(amounts)
    assert [found[name][0].count for name in ("samples", "satisfied")] == [100, 95]


def test_what_residents_and_companies_give_is_counted_with_the_determination() -> None:
    found = counted(lived("zhangjiagang", {"other_funds": 1000}).state)
    assert found["other_funds"][0].amount_fen == 100_000
    assert found["other_funds"][0].origin == found["determined"][0].origin


def test_a_stage_finished_after_its_last_day_is_late_and_no_longer_overdue() -> None:
    case = life().reach("deliberate").wait(30)
    overdue = counted(case.state)["overdue"]
    assert [item.ended_on for item in overdue] == [None]
    case.answer("deliberate")
    found = counted(case.state)
    assert found["overdue"][0].ended_on == case.now.date()
    assert [case.state.history[item.origin - 1].stage for item in found["late"]] == ["deliberate"]


def test_what_was_done_in_time_and_recorded_late_is_not_late() -> None:
    case = life().reach("deliberate")
    done = case.now + timedelta(hours=1)
    case.wait(7)
    case.do("vote", case.ordinary("deliberate"), stage="deliberate", at=done, evidence=("digest",))
    found = counted(case.state)
    assert "late" not in found
    assert "overdue" not in found


def test_a_payment_stays_counted_whatever_is_done_again() -> None:
    case = lived("zhangjiagang", {})
    paid = next(event for event in case.state.history if event.kind == "paid")
    assert [item.origin for item in counted(case.state)["paid"]] == [paid.sequence]


@given(data=st.data())
@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
def test_whatever_people_do_the_four_numbers_never_grow_from_one_step_to_the_next(
    data: st.DataObject,
) -> None:
    facts = data.draw(st.sampled_from([WORKS, SERVICES, SMALL]))
    case = Life(load_rulebook(CITY, None, TOWN), DAY).open(facts)
    for _ in range(data.draw(st.integers(0, 16))):
        if case.state.open and case.stages[0] in case.rulebook.stages:
            case.answer(case.stages[-1]).wait()
    for _ in range(data.draw(st.integers(0, 4))):
        action, stage, content = acts(case, data)
        found = case.propose(action, content, stage=stage)
        if isinstance(found, Fact):
            case.record(found)
        case.wait(data.draw(st.integers(0, 9)))
    assert in_order(case.state)


def in_order(state: State) -> bool:
    """The steps follow one another, nothing is counted twice, nothing ends before it began."""
    found = counted(state)
    steps = [found[name][0] for name in FUNNEL[:-1] if name in found]
    days = [item.occurred_on for item in steps]
    return (
        [item.name for item in steps] == list(FUNNEL[: len(steps)])
        and days == sorted(days)
        and all(len({item.origin for item in items}) == len(items) for items in found.values())
        and all(
            item.ended_on is None or item.ended_on >= item.occurred_on
            for items in found.values()
            for item in items
        )
        and ("closed" in found) + ("withdrawn" in found) == (state.outcome is not None)
    )


def test_where_the_rulebook_leaves_no_way_round_a_project_is_announced_first() -> None:
    assert announces_first(load_rulebook("zhangjiagang", None, TOWN))
    assert announces_first(load_rulebook("zhengfang", None, "郑坊镇"))
    # Its interpretation prescribes no publicity; internal affairs are carried out without one.
    assert not announces_first(load_rulebook("nanshan", None, "示例甲街道"))
    assert not announces_first(load_rulebook("shenyang", None, "示例甲街道"))
    found = counted(lived("zhangjiagang", {}).state)
    assert found["announced"][0].origin < found["started"][0].origin
