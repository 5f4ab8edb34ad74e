"""规则手册命令: `minsheng rulebook show|coverage|diagram`: the rules and where they come from."""

from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter
from rich.table import Table

from deployments.console import console, print_json, refuse
from rulebooks.articles import BrokenArticlesError, articles, coverage, readings, sources
from rulebooks.citations import flaws
from rulebooks.loader import BrokenRulebookError, cities, load_rulebook
from rulebooks.model import Rulebook, Stage, Within

Json = Annotated[bool, Parameter(name="--json", negative="", help="输出 JSON，供其他程序读取。")]
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
UNIT_LABELS = {
    "working_days": "个工作日",
    "calendar_days": "日",
    "weeks": "周",
    "months": "个月",
}
SEVERITIES = {"must": "应/不得", "should": "原则上"}

app = App(name="rulebook", help="查看规则手册：环节、时限、依据与逐条判定。")


@app.command
def show(city: str, *, town: str | None = None, as_json: Json = False) -> None:
    """列出一市的来源、环节、时限与依据；`--town` 并入该镇(区)的补充规定。"""
    rulebook = _load(city, town)
    if as_json:
        print_json(rulebook.model_dump(mode="json", exclude_none=True))
        return
    out = console()
    out.print(f"{rulebook.label}{rulebook.programme} · {rulebook.version.label}", style="bold")
    for source in rulebook.version.sources:
        known = sources()[source]
        out.print(f"来源：{known.title}（{STATUSES[known.status]}，{known.dated}）")
    for notice in (rulebook.version.notice, rulebook.town_notice):
        if notice:
            out.print(notice, style="yellow")
    out.print(_stages(rulebook))
    out.print(_limits(rulebook))
    out.print(_readings(city))


@app.command(name="coverage")
def show_coverage(city: str | None = None, *, as_json: Json = False) -> None:
    """逐条列出判定，并核对引文与出处；有毛病时以非零码退出。"""
    names = (city,) if city else cities()
    try:
        found = {name: coverage(name) for name in names}
        faults = {name: flaws(name) for name in names}
    except BrokenArticlesError as error:
        refuse(str(error))
    if as_json:
        print_json(
            {
                name: {
                    rule: {"article": article, "verdict": verdict}
                    for rule, article, verdict in rows
                }
                for name, rows in found.items()
            }
        )
    else:
        for name, rows in found.items():
            _show_coverage(name, rows)
    listed = [flaw for lines in faults.values() for flaw in lines]
    if listed:
        refuse("\n".join(listed), code=1)


@app.command
def diagram(city: str, *, town: str | None = None, output: Path = Path("rulebook.svg")) -> None:
    """把程序画成图（SVG），每个环节标明条款与时限。"""
    from deployments.drawing import DrawingError, draw  # noqa: PLC0415 - only this command draws
    from rulebooks.diagram import diagram as dot  # noqa: PLC0415

    try:
        draw(dot(_load(city, town)), output)
    except DrawingError as error:
        refuse(str(error), code=1)
    console().print(f"已画出 {output}。")


def _load(city: str, town: str | None) -> Rulebook:
    try:
        return load_rulebook(city, None, town)
    except BrokenRulebookError as error:
        refuse(str(error))


def _show_coverage(name: str, rows: list[tuple[str, str, str]]) -> None:
    entries = articles(name)
    table = Table("编号", "条款", "判定", "要求", title=f"{name}：{len(rows)}条")
    for rule, article, verdict in rows:
        table.add_row(rule, article, VERDICTS[verdict], entries[rule].says)
    console().print(table)


def _as_mapping(rows: list[tuple[str, str, str]]) -> dict[str, dict[str, str]]:
    return {rule: {"article": article, "verdict": verdict} for rule, article, verdict in rows}


def limit_text(within: Within | None) -> str:
    """时限的写法，如「3个工作日（应/不得）」。"""
    if within is None:
        return ""
    return f"{within.count}{UNIT_LABELS[within.unit]}（{SEVERITIES[within.severity]}）"


def _stage_limit(rulebook: Rulebook, name: str, stage: Stage) -> str:
    parts = [limit_text(stage.within)]
    if stage.lasts is not None:
        parts.append(f"公示{stage.lasts.count}{UNIT_LABELS[stage.lasts.unit]}")
    parts.extend(
        f"{clock.label}{limit_text(clock)}"
        for clock in rulebook.clocks.values()
        if name in clock.covers
    )
    return "；".join(part for part in parts if part)


def _stages(rulebook: Rulebook) -> Table:
    table = Table("环节", "由谁办", "时限", "依据", "原文", title="程序")
    for name, stage in rulebook.stages.items():
        role = rulebook.roles[stage.by.role].label
        limit = _stage_limit(rulebook, name, stage)
        table.add_row(stage.label, role, limit, rulebook.article(stage), stage.quote or "")
    return table


def _limits(rulebook: Rulebook) -> Table:
    table = Table("限额", "不超过（元）", "轻重", "依据", "原文", title="限额")
    for limit in rulebook.limits.values():
        amount = f"{limit.at_most // 100:,}" if limit.at_most is not None else ""
        severity = SEVERITIES[limit.severity]
        table.add_row(limit.label, amount, severity, rulebook.article(limit), limit.quote or "")
    return table


def _readings(city: str) -> Table:
    table = Table("编号", "疑义", "我方解释", title="原文未定之处的解释")
    for name, reading in readings(city).items():
        table.add_row(name, reading.question, reading.reading)
    return table
