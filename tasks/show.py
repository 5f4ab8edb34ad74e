"""卷宗一览: the page that a case's run keeps in Prefect: done, now and next."""

import logging
from uuid import UUID

from prefect.client.orchestration import PrefectClient

from tasks.desk import Case, Page, desk
from tasks.pages import keep_page
from tasks.wording import markdown

PAGE_LIMIT = 20_000
log = logging.getLogger(__name__)


async def show(client: PrefectClient, case: Case, flow_run_id: UUID) -> None:
    """卷宗一览: bring the case's page up to date; a page that cannot be drawn stops nothing."""
    try:
        data = markdown(desk().picture(case.number), PAGE_LIMIT)
    except Exception:
        log.exception("%s：卷宗一览没有更新", case.number)
        return
    await keep_page(client, flow_run_id, Page(case.number.lower(), case.title, data))
