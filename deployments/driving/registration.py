"""登记部署: puts the work pool and the deployments of `prefect.yaml` into Prefect.

The same file serves `prefect deploy --all`; registering it here takes milliseconds, so that the
driver can do it again whenever somebody deleted something.
"""

import json
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

from prefect import Flow
from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.actions import (
    DeploymentScheduleCreate,
    WorkPoolCreate,
    WorkPoolUpdate,
)
from prefect.client.schemas.schedules import CronSchedule
from prefect.exceptions import ObjectNotFound
from prefect.flows import load_flow_from_entrypoint
from prefect.utilities.callables import parameter_schema
from prefect.workers.process import ProcessWorker
from ruamel.yaml import YAML

ROOT = Path(__file__).resolve().parents[2]
POOL = "minsheng"
# How many of the pool's runs are carried at once, until an administrator sets another number.
# The worker's own limit will not do: a run resumed before its last process has ended makes such
# a worker break off. Runs that the driver carries count too.
RUNS_AT_ONCE = 4
VERSION_LENGTH = 12


async def register(client: PrefectClient, root: Path = ROOT) -> None:
    """登记部署: create or renew everything `prefect.yaml` in folder `root` declares."""
    declared = YAML(typ="safe", pure=True).load(root / "prefect.yaml")["deployments"]
    for pool in {one["work_pool"]["name"] for one in declared}:
        await _ensure_pool(client, pool)
    for one in declared:
        await _deploy(client, root, one)


async def find_deployment(client: PrefectClient, flow_name: str) -> UUID | None:
    """The deployment of a flow, which has the flow's own name; None when it is not registered."""
    try:
        return (await client.read_deployment_by_name(f"{flow_name}/{flow_name}")).id
    except ObjectNotFound:
        return None


async def _ensure_pool(client: PrefectClient, name: str) -> None:
    try:
        known = await client.read_work_pool(name)
    except ObjectNotFound:
        template = ProcessWorker.get_default_base_job_template()
        pool = WorkPoolCreate(
            name=name, type="process", base_job_template=template, concurrency_limit=RUNS_AT_ONCE
        )
        await client.create_work_pool(pool)
        return
    # A worker that came first has made the pool without a limit.
    if known.concurrency_limit is None:
        await client.update_work_pool(name, WorkPoolUpdate(concurrency_limit=RUNS_AT_ONCE))


async def _deploy(client: PrefectClient, root: Path, declared: dict[str, Any]) -> None:
    """Register one deployment; one that is there just as declared stays with its planned runs."""
    flow: Flow[..., Any] = load_flow_from_entrypoint(declared["entrypoint"])
    version = _version(root, declared, flow)
    if await _stands(client, f"{flow.name}/{declared['name']}", declared, version):
        return
    folder = {"prefect.deployments.steps.set_working_directory": {"directory": str(root)}}
    await client.create_deployment(
        flow_id=await client.create_flow(flow),
        name=declared["name"],
        version=version,
        description=declared.get("description"),
        tags=declared.get("tags", []),
        schedules=[_schedule(one) for one in declared.get("schedules", [])],
        work_pool_name=declared["work_pool"]["name"],
        entrypoint=declared["entrypoint"],
        pull_steps=[folder],
        parameter_openapi_schema=parameter_schema(flow).model_dump_for_openapi(),
        enforce_parameter_schema=True,
    )


async def _stands(client: PrefectClient, name: str, declared: dict[str, Any], version: str) -> bool:
    """Whether the deployment is there as declared; a pool or schedule that was deleted is gone."""
    try:
        known = await client.read_deployment_by_name(name)
    except ObjectNotFound:
        return False
    slugs = {one["slug"] for one in declared.get("schedules", [])}
    return (
        known.version == version
        and known.work_pool_name == declared["work_pool"]["name"]
        and {one.slug for one in known.schedules} == slugs
    )


def _version(root: Path, declared: dict[str, Any], flow: Flow[..., Any]) -> str:
    """A digest of everything that is registered of a deployment."""
    schema = parameter_schema(flow).model_dump_for_openapi()
    plain = json.dumps([str(root), declared, schema], sort_keys=True, default=str)
    return sha256(plain.encode()).hexdigest()[:VERSION_LENGTH]


def _schedule(declared: dict[str, Any]) -> DeploymentScheduleCreate:
    cron = CronSchedule(cron=declared["cron"], timezone=declared["timezone"])
    return DeploymentScheduleCreate(
        schedule=cron, slug=declared["slug"], active=declared.get("active", True)
    )
