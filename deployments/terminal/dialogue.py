"""问答: fills the form of one step, foresees what it will cause, and asks before it is recorded.

What the records would refuse is said before anything is recorded, and asked again; what no other
answer can mend ends the dialogue.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from rich.markup import escape

from deployments.terminal.acting import Turn, Typed, actor_of, turn_of
from deployments.terminal.composing import (
    command_of,
    content_of,
    form_of,
    kept,
    moment_of,
    readable,
)
from deployments.terminal.console import REFUSED, console, refuse
from deployments.terminal.forms import BadAnswerError, fill, hint_of, parse, shown, taken
from deployments.terminal.lines import named, say
from deployments.terminal.periods import chinese_moment
from deployments.terminal.portrait import show_duty, show_facts, show_outcome, sight
from deployments.terminal.prompting import ask, confirm
from records.acting.foresight import Foresight, foresee, state_asked
from records.acting.overview import people_called
from records.cases.commands import Command, Refused
from records.database.store import Store
from rulebooks.days.working_days import BEIJING
from rulebooks.judging.demands import Field
from rulebooks.procedure.state import State

LATE = "late_without_evidence"
TIMES = frozenset({"in_future", "too_early"})
# Nothing typed here can change these.
FINAL = frozenset(
    {
        "already_decided",
        "blocked",
        "closed",
        "key_reused",
        "no_authority",
        "no_organisation",
        "out_of_turn",
        "request_pending",
        "unknown_action",
        "unknown_case",
    }
)


class NotTakenError(Exception):
    """不予受理: the records' own answer, before anything was recorded."""

    def __init__(self, refused: Refused) -> None:
        super().__init__(refused.sentence)
        self.refused = refused


@dataclass(frozen=True, slots=True)
class Draft:
    """待提交的: the step, its form, what was typed, who acts; `before` are answers once refused."""

    store: Store
    state: State
    turn: Turn
    fields: tuple[Field, ...]
    typed: Typed
    actor: str
    before: Mapping[str, str]


def drafted(store: Store, typed: Typed) -> Command:
    """问到可以提交为止: the command, foreseen to be accepted; at a terminal also agreed to.

    Raises:
        NotTakenError: the step cannot be taken.
        BadAnswerError: an option cannot be read.
        UnknownCaseError: there is no such case.
    """
    state = state_asked(store, typed.number, typed.key)
    if typed.asks:
        _introduce(store, state)
    turn = turn_of(store, state, typed)
    if not turn.offered:
        _cannot(store, typed, turn)
    actor = actor_of(store, state, turn, typed)
    fields = form_of(store, state, turn, asks=typed.asks)
    if typed.asks:
        console().print(f"\n[bold]{turn.label}[/bold]")
    return _settled(Draft(store, state, turn, fields, typed, actor, {}))


def _cannot(store: Store, typed: Typed, turn: Turn) -> None:
    """Say why it is not the turn of what was asked for, in the records' own words."""
    people = people_called(store, typed.person or "")
    foreseen = foresee(store, command_of(typed, turn, next(iter(people), ""), {}))
    if isinstance(foreseen, Refused):
        raise NotTakenError(foreseen)


def _introduce(store: Store, state: State) -> None:
    """说明这个事项: its facts, the open duties, their deadlines and the words of the policy."""
    out, seen = console(), sight(store, state)
    out.print(f"\n[bold]{state.number}　{escape(str(state.facts['title']))}[/bold]")
    show_facts(out, state)
    out.print()
    for duty in seen.position.duties:
        show_duty(out, seen, duty)


def _settled(draft: Draft) -> Command:
    """Filled, foreseen and agreed to; asked again as long as another answer can help."""
    while True:
        draft = _asked(draft) if draft.typed.asks else draft
        command = _filled(draft)
        foreseen = foresee(draft.store, command)
        if isinstance(foreseen, Refused):
            draft = _mended(draft, foreseen)
        elif not draft.typed.asks or _agreed(draft, command, foreseen):
            return command


def _mended(draft: Draft, refusal: Refused) -> Draft:
    """What to ask again after a refusal: the file that proves it, the time, or the whole form."""
    typed = draft.typed
    if not typed.asks or refusal.code in FINAL:
        raise NotTakenError(refusal)
    out = console()
    out.print()
    say(out, refusal.sentence, style="red")
    if refusal.code == LATE:
        proof = ask("[bold]凭证文件的路径[/bold]", readable)
        return replace(draft, typed=replace(typed, evidence=(*typed.evidence, proof)))
    if refusal.code in TIMES:
        return replace(draft, typed=replace(typed, occurred=None))
    out.print("请重填，回车保留原来所填。")
    return replace(draft, typed=replace(typed, answers={}), before=typed.answers or {})


def _asked(draft: Draft) -> Draft:
    """The draft with every field answered, and the time it happened."""
    typed = draft.typed
    answers = dict(typed.answers or {})
    for field in draft.fields:
        if field.name not in answers and field.label not in answers:
            answers[field.name] = _answer(field, draft)
    occurred = typed.occurred
    if occurred is None:
        occurred = ask(
            "[bold]发生时间[/bold]（如 2026-03-05 或 2026-03-05T15:00，回车为此刻）", _time
        )
    return replace(draft, typed=replace(typed, answers=answers, occurred=occurred))


def _answer(field: Field, draft: Draft) -> str:
    hint = "，".join(part for part in (hint_of(field), "" if field.required else "可不填") if part)
    article = f" [dim]{escape(field.article)}[/dim]" if field.article else ""
    now = _as_it_is(field, draft.state)
    question = f"[bold]{escape(field.label)}[/bold]{article}"
    if hint or now:
        question += f"（{escape(hint)}{now}）"

    def read(text: str) -> str:
        if text:
            parse(field, text)
        elif field.required:
            raise BadAnswerError(f"“{field.label}”必须填写。")
        return text

    return ask(question, read, draft.before.get(field.name, ""))


def _as_it_is(field: Field, state: State) -> str:
    """What a fact is before it is changed."""
    place, _, name = field.name.partition(".")
    if place != "changes":
        return ""
    now = shown(field, state.facts.get(name, ""))
    return f"；现为{escape(now)}" if now else ""


def _time(text: str) -> str:
    # Read again later with the stage's opening; here only whether it can be read at all.
    moment_of(text, None, datetime.max.replace(tzinfo=BEIJING))
    return text


def _filled(draft: Draft) -> Command:
    typed, turn = draft.typed, draft.turn
    content = fill(draft.fields, typed.answers or {}, _left_out if typed.asks else None)
    content = content_of(draft.store, draft.state, turn, content)
    occurred = moment_of(typed.occurred, turn.opened, draft.store.clock.now())
    evidence = kept(draft.store, typed.evidence, draft.actor)
    command = command_of(typed, turn, draft.actor, content)
    return replace(command, occurred_at=occurred, evidence=evidence)


def _left_out(field: Field) -> str:
    return ""


def _agreed(draft: Draft, command: Command, foreseen: Foresight) -> bool:
    """Show what will be recorded and what it causes; leave unless that is wanted."""
    out = console()
    out.print("\n[bold]将记入[/bold]")
    for name, text in _summary(draft, command):
        named(out, name, text)
    out.print("\n[bold]提交后[/bold]")
    show_outcome(out, sight(draft.store, foreseen.state))
    for document in foreseen.documents:
        named(out, "将出具", document)
    if foreseen.late:
        out.print("  [yellow]补记超过宽限，将标记为迟录。[/yellow]")
    out.print()
    if not confirm("[bold]确认提交[/bold]"):
        refuse("没有提交，台账没有变动。", code=REFUSED)
    return True


def _summary(draft: Draft, command: Command) -> Iterator[tuple[str, str]]:
    for field in draft.fields:
        value = taken(command.content, field.name)
        if value is not None:
            yield field.label, shown(field, value)
    happened = chinese_moment(command.occurred_at) if command.occurred_at else "此刻"
    yield "发生时间", happened
    for path in draft.typed.evidence:
        yield "凭证", path.name
