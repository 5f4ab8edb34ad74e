"""What we lean on in Prefect, tried on the pinned version with a real server.

When the pin moves and one of these fails, `deployments/prefect_runs.py` is where to look.
"""

import asyncio
from pathlib import Path
from time import monotonic
from urllib.parse import urlsplit

import pytest
from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.filters import FlowFilter, FlowFilterName
from prefect.client.schemas.objects import FlowRun, State
from prefect.states import Cancelled, Cancelling, Completed, Crashed, Failed, Running

from deployments import prefect_runs, server
from deployments.reconciling import deployments
from deployments.registration import find_deployment, register
from flows.daily_digest import record_digest
from flows.kinds import WAITING
from flows.waiting import FAULT_BADGE, SUPERSEDED
from tasks.desk import use
from tasks.stages import open_stage
from tests.deployments.conftest import Bench, bench_with
from tests.deployments.fake_desk import FILE, FakeDesk

pytestmark = pytest.mark.prefect


def _name(run: FlowRun) -> str:
    return f"{run.state_type and run.state_type.value} {run.state_name}"


def test_a_nightly_schedule_creates_its_runs_by_itself(bench: Bench) -> None:
    async def story(client: PrefectClient) -> None:
        await register(client)
        wanted = FlowFilter(name=FlowFilterName(any_=[record_digest.name]))
        until = monotonic() + 60
        while not (runs := await client.read_flow_runs(flow_filter=wanted)):
            assert monotonic() < until, "the scheduler created no run within a minute"
            await asyncio.sleep(0.5)
        planned = {str(run.expected_start_time)[11:16] for run in runs}
        assert planned == {"17:00"}, "01:00 in Beijing is 17:00 in UTC"

    bench.tell(story)


def test_a_run_is_created_asleep_under_the_badge_of_its_case(bench: Bench) -> None:
    bench.desk.opens(bench.number)

    async def story(client: PrefectClient) -> None:
        await bench.reconciles(client)
        run = await bench.run_of(client)
        assert _name(run) == "PAUSED 待居民议事会商议"
        assert run.name.startswith(f"{bench.number} ")
        assert sorted(run.tags) == sorted(["张家港", "杨舍镇", "塘市社区", "居民议事会商议"])
        assert run.state is not None
        assert run.state.state_details.pause_reschedule is True
        assert run.state.state_details.pause_timeout is None
        [page] = [p for p in await client.read_artifacts() if p.flow_run_id == run.id]
        assert page.key == bench.number.lower()

    bench.tell(story)


def test_a_woken_run_does_what_is_owed_and_sleeps_under_its_next_badge(bench: Bench) -> None:
    bench.desk.opens(bench.number)

    async def story(client: PrefectClient) -> None:
        assert await bench.goes_round(client) == 1
        assert _name(await bench.run_of(client)) == "PAUSED 待居民议事会商议"
        bench.desk.happens(bench.number, "镇(区)审核")
        assert await bench.goes_round(client) == 1
        assert _name(await bench.run_of(client)) == "PAUSED 待镇(区)审核"
        assert "镇(区)审核" in (await bench.run_of(client)).tags
        assert await bench.goes_round(client) == 0

    bench.tell(story)


def test_the_graph_has_one_row_for_each_stage_and_round(bench: Bench) -> None:
    bench.desk.opens(bench.number)

    async def story(client: PrefectClient) -> None:
        await bench.goes_round(client)
        for stage, turn in (("镇(区)审核", 1), ("居民议事会商议", 2), ("镇(区)审核", 2)):
            bench.desk.happens(bench.number, stage, turn)
            await bench.goes_round(client)
        assert [row.name for row in await bench.rows(client, expected=4)] == [
            "居民议事会商议 · 第1轮 · 第八条",
            "镇(区)审核 · 第1轮 · 第八条",
            "居民议事会商议 · 第2轮 · 第八条",
            "镇(区)审核 · 第2轮 · 第八条",
        ]

    bench.tell(story)


def test_a_closed_case_ends_its_run_under_the_name_of_the_outcome(bench: Bench) -> None:
    bench.desk.opens(bench.number)

    async def story(client: PrefectClient) -> None:
        await bench.goes_round(client)
        bench.desk.closes(bench.number)
        await bench.goes_round(client)
        assert _name(await bench.run_of(client)) == "COMPLETED 已归档"
        await bench.reconciles(client)
        assert bench.desk.of(bench.number)["generation"] == 1

    bench.tell(story)


def test_one_page_per_case_is_rewritten_and_carries_no_html(bench: Bench) -> None:
    bench.desk.opens(bench.number)

    async def story(client: PrefectClient) -> None:
        await bench.goes_round(client)
        bench.desk.happens(bench.number, "镇(区)审核")
        await bench.goes_round(client)
        [page] = [p for p in await client.read_artifacts() if p.flow_run_id == bench.run_id()]
        assert "办到：镇(区)审核" in str(page.data)
        assert "<" not in str(page.data)

    bench.tell(story)


def test_resume_in_prefect_changes_nothing_and_the_case_goes_on(bench: Bench) -> None:
    bench.desk.opens(bench.number)

    async def story(client: PrefectClient) -> None:
        await bench.goes_round(client)
        before = bench.desk.of(bench.number)
        await client.resume_flow_run(bench.run_id())
        assert _name(await bench.run_of(client)) == "SCHEDULED Resuming"
        assert bench.desk.of(bench.number) == before
        bench.desk.happens(bench.number, "镇(区)审核")
        await bench.goes_round(client)
        assert _name(await bench.run_of(client)) == "PAUSED 待镇(区)审核"

    bench.tell(story)


def test_a_resumed_run_that_nobody_takes_is_put_back_to_sleep(bench: Bench) -> None:
    bench.desk.opens(bench.number)

    async def story(client: PrefectClient) -> None:
        await bench.goes_round(client)
        await client.resume_flow_run(bench.run_id())
        assert (await bench.reconciles(client)).settled == 0
        assert (await bench.reconciles(client, later=300)).settled == 1
        assert _name(await bench.run_of(client)) == "PAUSED 待居民议事会商议"

    bench.tell(story)


@pytest.mark.parametrize("ending", [Cancelled, Completed, Failed, Crashed])
def test_an_end_set_in_prefect_ends_no_case(bench: Bench, ending: type[State[None]]) -> None:
    bench.desk.opens(bench.number)

    async def story(client: PrefectClient) -> None:
        await bench.goes_round(client)
        before = bench.desk.of(bench.number)
        await prefect_runs.force(client, bench.run_id(), ending())
        assert bench.desk.of(bench.number) == before
        assert (await bench.reconciles(client)).created == 1
        assert bench.desk.of(bench.number)["generation"] == 2
        bench.desk.happens(bench.number, "镇(区)审核")
        await bench.goes_round(client)
        assert _name(await bench.run_of(client)) == "PAUSED 待镇(区)审核"
        assert bench.desk.of(bench.number)["receipts"] == 2

    bench.tell(story)


def test_the_cancel_button_leads_to_the_next_generation(bench: Bench) -> None:
    bench.desk.opens(bench.number)

    async def story(client: PrefectClient) -> None:
        await bench.goes_round(client)
        old = bench.run_id()
        await client.set_flow_run_state(old, Cancelling())
        assert (await bench.reconciles(client)).created == 1
        assert bench.run_id() != old
        assert _name(await bench.run_of(client)) == "PAUSED 待居民议事会商议"

    bench.tell(story)


def test_a_deleted_run_is_created_again(bench: Bench) -> None:
    bench.desk.opens(bench.number)

    async def story(client: PrefectClient) -> None:
        await bench.goes_round(client)
        old = bench.run_id()
        await client.delete_flow_run(old)
        assert (await bench.reconciles(client)).created == 1
        assert bench.run_id() != old

    bench.tell(story)


def test_a_run_set_to_running_with_nobody_carrying_it_is_found(bench: Bench) -> None:
    bench.desk.opens(bench.number)

    async def story(client: PrefectClient) -> None:
        await bench.goes_round(client)
        await prefect_runs.force(client, bench.run_id(), Running())
        assert (await bench.reconciles(client)).settled == 0
        assert (await bench.reconciles(client, later=60)).settled == 1
        assert _name(await bench.run_of(client)) == "PAUSED 待居民议事会商议"

    bench.tell(story)


def test_a_run_left_running_by_a_killed_process_can_be_woken_at_once(bench: Bench) -> None:
    bench.desk.opens(bench.number)

    async def story(client: PrefectClient) -> None:
        await bench.goes_round(client)
        await prefect_runs.force(client, bench.run_id(), Running())
        bench.desk.happens(bench.number, "镇(区)审核")
        await bench.goes_round(client)
        assert _name(await bench.run_of(client)) == "PAUSED 待镇(区)审核"

    bench.tell(story)


@pytest.mark.parametrize("leases", ["with leases", "without leases"])
def test_two_wakes_at_once_leave_each_effect_recorded_once(bench: Bench, leases: str) -> None:
    bench.desk.leases = leases == "with leases"
    bench.desk.opens(bench.number)

    async def story(client: PrefectClient) -> None:
        await bench.reconciles(client)
        for stage in ("镇(区)审核", "项目公示", "实施"):
            bench.desk.happens(bench.number, stage)
        run = await bench.run_of(client)
        await asyncio.gather(bench.wakes(client, run), bench.wakes(client, run))
        case = bench.desk.of(bench.number)
        assert (case["receipts"], len(case["done"])) == (4, 4)
        assert case["driven_to"] == case["head"]
        if bench.desk.leases:
            assert set(case["attempts"].values()) == {1}
        await bench.reconciles(client, later=60)
        assert _name(await bench.run_of(client)) == "PAUSED 待实施"

    bench.tell(story)


def test_a_failed_effect_is_named_and_tried_again(bench: Bench) -> None:
    bench.desk.opens(bench.number, "项目公示", kind="remind")
    bench.desk.broken.add(f"{bench.number}/remind/项目公示/1")
    bench.desk.happens(bench.number, "镇(区)审核")

    async def story(client: PrefectClient) -> None:
        await bench.goes_round(client)
        run = await bench.run_of(client)
        assert _name(run) == f"PAUSED {FAULT_BADGE}"
        assert "信箱打不开" in str(run.state and run.state.message)
        assert bench.desk.of(bench.number)["receipts"] == 1
        bench.desk.broken.clear()
        until = monotonic() + 10
        while not await bench.goes_round(client) and monotonic() < until:
            await asyncio.sleep(0.2)
        assert _name(await bench.run_of(client)) == "PAUSED 待镇(区)审核"
        assert bench.desk.of(bench.number)["receipts"] == 2

    bench.tell(story)


def test_a_replaced_run_leaves_without_touching_the_case(bench: Bench) -> None:
    bench.desk.opens(bench.number)

    async def story(client: PrefectClient) -> None:
        await bench.reconciles(client)
        old = await bench.run_of(client)
        bench.desk.remember_run(bench.number, 2, str(old.id))
        await bench.wakes(client, old)
        assert _name(await bench.run_of(client)) == f"CANCELLED {SUPERSEDED}"
        assert bench.desk.of(bench.number)["receipts"] == 0

    bench.tell(story)


def test_a_task_row_that_never_ended_is_closed(bench: Bench) -> None:
    bench.desk.opens(bench.number)

    async def story(client: PrefectClient) -> None:
        await bench.goes_round(client)
        await client.create_task_run(open_stage, bench.run_id(), "killed", state=Running())
        assert (await bench.reconciles(client)).tasks == 0
        assert (await bench.reconciles(client, later=3600)).tasks == 1

    bench.tell(story)


def test_a_deleted_deployment_comes_back_and_its_orphans_are_replaced(bench: Bench) -> None:
    bench.desk.opens(bench.number)

    async def story(client: PrefectClient) -> None:
        await bench.goes_round(client)
        old = bench.run_id()
        deployment = await find_deployment(client, WAITING["project"].name)
        assert deployment is not None
        await client.delete_deployment(deployment)
        await bench.reconciles(client)
        assert bench.run_id() != old
        bench.desk.happens(bench.number, "镇(区)审核")
        bench.driver._known = await deployments(client)
        await bench.goes_round(client)
        assert _name(await bench.run_of(client)) == "PAUSED 待镇(区)审核"

    bench.tell(story)


def test_a_stock_worker_carries_what_the_driver_hands_over(
    prefect_home: Path, tmp_path: Path
) -> None:
    desk = FakeDesk(tmp_path, shared=True)
    use(desk)
    bench = bench_with(desk, tmp_path)
    bench.driver.by = "pool"
    desk.opens(bench.number)

    async def story(client: PrefectClient) -> None:
        assert await bench.goes_round(client) == 1
        assert _name(await bench.run_of(client)) == "SCHEDULED Resuming"
        where = {"MINSHENG_DESK": "tests.deployments.fake_desk:open_shared", FILE: str(tmp_path)}
        await asyncio.to_thread(server.start_worker, prefect_home, "minsheng", 1, where)
        until = monotonic() + 90
        while _name(await bench.run_of(client)) != "PAUSED 待居民议事会商议":
            assert monotonic() < until, _name(await bench.run_of(client))
            await asyncio.sleep(0.5)
        assert desk.of(bench.number)["receipts"] == 1

    try:
        bench.tell(story)
    finally:
        server.stop_worker(prefect_home)


def test_the_loss_of_prefects_whole_database_loses_no_case(
    bench: Bench, prefect_home: Path
) -> None:
    numbers = [bench.number, *(bench.another() for _ in range(4))]
    for number in numbers:
        bench.desk.opens(number)

    async def before(client: PrefectClient) -> None:
        while await bench.goes_round(client):
            continue

    async def after(client: PrefectClient) -> None:
        assert (await bench.reconciles(client)).created == len(numbers)
        for number in numbers:
            assert _name(await bench.run_of(client, number)) == "PAUSED 待居民议事会商议"
            assert bench.desk.of(number)["receipts"] == 1

    bench.tell(before)
    port = urlsplit(server.address(prefect_home) or "").port
    server.stop(prefect_home)
    for file in prefect_home.glob("prefect.db*"):
        file.unlink()
    server.start(prefect_home, port)
    bench.tell(after)
