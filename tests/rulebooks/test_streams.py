"""任意的办理：不论人怎么办、时间怎么过，这些总是成立。"""

import json
from collections.abc import Iterator
from dataclasses import asdict, fields
from datetime import date, datetime, timedelta
from typing import Any

import hypothesis
import pytest
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from rulebooks.judging.judgement import Fact, Outside, Refusal, who_may
from rulebooks.judging.outside import KnownImplementer
from rulebooks.procedure.position import blocked_sentence, fold, look
from rulebooks.procedure.revisions import current
from rulebooks.procedure.state import OpenStage, Result, State
from rulebooks.reading.loader import load_rulebook
from rulebooks.vocabulary.events import Event
from rulebooks.vocabulary.model import Delegated, Rulebook, Target
from rulebooks.vocabulary.references import starts
from tests.rulebooks.lives import CALENDAR, CITY, SERVICES, SMALL, TOWN, WORKS, Life
from tests.rulebooks.streams import acts, hesitations

COMPARED = [field.name for field in fields(State) if field.name != "rulebook"]
CAP = 10_000_000
AMOUNTS_IN_ORDER = ("paid", "audited", "contract", "budget")


class Streams(RuleBasedStateMachine):
    """One case under random acts and random waiting."""

    @initialize(data=st.data())
    def begin(self, data: st.DataObject) -> None:
        """A case of any sort in any month, at the stage that somebody finds it in."""
        facts = data.draw(st.sampled_from([WORKS, WORKS, SERVICES, SMALL]))
        town = data.draw(st.sampled_from([TOWN] * 6 + ["凤凰镇"]))
        facts = {**facts, "permit": data.draw(st.booleans()), "town": town}
        case = Life(load_rulebook(CITY, None, town), date(2026, data.draw(st.integers(1, 12)), 9))
        case.outside = Outside(KnownImplementer("I1", "顺达工程队", town, active=True))
        case.open(facts)
        for _ in range(data.draw(st.integers(0, 12))):
            if case.state.open and case.stages[0] in case.rulebook.stages:
                case.answer(case.stages[-1]).wait()
        self.case, self.seen, self.reopened = case, case.state, False

    @rule(data=st.data())
    def somebody_acts(self, data: st.DataObject) -> None:
        before = self.case.state
        action, stage, content = acts(self.case, data)
        at = self.case.now - hesitations(data)
        evidence = data.draw(st.sampled_from([(), ("digest",)]))
        found = self.case.propose(action, content, stage=stage, at=at, evidence=evidence)
        assert self.case.state is before
        if isinstance(found, Refusal):
            assert before.number in found.sentence
            assert "请" in found.sentence
            assert found.article
            return
        assert who_may(before, action, stage) is not None
        self.reopened = found.kind == "correction_settled" and not found.content["keep"]
        self.reopened |= late_objection(before, found)
        self.case.record(found)
        check_step(before, self.case.state, found)

    @rule(days=st.sampled_from([0, 1, 1, 2, 3, 5, 8, 40]))
    def time_passes(self, days: int) -> None:
        before = self.case.state
        self.case.until(self.case.now + timedelta(days=days, hours=3))
        new = self.case.state.history[len(before.history) :]
        decided = {event.kind for event in new} - {"reminded", "fell_overdue", "escalated"}
        assert decided <= {"publicity_ended"}
        if not decided:
            assert (self.case.state.open, self.case.state.results) == (before.open, before.results)

    @precondition(lambda self: bool(self.case.position.timers))
    @rule()
    def the_next_moment_comes(self) -> None:
        when = self.case.position.next_look_at
        assert when is not None
        known = len(self.case.state.history)
        self.case.until(max(when, self.case.now))
        assert len(self.case.state.history) > known

    @invariant()
    def folding_again_gives_the_same_state_also_after_a_round_trip_through_json(self) -> None:
        state = self.case.state
        again = fold(state.rulebook, state.history)
        stored = json.loads(json.dumps([written(event) for event in state.history]))
        restored = fold(state.rulebook, [read(item) for item in stored])
        for name in COMPARED:
            assert getattr(again, name) == getattr(state, name), name
            assert getattr(restored, name) == getattr(state, name), name

    @invariant()
    def the_case_stands_where_the_results_that_count_have_led_it(self) -> None:
        state = self.case.state
        if state.outcome != "withdrawn":
            assert led_to(state) == (sorted(item.stage for item in state.open), state.outcome)

    @invariant()
    def each_round_of_a_stage_has_one_result(self) -> None:
        rounds = [(result.stage, result.round) for result in self.case.state.results]
        open_rounds = [(opened.stage, opened.round) for opened in self.case.state.open]
        assert len(set(rounds)) == len(rounds)
        assert len({stage for stage, _ in open_rounds}) == len(open_rounds)
        assert not [place for place in open_rounds if place in valid(self.case.state)]

    @invariant()
    def a_closed_case_stays_closed_but_for_a_correction_or_an_objection_made_in_time(self) -> None:
        before, self.seen = self.seen, self.case.state
        if before.outcome is not None and not self.reopened:
            assert self.seen.outcome == before.outcome
            assert self.seen.open == ()
        self.reopened = False

    @invariant()
    def what_the_machine_owes_only_grows_and_every_key_is_new(self) -> None:
        keys = [effect.key for effect in self.case.state.effects]
        assert len(set(keys)) == len(keys)
        known = [effect.key for effect in self.seen.effects]
        assert keys[: len(known)] == known

    @invariant()
    def no_case_is_ever_left_with_nobody_and_nothing_to_wait_for(self) -> None:
        position = self.case.position
        if not position.open and self.case.state.request is None:
            assert position.duties == ()
            return
        runs = any(opened.publicity and opened.publicity.opens for opened in self.case.state.open)
        assert position.duties or runs or blocked_sentence(self.case.state)
        assert position.waits_for
        assert look(self.case.state, CALENDAR, self.case.now) == position

    @invariant()
    def money_is_never_more_than_what_it_is_paid_out_of(self) -> None:
        amounts = self.case.state.amounts
        known = [amounts[name] for name in AMOUNTS_IN_ORDER if name in amounts]
        assert known == sorted(known)
        assert amounts["budget"] <= CAP

    @invariant()
    def a_case_is_established_only_by_an_approval_that_stands(self) -> None:
        state = self.case.state
        approvals = [
            result.at
            for result in state.results
            if not result.void
            and state.rulebook.stages[result.stage].establishes
            and result.outcome == "approve"
        ]
        assert (state.established_at in approvals) if state.established_at else not approvals

    @invariant()
    def every_publicity_lasts_its_days_after_the_last_posting(self) -> None:
        for opened in self.case.state.open:
            if opened.publicity is not None and opened.publicity.opens is not None:
                days = self.case.rulebook.stages[opened.stage].lasts
                assert days is not None
                last = max(opened.publicity.posted.values())
                assert workdays_between(last, opened.publicity.opens) >= days.count


def led_to(state: State) -> tuple[list[str], str | None]:
    """The open stages and the outcome, found by walking from the start along the results."""
    stages, pending, join = {starts(state.rulebook)[0]}, 0, ""
    for result in current(state):
        target = state.rulebook.stages[result.stage].then[result.outcome]
        stages.remove(result.stage)
        if result.to.startswith("close:"):
            return [], result.to.removeprefix("close:")
        if result.to == "join":
            pending -= 1
            stages |= set() if pending else {join}
            continue
        stages |= set(result.to.split("+"))
        if target.parallel:
            pending, join = len(target.parallel), target.join or ""
    return sorted(stages), None


def valid(state: State) -> set[tuple[str, int]]:
    return {(result.stage, result.round) for result in state.results if not result.void}


def workdays_between(start: datetime, end: datetime) -> int:
    """Counted one by one: the working days after the first day and before the opening."""
    days = range(start.date().toordinal() + 1, end.date().toordinal())
    return sum(CALENDAR.is_workday(date.fromordinal(number)) for number in days)


def written(event: Event) -> dict[str, Any]:
    """The event as a journal keeps it."""
    moments = {name: getattr(event, name).isoformat() for name in ("occurred_at", "recorded_at")}
    return {**asdict(event), **moments}


def read(stored: dict[str, Any]) -> Event:
    moments = {
        name: datetime.fromisoformat(stored[name]) for name in ("occurred_at", "recorded_at")
    }
    return Event(**{**stored, **moments})


def check_step(before: State, after: State, fact: Fact) -> None:
    """What one act may change: it follows an edge, or it goes back by a change or correction."""
    went_back = fact.kind in ("change_approved", "correction_settled", "corrected")
    if went_back or late_objection(before, fact):
        return
    new = after.results[len(before.results) :]
    assert after.results[: len(before.results)] == before.results
    opened = set(places(after.open)) - set(places(before.open))
    if not new:
        assert not opened
        return
    (result,) = new
    assert (result.stage, result.round) in places(before.open)
    assert result.to in edges(after.rulebook, result)
    assert {stage for stage, _ in opened} <= reached_by(after, before, result)


def late_objection(before: State, fact: Fact) -> bool:
    """An objection made in time to a publicity that has ended since."""
    return fact.kind == "objected" and before.stage_open(fact.stage, fact.round) is None


def places(open_: tuple[OpenStage, ...]) -> list[tuple[str, int]]:
    return [(item.stage, item.round) for item in open_]


def edges(rulebook: Rulebook, result: Result) -> set[str]:
    """Every place the rulebook lets this result lead to."""
    return set(_edges(rulebook, rulebook.stages[result.stage].then[result.outcome]))


def _edges(rulebook: Rulebook, target: Target) -> Iterator[str]:
    if target.close:
        yield f"close:{target.close}"
    if target.to:
        yield target.to
    if target.parallel:
        yield "+".join(target.parallel)
    for branch in target.choose:
        if isinstance(branch.to, Delegated):
            name = branch.to.procedure
            yield rulebook.procedures.get(name, f"blocked:{name}")
        else:
            yield branch.to


def reached_by(after: State, before: State, result: Result) -> set[str]:
    if result.to == "join":
        assert before.join is not None
        to, pending = before.join
        return {to} if pending == 1 else set()
    return set(result.to.split("+"))


def settings(examples: int, steps: int) -> hypothesis.settings:
    return hypothesis.settings(max_examples=examples, stateful_step_count=steps, deadline=None)


def test_whatever_people_do_and_however_time_passes_the_case_stays_sound() -> None:
    run_state_machine_as_test(Streams, settings=settings(30, 30))


@pytest.mark.slow
def test_the_same_holds_for_many_more_and_longer_streams() -> None:
    run_state_machine_as_test(Streams, settings=settings(500, 40))
