"""日历修订：某年放假安排公布后，按新日历重算在办事项的期限，列出变动；公示期只延长。

期限由流水与日历推得，重算即是；公示的起止是已经公告的事实，变长的另记一条延长，变短的照旧。
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, select

from records.acting.acts import moment
from records.cases.dossiers import (
    CLOCK_DOOR,
    Asked,
    Dossier,
    Hearing,
    Signature,
    load,
    peek,
    record,
)
from records.cases.projections import project
from records.database.store import Store
from records.database.tables import cases, duties
from rulebooks.judging.judgement import Fact
from rulebooks.procedure.position import Duty, Lengthened, lengthened, look
from rulebooks.procedure.state import State
from rulebooks.vocabulary.events import PublicityExtended

PUBLICITY = "公示期"
EXTENDED = "publicity_extended"


@dataclass(frozen=True, slots=True)
class Moved:
    """一处变动：事项、环节、哪个期限，原来的末日与现在的末日。"""

    case: str
    title: str
    stage: str
    deadline: str
    before: date | None
    after: date | None


def foresee_revision(store: Store) -> tuple[Moved, ...]:
    """按现在的日历会有哪些变动；不记入任何东西。"""
    found: list[Moved] = []
    with store.glance() as connection:
        for number in _open_numbers(connection):
            dossier = peek(store, connection, number)
            if dossier is not None:
                found.extend(_changes(store, connection, dossier))
    return tuple(found)


def revise(store: Store) -> tuple[Moved, ...]:
    """按现在的日历重算全部在办事项，返回变动；再执行一次不会再变。

    Raises:
        BusyRecordsError: 等待写入超时；再执行一次即可接着重算。
    """
    found: list[Moved] = []
    with store.glance() as connection:
        numbers = _open_numbers(connection)
    for number in numbers:
        with store.write() as connection:
            loaded = load(store, connection, Asked(number))
            if loaded is None:
                continue
            dossier = loaded[0]
            found.extend(_changes(store, connection, dossier))
            # Also where no last day moved: the days of the reminders may have.
            project(store, connection, _extended(store, connection, dossier))
    store.states.clear()
    return tuple(found)


def _open_numbers(connection: Connection) -> Sequence[str]:
    query = select(cases.c.number).where(cases.c.status == "open").order_by(cases.c.number)
    return connection.execute(query).scalars().all()


def _changes(store: Store, connection: Connection, dossier: Dossier) -> Iterator[Moved]:
    """一个事项的变动：待办的到期日与表中所存的不同，公示的末日比已公告的晚。"""
    state = dossier.state
    title = str(state.facts["title"])
    for item in lengthened(state, store.calendar):
        before, after = _announced_last(state, item), date.fromisoformat(item.period["last"])
        label = state.rulebook.stages[item.stage].label
        yield Moved(dossier.number, title, label, PUBLICITY, before, after)
    stored = _stored_dues(connection, dossier.number)
    for duty in _duties(store, state):
        before = stored.get((duty.stage, duty.round, duty.role), duty.due)
        if before != duty.due:
            yield Moved(dossier.number, title, duty.label, "办理期限", before, duty.due)


def _duties(store: Store, state: State) -> tuple[Duty, ...]:
    return look(state, store.calendar, state.history[-1].recorded_at).duties


def _stored_dues(connection: Connection, number: str) -> dict[tuple[str, int, str], date | None]:
    columns = (duties.c.stage, duties.c.round, duties.c.role, duties.c.due)
    rows = connection.execute(select(*columns).where(duties.c.case == number)).tuples()
    return {(stage, round_, role): due for stage, round_, role, due in rows}


def _announced_last(state: State, item: Lengthened) -> date | None:
    opened = state.stage_open(item.stage, item.round)
    publicity = opened.publicity if opened else None
    return date.fromisoformat(publicity.period["last"]) if publicity and publicity.period else None


def _extended(store: Store, connection: Connection, dossier: Dossier) -> Dossier:
    """变长的公示各记一条延长。"""
    now = moment(store, dossier)
    hearing = Hearing(store, connection, now)
    for item in tuple(lengthened(dossier.state, store.calendar)):
        content = PublicityExtended(period=dict(item.period)).model_dump(mode="json")
        fact = Fact(EXTENDED, item.stage, item.round, content, now)
        key = f"{dossier.number}/{EXTENDED}/{item.stage}/{item.round}/{item.period['last']}"
        dossier = record(hearing, dossier, fact, Signature(CLOCK_DOOR, key=key))
    return dossier
