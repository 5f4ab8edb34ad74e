"""停止命令: `minsheng down` stops what `demo` or `up` left running; the records stay."""

from deployments.places import DEMO, OFFICE, place
from deployments.services import server
from deployments.terminal.console import console


def down() -> None:
    """停止本机由 demo 或 up 启动的服务；台账与公文保留。"""
    stopped = False
    for name in (DEMO, OFFICE):
        folder = place(name).prefect
        stopped = stopped or server.address(folder) is not None
        server.stop(folder)
    console().print("已停止。" if stopped else "没有在运行的服务。")
