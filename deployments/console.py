"""终端: how the command line speaks: sentences for people, JSON for programs, no tracebacks."""

import json
import sys
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NoReturn

from rich.console import Console

BAD_INPUT = 2


def console() -> Console:
    """The terminal people read."""
    return Console(highlight=False)


def refuse(sentence: str, code: int = BAD_INPUT) -> NoReturn:
    """不予受理: say one sentence on the error stream and leave with a code that is not zero."""
    Console(stderr=True, highlight=False, markup=False, soft_wrap=True).print(sentence)
    raise SystemExit(code)


def print_json(value: Mapping[str, Any] | Sequence[Any]) -> None:
    """Write `value` as JSON in readable Chinese; dates and moments in ISO form."""
    text = json.dumps(value, ensure_ascii=False, indent=2, default=_iso)
    sys.stdout.write(text + "\n")


def chinese(day: date) -> str:
    """2026年3月5日."""
    return f"{day.year}年{day.month}月{day.day}日"


def _iso(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return str(value)
