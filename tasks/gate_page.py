"""总检查页: the result of the check before a report leaves, as a page for administrators."""

from schemas.gates import GateReport
from tasks.wording import plain

CELL = 300


def gate_page(report: GateReport) -> str:
    """The page in Markdown: the verdict, each check, and the rows that do not agree."""
    page = report.page()
    lines = [f"## {page['title']}", "", page["verdict"], ""]
    lines += [f"| {' | '.join(page['heads'])} |", "|---|---|---|"]
    for label, said, rows in page["rows"]:
        lines.append(f"| {_cell(label)} | {_cell(said)} | {'<br>'.join(map(_cell, rows)) or '/'} |")
    return "\n".join(lines)


def _cell(text: str) -> str:
    return plain(text, CELL).replace("|", "、")
