"""A chart's page in Prefect: the picture inside the page, and every number of its table below."""

from base64 import b64decode

from notices.charts import Chart
from notices.tables import Column, Entry, Table
from tasks.chart_page import chart_page

TABLE = Table(
    caption="城东镇2026年<b>资金</b>使用情况",
    columns=(
        Column("number", "序号"),
        Column("place", "社区"),
        Column("paid_fen", "已付", "money_wan"),
    ),
    rows=(("1", "东|城社区", 1_250_000), ("2", "西城社区", None)),
    total=("合计", None, 1_250_000),
    unit_note="单位：万元",
    heads=(Entry("统计截止", "2026年10月31日24时"),),
)


def test_the_picture_lies_inside_the_page_and_its_table_below() -> None:
    page = chart_page("ZJG-BS-2026-0001", "funds_used", Chart("<svg>图</svg>", TABLE))
    assert page.key == "zjg-bs-2026-0001-funds-used"
    picture = page.data.partition("base64,")[2].partition(")")[0]
    assert b64decode(picture).decode() == "<svg>图</svg>"
    assert page.data.splitlines()[4:] == [
        "统计截止：2026年10月31日24时 · 单位：万元",
        "",
        "| 序号 | 社区 | 已付 |",
        "|---|---|---:|",
        "| 1 | 东、城社区 | 1.25 |",
        "| 2 | 西城社区 | / |",
        "| 合计 | / | 1.25 |",
    ]


def test_nothing_that_somebody_wrote_takes_effect_as_html() -> None:
    page = chart_page("ZJG-BS-2026-0001", "funnel", Chart("<svg/>", TABLE))
    assert "<" not in page.data
