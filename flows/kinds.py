"""流程种类: which waiting flow carries which kind of case; all share one body."""

from typing import Any

from prefect import Flow

from flows.project_lifecycle import run_project
from flows.submissions import run_submission

WAITING: dict[str, Flow[..., Any]] = {"project": run_project, "submission": run_submission}
