"""迟登的意见：期满已经记下之后，期内提出的照样记得进、退得回，同一键只记一次。"""

from datetime import datetime, timedelta

from records.acting.acts import act
from records.cases.commands import Command
from records.cases.journal import verify
from records.cases.projections import compare
from records.database.store import Store
from tests.records.world import SteppedClock, accepted, command, live, opened, refusal

STAGE = "publicize_project"
SELECT = 6


OBJECTION = {"objection": "甲", "substance": "噪声"}


def objected(number: str, at: datetime, key: str = "late") -> Command:
    return Command(number, "object", STAGE, 1, OBJECTION, "community_clerk", at, "portal", key)


def test_an_objection_made_in_time_brings_back_the_publicity_that_the_clock_has_ended(
    store: Store, clock: SteppedClock
) -> None:
    number = opened(store)
    live(store, clock, number, upto=5)
    accepted(act(store, command(number, 5)))
    posted = clock.moment
    clock.forward(days=4)
    late = objected(number, posted + timedelta(days=2))
    position = accepted(act(store, late)).position
    assert position.waits_for == "待答复公示意见"
    answer = {"objection": "甲", "upheld": False, "reply": "已解释"}
    answered = Command(number, "answer_objection", STAGE, 2, answer, "community_party_secretary",
                       None, "portal", "answer")  # fmt: skip
    assert accepted(act(store, answered)).position.waits_for == "待确定实施主体"
    assert compare(store) == ()
    assert verify(store).sound
    again = accepted(act(store, late))
    assert again.repeated


def test_what_was_entered_late_and_what_came_of_it_is_offered_to_nobody_else_twice(
    store: Store, clock: SteppedClock
) -> None:
    number = opened(store)
    live(store, clock, number, upto=5)
    accepted(act(store, command(number, 5)))
    said_at = clock.moment + timedelta(days=2)
    clock.forward(days=4)
    accepted(act(store, objected(number, said_at)))
    assert refusal(act(store, command(number, SELECT))).code == "out_of_turn"
    assert refusal(act(store, objected(number, said_at, "again"))).code == "already_decided"


def test_once_the_next_step_is_taken_a_late_objection_is_told_what_to_do_instead(
    store: Store, clock: SteppedClock
) -> None:
    number = opened(store)
    live(store, clock, number, upto=SELECT + 1)
    answer = refusal(act(store, objected(number, clock.moment - timedelta(days=12))))
    assert answer.code == "out_of_turn"
    assert "需要改动项目的请申请变更" in answer.sentence
