"""扣回: what was recognised and turned out wrong is taken back by a later claim, never edited."""

from __future__ import annotations

import pytest
from sqlalchemy.exc import IntegrityError

from records.acting.overview import state_of
from records.cases.claim_rows import owner_of
from records.cases.projections import compare, rebuild
from records.database.claim_tables import claim_lines
from records.database.milestone_tables import milestones
from records.database.store import Store
from records.money import ledger
from records.money.claims import prospect
from records.reporting.submissions import Submission, open_submission
from tests.records.claiming import (
    DUTY,
    ENVELOPE,
    SHARE,
    after_quarter,
    books,
    done_projects,
    lines,
    signed,
    spend,
    step,
)
from tests.records.conftest import unguarded
from tests.records.world import CITY, SteppedClock, accepted, live, opened


def test_an_audit_cut_after_recognition_is_taken_back_by_a_later_claim(
    city: Store, clock: SteppedClock
) -> None:
    [early] = done_projects(city, clock)
    number = after_quarter(city, clock)
    signed(city, number)
    accepted(step(city, number, "recognise", "recognize"))
    accepted(step(city, number, "pay", "pay", amount=SHARE))
    late = opened(city, key="open-7", title="东莱社区路灯修缮")
    live(city, clock, late)
    cut = (milestones.c.case == early) & milestones.c.milestone.in_(["audited", "paid"])
    with city.write() as connection:
        connection.execute(milestones.update().where(cut).values(amount_fen=4_000_000))
    clock.moment = max(clock.moment, clock.moment.replace(month=10, day=1))
    later = accepted(open_submission(city, Submission(CITY, "yangshe", DUTY, "2026-Q3"))).case
    signed(city, later)
    accepted(step(city, later, "recognise", "recognize"))
    assert lines(city)[0] == (early, "recognized", SHARE), "what was recognised is never edited"
    assert sorted(lines(city)[1:]) == [
        (early, "recognized", -300_000),
        (late, "recognized", SHARE),
    ]
    net = SHARE - 300_000
    accepted(step(city, later, "pay", "pay", amount=net))
    stood = books(city)
    assert stood[f"{owner_of(2026, CITY, '杨舍镇')}:disbursed"] == SHARE + net
    assert stood[f"{owner_of(2026, CITY)}:appropriated"] == ENVELOPE - SHARE - net
    assert ledger.compare(city) == ()


def taken_back(city: Store, clock: SteppedClock, *, settled: bool = True) -> tuple[str, str, str]:
    """A project recognised and paid for in one quarter; in the next its audit is found wrong and
    all of it is taken back from what another project gets. The two projects, the later claim."""
    [early] = done_projects(city, clock)
    number = after_quarter(city, clock)
    signed(city, number)
    accepted(step(city, number, "recognise", "recognize"))
    accepted(step(city, number, "pay", "pay", amount=SHARE))
    late = opened(city, key="open-7", title="东莱社区路灯修缮")
    live(city, clock, late)
    audited(city, early, 0)
    clock.moment = max(clock.moment, clock.moment.replace(month=10, day=1))
    later = accepted(open_submission(city, Submission(CITY, "yangshe", DUTY, "2026-Q3"))).case
    signed(city, later)
    if settled:
        accepted(step(city, later, "recognise", "recognize"))
    return early, late, later


def audited(city: Store, project: str, amount: int) -> None:
    """What the statistics say was audited of the project."""
    one = (milestones.c.case == project) & (milestones.c.milestone == "audited")
    with city.write() as connection:
        connection.execute(milestones.update().where(one).values(amount_fen=amount))


def next_claim(city: Store, clock: SteppedClock, year: int, month: int, quarter: str) -> str:
    clock.moment = max(clock.moment, clock.moment.replace(year=year, month=month, day=1))
    return accepted(open_submission(city, Submission(CITY, "yangshe", DUTY, quarter))).case


def test_a_project_wholly_taken_back_may_be_claimed_and_recognised_again(
    city: Store, clock: SteppedClock
) -> None:
    early, late, _ = taken_back(city, clock)
    assert sorted(lines(city)) == [
        (early, "recognized", -SHARE), (early, "recognized", SHARE), (late, "recognized", SHARE)
    ]  # fmt: skip
    audited(city, early, 4_600_000)
    third = next_claim(city, clock, 2027, 1, "2026-Q4")
    [line] = prospect(city, state_of(city, third)).content["lines"]
    assert (line["project"], line["city"], line["reverses"]) == (early, SHARE, "")
    signed(city, third)
    accepted(step(city, third, "recognise", "recognize"))
    accepted(step(city, third, "pay", "pay", amount=SHARE))
    stood = books(city)
    assert stood[f"{owner_of(2026, CITY, '杨舍镇')}:disbursed"] == 2 * SHARE
    assert compare(city) == ()
    assert ledger.compare(city) == ()
    with pytest.raises(IntegrityError, match="已列入另一件"):
        spend(city, early, 1)
    unguarded(city, claim_lines.update().values(reason="改过"))
    rebuild(city)
    assert compare(city) == ()


def test_what_is_being_taken_back_is_not_taken_back_twice_nor_claimed_meanwhile(
    city: Store, clock: SteppedClock
) -> None:
    early, _, _ = taken_back(city, clock, settled=False)
    meanwhile = next_claim(city, clock, 2027, 1, "2026-Q4")
    content = prospect(city, state_of(city, meanwhile)).content
    assert content["lines"] == []
    assert early not in [item["project"] for item in content["lacking"]]
