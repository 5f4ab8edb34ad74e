"""演示结果: what became of each project, and whether anything is wrong."""

from dataclasses import dataclass

from deployments.demonstration.run import stopped
from records.acting import overview
from records.cases.journal import verify
from records.cases.projections import compare
from records.database.store import Store
from records.files import notices
from records.running.digests import verify_digests
from rulebooks.procedure.position import blocked_sentence, look
from rulebooks.procedure.state import State
from tasks.desk import PAPERS

EVENT_REMARKS = {"fell_overdue": "逾期", "escalated": "督办"}


@dataclass(frozen=True, slots=True)
class Outcome:
    """一件的结果: amounts in 分; `notices` is how many documents were issued."""

    number: str
    city: str
    title: str
    town: str
    kind: str
    budget: int
    outcome: str
    notices: int
    remarks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sent:
    """一件报送: its number and title, how it stands, and the names of its files."""

    number: str
    title: str
    standing: str
    files: tuple[str, ...]


def outcomes(store: Store) -> list[Outcome]:
    """What became of every project, by number."""
    return [_outcome(store, state) for state in _states(store) if state.rulebook.submission is None]


def reports(store: Store) -> list[Sent]:
    """What was reported, by number."""
    return [
        _sent(store, state) for state in _states(store) if state.rulebook.submission is not None
    ]


def _states(store: Store) -> list[State]:
    rows = overview.listed(store, None, open_only=False)
    return [overview.state_of(store, row["number"]) for row in rows]


def _sent(store: Store, state: State) -> Sent:
    position = look(state, store.calendar, store.clock.now())
    folder = store.files / PAPERS / state.number
    files = sorted(path.name for path in folder.glob("*")) if folder.is_dir() else []
    return Sent(state.number, str(state.facts["title"]), position.waits_for, tuple(files))


def troubles(store: Store) -> list[str]:
    """What is not as it must be after a demonstration; empty when all is well."""
    found = [
        f"台账核验：{item.case}第{item.sequence}条{item.what}"
        for checked in (verify(store), verify_digests(store))
        for item in checked.broken
    ]
    found += [f"卷宗与流水不符：{item.case} {item.column}" for item in compare(store)]
    if failing := overview.failing_effects(store):
        found.append(f"有{failing}件机器应办的事没有办成，详见 driver.log。")
    waiting = stopped(store)
    still_open = [item for item in overview.open_numbers(store) if item not in waiting]
    if still_open:
        found.append(f"还有{len(still_open)}件没有办结：{'、'.join(still_open)}。")
    return found


def _outcome(store: Store, state: State) -> Outcome:
    with store.glance() as connection:
        issued = len(notices.notices_of(connection, state.number))
    sentence = blocked_sentence(state)
    label = state.rulebook.outcomes.get(state.outcome or "", "停住" if sentence else "在办")
    return Outcome(
        number=state.number,
        city=state.rulebook.city,
        title=str(state.facts["title"]),
        town=str(state.facts["town"]),
        kind=state.rulebook.kinds[str(state.facts["kind"])],
        budget=state.amounts["budget"],
        outcome=label,
        notices=issued,
        remarks=(*_remarks(state), *([sentence.partition("：")[2]] if sentence else [])),
    )


def _remarks(state: State) -> list[str]:
    kinds = {event.kind for event in state.history if not event.backfilled}
    found = [label for kind, label in EVENT_REMARKS.items() if kind in kinds]
    asked = [result.stage for result in state.results if result.outcome == "replied"]
    found += [state.rulebook.stages[stage].label for stage in dict.fromkeys(asked)]
    if any(result.backfilled for result in state.results):
        found.insert(0, "补录")
    procedures = state.rulebook.procedures.items()
    used = [name for name, first in procedures if first in state.rounds]
    if state.facts.get("urgent"):
        found.insert(0, "急办")
    else:
        found[:0] = [state.rulebook.procedure_labels[name] for name in used]
    approvals = [event for event in state.history if event.kind == "approved"]
    if any(event.content.get("override_reason") for event in approvals):
        found.append("说明理由后超出“原则上”限额")
    return found
