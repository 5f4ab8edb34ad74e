"""认定申请: built from the evidence, recognised within the envelope, paid once, in the books."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from records.acting.overview import state_of
from records.cases.claim_rows import owner_of
from records.cases.projections import compare, rebuild
from records.database.claim_tables import claim_lines
from records.database.milestone_tables import milestones
from records.database.store import Store
from records.database.tables import cases
from records.money import ledger
from records.money.claims import prospect
from records.money.quotas import holder
from records.reporting.submissions import Submission, open_submission
from rulebooks.judging.recognition import claimed_in
from rulebooks.procedure import milestones as kinds
from tests.records.claiming import (
    DUTY,
    ENVELOPE,
    FUND,
    QUARTER,
    SHARE,
    VOTE,
    after_quarter,
    books,
    done_projects,
    issued,
    lines,
    second_town,
    signed,
    spend,
    step,
)
from tests.records.conftest import unguarded
from tests.records.test_races import at_once
from tests.records.world import CITY, SteppedClock, accepted, live, opened, refusal


def test_a_claim_goes_from_evidence_to_payment_and_the_books_tell_every_step(
    city: Store, clock: SteppedClock
) -> None:
    [project] = done_projects(city, clock)
    waiting = opened(city, key="open-9", title="东莱社区路灯修缮", community="东莱社区")
    number = after_quarter(city, clock)
    accepted(step(city, number, "build", "claim"))
    content = claimed_in(state_of(city, number))
    [line] = content["lines"]
    assert (line["project"], line["city"], line["town"]) == (project, SHARE, SHARE)
    [left_out] = content["lacking"]
    assert left_out["project"] == waiting
    assert left_out["lacks"][0] == "审计结论已出"
    accepted(step(city, number, "sign"))
    accepted(step(city, number, "review"))
    accepted(step(city, number, "recognise", "recognize"))
    assert lines(city) == [(project, "recognized", SHARE)]
    paid = accepted(step(city, number, "pay", "pay", amount=SHARE))
    assert (paid.position.open, paid.position.outcome_label) == (False, "已拨付")
    arranged, town = owner_of(2026, CITY), owner_of(2026, CITY, "杨舍镇")
    assert arranged == holder(2026, CITY)
    assert books(city) == {
        f"{arranged}:source": -ENVELOPE,
        f"{arranged}:appropriated": ENVELOPE - SHARE,
        f"{town}:recognised": 0,
        f"{town}:disbursed": SHARE,
    }
    assert [effect.content["document"] for effect in issued(state_of(city, number))] == [
        "quarterly_claim_draft",
        "quarterly_claim",
        "recognition_minutes",
        "payment_notice_draft",
    ]
    assert compare(city) == ()
    assert ledger.compare(city) == ()
    with city.read() as connection:
        assert ledger.subsidies(connection, ledger.Scope(city=CITY)) == (
            ledger.Subsidy(FUND, 2026, CITY, ENVELOPE, 0, 0),
            ledger.Subsidy(FUND, 2026, "杨舍镇", 0, SHARE, SHARE),
        )
        assert ledger.subsidies(connection, ledger.Scope(city=CITY, year=2025)) == ()
        moves = [row["to_account"] for row in ledger.postings_of_claim(connection, number)]
        assert sorted(moves) == ["appropriated", "disbursed", "recognised"]


def test_many_projects_are_claimed_and_recognised_as_few_are(
    city: Store, clock: SteppedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("records.database.bulk.FEW", 1)
    projects = done_projects(city, clock, 3)
    number = after_quarter(city, clock)
    signed(city, number)
    refused = {projects[0]: "材料不符"}
    accepted(step(city, number, "recognise", "recognize", refused=refused))
    assert lines(city) == [
        (projects[0], "refused", None),
        (projects[1], "recognized", SHARE),
        (projects[2], "recognized", SHARE),
    ]
    assert books(city)[f"{owner_of(2026, CITY, '杨舍镇')}:recognised"] == 2 * SHARE
    assert compare(city) == ()
    assert ledger.compare(city) == ()


def test_a_project_is_claimed_once_and_never_again(city: Store, clock: SteppedClock) -> None:
    done_projects(city, clock)
    number = after_quarter(city, clock)
    signed(city, number)
    clock.moment = clock.moment.replace(month=10, day=1)
    later = accepted(open_submission(city, Submission(CITY, "yangshe", DUTY, "2026-Q3"))).case
    [lacking] = prospect(city, state_of(city, later)).content["lacking"]
    assert lacking["lacks"] == [f"未曾申报（已列入{number}）"]
    accepted(step(city, number, "recognise", "recognize"))
    answer = accepted(step(city, later, "build", "claim"))
    assert answer.position.outcome_label == "本季没有可以申请的项目"
    assert claimed_in(state_of(city, later))["lacking"] == []


def test_the_database_itself_keeps_a_project_from_a_second_claim(
    city: Store, clock: SteppedClock
) -> None:
    [project] = done_projects(city, clock)
    signed(city, after_quarter(city, clock))
    with pytest.raises(IntegrityError):
        spend(city, project, 1)


def test_a_claim_that_is_sent_back_is_built_anew_and_frees_its_projects(
    city: Store, clock: SteppedClock
) -> None:
    [project] = done_projects(city, clock)
    number = after_quarter(city, clock)
    accepted(step(city, number, "build", "claim"))
    accepted(step(city, number, "sign", "return"))
    assert lines(city) == [(project, "released", None)]
    accepted(step(city, number, "build", "claim", key="again"))
    assert lines(city) == [(project, "released", None), (project, "pending", None)]
    assert compare(city) == ()


def test_a_refused_project_comes_again_next_quarter_with_the_reason(
    city: Store, clock: SteppedClock
) -> None:
    first, second = done_projects(city, clock, 2)
    number = after_quarter(city, clock)
    signed(city, number)
    refused = {first: "测评报告须补盖章"}
    accepted(step(city, number, "recognise", "recognize", refused=refused))
    assert lines(city) == [(first, "refused", None), (second, "recognized", SHARE)]
    clock.moment = clock.moment.replace(month=10, day=1)
    later = accepted(open_submission(city, Submission(CITY, "yangshe", DUTY, "2026-Q3"))).case
    [line] = prospect(city, state_of(city, later)).content["lines"]
    assert (line["project"], line["before"]) == (first, "测评报告须补盖章")


def test_a_vote_that_fails_recognises_nothing_and_closes_the_claim(
    city: Store, clock: SteppedClock
) -> None:
    [project] = done_projects(city, clock)
    number = after_quarter(city, clock)
    signed(city, number)
    lost: dict[str, Any] = {**VOTE, "agree": 4, "against": 5}
    answer = accepted(step(city, number, "recognise", "recognize", **lost))
    assert answer.position.outcome_label == "未获认定"
    assert lines(city) == [(project, "refused", None)]
    assert books(city) == {}


def test_the_conference_has_as_many_members_as_the_rulebook_says(
    city: Store, clock: SteppedClock
) -> None:
    done_projects(city, clock)
    number = after_quarter(city, clock)
    signed(city, number)
    answer = refusal(step(city, number, "recognise", "recognize", members=10))
    assert "成员单位9个，应到填的是10" in answer.sentence


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ({"refused": {"ZJG-2026-9999": "无"}}, "ZJG-2026-9999不在本件申请之内"),
        ({"amounts": {"ZJG-2026-0001": 5}}, "够用，按申请的金额认定"),
        ({"refused": {"ZJG-2026-0001": "无"}, "amounts": {"ZJG-2026-0001": 5}}, "请只留其一"),
    ],
)
def test_what_does_not_fit_the_claim_is_refused_with_its_numbers(
    city: Store, clock: SteppedClock, content: dict[str, Any], said: str
) -> None:
    done_projects(city, clock)
    number = after_quarter(city, clock)
    signed(city, number)
    assert said in refusal(step(city, number, "recognise", "recognize", **content)).sentence


def test_a_claim_over_the_envelope_waits_for_amounts_by_the_conference(
    city: Store, clock: SteppedClock
) -> None:
    first, second = done_projects(city, clock, 2)
    other = opened(city, key="open-9", title="别镇项目")
    number = after_quarter(city, clock)
    signed(city, number)
    spend(city, other, ENVELOPE - SHARE - 100)
    answer = refusal(step(city, number, "recognise", "recognize"))
    assert "超过市级民生微实事专项引导资金2026年度余额23,001.00元" in answer.sentence
    assert "46,000.00元" in answer.sentence
    over = {first: SHARE, second: SHARE}
    answer = refusal(step(city, number, "recognise", "recognize", amounts=over))
    assert answer.code == "envelope_short"
    answer = refusal(step(city, number, "recognise", "recognize", amounts={first: 1}))
    assert f"没有写明{second}的认定金额" in answer.sentence
    accepted(step(city, number, "recognise", "recognize", amounts={first: SHARE, second: 0}))
    assert lines(city)[1:] == [(first, "recognized", SHARE), (second, "refused", None)]


def test_payment_may_come_in_parts_and_never_exceeds_what_was_recognised(
    city: Store, clock: SteppedClock
) -> None:
    done_projects(city, clock)
    number = after_quarter(city, clock)
    signed(city, number)
    accepted(step(city, number, "recognise", "recognize"))
    pay = partial(step, city, number, "pay", "pay")
    assert "不超过认定的23,000.00元" in refusal(pay(amount=SHARE + 1)).sentence
    assert "是否付清请写“是”" in refusal(pay(amount=SHARE, final=False)).sentence
    accepted(pay(amount=SHARE - 1, final=False))
    assert refusal(pay(key="two", amount=2)).code == "paid_over_recognized"
    last = accepted(pay(key="three", amount=1))
    assert last.position.outcome_label == "已拨付"
    assert books(city)[f"{owner_of(2026, CITY, '杨舍镇')}:disbursed"] == SHARE
    assert ledger.compare(city) == ()


def test_the_same_recognition_submitted_again_is_recorded_once(
    city: Store, clock: SteppedClock
) -> None:
    done_projects(city, clock)
    number = after_quarter(city, clock)
    signed(city, number)
    answers = at_once([partial(step, city, number, "recognise", "recognize")] * 4)
    assert len({accepted(answer).sequence for answer in answers}) == 1
    before = books(city)
    city.states.clear()
    assert accepted(step(city, number, "recognise", "recognize")).repeated
    assert books(city) == before
    assert ledger.compare(city) == ()


def test_two_conferences_at_once_never_take_more_than_is_left(
    city: Store, clock: SteppedClock
) -> None:
    second_town(city)
    [done] = done_projects(city, clock)
    elsewhere = opened(city, key="open-8", title="别镇另一项目")
    other = opened(city, key="open-9", title="别镇项目")
    here = after_quarter(city, clock)
    signed(city, here)
    there = after_quarter(city, clock, "jinfeng")
    also_done(city, done, elsewhere)
    signed(city, there)
    spend(city, other, ENVELOPE - SHARE)
    answers = at_once(
        [partial(step, city, number, "recognise", "recognize") for number in (here, there)]
    )
    codes = sorted(getattr(answer, "code", "taken") for answer in answers)
    assert codes == ["envelope_short", "taken"]
    used = [amount for _, status, amount in lines(city) if status == "recognized"]
    assert sum(amount or 0 for amount in used) == ENVELOPE


def also_done(store: Store, done: str, project: str) -> None:
    """In the other town a project stands where `done` stands here."""
    moving = cases.update().where(cases.c.number == project).values(town="锦丰镇")
    query = select(milestones).where(
        milestones.c.case == done, milestones.c.milestone != kinds.OPENED
    )
    with store.write() as connection:
        connection.execute(moving)
        rows = connection.execute(query).mappings().all()
        for row in rows:
            moved = {**row, "case": project, "town": "锦丰镇"}
            connection.execute(insert(milestones).values(moved))


def test_what_the_claims_table_says_follows_from_the_journal(
    city: Store, clock: SteppedClock
) -> None:
    done_projects(city, clock)
    number = after_quarter(city, clock)
    signed(city, number)
    accepted(step(city, number, "recognise", "recognize"))
    kept = lines(city)
    unguarded(city, claim_lines.update().values(recognised_fen=1, reason="改过"))
    assert {item.column for item in rebuild(city)} == {
        "claim_lines[0].recognised_fen",
        "claim_lines[0].reason",
    }
    assert lines(city) == kept
    assert compare(city) == ()


EVIDENCE = {
    "audit_concluded": ("audited", "审计结论已出"),
    "survey_measured": ("measured", "满意度已测评"),
    "result_publicized": ("published", "结果已公示"),
    "archive_complete": ("archived", "档案齐全"),
    "matching_in_place": ("paid", "镇级配套到位"),
}


@pytest.mark.parametrize("term", EVIDENCE)
def test_evidence_that_is_gone_removes_exactly_that_project_with_that_reason(
    city: Store, clock: SteppedClock, term: str
) -> None:
    first, second = done_projects(city, clock, 2)
    milestone, label = EVIDENCE[term]
    gone = (milestones.c.case == first) & (milestones.c.milestone == milestone)
    unguarded(city, milestones.delete().where(gone))
    number = after_quarter(city, clock)
    content = prospect(city, state_of(city, number)).content
    assert [line["project"] for line in content["lines"]] == [second]
    [lacking] = content["lacking"]
    assert lacking["project"] == first
    assert lacking["lacks"][0].startswith(label)


def test_what_became_known_only_after_the_cut_off_waits_for_the_next_quarter(
    city: Store, clock: SteppedClock
) -> None:
    clock.moment = clock.moment.replace(month=6, day=20)
    [project] = done_projects(city, clock)
    clock.moment = max(clock.moment, clock.moment.replace(month=7, day=10))
    number = accepted(open_submission(city, Submission(CITY, "yangshe", DUTY, QUARTER))).case
    content = prospect(city, state_of(city, number)).content
    assert content["lines"] == []
    assert [item["project"] for item in content["lacking"]] == [project]
    clock.moment = clock.moment.replace(month=10, day=1)
    later = accepted(open_submission(city, Submission(CITY, "yangshe", DUTY, "2026-Q3"))).case
    content = prospect(city, state_of(city, later)).content
    assert [line["project"] for line in content["lines"]] == [project]


def test_the_community_fund_is_told_apart_by_the_books_and_shared_by_nobody(
    city: Store, clock: SteppedClock
) -> None:
    number = opened(city, details={"community_service_fund": 600_000})
    live(city, clock, number)
    claim = after_quarter(city, clock)
    [line] = prospect(city, state_of(city, claim)).content["lines"]
    assert (line["audited"], line["excluded"], line["base"]) == (4_600_000, 600_000, 4_000_000)
    assert (line["city"], line["town"], line["matched"]) == (2_000_000, 2_000_000, 4_000_000)
