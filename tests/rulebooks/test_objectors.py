"""异议按人数计：不同的人达到比例即成立，同一人只算一次，撤回的不算；张贴另有期限。"""

from datetime import date, timedelta
from math import ceil
from typing import Any

import hypothesis
import pytest
from hypothesis import strategies as st

from rulebooks.judging.demands import demanded
from rulebooks.vocabulary.model import Rulebook
from tests.rulebooks.altered import altered, told
from tests.rulebooks.lives import WORKS, Life

FACTS = {"representatives": {"label": "居民代表人数", "kind": "integer", "required": True}}
FIFTH = {"threshold": {"at_least": "1/5", "of": "representatives"}}
PEOPLE = tuple(f"代表{number}" for number in range(1, 9))


def counted(**objections: Any) -> Rulebook:
    """A city where a fifth of the representatives stops the publicity."""
    return altered({"publicize_project": {"objections": {**FIFTH, **objections}}}, facts=FACTS)


def posted(representatives: int = 11, **objections: Any) -> Life:
    case = Life(counted(**objections)).open(WORKS, details={"representatives": representatives})
    return case.reach("publicize_project").post("publicize_project")


def object_(case: Life, number: int, by: str) -> Life:
    said = {"objection": f"意见{number}", "substance": "不同意选址", "by": by}
    return case.do("object", said)


def test_a_fifth_of_eleven_is_three_people_and_stops_the_publicity_by_itself() -> None:
    case = posted(11)
    object_(case, 1, "代表1")
    object_(case, 2, "代表2")
    assert case.stages == ["publicize_project"]
    object_(case, 3, "代表3")
    assert case.stages == ["review"]
    assert case.results[-1] == ("publicize_project", 1, "upheld")


def test_a_share_that_comes_out_even_is_reached_by_just_that_many() -> None:
    case = object_(posted(10), 1, "代表1")
    assert case.stages == ["publicize_project"]
    assert object_(case, 2, "代表2").stages == ["review"]


def test_the_same_person_counts_once_however_often_they_object() -> None:
    case = posted(11)
    for number in range(5):
        object_(case, number, "代表1")
    assert case.stages == ["publicize_project"]
    assert case.state.open[0].publicity is not None
    assert case.state.open[0].publicity.objectors == 1


@pytest.mark.parametrize("by", ["代表 1", "代表01", "代表０１", " 代表　001 "])
def test_one_person_however_their_code_is_written_counts_once(by: str) -> None:
    case = object_(object_(posted(11), 1, "代表1"), 2, by)
    assert object_(case, 3, "代表2").stages == ["publicize_project"]
    assert object_(case, 4, "代表10").stages == ["review"]


def test_a_letter_in_a_code_is_the_same_in_either_case() -> None:
    case = object_(object_(posted(10), 1, "A1"), 2, " a01")
    assert case.stages == ["publicize_project"]


def test_an_objection_taken_back_no_longer_counts_and_needs_no_answer() -> None:
    case = object_(object_(posted(11), 1, "代表1"), 2, "代表2")
    case.do("withdraw_objection", {"objection": "意见1", "reason": "已说明情况"})
    assert object_(case, 3, "代表3").stages == ["publicize_project"]
    publicity = case.state.open[0].publicity
    assert publicity is not None
    assert (publicity.objectors, publicity.unanswered) == (2, ("意见2", "意见3"))


def test_a_person_with_two_objections_still_counts_when_one_is_taken_back() -> None:
    case = object_(object_(posted(10), 1, "代表1"), 2, "代表1")
    case.do("withdraw_objection", {"objection": "意见1", "reason": "重复"})
    assert object_(case, 3, "代表2").stages == ["review"]


def test_only_what_stands_can_be_taken_back() -> None:
    case = object_(posted(11), 1, "代表1")
    choices = {field.name: field.choices for field in _form(case, "withdraw_objection")}
    assert choices["objection"] == {"意见1": "意见1"}
    gone = {"objection": "意见9", "reason": "撤回"}
    assert "请从未撤回的中选择：意见1" in case.refusal("withdraw_objection", gone).sentence
    case.do("withdraw_objection", {"objection": "意见1", "reason": "撤回"})
    again = case.refusal("withdraw_objection", {"objection": "意见1", "reason": "撤回"})
    assert again.code == "out_of_turn"


def _form(case: Life, action: str) -> Any:
    return demanded(case.state, case.stages[0], action)


def test_where_people_are_counted_the_objector_must_be_given_and_only_there() -> None:
    case = posted()
    assert "by" in [field.name for field in _form(case, "object") if field.required]
    anonymous = case.refusal("object", {"objection": "意见1", "substance": "噪声"})
    assert (anonymous.code, "提出人代号" in anonymous.sentence) == ("objector_missing", True)
    named = {"objection": "意见1", "substance": "噪声", "by": "张三"}
    assert case.refusal("object", named).code == "objector_missing"
    plain = Life(altered({})).open(WORKS).reach("publicize_project").post("publicize_project")
    assert "by" not in [field.name for field in _form(plain, "object")]
    plain.do("object", {"objection": "意见1", "substance": "噪声"})
    gone = {"objection": "意见1", "reason": "撤回"}
    assert plain.refusal("withdraw_objection", gone).code == "out_of_turn"


def test_the_last_unanswered_objection_taken_back_after_the_end_ends_the_publicity() -> None:
    case = object_(posted(), 1, "代表1").until_ended("publicize_project")
    assert case.stages == ["publicize_project"]
    case.do("withdraw_objection", {"objection": "意见1", "reason": "撤回"})
    assert case.stages == ["select_implementer"]


def test_where_answers_may_follow_the_publicity_ends_on_its_day() -> None:
    case = object_(posted(answered_before_end=False), 1, "代表1")
    assert case.until_ended("publicize_project").stages == ["select_implementer"]


@hypothesis.given(
    representatives=st.integers(1, 40),
    acts=st.lists(st.tuples(st.sampled_from(PEOPLE), st.booleans()), max_size=14),
)
@hypothesis.settings(max_examples=40, deadline=None)
def test_nobody_is_ever_counted_twice_and_the_share_stops_it_at_once(
    representatives: int, acts: list[tuple[str, bool]]
) -> None:
    case = posted(representatives)
    needed = max(1, ceil(representatives / 5))
    standing: dict[str, str] = {}
    for number, (person, takes_back) in enumerate(acts):
        mine = [name for name, by in standing.items() if by == person]
        if takes_back and mine:
            case.do("withdraw_objection", {"objection": mine[0], "reason": "撤回"})
            del standing[mine[0]]
        else:
            object_(case, number, person)
            standing[f"意见{number}"] = person
        reached = len(set(standing.values())) >= needed
        assert (case.stages == ["review"]) == reached
        if reached:
            return
        publicity = case.state.open[0].publicity
        assert publicity is not None
        assert publicity.objectors == len(set(standing.values()))


def test_the_time_limit_of_a_publicity_is_for_posting_it() -> None:
    within = {"count": 2, "unit": "working_days"}
    case = Life(altered({"publicize_project": {"within": within}})).open(WORKS)
    case.reach("publicize_project")
    (duty,) = case.position.duties
    opened = case.state.open[0].since.date()
    assert duty.due is not None
    assert date(opened.year, opened.month, opened.day) < duty.due
    case.do("post", {"channel": "prominent_place", "evidence": "照片"})
    assert case.position.duties[0].due == duty.due
    case.do("post", {"channel": "electronic_media", "evidence": "照片"})
    assert [timer.kind for timer in case.position.timers] == ["publicity_ended"]
    case.do("take_down", {"channel": "electronic_media", "reason": "被撕"})
    assert case.position.duties[0].due == duty.due


def test_a_publicity_nobody_posts_falls_overdue() -> None:
    within = {"count": 2, "unit": "working_days"}
    case = Life(altered({"publicize_project": {"within": within}})).open(WORKS)
    case.reach("publicize_project")
    case.until(case.now + timedelta(days=9))
    assert case.position.duties[0].overdue


@pytest.mark.parametrize(
    ("facts", "of", "then", "words"),
    [
        ({}, "representatives", {}, "“representatives”不是整数类的事实，可用的有：无"),
        (
            {"representatives": {"label": "代表", "kind": "integer"}},
            "representatives",
            {},
            "“representatives”须为必填（required: true）",
        ),
        (FACTS, "representatives", {"ended": "select_implementer"}, "缺少结果“upheld”的去向"),
    ],
)
def test_a_share_nobody_can_work_out_is_found_when_the_rulebook_is_read(
    facts: dict[str, Any], of: str, then: dict[str, Any], words: str
) -> None:
    objections = {"threshold": {"at_least": "1/5", "of": of}}
    changes = {"objections": objections, **({"then": then} if then else {})}
    assert words in told(altered({"publicize_project": changes}, facts=facts))
