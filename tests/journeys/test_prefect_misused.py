"""Whatever is done to the runs in Prefect's pages, no case is decided, skipped or held up by it."""

from collections.abc import Awaitable, Callable, Mapping
from uuid import UUID

import pytest
from prefect.client.orchestration import PrefectClient
from prefect.states import Cancelled, Cancelling, Completed, Failed, Running

from deployments.driving import prefect_runs
from records.cases.journal import verify
from records.cases.projections import compare
from records.database.tables import duties, effects, events, notices
from tests.journeys.prefect_side import see_all
from tests.journeys.workbooks import all_titles, write_workbooks
from tests.journeys.world import Journey

pytestmark = pytest.mark.prefect

Misuse = Callable[[PrefectClient, UUID], Awaitable[object]]
MISUSES: Mapping[str, Misuse] = {
    "resumed": lambda client, run: client.resume_flow_run(run),
    "cancelled by the button": lambda client, run: client.set_flow_run_state(run, Cancelling()),
    "deleted": lambda client, run: client.delete_flow_run(run),
    "forced to Cancelled": lambda client, run: prefect_runs.force(client, run, Cancelled()),
    "forced to Completed": lambda client, run: prefect_runs.force(client, run, Completed()),
    "forced to Failed": lambda client, run: prefect_runs.force(client, run, Failed()),
    "forced to Running": lambda client, run: prefect_runs.force(client, run, Running()),
}
KEEPS_ITS_RUN = {"resumed", "forced to Running"}


def test_what_is_done_in_prefect_changes_no_record_and_each_case_goes_on(journey: Journey) -> None:
    titles = all_titles()[: len(MISUSES)]
    numbers = journey.takes_in(write_workbooks(journey.folder, titles))
    journey.follow()
    records = (events, duties, effects, notices)
    before = journey.dump(*records)
    runs = {number: journey.desk.read(number).flow_run_id for number in numbers}
    misused = dict(zip(numbers, MISUSES, strict=True))

    async def misuse(client: PrefectClient) -> None:
        for number, name in misused.items():
            await MISUSES[name](client, UUID(runs[number]))

    journey.ask(misuse)
    assert journey.dump(*records) == before, "Prefect decides nothing"

    for number in numbers:
        journey.act(number)
    acted = journey.dump(events, duties)
    journey.follow()
    assert journey.dump(events, duties) == acted, "only people and time write to the journal"
    seen = journey.ask(lambda client: see_all(client, {}))
    for number, name in misused.items():
        case = journey.desk.read(number)
        assert case.waits_for != "待社区汇总提交", name
        assert case.driven_to == case.head
        living = [item for item in seen[number] if item.shown == f"PAUSED {case.waits_for}"]
        assert [str(item.run.id) for item in living] == [case.flow_run_id], name
        kept = name in KEEPS_ITS_RUN
        assert (case.flow_run_id == runs[number]) is kept, name
        assert case.generation == 1 if kept or name == "deleted" else 2, name
        owed = journey.state(number).effects
        attempts = journey.attempts(number)
        assert [attempts[effect.key].attempts for effect in owed] == [1] * len(owed), name
    assert verify(journey.store).sound
    assert compare(journey.store) == ()
