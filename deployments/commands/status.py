"""状态命令: `minsheng status`: what is open, what is owed, and whether everything runs."""

import json
from typing import Any

from rich.console import Console

from deployments.commands.up import interface
from deployments.office import office
from deployments.places import DEMO, Place, current
from deployments.services import server
from deployments.services.machinery import waiting_processes
from deployments.terminal.console import Json, console, print_json
from deployments.terminal.lines import named, say
from deployments.terminal.periods import chinese_moment
from records.acting import overview

PLACES = {DEMO: "演示"}


def status(*, as_json: Json = False) -> None:
    """看运行状态：在办几件，逾期几件，机器还差几件，各进程是否在运行。"""
    chosen = current()
    found = read(chosen)
    if as_json:
        print_json(found)
    else:
        _show(console(), chosen, found)


def read(chosen: Place) -> dict[str, Any]:
    """The state of a place as plain values."""
    store = office()
    closed, total = overview.closed_and_total(store)
    url = server.address(chosen.prefect)
    return {
        "place": chosen.name,
        "now": store.clock.now(),
        "open": total - closed,
        "closed": closed,
        "overdue": overview.overdue(store),
        "behind": overview.behind(store),
        "failing": overview.failing_effects(store),
        "waiting_processes": waiting_processes(chosen),
        "towns": overview.open_by_town(store),
        "prefect": {
            "api": url,
            "interface": interface(url) if url else None,
            "pid": server.process(chosen.prefect, "server"),
            "worker": server.process(chosen.prefect, "worker"),
        },
        "driver": _driver(chosen),
    }


def _driver(chosen: Place) -> dict[str, Any]:
    pid = server.process(chosen.prefect, "driver")
    beat: dict[str, Any] = {}
    if chosen.heartbeat.exists():
        beat = json.loads(chosen.heartbeat.read_text(encoding="utf-8"))
    return {**beat, "pid": pid}


def _show(out: Console, chosen: Place, found: dict[str, Any]) -> None:
    name = PLACES.get(chosen.name, "正式运行")
    out.print(f"[bold]{name}[/bold]　{chinese_moment(found['now'])}")
    late = f"{found['overdue']}件逾期" if found["overdue"] else "没有逾期"
    style = "red" if found["overdue"] else ""
    named(out, "事项", f"在办{found['open']}件，{late}；已办结{found['closed']}件", style=style)
    for town, count in found["towns"].items():
        say(out, f"{town}在办{count}件", indent=8)
    named(out, "机器", _machine(found))
    named(out, "等待", f"占用{found['waiting_processes']}个进程")
    named(out, "界面", found["prefect"]["interface"] or "没有运行，minsheng up 可启动")
    named(out, "驱动", _driving(found["driver"]))


def _machine(found: dict[str, Any]) -> str:
    behind, failing = found["behind"], found["failing"]
    text = f"还有{behind}件待跟上" if behind else "已全部跟上"
    return f"{text}，{failing}项正在办或没有办成" if failing else text


def _driving(driver: dict[str, Any]) -> str:
    if driver["pid"] is None:
        return "没有运行；办理照常受理，流程暂不推进"
    return f"运行中（进程{driver['pid']}），已唤醒{driver.get('woken', 0)}次"
