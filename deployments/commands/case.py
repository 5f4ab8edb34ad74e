"""事项命令: `minsheng case list|show|act`: a clerk's work from the terminal."""

import sys
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Annotated
from uuid import uuid4

from cyclopts import App, Parameter
from rich.markup import escape
from rich.panel import Panel
from rich.prompt import Confirm, Prompt
from rich.table import Table

from deployments.console import chinese, console, print_json, refuse
from deployments.forms import HINTS, BadAnswerError, fill
from deployments.office import office
from records import attachments, organisations, overview
from records.acts import act as submit
from records.commands import Accepted, Command, Refused
from records.foresight import Foresight, foresee
from records.overview import UnknownCaseError, state_of
from records.store import Store
from rulebooks.demands import Field, demanded
from rulebooks.events import ACTION_LABELS
from rulebooks.judgement import who_may
from rulebooks.limits import yuan
from rulebooks.model import Assignee
from rulebooks.position import Duty, Position, blocked_sentence, look
from rulebooks.state import State
from rulebooks.working_days import BEIJING

Json = Annotated[bool, Parameter(name="--json", negative="", help="输出 JSON，供其他程序读取。")]

app = App(name="case", help="查看与办理事项。")


@app.command(name="list")
def list_cases(
    *,
    town: Annotated[str | None, Parameter(help="只看这个镇(区)。")] = None,
    everything: Annotated[
        bool, Parameter(name="--all", negative="", help="连同已办结的。")
    ] = False,
    as_json: Json = False,
) -> None:
    """列出事项：编号、名称、在等什么、谁办、何时到期。"""
    store = office()
    rows = overview.listed(store, town, open_only=not everything)
    if as_json:
        print_json(rows)
        return
    if not rows:
        console().print("还没有在办的事项。用 minsheng import 文件.xlsx 收入镇(区)报来的建议。")
        return
    now = store.clock.now()
    table = Table("编号", "项目", "社区", "现状", "到期", "金额")
    for row in rows:
        due = row["due"]
        late = due is not None and due < now.astimezone(BEIJING).date()
        table.add_row(
            row["number"],
            escape(row["title"]),
            row["community"],
            row["waits_for"],
            f"[red]{due}（逾期）[/red]" if late else str(due or ""),
            yuan(row["budget_fen"] or 0),
        )
    console().print(table)


@app.command
def show(number: str, /, *, as_json: Json = False) -> None:
    """一个事项的全貌：已办、在办、下一步，每一步的日期与依据。"""
    store = office()
    state, position = _position(store, number)
    if as_json:
        print_json(asdict(position) | {"facts": dict(state.facts), "amounts": dict(state.amounts)})
        return
    out = console()
    title = f"{number} {state.facts['title']}"
    out.print(Panel(escape(_facts(state)), title=escape(title), title_align="left"))
    out.print(_done(position))
    blocked = blocked_sentence(state)
    if blocked:
        out.print(blocked, style="yellow")
    for duty in position.duties:
        out.print(_duty_line(state, duty))
    if position.open and not position.duties:
        out.print(f"在等：{position.waits_for}")
    if position.next:
        out.print(f"下一步：{'、'.join(position.next)}")
    if not position.open:
        out.print(f"已办结：{position.outcome_label}", style="bold green")


@app.command
def act(  # noqa: PLR0913 - every answer a form can ask for, as an option
    number: str,
    /,
    *,
    action: Annotated[
        str | None, Parameter(help="动作，如 vote、approve；缺省为待办的动作。")
    ] = None,
    stage: Annotated[str | None, Parameter(help="环节；缺省为在办的环节。")] = None,
    person: Annotated[str | None, Parameter(name="--as", help="经办人的编号或姓名。")] = None,
    answers: Annotated[
        list[str] | None, Parameter(name="--set", help="所填的一项，如 --set agree=7；可多次。")
    ] = None,
    occurred: Annotated[
        str | None, Parameter(help="发生时间，如 2026-03-05T15:00；缺省为此刻。")
    ] = None,
    evidence: Annotated[list[Path] | None, Parameter(help="凭证文件；可多次。")] = None,
    key: Annotated[str | None, Parameter(help="提交编号；同一编号重复提交只记一次。")] = None,
    yes: Annotated[bool, Parameter(negative="", help="不再确认。")] = False,
    as_json: Json = False,
) -> None:
    """办理一个事项：按待办所要求的逐项填写，说明依据、期限和后果，确认后记入台账。"""
    store = office()
    state, position = _position(store, number)
    action, stage = _chosen(state, position, action, stage)
    actor = _actor(store, state, action, stage, person)
    interactive = sys.stdin.isatty() and not yes
    if interactive:
        _introduce(state, position, action, stage)
    opened = state.stage_open(stage)
    try:
        content = fill(
            demanded(state, opened, action), _given(answers), _ask if interactive else None
        )
        moment = _moment(occurred)
    except BadAnswerError as error:
        refuse(str(error))
    command = Command(
        case=number,
        action=action,
        stage=opened.stage if opened else None,
        round=opened.round if opened else None,
        content=content,
        actor=actor,
        occurred_at=moment,
        door="command_line",
        key=key or f"command_line/{uuid4()}",
        evidence=tuple(_kept(store, path, actor) for path in evidence or ()),
    )
    if interactive:
        _confirm(foresee(store, command))
    _tell(submit(store, command), as_json=as_json)


def _tell(outcome: Accepted | Refused, *, as_json: bool) -> None:
    if isinstance(outcome, Refused):
        refuse(outcome.sentence, code=1)
    waits_for = outcome.position.waits_for
    if as_json:
        taken = {"case": outcome.case, "sequence": outcome.sequence, "waits_for": waits_for}
        print_json(taken)
        return
    again = "（此前已记过，未重复记）" if outcome.repeated else ""
    line = f"已记入台账第{outcome.sequence}条{again}，现状：{waits_for}。"
    console().print(line, style="green")


def _position(store: Store, number: str) -> tuple[State, Position]:
    try:
        state = state_of(store, number)
    except UnknownCaseError as error:
        refuse(str(error))
    return state, look(state, store.calendar, store.clock.now())


def _facts(state: State) -> str:
    facts, rulebook = state.facts, state.rulebook
    kind, category = rulebook.kinds[facts["kind"]], rulebook.categories[facts["category"]]
    lines = [
        f"{facts['town']} {facts['community']} · {kind} · {category}",
        f"内容：{facts['content']}",
        f"地点：{facts['place']}　时间：{facts['schedule']}",
        f"预算：{yuan(state.amounts['budget'])}",
    ]
    labels = {"contract": "合同", "submitted": "送审", "audited": "审定", "paid": "已付"}
    amounts = [
        f"{label}：{yuan(state.amounts[name])}"
        for name, label in labels.items()
        if name in state.amounts
    ]
    return "\n".join([*lines, "　".join(amounts)]).strip()


def _done(position: Position) -> Table:
    table = Table("环节", "轮次", "结果", "办结", "依据", title="已办", title_justify="left")
    for done in position.done:
        marks = "（已失效）" if done.void else "（补录）" if done.backfilled else ""
        table.add_row(
            done.label,
            str(done.round),
            f"{done.outcome_label}{marks}",
            f"{done.at.astimezone(BEIJING):%Y-%m-%d}",
            done.article,
            style="dim" if done.void else "",
        )
    return table


def _duty_line(state: State, duty: Duty) -> str:
    role = state.rulebook.roles[duty.role].label
    actions = "、".join(ACTION_LABELS[name] for name in duty.actions)
    due = f"，{chinese(duty.due)}到期" if duty.due else ""
    flags = ("（逾期）" if duty.overdue else "") + ("（暂定日历）" if duty.provisional else "")
    return f"在办：{duty.label}（{duty.article}）由{role}办理{due}{flags}：{actions}"


def _chosen(
    state: State, position: Position, action: str | None, stage: str | None
) -> tuple[str, str | None]:
    """The action to take: as told, or the only one an open duty demands."""
    if action is not None:
        return action, stage
    offered = [
        (name, duty.stage)
        for duty in position.duties
        for name in duty.actions
        if stage in (None, duty.stage)
    ]
    if not offered:
        refuse(f"事项{state.number}现在没有待办：{position.waits_for}。")
    if len(offered) == 1:
        return offered[0]
    if not sys.stdin.isatty():
        listed = "、".join(f"{name}（{ACTION_LABELS[name]}）" for name, _ in offered)
        refuse(f"事项{state.number}可做的动作不止一个，请用 --action 指明：{listed}。")
    labels = {ACTION_LABELS[name]: (name, where) for name, where in offered}
    return labels[Prompt.ask("办理", choices=list(labels))]


def _actor(store: Store, state: State, action: str, stage: str | None, person: str | None) -> str:
    """Who acts: as told by number or name, or the only holder of the role."""
    assignee = who_may(state, action, stage)
    if assignee is None:
        return person or ""
    place, names = _holders(store, state, assignee)
    if person is not None:
        return names.get(person, person)
    if len(names) != 1 and not (names and sys.stdin.isatty()):
        role = state.rulebook.roles[assignee.role].label
        listed = "、".join(names)
        refuse(f"{place}的{role}有{len(names)}人在任，请用 --as 指明经办人：{listed}。")
    chosen = next(iter(names))
    return names[chosen if len(names) == 1 else Prompt.ask("经办人", choices=list(names))]


def _holders(store: Store, state: State, assignee: Assignee) -> tuple[str, dict[str, str]]:
    """The office, and by name the numbers of those who hold the role there today."""
    today = store.clock.now().astimezone(BEIJING).date()
    levels = state.rulebook.levels_of(assignee)
    community = str(state.facts["community"])
    with store.glance() as connection:
        place, people = organisations.on_duty(connection, community, levels, assignee.role, today)
        names = {organisations.person_name(connection, item) or item: item for item in people}
    return place, names


def _introduce(state: State, position: Position, action: str, stage: str | None) -> None:
    out = console()
    for duty in position.duties:
        if stage in (None, duty.stage):
            out.print(_duty_line(state, duty))
    opened = state.rulebook.stages.get(stage or "")
    if opened is not None and opened.quote:
        out.print(f"原文：“{opened.quote}”", style="dim")
    out.print(f"动作：{ACTION_LABELS[action]}", style="bold")


def _ask(field: Field) -> str:
    hint = "、".join(field.choices.values()) or HINTS.get(field.kind, "")
    article = f" [dim]{escape(field.article)}[/dim]" if field.article else ""
    optional = "" if field.required else "，可不填"
    label = (
        f"{escape(field.label)}{article}（{hint}{optional}）" if hint or optional else field.label
    )
    while True:
        text = Prompt.ask(label, default="" if not field.required else None) or ""
        if text or not field.required:
            return text


def _given(answers: list[str] | None) -> dict[str, str]:
    pairs = [answer.partition("=") for answer in answers or ()]
    for name, separator, _ in pairs:
        if not separator:
            raise BadAnswerError(f"“{name}”缺少等号，请写成 --set 名称=内容。")
    return {name.strip(): value for name, _, value in pairs}


def _moment(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise BadAnswerError(f"发生时间“{text}”读不懂，请写成 2026-03-05T15:00。") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=BEIJING)


def _kept(store: Store, path: Path, actor: str) -> str:
    if not path.is_file():
        refuse(f"没有凭证文件 {path}，请核对路径。")
    return attachments.keep(store, path.read_bytes(), path.name, "application/octet-stream", actor)


def _confirm(foreseen: Foresight | Refused) -> None:
    if isinstance(foreseen, Refused):
        refuse(foreseen.sentence, code=1)
    out = console()
    out.print(f"提交后：{foreseen.waits_for}", style="bold")
    for document in foreseen.documents:
        out.print(f"将出具：{document}")
    if not Confirm.ask("确认提交", default=True):
        refuse("没有提交，什么也没有记。", code=1)
