"""年度项目表: the lists of a year add up to the report's own figures, and transfers to nothing."""

from __future__ import annotations

from datetime import date

from notices.forms import YEAR, Form
from notices.tables import Table, unbalanced
from records.acting.ticks import tick
from records.database.store import Store
from records.money.quotas import Transfer, transfer
from records.people.organisations import Organisation, add_organisation
from records.reporting.submissions import Submission, open_submission
from rulebooks.reading.loader import load_rulebook
from tasks.reporting.sheets import TABLES
from tasks.reporting.subject import Subject
from tests.records.test_reports import may, subject_of
from tests.records.world import CITY, TOWN, SteppedClock, accepted, live, opened

VILLAGES = ("丙村", "乙村", "甲村")
ZHENGFANG, ITS_TOWN = "zhengfang", "郑坊镇"
FEN = 100
COUNTED = ("budget_fen", "audited_fen", "paid_fen", "finished_on_time", "finished_late")


def settle_villages(store: Store) -> None:
    with store.write() as connection:
        add_organisation(connection, Organisation("zf", ITS_TOWN, "town", city=ZHENGFANG))
        for name in VILLAGES:
            village = Organisation(name, name, "community", "zf", city=ZHENGFANG)
            add_organisation(connection, village)


def year_of(store: Store, clock: SteppedClock, city: str, office: str, duty: str) -> Subject:
    clock.moment = clock.moment.replace(month=12, day=1)
    number = accepted(open_submission(store, Submission(city, office, duty, "2026"))).case
    return subject_of(store, number)


def made(subject: Subject, name: str) -> Table:
    last = date(2026, 11, 30)
    [table] = TABLES[name](subject, Form("某镇2026年度", TOWN, last, last, YEAR))
    return table


def test_the_list_and_the_tiers_add_up_to_the_figures_of_the_year(
    store: Store, clock: SteppedClock
) -> None:
    may(store, clock)
    year = year_of(store, clock, CITY, "yangshe", "annual_report")
    roster, tiers = made(year, "roster"), made(year, "tiers")
    assert len(roster.rows) == sum(row["collected"] for row in year.figures) == 2
    for key in COUNTED:
        total = sum(row[key] for row in year.figures)
        assert sum(int(str(value)) for value in roster.column(key)) == total
        if key.endswith("_fen"):
            assert sum(int(str(value)) for value in tiers.column(key)) == total
    assert tiers.column("projects") == [1]
    assert None in roster.column("tier"), "one is not determined yet"
    assert unbalanced(roster) == unbalanced(tiers) == ()


def test_every_stage_that_is_overdue_is_listed_with_who_is_to_act(
    store: Store, clock: SteppedClock
) -> None:
    live(store, clock, opened(store), upto=1)
    clock.moment = clock.moment.replace(month=11)
    tick(store)
    year = year_of(store, clock, CITY, "yangshe", "annual_report")
    overdue = made(year, "overdue")
    assert len(overdue.rows) == sum(row["overdue"] for row in year.figures) > 0
    assert all(overdue.column("role"))
    assert not made(year, "mendings").rows


def moves(key: str, **given: int) -> Transfer:
    rulebook = load_rulebook(ZHENGFANG, None, ITS_TOWN)
    fen = {name: amount * FEN for name, amount in given.items()}
    return Transfer(rulebook, "small_items_cap", ITS_TOWN, 2026, fen, "town", "镇党委纪要", key)


def test_pooled_quotas_sum_to_nothing_and_count_as_known_at_the_cut_off(
    store: Store, clock: SteppedClock
) -> None:
    settle_villages(store)
    one, two, three = VILLAGES
    transfer(store, moves("t", **{one: -80_000, two: 50_000, three: 30_000}))
    transfer(store, moves("u", **{three: -10_000, one: 10_000}))
    year = year_of(store, clock, ZHENGFANG, "zf", "special_audit")
    clock.forward(days=1)
    transfer(store, moves("v", **{three: -10_000, one: 10_000}))
    table = made(year, "transfers")
    lines = {row[1]: row[2:] for row in table.rows}
    assert lines == {
        one: tuple(fen * FEN for fen in (200_000, 10_000, 80_000, -70_000, 130_000)),
        two: tuple(fen * FEN for fen in (200_000, 50_000, 0, 50_000, 250_000)),
        three: tuple(fen * FEN for fen in (200_000, 30_000, 10_000, 20_000, 220_000)),
    }
    assert table.total is not None
    assert table.total[5] == 0


def test_who_signs_and_who_receives_the_years_audit_comes_from_the_rulebook(
    store: Store, clock: SteppedClock
) -> None:
    settle_villages(store)
    year = year_of(store, clock, ZHENGFANG, "zf", "special_audit")
    assert [stage.by.role for stage in year.submission.stages.values()] == [
        "town_auditor",
        "leading_group",
    ]
    assert year.state.facts["title"] == "郑坊镇2026年度专项审计"
    assert year.state.facts["due"] == "2026-12-31"
    assert set(year.submission.tables) <= set(TABLES)
