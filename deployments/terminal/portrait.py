"""事项的样子: one case as lines that fit a telephone as well as a wide terminal."""

from dataclasses import dataclass
from datetime import date, datetime

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from deployments.terminal.console import TABLE_WIDTH
from deployments.terminal.dues import payment_lines
from deployments.terminal.lines import named, say
from deployments.terminal.periods import basis, due_text, grounds
from records.acting import overview
from records.acting.acts import today
from records.database.store import Store
from records.files import notices
from rulebooks.days.working_days import BEIJING, Calendar
from rulebooks.policy.limits import yuan
from rulebooks.procedure.deadlines import local_day
from rulebooks.procedure.position import Done, Duty, Position, blocked_sentence, look
from rulebooks.procedure.state import State
from rulebooks.vocabulary.events import ACTION_LABELS, ACTIONS, Event
from rulebooks.vocabulary.facts import own_facts
from tasks.elements import said

AMOUNTS = {
    "budget": "预算",
    "contract": "合同",
    "submitted": "送审",
    "audited": "审定",
    "paid": "已付",
}
# What a person recorded is named by its action; the rest is named here.
TIMED = {
    "opened": "立卷",
    "publicity_ended": "公示期满",
    "publicity_extended": "公示期延长",
    "reminded": "到期提醒",
    "fell_overdue": "逾期",
    "escalated": "督办",
}
KINDS = {kind: ACTION_LABELS[action] for action, (kind, _) in ACTIONS.items()} | TIMED


@dataclass(frozen=True, slots=True)
class Sight:
    """所见: a case as it stands, on which day it was looked at, and who holds each open role."""

    state: State
    position: Position
    calendar: Calendar
    day: date
    holders: dict[str, str]
    documents: tuple[notices.Notice, ...] = ()


def sight(store: Store, state: State) -> Sight:
    """Look at a case today; `state` as the journal tells it."""
    position = look(state, store.calendar, store.clock.now())
    with store.glance() as connection:
        holders = {duty.role: _holder(store, state, duty) for duty in position.duties}
        issued = notices.notices_of(connection, state.number)
    return Sight(state, position, store.calendar, today(store), holders, issued)


def _holder(store: Store, state: State, duty: Duty) -> str:
    """Whose duty it is: the office, the role, and the names of those in it today."""
    office, holders = overview.on_duty(store, state.number, duty.at, duty.role)
    role = state.rulebook.roles[duty.role].label
    return f"{office} {role}（{'、'.join(holders.values()) or '今日无人在任'}）"


def show(out: Console, seen: Sight) -> None:
    """画出一个事项: facts, what is done, what is open and until when, what comes next."""
    state, position = seen.state, seen.position
    out.print()
    say(out, f"{state.number}　{state.facts['title']}", style="bold")
    badge = position.waits_for if position.open else f"已办结：{position.outcome_label}"
    say(out, f"【{badge}】", style="bold cyan" if position.open else "bold green")
    show_facts(out, state)
    for name, text in payment_lines(state, seen.calendar, seen.day):
        named(out, name, text)
    _show_done(out, position)
    blocked = blocked_sentence(state)
    if blocked:
        out.print()
        say(out, blocked, style="yellow")
    if position.duties:
        out.print("\n[bold]在办[/bold]")
    for duty in position.duties:
        show_duty(out, seen, duty)
    if position.open and position.next:
        out.print()
        named(out, "下一步", "、".join(position.next), indent=0)
    _show_documents(out, seen.documents)


def show_duty(out: Console, seen: Sight, duty: Duty) -> None:
    """一件待办: what is asked of whom, until when and why, under which words of the policy."""
    stage = seen.state.rulebook.stages.get(duty.stage)
    turn = f"（第{duty.round}轮）" if stage and duty.round > 1 else ""
    say(out, f"▶ {duty.label}{turn}", indent=2, style="bold cyan")
    say(out, f"由{seen.holders.get(duty.role, '')}", indent=4)
    say(out, "、".join(ACTION_LABELS[name] for name in duty.actions), indent=4)
    due = due_text(duty, seen.calendar, seen.day)
    if due:
        say(out, due, indent=4, style="bold red" if duty.overdue else "yellow")
    lines = list(grounds(seen.state, duty, seen.calendar))
    if stage is not None:
        lines.append(basis(seen.state, stage))
    for line in dict.fromkeys(lines):
        say(out, line, indent=4, style="dim")


def show_outcome(out: Console, seen: Sight) -> None:
    """受理后的现状: what the case waits for, whose turn it is next and until when."""
    position = seen.position
    if not position.open:
        out.print(f"  [bold green]已办结：{escape(position.outcome_label)}[/bold green]")
        return
    out.print(f"  现状　{escape(position.waits_for)}")
    for duty in position.duties:
        due = due_text(duty, seen.calendar, seen.day)
        say(out, f"▶ {duty.label}　由{seen.holders[duty.role]}", indent=2, hang=2, style="cyan")
        if due:
            say(out, due, indent=4, style="bold red" if duty.overdue else "yellow")


def show_facts(out: Console, state: State) -> None:
    """项目的各项事实与金额；报送件为机关、期限与数据截止时点。"""
    facts, rulebook = state.facts, state.rulebook
    if rulebook.submission is not None:
        say(
            out, f"{facts['organisation']} · {rulebook.duties[rulebook.submission].label}", indent=2
        )
        named(out, "最迟", facts["due"])
        named(out, "数据截至", f"{datetime.fromisoformat(facts['cut_off']):%Y-%m-%d %H:%M}")
        return
    kind, category = rulebook.kinds[facts["kind"]], rulebook.categories[facts["category"]]
    urgent = " · 急办" if facts.get("urgent") else ""
    say(out, f"{facts['town']} · {facts['community']} · {kind} · {category}{urgent}", indent=2)
    named(out, "内容", str(facts["content"]))
    named(out, "地点", str(facts["place"]))
    named(out, "时间", str(facts["schedule"]))
    for name, fact in own_facts(rulebook).items():
        if facts.get(name) not in (None, False):
            named(out, fact.label, said(rulebook, name, facts[name]))
    known = [
        (label, state.amounts[name]) for name, label in AMOUNTS.items() if name in state.amounts
    ]
    named(out, "金额", "，".join(f"{label} {yuan(amount)}" for label, amount in known))


def journal(out: Console, state: State) -> None:
    """台账逐条: number, moment, what was recorded; corrections name an entry by its number."""
    out.print("\n[bold]台账[/bold]")
    for event in state.history:
        number = f"{event.sequence:>3}  {event.occurred_at.astimezone(BEIJING):%Y-%m-%d %H:%M}"
        say(out, f"{number}  {_told(state, event)}", hang=5)


def _told(state: State, event: Event) -> str:
    stage = state.rulebook.stages.get(event.stage or "")
    place = f"{stage.label}：" if stage else ""
    mark = "（补录）" if event.backfilled else ""
    return f"{place}{KINDS.get(event.kind, event.kind)}{mark}"


def _show_done(out: Console, position: Position) -> None:
    if not position.done:
        return
    out.print("\n[bold]已办[/bold]")
    table = Table.grid(padding=(0, 2))
    for done in position.done:
        row = [f"  {_mark(done)} {local_day(done.at)}", escape(_outcome(done))]
        style = "dim" if done.void else ""
        table.add_row(*row, f"[dim]{escape(done.article)}[/dim]", style=style)
        if out.width < TABLE_WIDTH:
            out.print(row[0], end=" ")
            say(out, row[1], hang=15, style=style)
    if out.width >= TABLE_WIDTH:
        out.print(table)


def _mark(done: Done) -> str:
    return "[red]✗[/red]" if done.void else "[green]✓[/green]"


def _outcome(done: Done) -> str:
    turn = f"（第{done.round}轮）" if done.round > 1 else ""
    mark = "（已失效）" if done.void else "（补录）" if done.backfilled else ""
    return f"{done.label}{turn}：{done.outcome_label}{mark}"


def _show_documents(out: Console, issued: tuple[notices.Notice, ...]) -> None:
    if issued:
        out.print("\n[bold]公文[/bold]")
    for notice in issued:
        named(out, notice.number, notice.title)
