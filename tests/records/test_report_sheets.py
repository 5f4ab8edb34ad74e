"""报送的表和图: the words, the tables and the charts of a report agree, and leave nobody out."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from notices.forms import YEAR, Form
from notices.measures import PAID_RATE, gathered, rate
from notices.tables import Table
from records.acting.ticks import tick
from records.database.store import Store
from records.people.organisations import Organisation, add_organisation
from records.reporting.submissions import Submission, open_submission
from rulebooks.reading.loader import load_rulebook
from tasks.reporting.reports import Report, source_title
from tasks.reporting.sheets import TABLES
from tasks.reporting.subject import Subject
from tests.records.reporting.test_submissions import decide
from tests.records.test_reports import draft, may, subject_of
from tests.records.world import CITY, TOWN, SteppedClock, accepted, live, opened

EMPTY_TOWN = "塘桥镇"


def filed(store: Store, office: str, duty: str, period: str) -> Subject:
    return subject_of(
        store, accepted(open_submission(store, Submission(CITY, office, duty, period))).case
    )


def said(report: Report) -> str:
    return "".join(getattr(block, "text", "") for block in report.document.blocks)


def named(report: Report, words: str) -> Table:
    return next(table for table in report.tables if words in table.caption)


def register(store: Store, *found: Organisation) -> None:
    with store.write() as connection:
        for organisation in found:
            add_organisation(connection, organisation)


def settle_empty_town(store: Store) -> None:
    register(
        store,
        Organisation("tangqiao", EMPTY_TOWN, "town", CITY, city=CITY),
        Organisation("qiaobei", "桥北社区", "community", "tangqiao", city=CITY),
    )


def late(store: Store, clock: SteppedClock, day: int) -> Report:
    """The March report on a project whose council is to meet within three working days."""
    number = opened(store)
    clock.moment = clock.moment.replace(day=day)
    live(store, clock, number, upto=1)
    clock.moment = clock.moment.replace(month=3, day=31, hour=6, minute=0)
    tick(store)
    clock.moment = clock.moment.replace(month=4, day=1, hour=6)
    tick(store)
    report: Report = draft(filed(store, "yangshe", "monthly_report", "2026-03"))
    return report


def test_what_fell_overdue_in_the_month_is_counted_and_named_and_no_more_is_claimed(
    store: Store, clock: SteppedClock
) -> None:
    report = late(store, clock, 24)
    assert "超期未办1项。" in said(report)
    assert "督办" not in said(report)
    [problem] = named(report, "项目进度表").column("problem")
    assert str(problem).endswith("超期未办")


def test_what_falls_overdue_as_the_month_ends_is_neither_counted_nor_named(
    store: Store, clock: SteppedClock
) -> None:
    report = late(store, clock, 26)
    assert "超期未办" not in said(report)
    assert named(report, "项目进度表").column("problem") == [None]


def test_the_progress_table_says_whose_turn_it_is_and_sets_no_target(
    store: Store, clock: SteppedClock
) -> None:
    table = named(late(store, clock, 26), "项目进度表")
    assert table.column("departments") == ["城西社区"]
    assert table.column("target") == [None]
    assert "计划实施时间：2026年4月至6月" in str(table.column("next_step")[0])


def test_a_town_without_projects_has_a_line_in_the_bulletin_and_no_rank(
    store: Store, clock: SteppedClock
) -> None:
    settle_empty_town(store)
    may(store, clock)
    report = draft(filed(store, CITY, "monthly_bulletin", "2026-04"))
    table = report.tables[0]
    assert table.column("town") == [TOWN, EMPTY_TOWN]
    assert table.column("rank") == ["1", None]
    assert table.column("collected") == [2, 0]
    assert table.column("completed_rate") == [10_000, None]
    assert [column.label for column in table.columns][1] == "镇（区）"
    assert report.document.recipients == ("各镇（区）",)


def test_a_chart_is_called_a_chart_and_left_out_where_it_would_show_nothing(
    store: Store, clock: SteppedClock
) -> None:
    may(store, clock)
    shown = draft(filed(store, CITY, "monthly_bulletin", "2026-04")).document.attachments
    assert [item.title for item in shown] == [
        "市民政局2026年4月推进情况通报表",
        "市民政局2026年4月各地进展情况图",
    ], "no stage with a time limit was finished in April, so that there is no rate to draw"
    empty = draft(filed(store, "yangshe", "monthly_report", "2026-02"))
    assert empty.document.attachments == ()


def test_what_lies_in_a_place_that_was_renamed_is_not_lost(
    store: Store, clock: SteppedClock
) -> None:
    may(store, clock)
    town = filed(store, "yangshe", "monthly_report", "2026-04")
    city = filed(store, CITY, "monthly_bulletin", "2026-04")
    register(store, Organisation("donglai", "东莱新社区", "community", "yangshe", city=CITY))
    assert gathered(subject_of(store, town.state.number).figures, ())[0]["collected"] == 2
    register(store, Organisation("yangshe", "杨舍新镇", "town", CITY, city=CITY))
    table = draft(subject_of(store, city.state.number)).tables[0]
    counted = dict(zip(table.column("town"), table.column("collected"), strict=True))
    assert counted == {TOWN: 2, "杨舍新镇": 0}


def test_budget_and_contracts_are_those_of_the_projects_that_are_said_to_be_determined(
    store: Store, clock: SteppedClock
) -> None:
    number = opened(store)
    live(store, clock, number, upto=12)
    clock.moment = clock.moment.replace(year=2027, month=1, day=5)
    opened(store, key="open-2", title="东莱社区路灯修缮", community="东莱社区", budget=2_000_000)
    live(store, clock, number, since=12, upto=13)
    clock.moment = clock.moment.replace(month=2, day=1)
    subject = filed(store, "yangshe", "monthly_report", "2027-01")
    [line] = gathered(subject.figures, ())
    assert (line["determined"], line["determined_new"]) == (1, 0)
    assert (line["budget_fen"], line["contract_fen"]) == (4_800_000, 4_700_000)
    assert line["paid_fen"] == 4_600_000
    paid = rate(line["paid_fen"], line["budget_fen"], "half_up")
    assert paid is not None
    assert paid <= 10_000
    words = said(draft(subject))
    assert "确定的项目预算4.8万元，签订合同4.7万元；本年累计审定0万元，已支付4.6万元" in words
    assert f"{PAID_RATE.column.label}95.83%" in words


def test_who_alone_checked_a_paper_has_filled_it_in_and_does_not_sign_as_its_head(
    store: Store, clock: SteppedClock
) -> None:
    may(store, clock)
    number = filed(store, CITY, "monthly_bulletin", "2026-04").state.number
    accepted(decide(store, number, "approve", "check", "city_clerk"))
    feet = {foot.label: foot.text for foot in draft(subject_of(store, number)).tables[0].feet}
    assert (feet["单位负责人"], feet["填表人"]) == ("", "何　静")


def test_a_completed_project_is_evaluated_with_the_day_and_the_answers_that_were_counted(
    store: Store, clock: SteppedClock
) -> None:
    may(store, clock)
    year = filed_year(store, clock)
    form = Form("杨舍镇2026年度", TOWN, year.period.last, year.period.last, YEAR)
    [table] = TABLES["evaluation"](year, form)
    done = year.rows("completed_new")
    assert table.column("completed_on") == [done[0]["occurred_on"]]
    assert table.column("samples") == [50]
    assert table.column("rate") == [9600]


def filed_year(store: Store, clock: SteppedClock) -> Subject:
    clock.moment = clock.moment.replace(month=12, day=1)
    return filed(store, "yangshe", "annual_report", "2026")


def test_a_years_report_tells_the_year_by_place_kind_and_category_and_nothing_twice(
    store: Store, clock: SteppedClock
) -> None:
    may(store, clock)
    report = draft(filed_year(store, clock))
    names = [table.caption.removeprefix("杨舍镇2026年度") for table in report.tables[:6]]
    assert names == [
        *(f"实施情况表（按{by}）" for by in ("社区", "项目类型", "项目类别")),
        *(f"资金使用情况表（按{by}）" for by in ("社区", "项目类型", "项目类别")),
    ]
    assert all(column.group != "本年" for table in report.tables for column in table.columns)
    words = said(report)
    assert "本年支付" not in words
    assert "现将2026年度有关情况函告如下：" in words
    assert "新收2个" in words


def test_a_title_within_a_title_stands_in_single_brackets(store: Store) -> None:
    state: Any = SimpleNamespace(rulebook=load_rulebook("nanshan"))
    title = source_title(Subject(store, state))
    assert title == "《〈南山区“民生微实事”工作管理办法〉政策解读》"
