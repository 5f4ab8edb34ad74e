"""启动命令: `minsheng up` starts the office: records, Prefect's server and worker, the driver."""

from typing import Annotated, Literal

from cyclopts import Parameter

from deployments.office import office
from deployments.places import DEMO, OFFICE, Place, place
from deployments.services import server
from deployments.soundness import check_rules
from deployments.terminal.console import console, refuse

POOL = "minsheng"


def up(
    *,
    port: Annotated[int | None, Parameter(help="Prefect 界面的端口；缺省任选一个空闲的。")] = None,
    by: Annotated[
        Literal["driver", "pool"], Parameter(help="由谁跑流程：driver 驱动进程，pool 工作池。")
    ] = "driver",
) -> None:
    """启动正式运行：真实时间，一直运行，重启机器后再执行一次即接着办。"""
    check_rules()
    server.stop(place(DEMO).prefect)
    chosen = place(OFFICE)
    try:
        url = start(chosen, port, by)
    except server.ServerError as error:
        refuse(str(error), code=1)
    out = console()
    out.print(f"已启动。Prefect 界面：{interface(url)}", style="bold green")
    out.print("收件：minsheng import 文件.xlsx　待办：minsheng case list　停止：minsheng down")


def start(chosen: Place, port: int | None, by: str = "driver") -> str:
    """Start everything in a place and mark it as the one in use; Prefect's API address.

    Raises:
        ServerError: something did not start.
    """
    chosen.enter()
    chosen.mark()
    office()
    url = server.start(chosen.prefect, port)
    extra = {**chosen.environment(), "MINSHENG_DRIVE_BY": by}
    server.start_driver(chosen.prefect, extra)
    server.start_worker(chosen.prefect, POOL, extra)
    return url


def interface(url: str) -> str:
    """The address of Prefect's pages for people."""
    return url.removesuffix("/api") + "/v2/runs"
