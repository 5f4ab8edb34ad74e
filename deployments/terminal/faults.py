"""故障: what is said of an error nobody caught, and where its traceback is kept for the expert."""

import traceback
from pathlib import Path

from deployments.places import home

# Errors whose own text is already a sentence for people, by name: most commands need none of the
# modules they stand in, and importing those takes seconds.
TOLD = frozenset(
    {
        "BrokenArticlesError",
        "BrokenAttachmentError",
        "BrokenCalendarError",
        "BrokenRulebookError",
        "BrokenTemplateError",
        "BusyRecordsError",
        "DrawingError",
        "EffectError",
        "IncompleteDocumentError",
        "MissingFontError",
        "NoGenreError",
        "PeriodError",
        "RefusedWorkbookError",
        "ServerError",
        "UnfitDocumentError",
        "UnknownPeriodError",
        "UnknownCaseError",
    }
)


def sentence_of(error: Exception) -> str:
    """One Chinese sentence about an unforeseen error; no traceback, but where it is kept."""
    if type(error).__name__ in TOLD:
        return str(error)
    if isinstance(error, PermissionError):
        return f"没有权限读写 {error.filename}，请换一个有权限的用户或文件夹再试。"
    kept = keep_traceback(error)
    return f"没有办成：出了意料之外的问题。详情记在 {kept}，请交管理员查看。"


def keep_traceback(error: Exception) -> Path:
    """Append the traceback of `error` to the log of faults; return that log's path."""
    path = home() / "faults.log"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as log:
        log.write("".join(traceback.format_exception(error)) + "\n")
    return path
