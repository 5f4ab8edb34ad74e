"""预见：一次办理若受理会怎样——不记入任何东西，供提交前看清后果。"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from records import implementers
from records.commands import Command, Refused, refused
from records.dossiers import peek
from records.store import Store
from rulebooks.events import Event
from rulebooks.judgement import Outside, Proposal, Refusal, judge
from rulebooks.position import apply, look
from rulebooks.working_days import BEIJING


@dataclass(frozen=True, slots=True)
class Foresight:
    """后果：受理后在等什么，下一步是什么，机器将出具哪些公文。"""

    waits_for: str
    next: tuple[str, ...]
    documents: tuple[str, ...]


def foresee(store: Store, command: Command) -> Foresight | Refused:
    """预见一次办理的后果；不会受理的，说明缘由。权限在真正提交时查。"""
    with store.glance() as connection:
        dossier = peek(store, connection, command.case)
        if dossier is None:
            return Refused("unknown_case", f"没有编号为“{command.case}”的事项，请核对编号。")
        outside = _outside(store, connection, command)
    now = store.clock.now()
    occurred_at = command.occurred_at or now
    proposal = Proposal(
        action=command.action,
        stage=command.stage,
        round=command.round,
        content=command.content,
        occurred_at=occurred_at,
        door=command.door,
        evidence=command.evidence,
    )
    fact = judge(dossier.state, proposal, store.calendar, now, outside)
    if isinstance(fact, Refusal):
        return refused(fact)
    event = Event(
        dossier.head + 1, fact.kind, fact.stage, fact.round, fact.content, occurred_at, now, None
    )
    after = apply(dossier.state, event)
    position = look(after, store.calendar, now)
    known = {effect.key for effect in dossier.state.effects}
    documents = tuple(
        effect.label
        for effect in after.effects
        if effect.kind == "issue" and effect.key not in known
    )
    return Foresight(position.waits_for, position.next, documents)


def _outside(store: Store, connection: Connection, command: Command) -> Outside:
    if command.action != "select":
        return Outside()
    day = (command.occurred_at or store.clock.now()).astimezone(BEIJING).date()
    reference = str(command.content.get("implementer", ""))
    return Outside(implementer=implementers.find(connection, reference, day))
