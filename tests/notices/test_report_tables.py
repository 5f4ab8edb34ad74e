from dataclasses import replace

from notices.forms import Breakdown, spaced
from notices.report_tables import (
    annual_report,
    monthly_report,
    progress_table,
    quarterly_report,
    quarterly_work_table,
)
from notices.tables import Table, printed, unbalanced
from notices.workbooks import write_workbook
from tests.notices.figures import BY_KIND, BY_TOWN, FORM, three_towns


def line(table: Table, at: int) -> dict[str, str]:
    values = table.rows[at] if at >= 0 else table.total
    assert values is not None
    return {
        f"{column.group or ''}{column.label}": printed(column, value)
        for column, value in zip(table.columns, values, strict=True)
    }


def test_a_monthly_report_tells_the_cut_off_apart_from_the_day_it_was_filled_in():
    table, _ = monthly_report(three_towns(), FORM, BY_TOWN)
    assert table.caption == "某市2026年10月民生微实事项目实施情况表"
    assert [(entry.label, entry.text) for entry in table.heads] == [
        ("填报单位（盖章）", "某市民政局"),
        ("统计截止", "2026年10月31日24时"),
        ("填报日期", "2026年11月3日"),
    ]
    assert [entry.label for entry in table.feet] == ["单位负责人", "审核人", "填表人", "联系电话"]
    assert table.feet[2].text == "李　明"


def test_the_implementation_table_shows_stock_funnel_steps_and_timeliness_of_every_place():
    table, _ = monthly_report(three_towns(), FORM, BY_TOWN)
    first = line(table, 0)
    assert [first[f"在办{name}"] for name in ("期初", "新收", "办结", "退出", "期末")] == [
        "9",
        "3",
        "2",
        "1",
        "9",
    ]
    assert [first[f"本年累计{name}"] for name in ("征集", "确定", "实施", "完成", "完成率")] == [
        "25",
        "15",
        "12",
        "5",
        "33.33%",
    ]
    assert first["环节办理按时率"] == "85.71%"
    assert {"本月确定", "本月开工", "本月完成", "本月审计", "本月归档", "超期未办"} <= set(first)
    assert line(table, 2)["本年累计完成率"] == "/"


def test_rates_of_the_total_are_formed_from_sums_and_not_from_rates():
    table, _ = monthly_report(three_towns(), FORM, BY_TOWN)
    total = line(table, -1)
    assert total["序号"] == "合计"
    assert (total["本年累计确定"], total["本年累计完成"]) == ("21", "7")
    assert total["本年累计完成率"] == "33.33%"
    half_up = monthly_report(three_towns(), FORM, replace(BY_TOWN, rounding="half_up"))[0]
    assert line(half_up, 0)["环节办理按时率"] == "85.71%"
    assert line(half_up, 1)["本年累计完成率"] == "33.33%"


def test_funds_are_told_in_ten_thousands_for_the_year_and_for_the_period():
    _, table = monthly_report(three_towns(), FORM, BY_TOWN)
    assert table.unit_note == "单位：万元"
    first = line(table, 0)
    assert first["本年累计预算"] == "726.8286"
    assert first["本年累计已付"] == "100"
    assert first["本年累计支付率"] == "13.75%"
    assert {"本月合同", "本月审定", "本月支付", "其他资金"} <= set(first)


def test_figures_can_be_broken_down_by_several_names_at_once():
    by_both = Breakdown({"town": "镇（街道）", "kind": "类别"}, "truncate")
    table, _ = monthly_report(three_towns(), FORM, by_both)
    assert [row[:3] for row in table.rows[:2]] == [
        ("1", "城东镇", "工程类"),
        ("2", "城东镇", "服务类"),
    ]


def test_a_quarterly_report_adds_what_residents_said():
    form = replace(FORM, subject="某市2026年第三季度民生微实事项目", period="本季度")
    tables = quarterly_report(three_towns(), form, BY_TOWN)
    assert [table.caption for table in tables] == [
        "某市2026年第三季度民生微实事项目实施情况表",
        "某市2026年第三季度民生微实事项目资金使用情况表",
        "某市2026年第三季度民生微实事项目满意度测评情况表",
    ]
    assert line(tables[2], 0)["满意度满意率"] == "96.66%"
    assert "本季度开工" in line(tables[0], 0)


def test_an_annual_report_has_projects_and_funds_under_every_breakdown_and_nothing_twice():
    form = replace(FORM, subject="某市2026年民生微实事项目", period="本年")
    tables = annual_report(three_towns(), form, (BY_TOWN, BY_KIND))
    assert [table.caption.removeprefix(form.subject) for table in tables] == [
        "实施情况表（按镇（街道））",
        "资金使用情况表（按镇（街道））",
        "实施情况表（按类别）",
        "资金使用情况表（按类别）",
    ]
    assert not any(column.group == "本年" for table in tables for column in table.columns)
    assert line(tables[0], -1)["本年累计征集"] == line(tables[2], -1)["本年累计征集"] == "34"


def test_a_progress_table_has_the_columns_of_real_offices_and_a_stroke_where_it_is_empty():
    lines = [
        {
            "project": "健身步道改造",
            "target": "年底前完工",
            "progress": None,
            "next_step": "",
            "leader": "王强",
            "departments": ("社会事务局", "财政所"),
        }
    ]
    table = progress_table(lines, FORM)
    assert line(table, 0) == {
        "序号": "1",
        "项目": "健身步道改造",
        "年度目标": "年底前完工",
        "目前进度": "/",
        "下一步工作措施": "/",
        "存在问题": "/",
        "责任领导": "王　强",
        "牵头部门": "社会事务局、财政所",
    }


def test_a_quarterly_work_table_has_the_columns_of_real_offices():
    table = quarterly_work_table([{"work": "项目库建设", "leader": "欧阳明"}], FORM)
    assert [column.label for column in table.columns] == [
        "序号",
        "重点工作",
        "责任领导",
        "责任科室",
        "攻坚目标",
        "本季安排",
        "完成情况",
    ]
    assert table.rows[0][2] == "欧阳明"


def test_only_a_name_of_two_characters_is_set_apart():
    assert [spaced(name) for name in ("李明", " 李明 ", "欧阳明", "", "AB")] == [
        "李　明",
        "李　明",
        "欧阳明",
        "",
        "A　B",
    ]


def test_every_report_adds_up_and_goes_into_a_workbook():
    tables = (
        *quarterly_report(three_towns(), FORM, BY_TOWN),
        *annual_report(three_towns(), FORM, (BY_TOWN, BY_KIND)),
    )
    assert [unbalanced(table) for table in tables] == [()] * len(tables)
    assert write_workbook(tables, made_on=FORM.filled_on).startswith(b"PK")


def test_a_month_without_projects_has_tables_without_rows_and_without_a_total():
    for table in monthly_report([], FORM, BY_TOWN):
        assert table.rows == ()
        assert table.total is None
        assert write_workbook([table], made_on=FORM.filled_on).startswith(b"PK")
