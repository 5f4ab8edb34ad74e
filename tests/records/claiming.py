"""Claims in the small town: projects that are done, the people who claim, recognise and pay."""

from __future__ import annotations

from typing import Any

from sqlalchemy import insert, select

from records.acting.acts import act
from records.cases.commands import Accepted, Command, Refused
from records.database.claim_tables import claim_lines
from records.database.ledger_tables import balances
from records.database.store import Store
from records.people.organisations import (
    Appointment,
    Organisation,
    add_organisation,
    add_person,
    appoint,
)
from records.reporting.submissions import Submission, open_submission
from rulebooks.procedure.position import Effect
from rulebooks.procedure.state import State
from tests.records.world import CITY, SINCE, SteppedClock, accepted, live, opened

QUARTER = "2026-Q2"
DUTY = "quarterly_claim"
# Half of what was audited, 46,000.00.
SHARE = 2_300_000
FUND = "city_guide_fund"
ENVELOPE = 1_000_000_000
VOTE = {"members": 9, "present": 9, "agree": 8, "against": 1, "abstain": 0}
ACTORS = {
    "build": "town_clerk",
    "sign": "town_leader",
    "review": "city_clerk",
    "recognise": "conference_convener",
    "pay": "finance_clerk",
}


def settle_city(store: Store) -> None:
    """The conference and the finance bureau have their people."""
    with store.write() as connection:
        for role, name in (("conference_convener", "高宁"), ("finance_clerk", "罗敏")):
            add_person(connection, role, name)
            appoint(connection, Appointment(role, role, CITY, SINCE))


def second_town(store: Store) -> None:
    """Another town of the same city, with a clerk and a leader."""
    with store.write() as connection:
        add_organisation(
            connection,
            Organisation("jinfeng", "锦丰镇", "town", CITY, city=CITY, document_code="锦政"),
        )
        for role in ("town_clerk", "town_leader"):
            appoint(connection, Appointment(role, role, "jinfeng", SINCE))


def done_projects(store: Store, clock: SteppedClock, count: int = 1) -> list[str]:
    """Projects from suggestion to archive, all in the second quarter at the latest."""
    numbers = [
        opened(store, key=f"open-{place}", title=f"城西社区凉亭修缮{place}")
        for place in range(count)
    ]
    for number in numbers:
        live(store, clock, number)
    return numbers


def after_quarter(store: Store, clock: SteppedClock, place: str = "yangshe") -> str:
    """The number of the claim that is opened once the quarter is over."""
    clock.moment = max(clock.moment, clock.moment.replace(month=7, day=1, hour=9))
    return accepted(open_submission(store, Submission(CITY, place, DUTY, QUARTER))).case


def step(
    store: Store, number: str, stage: str, action: str = "approve", key: str = "", **content: Any
) -> Accepted | Refused:
    """One step of a claim; the same key again is the same step."""
    if action in ("approve", "return"):
        content = {"opinion": "相符", **content}
    if action == "recognize":
        content = {"resolution": "联席会议决议第一号", **VOTE, **content}
    if action == "pay":
        content = {"voucher": "财指一", "final": True, **content}
    named = key or f"{number}/{stage}/{action}"
    command = Command(number, action, stage, None, content, ACTORS[stage], None, "portal", named)
    return act(store, command)


def signed(store: Store, number: str) -> None:
    """Built, signed and reviewed: it waits for the conference."""
    accepted(step(store, number, "build", "claim"))
    accepted(step(store, number, "sign"))
    accepted(step(store, number, "review"))


def issued(state: State) -> list[Effect]:
    return [effect for effect in state.effects if effect.kind == "issue"]


def lines(store: Store) -> list[tuple[str, str, int | None]]:
    query = select(claim_lines.c.project, claim_lines.c.status, claim_lines.c.recognised_fen)
    ordered = query.order_by(claim_lines.c.claim, claim_lines.c.sequence, claim_lines.c.project)
    with store.glance() as connection:
        return [tuple(row) for row in connection.execute(ordered).all()]


def books(store: Store) -> dict[str, int]:
    """What stands in each account of the guide fund."""
    with store.glance() as connection:
        rows = connection.execute(select(balances).where(balances.c.fund == FUND)).mappings()
        return {f"{row['owner']}:{row['account']}": row["balance_fen"] for row in rows}


def spend(store: Store, project: str, amount: int) -> None:
    """Somebody else's recognition has used that much of the year's envelope."""
    row = {
        "claim": project, "sequence": 1, "project": project, "city": CITY, "town": "锦丰镇",
        "fund": FUND, "year": 2026, "base_fen": amount, "city_fen": amount, "town_fen": amount,
        "reverses": None, "status": "recognized", "recognised_fen": amount, "reason": "",
        "recorded_at": store.clock.now(), "settled_at": store.clock.now(),
    }  # fmt: skip
    with store.write() as connection:
        connection.execute(insert(claim_lines).values(row))
