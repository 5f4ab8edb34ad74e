"""A case's life in a few words: open it, let days pass, act, and see where it stands.

`Life` keeps the journal as the records would: it appends the time events that have come due, asks
`judge`, and applies what was accepted. `ANSWERS` and `BY_KIND` hold what a person would fill in
on an ordinary day, so that a test names only what it is about.
"""

from collections.abc import Mapping
from copy import deepcopy
from datetime import date, datetime, time, timedelta
from typing import Any

from rulebooks.days.working_days import BEIJING, Calendar, load_calendar
from rulebooks.judging.demands import Field, demanded
from rulebooks.judging.judgement import Fact, Outside, Proposal, Refusal, judge, judge_opening
from rulebooks.judging.outside import KnownImplementer
from rulebooks.judging.payments import most_payable
from rulebooks.procedure.position import Position, apply, due_timers, look, start
from rulebooks.procedure.state import State
from rulebooks.reading.loader import load_rulebook
from rulebooks.vocabulary.events import Event
from rulebooks.vocabulary.model import Rulebook
from tests.rulebooks.ordinary import ANSWERS, BY_KIND, ORDINARY_ACTION

CITY = "zhangjiagang"
TOWN = "杨舍镇"
CALENDAR = load_calendar()
FEN = 100
# A Monday in a month without public holidays.
FIRST_DAY = date(2026, 3, 2)
ORDINARY_SCORE = 90

WORKS: dict[str, Any] = {
    "number": "ZJG-2026-0001",
    "title": "塘市花苑货车停放整治",
    "kind": "works",
    "category": "safety_hazards",
    "content": "划设货车泊位二十个并加装护栏",
    "place": "塘市花苑北门",
    "schedule": "2026年4月至6月",
    "budget": 48_000 * FEN,
    "community": "汤联社区",
    "town": TOWN,
}
SERVICES = WORKS | {"title": "暑期儿童托管", "kind": "services", "category": "resident_care"}
SMALL = WORKS | {"title": "楼道扶手维修", "budget": 9_000 * FEN}

REGISTRY = Outside(KnownImplementer("I1", "顺达工程队", TOWN, active=True))


def moment(day: date, hour: int = 9) -> datetime:
    return datetime.combine(day, time(hour), BEIJING)


class Life:
    """One case from its opening, with its own clock."""

    def __init__(self, rulebook: Rulebook, day: date = FIRST_DAY) -> None:
        self.rulebook = rulebook
        self.calendar: Calendar = CALENDAR
        self.now = moment(day)
        self.outside = REGISTRY
        self.answers = ANSWERS
        self.state: State = start(rulebook)

    # What happens -----------------------------------------------------------------------------

    def record(self, fact: Fact, *, backfilled: bool = False) -> None:
        """Append one event and apply it, as one transaction of the records would."""
        event = Event(
            sequence=len(self.state.history) + 1,
            kind=fact.kind,
            stage=fact.stage,
            round=fact.round,
            content=deepcopy(dict(fact.content)),
            occurred_at=fact.occurred_at,
            recorded_at=self.now,
            actor="p1",
            backfilled=backfilled,
        )
        self.state = apply(self.state, event)

    def open(self, facts: Mapping[str, Any] = WORKS, **changes: Any) -> "Life":
        """Open the case now; the facts are judged as anyone's are."""
        fact = judge_opening(self.rulebook, {**facts, **changes}, self.now)
        assert isinstance(fact, Fact), fact
        self.record(fact)
        return self

    def wait(self, days: int = 1) -> "Life":
        return self.until(self.now + timedelta(days=days))

    def until(self, when: datetime | date) -> "Life":
        """Let the time come, and append what comes due on the way, oldest first."""
        self.now = when if isinstance(when, datetime) else moment(when)
        while due := due_timers(self.state, self.calendar, self.now):
            timer = due[0]
            content = {"deadline": timer.deadline, "to": timer.to}
            self.record(Fact(timer.kind, timer.stage, timer.round, content, timer.at))
        return self

    def propose(
        self,
        action: str,
        content: Mapping[str, Any],
        *,
        stage: str | None = None,
        at: datetime | None = None,
        backfilled: bool = False,
        evidence: tuple[str, ...] = (),
    ) -> Fact | Refusal:
        proposal = Proposal(
            action=action,
            stage=stage,
            round=None,
            content=content,
            occurred_at=at or self.now,
            door="command_line",
            backfilled=backfilled,
            evidence=evidence,
        )
        return judge(self.state, proposal, self.calendar, self.now, self.outside)

    def do(self, action: str, content: Mapping[str, Any] | None = None, **how: Any) -> "Life":
        """Act, and insist that the act is accepted."""
        fact = self.propose(action, content or {}, **how)
        assert isinstance(fact, Fact), fact
        self.record(fact, backfilled=how.get("backfilled", False))
        return self

    def refusal(self, action: str, content: Mapping[str, Any] | None = None, **how: Any) -> Refusal:
        """Act, and insist that the act is refused."""
        found = self.propose(action, content or {}, **how)
        assert isinstance(found, Refusal), found
        return found

    # What is ordinary -------------------------------------------------------------------------

    def answer(self, stage: str, **changes: Any) -> "Life":
        """Answer a stage as on an ordinary day; a publicity is posted and waited for."""
        if self.rulebook.stages[stage].kind == "publicize":
            return self.post(stage).until_ended(stage)
        action = ORDINARY_ACTION[self.rulebook.stages[stage].kind]
        return self.do(action, self.ordinary(stage) | changes, stage=stage)

    def answer_in_the_past(self, stage: str) -> "Life":
        """Enter an ordinary answer as something that happened before the case was entered."""
        action = ORDINARY_ACTION[self.rulebook.stages[stage].kind]
        return self.do(action, self.ordinary(stage), stage=stage, backfilled=True)

    def ordinary(self, stage: str) -> dict[str, Any]:
        """What a person fills in for the stage on an ordinary day."""
        rule, amounts = self.rulebook.stages[stage], self.state.amounts
        written = deepcopy(dict(self.answers.get(stage, {})))
        content = {**deepcopy(BY_KIND.get(rule.kind, {})), **self._figures(stage), **written}
        for field in demanded(self.state, stage, ORDINARY_ACTION[rule.kind]):
            outer, _, inner = field.name.partition(".")
            if inner:
                content.setdefault(outer, {}).setdefault(inner, _filled(field, amounts))
            elif field.required or field.kind == "list":
                content.setdefault(outer, _filled(field, amounts))
        return content

    def _figures(self, stage: str) -> dict[str, int]:
        """The amounts of an ordinary answer: the whole budget is contracted, settled and paid."""
        amounts, kind = self.state.amounts, self.rulebook.stages[stage].kind
        agreed = amounts.get("contract", amounts["budget"])
        if kind == "contract":
            return {"amount": amounts["budget"]}
        if kind == "audit":
            return {"submitted": agreed, "audited": agreed}
        if kind == "pay":
            return {"amount": most_payable(self.state, stage)}
        return {}

    def post(self, stage: str) -> "Life":
        """Post on every channel that is still missing."""
        opened = self.state.stage_open(stage)
        assert opened is not None
        assert opened.publicity is not None
        for channel in self.rulebook.stages[stage].channels:
            if channel not in opened.publicity.posted:
                self.do("post", {"channel": channel, "evidence": "照片"}, stage=stage)
        return self

    def until_ended(self, stage: str) -> "Life":
        opened = self.state.stage_open(stage)
        assert opened is not None
        assert opened.publicity is not None
        assert opened.publicity.opens is not None
        return self.until(opened.publicity.opens + timedelta(hours=9))

    def reach(self, stage: str) -> "Life":
        """Answer what is open, one stage a day, until `stage` is open."""
        for _ in range(40):
            if self.state.stage_open(stage):
                return self
            if not self.state.open:
                break
            first = self.state.open[0].stage
            assert first in self.rulebook.stages, self.position.waits_for
            self.answer(first).wait()
        raise AssertionError(f"{stage} is not on the way: {self.position.waits_for}")

    def finish(self) -> "Life":
        """Answer what is open until nothing is."""
        while self.state.open:
            self.answer(self.state.open[0].stage).wait()
        return self

    # What stands ------------------------------------------------------------------------------

    @property
    def position(self) -> Position:
        return look(self.state, self.calendar, self.now)

    @property
    def stages(self) -> list[str]:
        """The open stages."""
        return [opened.stage for opened in self.state.open]

    @property
    def results(self) -> list[tuple[str, int, str]]:
        """The results that stand: stage, round, outcome."""
        return [(r.stage, r.round, r.outcome) for r in self.state.results if not r.void]

    @property
    def effects(self) -> list[str]:
        """The keys of what the machine owes, without the case's number."""
        return [effect.key.partition("/")[2] for effect in self.state.effects]


def _filled(field: Field, amounts: Mapping[str, int]) -> Any:
    """What an ordinary person writes in one field of a form."""
    ordinary: dict[str, Any] = {
        "choice": next(iter(field.choices), ""),
        "list": list(field.choices.values()),
        "boolean": not field.name.startswith("checks."),
        "integer": ORDINARY_SCORE if field.name.startswith("scores.") else 1,
        "amount": amounts["budget"],
        "date": FIRST_DAY.isoformat(),
        "mapping": {},
    }
    return ordinary.get(field.kind, "已载明")


def life(facts: Mapping[str, Any] = WORKS, *, day: date = FIRST_DAY, **changes: Any) -> Life:
    """A case just opened in a town that has its own rule for the simplified procedure."""
    return Life(load_rulebook(CITY, None, TOWN), day).open(facts, **changes)
