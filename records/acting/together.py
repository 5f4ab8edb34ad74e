"""合办：几个项目一起办的一件事，一个事务，一件不成全不作数；重复提交给同一答复。"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from records.acting.acts import amounts_refused, is_amount_conflict, moment, submit, today
from records.cases.commands import (
    BatchDecision,
    Command,
    Count,
    Refused,
    command_digest,
    wording_problem,
)
from records.cases.dossiers import Asked, Dossier, Hearing, load, peek, record_due, remember
from records.cases.projections import project
from records.database.store import Store
from records.database.tables import events
from rulebooks.procedure.position import Position, look

Joint = Count | BatchDecision


@dataclass(frozen=True, slots=True)
class Step:
    """其中一件：卷宗（已锁住，到期的时间事件已记），要记的内容；`counted` 为计票所得的。"""

    dossier: Dossier
    action: str
    content: Mapping[str, Any]
    counted: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """一件的结果：编号、名称、记入的内容、记在第几条、其后的现状。"""

    case: str
    title: str
    content: Mapping[str, Any]
    sequence: int
    position: Position


@dataclass(frozen=True, slots=True)
class Together:
    """合办的结果：各件；`repeated` 表示早先已记过，`foreseen` 表示只是预演，没有记入。"""

    outcomes: tuple[Outcome, ...]
    repeated: bool = False
    foreseen: bool = False


class _UndoneError(Exception):
    """撤回整个事务，带着答复。"""

    def __init__(self, answer: Together | Refused) -> None:
        super().__init__()
        self.answer = answer


Plan = Callable[[Hearing], Sequence[Step] | Refused]


def together(
    store: Store, joint: Joint, plan: Plan, *, dry_run: bool = False
) -> Together | Refused:
    """照 `plan` 所列的各件一起办；预演时走完全程再全部撤回。

    Raises:
        BusyRecordsError: 等待写入超时，什么也没有记。
    """
    try:
        return _attempt(store, joint, plan, dry_run=dry_run)
    except _UndoneError as undone:
        return undone.answer
    except IntegrityError as error:
        if is_amount_conflict(error):
            return amounts_refused("")
    # 别人抢先记了；现在看得见了。
    try:
        return _attempt(store, joint, plan, dry_run=dry_run)
    except _UndoneError as undone:
        return undone.answer


def _attempt(store: Store, joint: Joint, plan: Plan, *, dry_run: bool) -> Together | Refused:
    mark = f"together/{command_digest(store.digest_key, joint)}"
    with store.write() as connection:
        hearing = Hearing(store, connection, store.clock.now())
        earlier = _earlier(hearing, mark)
        if earlier:
            return Together(earlier, repeated=True)
        steps = plan(hearing)
        if isinstance(steps, Refused):
            raise _UndoneError(steps)
        done = [_taken(hearing, joint, step, mark) for step in steps]
        outcomes = tuple(outcome for _, outcome in done)
        if dry_run:
            raise _UndoneError(Together(outcomes, foreseen=True))
    for dossier, _ in done:
        remember(store, dossier)
    return Together(outcomes)


def _earlier(hearing: Hearing, mark: str) -> tuple[Outcome, ...]:
    """同一次提交早先记下的各件。"""
    query = select(events.c.case, events.c.sequence).where(events.c.key.startswith(f"{mark}/"))
    rows = hearing.connection.execute(query.order_by(events.c.case)).all()
    found = []
    for number, sequence in rows:
        dossier = peek(hearing.store, hearing.connection, number)
        if dossier is not None:
            position = look(dossier.state, hearing.store.calendar, hearing.now)
            content = dossier.state.history[sequence - 1].content
            found.append(Outcome(number, title_of(dossier), content, sequence, position))
    return tuple(found)


def _taken(hearing: Hearing, joint: Joint, step: Step, mark: str) -> tuple[Dossier, Outcome]:
    """办一件，当即存入，使其后的各件看得见。"""
    dossier = step.dossier
    command = Command(
        case=dossier.number,
        action=step.action,
        stage=joint.stage,
        round=None,
        content=dict(step.content),
        actor=joint.actor,
        occurred_at=joint.occurred_at,
        door=joint.door,
        key=f"{mark}/{dossier.number}",
        evidence=joint.evidence,
    )
    refusal = wording_problem(joint.key, command.content)
    if refusal is not None:
        raise _UndoneError(refusal)
    opened = dossier.state.stage_open(joint.stage)
    command = replace(command, round=opened.round if opened else None)
    own = replace(hearing, now=moment(hearing.store, dossier))
    answer = submit(own, dossier, command, counted=step.counted)
    if isinstance(answer, Refused):
        sentence = f"整批没有登记：{answer.sentence}"
        raise _UndoneError(replace(answer, sentence=sentence))
    after = answer[0]
    position = project(hearing.store, hearing.connection, after)
    content = after.state.history[-1].content
    return after, Outcome(after.number, title_of(after), content, after.head, position)


def called(hearing: Hearing, joint: Joint, number: str) -> Dossier | None:
    """取出一件并锁住，到期的时间事件先记；没有此事项则为 None。"""
    asked = Asked(number, today(hearing.store), joint.actor)
    found = load(hearing.store, hearing.connection, asked)
    if found is None:
        return None
    return record_due(replace(hearing, now=moment(hearing.store, found[0])), found[0])


def title_of(dossier: Dossier) -> str:
    """项目名称。"""
    return str(dossier.state.facts.get("title", ""))


def named(dossiers: Sequence[Dossier]) -> str:
    """写在说明里的几件：编号与名称。"""
    return "、".join(f"{dossier.number}“{title_of(dossier)}”" for dossier in dossiers)
