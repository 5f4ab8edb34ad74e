"""扮演: every official of the demonstration, through the public calls and nothing else.

A player looks at a case as the portal would, finds who may act, and submits a filled form with
`records.act`. Who delays, refuses or objects is told by the stories; everybody else is diligent.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from deployments.demonstration.answers import answer
from deployments.demonstration.joint import Table, deal, gathered, is_joint
from deployments.demonstration.stories import Turn, story_of
from records.acting import overview
from records.acting.acts import act
from records.cases.commands import Command, Refused
from records.database.store import Store
from records.people import implementers
from rulebooks.days.working_days import BEIJING
from rulebooks.judging.judgement import demanded, who_may
from rulebooks.judging.payments import too_early_to_pay
from rulebooks.procedure.position import Duty, look
from rulebooks.procedure.state import OpenStage, State

DILIGENT_DAYS = 2
WORK_DAYS = 24
OVERRIDE = "override_reason"
# An implementer that already has as many projects as it may.
FULL = "over_implementer_cap"
LONG_KINDS = frozenset({"perform", "audit", "evaluate"})


class StubbornError(RuntimeError):
    """扮演不下去: an official's form was refused; the sentence is the refusal's own."""


@dataclass(slots=True)
class Player:
    """扮演者: plays the officials of all cases; counts the turns each story has taken."""

    store: Store
    taken: dict[str, int] = field(default_factory=dict)

    def play(self, number: str) -> bool:
        """Let the officials of one case do what they would do today; whether anything was done."""
        state = overview.state_of(self.store, number)
        now = self.store.clock.now()
        if state.outcome is not None:
            return False
        turn = self._turn(state, now)
        if turn is not None:
            self._submit(state, turn.stage, turn.action, dict(turn.content or {}))
            self.taken[number] = self.taken.get(number, 0) + 1
            return True
        for duty in look(state, self.store.calendar, now).duties:
            if self._ready(state, duty, now):
                self._do(state, duty)
                return True
        return False

    def _do(self, state: State, duty: Duty) -> None:
        """What the duty demands; where projects wait for one another, for all of them at once."""
        action = duty.actions[0]
        if duty.stage in state.rulebook.stages and is_joint(state.rulebook.stages[duty.stage]):
            table = Table(self.store, state, duty.stage, self._actor(state, action, duty.stage))
            outcome = deal(table)
            if isinstance(outcome, Refused):
                raise StubbornError(f"{state.facts['title']}：{outcome.sentence}")
        else:
            self._submit(state, duty.stage, action, {})

    def _turn(self, state: State, now: datetime) -> Turn | None:
        """The next turn of this case's story, if its stage is open and its time has come."""
        turn = self._next_turn(state)
        opened = state.stage_open(turn.stage, turn.round) if turn else None
        if turn is None or opened is None or state.request is not None:
            return None
        offered = who_may(state, turn.action, turn.stage) is not None
        begun = opened.publicity is None or opened.publicity.period is not None
        due = now - _began(opened) >= timedelta(days=turn.wait)
        return turn if offered and begun and due else None

    def _next_turn(self, state: State) -> Turn | None:
        story = story_of(state.rulebook.city, str(state.facts["title"]))
        left = story.turns[self.taken.get(state.number, 0) :] if story else ()
        return left[0] if left else None

    def _waits_for_turn(self, state: State, duty: Duty) -> bool:
        turn = self._next_turn(state)
        if turn is None or duty.actions[0] == "post":
            return False
        return (turn.stage, turn.round) == (duty.stage, duty.round)

    def _ready(self, state: State, duty: Duty, now: datetime) -> bool:
        """Whether the official has had the form long enough; some work takes weeks."""
        if self._waits_for_turn(state, duty) or self._not_yet_payable(state, duty, now):
            return False
        stage = state.rulebook.stages.get(duty.stage)
        if is_joint(stage) and not gathered(self.store, state, duty.stage):
            return False
        long = stage is not None and stage.kind in LONG_KINDS
        most = WORK_DAYS if long else DILIGENT_DAYS
        days = _steady(f"{state.number}/{duty.stage}/{duty.round}", most)
        last_day = duty.due is not None and now.astimezone(BEIJING).date() >= duty.due
        return last_day or now - duty.opened_at >= timedelta(days=days)

    def _not_yet_payable(self, state: State, duty: Duty, now: datetime) -> bool:
        """A payment waits for its day; the official does not try before."""
        opened = state.stage_open(duty.stage, duty.round)
        early = too_early_to_pay(state, opened, now, self.store.calendar)
        return duty.actions[0] == "pay" and early is not None

    def _submit(self, state: State, stage: str, action: str, told: Mapping[str, Any]) -> None:
        opened = state.stage_open(stage)
        for chosen in self._implementers(state, action):
            content = answer(state, opened, action, {**chosen, **told})
            outcome = act(self.store, self._command(state, opened, action, content))
            if not isinstance(outcome, Refused) or outcome.code != FULL:
                break
        if isinstance(outcome, Refused) and _may_override(state, opened, action, content):
            content[OVERRIDE] = "居民反映强烈，安全隐患突出，确需本年度立项。"
            outcome = act(self.store, self._command(state, opened, action, content))
        if isinstance(outcome, Refused):
            raise StubbornError(f"{state.facts['title']}：{outcome.sentence}")

    def _command(
        self, state: State, opened: OpenStage | None, action: str, content: dict[str, Any]
    ) -> Command:
        stage = opened.stage if opened else None
        key = sha256(f"{state.number}/{len(state.history)}/{action}/{content}".encode())
        return Command(
            case=state.number,
            action=action,
            stage=stage,
            round=opened.round if opened else None,
            content=content,
            actor=self._actor(state, action, stage),
            occurred_at=None,
            door="demo",
            key=f"demo/{key.hexdigest()}",
        )

    def _actor(self, state: State, action: str, stage: str | None) -> str:
        """Whoever holds the role today at the office the duty belongs to."""
        assignee = who_may(state, action, stage)
        if assignee is None:
            return ""
        levels = state.rulebook.levels_of(assignee)
        _, people = overview.on_duty(self.store, state.number, levels, assignee.role)
        return next(iter(people))

    def _implementers(self, state: State, action: str) -> list[dict[str, str]]:
        """The choices in the order they are tried: one that has its fill is passed over."""
        if action != "select":
            return [{}]
        today = self.store.clock.now().astimezone(BEIJING).date()
        with self.store.glance() as connection:
            listed = implementers.on_day(connection, str(state.facts["town"]), today)
            able = [
                item.id
                for item in listed
                if (known := implementers.find(connection, item.id, today)) and known.active
            ]
        first = _steady(state.number, len(able) - 1)
        return [{"implementer": item} for item in (*able[first:], *able[:first])]


def _may_override(
    state: State, opened: OpenStage | None, action: str, content: Mapping[str, Any]
) -> bool:
    """Whether the form has a place for the reason why a “原则上” is departed from, still empty."""
    asked = {field.name for field in demanded(state, opened, action)}
    return OVERRIDE in asked and not content.get(OVERRIDE)


def _began(opened: OpenStage) -> datetime:
    posted = dict(opened.publicity.posted) if opened.publicity else {}
    return max([opened.since, *posted.values()])


def _steady(text: str, most: int) -> int:
    """A number from 0 to `most` that is the same in every run."""
    return int(sha256(text.encode()).hexdigest(), 16) % (most + 1)
