"""报送命令: `minsheng report`: opens a report that is due, writes its files, and tells its figures.

A report is written as of its cut-off: made again, it has the same bytes.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

from cyclopts import App, Parameter
from rich.markup import escape

from deployments.office import office
from deployments.places import current
from deployments.terminal.console import Json, chinese, console, print_json, refuse
from deployments.terminal.lines import lean_table
from notices.tables import Column, printed
from records.acting import overview
from records.cases.commands import Accepted, Refused
from records.database.store import Store
from records.files.notices import File
from records.people.areas import area_of
from records.people.organisations import Organisation, chain_of, find_organisation
from records.reporting.figures import drill as behind
from records.reporting.figures import number_of
from records.reporting.reported import reported
from records.reporting.submissions import Submission, codes_wanted, open_submission
from rulebooks.policy.duties import Period, UnknownPeriodError, period_of
from rulebooks.reading.loader import load_rulebook
from rulebooks.vocabulary.model import Rulebook
from schemas.measures import CELL_LABELS, MEASURES
from tasks.reporting.makers import made_again

Place = Annotated[str, Parameter(help="哪个机关报，写名称，如 城东镇；通报写市名。")]
When = Annotated[
    str, Parameter(name="--period", help="哪一期：2026-10 月，2026-Q3 季，2026-H1 半年，2026 年。")
]
Folder = Annotated[
    Path | None, Parameter(name="--to", help="文件放到哪个文件夹；缺省为台账旁的 reports。")
]
REPORTS = "reports"
FIGURES = {name: measure.label for name, measure in MEASURES.items()}
YUAN = Column("amount", "金额", "money_yuan")


def _listed(labels: Mapping[str, str]) -> str:
    return "、".join(f"{label}（{code}）" for code, label in labels.items())


app = App(name="report", help="报送：月报、季报、年报、通报，以及每个数背后的项目。")


@app.command
def monthly(*, place: Place, period: When, to: Folder = None) -> None:
    """月报：开立某镇街某月的月报，写出文件；不到期末不开立。"""
    _report("monthly", place, period, to)


@app.command
def quarterly(*, place: Place, period: When, to: Folder = None) -> None:
    """季报：某季度的认定申请与资金申请。"""
    _report("quarterly_claim", place, period, to)


@app.command
def annual(*, place: Place, period: When, to: Folder = None) -> None:
    """年度总结：某年的全部项目。"""
    _report("annual", place, period, to)


@app.command
def bulletin(*, place: Place, period: When, to: Folder = None) -> None:
    """通报：主管部门对各镇街某月推进情况的通报。"""
    _report("bulletin", place, period, to)


@app.command(name="of")
def other(
    duty: Annotated[
        str, Parameter(name="报送", help="哪一种，写规则手册 submissions.yaml 里的名称。")
    ],
    /,
    *,
    place: Place,
    period: When,
    to: Folder = None,
) -> None:
    """其他报送：规则手册写明的任何一种，如 midterm_report。"""
    _report(duty, place, period, to)


@app.command
def drill(
    measure: Annotated[
        str, Parameter(name="数", help=f"哪个数，写名称或代码：{_listed(FIGURES)}。")
    ],
    /,
    *,
    place: Place,
    period: When,
    kind: Annotated[str | None, Parameter(help="只看这种类型的，写名称或代码。")] = None,
    category: Annotated[str | None, Parameter(help="只看这种类别的，写名称或代码。")] = None,
    as_json: Json = False,
) -> None:
    """追溯：报表里的一个数由哪些项目得来，逐个列出，合计与报表相等。

    --place 写市、区、镇街、办事处或社区，含其下属各地。
    该期的报表开立过的，照它的截止时点所知；没有开立的，照期末所知，期末未到照现在所知。
    """
    measure = _code(measure, FIGURES, "数")
    store = office()
    where, span = _office(store, place), _period(period)
    book = load_rulebook(where.city or "")
    cell = {
        "kind": kind and _code(kind, book.kinds, "类型"),
        "category": category and _code(category, book.categories, "类别"),
    }
    as_of = _known_until(store, where, period) or min(span.ends, store.clock.now())
    with store.glance() as connection:
        area = area_of(connection, where, tuple(book.levels))
    found = area.among(behind(store, where.city or "", span, as_of, measure, **cell))
    rows, total = found.to_dicts(), number_of(found, measure)
    if as_json:
        print_json({"measure": measure, "total": total, "as_of": as_of, "rows": rows})
        return
    _show_rows(measure, rows, total, as_of, book)


def _code(given: str, labels: Mapping[str, str], what: str) -> str:
    """The code of what was written as its code or as its label."""
    codes = [code for code, label in labels.items() if given in (code, label)]
    if not codes:
        refuse(f"没有“{given}”这个{what}，可写：{_listed(labels)}。")
    return codes[0]


def _known_until(store: Store, where: Organisation, period: str) -> datetime | None:
    """The cut-off of the report on that period, the place's own or the nearest above it."""
    with store.glance() as connection:
        chain = chain_of(connection, where.id)
    found = (item for office in chain for item in reported(store, office.id, period)[-1:])
    return next((item.cut_off for item in found), None)


def _show_rows(
    measure: str, rows: list[dict[str, Any]], total: int, as_of: datetime, book: Rulebook
) -> None:
    out, unit = console(), MEASURES[measure].unit
    label = MEASURES[measure].label
    if not rows:
        out.print(f"{label}：没有项目；换一期或放宽 --kind、--category 再看。")
        return
    table = lean_table("编号", "项目", *CELL_LABELS.values(), "日期", "数")
    for row in rows:
        number = {"fen": row["amount_fen"], "people": row["count"]}.get(unit, 1)
        table.add_row(
            row["case"],
            escape(row["title"]),
            row["town"],
            row["community"],
            book.kinds.get(row["kind"], row["kind"]),
            book.categories.get(row["category"], row["category"]),
            row["occurred_on"].isoformat(),
            printed(YUAN, number) if unit == "fen" else str(number),
        )
    out.print(table)
    said = f"{printed(YUAN, total)}元" if unit == "fen" else str(total)
    out.print(f"{label}合计{said}，截至{as_of:%Y-%m-%d %H:%M}所知。", style="bold")


def _report(kind: str, place: str, period: str, to: Path | None) -> None:
    store = office()
    where = _office(store, place)
    _period(period)
    book = load_rulebook(where.city or "")
    submission = Submission(where.city or "", where.id, _duty(book, kind), period)
    answer = open_submission(store, submission)
    if isinstance(answer, Refused):
        refuse(answer.sentence, code=1)
    _show(store, answer, to or current().folder / REPORTS)
    for sentence in codes_wanted(store, answer.case):
        console().print(f"提示：{sentence}", style="yellow")


def _show(store: Store, answer: Accepted, folder: Path) -> None:
    out = console()
    state = overview.state_of(store, answer.case)
    files, same = made_again(store, state)
    if same is False:
        refuse(
            f"重新编制的{answer.case}与已出具的不同，没有写出文件；"
            "请用 minsheng journal verify 查核。",
            code=1,
        )
    written = _written(folder, files)
    opened = "早已开立" if answer.repeated else "已开立"
    out.print(f"{answer.case} {escape(str(state.facts['title']))}　{opened}", style="bold")
    out.print(f"现状：{escape(answer.position.waits_for)}")
    for duty in answer.position.duties:
        due = f"，最迟{chinese(duty.due)}" if duty.due else ""
        out.print(f"待办：{duty.label}{due}（{duty.article}）　minsheng case act {answer.case}")
    for path in written:
        out.print(f"文件：{escape(str(path))}")
    if same is not None:
        out.print("与已出具的逐字节相同。")


def _written(folder: Path, files: Sequence[File]) -> list[Path]:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for file in files:
            (folder / file.name).write_bytes(file.data)
    except OSError as error:
        refuse(
            f"文件写不进“{folder}”（{error.strerror}），请用 --to 换一个可以写的文件夹。", code=1
        )
    return [folder / file.name for file in files]


def _office(store: Store, name: str) -> Organisation:
    with store.glance() as connection:
        found = find_organisation(connection, name)
    if found is None or found.city is None:
        refuse(f"没有登记“{name}”，请核对 --place，或先用 minsheng import 收入机构名单。")
    return found


def _period(written: str) -> Period:
    try:
        return period_of(written)
    except UnknownPeriodError as error:
        refuse(str(error))


def _duty(book: Rulebook, kind: str) -> str:
    """The duty of that name, or whose report is of that kind, if it is reported by a submission."""
    found = [name for name in book.submissions if kind in (name, book.duties[name].report)]
    if not found:
        listed = (
            "、".join(f"{name}（{book.duties[name].label}）" for name in book.submissions) or "无"
        )
        refuse(f"{book.label}没有这种报送，现有：{listed}；用 minsheng report of 名称。")
    return found[0]
