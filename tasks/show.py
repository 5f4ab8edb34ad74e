"""卷宗一览: keeps one Markdown page per case in Prefect: done, now and next."""

import logging
from uuid import UUID

from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.actions import ArtifactCreate, ArtifactUpdate
from prefect.client.schemas.filters import (
    ArtifactFilter,
    ArtifactFilterFlowRunId,
    ArtifactFilterKey,
)

from tasks.desk import Case, desk
from tasks.wording import markdown, plain

PAGE_LIMIT = 20_000
TITLE_LIMIT = 60
log = logging.getLogger(__name__)


async def show(client: PrefectClient, case: Case, flow_run_id: UUID) -> None:
    """卷宗一览: bring the case's page up to date; a page that cannot be written stops nothing.

    One page is kept and rewritten: a new one each time would make Prefect's database grow by
    the case's whole story with every decision.
    """
    try:
        await _write(client, case, flow_run_id)
    except Exception:
        log.exception("%s：卷宗一览没有更新", case.number)


async def _write(client: PrefectClient, case: Case, flow_run_id: UUID) -> None:
    key = case.number.lower()
    data = markdown(desk().picture(case.number), PAGE_LIMIT)
    title = plain(case.title, TITLE_LIMIT)
    own = ArtifactFilter(
        key=ArtifactFilterKey(any_=[key]), flow_run_id=ArtifactFilterFlowRunId(any_=[flow_run_id])
    )
    pages = await client.read_artifacts(artifact_filter=own, limit=1)
    if pages:
        await client.update_artifact(pages[0].id, ArtifactUpdate(data=data, description=title))
    else:
        page = ArtifactCreate(
            key=key, type="markdown", data=data, description=title, flow_run_id=flow_run_id
        )
        await client.create_artifact(page)
