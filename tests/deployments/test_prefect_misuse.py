"""Whatever is done to runs in Prefect, no case is ended, skipped or lost.

Resume, cancel, force, delete: the records stay as they are, and the next pass over them gives every
open case a run that sleeps under its badge again. The journeys lose the whole database as well.
"""

from collections.abc import Callable

import pytest
from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.objects import State
from prefect.states import Cancelled, Cancelling, Completed, Crashed, Failed, Running

from deployments.driving import prefect_runs
from deployments.driving.reconciling import deployments
from deployments.driving.registration import find_deployment
from flows.kinds import WAITING
from tasks.stages import open_stage
from tests.deployments.conftest import Bench, shown

pytestmark = pytest.mark.prefect
Ending = Callable[[], State[None]]


def test_resume_in_prefect_changes_nothing_and_the_case_goes_on(bench: Bench) -> None:
    bench.desk.opens(bench.number)

    async def story(client: PrefectClient) -> None:
        await bench.goes_round(client)
        before = bench.desk.of(bench.number)
        await client.resume_flow_run(bench.run_id())
        assert shown(await bench.run_of(client)) == "SCHEDULED Resuming"
        assert bench.desk.of(bench.number) == before
        bench.desk.happens(bench.number, "镇(区)审核")
        await bench.goes_round(client)
        assert shown(await bench.run_of(client)) == "PAUSED 待镇(区)审核"

    bench.tell(story)


def test_a_resumed_run_that_nobody_takes_is_put_back_to_sleep(bench: Bench) -> None:
    bench.desk.opens(bench.number)

    async def story(client: PrefectClient) -> None:
        await bench.goes_round(client)
        await client.resume_flow_run(bench.run_id())
        assert (await bench.reconciles(client)).settled == 0
        assert (await bench.reconciles(client, later=300)).settled == 1
        assert shown(await bench.run_of(client)) == "PAUSED 待居民议事会商议"

    bench.tell(story)


@pytest.mark.parametrize("ending", [Cancelled, Completed, Failed, Crashed])
def test_an_end_set_in_prefect_ends_no_case(
    bench: Bench, ending: Callable[[], State[None]]
) -> None:
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
        assert shown(await bench.run_of(client)) == "PAUSED 待镇(区)审核"
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
        assert shown(await bench.run_of(client)) == "PAUSED 待居民议事会商议"

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
        assert shown(await bench.run_of(client)) == "PAUSED 待居民议事会商议"

    bench.tell(story)


def test_a_run_left_running_by_a_killed_process_can_be_woken_at_once(bench: Bench) -> None:
    bench.desk.opens(bench.number)

    async def story(client: PrefectClient) -> None:
        await bench.goes_round(client)
        await prefect_runs.force(client, bench.run_id(), Running())
        bench.desk.happens(bench.number, "镇(区)审核")
        await bench.goes_round(client)
        assert shown(await bench.run_of(client)) == "PAUSED 待镇(区)审核"

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
        assert shown(await bench.run_of(client)) == "PAUSED 待镇(区)审核"

    bench.tell(story)
