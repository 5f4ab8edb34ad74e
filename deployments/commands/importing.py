"""收件命令: `minsheng import` checks the workbooks that towns send and takes them in."""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter
from rich.progress import Progress
from rich.table import Table

from deployments.console import console, print_json, refuse
from deployments.office import office
from records import attachments, intake, overview
from records.intake import Inbox, Taken
from records.store import Store
from rulebooks.loader import BrokenRulebookError, load_rulebook
from schemas.choices import choices_of
from schemas.findings import (
    Checked,
    Finding,
    RefusedWorkbookError,
    check_workbook,
    write_marked_workbook,
)

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHOWN = 40


@dataclass(frozen=True, slots=True)
class Received:
    """一份收件: the file, what was found, and what became of its rows."""

    path: Path
    checked: Checked
    taken: tuple[Taken, ...]
    marked: Path | None


def import_workbooks(
    paths: Annotated[list[Path], Parameter(help="镇(区)报来的 .xlsx 文件，可以几份一起。")],
    /,
    *,
    city: Annotated[
        str, Parameter(help="所属城市，见 minsheng rulebook coverage。")
    ] = "zhangjiagang",
    town: Annotated[
        str | None, Parameter(help="所属镇(区)，需要其补充规定中的环节时填写。")
    ] = None,
    valid_only: Annotated[
        bool, Parameter(negative="", help="有不合格的行时，只收合格的行；缺省为整份退回。")
    ] = False,
    as_json: Annotated[bool, Parameter(name="--json", negative="", help="输出 JSON。")] = False,
) -> None:
    """校验并收入工作簿；有不合格之处则逐格列出，并另存一份标红的文件。"""
    try:
        received = [receive(path, city, town, valid_only=valid_only) for path in paths]
    except (RefusedWorkbookError, BrokenRulebookError) as error:
        refuse(str(error))
    if as_json:
        print_json([_as_json(item) for item in received])
    else:
        for item in received:
            _show(item)
    if any(item.checked.findings or _refused(item) for item in received):
        raise SystemExit(1)


def receive(path: Path, city: str, town: str | None, *, valid_only: bool) -> Received:
    """收一份文件: check it, then take in its rows; nothing when a row is wrong and all is asked.

    Raises:
        RefusedWorkbookError: the file cannot be read safely.
        BrokenRulebookError: the city has no usable rulebook.
    """
    if not path.is_file():
        raise RefusedWorkbookError(f"没有文件 {path}，请核对路径。")
    store = office()
    choices = choices_of(load_rulebook(city, None, town))
    with store.glance() as connection:
        known = overview.organisation_levels(connection)
    checked = check_workbook(path, choices, known=known)
    marked = _marked(path, checked.findings) if checked.findings else None
    if checked.findings and not valid_only:
        return Received(path, checked, (), marked)
    return Received(path, checked, _take_in(store, path, city, checked), marked)


def _marked(path: Path, findings: tuple[Finding, ...]) -> Path:
    marked = path.with_name(f"{path.stem}（标红）.xlsx")
    write_marked_workbook(path, findings, marked)
    return marked


def _take_in(store: Store, path: Path, city: str, checked: Checked) -> tuple[Taken, ...]:
    evidence = attachments.keep(store, path.read_bytes(), path.name, XLSX)
    rows = len(checked.suggestions) + len(checked.under_way)
    with Progress(console=console(), transient=True) as progress:
        bar = progress.add_task(f"收入 {path.name}", total=rows)
        inbox = Inbox(city, checked, evidence)
        return tuple(intake.take_in(store, inbox, lambda _: progress.advance(bar)))


def _refused(received: Received) -> list[Taken]:
    return [item for item in received.taken if item.number is None]


def _as_json(received: Received) -> dict[str, Any]:
    return {
        "file": str(received.path),
        "findings": [asdict(finding) for finding in received.checked.findings],
        "marked": str(received.marked) if received.marked else None,
        "taken": [asdict(item) for item in received.taken],
    }


def _show(received: Received) -> None:
    out = console()
    opened = [item for item in received.taken if item.number]
    repeated = sum(item.repeated for item in opened)
    findings = received.checked.findings
    if findings:
        out.print(_findings(findings))
        out.print(f"另存了标红的文件：{received.marked}")
    if findings and not received.taken:
        out.print(
            f"{received.path.name} 有{len(findings)}处不合格，整份没有收入；"
            "改正后重新收件，或加 --valid-only 只收合格的行。",
            style="bold red",
        )
        return
    for item in _refused(received):
        out.print(f"第{item.row}行“{item.title}”没有立卷：{item.sentence}", style="red")
    out.print(f"{received.path.name}：立卷{len(opened) - repeated}件，此前已收{repeated}件。")


def _findings(findings: tuple[Finding, ...]) -> Table:
    table = Table("表", "行", "列", "填的是", "问题", title=f"不合格之处（{len(findings)}处）")
    for finding in findings[:SHOWN]:
        table.add_row(
            finding.sheet, str(finding.row), finding.column, finding.value, finding.sentence
        )
    if len(findings) > SHOWN:
        table.caption = f"只列前{SHOWN}处，其余见标红的文件。"
    return table
