"""日历命令: `minsheng calendar revise`: once a year's days off are announced, deadlines move."""

from dataclasses import asdict
from datetime import date
from typing import Annotated

from cyclopts import App, Parameter
from rich.markup import escape

from deployments.office import office
from deployments.terminal.console import Json, chinese, console, print_json
from records.acting.calendar_revision import foresee_revision
from records.acting.calendar_revision import revise as recalculate

app = App(name="calendar", help="工作日历：放假安排公布后重算期限。")


@app.command
def revise(
    *,
    dry_run: Annotated[bool, Parameter(negative="", help="只列出变动，不记入台账。")] = False,
    as_json: Json = False,
) -> None:
    """按现在的放假安排重算在办事项的期限，列出变动；已公告的公示期只延长，不缩短。

    先把新一年的安排写进 rulebooks/holidays/<年>.yaml，再执行本命令，并重启服务。
    """
    store = office()
    moved = foresee_revision(store) if dry_run else recalculate(store)
    if as_json:
        print_json([asdict(item) for item in moved])
        return
    out = console()
    for item in moved:
        out.print(f"[bold]{item.case}[/bold]　{escape(item.title)}")
        out.print(f"  {item.stage}　{item.deadline}：{_day(item.before)} → {_day(item.after)}")
    verb = "将变动" if dry_run else "变动"
    out.print(f"在办事项的期限{verb}{len(moved)}处。" if moved else "在办事项的期限没有变动。")
    if moved and not dry_run:
        out.print("正在运行的服务请 minsheng down 再 minsheng up，使其改用新的安排。")


def _day(day: date | None) -> str:
    return "未定" if day is None else chinese(day)
