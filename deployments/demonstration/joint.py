"""合办的扮演: the ballots of a place counted together, a batch decided whole, by public calls."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

from deployments.demonstration.answers import COUNCIL
from records.acting import overview
from records.acting.ballots import count_ballots, scope_here, waiting_with
from records.acting.batches import decide_batch
from records.acting.together import Together
from records.cases.commands import BatchDecision, Count, Refused, Verdict
from records.database.store import Store
from rulebooks.days.working_days import BEIJING
from rulebooks.procedure.state import State
from rulebooks.vocabulary.model import Stage

LEAST_VOTES = 40
VOTES_APART = 300
GATHERING = "collect"
# What another choice of projects can mend.
TOO_MUCH = frozenset({"over_batch", "over_community_cap", "over_project_cap"})


@dataclass(frozen=True, slots=True)
class Table:
    """一桌: the stage at which projects wait for one another, as one of them sees it."""

    store: Store
    state: State
    stage: str
    actor: str

    @property
    def rule(self) -> Stage:
        """The stage's rules."""
        return self.state.rulebook.stages[self.stage]

    @property
    def day(self) -> str:
        """Today, which names a batch."""
        return self.store.clock.now().astimezone(BEIJING).date().isoformat()

    def signed(self, numbers: Sequence[str]) -> dict[str, Any]:
        """Who acts, and under which key."""
        text = f"{self.stage}/{self.day}/{'/'.join(numbers)}"
        return {
            "city": self.state.rulebook.city,
            "stage": self.stage,
            "actor": self.actor,
            "door": "demo",
            "key": f"demo/{sha256(text.encode()).hexdigest()}",
        }


def is_joint(stage: Stage | None) -> bool:
    """Whether projects are dealt with together at this stage."""
    return stage is not None and (stage.ranking is not None or stage.kind == "batch")


def gathered(store: Store, state: State, stage: str) -> bool:
    """Whether nobody is still handing in what would have to be counted with this one."""
    others = (overview.state_of(store, number) for number in overview.open_numbers(store))
    kinds = state.rulebook.stages
    return not any(
        other.rulebook.city == state.rulebook.city
        and other.rounds.get(stage) is None
        and {kinds[item.stage].kind for item in other.open if item.stage in kinds} == {GATHERING}
        for other in others
    )


def deal(table: Table) -> Together | Refused:
    """Count or decide about all that wait there together."""
    numbers = waiting_with(table.store, table.state.number, table.stage)
    return _count(table, numbers) if table.rule.ranking is not None else _decide(table, numbers)


def _count(table: Table, numbers: Sequence[str]) -> Together | Refused:
    here = scope_here(table.store, table.state.number, table.stage)
    year = table.day.partition("-")[0]
    count = Count(
        place=here.id if here else "",
        ballots=f"{year}年投票",
        votes={number: _votes(number) for number in numbers},
        **table.signed(numbers),
    )
    answer = count_ballots(table.store, count)
    if isinstance(answer, Refused) and answer.code == "ties_undecided":
        # The lots that were drawn.
        answer = count_ballots(table.store, replace(count, order=tuple(numbers)))
    return answer


def _decide(table: Table, numbers: Sequence[str]) -> Together | Refused:
    """Approve as many as there is money for, the first ones first."""
    vote = COUNCIL if table.rule.passes is not None else {}
    answer: Together | Refused = Refused("empty_batch", "")
    for most in range(len(numbers), -1, -1):
        verdicts = {number: _verdict(place < most) for place, number in enumerate(numbers)}
        decision = BatchDecision(
            batch=f"{table.day}批次", verdicts=verdicts, vote=vote, **table.signed(numbers)
        )
        answer = decide_batch(table.store, decision)
        if isinstance(answer, Together) or answer.code not in TOO_MUCH:
            return answer
    return answer


def _verdict(approved: bool) -> Verdict:  # noqa: FBT001 - one word for either answer
    opinion = "符合条件，同意。" if approved else "本批额度不足，本次未予安排。"
    return Verdict(decided=approved, opinion=opinion)


def _votes(number: str) -> int:
    """As many votes in every run."""
    return LEAST_VOTES + int(sha256(number.encode()).hexdigest(), 16) % VOTES_APART
