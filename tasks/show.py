"""卷宗一览: keeps one Markdown page per case in Prefect: done, now and next."""

import logging
from contextlib import suppress
from uuid import UUID

from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.actions import ArtifactCreate, ArtifactUpdate
from prefect.client.schemas.filters import (
    ArtifactFilter,
    ArtifactFilterFlowRunId,
    ArtifactFilterKey,
)
from prefect.exceptions import ObjectNotFound

from tasks.desk import Case, desk
from tasks.wording import markdown, plain

PAGE_LIMIT = 20_000
TITLE_LIMIT = 60
PAGES_REMEMBERED = 20_000
log = logging.getLogger(__name__)
# Where each run's page is: asking Prefect every time costs as much as writing it.
_pages: dict[UUID, UUID] = {}


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
    known = _pages.get(flow_run_id) or await _find(client, key, flow_run_id)
    if known is not None:
        with suppress(ObjectNotFound):
            await client.update_artifact(known, ArtifactUpdate(data=data, description=title))
            _remember(flow_run_id, known)
            return
    page = ArtifactCreate(
        key=key, type="markdown", data=data, description=title, flow_run_id=flow_run_id
    )
    _remember(flow_run_id, (await client.create_artifact(page)).id)


async def _find(client: PrefectClient, key: str, flow_run_id: UUID) -> UUID | None:
    own = ArtifactFilter(
        key=ArtifactFilterKey(any_=[key]), flow_run_id=ArtifactFilterFlowRunId(any_=[flow_run_id])
    )
    pages = await client.read_artifacts(artifact_filter=own, limit=1)
    return pages[0].id if pages else None


def _remember(flow_run_id: UUID, page: UUID) -> None:
    if len(_pages) >= PAGES_REMEMBERED:
        _pages.clear()
    _pages[flow_run_id] = page
