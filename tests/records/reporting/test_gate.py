"""报出前总检查: what is sound passes; every kind of damage stops the report with its project."""

import subprocess
import sys

import pytest
from sqlalchemy import Executable, delete, insert, text, update
from sqlalchemy.exc import IntegrityError

from records.database.ledger_tables import balances, postings
from records.database.milestone_tables import milestones
from records.database.store import Store
from records.database.tables import cases, duties
from records.reporting.gate import gate
from schemas.gates import check_database
from tests.records.conftest import unguarded
from tests.records.world import CITY, MONDAY, SteppedClock, live, opened

FIRST = "ZJG-2026-0001"


DAMAGES = {
    "a payment that is not counted": (
        delete(milestones).where(milestones.c.milestone == "paid"), {"gate.payments"},
    ),
    "a balance that nobody posted": (
        update(balances).values(balance_fen=balances.c.balance_fen + 1), {"gate.balances"},
    ),
    "carried out before it was announced": (
        update(milestones).where(milestones.c.milestone == "announced").values(origin=999,
                                                                              sequence=999),
        {"gate.publicity", "gate.journal"},
    ),
    "carried out and never announced": (
        delete(milestones).where(milestones.c.milestone == "announced"), {"gate.publicity"},
    ),
    "completed before it was determined": (
        update(milestones).where(milestones.c.milestone == "completed").values(
            occurred_on=MONDAY.date().replace(year=2025)
        ), {"gate.dates"},
    ),
    "an open project that nobody has to deal with": (
        delete(duties), {"gate.orphans"},
    ),
    "a journal cut off at its end": (
        update(cases).values(head=3), {"gate.journal"},
    ),
    "a project without a single row": (
        delete(milestones), {"gate.journal", "gate.payments"},
    ),
}  # fmt: skip


@pytest.fixture
def town(store: Store, clock: SteppedClock) -> Store:
    """One project archived, one under way."""
    live(store, clock, opened(store))
    live(store, clock, opened(store, "open-2"), upto=2)
    return store


def test_sound_records_may_be_reported(town: Store) -> None:
    report = gate(town, CITY)
    assert report.sentences == ()
    assert report.passed
    page = report.page()
    assert page["verdict"] == "全部相合，可以报出。"
    assert [row[1] for row in page["rows"]] == ["相合"] * len(report.results)


@pytest.mark.parametrize("name", DAMAGES)
def test_damage_stops_the_report_and_names_the_project(town: Store, name: str) -> None:
    statement, rules = DAMAGES[name]
    unguarded(town, statement)
    report = gate(town, CITY)
    failed = {result.rule: result for result in report.results if not result.passed}
    assert set(failed) == rules
    assert not report.passed
    for result in failed.values():
        assert any(item.number.startswith("ZJG-2026-") for item in result.failures)
        assert all(item.number in item.sentence for item in result.failures)
    assert "改正之前不能报出" in report.page()["verdict"]


def recognised(claim: str) -> Executable:
    return insert(postings).values(
        key=claim, entry=claim, case=FIRST, claim=claim, fund="city_guide_fund", from_owner=CITY,
        from_account="appropriated", to_owner="yangshe", to_account="recognised", amount_fen=100,
        occurred_on=MONDAY.date(), recorded_at=MONDAY,
    )  # fmt: skip


PREVENTED = {
    "a payment above what was audited": (
        (update(cases).where(cases.c.number == FIRST).values(paid_fen=4_650_000),),
        "gate.amounts", "拨付46,500.00元前后不合",
    ),
    "a project recognised twice for one fund": (
        (text("DROP INDEX IF EXISTS uq_postings_recognised"), recognised("c-1"), recognised("c-2")),
        "gate.claims", "在city_guide_fund里认定了2次",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", PREVENTED)
def test_what_a_database_without_its_guards_let_in_is_still_told(town: Store, name: str) -> None:
    statements, rule, words = PREVENTED[name]
    if town.on_postgres:
        # Nobody gets past its checks; what they refuse needs no second look.
        with town.write() as connection:
            with pytest.raises(IntegrityError):
                connection.execute(statements[-1])
            connection.rollback()
        return
    unguarded(town, *statements)
    (result,) = [item for item in gate(town, CITY).results if item.rule == rule]
    assert result.count == 1
    assert words in result.failures[0].sentence


def test_another_city_s_records_are_not_judged(town: Store) -> None:
    unguarded(town, update(cases).values(head=3))
    assert gate(town, "nanshan").passed


def test_a_name_that_could_be_more_than_a_name_is_refused(town: Store) -> None:
    with pytest.raises(ValueError, match="不能用的字符"):
        check_database(str(town.engine.url), "x' OR 1=1 --")


def test_the_slow_library_is_loaded_only_when_it_is_used() -> None:
    code = "import sys, records.reporting.gate; print('great_expectations' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
