"""Random acts of people: what somebody might do next at a case, rightly or wrongly.

Each draw gives an act and its content; most are what the open stage asks for, some are wrong,
late, out of turn or about the whole case.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DataObject

from rulebooks.procedure.actions import REQUEST_DUTIES, stage_actions
from rulebooks.procedure.corrections import correctable
from rulebooks.procedure.objections import OBJECT, ended_lately
from rulebooks.vocabulary.events import ACTIONS
from tests.rulebooks.lives import Life

Act = tuple[str, str | None, dict[str, Any]]

AMOUNTS = st.sampled_from([1, 999_999, 1_000_000, 4_999_999, 5_000_000, 10_000_000, 10_000_001])
YES_NO = st.booleans()
CHANGES = st.fixed_dictionaries(
    {},
    optional={
        "title": st.sampled_from(["塘市花苑停车整治", "楼道扶手维修"]),
        "schedule": st.sampled_from(["2026年9月", "2026年10月"]),
        "content": st.sampled_from(["划线", "加装护栏"]),
        "kind": st.sampled_from(["works", "services"]),
        "category": st.sampled_from(["environment", "resident_care"]),
        "budget": AMOUNTS,
        "urgent": YES_NO,
        "permit": YES_NO,
    },
)
SORTS = ["in turn"] * 24 + ["change"] * 3 + ["correction"] * 3 + ["pause", "anything"] * 2
SORTS += ["withdrawal"]
ABOUT_THE_CASE: dict[str, tuple[st.SearchStrategy[str], st.SearchStrategy[dict[str, Any]]]] = {
    "withdrawal": (st.just("request_withdrawal"), st.just({"reason": "居民改主意"})),
    "change": (
        st.just("request_change"),
        st.fixed_dictionaries({"changes": CHANGES, "reason": st.just("变化")}),
    ),
    "pause": (
        st.sampled_from(["pause_clock", "resume_clock"]),
        st.just({"clock": "review_and_approval", "reason": "等待"}),
    ),
    "anything": (st.sampled_from(sorted(ACTIONS)), st.just({})),
}
CORRECT_VALUES: dict[str, st.SearchStrategy[Any]] = {
    "agree": st.integers(0, 9),
    "present": st.integers(0, 9),
    "amount": AMOUNTS,
    "audited": AMOUNTS,
    "budget": AMOUNTS,
    "final": YES_NO,
    "urgent": YES_NO,
    "permit": YES_NO,
}


def acts(case: Life, data: DataObject) -> Act:
    """One act that somebody might try now."""
    sort = data.draw(st.sampled_from(SORTS), label="sort")
    if case.state.request is not None and sort != "anything":
        return _examined(case, data)
    if sort == "in turn":
        return _in_turn(case, data)
    if sort == "correction":
        return _correction(case, data)
    action, content = ABOUT_THE_CASE[sort]
    return data.draw(action), None, data.draw(content)


def _examined(case: Life, data: DataObject) -> Act:
    request = case.state.request
    assert request is not None
    action = data.draw(st.sampled_from(REQUEST_DUTIES[request.kind][1]))
    content: dict[str, Any] = {"reason": "属实"}
    if action == "settle_correction":
        content["keep"] = data.draw(YES_NO)
    return action, None, content


def _correction(case: Life, data: DataObject) -> Act:
    slips = [
        (event.sequence, name)
        for event in case.state.history
        for name in correctable(event.kind)
        if name in CORRECT_VALUES and name in event.content
    ]
    sequence, name = data.draw(st.sampled_from(slips))
    content = {name: data.draw(CORRECT_VALUES[name])}
    return "correct", None, {"sequence": sequence, "content": content, "reason": "笔误"}


def _in_turn(case: Life, data: DataObject) -> Act:
    offered = [
        (action, opened.stage)
        for opened in case.state.open
        for action, _ in stage_actions(case.state, opened)
    ]
    offered += [(OBJECT, opened.stage) for _, opened in ended_lately(case.state)]
    if not offered:
        return "submit", None, {"summary": "汇总"}
    unwelcome = {"reject", "return", "take_down"}
    likely = [offer for offer in offered for _ in range(1 if offer[0] in unwelcome else 6)]
    action, stage = data.draw(st.sampled_from(likely))
    maker = MADE.get(action)
    content = maker(case, stage, data) if maker else dict(case.ordinary(stage))
    return action, stage, content


def _posting(case: Life, stage: str, data: DataObject) -> dict[str, Any]:
    channel = data.draw(st.sampled_from(case.rulebook.stages[stage].channels))
    return {"channel": channel, "evidence": "照片"}


def _removal(case: Life, stage: str, data: DataObject) -> dict[str, Any]:
    channel = data.draw(st.sampled_from(case.rulebook.stages[stage].channels))
    return {"channel": channel, "reason": "被撕"}


def _objection(case: Life, stage: str, data: DataObject) -> dict[str, Any]:
    return {"objection": data.draw(st.sampled_from("甲乙")), "substance": "噪声"}


def _answer(case: Life, stage: str, data: DataObject) -> dict[str, Any]:
    upheld = data.draw(st.sampled_from([False, False, True]))
    return {"objection": data.draw(st.sampled_from("甲乙")), "upheld": upheld, "reply": "答复"}


def _vote(case: Life, stage: str, data: DataObject) -> dict[str, Any]:
    content = case.ordinary(stage)
    checks = {
        term: data.draw(st.sampled_from([False] * 30 + [True]))
        for term in content.get("checks", {})
    }
    agree = data.draw(st.sampled_from([6] * 12 + [3, 4, 5, 8]))
    return {**content, "agree": agree, "against": 0, "checks": checks}


def _amounts(case: Life, stage: str, data: DataObject) -> dict[str, Any]:
    """The ordinary amount, a little less or one 分 too much."""
    content = case.ordinary(stage)
    for name in ("amount", "submitted", "audited"):
        if name in content:
            less = data.draw(st.sampled_from([0, 0, 0, 5, -1]))
            content[name] = max(0, content[name] - less)
    return content


def _payment(case: Life, stage: str, data: DataObject) -> dict[str, Any]:
    content = _amounts(case, stage, data)
    part = data.draw(st.sampled_from([1, 1, 2]))
    return {**content, "amount": content["amount"] // part, "final": part == 1}


def _opinion(case: Life, stage: str, data: DataObject) -> dict[str, Any]:
    return {"opinion": "意见"}


MADE: dict[str, Callable[[Life, str, DataObject], dict[str, Any]]] = {
    "post": _posting,
    "take_down": _removal,
    "object": _objection,
    "answer_objection": _answer,
    "vote": _vote,
    "sign": _amounts,
    "audit": _amounts,
    "pay": _payment,
    "approve": _opinion,
    "reject": _opinion,
    "return": _opinion,
}


def hesitations(data: DataObject) -> timedelta:
    """How long before now the act is said to have happened."""
    return timedelta(hours=data.draw(st.sampled_from([0] * 12 + [1, 12, 30, 24 * 9]), label="ago"))
