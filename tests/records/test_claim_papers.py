"""认定申请的公文: what they say is what the journal holds, and they say it in the same bytes."""

from __future__ import annotations

from datetime import timedelta

import pytest

from notices.document_lint import lint_document
from notices.drafting import official_number
from records.acting.overview import state_of
from records.database.store import Store
from rulebooks.procedure.state import State
from rulebooks.vocabulary.submissions import is_draft
from tasks.makers import make
from tasks.reporting.claim_papers import PAPERS
from tasks.reporting.makers import made_again
from tasks.reporting.reports import Issue, Report, Subject
from tests.records.claiming import (
    SHARE,
    after_quarter,
    done_projects,
    issued,
    settle_city,
    signed,
    step,
)
from tests.records.world import SteppedClock, accepted, opened


@pytest.fixture
def paid(store: Store, clock: SteppedClock) -> str:
    """A claim of two projects, one refused, carried through to its payment."""
    settle_city(store)
    first, _ = done_projects(store, clock, 2)
    opened(store, key="open-9", title="东莱社区路灯修缮", community="东莱社区")
    number = after_quarter(store, clock)
    signed(store, number)
    accepted(step(store, number, "recognise", "recognize", refused={first: "测评报告未盖章"}))
    accepted(step(store, number, "pay", "pay", amount=SHARE))
    return number


def written(store: Store, state: State, document: str) -> Report:
    subject = Subject(store, state)
    day = (subject.cut_off + timedelta(days=20)).date()
    number = None if is_draft(document) else official_number("杨政民", 2026, 1)
    issue = Issue("ZJG-BS-2026-0001-01", number, day, is_draft(document), document)
    return PAPERS[document](subject, issue)


def test_every_paper_of_a_claim_keeps_the_rules_of_its_kind(store: Store, paid: str) -> None:
    state = state_of(store, paid)
    for document in PAPERS:
        assert lint_document(written(store, state, document).document) == (), document


def test_the_claim_names_what_is_asked_and_what_every_other_project_lacks(
    store: Store, paid: str
) -> None:
    report = written(store, state_of(store, paid), "quarterly_claim")
    assert report.document.genre == "函"
    assert report.document.recipients == ("市民政局", "市财政局")
    said = "".join(getattr(block, "text", "") for block in report.document.blocks)
    assert "共2个，审定金额合计92,000.00元，其中计入基数的财政资金92,000.00元" in said
    assert "申请市级民生微实事专项引导资金46,000.00元，镇(区)承担46,000.00元" in said
    claimed, lacking = report.tables
    assert len(claimed.rows) == 2
    assert "审计结论已出；满意度已测评" in str(lacking.rows[0][-1])


def test_the_minutes_tell_the_vote_and_why_a_project_was_refused(store: Store, paid: str) -> None:
    report = written(store, state_of(store, paid), "recognition_minutes")
    said = "".join(getattr(block, "text", "") for block in report.document.blocks)
    assert "同意8票，反对1票，弃权0票" in said
    assert "认定项目1个，市级资金合计23,000.00元" in said
    assert "测评报告未盖章" in said
    assert report.document.copies == ("市财政局", "杨舍镇")
    assert report.document.printed_by == report.document.issuer
    assert report.document.printed_on == report.document.date
    assert [table.feet for table in report.tables] == [()], "nobody fills it in"


def test_the_notice_of_payment_is_a_draft_for_the_bureau_with_the_amount_in_capitals(
    store: Store, paid: str
) -> None:
    document = written(store, state_of(store, paid), "payment_notice_draft").document
    said = "".join(getattr(block, "text", "") for block in document.blocks)
    assert "23,000.00元（大写：人民币贰万叁仟元整）" in said
    assert (document.draft, document.number) == (True, None)
    assert document.recipients == ("杨舍镇",)


def test_the_papers_are_made_with_numbers_of_their_offices_and_made_again_the_same(
    store: Store, paid: str
) -> None:
    state = state_of(store, paid)
    made = {str(item.content["document"]): make(store, paid, item) for item in issued(state)}
    assert list(made) == [
        "quarterly_claim_draft",
        "quarterly_claim",
        "recognition_minutes",
        "payment_notice_draft",
    ]
    assert all(any(name.endswith(".pdf") for name in files) for files in made.values())
    assert made_again(store, state)[1] is True
