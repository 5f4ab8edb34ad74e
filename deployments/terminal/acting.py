"""办理: from what was typed to the step that is meant: which duty it answers, and who acts.

Everything can be given by options; at a terminal what is left out is asked for.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from deployments.terminal.console import REFUSED, refuse
from deployments.terminal.prompting import choose
from records.acting import overview
from records.acting.authority import REQUEST_STAGE
from records.database.store import Store
from rulebooks.judging.judgement import who_may
from rulebooks.procedure.actions import CASE_ACTIONS, OPTIONAL, REQUEST_DUTIES, stage_actions
from rulebooks.procedure.objections import OBJECT, ended_lately
from rulebooks.procedure.position import look
from rulebooks.procedure.state import OpenStage, State
from rulebooks.vocabulary.events import ACTION_LABELS, STAGE_ACTIONS
from rulebooks.vocabulary.model import Assignee

CORRECT = "correct"


@dataclass(frozen=True, slots=True)
class Typed:
    """所填的: what the options say; None where nothing was said."""

    number: str
    action: str | None = None
    stage: str | None = None
    person: str | None = None
    answers: Mapping[str, str] | None = None
    occurred: str | None = None
    evidence: tuple[Path, ...] = ()
    key: str | None = None
    asks: bool = False


@dataclass(frozen=True, slots=True)
class Turn:
    """轮到的一步: the action, where it falls, and the stage's opening if it falls on one.

    `offered` is False where it is not its turn now: the records say why.
    """

    action: str
    stage: str | None
    round: int | None
    opened: OpenStage | None
    offered: bool = True

    @property
    def label(self) -> str:
        """The action in words."""
        return ACTION_LABELS[self.action]


def turn_of(store: Store, state: State, typed: Typed) -> Turn:
    """轮到哪一步: as told, else the one an open duty demands, else the one chosen from several."""
    action, stage = _action_named(typed.action), _stage_named(state, typed.stage)
    owed, free = _owed(store, state), _free(state)
    found = [
        item
        for item in (owed if action is None else [*owed, *free])
        if action in (None, item.action) and stage in (None, item.stage)
    ]
    if action is not None and not found:
        return _out_of_turn(state, action, stage)
    if not found and (not free or not typed.asks):
        refuse(_nothing_owed(store, state, free), code=REFUSED)
    return _one_of(state, found or free, typed)


def _owed(store: Store, state: State) -> list[Turn]:
    """What the open duties demand."""
    position = look(state, store.calendar, store.clock.now())
    return [
        Turn(action, duty.stage, duty.round, state.stage_open(duty.stage, duty.round))
        for duty in position.duties
        for action in duty.actions
    ]


def _free(state: State) -> list[Turn]:
    """What may be done without being anybody's duty: objections, changes, corrections."""
    if state.request is not None:
        return []
    of_stages = [
        Turn(action, opened.stage, opened.round, opened)
        for opened in state.open
        for action, _ in stage_actions(state, opened)
        if action in OPTIONAL
    ]
    of_stages += [
        Turn(OBJECT, opened.stage, opened.round, opened) for _, opened in ended_lately(state)
    ]
    allowed = CASE_ACTIONS if state.outcome is None else {CORRECT}
    of_case = [action for action in ACTION_LABELS if action in allowed]
    return of_stages + [
        Turn(action, None, None, None) for action in of_case if who_may(state, action, None)
    ]


def _one_of(state: State, found: list[Turn], typed: Typed) -> Turn:
    if len(found) == 1:
        return found[0]
    labels = {_labelled(state, item): item for item in found}
    if not typed.asks:
        listed = "、".join(f"{item.action}（{label}）" for label, item in labels.items())
        refuse(f"事项{state.number}可做的不止一项，请用 --action、--stage 指明：{listed}。")
    return choose("可以办理：", labels)


def _labelled(state: State, item: Turn) -> str:
    stage = state.rulebook.stages.get(item.stage or "")
    return f"{stage.label}：{item.label}" if stage else item.label


def _nothing_owed(store: Store, state: State, free: list[Turn]) -> str:
    waits_for = look(state, store.calendar, store.clock.now()).waits_for
    listed = "、".join(f"{item.action}（{item.label}）" for item in free)
    also = f"可办的另有：{listed}，请用 --action 指明。" if listed else ""
    return f"事项{state.number}现在没有待办：{waits_for}。{also}"


def _out_of_turn(state: State, action: str, stage: str | None) -> Turn:
    """Not its turn: with the stage that was meant the records can say who decided it, and when."""
    for kind, (_, answers) in REQUEST_DUTIES.items():
        asked = [event.sequence for event in state.history if event.kind == kind]
        if action in answers and asked:
            return Turn(action, REQUEST_STAGE, asked[-1], None, offered=False)
    for result in reversed(state.results):
        kind = state.rulebook.stages[result.stage].kind
        if stage == result.stage or (stage is None and action in STAGE_ACTIONS.get(kind, {})):
            return Turn(action, result.stage, result.round, None, offered=False)
    return Turn(action, stage, None, None, offered=False)


def _action_named(text: str | None) -> str | None:
    names = {label: name for name, label in ACTION_LABELS.items()}
    if text is None or text in ACTION_LABELS:
        return text
    if text not in names:
        refuse(f"没有“{text}”这个动作，可用的有：{'、'.join(ACTION_LABELS.values())}。")
    return names[text]


def _stage_named(state: State, text: str | None) -> str | None:
    stages = state.rulebook.stages
    if text is None or text in stages:
        return text
    named = [name for name, stage in stages.items() if stage.label == text]
    if not named:
        refuse(f"没有“{text}”这个环节，环节见 minsheng rulebook show {state.rulebook.city}。")
    return next((name for name in named if state.stage_open(name)), named[0])


def actor_of(store: Store, state: State, turn: Turn, typed: Typed) -> str:
    """谁来办: as told by number or name, or the only one in that office today."""
    assignee = who_may(state, turn.action, turn.stage)
    office, holders = _holders(store, state, assignee) if assignee else ("", {})
    if typed.person is not None:
        return _told(store, typed.person, frozenset(holders.values()))
    if assignee is None or len(holders) == 1:
        return next(iter(holders.values()), "")
    role = f"{office}的{state.rulebook.roles[assignee.role].label}"
    if not holders:
        refuse(f"{role}今日没有人在任，请先收入经办人员表登记任职。", code=REFUSED)
    if not typed.asks:
        refuse(f"{role}有{len(holders)}人在任，请用 --as 指明：{'、'.join(holders)}。")
    return choose(f"{role}，由谁办理：", holders)


def _holders(store: Store, state: State, assignee: Assignee) -> tuple[str, dict[str, str]]:
    """The office, and who holds the role there today by name; the number tells namesakes apart."""
    levels = state.rulebook.levels_of(assignee)
    office, names = overview.on_duty(store, state.number, levels, assignee.role)
    shared = Counter(names.values())
    return office, {
        f"{name}（{person}）" if shared[name] > 1 else name: person
        for person, name in names.items()
    }


def _told(store: Store, person: str, holders: frozenset[str]) -> str:
    """The number of whom `--as` names; whether they may act, the records say."""
    found = overview.people_called(store, person)
    fitting = [item for item in found if item in holders] or list(found)
    if not fitting:
        refuse(f"没有登记名为“{person}”的经办人员，请核对 --as。")
    if len(fitting) > 1:
        refuse(f"名为“{person}”的有{len(fitting)}人，请用 --as 写编号：{'、'.join(fitting)}。")
    return fitting[0]
