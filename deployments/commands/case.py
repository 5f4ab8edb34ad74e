"""事项命令: `minsheng case list|show|act`: a clerk's work from the terminal."""

import sys
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Annotated, Any

from cyclopts import App, Parameter
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from deployments.commands.together import batch, rank
from deployments.office import office
from deployments.terminal import portrait
from deployments.terminal.acting import Typed
from deployments.terminal.composing import readable
from deployments.terminal.console import (
    REFUSED,
    TABLE_WIDTH,
    Json,
    console,
    print_json,
    refuse,
)
from deployments.terminal.dialogue import NotTakenError, drafted
from deployments.terminal.forms import BadAnswerError
from deployments.terminal.lines import lean_table
from deployments.terminal.periods import left_text
from records.acting import overview
from records.acting.acts import act as submit
from records.acting.acts import today
from records.acting.foresight import state_now
from records.acting.overview import UnknownCaseError, state_of
from records.cases.commands import Accepted, Refused
from records.database.store import Store
from rulebooks.days.working_days import Calendar
from rulebooks.policy.limits import yuan
from rulebooks.procedure.position import look

Number = Annotated[str, Parameter(name="编号", help="事项编号，见 minsheng case list。")]

app = App(name="case", help="事项：列出、查看、办理。")


@app.command(name="list")
def list_cases(
    *,
    town: Annotated[str | None, Parameter(help="只列这个镇街的。")] = None,
    mine: Annotated[str | None, Parameter(help="只列此人今日应办的，写姓名或编号。")] = None,
    overdue: Annotated[bool, Parameter(negative="", help="只列已逾期的。")] = False,
    everything: Annotated[
        bool, Parameter(name="--all", negative="", help="连同已办结的。")
    ] = False,
    as_json: Json = False,
) -> None:
    """列出事项：编号、名称、在等什么、由谁办、何时到期。"""
    store = office()
    if mine is not None and not overview.people_called(store, mine):
        refuse(f"没有登记名为“{mine}”的经办人员，请核对 --mine。")
    rows = overview.listed(store, town, open_only=not everything, person=mine, late_only=overdue)
    if as_json:
        print_json(rows)
        return
    out = console()
    if not rows:
        out.print(_nothing(store))
    elif out.width >= TABLE_WIDTH:
        out.print(_table(rows, store.calendar, today(store)))
    else:
        _lines(out, rows, store.calendar, today(store))
    if rows:
        out.print(f"共{len(rows)}件。看一件：minsheng case show 编号")


@app.command
def show(
    number: Number,
    /,
    *,
    journal: Annotated[bool, Parameter(negative="", help="连同台账逐条。")] = False,
    as_json: Json = False,
) -> None:
    """一个事项的全貌：已办、在办、下一步，每一步的日期与依据。"""
    store = office()
    try:
        state = state_now(store, number)
    except UnknownCaseError as error:
        refuse(str(error), code=REFUSED)
    if as_json:
        position = look(state, store.calendar, store.clock.now())
        facts = {"number": number, "facts": dict(state.facts), "amounts": dict(state.amounts)}
        print_json(facts | asdict(position))
        return
    out = console()
    portrait.show(out, portrait.sight(store, state))
    if journal:
        portrait.journal(out, state_of(store, number))
    if state.outcome is None:
        out.print(f"\n[dim]办理：minsheng case act {number}[/dim]")


@app.command
def act(  # noqa: PLR0913 - every answer a form can ask for, as an option
    number: Number,
    /,
    *,
    action: Annotated[
        str | None, Parameter(help="动作，如 approve 或 同意；缺省为待办的动作。")
    ] = None,
    stage: Annotated[
        str | None, Parameter(help="环节，写名称或代号；同时有几个环节待办时填写。")
    ] = None,
    person: Annotated[
        str | None, Parameter(name="--as", help="经办人，写姓名或编号；只有一人在任时可不填。")
    ] = None,
    answers: Annotated[
        list[str] | None,
        Parameter(name="--set", negative="", help="所填的一项，如 --set agree=7；可多次。"),
    ] = None,
    occurred: Annotated[
        str | None, Parameter(help="发生时间，如 2026-03-05T15:00；缺省为此刻。")
    ] = None,
    evidence: Annotated[list[str] | None, Parameter(negative="", help="凭证文件；可多次。")] = None,
    key: Annotated[str | None, Parameter(help="提交编号；同一编号重复提交只记一次。")] = None,
    yes: Annotated[bool, Parameter(negative="", help="不提问、不确认，全部由选项给出。")] = False,
    as_json: Json = False,
) -> None:
    """办理一个事项：按待办逐项填写，说明依据、期限与后果，确认后记入台账。"""
    store = office()
    try:
        typed = Typed(
            number=number,
            action=action,
            stage=stage,
            person=person,
            answers=_given(answers or []),
            occurred=occurred,
            evidence=tuple(readable(path) for path in evidence or []),
            key=key,
            asks=sys.stdin.isatty() and not yes and not as_json,
        )
        outcome = submit(store, drafted(store, typed))
    except BadAnswerError as error:
        refuse(str(error))
    except UnknownCaseError as error:
        refuse(str(error), code=REFUSED)
    except NotTakenError as error:
        outcome = error.refused
    _tell(store, outcome, as_json=as_json)


app.command(rank)
app.command(batch)


def _given(answers: list[str]) -> dict[str, str]:
    pairs = [answer.partition("=") for answer in answers]
    for name, separator, _ in pairs:
        if not separator:
            raise BadAnswerError(f"“{name}”缺少等号，请写成 --set 名称=内容。")
    return {name.strip(): value for name, _, value in pairs}


def _tell(store: Store, outcome: Accepted | Refused, *, as_json: bool) -> None:
    if isinstance(outcome, Refused):
        if as_json:
            print_json({"refused": asdict(outcome)})
        refuse(outcome.sentence, code=REFUSED)
    if as_json:
        print_json(_as_json(outcome))
        return
    out = console()
    again = "（此前已记过，未重复记）" if outcome.repeated else ""
    out.print(f"[bold green]已记入台账第{outcome.sequence}条{again}。[/bold green]")
    portrait.show_outcome(out, portrait.sight(store, state_now(store, outcome.case)))


def _as_json(accepted: Accepted) -> dict[str, Any]:
    position = accepted.position
    return {
        "case": accepted.case,
        "sequence": accepted.sequence,
        "repeated": accepted.repeated,
        "waits_for": position.waits_for,
        "outcome": position.outcome,
        "duties": [asdict(duty) for duty in position.duties],
        "next": list(position.next),
    }


def _nothing(store: Store) -> str:
    _, total = overview.closed_and_total(store)
    if total:
        return "没有符合的事项。"
    return "还没有事项。用 minsheng import 文件.xlsx 收入镇街报来的建议。"


def _table(rows: list[dict[str, Any]], calendar: Calendar, day: date) -> Table:
    table = lean_table("编号", "项目", "社区", "现状", "由谁办", "到期")
    for column in (table.columns[0], table.columns[-1]):
        column.no_wrap = True
    for row in rows:
        table.add_row(
            row["number"],
            escape(row["title"]),
            escape(row["community"]),
            escape(row["waits_for"]),
            escape("、".join(_roles(row))),
            _due(row, calendar, day),
        )
    return table


def _lines(out: Console, rows: list[dict[str, Any]], calendar: Calendar, day: date) -> None:
    for row in rows:
        out.print(f"[bold]{row['number']}[/bold]　{escape(row['title'])}")
        out.print(f"  {escape(row['community'])}　{yuan(row['budget_fen'])}")
        due = _due(row, calendar, day)
        out.print(f"  [cyan]{escape(row['waits_for'])}[/cyan]　{due}".rstrip("　 "))


def _roles(row: Mapping[str, Any]) -> list[str]:
    return list(dict.fromkeys(duty["role_label"] for duty in row["duties"]))


def _due(row: Mapping[str, Any], calendar: Calendar, day: date) -> str:
    due: date | None = row["due"]
    if due is None:
        return ""
    text = f"{due:%m-%d} {left_text(due, calendar, day)}"
    return f"[red]{text}[/red]" if row["overdue"] else text
