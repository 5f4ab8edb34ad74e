"""在办项目（补录）的逻辑校验：表决人数、日期先后、合同金额，以及当前环节与已填各列相符。"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import pandera.pandas as pa

from schemas import predicates
from schemas.layout import Column
from schemas.rows import Choices
from schemas.tables import Table
from schemas.workbook import row_check

LOGIC_VOTES: Final = "logic.votes"
LOGIC_DATES: Final = "logic.dates"
LOGIC_STAGE: Final = "logic.stage"
LOGIC_CONTRACT: Final = "logic.contract"

_CHAIN = (
    "proposed_on", "council_on", "review_on", "approved_on", "posted_on",
    "publicity_ended_on", "signed_on", "started_on", "finished_on",
)  # fmt: skip
_VOTES = (
    ("council_present", "council_members", "实到{council_present}人多于应到{council_members}人"),
    ("council_agreed", "council_present", "同意{council_agreed}人多于实到{council_present}人"),
    ("review_present", "review_members", "审议实到{review_present}人多于应到{review_members}人"),
    ("review_agreed", "review_present", "审议同意{review_agreed}人多于实到{review_present}人"),
)


def under_way_checks() -> Iterator[pa.Check]:
    """逐行校验：表决人数、日期先后、合同金额。"""
    for low, high, sentence in _VOTES:
        error = f"{sentence}，请按会议记录更正。"
        yield row_check(LOGIC_VOTES, low, error, predicates.is_no_more_than, field=low, other=high)
    for index, field in enumerate(_CHAIN[1:], start=1):
        yield row_check(
            LOGIC_DATES,
            field,
            "「{column}」{value}早于在它之前的环节，请按先后次序更正日期。",
            predicates.is_in_order,
            field=field,
            earlier=list(_CHAIN[:index]),
        )
    yield row_check(
        LOGIC_CONTRACT,
        "contract_amount",
        "合同金额{contract_amount}超过资金预算{budget}，请核对；确需增加的先办理变更。",
        predicates.is_no_more_than,
        field="contract_amount",
        other="budget",
    )


def stage_schema(table: Table, choices: Choices) -> pa.DataFrameSchema:
    """当前环节与各列相符：之前必已发生的要填，尚不可能发生的不填，一件事的各列一起填。"""
    grouped = [column for column in table.sheet.columns.values() if column.group is not None]
    checks = []
    for column in grouped:
        together = [
            other.field
            for other in grouped
            if column.together and other.group == column.group and other is not column
        ]
        checks += _stage_checks(column, together, choices)
    return pa.DataFrameSchema(checks=checks)


def _stage_checks(column: Column, together: list[str], choices: Choices) -> list[pa.Check]:
    stages = choices.stages.items()
    needing = {key for key, stage in stages if column.group in stage.needs}
    ahead = {key for key, stage in stages if column.group not in stage.needs | stage.may}
    return [
        row_check(
            LOGIC_STAGE,
            column.field,
            "「{column}」不能为空：当前环节为“{stage}”，这件事已经发生或已填了一部分；请补上。",
            predicates.is_filled_when_needed,
            field=column.field,
            stage="stage",
            needing=needing,
            ahead=ahead,
            together=together,
        ),
        row_check(
            LOGIC_STAGE,
            column.field,
            "当前环节为“{stage}”，还不到填「{column}」的时候；请更正当前环节或删去此格。",
            predicates.is_blank_when_ahead,
            field=column.field,
            stage="stage",
            ahead=ahead,
        ),
    ]
