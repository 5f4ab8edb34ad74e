"""A month's report, from the scheduled flow to the signed letter, in a real Prefect."""

from collections.abc import Awaitable, Callable
from datetime import date
from typing import Any

import pytest
from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.filters import FlowFilter, FlowFilterName
from prefect.client.schemas.objects import FlowRun

from deployments.demonstration.run import Demonstration
from flows.submissions import open_dated_submissions, open_monthly_reports, run_submission
from tests.journeys.workbooks import write_workbooks
from tests.journeys.world import Journey

pytestmark = pytest.mark.prefect


def _runs(flow: Any) -> Callable[[PrefectClient], Awaitable[list[FlowRun]]]:
    named = FlowFilter(name=FlowFilterName(any_=[flow.name]))
    return lambda client: client.read_flow_runs(flow_filter=named)


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
    openings = journey.ask(_runs(open_monthly_reports))
    # Those that Prefect has already planned for the months to come are not counted.
    assert sum(run.state_name == "Completed" for run in openings) == 2
