"""A month's report, from the scheduled flow to the signed letter, in a real Prefect."""

from collections.abc import Awaitable, Callable
from datetime import date
from typing import Any

import pytest
from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.filters import (
    ArtifactFilter,
    ArtifactFilterFlowRunId,
    FlowFilter,
    FlowFilterName,
)
from prefect.client.schemas.objects import FlowRun

from deployments.demonstration.run import Demonstration
from flows.submissions import (
    open_dated_submissions,
    open_monthly_reports,
    open_report,
    run_submission,
)
from tests.journeys.workbooks import write_workbooks
from tests.journeys.world import Journey

pytestmark = pytest.mark.prefect


def _runs(flow: Any) -> Callable[[PrefectClient], Awaitable[list[FlowRun]]]:
    named = FlowFilter(name=FlowFilterName(any_=[flow.name]))
    return lambda client: client.read_flow_runs(flow_filter=named)


def _keys_of(run: FlowRun) -> Callable[[PrefectClient], Awaitable[list[str]]]:
    """The run's pages by their keys, with those that are there more than once."""
    own = ArtifactFilter(flow_run_id=ArtifactFilterFlowRunId(any_=[run.id]))

    async def ask(client: PrefectClient) -> list[str]:
        return sorted(str(page.key) for page in await client.read_artifacts(artifact_filter=own))

    return ask


def test_a_months_reports_are_opened_once_checked_signed_and_shown_as_sent(
    journey: Journey,
) -> None:
    journey.takes_in(write_workbooks(journey.folder, [], under_way=True)[:1])
    journey.sleep_until(Demonstration.morning(date(2026, 5, 1)))
    for _ in range(2):
        journey.ask(lambda _: open_monthly_reports(period="2026-04", place="杨舍镇"))
    journey.ask(lambda _: open_dated_submissions(period="2026-04", place="杨舍镇"))
    [number] = [item for item in journey.numbers().values() if "-BS-" in item]
    assert journey.badge(number) == "待核对月报"
    journey.follow()
    journey.act(number, times=2)
    journey.follow()
    assert journey.badge(number) == "已报送"
    [run] = [run for run in journey.ask(_runs(run_submission)) if number in run.name]
    assert (run.state_type and run.state_type.value, run.state_name) == ("COMPLETED", "已报送")
    assert run.name == f"{number} 杨舍镇2026年4月项目月报"
    assert {"张家港市", "杨舍镇"} <= set(run.tags)
    assert [notice.kind for notice in journey.notices(number)] == [
        "monthly_report_draft",
        "monthly_report",
    ]
    names = sorted(name.rpartition(".")[2] for name in journey.papers(number))
    assert names == ["docx", "docx", "pdf", "pdf", "xlsx", "xlsx"]
    assert journey.ask(_keys_of(run)) == [number.lower(), f"{number}-gate".lower()]
    openings = journey.ask(_runs(open_monthly_reports))
    # Those that Prefect has already planned for the months to come are not counted.
    assert sum(run.state_name == "Completed" for run in openings) == 2


def test_the_charts_of_a_bulletin_stand_beside_its_tables_once_for_draft_and_final(
    journey: Journey,
) -> None:
    [project, *_] = journey.takes_in(write_workbooks(journey.folder, [], under_way=True)[:1])
    journey.act(project, times=6)
    journey.sleep_until(Demonstration.morning(date(2026, 5, 1)))
    bulletin = {"report": "bulletin", "place": "张家港市"}
    early = journey.ask(lambda _: open_report(**bulletin, period="2026-05", return_state=True))
    assert (early.name, early.message) == (
        "Failed", "2026年5月的报送自2026年6月1日起开立，现在还没有到，请到时再办。"
    )  # fmt: skip
    for _ in range(2):
        ended = journey.ask(lambda _: open_report(**bulletin, period="2026-04", return_state=True))
    assert ended.message == "新开立0件，早已开立1件。"
    [number] = [item for item in journey.numbers().values() if "-BS-" in item]
    journey.follow()
    journey.act(number)
    journey.follow()
    assert journey.badge(number) == "已报送"
    # The other journeys' cases have the same numbers and share the server.
    named = f"{number} 市民政局2026年4月推进情况通报"
    [run] = [run for run in journey.ask(_runs(run_submission)) if run.name == named]
    keys = [number, f"{number}-by-town", f"{number}-gate", f"{number}-on-time"]
    assert journey.ask(_keys_of(run)) == [key.lower() for key in keys]
