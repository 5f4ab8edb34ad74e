"""事项的样子: one case as lines that fit a telephone as well as a wide terminal."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from deployments.console import TABLE_WIDTH, chinese, chinese_moment
from deployments.periods import basis, due_text, grounds
from records import notices, organisations
from records.acts import today
from records.store import Store
from rulebooks.deadlines import local_day
from rulebooks.events import ACTION_LABELS, ACTIONS, Event
from rulebooks.limits import yuan
from rulebooks.position import Done, Duty, Position, blocked_sentence, look
from rulebooks.state import State
from rulebooks.working_days import Calendar

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
    community = str(state.facts["community"])
    with store.glance() as connection:
        office, people = organisations.on_duty(
            connection, community, duty.at, duty.role, today(store)
        )
        names = [organisations.person_name(connection, person) or person for person in people]
    role = state.rulebook.roles[duty.role].label
    return f"{office} {role}（{'、'.join(names) or '今日无人在任'}）"


def show(out: Console, seen: Sight) -> None:
    """画出一个事项: facts, what is done, what is open and until when, what comes next."""
    state, position = seen.state, seen.position
    out.print()
    badge = position.waits_for if position.open else f"已办结：{position.outcome_label}"
    colour = "cyan" if position.open else "green"
    title = escape(str(state.facts["title"]))
    out.print(f"[bold]{state.number}　{title}[/bold]　[{colour}]【{escape(badge)}】[/{colour}]")
    for line in facts(state):
        out.print(f"  {escape(line)}")
    _section(out, "已办", _done(position, wide=out.width >= TABLE_WIDTH))
    blocked = blocked_sentence(state)
    if blocked:
        out.print(f"\n[yellow]{escape(blocked)}[/yellow]")
    if position.duties:
        out.print("\n[bold]在办[/bold]")
    for duty in position.duties:
        show_duty(out, seen, duty)
    if position.open and position.next:
        out.print(f"\n[bold]下一步[/bold]　{'、'.join(position.next)}")
    _section(out, "公文", _documents(seen.documents))


def show_duty(out: Console, seen: Sight, duty: Duty) -> None:
    """一件待办: what is asked of whom, until when and why, under which words of the policy."""
    stage = seen.state.rulebook.stages.get(duty.stage)
    turn = f"（第{duty.round}轮）" if stage and duty.round > 1 else ""
    out.print(f"  [bold cyan]▶ {escape(duty.label)}{turn}[/bold cyan]")
    out.print(f"    由{escape(seen.holders.get(duty.role, ''))}")
    out.print(f"    {'、'.join(ACTION_LABELS[name] for name in duty.actions)}")
    due = due_text(duty, seen.calendar, seen.day)
    if due:
        out.print(f"    [{'bold red' if duty.overdue else 'yellow'}]{due}[/]")
    lines = list(grounds(seen.state, duty, seen.calendar))
    if stage is not None and not lines:
        lines = [basis(seen.state, stage)]
    for line in lines:
        out.print(f"    [dim]{escape(line)}[/dim]")


def facts(state: State) -> Iterator[str]:
    """项目的各项事实与金额，逐行。"""
    facts, rulebook = state.facts, state.rulebook
    kind, category = rulebook.kinds[facts["kind"]], rulebook.categories[facts["category"]]
    urgent = " · 急办" if facts.get("urgent") else ""
    yield f"{facts['town']} · {facts['community']} · {kind} · {category}{urgent}"
    yield f"内容　{facts['content']}"
    yield f"地点　{facts['place']}"
    yield f"时间　{facts['schedule']}"
    known = [
        (label, state.amounts[name]) for name, label in AMOUNTS.items() if name in state.amounts
    ]
    yield "金额　" + "，".join(f"{label} {yuan(amount)}" for label, amount in known)


def journal(out: Console, state: State) -> None:
    """台账逐条: number, moment, what was recorded; corrections name an entry by its number."""
    table = Table.grid(padding=(0, 2))
    for event in state.history:
        table.add_row(
            f"[dim]{event.sequence}[/dim]",
            chinese_moment(event.occurred_at),
            escape(_told(state, event)),
        )
    _section(out, "台账", [table])


def _told(state: State, event: Event) -> str:
    stage = state.rulebook.stages.get(event.stage or "")
    place = f"{stage.label}：" if stage else ""
    mark = "（补录）" if event.backfilled else ""
    return f"{place}{KINDS.get(event.kind, event.kind)}{mark}"


def _section(out: Console, title: str, rows: Iterable[Table | str]) -> None:
    lines = list(rows)
    if lines:
        out.print(f"\n[bold]{title}[/bold]")
    for line in lines:
        out.print(line)


def _done(position: Position, *, wide: bool) -> list[Table]:
    if not position.done:
        return []
    table = Table.grid(padding=(0, 2))
    for done in position.done:
        row = [f"  {_mark(done)} {chinese(local_day(done.at))}", escape(_outcome(done))]
        article = [f"[dim]{escape(done.article)}[/dim]"] if wide else []
        table.add_row(*row, *article, style="dim" if done.void else "")
    return [table]


def _mark(done: Done) -> str:
    return "[red]✗[/red]" if done.void else "[green]✓[/green]"


def _outcome(done: Done) -> str:
    turn = f"（第{done.round}轮）" if done.round > 1 else ""
    mark = "（已失效）" if done.void else "（补录）" if done.backfilled else ""
    return f"{done.label}{turn}：{done.outcome_label}{mark}"


def _documents(issued: tuple[notices.Notice, ...]) -> list[str]:
    return [f"  {escape(notice.number)}　{escape(notice.title)}" for notice in issued]
