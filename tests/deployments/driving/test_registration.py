"""`prefect.yaml` names real flows by module, and every waiting flow has its deployment."""

from importlib import import_module
from typing import Any

import pytest
from ruamel.yaml import YAML

from deployments.driving.registration import POOL, ROOT
from flows.kinds import WAITING

DECLARED: list[dict[str, Any]] = YAML(typ="safe", pure=True).load(ROOT / "prefect.yaml")[
    "deployments"
]


def _flow(entrypoint: str) -> Any:
    module, _, name = entrypoint.rpartition(".")
    return getattr(import_module(module), name)


@pytest.mark.parametrize("one", DECLARED, ids=lambda one: str(one["name"]))
def test_a_deployment_names_its_flow_by_module_and_has_its_name(one: dict[str, Any]) -> None:
    assert ":" not in one["entrypoint"], "a path entrypoint would make a second copy of the flow"
    assert _flow(one["entrypoint"]).name == one["name"]
    assert one["work_pool"]["name"] == POOL


@pytest.mark.parametrize("one", DECLARED, ids=lambda one: str(one["name"]))
def test_a_schedule_has_a_slug_and_runs_on_beijing_time(one: dict[str, Any]) -> None:
    for schedule in one.get("schedules", []):
        assert schedule["slug"]
        assert schedule["timezone"] == "Asia/Shanghai"


def test_every_waiting_flow_is_deployed_without_a_schedule() -> None:
    declared = {one["name"]: one for one in DECLARED}
    for flow in WAITING.values():
        assert flow.name in declared, f"Add {flow.name} to prefect.yaml."
        assert "schedules" not in declared[flow.name]
