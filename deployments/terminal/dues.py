"""应付之款: by when each contract must be paid, as agreed or as the law says, and what is late."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from rich.console import Console

from deployments.terminal.lines import lean_table
from records.acting.acts import today
from records.acting.foresight import state_now
from records.database.store import Store
from records.money.ledger import Scope, unpaid_cases
from rulebooks.accounting.payment_clock import Arrears, arrears
from rulebooks.days.working_days import Calendar
from rulebooks.judging.payment_terms import terms_of, terms_text
from rulebooks.policy.limits import yuan
from rulebooks.procedure.state import State
from rulebooks.vocabulary.refusals import Refusal

NONE_DUE = "没有应付未付之款：验收合格（没有验收的为完工）之后才起算付款期限。"


@dataclass(frozen=True, slots=True)
class Owing:
    """一件应付: the case and what is owed for it today; a refusal where no period can be told."""

    case: str
    title: str
    found: Arrears | Refusal

    @property
    def due(self) -> date:
        """应付之日; what has none comes last."""
        return date.max if isinstance(self.found, Refusal) else self.found.clock.due


def payment_text(owed: Arrears | Refusal) -> str:
    """一件应付写成一段: since when, by when, what is unpaid, the interest until today."""
    if isinstance(owed, Refusal):
        return owed.sentence
    unpaid = f"未付{yuan(owed.unpaid)}。" if owed.unpaid else ""
    interest = f"至今日利息{yuan(owed.interest)}。" if owed.interest else ""
    return f"{owed.sentence}{unpaid}{interest}"


def payment_lines(state: State, calendar: Calendar, day: date) -> Iterator[tuple[str, str]]:
    """一个项目的付款: what the contract agreed, and once it is accepted what is owed."""
    agreed = terms_text(terms_of(state))
    if agreed:
        yield "付款约定", agreed
    owed = arrears(state, calendar, day)
    if owed is not None:
        yield "付款", payment_text(owed)


def plain_payment(owed: Arrears | Refusal | None) -> dict[str, Any] | None:
    """The same for machines: days, amounts in 分."""
    if owed is None or isinstance(owed, Refusal):
        return None if owed is None else {"sentence": owed.sentence}
    clock = {
        "started": owed.clock.started,
        "days": owed.clock.count,
        "agreed": owed.clock.agreed,
        "due": owed.clock.due,
        "article": owed.clock.article,
    }
    figures = ("owed", "paid", "unpaid", "late_days", "interest", "sentence")
    return clock | {name: getattr(owed, name) for name in figures}


def owing(store: Store, scope: Scope) -> tuple[Owing, ...]:
    """应付未付的各项目，先到期的在前: accepted or finished, and not wholly paid."""
    with store.read() as connection:
        numbers = unpaid_cases(connection, scope)
    found = []
    for number in numbers:
        state = state_now(store, number)
        owed = arrears(state, store.calendar, today(store))
        if isinstance(owed, Refusal) or (owed is not None and owed.unpaid):
            found.append(Owing(number, str(state.facts["title"]), owed))
    return tuple(sorted(found, key=lambda item: (item.due, item.case)))


def show_dues(out: Console, rows: Sequence[Owing]) -> None:
    """画出应付一览: one line a project, what is late in red."""
    if not rows:
        out.print(NONE_DUE)
        return
    table = lean_table("编号", "项目", "应付之日", "期限", "未付（元）", "逾期", "利息（元）")
    for place in (4, 6):
        table.columns[place].justify = "right"
    for row in rows:
        table.add_row(row.case, row.title, *_cells(row.found), style=_style(row.found))
    out.print(table)
    out.print("期限注“约定”的为合同约定，其余为法定。逐件看依据：minsheng ledger --case 编号")


def _cells(found: Arrears | Refusal) -> tuple[str, ...]:
    if isinstance(found, Refusal):
        return ("照合同", "", "", "", "")
    clock = found.clock
    late = f"{found.late_days}日" if found.late_days else ""
    interest = _plain(found.interest) if found.interest else ""
    term = f"{clock.count}日" + ("（约定）" if clock.agreed else "")
    return (clock.due.isoformat(), term, _plain(found.unpaid), late, interest)


def _plain(amount: int) -> str:
    return yuan(amount).removesuffix("元")


def _style(found: Arrears | Refusal) -> str:
    return "red" if isinstance(found, Arrears) and found.late_days else ""
