"""报表的数: one pass over the milestones, as they were known at a moment, down to each project."""

from datetime import timedelta

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from records.acting.acts import act
from records.cases.commands import Command
from records.database.store import Store
from records.database.tables import events
from records.reporting.figures import (
    COUNTINGS,
    Counted,
    Scope,
    drill,
    figures,
    known,
    number_of,
    relevant,
)
from records.reporting.figures import _query as figures_query
from records.reporting.late_facts import late_facts
from rulebooks.policy.duties import Period, period_of
from schemas.measures import ADDITIVE, CELL, MEASURES
from schemas.reports import check_figures, check_months, check_sums
from tests.records.histories import (
    MONTHS,
    NEVER,
    YEAR,
    Project,
    as_known,
    cut_off,
    months,
    plainly,
    projects,
    put,
    rows_of,
)
from tests.records.world import CITY, COMMUNITY, TOWN, SteppedClock, accepted, live, opened

few = settings(
    max_examples=25,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
MARCH = period_of("2026-03")


@given(drawn=projects, period=months, late=st.integers(-40, 200))
@few
def test_every_number_is_what_a_plain_count_gives_at_that_moment(
    store: Store, drawn: list[Project], period: Period, late: int
) -> None:
    rows = rows_of(drawn)
    put(store, rows)
    moment = cut_off(period) + timedelta(days=late)
    frame = figures(store, CITY, period, moment)
    expected = plainly(rows, period, moment)
    assert {name: frame[name].sum() for name in expected} == expected
    assert check_sums(frame, expected) == ()


@given(drawn=projects, period=months, late=st.integers(0, 400))
@few
def test_the_figures_of_any_history_keep_every_rule(
    store: Store, drawn: list[Project], period: Period, late: int
) -> None:
    put(store, rows_of(drawn))
    moment = cut_off(period) + timedelta(days=late)
    assert check_figures(figures(store, CITY, period, moment)) == ()


@given(drawn=projects)
@few
def test_twelve_months_make_the_year_in_every_cell(store: Store, drawn: list[Project]) -> None:
    put(store, rows_of(drawn))
    parts = [figures(store, CITY, month, NEVER) for month in MONTHS]
    whole = figures(store, CITY, YEAR, NEVER)
    assert check_months(parts, whole) == ()
    for name in ADDITIVE:
        assert sum(int(part[name].sum()) for part in parts) == int(whole[name].sum())


@given(drawn=projects, period=months, data=st.data())
@few
def test_behind_every_number_lie_exactly_the_projects_that_make_it(
    store: Store, drawn: list[Project], period: Period, data: st.DataObject
) -> None:
    put(store, rows_of(drawn))
    moment = cut_off(period)
    frame = figures(store, CITY, period, moment)
    for measure in data.draw(st.lists(st.sampled_from(sorted(MEASURES)), min_size=4, max_size=4)):
        whole = drill(store, CITY, period, moment, measure)
        assert number_of(whole, measure) == int(frame[measure].sum())
        for row in frame.rows(named=True):
            cell = {name: row[name] for name in CELL}
            found = drill(store, CITY, period, moment, measure, **cell)
            assert number_of(found, measure) == row[measure]
            assert found.select(CELL).unique().rows() in ([], [tuple(cell.values())])


@given(drawn=projects, period=months)
@few
def test_the_towns_make_the_city(store: Store, drawn: list[Project], period: Period) -> None:
    put(store, rows_of(drawn))
    frame = figures(store, CITY, period, NEVER)
    towns = frame.group_by("town").agg(pl.col(list(MEASURES)).sum())
    for measure in MEASURES:
        assert towns[measure].sum() == frame[measure].sum()
        city = drill(store, CITY, period, NEVER, measure)
        parts = [drill(store, CITY, period, NEVER, measure, town=town) for town in towns["town"]]
        assert sum(number_of(part, measure) for part in parts) == number_of(city, measure)


@given(drawn=projects, period=months)
@few
def test_what_comes_later_never_changes_what_was_reported(
    store: Store, drawn: list[Project], period: Period
) -> None:
    rows, moment = rows_of(drawn), cut_off(period)
    put(store, as_known(rows, moment))
    reported = figures(store, CITY, period, moment)
    put(store, rows)
    assert figures(store, CITY, period, moment).equals(reported)


@given(drawn=projects, period=months, later=st.integers(0, 200))
@few
def test_late_facts_lead_from_the_old_numbers_to_the_new_ones(
    store: Store, drawn: list[Project], period: Period, later: int
) -> None:
    put(store, rows_of(drawn))
    then, now = cut_off(period), cut_off(period) + timedelta(days=later)
    old, new = (numbers(figures(store, CITY, period, moment)) for moment in (then, now))
    found = late_facts(store, CITY, period, then, now)
    changes: dict[tuple[str, ...], int] = {}
    for row in found.rows(named=True):
        key = (row["measure"], *(row[name] for name in CELL))
        changes[key] = changes.get(key, 0) + row["change"]
        assert (row["old"], row["new"]) == (old.get(key, 0), new.get(key, 0))
    differing = {
        key: new.get(key, 0) - old.get(key, 0)
        for key in {*old, *new}
        if new.get(key, 0) != old.get(key, 0)
    }
    assert {key: change for key, change in changes.items() if change} == differing


def numbers(frame: pl.DataFrame) -> dict[tuple[str, ...], int]:
    return {
        (measure, *(row[name] for name in CELL)): row[measure]
        for row in frame.rows(named=True)
        for measure in MEASURES
    }


def test_a_city_without_projects_has_an_empty_report_of_the_right_shape(store: Store) -> None:
    frame = figures(store, CITY, MARCH, NEVER)
    assert frame.is_empty()
    assert frame.columns == [*CELL, *MEASURES]
    assert check_figures(frame) == ()
    assert drill(store, CITY, MARCH, NEVER, "new").is_empty()
    assert late_facts(store, CITY, MARCH, cut_off(MARCH), NEVER).is_empty()


def test_every_measure_with_a_name_is_counted_and_the_other_way_round() -> None:
    assert list(COUNTINGS) == list(MEASURES)


def test_a_real_project_is_counted_from_its_opening_to_its_archive(
    store: Store, clock: SteppedClock
) -> None:
    live(store, clock, opened(store))
    row = figures(store, CITY, period_of("2026"), NEVER).row(0, named=True)
    assert (row["town"], row["community"]) == (TOWN, COMMUNITY)
    assert (row["new"], row["done"], row["closing"]) == (1, 1, 0)
    assert (row["budget_fen"], row["contract_fen"]) == (4_800_000, 4_700_000)
    assert (row["audited_fen"], row["paid_fen"]) == (4_600_000, 4_600_000)
    assert (row["samples"], row["satisfied"], row["overdue"]) == (50, 48, 0)
    found = drill(store, CITY, period_of("2026"), NEVER, "paid_fen", town=TOWN)
    assert found.row(0)[:2] == ("ZJG-2026-0001", "城西社区凉亭修缮")


def test_an_unknown_measure_or_cell_is_not_made_up(store: Store) -> None:
    with pytest.raises(KeyError):
        drill(store, CITY, MARCH, NEVER, "happiness")
    with pytest.raises(KeyError):
        drill(store, CITY, MARCH, NEVER, "new", street="x")


def test_a_correction_after_the_report_is_told_with_the_project_and_the_reason(
    store: Store, clock: SteppedClock
) -> None:
    number = opened(store)
    live(store, clock, number, upto=13)
    period, then = MARCH, cut_off(MARCH)
    assert figures(store, CITY, period, then)["paid_new_fen"].sum() == 4_600_000
    clock.moment = then + timedelta(days=3)
    mended = {"sequence": paid_sequence(store, number), "content": {"amount": 4_500_000}}
    content = {**mended, "reason": "抄错金额"}
    correction = Command(
        number, "correct", None, None, content, "town_leader", None, "portal", "correct-1"
    )
    accepted(act(store, correction))
    clock.forward(hours=1)
    found = late_facts(store, CITY, period, then, clock.moment)
    told = {row["measure"]: row for row in found.rows(named=True)}
    assert set(told) == {"paid_fen", "paid_new_fen"}
    paid = told["paid_new_fen"]
    assert (paid["old"], paid["new"], paid["change"]) == (4_600_000, 4_500_000, -100_000)
    assert (paid["case"], paid["title"]) == (number, "城西社区凉亭修缮")
    assert "“更正记录”，2026年4月4日记入：抄错金额。" in paid["cause"]
    assert figures(store, CITY, period, then)["paid_new_fen"].sum() == 4_600_000


def paid_sequence(store: Store, number: str) -> int:
    query = select(events.c.sequence).where(events.c.case == number, events.c.kind == "paid")
    with store.read() as connection:
        return int(connection.execute(query).scalar_one())


def test_a_report_reads_the_covering_index_and_nothing_else(store: Store) -> None:
    if store.on_postgres:
        return
    scope = Scope(CITY, MARCH)
    what = Counted(relevant(scope, NEVER) & known(NEVER))
    compiled = figures_query(scope, what, gathers=True).compile(
        store.engine, compile_kwargs={"literal_binds": True}
    )
    with store.read() as connection:
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {compiled}").all()
    details = " ".join(str(row[-1]) for row in plan)
    assert "USING COVERING INDEX ix_milestones_report (city=? AND relevant_until>?)" in details
    assert "SCAN milestones" not in details
