"""测量命令: `minsheng bench` measures the speed of this machine in passing folders of its own."""

import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter
from rich.table import Table

from deployments.measuring.figures import Figure, machine
from deployments.services import server
from deployments.terminal.console import console, print_json

What = Literal["all", "rules", "folds", "acts", "wakes", "reports", "claims", "papers"]


def bench(
    what: Annotated[
        What,
        Parameter(
            help="测哪一项：rules 规则手册，folds 折叠，acts 办理，reports 报表，"
            "claims 认定申请，papers 制作公文，wakes 推进。"
        ),
    ] = "all",
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
        wanted = _Wanted(Path(name), runs, projects, waiting, postgres)
        with out.status("正在测量……") as status:
            for step in STEPS.values() if what == "all" else (STEPS[what],):
                for title, figures in step(wanted):
                    status.update(f"正在测量：{title}……")
                    found.extend(figures)
    if as_json:
        print_json(
            [
                {"what": item.what, "conditions": item.conditions, "unit": item.unit}
                | {"median": item.median, "runs": list(item.runs), "detail": item.detail}
                for item in found
            ]
        )
        return
    table = Table("项目", "条件", "中位数", "各次", "单位", title=f"测量结果（{machine()}）")
    for item in found:
        if item.detail:
            continue
        table.add_row(item.what, item.conditions, f"{item.median:,.2f}", item.spread, item.unit)
    out.print(table)


@dataclass(frozen=True, slots=True)
class _Wanted:
    folder: Path
    runs: int
    projects: int
    waiting: int
    postgres: str | None

    def databases(self, name: str) -> Iterator[tuple[str, str]]:
        """SQLite in a file of its own, and PostgreSQL where one was given."""
        yield "SQLite", f"sqlite:///{self.folder / name}.sqlite"
        if self.postgres is not None:
            yield "PostgreSQL", self.postgres


Measured = Iterator[tuple[str, list[Figure]]]

# Each imports what it measures only when it is due: some modules take seconds.


def _rules(wanted: _Wanted) -> Measured:
    from deployments.measuring.rules import measure_rules  # noqa: PLC0415

    yield "读规则手册", measure_rules(wanted.runs)


def _folds(wanted: _Wanted) -> Measured:
    from deployments.measuring.folds import measure_folds  # noqa: PLC0415

    yield "折叠", measure_folds(wanted.folder, wanted.runs)


def _acts(wanted: _Wanted) -> Measured:
    from deployments.measuring.acts import Load, measure_acts  # noqa: PLC0415

    load = Load(projects=wanted.projects, runs=wanted.runs)
    for name, url in wanted.databases("acts"):
        yield f"办理（{name}）", measure_acts(name, url, wanted.folder, load)


def _reports(wanted: _Wanted) -> Measured:
    from deployments.measuring.reports import measure_reports  # noqa: PLC0415

    for name, url in wanted.databases("reports"):
        yield f"报表（{name}）", measure_reports(name, url, wanted.folder, wanted.runs)


def _claims(wanted: _Wanted) -> Measured:
    from deployments.measuring.claims import measure_claims  # noqa: PLC0415

    for name, url in wanted.databases("claims"):
        yield f"认定申请（{name}）", measure_claims(name, url, wanted.folder, wanted.runs)


def _papers(wanted: _Wanted) -> Measured:
    from deployments.measuring.papers import measure_papers  # noqa: PLC0415

    yield "制作公文", measure_papers(wanted.runs)


def _wakes(wanted: _Wanted) -> Measured:
    from deployments.measuring.wakes import measure_wakes  # noqa: PLC0415

    server.stop(wanted.folder / "prefect")
    yield "推进", measure_wakes(wanted.folder / "wakes", wanted.waiting, wanted.runs)


STEPS: Mapping[str, Callable[[_Wanted], Measured]] = {
    "rules": _rules,
    "folds": _folds,
    "acts": _acts,
    "reports": _reports,
    "claims": _claims,
    "papers": _papers,
    "wakes": _wakes,
}
