"""What stands in Prefect: the runs of the projects, their task rows and their pages."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from time import monotonic
from uuid import UUID

from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.filters import (
    ArtifactFilter,
    ArtifactFilterFlowRunId,
    FlowFilter,
    FlowFilterName,
    FlowRunFilter,
    FlowRunFilterId,
)
from prefect.client.schemas.objects import FlowRun, TaskRun

from flows.project_lifecycle import run_project

PROJECTS = FlowFilter(name=FlowFilterName(any_=[run_project.name]))
PAGE = 200
PATIENCE = 60.0


@dataclass(frozen=True, slots=True)
class Seen:
    """One run as Prefect shows it."""

    run: FlowRun
    rows: tuple[TaskRun, ...]
    pages: tuple[str, ...]

    @property
    def shown(self) -> str:
        """Type and name of its state."""
        return named(self.run)


def named(run: FlowRun) -> str:
    """Type and name of a run's state."""
    return f"{run.state_type and run.state_type.value} {run.state_name}"


async def runs(client: PrefectClient) -> list[FlowRun]:
    """Every run of a project, whatever its state."""
    return await client.read_flow_runs(flow_filter=PROJECTS, limit=PAGE)


async def forget_runs(client: PrefectClient) -> None:
    """Delete every run of a project and its page."""
    while found := await runs(client):
        of_these = ArtifactFilterFlowRunId(any_=[run.id for run in found])
        for page in await client.read_artifacts(
            artifact_filter=ArtifactFilter(flow_run_id=of_these)
        ):
            await client.delete_artifact(page.id)
        for run in found:
            await client.delete_flow_run(run.id)


async def see_all(client: PrefectClient, expected: Mapping[str, int]) -> dict[str, list[Seen]]:
    """All runs by case number, once the expected number of task rows is recorded for each."""
    found: dict[str, list[Seen]] = {}
    for run in await runs(client):
        number = str(run.parameters["number"])
        rows = await _rows(client, run.id, expected.get(number, 0))
        found.setdefault(number, []).append(Seen(run, rows, await _pages(client, run.id)))
    return found


async def _rows(client: PrefectClient, run: UUID, expected: int) -> tuple[TaskRun, ...]:
    """The run's task rows, which Prefect records a moment after the task has ended."""
    own = FlowRunFilter(id=FlowRunFilterId(any_=[run]))
    until = monotonic() + PATIENCE
    while True:
        rows = await client.read_task_runs(flow_run_filter=own, limit=PAGE)
        ended = all(row.state and row.state.is_final() for row in rows)
        if (len(rows) >= expected and ended) or monotonic() > until:
            return tuple(rows)
        await asyncio.sleep(0.2)


async def _pages(client: PrefectClient, run: UUID) -> tuple[str, ...]:
    own = ArtifactFilter(flow_run_id=ArtifactFilterFlowRunId(any_=[run]))
    return tuple(str(page.data) for page in await client.read_artifacts(artifact_filter=own))
