"""状态命令: `minsheng status`: what is open, what is owed, and whether everything runs."""

import json
from typing import Annotated, Any

from cyclopts import Parameter

from deployments import server
from deployments.commands.up import interface
from deployments.console import console, print_json
from deployments.office import office
from deployments.places import Place, current
from records import overview


def status(
    *, as_json: Annotated[bool, Parameter(name="--json", negative="", help="输出 JSON。")] = False
) -> None:
    """看运行状态：在办几件，机器还差几件，各进程是否在运行。"""
    found = read(current())
    if as_json:
        print_json(found)
        return
    out = console()
    out.print(f"场所：{found['place']}　时间：{found['now']}")
    out.print(f"在办{found['open']}件，已办结{found['closed']}件，机器待跟上{found['behind']}件。")
    out.print(f"等待中的事项占用进程{found['waiting_processes']}个。")
    address = found["prefect"]["interface"]
    out.print(f"Prefect：{address}" if address else "Prefect 没有运行，minsheng up 可启动。")
    driver = found["driver"]
    if driver["pid"]:
        out.print(f"驱动进程：{driver['pid']}，已唤醒{driver.get('woken', 0)}次。")
    else:
        out.print("驱动进程没有运行；办理照常受理，流程暂不推进。")
    for town, count in found["towns"].items():
        out.print(f"  {town}：在办{count}件")


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
        "behind": overview.behind(store),
        # A waiting case is a row; only the driver and the worker are processes.
        "waiting_processes": 0,
        "towns": overview.open_by_town(store),
        "prefect": {"api": url, "interface": interface(url) if url else None},
        "driver": _driver(chosen),
    }


def _driver(chosen: Place) -> dict[str, Any]:
    pid = server.process(chosen.prefect, "driver")
    beat: dict[str, Any] = {}
    if chosen.heartbeat.exists():
        beat = json.loads(chosen.heartbeat.read_text(encoding="utf-8"))
    return {**beat, "pid": pid}
