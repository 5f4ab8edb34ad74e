"""示例指标：a few places' figures, as a report is given them; every identity of a report holds."""

from datetime import date
from typing import Any, Final

from notices.forms import Breakdown, Form

FORM: Final = Form(
    subject="某市2026年10月民生微实事项目",
    office="某市民政局",
    cut_off=date(2026, 10, 31),
    filled_on=date(2026, 11, 3),
    period="本月",
    filled_by="李明",
)
BY_TOWN: Final = Breakdown({"town": "镇（街道）"}, "truncate")
BY_KIND: Final = Breakdown({"kind": "类别"}, "truncate")

ZEROS: Final = dict.fromkeys(
    (
        *("opening", "new", "done", "withdrawn", "closing"),
        *("collected", "determined", "implementing", "completed"),
        *("determined_new", "started_new", "completed_new", "audited_new", "archived_new"),
        *("budget_fen", "contract_fen", "audited_fen", "paid_fen", "other_fen"),
        *("contract_new_fen", "audited_new_fen", "paid_new_fen"),
        *("finished_on_time", "finished_late", "overdue", "samples", "satisfied"),
    ),
    0,
)


def figures(town: str, kind: str = "工程类", **counted: int) -> dict[str, Any]:
    return {"town": town, "community": "城南社区", "kind": kind, "category": "环境"} | (
        ZEROS | counted
    )


def three_towns() -> list[dict[str, Any]]:
    """城东 has two lines, of two kinds; 城西 has determined nothing yet."""
    return [
        figures(
            "城东镇",
            opening=9,
            new=3,
            done=2,
            withdrawn=1,
            closing=9,
            collected=20,
            determined=12,
            implementing=9,
            completed=4,
            budget_fen=7_218_286_00,
            paid_fen=1_000_000_00,
            finished_on_time=5,
            finished_late=1,
            overdue=2,
            samples=30,
            satisfied=29,
        ),
        figures(
            "城东镇",
            kind="服务类",
            collected=5,
            determined=3,
            implementing=3,
            completed=1,
            budget_fen=50_000_00,
            finished_on_time=1,
        ),
        figures("城南街道", collected=8, determined=6, implementing=6, completed=2, overdue=3),
        figures("城西镇", collected=1),
    ]
