"""What we lean on in Prefect, tried on the pinned version with a real server.

When the pin moves and one of these fails, `deployments/driving/prefect_runs.py` is where to look.
"""

import asyncio
from datetime import date
from time import monotonic

import pytest
from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.filters import FlowFilter, FlowFilterName

from deployments.driving import reconciling
from deployments.driving.registration import register
from flows.daily_digest import record_digest
from flows.waiting import FAULT_BADGE, SUPERSEDED
from tests.deployments.conftest import Bench, shown

pytestmark = pytest.mark.prefect


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
        assert shown(run) == "PAUSED 待居民议事会商议"
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
        assert shown(await bench.run_of(client)) == "PAUSED 待居民议事会商议"
        bench.desk.happens(bench.number, "镇(区)审核")
        assert await bench.goes_round(client) == 1
        assert shown(await bench.run_of(client)) == "PAUSED 待镇(区)审核"
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
        assert shown(await bench.run_of(client)) == "COMPLETED 已归档"
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
        assert shown(await bench.run_of(client)) == "PAUSED 待实施"

    bench.tell(story)


def test_a_failed_effect_is_named_and_tried_again(bench: Bench) -> None:
    bench.desk.opens(bench.number, "项目公示", kind="remind")
    bench.desk.broken.add(f"{bench.number}/remind/项目公示/1")
    bench.desk.happens(bench.number, "镇(区)审核")

    async def story(client: PrefectClient) -> None:
        await bench.goes_round(client)
        run = await bench.run_of(client)
        assert shown(run) == f"PAUSED {FAULT_BADGE}"
        assert "信箱打不开" in str(run.state and run.state.message)
        assert bench.desk.of(bench.number)["receipts"] == 1
        bench.desk.broken.clear()
        until = monotonic() + 10
        while not await bench.goes_round(client) and monotonic() < until:
            await asyncio.sleep(0.2)
        assert shown(await bench.run_of(client)) == "PAUSED 待镇(区)审核"
        assert bench.desk.of(bench.number)["receipts"] == 2

    bench.tell(story)


def test_a_replaced_run_leaves_without_touching_the_case(bench: Bench) -> None:
    bench.desk.opens(bench.number)

    async def story(client: PrefectClient) -> None:
        await bench.reconciles(client)
        old = await bench.run_of(client)
        bench.desk.remember_run(bench.number, 2, str(old.id))
        await bench.wakes(client, old)
        assert shown(await bench.run_of(client)) == f"CANCELLED {SUPERSEDED}"
        assert bench.desk.of(bench.number)["receipts"] == 0

    bench.tell(story)


def test_many_missing_runs_are_created_in_several_passes(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reconciling, "CREATED_AT_ONCE", 2)
    numbers = [bench.number, bench.another(), bench.another()]
    for number in numbers:
        bench.desk.opens(number)

    async def story(client: PrefectClient) -> None:
        first, second = await bench.reconciles(client), await bench.reconciles(client)
        assert (first.created, first.more) == (2, True)
        assert (second.created, second.more) == (1, False)

    bench.tell(story)


def test_the_digest_of_a_day_is_taken_once_however_often_it_runs(bench: Bench) -> None:
    day = date(2026, 3, 1)

    async def story(client: PrefectClient) -> None:
        await record_digest(day)
        first = bench.desk.take_digest(day)
        await record_digest(day)
        assert bench.desk.take_digest(day) == first
        assert bench.desk.days() == [str(day)]

    bench.tell(story)
