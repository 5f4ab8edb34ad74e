"""看守认定: raw SQL and races against recognising a project twice."""

from functools import partial

import pytest
from sqlalchemy import (
    Executable,
    Insert,
    insert,
)
from sqlalchemy.exc import IntegrityError

from records.database.ledger_tables import postings
from records.database.store import Store
from tests.records.paying import (
    FUND,
)
from tests.records.test_races import at_once
from tests.records.world import (
    MONDAY,
)


def recognition(number: str, move: str, amount: int, key: str) -> Insert:
    """A recognition of the project, or what is taken back of it, as a claim would post it."""
    here, there = move.split(">")
    return insert(postings).values(
        key=key, entry=key, case=number, claim="c", fund=FUND, from_owner="city",
        from_account=here, to_owner="city", to_account=there, amount_fen=amount,
        occurred_on=MONDAY.date(), recorded_at=MONDAY,
    )  # fmt: skip


GIVEN, TAKEN = "appropriated>recognised", "recognised>appropriated"


@pytest.fixture
def recognised(store: Store, contracted: str) -> str:
    """A project with 100 fen recognised, out of 1,000 the city has."""
    with store.write() as connection:
        arranged = recognition(contracted, "source>appropriated", 1000, "a").values(case=None)
        connection.execute(arranged)
        connection.execute(recognition(contracted, GIVEN, 100, "first"))
        connection.execute(recognition(contracted, GIVEN, 500, "others").values(case=None))
    return contracted


def attempt(store: Store, *statements: Executable) -> None:
    with store.write() as connection:
        for statement in statements:
            connection.execute(statement)


def test_a_project_is_recognised_again_only_after_all_of_it_was_taken_back(
    store: Store, recognised: str
) -> None:
    again = recognition(recognised, GIVEN, 70, "again")
    with pytest.raises(IntegrityError, match="全部扣回之后才能再认定"):
        attempt(store, again)
    attempt(store, recognition(recognised, TAKEN, 60, "part"))
    with pytest.raises(IntegrityError, match="全部扣回之后才能再认定"):
        attempt(store, again)
    with pytest.raises(IntegrityError, match="扣回的超过"):
        attempt(store, recognition(recognised, TAKEN, 41, "too much"))
    attempt(store, recognition(recognised, TAKEN, 40, "rest"), again)
    with pytest.raises(IntegrityError, match="全部扣回之后才能再认定"):
        attempt(store, recognition(recognised, GIVEN, 1, "third"))
    other = recognition(recognised, GIVEN, 1, "other fund").values(fund="other_funds")
    with pytest.raises(IntegrityError, match="透支"):
        attempt(store, other)


def test_of_two_recognitions_at_once_after_a_full_reversal_one_is_posted(
    store: Store, recognised: str
) -> None:
    attempt(store, recognition(recognised, TAKEN, 100, "back"))
    for turn in range(10):
        refused: list[str] = []

        def recognise(name: str, turn: int = turn, refused: list[str] = refused) -> None:
            try:
                attempt(store, recognition(recognised, GIVEN, 80, f"{turn}-{name}"))
            except IntegrityError as error:
                refused.append(str(error.orig))

        at_once([partial(recognise, "one"), partial(recognise, "two")])
        assert len(refused) == 1
        assert "全部扣回之后才能再认定" in refused[0]
        attempt(store, recognition(recognised, TAKEN, 80, f"{turn}-back"))
