"""Before a flow is started, Prefect shows what may be filled in, in Chinese."""

import re
from typing import Any

import pytest
from prefect import Flow
from prefect.utilities.callables import parameter_schema

from flows.submissions import (
    look_at_claim,
    open_dated_submissions,
    open_monthly_reports,
    open_quarterly_claims,
    open_report,
)

CHINESE = re.compile(r"[\u4e00-\u9fff]")
SCHEDULED = (open_monthly_reports, open_quarterly_claims, open_dated_submissions)


def _schema(flow: Flow[..., Any]) -> dict[str, Any]:
    return dict(parameter_schema(flow).model_dump_for_openapi())


@pytest.mark.parametrize("flow", [*SCHEDULED, open_report, look_at_claim])
def test_every_parameter_says_in_chinese_how_to_write_it(flow: Flow[..., Any]) -> None:
    for parameter in _schema(flow)["properties"].values():
        assert CHINESE.search(parameter["description"])
        assert parameter["description"].endswith("。")


@pytest.mark.parametrize("flow", SCHEDULED)
def test_a_schedule_has_to_give_no_parameter(flow: Flow[..., Any]) -> None:
    assert not _schema(flow).get("required")


def test_a_report_asks_for_its_kind_and_period_and_a_claim_for_its_place_and_quarter() -> None:
    assert _schema(open_report)["required"] == ["report", "period"]
    assert _schema(look_at_claim)["required"] == ["place", "period"]


def test_a_claim_can_be_built_and_shown_here_and_neither_recognised_nor_paid() -> None:
    assert _schema(look_at_claim)["properties"]["step"]["enum"] == ["show", "build"]
