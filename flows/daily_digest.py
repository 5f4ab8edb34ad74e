"""每日摘要: takes the digest over all journal heads, so that a cut-off tail would be noticed."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from prefect import flow, runtime

from tasks.digest import take_digest

BEIJING = ZoneInfo("Asia/Shanghai")


@flow(name="record_digest", persist_result=False, log_prints=False)
async def record_digest(day: date | None = None) -> None:
    """每日摘要: records the digest for `day`, by default the one before the planned start.

    Days are Beijing days. Running it twice for one day changes nothing: the first one stays.
    """
    await take_digest(day or day_before(runtime.flow_run.scheduled_start_time))


def day_before(planned: datetime) -> date:
    """The Beijing day before the one on which `planned` falls."""
    return (planned.astimezone(BEIJING) - timedelta(days=1)).date()
