"""公布的总数: the reports on the lived programme add up to what People's Daily published.

2020年11月23日人民日报：截至9月，征集建议1448个，产生项目924个（工程618、服务306），预算约4329.67万元，
覆盖98%的社区。The years before are taken up to their ends, 2020 up to September's.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from itertools import pairwise

import polars as pl
import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from notices.blocks import Paragraph
from notices.money import ten_thousand
from notices.tables import Table
from records.acting.overview import state_of
from records.cases.journal import verify
from records.cases.milestones import milestone_rows, stored_rows
from records.database.store import Store, open_store
from records.database.tables import cases
from records.migrate import migrate
from records.reporting.figures import drill, figures, number_of
from records.reporting.hindsight import states_as_of
from rulebooks.policy.duties import Period, period_of
from schemas.measures import FUNNEL, MEASURES
from schemas.programme import ProgrammeRow
from schemas.reports import check_figures, check_months, check_sums
from tasks.reporting.makers import made_again
from tasks.reporting.reports import Issue, Report, Subject, write_report
from tests.records.conftest import sqlite_settings
from tests.records.programme_lives import NOW, filed, live_programme
from tests.records.world import CITY, SteppedClock

SUGGESTIONS, PROJECTS, BUDGET = 1448, {"works": 618, "services": 306}, 4_329_670_000
COVERED_PERCENT = 98
EVERY = 40
ENDS = ("2018-12", "2019-12", "2020-09")
REFUSALS = {"not_selected", "not_passed"}
SAID = re.compile(r"本年累计征集(\d+)个、确定(\d+)个、实施(\d+)个、完成(\d+)个")
SAID_BUDGET = re.compile(r"确定的项目预算([\d.]+)万元")


@dataclass(frozen=True, slots=True)
class Programme:
    """The store with every life in it, the rows they were made from, and the reports on them."""

    store: Store
    rows: list[ProgrammeRow]
    bulletins: Mapping[str, Report]
    monthlies: Mapping[tuple[str, str], Report]


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Programme]:
    """The whole programme, lived, and every town's and the bureau's report on it."""
    store = open_store(sqlite_settings(tmp_path_factory.mktemp("programme")), SteppedClock(NOW))
    migrate(store)
    rows = live_programme(store)
    towns = sorted({row.town for row in rows})
    bulletins = {end: written(store, "monthly_bulletin", end, CITY) for end in ENDS}
    monthlies = {
        (town, end): written(store, "monthly_report", end, town) for town in towns for end in ENDS
    }
    yield Programme(store, rows, bulletins, monthlies)
    store.close()


def written(store: Store, duty: str, period: str, organisation: str) -> Report:
    subject = Subject(store, state_of(store, filed(store, duty, period, organisation)))
    return write_report(subject, Issue("ZJG-BS", None, NOW.date(), draft=True))


def words(report: Report) -> str:
    blocks = report.document.blocks
    return "".join(block.text for block in blocks if isinstance(block, Paragraph))


def total(table: Table, column: str) -> int:
    assert table.total is not None
    value = table.total[place_of(table, column)]
    assert isinstance(value, int)
    return value


def parts(table: Table, column: str) -> list[int]:
    place = place_of(table, column)
    return [value for row in table.rows if isinstance(value := row[place], int)]


def place_of(table: Table, column: str) -> int:
    return [found.key for found in table.columns].index(column)


def upto(period: str) -> Period:
    """The year up to the end of that month."""
    month = period_of(period)
    return Period(month.first.replace(month=1), month.last)


def whole(frame: pl.DataFrame) -> dict[str, int]:
    return {name: int(frame[name].sum()) for name in MEASURES}


def test_the_programmes_journals_are_sound_and_its_milestones_are_what_they_give(
    lived: Programme,
) -> None:
    assert verify(lived.store).sound
    with lived.store.glance() as connection:
        query = select(cases.c.number).where(cases.c.duty.is_(None)).order_by(cases.c.number)
        numbers = connection.execute(query).scalars().all()
        assert len(numbers) == SUGGESTIONS
        for number in numbers[::EVERY]:
            assert stored_rows(connection, number) == milestone_rows(state_of(lived.store, number))


def test_the_bureaus_bulletins_of_the_three_years_add_up_to_the_published_projects(
    lived: Programme,
) -> None:
    tables = [report.tables[0] for report in lived.bulletins.values()]
    assert sum(total(table, "collected") for table in tables) == SUGGESTIONS
    assert sum(total(table, "determined") for table in tables) == sum(PROJECTS.values())
    for report in lived.bulletins.values():
        assert f"{total(report.tables[0], 'determined')}个项目已完成" in words(report)


def test_what_the_towns_say_in_their_letters_adds_up_to_the_published_totals(
    lived: Programme,
) -> None:
    said: Counter[str] = Counter()
    budget = 0
    for report in lived.monthlies.values():
        found = SAID.search(words(report))
        assert found is not None
        said.update(dict(zip(FUNNEL, map(int, found.groups()), strict=True)))
        fen = total(report.tables[1], "budget_fen")
        amount = SAID_BUDGET.search(words(report))
        assert amount is not None
        assert amount[1] == ten_thousand(fen, 2)
        budget += fen
    assert (said["collected"], said["determined"]) == (SUGGESTIONS, sum(PROJECTS.values()))
    assert budget == BUDGET
    assert ten_thousand(budget, 2) == "4329.67"


def test_one_step_behind_the_number_of_projects_stand_works_and_services_as_published(
    lived: Programme,
) -> None:
    found: Counter[str] = Counter()
    for end in ENDS:
        period = period_of(end)
        for kind in PROJECTS:
            behind = drill(lived.store, CITY, period, period.ends, "determined", kind=kind)
            found[kind] += number_of(behind, "determined")
            assert behind["case"].is_unique().all()
    assert found == PROJECTS


def test_the_towns_tables_show_projects_in_ninety_eight_of_a_hundred_communities(
    lived: Programme,
) -> None:
    reached: set[tuple[str, str]] = set()
    asked: set[tuple[str, str]] = set()
    for (town, _), report in lived.monthlies.items():
        table = report.tables[0]
        name, determined = (place_of(table, key) for key in ("community", "determined"))
        asked |= {(town, str(row[name])) for row in table.rows}
        reached |= {(town, str(row[name])) for row in table.rows if row[determined]}
    assert len(reached) * 100 == len(asked) * COVERED_PERCENT
    assert asked == {(row.town, row.community) for row in lived.rows}


def test_a_towns_own_report_and_its_line_in_the_bulletin_tell_the_same(lived: Programme) -> None:
    for end in ENDS:
        bulletin = lived.bulletins[end].tables[0]
        for row in bulletin.rows:
            own = lived.monthlies[str(row[place_of(bulletin, "town")]), end].tables[0]
            for column in (*FUNNEL, "completed_rate", "overdue"):
                assert row[place_of(bulletin, column)] == total(own, column)


def test_the_lines_of_every_table_add_up_to_its_last(lived: Programme) -> None:
    for report in (*lived.bulletins.values(), *lived.monthlies.values()):
        for table in report.tables:
            added = [
                column.key for column in table.columns if column.kind in {"count", "money_wan"}
            ]
            for column in added if table.total is not None else ():
                assert sum(parts(table, column)) == total(table, column)


def test_the_towns_together_are_the_city_in_every_figure(lived: Programme) -> None:
    for end in ENDS:
        period = period_of(end)
        city = figures(lived.store, CITY, period, period.ends)
        assert check_figures(city) == ()
        towns = city.group_by("town").agg(pl.col(list(MEASURES)).sum())
        assert check_sums(towns, whole(city)) == ()
        for name in ("budget_fen", "paid_fen"):
            monthly = [lived.monthlies[town, end].tables[1] for town in towns["town"]]
            assert sum(total(table, name) for table in monthly) == whole(city)[name]


def test_fewer_reach_each_step_and_less_is_paid_than_was_planned(lived: Programme) -> None:
    table = lived.bulletins["2020-09"].tables[0]
    reached = [total(table, column) for column in FUNNEL]
    assert all(later < earlier for earlier, later in pairwise(reached))
    for report in (*lived.bulletins.values(), *lived.monthlies.values()):
        lines = zip(*(parts(report.tables[0], column) for column in FUNNEL), strict=True)
        assert all(later <= earlier for line in lines for earlier, later in pairwise(line))
    period = period_of("2020-09")
    found = whole(figures(lived.store, CITY, period, period.ends))
    steps = [found[name] for name in ("budget_fen", "contract_fen", "audited_fen", "paid_fen")]
    assert all(later < earlier for earlier, later in pairwise(steps))


def test_every_suggestion_became_a_project_or_was_refused_with_a_reply(lived: Programme) -> None:
    refused = []
    for end in ENDS:
        year = upto(end)
        behind = drill(lived.store, CITY, year, year.ends, "withdrawn")
        for state in states_as_of(lived.store, behind["case"], year.ends):
            issued = {item.content["document"] for item in state.effects if item.kind == "issue"}
            assert issued & REFUSALS
            refused.append(state.number)
    assert len(refused) == SUGGESTIONS - sum(PROJECTS.values())
    assert len(set(refused)) == len(refused)


def test_the_months_add_up_to_the_year_and_nothing_is_carried_into_the_next(
    lived: Programme,
) -> None:
    for end in ENDS:
        year = upto(end)
        months = [period_of(f"{end[:5]}{month:02d}") for month in range(1, year.last.month + 1)]
        frames = [figures(lived.store, CITY, month, year.ends) for month in months]
        whole_year = figures(lived.store, CITY, year, year.ends)
        assert check_months(frames, whole_year) == ()
        found = whole(whole_year)
        assert found["opening"] == 0
        assert (found["new"], found["determined_new"]) == (found["collected"], found["determined"])


def test_the_workbook_of_the_bulletin_carries_the_same_totals(lived: Programme) -> None:
    number = filed(lived.store, "monthly_bulletin", "2020-09", CITY)
    files, _ = made_again(lived.store, state_of(lived.store, number))
    workbook = next(file.data for file in files if file.name.endswith(".xlsx"))
    lines = CalamineWorkbook.from_filelike(BytesIO(workbook)).get_sheet_by_index(0).to_python()
    last = next(line for line in lines if "合计" in line)
    table = lived.bulletins["2020-09"].tables[0]
    for column in FUNNEL:
        assert total(table, column) in last
