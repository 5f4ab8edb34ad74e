"""故障记录: keeps the traceback of an unforeseen error in a file, so that people see a sentence."""

import traceback
from pathlib import Path

from deployments.places import home


def keep_traceback(error: Exception) -> Path:
    """Append the traceback of `error` to the log of faults; return that log's path."""
    path = home() / "faults.log"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as log:
        log.write("".join(traceback.format_exception(error)) + "\n")
    return path
