"""What the tests of the ledger share: what was posted, what stands where, rows written by hand."""

from typing import Any

from sqlalchemy import Insert, insert

from records.database.ledger_tables import postings
from records.database.store import Store
from records.money import ledger
from records.money.ledger import FundTotals, Scope
from tests.records.world import MONDAY

# The steps of the world's project after which money has moved on.
ESTABLISHED, SIGNED, AUDITED, PAID = 4, 8, 11, 13
FUND = "town_fund"
DONATED = 800_000


def rows(store: Store, number: str) -> list[dict[str, Any]]:
    with store.read() as connection:
        return list(ledger.postings_of(connection, Scope(case=number)))


def told(store: Store, number: str) -> list[tuple[int, str, str, str, int]]:
    names = ("sequence", "fund", "from_account", "to_account", "amount_fen")
    return [tuple(row[name] for name in names) for row in rows(store, number)]


def totals(store: Store, **scope: Any) -> dict[str, FundTotals]:
    with store.read() as connection:
        return {row.fund: row for row in ledger.totals(connection, Scope(**scope))}


def steps(store: Store, fund: str = FUND, **scope: Any) -> list[int]:
    return list(totals(store, **scope)[fund].steps.values())


def posting(number: str, move: str, amount: int, **values: Any) -> Insert:
    """A row that somebody writes by hand."""
    here, there = move.split(">")
    return insert(postings).values(
        {
            "key": f"{number}/{move}/{amount}/{len(values)}",
            "entry": "by hand",
            "case": number,
            "sequence": 1,
            "fund": FUND,
            "from_owner": number,
            "from_account": here,
            "to_owner": number,
            "to_account": there,
            "amount_fen": amount,
            "occurred_on": MONDAY.date(),
            "recorded_at": MONDAY,
            **values,
        }
    )
