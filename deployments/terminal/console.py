"""终端: how the command line speaks: sentences for people, JSON for programs, no tracebacks."""

import json
import os
import sys
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated, Any, NoReturn

from cyclopts import Parameter
from rich.console import Console

BAD_INPUT = 2
REFUSED = 1
# What is piped to another program has no width; unbroken lines are easier to search.
PIPED_WIDTH = 160
# Below this, as on a phone, tables give way to lines.
TABLE_WIDTH = 90

Json = Annotated[bool, Parameter(name="--json", negative="", help="输出 JSON，供其他程序读取。")]


def console() -> Console:
    """The terminal people read."""
    measured = sys.stdout.isatty() or "COLUMNS" in os.environ
    return Console(highlight=False, width=None if measured else PIPED_WIDTH)


def warnings() -> Console:
    """The error stream; its sentences are never broken into lines."""
    return Console(stderr=True, highlight=False, markup=False, soft_wrap=True)


def refuse(sentence: str, code: int = BAD_INPUT) -> NoReturn:
    """不予受理: say one sentence on the error stream and leave with a code that is not zero."""
    warnings().print(sentence)
    raise SystemExit(code)


def print_json(value: Mapping[str, Any] | Sequence[Any]) -> None:
    """Write `value` as JSON in readable Chinese; dates and moments in ISO form."""
    text = json.dumps(value, ensure_ascii=False, indent=2, default=_iso)
    sys.stdout.write(text + "\n")


def chinese(day: date) -> str:
    """2026年3月5日."""
    return f"{day.year}年{day.month}月{day.day}日"


def _iso(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else str(value)
