"""逐件一行的表: what an official wrote in a workbook or a CSV, a row for each case.

The first row names the columns; a case's number stands under 编号.
"""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from deployments.terminal.forms import BadAnswerError
from schemas.cells import text
from schemas.reading import RefusedWorkbookError, read_grids

NUMBER = "编号"
ENCODINGS = ("utf-8-sig", "gb18030")

Row = Mapping[str, str]


def rows_of(path: Path) -> dict[str, Row]:
    """The rows of a .csv or .xlsx by the case's number, empty ones left out.

    Raises:
        BadAnswerError: the file cannot be read, has no column 编号, or names a case twice.
    """
    if not path.is_file():
        raise BadAnswerError(f"没有文件 {path}，请核对路径。")
    lines = _comma_separated(path) if path.suffix.lower() == ".csv" else _workbook(path)
    return by_number(path.name, [line for line in lines if any(line)])


def by_number(name: str, lines: Sequence[Sequence[str]]) -> dict[str, Row]:
    """Each line's cells under the heads of the first line."""
    heads = [head.strip() for head in lines[0]] if lines else []
    if NUMBER not in heads:
        raise BadAnswerError(f"{name} 第一行没有“{NUMBER}”这一列，请补上表头。")
    found: dict[str, Row] = {}
    for line in lines[1:]:
        row = {head: cell.strip() for head, cell in zip(heads, line, strict=False) if head}
        number = row.pop(NUMBER)
        if not number or number in found:
            problem = f"编号{number}写了两次" if number else "有一行没有写编号"
            raise BadAnswerError(f"{name} {problem}，请改正。")
        found[number] = row
    return found


def value_of(number: str, row: Row, heads: Iterable[str]) -> str:
    """What stands under the first of these heads that the table has."""
    for head in heads:
        if head in row:
            return row[head]
    raise BadAnswerError(f"{number}没有“{'、'.join(heads)}”这一列，请补上。")


def _comma_separated(path: Path) -> list[list[str]]:
    content = path.read_bytes()
    for encoding in ENCODINGS:
        try:
            return list(csv.reader(io.StringIO(content.decode(encoding))))
        except UnicodeDecodeError:
            continue
    raise BadAnswerError(f"{path.name} 读不懂，请另存为 UTF-8 的 CSV 或 .xlsx。")


def _workbook(path: Path) -> list[list[str]]:
    try:
        grids = read_grids(path)
    except RefusedWorkbookError as error:
        raise BadAnswerError(str(error)) from error
    first = grids[0].rows if grids else {}
    return [[text(cell) or "" for cell in first[number]] for number in sorted(first)]
