from datetime import date
from typing import Any

from notices.claim_tables import allocation_table, claim_lacks, claim_list, correction_table
from notices.workbooks import write_workbook
from tests.notices.figures import FORM

PROJECTS: list[dict[str, Any]] = [
    {
        "community": "城南社区",
        "project": "健身步道",
        "audited_fen": 48_000_00,
        "fiscal_fen": 45_000_00,
        "town_match_fen": 22_500_00,
        "city_share_fen": 22_500_00,
        "lacks": (),
    },
    {
        "community": "城北社区",
        "project": "路灯增设",
        "audited_fen": None,
        "fiscal_fen": None,
        "town_match_fen": None,
        "city_share_fen": None,
        "lacks": ("审计结论", "满意度测评"),
    },
]


def test_only_projects_that_lack_nothing_are_claimed_for():
    table = claim_list(PROJECTS, FORM)
    assert table.rows == (
        ("1", "城南社区", "健身步道", 48_000_00, 45_000_00, 22_500_00, 22_500_00),
    )
    assert table.total == ("合计", None, None, 48_000_00, 45_000_00, 22_500_00, 22_500_00)
    assert table.unit_note == "单位：元"


def test_every_other_project_is_listed_with_what_it_lacks():
    table = claim_lacks(PROJECTS, FORM)
    assert table.rows == (("1", "城北社区", "路灯增设", None, "审计结论；满意度测评"),)
    assert write_workbook([table, claim_list(PROJECTS, FORM)], made_on=FORM.filled_on)


def test_an_allocation_ends_with_its_total_in_the_unit_that_is_asked_for():
    lines = [
        {
            "town": "城东镇",
            "project": "城南社区",
            "due_fen": 300,
            "paid_fen": 100,
            "allocated_fen": 200,
        },
        {"town": "城西镇", "project": "路灯", "due_fen": 50, "paid_fen": 0, "allocated_fen": 50},
    ]
    table = allocation_table(lines, FORM, "money_wan")
    assert [column.label for column in table.columns] == [
        "序号",
        "镇街",
        "社区/项目",
        "应承担",
        "已拨",
        "本次下达",
        "备注",
    ]
    assert table.unit_note == "单位：万元"
    assert table.total == ("合计", None, None, 350, 100, 250, None)
    assert allocation_table(lines, FORM, "money_yuan").unit_note == "单位：元"


def test_a_correction_shows_both_values_their_difference_and_the_cause():
    lines: list[dict[str, Any]] = [
        {
            "place": "城东镇",
            "item": "完成",
            "kind": "count",
            "old": 12,
            "new": 10,
            "cause": "两个项目补记退出",
        },
        {
            "place": "城东镇",
            "item": "已付",
            "kind": "money_yuan",
            "old": 100_00,
            "new": 1_234_56,
            "cause": "发票补记",
        },
        {
            "place": "城南街道",
            "item": "首个开工日",
            "kind": "date",
            "old": None,
            "new": date(2026, 10, 8),
            "cause": "补录",
        },
    ]
    table = correction_table(lines, FORM)
    assert [row[2:] for row in table.rows] == [
        ("完成", "12", "10", "-2", "两个项目补记退出"),
        ("已付", "100.00", "1,234.56", "+1,134.56", "发票补记"),
        ("首个开工日", "/", "2026年10月8日", None, "补录"),
    ]
