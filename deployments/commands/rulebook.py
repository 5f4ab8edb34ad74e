"""规则手册命令: `minsheng rulebook show|coverage|diagram`: the rules and where they come from."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter
from rich.console import Console
from rich.markup import escape

from deployments.console import REFUSED, TABLE_WIDTH, Json, chinese, console, print_json, refuse
from deployments.lines import lean_table
from deployments.periods import SEVERITIES, limit_text
from rulebooks.articles import BrokenArticlesError, articles, coverage, readings, sources
from rulebooks.citations import flaws
from rulebooks.limits import yuan
from rulebooks.loader import BrokenRulebookError, cities, load_rulebook
from rulebooks.model import Rulebook, Stage

City = Annotated[str | None, Parameter(name="城市", help="城市的代号；只有一个城市时可不填。")]
Town = Annotated[str | None, Parameter(help="并入这个镇(区)的补充规定。")]
VERDICTS = {
    "encoded": "已编入",
    "duty_of_people": "由人办理",
    "not_applicable": "不适用",
    "unclear": "不明确，附我方解释",
    "untranslatable": "无法编入",
}
STATUSES = {
    "draft": "征求意见稿",
    "explainer": "政策解读",
    "press": "报道",
    "in_force": "正式",
    "example": "示例",
}
app = App(name="rulebook", help="规则手册：环节、时限、依据，逐条判定。")


@app.command
def show(city: City = None, /, *, town: Town = None, as_json: Json = False) -> None:
    """列出一市的来源、环节、时限、限额与依据，以及我方解释。"""
    rulebook = _load(city, town)
    if as_json:
        print_json(rulebook.model_dump(mode="json", exclude_none=True))
        return
    out = console()
    out.print(f"[bold]{rulebook.label}{rulebook.programme}[/bold]　{rulebook.version.label}")
    for source in rulebook.version.sources:
        known = sources()[source]
        out.print(f"来源　{known.title}（{STATUSES[known.status]}，{chinese(known.dated)}）")
    for notice in (rulebook.version.notice, rulebook.town_notice):
        if notice:
            out.print(notice, style="yellow")
    _show_stages(out, rulebook)
    _show_limits(out, rulebook)
    _show_readings(out, rulebook.city)


@app.command(name="coverage")
def show_coverage(city: City = None, /, *, as_json: Json = False) -> None:
    """逐条列出判定，并核对引文与出处；有毛病时以非零码退出。"""
    names = (city,) if city else cities()
    for name in names:
        _known(name)
    try:
        found = {name: coverage(name) for name in names}
        faults = {name: flaws(name) for name in names}
    except BrokenArticlesError as error:
        refuse(str(error))
    if as_json:
        print_json({name: _as_mapping(rows) for name, rows in found.items()})
    else:
        for name, rows in found.items():
            _show_coverage(console(), name, rows)
    listed = [flaw for lines in faults.values() for flaw in lines]
    if listed:
        refuse("\n".join(listed), code=REFUSED)


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
    from deployments.drawing import DrawingError, draw  # noqa: PLC0415 - only this command draws
    from rulebooks.diagram import diagram as dot  # noqa: PLC0415

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


def _known(city: str) -> None:
    if city not in cities():
        refuse(f"没有城市“{city}”的规则手册，现有：{'、'.join(cities())}。")


def _as_mapping(rows: list[tuple[str, str, str]]) -> dict[str, dict[str, str]]:
    return {rule: {"article": article, "verdict": verdict} for rule, article, verdict in rows}


def _show_coverage(out: Console, name: str, rows: list[tuple[str, str, str]]) -> None:
    entries = articles(name)
    counts = dict.fromkeys(VERDICTS, 0)
    for _, _, verdict in rows:
        counts[verdict] += 1
    summary = "，".join(f"{VERDICTS[verdict]}{count}" for verdict, count in counts.items() if count)
    out.print(f"[bold]{name}：{len(rows)}条[/bold]　{summary}")
    table = lean_table("编号", "条款", "判定", "要求")
    for rule, article, verdict in rows:
        table.add_row(rule, article, VERDICTS[verdict], escape(entries[rule].says))
    out.print(table)


def _stage_limit(rulebook: Rulebook, name: str, stage: Stage) -> str:
    parts = [limit_text(stage.within)]
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
            f"不超过{yuan(limit.at_most)}" if limit.at_most is not None else "",
            SEVERITIES[limit.severity],
            rulebook.article(limit),
            f"“{limit.quote}”" if limit.quote else "",
        )
        for limit in rulebook.limits.values()
    ]
    _print_rows(out, "限额", ("限额", "数额", "轻重", "依据", "原文"), rows)


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
