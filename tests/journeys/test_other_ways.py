"""The same journey where it is run otherwise: records on PostgreSQL, runs carried by a worker."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from deployments.driving.registration import POOL, RUNS_AT_ONCE
from deployments.services import server
from records.cases.journal import verify
from records.cases.projections import compare
from tests.journeys.prefect_side import see_all
from tests.journeys.workbooks import REFUSED, write_workbooks
from tests.journeys.world import Journey, environment, setting_out, until, until_shown
from tests.postgres import Server

pytestmark = pytest.mark.prefect

CHEAP = "示例锦绣花苑晾晒架集中安装"
# What the driver makes of a run that a worker is to take.
RESUMING = ("SCHEDULED", "Resuming")


@pytest.fixture
def on_postgres(prefect_home: Path, postgres_server: Server, tmp_path: Path) -> Iterator[Journey]:
    """A journey whose records stand in a database of its own."""
    assert prefect_home.exists()
    with setting_out(tmp_path, records=postgres_server.create("journey")) as journey:
        yield journey


@pytest.mark.postgres
def test_with_the_records_on_postgresql_cases_are_carried_as_on_sqlite(
    on_postgres: Journey,
) -> None:
    journey = on_postgres
    assert journey.store.on_postgres
    journey.takes_in(write_workbooks(journey.folder, [REFUSED, CHEAP]))
    numbers = journey.numbers()
    refused, cheap = numbers[REFUSED], numbers[CHEAP]
    with journey.driving():
        journey.act(refused, times=2)
        journey.act(cheap, times=5)
        journey.wait_until_driven()
        publicity = journey.state(cheap).open[0].publicity
        assert publicity is not None
        assert publicity.opens is not None
        journey.sleep_until(publicity.opens)
        until(lambda: journey.badge(cheap) == "待确定实施主体")
        journey.wait_until_driven()
    expected = {number: len(journey.state(number).effects) for number in (refused, cheap)}
    seen = journey.ask(lambda client: see_all(client, expected))
    shown = {number: [item.shown for item in runs] for number, runs in seen.items()}
    assert shown == {refused: ["COMPLETED 未获选"], cheap: ["PAUSED 待确定实施主体"]}
    for number, owed in expected.items():
        attempts = journey.attempts(number).values()
        assert [(item.status, item.attempts) for item in attempts] == [("done", 1)] * owed
        assert len(seen[number][0].rows) == owed
        assert all(paper.startswith(b"%PDF") for paper in journey.papers(number).values())
    assert len(journey.papers(cheap)) == 2
    assert verify(journey.store).sound
    assert compare(journey.store) == ()


@pytest.fixture
def worker(journey: Journey, prefect_home: Path) -> Iterator[None]:
    """A stock process worker beside the journey, told where the records are."""
    quick = {"PREFECT_WORKER_QUERY_SECONDS": "1"}
    server.start_worker(prefect_home, POOL, environment(journey.folder) | quick)
    yield
    server.stop_worker(prefect_home)


@pytest.mark.usefixtures("worker")
def test_a_stock_worker_carries_a_project_through_its_stages_to_its_end(journey: Journey) -> None:
    [number] = journey.takes_in(write_workbooks(journey.folder, [REFUSED]))
    journey.act(number)
    with journey.driving(by="pool"):
        journey.wait_until_driven()
        until_shown(journey, number, "PAUSED 待居民议事会商议")
        journey.act(number)
        until_shown(journey, number, "COMPLETED 未获选")
    [seen] = journey.ask(lambda client: see_all(client, {number: 3}))[number]
    assert sorted(row.name.split(" · ")[0] for row in seen.rows) == [
        "出具",
        "居民议事会商议",
        "征集项目建议",
    ]
    assert "### 已办结：未获选" in seen.pages[0]
    passed = journey.ask(lambda client: client.read_flow_run_states(seen.run.id))
    handed_over = [(state.type.value, state.name) for state in passed].count(RESUMING)
    assert handed_over >= 2, "for the stage it waits in, and for its end"
    attempts = journey.attempts(number).values()
    assert [(item.status, item.attempts) for item in attempts] == [("done", 1)] * 3
    [paper] = journey.papers(number).values()
    assert paper.startswith(b"%PDF")
    pool = journey.ask(lambda client: client.read_work_pool(POOL))
    assert pool.concurrency_limit == RUNS_AT_ONCE, "also where the worker came first"
    assert verify(journey.store).sound
    assert compare(journey.store) == ()
