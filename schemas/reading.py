"""读工作簿：先查压缩目录，再在受限的子进程里解析；可疑或过大的文件以一句中文拒收。"""

from __future__ import annotations

import io
import json
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from schemas.cells import Raw, shown

PARSER: Final = Path(__file__).with_name("parser.py")
MEGABYTE: Final = 1024 * 1024
LARGEST_UNPACKED: Final = 50 * MEGABYTE
MOST_ENTRIES: Final = 200
PARSER_MEMORY: Final = 512 * MEGABYTE
PARSER_SECONDS: Final = 20
PARSER_OUTPUT: Final = 128 * MEGABYTE

# Numbers arrive as written, never as floats.
_EXACT = json.JSONDecoder(parse_float=Decimal, parse_int=Decimal, parse_constant=str)
_OLE = b"\xd0\xcf\x11\xe0"
_ENCRYPTED = 0x1
_MACROS = ("vbaproject", "macrosheets/", "activex/", "xl/ctrlprops/vba")
_LINKS = ("xl/externallinks/", "xl/connections.xml", "xl/querytables/")
_NESTED = (".zip", ".xlsx", ".xlsm", ".xls", ".jar", ".exe", ".7z", ".rar", ".gz")

Merge = tuple[int, int, int, int]


class RefusedWorkbookError(Exception):
    """拒收的文件；消息是一句中文，说明原因与改法。"""


@dataclass(frozen=True, slots=True)
class Grid:
    """一张工作表的原始内容：行号（自1起）到各格；合并区域为 (首行, 首列, 末行, 末列)，自0起。"""

    name: str
    rows: Mapping[int, tuple[Raw, ...]]
    merged: tuple[Merge, ...]


def read_grids(path: Path) -> tuple[Grid, ...]:
    """读出文件中的全部工作表。

    Raises:
        RefusedWorkbookError: 不是 .xlsx、过大、含宏或外部链接、加密、损坏或解析超限。
    """
    label = f"文件“{shown(path.name)}”"
    if not path.is_file():
        raise RefusedWorkbookError(f"{label}不存在，请核对文件位置。")
    if path.stat().st_size > LARGEST_UNPACKED:
        raise RefusedWorkbookError(f"{label}超过 50 MB，请删去图片与空白行后再上传。")
    content = path.read_bytes()
    refuse_unsafe(content, label)
    return _grids(_parsed(content, label))


def refuse_unsafe(content: bytes, label: str) -> None:
    """只看压缩目录，不解压：不合格的一律抛出 RefusedWorkbookError。"""
    if content.startswith(_OLE):
        raise RefusedWorkbookError(
            f"{label}是旧版 .xls 或加了密码，请取消密码并另存为 .xlsx 后再上传。"
        )
    try:
        entries = zipfile.ZipFile(io.BytesIO(content)).infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OverflowError) as error:
        raise RefusedWorkbookError(
            f"{label}不是 .xlsx 工作簿，请用电子表格软件另存为 .xlsx 后再上传。"
        ) from error
    reason = _unsafe(entries)
    if reason is not None:
        raise RefusedWorkbookError(f"{label}{reason}")


def _unsafe(entries: list[zipfile.ZipInfo]) -> str | None:
    names = [entry.filename.replace("\\", "/").lower() for entry in entries]
    unpacked = sum(entry.file_size for entry in entries)
    reasons = (
        (len(entries) > MOST_ENTRIES, "内的部件超过 200 个，请另存为新的 .xlsx 后再上传。"),
        (unpacked > LARGEST_UNPACKED, "解压后超过 50 MB，请删去图片与空白行后再上传。"),
        (len(set(names)) < len(names), "结构异常（部件重名），请另存为新的 .xlsx 后再上传。"),
        (
            any(entry.flag_bits & _ENCRYPTED for entry in entries),
            "加了密码，请取消密码后再上传。",
        ),
        (_any(names, _MACROS), "含有宏，请另存为不含宏的 .xlsx 后再上传。"),
        (_any(names, _LINKS), "含有外部链接，请断开链接、只保留数值后再上传。"),
        (
            any(name.endswith(_NESTED) for name in names),
            "内嵌了其他文件，请删去附件后再上传。",
        ),
        (
            not {"[content_types].xml", "xl/workbook.xml"} <= set(names),
            "不是 .xlsx 工作簿，请用电子表格软件另存为 .xlsx 后再上传。",
        ),
    )
    return next((sentence for found, sentence in reasons if found), None)


def _any(names: Iterable[str], parts: tuple[str, ...]) -> bool:
    return any(part in name for name in names for part in parts)


def _parsed(content: bytes, label: str) -> list[list[Any]]:
    """在受限子进程里解析；输出写入临时文件，超限由内核终止。"""
    limits = (PARSER_MEMORY, PARSER_SECONDS, PARSER_OUTPUT)
    command = [sys.executable, "-I", str(PARSER), *map(str, limits)]
    with tempfile.TemporaryFile() as output:
        try:
            done = subprocess.run(  # noqa: S603  (our own file, no shell, no words of the user)
                command,
                input=content,
                stdout=output,
                stderr=subprocess.DEVNULL,
                timeout=PARSER_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise RefusedWorkbookError(
                f"{label}在 20 秒内读不完，请删去空白行、分成几份后再上传。"
            ) from error
        if done.returncode != 0:
            raise RefusedWorkbookError(
                f"{label}已损坏或过大，无法读取；请另存为新的 .xlsx，删去空白行后再上传。"
            )
        output.seek(0)
        return [_EXACT.decode(line.decode()) for line in output]


def _grids(lines: list[list[Any]]) -> tuple[Grid, ...]:
    grids: list[Grid] = []
    rows: dict[int, tuple[Raw, ...]] = {}
    offset = 0
    for kind, *rest in lines:
        if kind == "sheet":
            sheet, first_column, merged = rest
            rows, offset = {}, int(first_column)
            ranges = [tuple(int(edge) for edge in edges) for edges in merged]
            grids.append(Grid(sheet, rows, tuple((a, b, c, d) for a, b, c, d in ranges)))
        else:
            number, cells = rest
            rows[int(number)] = (*(None,) * offset, *map(_cell, cells))
    return tuple(grids)


def _cell(cell: Any) -> Raw:
    if isinstance(cell, dict):
        return datetime.fromisoformat(cell["date"])
    return cell if not isinstance(cell, str) or cell.strip() else None
