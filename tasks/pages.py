"""页: the Markdown pages of a case's run in Prefect, each kept under its key and rewritten.

A new page each time would make Prefect's database grow by the case's whole story with every
decision, and show an administrator four pages where one holds.
"""

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

from tasks.desk import Page
from tasks.wording import plain

TITLE_LIMIT = 60
PAGES_REMEMBERED = 20_000
log = logging.getLogger(__name__)
# Where each page is: asking Prefect every time costs as much as writing it.
_pages: dict[tuple[UUID, str], UUID] = {}


async def keep_page(client: PrefectClient, flow_run_id: UUID, page: Page) -> None:
    """存页: write the page, over the one the run already has; what cannot be written stops nothing.

    The records and the files hold everything a page tells.
    """
    try:
        await _write(client, flow_run_id, page)
    except Exception:
        log.exception("%s：本页没有更新", page.key)


async def _write(client: PrefectClient, flow_run_id: UUID, page: Page) -> None:
    place = (flow_run_id, page.key)
    title = plain(page.title, TITLE_LIMIT)
    known = _pages.get(place) or await _find(client, *place)
    if known is not None:
        with suppress(ObjectNotFound):
            await client.update_artifact(known, ArtifactUpdate(data=page.data, description=title))
            _remember(place, known)
            return
    new = ArtifactCreate(
        key=page.key, type="markdown", data=page.data, description=title, flow_run_id=flow_run_id
    )
    _remember(place, (await client.create_artifact(new)).id)


async def _find(client: PrefectClient, flow_run_id: UUID, key: str) -> UUID | None:
    own = ArtifactFilter(
        key=ArtifactFilterKey(any_=[key]), flow_run_id=ArtifactFilterFlowRunId(any_=[flow_run_id])
    )
    pages = await client.read_artifacts(artifact_filter=own, limit=1)
    return pages[0].id if pages else None


def _remember(place: tuple[UUID, str], page: UUID) -> None:
    if len(_pages) >= PAGES_REMEMBERED:
        _pages.clear()
    _pages[place] = page
