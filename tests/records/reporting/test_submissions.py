"""报送件: one submission per organisation, duty and period, however often it is opened."""

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import update

from records.acting.acts import act
from records.acting.codes import without_code
from records.acting.opening import open_case
from records.acting.overview import listed, state_of
from records.acting.ticks import tick
from records.cases.commands import Accepted, Command, Refused
from records.cases.projections import compare
from records.database.store import Store
from records.database.tables import organisations
from records.people.organisations import Organisation
from records.reporting.submissions import (
    Submission,
    codes_wanted,
    open_submission,
    submissions_due,
)
from rulebooks.policy.duties import UnknownPeriodError
from rulebooks.reading.loader import load_rulebook
from rulebooks.vocabulary.submissions import serving
from tests.records.test_races import at_once
from tests.records.world import CITY, SteppedClock, accepted, opened, opening

MARCH = Submission(CITY, "yangshe", "monthly_report", "2026-03")


def into_april(store: Store, clock: SteppedClock) -> None:
    """The small town has one project, and March is over."""
    opened(store)
    clock.forward(days=30)


def decide(
    store: Store, number: str, action: str, stage: str, actor: str, *, time: int = 1
) -> Accepted | Refused:
    content = {"opinion": "数字与台账相符"}
    key = f"{stage}/{action}/{time}"
    return act(store, Command(number, action, stage, None, content, actor, None, "portal", key))


def test_a_months_report_waits_for_a_check_and_a_signature_and_then_counts_as_sent(
    store: Store, clock: SteppedClock
) -> None:
    into_april(store, clock)
    answer = open_submission(store, MARCH)
    assert isinstance(answer, Accepted)
    assert answer.case == "ZJG-BS-2026-0001"
    [duty] = answer.position.duties
    assert (duty.label, duty.role, str(duty.due)) == ("核对月报", "town_clerk", "2026-04-07")
    facts = state_of(store, answer.case).facts
    assert facts["title"] == "杨舍镇2026年3月项目月报"
    assert facts["cut_off"] == "2026-04-01T00:00:00+08:00"
    checked = decide(store, answer.case, "approve", "check", "town_clerk")
    assert isinstance(checked, Accepted)
    assert checked.position.waits_for == "待签发月报"
    sent = decide(store, answer.case, "approve", "sign", "town_leader")
    assert isinstance(sent, Accepted)
    assert (sent.position.open, sent.position.outcome_label) == (False, "已报送")
    assert [item.content["document"] for item in sent.position.effects if item.kind == "issue"] == [
        "monthly_report_draft",
        "monthly_report",
    ]
    assert compare(store) == ()


def test_a_report_returned_by_the_leader_is_checked_again(
    store: Store, clock: SteppedClock
) -> None:
    into_april(store, clock)
    answer = open_submission(store, MARCH)
    assert isinstance(answer, Accepted)
    decide(store, answer.case, "approve", "check", "town_clerk")
    returned = decide(store, answer.case, "return", "sign", "town_leader")
    assert isinstance(returned, Accepted)
    [duty] = returned.position.duties
    assert (duty.stage, duty.round) == ("check", 2)


def test_opened_from_many_sides_at_once_there_is_one_submission(
    store: Store, clock: SteppedClock
) -> None:
    into_april(store, clock)
    answers = at_once([partial(open_submission, store, MARCH)] * 6)
    assert {answer.case for answer in answers} == {"ZJG-BS-2026-0001"}
    assert sum(not answer.repeated for answer in answers) == 1


def test_a_period_that_is_not_over_is_refused_with_the_day_on_which_it_opens(
    store: Store, clock: SteppedClock
) -> None:
    into_april(store, clock)
    answer = open_submission(store, Submission(CITY, "yangshe", "monthly_report", "2026-04"))
    assert isinstance(answer, Refused)
    assert "自2026年5月1日起开立" in answer.sentence


@pytest.mark.parametrize(
    ("organisation", "period", "said"),
    [
        ("chengxi", "2026-03", "由镇(区)一级的机关办"),
        (CITY, "2026-03", "由镇(区)一级的机关办"),
        ("yangshe", "2026-Q1", "期次写如2026-01"),
        ("yangshe", "2025", "期次写如2025-01"),
    ],
)
def test_another_level_or_another_length_of_period_is_refused(
    store: Store, clock: SteppedClock, organisation: str, period: str, said: str
) -> None:
    into_april(store, clock)
    answer = open_submission(store, Submission(CITY, organisation, "monthly_report", period))
    assert isinstance(answer, Refused)
    assert said in answer.sentence


def test_a_backfilled_project_makes_no_reports_due_of_the_time_before_the_records(
    store: Store, clock: SteppedClock
) -> None:
    long_ago = clock.now() - timedelta(days=400)
    accepted(open_case(store, replace(opening(), occurred_at=long_ago)))
    clock.forward(days=30)
    assert {item.period for item in submissions_due(store, CITY, "month")} == {"2026-03"}


def test_what_is_due_before_the_year_is_over_counts_to_the_day_it_begins(
    store: Store, clock: SteppedClock
) -> None:
    opened(store)
    clock.moment = clock.moment.replace(month=12, day=5)
    submission = Submission(CITY, "yangshe", "annual_report", "2026")
    number = accepted(open_submission(store, submission)).case
    facts = state_of(store, number).facts
    assert facts["title"] == "杨舍镇2026年度总结报告"
    assert facts["cut_off"] == "2026-12-01T00:00:00+08:00", "whenever it was opened"


@pytest.mark.parametrize(
    ("organisation", "duty", "said"),
    [("nowhere", "monthly_report", "没有登记“nowhere”"), ("yangshe", "weekly", "没有“weekly”")],
)
def test_what_is_not_known_is_named(
    store: Store, clock: SteppedClock, organisation: str, duty: str, said: str
) -> None:
    into_april(store, clock)
    answer = open_submission(store, Submission(CITY, organisation, duty, "2026-03"))
    assert isinstance(answer, Refused)
    assert said in answer.sentence


def test_a_period_written_wrongly_says_how_to_write_it(store: Store) -> None:
    with pytest.raises(UnknownPeriodError, match="，如 2026"):
        open_submission(store, Submission(CITY, "yangshe", "monthly_report", "三月"))


def test_missed_periods_are_all_due_and_none_is_due_twice(
    store: Store, clock: SteppedClock
) -> None:
    opened(store)
    clock.forward(days=95)
    due = [item for item in submissions_due(store, CITY) if item.duty == "monthly_report"]
    assert [item.period for item in due] == ["2026-03", "2026-04", "2026-05"]
    for _ in range(2):
        for submission in due:
            assert isinstance(open_submission(store, submission), Accepted)
    assert [item for item in submissions_due(store, CITY) if item.duty == "monthly_report"] == due
    reports = [row for row in listed(store) if row["number"].startswith("ZJG-BS-")]
    assert len(reports) == len(due)


def test_nothing_is_due_where_no_project_was_ever_opened(store: Store, clock: SteppedClock) -> None:
    clock.forward(days=95)
    assert list(submissions_due(store, CITY)) == []


def test_a_report_that_nobody_signs_falls_overdue_and_is_escalated(
    store: Store, clock: SteppedClock
) -> None:
    into_april(store, clock)
    answer = open_submission(store, MARCH)
    assert isinstance(answer, Accepted)
    clock.forward(days=14)
    tick(store)
    kinds = [event.kind for event in state_of(store, answer.case).history]
    assert kinds == ["opened", "reminded", "fell_overdue", "escalated"]


def test_a_submission_itself_is_neither_changed_nor_withdrawn(
    store: Store, clock: SteppedClock
) -> None:
    into_april(store, clock)
    answer = open_submission(store, MARCH)
    assert isinstance(answer, Accepted)
    content = {"reason": "不报了"}
    command = Command(
        answer.case, "request_withdrawal", None, None, content, "town_clerk", None, "portal", "w"
    )
    refused = act(store, command)
    assert isinstance(refused, Refused)
    assert "退回重新编制" in refused.sentence


def test_an_office_without_a_code_is_told_how_to_register_one_before_it_signs(
    store: Store, clock: SteppedClock
) -> None:
    into_april(store, clock)
    with store.write() as connection:
        connection.execute(update(organisations).values(document_code=None))
    number = accepted(open_submission(store, MARCH)).case
    [wanted] = codes_wanted(store, number)
    assert "杨舍镇没有登记机关代字" in wanted
    assert "minsheng import" in wanted
    accepted(decide(store, number, "approve", "check", "town_clerk"))
    refused = decide(store, number, "approve", "sign", "town_leader")
    assert isinstance(refused, Refused)
    assert (refused.code, refused.sentence) == ("no_document_code", wanted)
    accepted(decide(store, number, "return", "sign", "town_leader"))
    with store.write() as connection:
        connection.execute(update(organisations).values(document_code="杨政民"))
    accepted(decide(store, number, "approve", "check", "town_clerk", time=2))
    sent = accepted(decide(store, number, "approve", "sign", "town_leader", time=2))
    assert sent.position.open is False
    assert codes_wanted(store, number) == ()


def test_every_office_that_numbers_a_document_of_a_claim_needs_a_code() -> None:
    claim = serving(load_rulebook(CITY), "quarterly_claim")
    town = Organisation("t", "杨舍镇", "town", "c")
    city = Organisation("c", "张家港市", "city")
    assert without_code(claim, (town, city)) == (town, city)
    assert without_code(claim, (town, replace(city, document_code="张民发"))) == (town,)
    monthly = serving(load_rulebook(CITY), "monthly_report")
    assert without_code(monthly, (town, city)) == (town,), "the city only receives it"
