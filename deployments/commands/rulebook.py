"""规则手册命令: `minsheng rulebook show|coverage|lint|diagram`: the rules and their grounds."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter
from rich.console import Console
from rich.markup import escape

from deployments.commands import linting, versioning
from deployments.commands.linting import STATUSES
from deployments.terminal.acting import Typed
from deployments.terminal.console import (
    REFUSED,
    TABLE_WIDTH,
    Json,
    chinese,
    console,
    print_json,
    refuse,
)
from deployments.terminal.lines import lean_table
from deployments.terminal.periods import SEVERITIES, allowed_text, limit_text
from rulebooks.policy.limits import bound_text
from rulebooks.reading.loader import BrokenRulebookError, cities, load_rulebook
from rulebooks.showing.inventory import particulars
from rulebooks.vocabulary.articles import readings, sources
from rulebooks.vocabulary.model import Rulebook, Stage
from rulebooks.vocabulary.refusals import OWN_READING

City = Annotated[str | None, Parameter(name="城市", help="城市的代号；只有一个城市时可不填。")]
Town = Annotated[str | None, Parameter(help="并入这个镇街的补充规定。")]
app = App(name="rulebook", help="规则手册：环节、时限、依据，逐条判定。")


@app.command
def show(
    city: City = None,
    /,
    *,
    on: Annotated[date | None, Parameter(help="看某日的版本，如 2021-05-01。")] = None,
    version: Annotated[str | None, Parameter(help="看某个版本，写编号。")] = None,
    town: Town = None,
    as_json: Json = False,
) -> None:
    """列出一市的来源、环节、时限、限额、排序与资金及其依据、我方解释；给出日期的，逐项列出当日的规定。"""
    try:
        rulebook = versioning.rulebook_shown(city or _only_city(), on, version, town)
    except BrokenRulebookError as error:
        refuse(str(error))
    if as_json:
        listed = {"inventory": versioning.inventory_mapping(rulebook)} if on else {}
        print_json(rulebook.model_dump(mode="json", exclude_none=True) | listed)
        return
    out = console()
    out.print(f"[bold]{rulebook.label}{rulebook.programme}[/bold]　{rulebook.version.label}")
    for source in rulebook.version.sources:
        known = sources()[source]
        out.print(f"来源　{known.title}（{STATUSES[known.status]}，{chinese(known.dated)}）")
    versioning.show_versions(out, rulebook, on)
    for notice in (rulebook.version.notice, rulebook.town_notice):
        if notice:
            out.print(notice, style="yellow")
    if on is not None:
        versioning.show_inventory(out, rulebook)
        return
    _show_stages(out, rulebook)
    _show_limits(out, rulebook)
    _show_particulars(out, rulebook)
    _show_readings(out, rulebook.city)


@app.command(name="coverage")
def show_coverage(city: City = None, /, *, as_json: Json = False) -> None:
    """逐条列出判定、来源性质与案例，并核对引文与出处；有毛病时以非零码退出。"""
    linting.show_coverage(city, as_json=as_json)


@app.command
def lint(city: City = None, /, *, as_json: Json = False) -> None:
    """体检：缺什么、哪里有毛病、原文自身有什么缺陷，各附应当问起草人的话；有毛病时以非零码退出。"""
    linting.lint(city, as_json=as_json)


@app.command
def migrate(  # noqa: PLR0913 - one parameter is one option
    *,
    case: Annotated[str, Parameter(help="事项编号，见 minsheng case list。")],
    to: Annotated[str, Parameter(help="转用哪个版本，写编号，见 minsheng rulebook show。")],
    person: Annotated[
        str | None, Parameter(name="--as", help="由谁决定，写姓名或编号；在任只一人时可不填。")
    ] = None,
    reason: Annotated[str | None, Parameter(help="转用的理由。")] = None,
    key: Annotated[str | None, Parameter(help="提交编号；同一编号重复提交只记一次。")] = None,
    dry_run: Annotated[
        bool, Parameter(negative="", help="只列出每项待办前后的日期，不记入。")
    ] = False,
    as_json: Json = False,
) -> None:
    """事项转用规则手册的另一版本；公告过的公示起止不变，退回原来的版本是另一次转用。"""
    typed = Typed(case, person=person, key=key)
    versioning.migrate(typed, to, reason, dry=dry_run, as_json=as_json)


@app.command
def diagram(
    city: City = None,
    /,
    *,
    town: Town = None,
    output: Annotated[Path, Parameter(help="写到哪个文件；以 svg、png、pdf 结尾。")] = Path(
        "rulebook.svg"
    ),
) -> None:
    """把程序画成图，每个环节标明条款与时限。"""
    from deployments.terminal.drawing import DrawingError, draw  # noqa: PLC0415 - only this command draws
    from rulebooks.showing.diagram import diagram as dot  # noqa: PLC0415

    try:
        draw(dot(_load(city, town)), output)
    except DrawingError as error:
        refuse(str(error), code=REFUSED)
    console().print(f"已画出 {output}。", markup=False, soft_wrap=True)


def _load(city: str | None, town: str | None) -> Rulebook:
    try:
        return load_rulebook(city or _only_city(), None, town)
    except BrokenRulebookError as error:
        refuse(str(error))


def _only_city() -> str:
    names = cities()
    if len(names) > 1:
        refuse(f"请写明城市：{'、'.join(names)}。")
    return names[0]


def _stage_limit(rulebook: Rulebook, name: str, stage: Stage) -> str:
    if stage.missing:
        return f"待补充：{'、'.join(rulebook.parameters[item].label for item in stage.missing)}"
    parts = [allowed_text(rulebook, stage.within)]
    if stage.lasts is not None:
        parts.append(f"公示{limit_text(stage.lasts)}")
    parts.extend(
        f"{clock.label}{limit_text(clock)}"
        for clock in rulebook.clocks.values()
        if name in clock.covers
    )
    return "；".join(part for part in parts if part)


def _show_stages(out: Console, rulebook: Rulebook) -> None:
    rows = [
        (
            stage.label,
            rulebook.roles[stage.by.role].label,
            _stage_limit(rulebook, name, stage),
            rulebook.article(stage),
            f"“{stage.quote}”" if stage.quote else "",
        )
        for name, stage in rulebook.stages.items()
    ]
    _print_rows(out, "程序", ("环节", "由谁办", "时限", "依据", "原文"), rows)


def _show_limits(out: Console, rulebook: Rulebook) -> None:
    rows = [
        (
            limit.label,
            bound_text(rulebook, limit),
            SEVERITIES[limit.severity],
            rulebook.article(limit),
            f"“{limit.quote}”" if limit.quote else "",
        )
        for limit in rulebook.limits.values()
    ]
    _print_rows(out, "限额", ("限额", "数额", "轻重", "依据", "原文"), rows)


def _show_particulars(out: Console, rulebook: Rulebook) -> None:
    rows = [
        (
            item.name,
            item.value,
            SEVERITIES.get(item.severity, ""),
            item.article or OWN_READING,
            f"“{item.quote}”" if item.quote else "",
        )
        for item in particulars(rulebook)
    ]
    if rows:
        headings = ("所在", "数额", "轻重", "依据", "原文")
        _print_rows(out, "排序、打包、拨付与资金", headings, rows)


def _show_readings(out: Console, city: str) -> None:
    rows = [(name, item.question, item.reading) for name, item in readings(city).items()]
    _print_rows(out, "原文未定之处的解释", ("编号", "疑义", "我方解释"), rows)


def _print_rows(
    out: Console, title: str, headings: tuple[str, ...], rows: Sequence[tuple[str, ...]]
) -> None:
    """A table where it fits; on a telephone one line for each cell that says something."""
    out.print(f"\n[bold]{title}[/bold]")
    if out.width >= TABLE_WIDTH:
        table = lean_table(*headings)
        for row in rows:
            table.add_row(*(escape(cell) for cell in row))
        out.print(table)
        return
    for name, *cells in rows:
        out.print(f"[bold cyan]{escape(name)}[/bold cyan]")
        for cell in cells:
            if cell:
                out.print(f"  {escape(cell)}")
