"""Prefect gone for days, or gone with its database: the records go on, and the flows catch up."""

import os
import shutil
import signal
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from deployments.demonstration.run import Demonstration
from deployments.services import server
from records.acting.overview import behind, open_numbers
from records.cases.projections import compare
from records.database.tables import duties, effects, events, notices
from rulebooks.days.working_days import BEIJING
from tasks.carrying import run_name
from tests.journeys.prefect_side import see_all
from tests.journeys.workbooks import REFUSED, all_titles, write_workbooks
from tests.journeys.world import Journey, setting_out, until

pytestmark = pytest.mark.prefect

SUGGESTED = 20
UNDER_WAY = 3
RECORDS = (events, duties, effects, notices)


def _port(home: Path) -> int:
    return urlsplit(server.address(home) or "").port or 0


def _kill(home: Path) -> None:
    """End the server and all it started, as a power cut would."""
    process = server.process(home, "server")
    assert process is not None
    os.killpg(process, signal.SIGKILL)
    until(lambda: server.process(home, "server") is None)


@contextmanager
def _away(home: Path) -> Iterator[None]:
    """Prefect's server was killed; at the end it is started again where it was."""
    port = _port(home)
    _kill(home)
    try:
        yield
    finally:
        server.start(home, port)


def _midnight(month: int, day: int) -> datetime:
    return datetime.combine(date(2026, month, day), time(), BEIJING)


@pytest.fixture
def publicity(prefect_home: Path, tmp_path: Path) -> Iterator[Journey]:
    """The last morning of the publicity of a project that was under way when it came in."""
    assert prefect_home.exists()
    with setting_out(tmp_path, date(2026, 3, 3)) as journey:
        yield journey


def test_while_prefect_is_away_people_act_and_time_passes_and_then_the_flows_catch_up(
    publicity: Journey, prefect_home: Path
) -> None:
    journey = publicity
    paths = write_workbooks(journey.folder, [], under_way=True)
    [number] = journey.takes_in(paths[:1])
    with journey.driving():
        journey.wait_until_driven()
        before = journey.desk.read(number)
        assert before.waits_for == "公示至3月3日"
        # A killed server forgets the task rows it has not yet written down.
        assert journey.ask(lambda client: see_all(client, {number: 1}))[number][0].rows
        with _away(prefect_home):
            _publicity_ends_on_time(journey, number)
            _a_duty_falls_overdue(journey, number)
            assert journey.player.play(number), "a decision is accepted without Prefect"
            assert journey.badge(number) == "待签订合同"
            assert behind(journey.store) == 1
            assert {item.kind for item in journey.attempts(number).values()} == {"open_stage"}
        journey.wait_until_driven()
    after = journey.desk.read(number)
    assert (after.flow_run_id, after.generation) == (before.flow_run_id, 1)
    owed = journey.state(number).effects
    [seen] = journey.ask(lambda client: see_all(client, {number: 1}))[number]
    assert seen.shown == "PAUSED 待签订合同"
    # Prefect may lose task rows sent around a kill, and the graph then lacks them; it never
    # shows what was not owed, nor anything more often, and the page carries the past.
    shown = Counter(row.name for row in seen.rows)
    assert shown
    assert shown <= Counter(run_name({"effect": effect}) for effect in owed)
    assert all(stage in seen.pages[0] for stage in ("项目公示", "确定实施主体", "签订合同"))
    attempts = journey.attempts(number)
    assert [(effect.kind, attempts[effect.key].attempts) for effect in owed] == [
        ("open_stage", 1),
        ("open_stage", 1),
        ("remind", 1),
        ("remind", 1),
        ("issue", 1),
        ("open_stage", 1),
    ]
    assert [notice.kind for notice in journey.notices(number)] == ["implementer_notice"]
    assert compare(journey.store) == ()


def _publicity_ends_on_time(journey: Journey, number: str) -> None:
    journey.sleep_until(_midnight(3, 4))
    until(lambda: journey.happened(number)[-1] == "publicity_ended")
    ended = journey.state(number).history[-1]
    assert (ended.occurred_at, ended.actor) == (_midnight(3, 4), None)
    assert journey.badge(number) == "待确定实施主体"


def _a_duty_falls_overdue(journey: Journey, number: str) -> None:
    journey.sleep_until(Demonstration.morning(date(2026, 3, 12)))
    until(lambda: journey.happened(number)[-2:] == ["reminded", "fell_overdue"])
    [duty] = journey.rows(duties)
    assert (duty["due"], duty["overdue"]) == (date(2026, 3, 11), True)
    assert duty["organisation"] == "塘市办事处"


def test_the_loss_of_prefects_database_loses_no_case_and_changes_no_byte_of_the_records(
    journey: Journey, prefect_home: Path
) -> None:
    titles = [title for title in all_titles() if title != REFUSED][:SUGGESTED]
    journey.takes_in(write_workbooks(journey.folder, [REFUSED, *titles], under_way=True))
    numbers = journey.numbers()
    journey.act(numbers[REFUSED], times=2)
    busy = [numbers[title] for title in titles[:3]]
    for number in busy:
        journey.act(number, times=2)
    journey.follow()
    still_open = open_numbers(journey.store)
    assert len(still_open) == SUGGESTED + UNDER_WAY
    before = journey.dump(*RECORDS)
    old = {journey.desk.read(number).flow_run_id for number in still_open}

    with _away(prefect_home):
        shutil.rmtree(prefect_home)
    assert journey.ask(lambda client: see_all(client, {})) == {}
    with journey.driving():
        until(lambda: not old & {journey.desk.read(n).flow_run_id for n in still_open})
    assert journey.dump(*RECORDS) == before
    _each_open_case_has_a_new_run(journey, still_open)

    for number in busy:
        journey.act(number)
    journey.follow()
    seen = journey.ask(lambda client: see_all(client, {}))
    assert [len(seen[number]) for number in still_open] == [1] * len(still_open)
    for number in busy:
        assert seen[number][0].shown == f"PAUSED {journey.badge(number)}"
        assert len(journey.happened(number)) >= 4
    assert {row["attempts"] for row in journey.rows(effects)} == {1}
    assert compare(journey.store) == ()


def _each_open_case_has_a_new_run(journey: Journey, still_open: list[str]) -> None:
    seen = journey.ask(lambda client: see_all(client, {}))
    assert set(seen) == set(still_open), "a closed case needs no run"
    assert max(len(journey.state(number).open) for number in still_open) == 2, "two branches"
    for number, [only] in seen.items():
        case, state = journey.desk.read(number), journey.state(number)
        assert case.flow_run_id == str(only.run.id)
        assert only.shown == f"PAUSED {case.waits_for}"
        assert state.rulebook.stages[state.open[0].stage].label in only.run.tags
        assert only.rows == ()
        assert "### 已办" in only.pages[0], "the page, not the graph, carries the past"
