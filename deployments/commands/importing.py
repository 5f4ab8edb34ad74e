"""收件命令: `minsheng import` checks the workbooks that towns send and takes them in."""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table

from deployments.defaults import default_city
from deployments.office import office
from deployments.soundness import rulebooks_of
from deployments.terminal.console import (
    REFUSED,
    TABLE_WIDTH,
    Json,
    console,
    print_json,
    refuse,
    warnings,
)
from deployments.terminal.lines import lean_table
from records.acting import enrolment, intake, overview
from records.acting.acts import today
from records.acting.intake import Inbox, Taken
from records.database.store import Store
from records.files import attachments
from rulebooks.reading.loader import BrokenRulebookError, load_rulebook, rulebook_on
from schemas.choices import choices_of
from schemas.findings import (
    Checked,
    Choices,
    Finding,
    RefusedWorkbookError,
    check_workbook,
    write_marked_workbook,
)
from schemas.layout import layout_of, load_layout

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHOWN = 40
MOVED = "records.parent"


@dataclass(frozen=True, slots=True)
class Received:
    """一份收件: the file, what was found, and what became of its rows."""

    path: Path
    checked: Checked
    taken: tuple[Taken, ...]
    marked: Path | None

    @property
    def refused(self) -> tuple[Taken, ...]:
        """Rows that were sound but for which no case could be opened."""
        return tuple(item for item in self.taken if item.number is None)

    @property
    def repeated(self) -> tuple[Taken, ...]:
        """Rows whose case had been opened before."""
        return tuple(item for item in self.taken if item.number and item.repeated)

    @property
    def opened(self) -> tuple[Taken, ...]:
        """Rows for which a case was opened just now."""
        return tuple(item for item in self.taken if item.number and not item.repeated)


def import_workbooks(
    paths: Annotated[
        list[Path],
        Parameter(name="文件", negative="", help="镇街报来的 .xlsx 文件，可以几份一起。"),
    ],
    /,
    *,
    city: Annotated[str | None, Parameter(help="所属城市的代号；缺省为通用设置所写的。")] = None,
    valid_only: Annotated[
        bool, Parameter(negative="", help="有不合格的行时只收合格的行；缺省为整份退回。")
    ] = False,
    as_json: Json = False,
) -> None:
    """校验并收入工作簿；不合格的逐格列出，另存一份标红的文件；重复收件不会重复立卷。"""
    city = city or default_city()
    try:
        choices = choices_in(city, office())
        missing = [path for path in paths if not path.is_file()]
        if missing:
            refuse(f"没有文件 {missing[0]}，请核对路径。")
        received = []
        for path in paths:
            received.append(receive(path, city, choices, valid_only=valid_only))
            if not as_json:
                _show(console(), received[-1])
    except BrokenRulebookError as error:
        refuse(str(error))
    except RefusedWorkbookError as error:
        refuse(f"{path.name}：{error}")
    if as_json:
        print_json([_as_json(item) for item in received])
    if any(item.checked.findings or item.refused for item in received):
        raise SystemExit(REFUSED)


def choices_in(city: str, store: Store) -> Choices:
    """一市今日立卷的可选项，照设置选定的版本；各镇街自行规定的环节都在内。

    Raises:
        BrokenRulebookError: the rulebook cannot be used.
    """
    chosen = store.versions.get(city)
    rulebook = rulebook_on(city, today(store), chosen=chosen) or load_rulebook(city)
    found = [choices_of(rulebook) for rulebook in rulebooks_of(city)]
    stages = {name: stage for item in found for name, stage in item.stages.items()}
    return replace(choices_of(rulebook), stages=stages)


def receive(path: Path, city: str, choices: Choices | None, *, valid_only: bool) -> Received:
    """收一份文件: check it, then take in its rows; nothing when a row is wrong and all is asked.

    Args:
        path: the workbook.
        city: whose rulebook applies.
        choices: what `choices_in` gave, where several files are received; None asks again.
        valid_only: take in the sound rows of a file that has others.

    Raises:
        RefusedWorkbookError: the file cannot be read safely.
        BrokenRulebookError: the rulebook cannot be used.
    """
    store = office()
    with warnings().status(f"正在校验 {path.name}……"):
        known = choices or choices_in(city, store)
        checked = _checked(store, path, known)
        marked = _marked(path, checked.findings, known) if checked.findings else None
    if checked.findings and not valid_only:
        return Received(path, checked, (), marked)
    return Received(path, checked, _take_in(store, path, city, checked), marked)


def _checked(store: Store, path: Path, choices: Choices) -> Checked:
    with store.glance() as connection:
        known = overview.organisation_levels(connection)
        checked = check_workbook(path, choices, known=known)
        moved = enrolment.moved(connection, checked.organisations)
    return replace(checked, findings=(*checked.findings, *_moved(checked, moved)))


def _moved(checked: Checked, moved: dict[str, str | None]) -> Iterator[Finding]:
    """机构的上级与台账不同：多半是两个镇街的社区重名。"""
    sheet = load_layout().sheets["organisations"]
    for organisation in checked.organisations:
        if organisation.name in moved:
            yield Finding(
                sheet=sheet.title,
                row=organisation.row,
                column=sheet.columns["parent"].title,
                value=organisation.parent or "",
                rule=MOVED,
                sentence=f"“{organisation.name}”已登记在“{moved[organisation.name]}”之下；"
                "重名的请在名称前加镇街名，确属划转的请管理员办理。",
            )


def _marked(path: Path, findings: tuple[Finding, ...], choices: Choices) -> Path:
    marked = path.with_name(f"{path.stem}（标红）.xlsx")
    write_marked_workbook(path, findings, marked, layout_of(choices))
    return marked


def _take_in(store: Store, path: Path, city: str, checked: Checked) -> tuple[Taken, ...]:
    evidence = attachments.keep(store, path.read_bytes(), path.name, XLSX)
    rows = len(checked.suggestions) + len(checked.under_way)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    inbox = Inbox(city, checked, evidence)
    quiet = not sys.stderr.isatty()
    with Progress(*columns, console=warnings(), transient=True, disable=quiet) as progress:
        bar = progress.add_task(f"收入 {path.name}", total=rows)
        return tuple(intake.take_in(store, inbox, lambda _: progress.advance(bar)))


def _as_json(received: Received) -> dict[str, Any]:
    return {
        "file": str(received.path),
        "findings": [asdict(finding) for finding in received.checked.findings],
        "marked": str(received.marked) if received.marked else None,
        "opened": len(received.opened),
        "repeated": len(received.repeated),
        "refused": len(received.refused),
        "taken": [asdict(item) for item in received.taken],
    }


def _show(out: Console, received: Received) -> None:
    findings = received.checked.findings
    if findings:
        _show_findings(out, findings)
        out.print(f"另存了标红的文件：{received.marked}", markup=False, soft_wrap=True)
    if findings and not received.taken:
        out.print(
            f"{received.path.name} 有{len(findings)}处不合格，整份没有收入；"
            "改正后重新收件，或加 --valid-only 只收合格的行。",
            style="bold red",
            markup=False,
        )
        return
    for item in received.refused:
        out.print(f"{_place(item)}没有立卷：{item.sentence}", style="red", markup=False)
    for item in received.taken:
        if item.note:
            out.print(f"{_place(item)}{item.number}：{item.note}", style="yellow", markup=False)
    out.print(_counted(received), style="bold", markup=False)


def _place(item: Taken) -> str:
    return f"「{load_layout().sheets[item.sheet].title}」第{item.row}行“{item.title}”"


def _counted(received: Received) -> str:
    parts = [f"新立卷{len(received.opened)}件"]
    if received.repeated:
        parts.append(f"此前已立{len(received.repeated)}件，没有重复立卷")
    if received.refused:
        parts.append(f"没有立卷{len(received.refused)}件")
    return f"{received.path.name}：{'，'.join(parts)}。"


def _show_findings(out: Console, findings: Sequence[Finding]) -> None:
    """不合格之处: place, value, rule and what to do; on a telephone one below the other."""
    out.print(f"不合格之处共{len(findings)}处：", style="bold")
    if out.width >= TABLE_WIDTH:
        out.print(_table(findings[:SHOWN]))
    else:
        for finding in findings[:SHOWN]:
            out.print(f"{finding.place}“{finding.value}”", style="bold", markup=False)
            out.print(f"  {finding.sentence}（{finding.rule}）", markup=False)
    if len(findings) > SHOWN:
        out.print(f"只列前{SHOWN}处，其余见标红的文件。")


def _table(findings: Sequence[Finding]) -> Table:
    table = lean_table("表", "行", "列", "原值", "规则", "问题与改法")
    for finding in findings:
        cells = (
            finding.sheet,
            str(finding.row or ""),
            finding.column,
            finding.value,
            finding.rule,
            finding.sentence,
        )
        table.add_row(*(escape(cell) for cell in cells))
    return table
