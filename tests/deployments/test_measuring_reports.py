"""测量用的统计行: what is measured is a report that could be real."""

from pathlib import Path

from deployments.measuring.history import fill
from deployments.measuring.reports import AS_OF, OCTOBER
from deployments.measuring.world import CITY, settings
from records.database.store import open_store
from records.migrate import migrate
from records.reporting.figures import figures
from schemas.reports import check_figures


def test_the_measured_history_makes_a_sound_report_with_every_sort_of_number(
    tmp_path: Path,
) -> None:
    store = open_store(settings(f"sqlite:///{tmp_path / 'records.sqlite'}", tmp_path))
    migrate(store)
    first = fill(store, 3000)
    assert first >= 3000
    assert fill(store, 4000) > first
    frame = figures(store, CITY, OCTOBER, AS_OF)
    store.close()
    assert check_figures(frame) == ()
    for measure in ("opening", "new", "done", "determined", "paid_new_fen", "samples"):
        assert frame[measure].sum() > 0
