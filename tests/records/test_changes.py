"""变更：已立项的事项变更，锁住社区，照立项时的限额再核对。"""

import pytest

from records.acting.acts import act
from records.cases.commands import Command
from records.cases.dossiers import peek
from records.database.store import Store
from tests.records.world import SteppedClock, accepted, command, live, opened, refusal


def test_a_change_of_an_established_case_is_held_against_the_community_s_total(
    store: Store, clock: SteppedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    for order in range(2):
        number = opened(store, f"open-{order}")
        live(store, clock, number, upto=4)
    with store.read() as connection:
        seen = peek(store, connection, number)
    assert seen is not None
    limits = seen.state.rulebook.limits
    strict = limits["community_cap"].model_copy(update={"severity": "must"})
    monkeypatch.setitem(limits, "community_cap", strict)
    content = {"changes": {"budget": 9_999_999}, "reason": "材料涨价"}
    third = opened(store, "open-third")
    live(store, clock, third, upto=4)
    ask = command(third, 0, action="request_change", stage=None, round=None, content=content,
                  key="ask")  # fmt: skip
    sequence = accepted(act(store, ask)).sequence
    agree = Command(third, "approve_change", "request", sequence, {"reason": "同意"},
                    "office_clerk", None, "portal", "yes")  # fmt: skip
    answer = refusal(act(store, agree))
    assert answer.code == "over_community_cap"
    assert "本年度累计195,999.99元" in answer.sentence


def test_a_correction_of_an_established_case_is_held_against_the_community_s_total(
    store: Store, clock: SteppedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    for order in range(2):
        live(store, clock, opened(store, f"open-{order}"), upto=4)
    third = opened(store, "open-third")
    live(store, clock, third, upto=4)
    with store.read() as connection:
        seen = peek(store, connection, third)
    assert seen is not None
    limits = seen.state.rulebook.limits
    strict = limits["community_cap"].model_copy(update={"severity": "must"})
    monkeypatch.setitem(limits, "community_cap", strict)
    slip = {"sequence": 1, "content": {"budget": 9_999_999}, "reason": "笔误"}
    correct = Command(third, "correct", None, None, slip, "town_leader", None, "portal", "slip")
    sequence = accepted(act(store, correct)).sequence
    keep = {"keep": True, "reason": "已核实"}
    settle = Command(third, "settle_correction", "request", sequence, keep, "town_leader",
                     None, "portal", "keep")  # fmt: skip
    answer = refusal(act(store, settle))
    assert answer.code == "over_community_cap"
    assert "更正后" in answer.sentence
    assert "本年度累计195,999.99元" in answer.sentence
