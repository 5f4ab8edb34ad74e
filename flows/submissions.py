"""报送: the waiting flow of a report or claim, and the scheduled flows that only open them.

Which places report what, for which period and until when stands in the rulebooks; the schedules
are the same for every city. A firing too many opens nothing twice, one too few is made up for by
the next, because the records know one submission per place, duty and period.
"""

from typing import Any

from prefect import flow
from prefect.client.schemas.objects import State

from flows.waiting import carry
from tasks.submissions import open_submissions


@flow(name="submission_lifecycle", persist_result=False, log_prints=False)
async def run_submission(number: str, generation: int) -> State[Any]:
    """报送全流程: carries a report or claim until it is signed and counts as sent.

    Args:
        number: the case number, such as XX-BS-2026-0001.
        generation: which of the case's runs this is; a run that was replaced only leaves.
    """
    return await carry(number, generation)


@flow(name="monthly_reports", persist_result=False, log_prints=False)
async def open_monthly_reports(
    period: str | None = None, city: str | None = None, place: str | None = None
) -> None:
    """月报开立: opens what is reported every month.

    Args:
        period: one month, such as 2026-10; all that are due when left out.
        city: only this city's, by its code.
        place: only this organisation's, by its name.
    """
    await open_submissions("month", period, city, place)


@flow(name="quarterly_claims", persist_result=False, log_prints=False)
async def open_quarterly_claims(
    period: str | None = None, city: str | None = None, place: str | None = None
) -> None:
    """季度申报开立: opens what is reported or claimed every quarter, such as 2026-Q3."""
    await open_submissions("quarter", period, city, place)


@flow(name="dated_submissions", persist_result=False, log_prints=False)
async def open_dated_submissions(
    period: str | None = None, city: str | None = None, place: str | None = None
) -> None:
    """逐日开立: opens whatever else the rulebooks date, and what an earlier firing missed."""
    await open_submissions(None, period, city, place)
