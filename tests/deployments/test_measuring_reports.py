"""测量用的台账: what is measured is a report that could be real, over records that are sound."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text

from deployments.measuring import reports
from deployments.measuring.bulk import COUNTED, EVERYTHING, count, lay, multiply
from deployments.measuring.reports import OCTOBER, measure_reports
from deployments.measuring.world import CITY, settings
from records.database.claim_tables import claim_lines
from records.database.milestone_tables import milestones
from records.database.store import Store, open_store
from records.database.tables import cases
from records.migrate import migrate
from records.reporting.figures import figures
from records.reporting.gate import gate
from schemas.reports import check_figures

KEPT = "SELECT type, name, sql FROM sqlite_master WHERE type IN ('index', 'trigger') ORDER BY name"


@pytest.fixture
def records(tmp_path: Path) -> Store:
    """Empty records."""
    store = open_store(settings(f"sqlite:///{tmp_path / 'records.sqlite'}", tmp_path))
    migrate(store)
    return store


def kept(store: Store) -> list[Any]:
    """The indexes and triggers there are, with what makes them."""
    with store.glance() as connection:
        return [tuple(row) for row in connection.execute(text(KEPT))]


def test_the_measured_history_makes_a_sound_report_with_every_sort_of_number(
    records: Store,
) -> None:
    lay(records, 150)
    once = count(records, (milestones,))
    multiply(records, range(1, 3), COUNTED)
    assert count(records, (milestones,)) == 3 * once
    frame = figures(records, CITY, OCTOBER, reports._end(OCTOBER))
    assert check_figures(frame) == ()
    for measure in ("opening", "new", "done", "determined", "paid_new_fen", "samples"):
        assert frame[measure].sum() > 0


def test_copied_projects_pass_every_check_before_a_report(records: Store) -> None:
    lay(records, 60)
    multiply(records, range(1, 3))
    assert all(count(records, (table,)) for table in EVERYTHING)
    assert gate(records, CITY).sentences == ()
    with records.glance() as connection:
        claims = connection.execute(select(cases.c.number).where(cases.c.duty.is_not(None)))
        lines = connection.execute(select(claim_lines.c.claim).distinct())
        assert sorted(claims.scalars()) == sorted(lines.scalars())


def test_indexes_and_triggers_are_in_force_again_once_the_material_is_laid(records: Store) -> None:
    before = kept(records)
    lay(records, 5)
    multiply(records, range(1, 2))
    assert kept(records) == before


def test_reports_are_measured_at_every_size_with_the_check_at_all_but_the_largest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reports, "alone", lambda work, *args: work(*args))
    monkeypatch.setattr(reports, "LARGEST", 120)
    url = f"sqlite:///{tmp_path / 'records.sqlite'}"
    found = measure_reports("SQLite", url, tmp_path, 1, sizes=(60, 120))
    checks = [figure.conditions for figure in found if figure.what == "报出前总检查"]
    months = [figure.conditions for figure in found if figure.what == "报表"]
    assert ["60个项目" in words for words in checks] == [True]
    assert ["120个项目" in words for words in months] == [False, False, True]
    assert all(min(figure.runs) > 0 for figure in found)
