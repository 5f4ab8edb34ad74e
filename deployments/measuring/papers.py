"""制作公文的速度: papers, editable texts and workbooks, each sort in a process of its own."""

from collections.abc import Callable, Mapping
from functools import partial

from deployments.measuring.alone import alone, memory, peak, seconds
from deployments.measuring.figures import Figure
from deployments.measuring.paperwork import ISSUED, LONGEST, Paper, papers, projects
from notices.official import render_official
from notices.pdf import Enclosed, write_pdf
from notices.word import write_docx
from notices.workbooks import write_workbook

ROWS = (5_000, 50_000)
Took = Mapping[str, tuple[float, ...]]


def measure_papers(runs: int, rows: tuple[int, ...] = ROWS) -> list[Figure]:
    """Papers and editable texts per second over one of every kind; seconds of a long workbook."""
    found: list[Figure] = []
    for sort in MAKERS:
        found.extend(_paces(sort, alone(_made, sort, runs)))
    for count in rows:
        took, most, more = alone(_workbooks, count, runs)
        conditions = f"项目一览表，{count:,}行，13栏"
        found.append(Figure("XLSX", conditions, "秒", took))
        found.append(Figure("XLSX，进程最高内存", conditions, "MB", (most,)))
        found.append(Figure("XLSX，写出时增加的内存", conditions, "MB", (more,)))
    return found


def _paces(sort: str, took: Took) -> list[Figure]:
    """All kinds together, one of each; without the long report; then every kind by itself."""
    short = {kind: runs for kind, runs in took.items() if kind != LONGEST}
    return [
        _pace(sort, f"{len(took)}种公文各一件，其中月报七页，附表三张、图一幅", took),
        _pace(sort, f"{len(short)}种一两页的公文各一件", short),
        *(
            Figure(sort, kind, "件/秒", tuple(1 / run for run in runs), detail=True)
            for kind, runs in took.items()
        ),
    ]


def _pace(sort: str, conditions: str, took: Took) -> Figure:
    totals = [sum(run) for run in zip(*took.values(), strict=True)]
    return Figure(sort, conditions, "件/秒", tuple(len(took) / total for total in totals))


def _pdf(paper: Paper) -> None:
    """As a submission's paper is made: set, and its workbook put inside."""
    workbook = write_workbook(paper.tables, made_on=ISSUED) if paper.tables else b""
    enclosed = (Enclosed("附表.xlsx", workbook, ISSUED),) if workbook else ()
    write_pdf(render_official(paper.document).html, enclosed=enclosed)


def _docx(paper: Paper) -> None:
    write_docx(paper.document)


MAKERS: Mapping[str, Callable[[Paper], None]] = {"PDF": _pdf, "DOCX": _docx}


def _made(sort: str, runs: int) -> Took:
    """Seconds of every kind and run; the first round only warms: fonts are read, styles known."""
    make, every = MAKERS[sort], papers()
    for paper in every.values():
        make(paper)
    return {
        kind: tuple(seconds(partial(make, paper)) for _ in range(runs))
        for kind, paper in every.items()
    }


def _workbooks(count: int, runs: int) -> tuple[tuple[float, ...], float, float]:
    """Seconds of each run, the process's peak, and how much of it came with the writing."""
    table = projects(count)
    before = memory()
    took = tuple(seconds(lambda: write_workbook((table,), made_on=ISSUED)) for _ in range(runs))
    most = peak()
    return took, most, max(most - before, 0.0)
