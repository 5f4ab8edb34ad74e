"""图表页: a chart of a report with its table below, as a page for administrators in Prefect.

Prefect shows a picture that lies inside the page; an image of its own prints its whole address
across the page, so the picture and its table share one page.
"""

from base64 import b64encode

from notices.charts import Chart
from notices.tables import Row, Table, printed
from tasks.desk import Page
from tasks.wording import markdown, plain

TABLE_LIMIT = 20_000
CELL = 200
RIGHT = frozenset({"count", "money_yuan", "money_wan", "percent"})


def chart_page(number: str, name: str, chart: Chart) -> Page:
    """The page of case `number`'s chart `name`; its key is the same however often it is made."""
    caption = markdown(_cell(chart.table.caption), CELL)
    picture = b64encode(chart.svg.encode()).decode()
    lines = (
        f"## {caption}",
        "",
        f"![{caption}图](data:image/svg+xml;base64,{picture})",
        "",
        markdown("\n".join(_table(chart.table)), TABLE_LIMIT),
    )
    return Page(f"{number}-{name.replace('_', '-')}".lower(), caption, "\n".join(lines))


def _table(table: Table) -> list[str]:
    labels = (_cell(column.label) for column in table.columns)
    sides = ("---:" if column.kind in RIGHT else "---" for column in table.columns)
    said = [f"{entry.label}：{_cell(entry.text)}" for entry in table.heads]
    rows = table.rows if table.total is None else (*table.rows, table.total)
    return [
        " · ".join(filter(None, [*said, table.unit_note])),
        "",
        f"| {' | '.join(labels)} |",
        f"|{'|'.join(sides)}|",
        *(_line(table, row) for row in rows),
    ]


def _line(table: Table, row: Row) -> str:
    cells = (
        "" if value == "" else _cell(printed(column, value))
        for column, value in zip(table.columns, row, strict=True)
    )
    return f"| {' | '.join(cells)} |"


def _cell(text: str) -> str:
    return plain(text, CELL).replace("|", "、")
