"""测量命令: `minsheng bench` measures the speed of this machine in passing folders of its own."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter
from rich.table import Table

from deployments import server
from deployments.console import console, print_json
from deployments.measuring.figures import Figure, machine

What = Literal["all", "folds", "acts", "wakes"]


def bench(
    what: Annotated[What, Parameter(help="测哪一项：folds 折叠，acts 办理，wakes 推进。")] = "all",
    *,
    runs: Annotated[int, Parameter(help="每项测几次，取中位数。")] = 3,
    projects: Annotated[int, Parameter(help="办理时在办的项目数。")] = 10_000,
    waiting: Annotated[int, Parameter(help="推进时等待的项目数。")] = 200,
    postgres: Annotated[str | None, Parameter(help="空的 PostgreSQL 库，给了就也测它。")] = None,
    as_json: Annotated[bool, Parameter(name="--json", negative="", help="输出 JSON。")] = False,
) -> None:
    """测量本机的速度：另开台账与 Prefect，测完即删；测时请勿同时做别的。"""
    out = console()
    found: list[Figure] = []
    with tempfile.TemporaryDirectory(prefix="minsheng-bench-") as name:
        folder = Path(name)
        with out.status("正在测量……") as status:
            for title, figures in _measured(folder, what, runs, projects, waiting, postgres):
                status.update(f"正在测量：{title}……")
                found.extend(figures)
    if as_json:
        print_json(
            [
                {"what": item.what, "conditions": item.conditions, "unit": item.unit}
                | {"median": item.median, "runs": list(item.runs)}
                for item in found
            ]
        )
        return
    table = Table("项目", "条件", "中位数", "各次", "单位", title=f"测量结果（{machine()}）")
    for item in found:
        table.add_row(item.what, item.conditions, f"{item.median:,.1f}", item.spread, item.unit)
    out.print(table)


def _measured(
    folder: Path, what: What, runs: int, projects: int, waiting: int, postgres: str | None
) -> Iterator[tuple[str, list[Figure]]]:
    """Each kind of figure in turn; modules that take seconds to import only when they are due."""
    if what in ("all", "folds"):
        from deployments.measuring.folds import measure_folds  # noqa: PLC0415

        yield "折叠", measure_folds(folder, runs)
    if what in ("all", "acts"):
        from deployments.measuring.acts import Load, measure_acts  # noqa: PLC0415

        load = Load(projects=projects, runs=runs)
        url = f"sqlite:///{folder / 'acts.sqlite'}"
        yield "办理（SQLite）", measure_acts("SQLite", url, folder, load)
        if postgres is not None:
            yield "办理（PostgreSQL）", measure_acts("PostgreSQL", postgres, folder, load)
    if what in ("all", "wakes"):
        from deployments.measuring.wakes import measure_wakes  # noqa: PLC0415

        server.stop(folder / "prefect")
        yield "推进", measure_wakes(folder / "wakes", waiting, runs)
