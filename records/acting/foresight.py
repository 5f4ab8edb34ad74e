"""预见：一次办理若受理会怎样——不记入任何东西，供提交前看清后果。"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, select

from records.acting.acts import answer_again, moment, submit, today
from records.acting.overview import UnknownCaseError
from records.cases.commands import Accepted, Command, Refused, wording_problem
from records.cases.dossiers import Asked, Dossier, Hearing, glimpse, peek, record_due
from records.database.store import Store
from records.database.tables import events
from rulebooks.procedure.migration import founding_version
from rulebooks.procedure.position import Position, fold, look
from rulebooks.procedure.state import State
from rulebooks.reading.loader import load_rulebook


@dataclass(frozen=True, slots=True)
class Foresight:
    """后果：受理后的状态与现状，机器将出具哪些公文，是否算迟录，是否早先已记过。"""

    state: State
    position: Position
    documents: tuple[str, ...]
    late: bool = False
    repeated: bool = False


def state_now(store: Store, number: str) -> State:
    """一个事项此刻的状态：已到期而还没有记入的时间事件也算在内，不记入任何东西。

    Raises:
        UnknownCaseError: 没有这个编号的事项。
    """
    with store.glance() as connection:
        dossier = peek(store, connection, number)
        if dossier is None:
            raise UnknownCaseError(number)
        return _due_recorded(store, connection, dossier).state


def state_asked(store: Store, number: str, key: str | None) -> State:
    """一次办理所依据的状态：通常为此刻的；同一键早先记过的，取那一条记入之前的。

    同一提交因此总按同一张表填写，重发给出同一答复。

    Raises:
        UnknownCaseError: 没有这个编号的事项。
    """
    state = state_now(store, number)
    query = select(events.c.sequence).where(events.c.key == key, events.c.case == number)
    with store.glance() as connection:
        sequence = connection.execute(query).scalar_one_or_none()
    if key is None or sequence is None:
        return state
    return state_after(state, sequence - 1)


def state_after(state: State, upto: int) -> State:
    """同一事项较早时的状态：从立卷时的版本起，折叠到第 `upto` 条为止。"""
    latest = state.rulebook
    version = founding_version(state.history, latest.version.id)
    rulebook = load_rulebook(latest.city, version, latest.town, latest.submission)
    return fold(rulebook, state.history[:upto])


def foresee(store: Store, command: Command) -> Foresight | Refused:
    """预见一次办理的后果；不会受理的，给出与真正提交时相同的缘由。"""
    refusal = wording_problem(command.key, command.content)
    if refusal is not None:
        return refusal
    asked = Asked(command.case, today(store), command.actor, command.key)
    with store.glance() as connection:
        found = glimpse(store, connection, asked)
        if found is None:
            return Refused("unknown_case", str(UnknownCaseError(command.case)))
        seen, earlier = found
        if earlier is not None:
            answer = answer_again(store, connection, command, earlier)
            return _repeated(seen.state, answer)
        return _foreseen(store, connection, seen, command)


def _repeated(state: State, answer: Accepted | Refused) -> Foresight | Refused:
    if isinstance(answer, Refused):
        return answer
    return Foresight(state, answer.position, (), repeated=True)


def _foreseen(
    store: Store, connection: Connection, seen: Dossier, command: Command
) -> Foresight | Refused:
    current = _due_recorded(store, connection, seen)
    outcome = submit(Hearing(store, connection, moment(store, seen)), current, command)
    if isinstance(outcome, Refused):
        return outcome
    after = outcome[0]
    known = {effect.key for effect in current.state.effects}
    documents = tuple(
        effect.label
        for effect in after.state.effects
        if effect.kind == "issue" and effect.key not in known
    )
    position = look(after.state, store.calendar, after.state.history[-1].recorded_at)
    return Foresight(after.state, position, documents, late=bool(after.pending[-1]["late"]))


def _due_recorded(store: Store, connection: Connection, dossier: Dossier) -> Dossier:
    return record_due(Hearing(store, connection, moment(store, dossier)), dossier)
