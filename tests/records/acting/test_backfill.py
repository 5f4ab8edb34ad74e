"""补录：在办项目表的一行还原成当时的各步，走到表中所写的环节；走不通的整件不立。"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from records.acting.backfill import past_steps
from records.acting.opening import open_case
from records.acting.overview import state_of
from records.cases.commands import Accepted, Opening, Refused
from records.cases.journal import verify
from records.database.store import Store
from records.files import attachments
from rulebooks.days.working_days import BEIJING
from rulebooks.procedure.state import State
from schemas.rows import Meeting, ProjectUnderWay, Suggestion
from tests.records.world import CITY, COMMUNITY, FACTS, SteppedClock, accepted

PROPOSED = datetime(2026, 1, 5, 9, 0, tzinfo=BEIJING)
SUGGESTION = Suggestion(
    row=3, number="1", community=COMMUNITY, title=FACTS["title"], category="environment",
    kind="works", content="修缮", place="广场", schedule="2026年", budget=4_800_000,
    source="residents", proposer="示例居民", phone=None, urgent=False, permit=False,
    proposed_on=PROPOSED.date(), other_funds=None,
)  # fmt: skip
PROJECT = ProjectUnderWay(
    suggestion=SUGGESTION,
    stage="finish_works",
    council=Meeting(date(2026, 1, 6), 9, 8, 7),
    review=Meeting(date(2026, 1, 9), 7, 7, 7),
    approved_on=date(2026, 1, 12),
    posted_on=date(2026, 1, 13),
    publicity_ended_on=date(2026, 1, 19),
    implementer="暨阳园林有限公司",
    signed_on=date(2026, 1, 26),
    contract_amount=4_700_000,
    started_on=date(2026, 1, 28),
    finished_on=None,
)


@pytest.fixture
def evidence(store: Store) -> str:
    return attachments.keep(store, b"a workbook", "a.xlsx", "application/octet-stream")


def opening(key: str = "row-1", **facts: Any) -> Opening:
    return Opening(CITY, {**FACTS, **facts}, "community_clerk", "import", key, occurred_at=PROPOSED)


def entered(store: Store, evidence: str, project: ProjectUnderWay, **facts: Any) -> State:
    answer = accepted(open_case(store, past_steps(store, opening(**facts), project, evidence)))
    return state_of(store, answer.case)


def test_a_project_under_way_stands_where_the_list_says(store: Store, evidence: str) -> None:
    state = entered(store, evidence, PROJECT)
    assert [item.stage for item in state.open] == ["finish_works"]
    done = [(item.stage, item.at.astimezone(BEIJING).date()) for item in state.results]
    assert done == [
        ("collect", date(2026, 1, 5)),
        ("deliberate", date(2026, 1, 6)),
        ("review", date(2026, 1, 9)),
        ("approve", date(2026, 1, 12)),
        ("publicize_project", date(2026, 1, 17)),
        ("select_implementer", date(2026, 1, 17)),
        ("contract", date(2026, 1, 26)),
        ("begin_works", date(2026, 1, 28)),
    ]
    assert state.amounts["contract"] == 4_700_000


def test_every_step_is_marked_as_backfilled_and_no_document_is_issued_for_it(
    store: Store, evidence: str
) -> None:
    state = entered(store, evidence, PROJECT)
    assert all(event.backfilled for event in state.history)
    assert all(result.backfilled for result in state.results)
    assert [effect.kind for effect in state.effects] == ["open_stage"]
    assert verify(store).sound


@pytest.mark.parametrize(
    ("stage", "steps"),
    [
        ("deliberate", 1),
        ("review", 2),
        ("approve", 3),
        ("select_implementer", 5),
        ("contract", 6),
        ("begin_works", 7),
    ],
)
def test_no_step_is_made_up_beyond_the_stage_named(
    store: Store, evidence: str, stage: str, steps: int
) -> None:
    state = entered(store, evidence, replace(PROJECT, stage=stage))
    assert [item.stage for item in state.open] == [stage]
    assert len(state.results) == steps


def test_a_publicity_still_running_goes_on_to_its_announced_end(
    store: Store, evidence: str, clock: SteppedClock
) -> None:
    clock.moment = datetime(2026, 1, 14, 9, 0, tzinfo=BEIJING)
    state = entered(store, evidence, replace(PROJECT, stage="publicize_project"))
    [opened] = state.open
    assert opened.publicity is not None
    assert opened.publicity.period is not None
    assert opened.publicity.period["last"] == "2026-01-16"


def test_a_publicity_that_ended_meanwhile_is_over(store: Store, evidence: str) -> None:
    state = entered(store, evidence, replace(PROJECT, stage="publicize_project", implementer=None))
    assert [item.stage for item in state.open] == ["select_implementer"]


def test_what_the_list_leaves_out_stops_the_past_there(store: Store, evidence: str) -> None:
    state = entered(store, evidence, replace(PROJECT, review=None))
    assert [item.stage for item in state.open] == ["review"]


def test_a_past_that_breaks_a_rule_opens_nothing_and_says_which_step(
    store: Store, evidence: str
) -> None:
    dearer = replace(PROJECT, contract_amount=4_900_000)
    answer = open_case(store, past_steps(store, opening(), dearer, evidence))
    assert isinstance(answer, Refused)
    assert answer.sentence.startswith("补录第8步未能记入，整件没有立卷：")
    assert "预算" in answer.sentence


def test_an_implementer_nobody_knows_is_refused_by_name(store: Store, evidence: str) -> None:
    stranger = replace(PROJECT, implementer="查无此家")
    answer = open_case(store, past_steps(store, opening(), stranger, evidence))
    assert isinstance(answer, Refused)
    assert "查无此家" in answer.sentence


def test_a_reason_is_given_only_where_the_limit_was_passed(store: Store, evidence: str) -> None:
    state = entered(store, evidence, PROJECT)
    approvals = [event for event in state.history if event.kind == "approved"]
    assert [event.content["override_reason"] for event in approvals] == [""]
    again = past_steps(store, opening("row-2"), PROJECT, evidence, over_limit=True)
    answer = open_case(store, again)
    assert isinstance(answer, Accepted)
    approvals = [e for e in state_of(store, answer.case).history if e.kind == "approved"]
    assert approvals[0].content["override_reason"].startswith("补录")


def test_the_deadline_of_the_stage_reached_runs_from_the_past(store: Store, evidence: str) -> None:
    state = entered(store, evidence, PROJECT)
    [opened] = state.open
    assert opened.since == datetime(2026, 1, 28, 9, 0, tzinfo=BEIJING)
    assert opened.since - PROPOSED == timedelta(days=23)
