"""预见：看到的后果与真正提交时一样，看过之后台账一条也没有多。"""

from __future__ import annotations

import pytest

from records.acting.acts import act
from records.acting.foresight import Foresight, foresee, state_asked, state_now
from records.acting.overview import UnknownCaseError, state_of
from records.cases.commands import Command, Refused
from records.database.store import Store
from tests.records.world import STEPS, SteppedClock, accepted, command, live, opened, refusal


def foreseen(store: Store, asked: Command) -> Foresight:
    found = foresee(store, asked)
    assert isinstance(found, Foresight), found
    return found


@pytest.mark.parametrize("step", range(len(STEPS)))
def test_what_is_foreseen_is_what_comes_and_nothing_is_recorded(
    store: Store, clock: SteppedClock, step: int
) -> None:
    number = opened(store)
    live(store, clock, number, upto=step)
    before = len(state_of(store, number).history)
    found = foreseen(store, command(number, step))
    assert len(state_of(store, number).history) == before
    answer = accepted(act(store, command(number, step)))
    assert found.position == answer.position
    assert found.state == state_of(store, number)
    issued = [effect.label for effect in found.state.effects if effect.kind == "issue"]
    assert list(found.documents) == issued[len(issued) - len(found.documents) :]


def test_documents_that_will_be_issued_are_named(store: Store, clock: SteppedClock) -> None:
    number = opened(store)
    live(store, clock, number, upto=3)
    assert foreseen(store, command(number, 3)).documents == ("项目公示",)
    assert foreseen(store, command(number, 3)).late is False


def test_what_will_be_refused_is_refused_in_the_same_words(
    store: Store, clock: SteppedClock
) -> None:
    number = opened(store)
    live(store, clock, number, upto=1)
    wrong = (
        command(number, 1, actor="community_clerk"),
        command(number, 1, content={"members": 9}),
        command(number, 1, content={"opinion": "电话13800138000"}),
        command(number, 1, evidence=("0" * 64,)),
        command(number, 0, key="another"),
        command(number, 4),
        command("ZJG-2026-9999", 1),
        command(number, 1, key=""),
    )
    for asked in wrong:
        found = foresee(store, asked)
        assert isinstance(found, Refused)
        given = refusal(act(store, asked))
        assert found.code == given.code
        if found.code != "unknown_case":
            assert found == given


def test_what_was_recorded_before_is_foreseen_as_repeated(
    store: Store, clock: SteppedClock
) -> None:
    number = opened(store)
    live(store, clock, number, upto=2)
    assert foreseen(store, command(number, 1)).repeated
    other = foresee(store, command(number, 1, content={"opinion": "不同"}))
    assert isinstance(other, Refused)
    assert other.code == "key_reused"


def test_a_case_is_seen_with_what_has_come_due_though_nobody_recorded_it(
    store: Store, clock: SteppedClock
) -> None:
    number = opened(store)
    for step in range(6):
        accepted(act(store, command(number, step)))
    clock.forward(days=12)
    assert [item.stage for item in state_of(store, number).open] == ["publicize_project"]
    assert [item.stage for item in state_now(store, number).open] == ["select_implementer"]
    assert foreseen(store, command(number, 6)).position.waits_for == "待签订合同"


def test_a_form_sent_again_is_asked_as_it_was_the_first_time(
    store: Store, clock: SteppedClock
) -> None:
    number = opened(store)
    live(store, clock, number, upto=3)
    asked = state_asked(store, number, command(number, 1).key)
    assert [item.stage for item in asked.open] == ["deliberate"]
    assert state_asked(store, number, "never used") == state_of(store, number)
    assert state_asked(store, number, None) == state_of(store, number)


def test_an_unknown_number_is_told_how_to_find_one(store: Store) -> None:
    for look in (state_of, state_now, lambda store, number: state_asked(store, number, None)):
        with pytest.raises(UnknownCaseError, match="没有编号为“ZJG-2026-9999”的事项"):
            look(store, "ZJG-2026-9999")
