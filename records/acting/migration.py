"""转用：事项改按规则手册的另一版本办理。先预见每项待办的变动，再由有权的人记入，两者一致。

转用是流水里的一条，退回原来的版本是另一条；公告过的公示起止不因此改变。
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime

from records.acting.acts import act, moment
from records.acting.foresight import state_after, state_now
from records.acting.overview import UnknownCaseError, state_of
from records.cases.commands import Command, Refused, refused
from records.cases.dossiers import peek
from records.database.store import Store
from rulebooks.judging.judgement import Outside, Proposal, judge
from rulebooks.procedure.migration import ACTION
from rulebooks.procedure.position import Duty, apply, look
from rulebooks.procedure.state import State
from rulebooks.vocabulary.events import ACTION_LABELS
from rulebooks.vocabulary.model import Rulebook
from rulebooks.vocabulary.refusals import Refusal

PUBLICITY = "公示期"
FORESEEN = "预演"


@dataclass(frozen=True, slots=True)
class Shift:
    """一项待办转用前后：环节、轮次、由哪个角色做什么，原来与转用后的末日（没有期限的为 None）。

    `gone` 转用后没有这一项，`new` 转用后才有这一项。
    """

    stage: str
    round: int
    label: str
    duty: str
    role: str
    before: date | None
    after: date | None
    gone: bool = False
    new: bool = False


@dataclass(frozen=True, slots=True)
class Migration:
    """一次转用：由哪一版到哪一版、各项待办的变动、转用后在等什么；`sequence` 为所记的一条。"""

    case: str
    version_before: str
    version: str
    shifts: tuple[Shift, ...]
    waits_for: str
    sequence: int | None = None
    repeated: bool = False


def foresee_migration(store: Store, number: str, version: str) -> Migration | Refused:
    """若转用会怎样；不记入任何东西。转不了的，给出与真正转用时相同的缘由。"""
    try:
        state = state_now(store, number)
    except UnknownCaseError as error:
        return Refused("unknown_case", str(error))
    now = _now(store, number)
    content = {"version": version, "reason": FORESEEN}
    proposal = Proposal(ACTION, None, None, content, now, "command_line")
    found = judge(state, proposal, store.calendar, now, Outside())
    if isinstance(found, Refusal):
        return refused(found)
    after = apply(state, found.event(state, now))
    return _compared(store, state, after, now)


def migrate_case(store: Store, command: Command) -> Migration | Refused:
    """转用：以 `rulebook_migrated` 记入；同一键重复提交给同一答复。

    Raises:
        BusyRecordsError: 等待写入超时，什么也没有记。
    """
    answer = act(store, command)
    if isinstance(answer, Refused):
        return answer
    latest = state_of(store, answer.case)
    before = state_after(latest, answer.sequence - 1)
    event = latest.history[answer.sequence - 1]
    found = _compared(store, before, apply(before, event), event.recorded_at)
    return replace(found, sequence=answer.sequence, repeated=answer.repeated)


def _now(store: Store, number: str) -> datetime:
    with store.glance() as connection:
        dossier = peek(store, connection, number)
    return store.clock.now() if dossier is None else moment(store, dossier)


def _compared(store: Store, before: State, after: State, now: datetime) -> Migration:
    """转用前后各项待办与公示的末日。"""
    old, new = look(before, store.calendar, now), look(after, store.calendar, now)
    return Migration(
        case=before.number,
        version_before=before.rulebook.version.id,
        version=after.rulebook.version.id,
        shifts=(
            *_duties(before.rulebook, after.rulebook, old.duties, new.duties),
            *_publicities(before, after),
        ),
        waits_for=new.waits_for,
    )


def _duties(
    earlier: Rulebook, later: Rulebook, old: tuple[Duty, ...], new: tuple[Duty, ...]
) -> Iterator[Shift]:
    """各项待办的变动；角色按该项待办所出的那一版称呼。"""
    former = {(duty.stage, duty.round, duty.role): duty for duty in old}
    latter = {(duty.stage, duty.round, duty.role): duty for duty in new}
    for key in dict.fromkeys((*former, *latter)):
        duty, rulebook = (latter[key], later) if key in latter else (former[key], earlier)
        yield Shift(
            stage=duty.stage,
            round=duty.round,
            label=duty.label,
            duty="、".join(ACTION_LABELS[action] for action in duty.actions),
            role=rulebook.roles[duty.role].label,
            before=former[key].due if key in former else None,
            after=latter[key].due if key in latter else None,
            gone=key not in latter,
            new=key not in former,
        )


def _publicities(before: State, after: State) -> Iterator[Shift]:
    """正在进行的公示：起止是公告过的事实，转用不改。"""
    for opened in before.open:
        kept = after.stage_open(opened.stage, opened.round)
        if opened.publicity is None or opened.publicity.period is None or kept is None:
            continue
        stage = after.rulebook.stages[opened.stage]
        period = kept.publicity.period if kept.publicity is not None else None
        yield Shift(
            stage=opened.stage,
            round=opened.round,
            label=stage.label,
            duty=PUBLICITY,
            role=after.rulebook.roles[stage.by.role].label,
            before=date.fromisoformat(opened.publicity.period["last"]),
            after=date.fromisoformat(period["last"]) if period else None,
        )
