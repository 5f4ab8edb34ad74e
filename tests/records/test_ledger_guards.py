"""看守资金账: raw SQL, races and the application's role against the chain of the ledger."""

import re
from collections.abc import Callable, Iterator
from functools import partial
from itertools import pairwise
from pathlib import Path

import pytest
from sqlalchemy import (
    Engine,
    Executable,
    create_engine,
    delete,
    insert,
    inspect,
    text,
    update,
)
from sqlalchemy.exc import DBAPIError, IntegrityError, ProgrammingError

from records.acting.acts import act
from records.database.ledger_tables import CHAIN_MOVES, OTHER_MOVES, balances, postings
from records.database.store import Store, open_store
from records.migrate import grant_application_role, migrate
from records.money import ledger
from rulebooks.accounting.accounts import CHAIN, SOURCE
from tests.records.conftest import sqlite_settings
from tests.records.paying import (
    AUDITED,
    FUND,
    PAID,
    posting,
    rows,
    steps,
)
from tests.records.test_append_only import ROLE, on_postgres, on_sqlite
from tests.records.test_races import at_once
from tests.records.world import (
    MONDAY,
    SteppedClock,
    command,
    live,
    opened,
    refusal,
)

# What somebody with the application's rights might write by hand, on a project under contract.
ATTACKS: dict[str, tuple[Callable[[str], Executable], str]] = {
    "more committed than approved": (
        lambda number: posting(number, "approved>committed", 100_001), "透支"),
    "settled beyond the contract": (
        lambda number: posting(number, "committed>settled", 4_700_001), "透支"),
    "payable that nobody settled": (
        lambda number: posting(number, "settled>payable", 1), "透支"),
    "paid that is not payable": (
        lambda number: posting(number, "payable>paid", 1), "透支"),
    "paid out of another fund": (
        lambda number: posting(number, "payable>paid", 1, fund="other_funds"), "透支"),
    "committed from a fund that has nothing": (
        lambda number: posting(number, "approved>committed", 1, fund="other_funds"), "透支"),
    "paid straight from the source": (
        lambda number: posting(number, "source>paid", 1), "ck_postings_move"),
    "a step left out": (
        lambda number: posting(number, "committed>payable", 1), "ck_postings_move"),
    "approved beyond the ceiling": (
        lambda number: posting(number, "source>approved", 5_200_001, ceiling_fen=10_000_000),
        "上限"),
    "approved beyond the ceiling without naming one": (
        lambda number: posting(number, "source>approved", 5_200_001), "上限"),
    "approved beyond the ceiling out of another fund": (
        lambda number: posting(number, "source>approved", 5_200_001, fund="other_funds"), "上限"),
    "approved for an empty reason": (
        lambda number: posting(number, "source>approved", 9_000_000, reason=""),
        "ck_postings_reason"),
    "nothing at all": (
        lambda number: posting(number, "source>approved", 0), "ck_postings_amount"),
    "a negative amount": (
        lambda number: posting(number, "source>approved", -1), "ck_postings_amount"),
    "an event that does not exist": (
        lambda number: posting(number, "approved>committed", 1, sequence=999), "(?i)foreign key"),
    "no event": (
        lambda number: posting(number, "approved>committed", 1, sequence=None, reason="无"),
        "ck_postings_of_a_case"),
    "another's money": (
        lambda number: posting(number, "approved>committed", 1, to_owner="someone"),
        "ck_postings_of_a_case"),
    "no ground": (
        lambda number: posting(number, "source>appropriated", 1, sequence=None),
        "ck_postings_grounded"),
    "a place moved to itself": (
        lambda number: posting(number, "quota>quota", 1, reason="无"),
        "ck_postings_not_in_place|透支"),
    "a reversal of nothing": (
        lambda number: posting(number, "approved>committed", 1, reverses="nothing"),
        "(?i)foreign key"),
    "a balance by hand": (
        lambda _: update(balances).values(balance_fen=9_000_000), "余额只随分录变动"),
    "a balance for somebody new": (
        lambda _: insert(balances).values(
            owner="x", fund=FUND, account="paid", balance_fen=1), "余额只随分录变动"),
    "a balance thrown away": (lambda _: delete(balances), "余额只随分录变动"),
    "a posting changed": (lambda _: update(postings).values(amount_fen=1), "只增不改"),
    "a posting thrown away": (lambda _: delete(postings), "只增不改"),
}  # fmt: skip


@pytest.mark.parametrize("name", ATTACKS)
def test_the_database_itself_refuses_to_break_the_chain(
    store: Store, contracted: str, name: str
) -> None:
    statement, match = ATTACKS[name]
    before = rows(store, contracted)
    with pytest.raises(DBAPIError, match=match), store.write() as connection:
        connection.execute(statement(contracted))
    assert rows(store, contracted) == before
    assert ledger.compare(store) == ()


@pytest.mark.parametrize("way", ["OR IGNORE", "OR REPLACE", "OR FAIL", "OR ROLLBACK"])
@pytest.mark.parametrize("attack", ["doubled", "overdrawn", "zeroed"])
def test_no_conflict_clause_of_sqlite_gets_around_the_guards(
    store: Store, contracted: str, way: str, attack: str
) -> None:
    first = rows(store, contracted)[0]
    statements = {
        "doubled": insert(postings).values(first),
        "overdrawn": posting(contracted, "payable>paid", 1),
        "zeroed": insert(balances).values(
            owner=contracted, fund=FUND, account="committed", balance_fen=0
        ),
    }
    # PostgreSQL has no such clauses; there, the plain statements are refused as well.
    clause = statements[attack].prefix_with(way, dialect="sqlite")
    with pytest.raises(IntegrityError), store.write() as connection:
        connection.execute(clause)
    assert rows(store, contracted)[0] == first
    assert ledger.compare(store) == ()


def test_the_database_knows_the_same_steps_as_the_chart_of_accounts(store: Store) -> None:
    chain = {f"{here}>{there}" for here, there in pairwise((SOURCE, *CHAIN))}
    back = {">".join(reversed(move.split(">"))) for move in chain}
    assert chain | back == set(CHAIN_MOVES)
    checks = inspect(store.engine).get_check_constraints("postings")
    written = " ".join(item["sqltext"] for item in checks if item["name"] == "ck_postings_move")
    assert set(re.findall(r"'(\w+>\w+)'", written)) == {*CHAIN_MOVES, *OTHER_MOVES}


def test_a_named_override_may_pass_the_ceiling(store: Store, contracted: str) -> None:
    with store.write() as connection:
        connection.execute(posting(contracted, "source>approved", 9_000_000, reason="经批准"))
    assert steps(store)[0] == 13_800_000


def races(store: Store, number: str, rounds: int) -> None:
    """Two payments at once that only fit singly, again and again: always exactly one is posted."""
    for turn in range(rounds):
        refused: list[str] = []

        def pay(amount: int, turn: int = turn, refused: list[str] = refused) -> None:
            key = f"{number}/{turn}/{amount}"
            try:
                with store.write() as connection:
                    connection.execute(posting(number, "payable>paid", amount, key=key))
            except IntegrityError as error:
                refused.append(str(error.orig))

        at_once([partial(pay, 2_400_000), partial(pay, 2_300_000)])
        assert len(refused) == 1, turn
        assert "透支" in refused[0]
        paid = steps(store, case=number)[-1]
        assert paid in (2_400_000, 2_300_000)
        with store.write() as connection:
            back = posting(number, "paid>payable", paid, key=f"{number}/{turn}/back")
            connection.execute(back)


def test_of_two_payments_that_only_fit_singly_exactly_one_is_posted(
    store: Store, clock: SteppedClock
) -> None:
    number = opened(store)
    live(store, clock, number, upto=AUDITED)
    races(store, number, 40)
    assert steps(store)[-1] == 0


def test_of_two_officials_who_pay_the_rest_at_once_one_is_accepted(
    store: Store, clock: SteppedClock
) -> None:
    for turn in range(3):
        number = opened(store, f"officials-{turn}")
        live(store, clock, number, upto=PAID - 1)
        part = {"amount": 2_400_000, "voucher": "凭证", "final": False}
        calls = [
            partial(act, store, command(number, PAID - 1, content=part, key=f"{number}-{name}"))
            for name in ("one", "two")
        ]
        answers = at_once(calls)
        assert sorted(type(answer).__name__ for answer in answers) == ["Accepted", "Refused"]
        assert steps(store, case=number)[-1] == 2_400_000
    assert ledger.compare(store) == ()


def test_when_the_ledger_refuses_the_whole_act_is_refused_in_a_sentence(
    store: Store, clock: SteppedClock
) -> None:
    number = opened(store)
    live(store, clock, number, upto=PAID - 1)
    with store.write() as connection:
        # Somebody has taken money out of what is payable, past every door of ours.
        connection.execute(posting(number, "payable>settled", 4_000_000))
    before = len(rows(store, number))
    said = refusal(act(store, command(number, PAID - 1)))
    assert said.code == "amounts_contradict"
    assert number in said.sentence
    assert len(rows(store, number)) == before
    assert {item.case for item in ledger.compare(store)} == {number}


LINE = "INSERT INTO account_lines (owner, fund, account, line, posting, balance_fen) "
OF_COMMITTED = "FROM account_lines WHERE owner = :owner AND account = 'committed'"
# On SQLite the balances follow the lines of their accounts, and the lines follow the postings.
FORGED = {
    "a line without a posting": f"{LINE}VALUES (:owner, :fund, 'committed', 2, 'nothing', 4700001)",
    "a line of a posting that has one": f"{LINE}SELECT owner, fund, account, line + 1, posting, "
    f"balance_fen * 2 {OF_COMMITTED}",
    "a line for an account the posting does not touch": f"{LINE}SELECT owner, fund, 'payable', 1, "
    f"posting, balance_fen {OF_COMMITTED}",
    "a line replaced": f"REPLACE{LINE.removeprefix('INSERT')}SELECT owner, fund, account, line, "
    f"posting, 9 {OF_COMMITTED}",
    "a line changed": "UPDATE account_lines SET balance_fen = balance_fen + 1",
    "a line thrown away": "DELETE FROM account_lines",
    "a balance replaced": "REPLACE INTO balances SELECT fund, owner, account, balance_fen + 1 "
    "FROM balances",
    "a balance moved to another": "UPDATE balances SET owner = 'someone' WHERE owner = :owner",
}


@on_sqlite
@pytest.mark.parametrize("name", FORGED)
def test_no_line_of_an_account_is_written_but_the_one_its_posting_makes(
    store: Store, contracted: str, name: str
) -> None:
    statement = FORGED[name]
    values = {"owner": contracted, "fund": FUND}
    known = {key: values[key] for key in values if f":{key}" in statement}
    refused = "余额只随分录变动|只增不改"
    with pytest.raises(IntegrityError, match=refused), store.write() as connection:
        connection.execute(text(statement), known)
    assert ledger.compare(store) == ()


@on_sqlite
def test_each_posting_touches_the_same_few_rows_however_many_its_owner_has(store: Store) -> None:
    query = text("SELECT COUNT(*), MAX(line) FROM account_lines WHERE owner = 'o'")
    plan = (
        "SELECT balance_fen FROM account_lines WHERE owner = 'o' AND fund = 'f' "
        "AND account = 'quota' ORDER BY line DESC LIMIT 1"
    )
    with store.write() as connection:
        for turn in range(200):
            connection.execute(_quota(f"q-{turn}", 1))
        assert connection.execute(query).one() == (200, 200)
        steps = connection.execute(text(f"EXPLAIN QUERY PLAN {plan}")).all()
        last = text("SELECT balance_fen FROM balances WHERE owner = 'o'")
        assert connection.execute(last).scalar_one() == 200
    # One search in the key, nothing sorted: the same work for ten lines as for ten thousand.
    [step] = [str(row[-1]) for row in steps]
    assert "SEARCH account_lines USING PRIMARY KEY" in step


def _quota(key: str, amount: int) -> Executable:
    return insert(postings).values(
        key=key, entry=key, fund="f", from_owner="city", from_account="source", to_owner="o",
        to_account="quota", amount_fen=amount, reason="安排", occurred_on=MONDAY.date(),
        recorded_at=MONDAY,
    )  # fmt: skip


def test_balances_kept_before_are_kept_on_from_where_they_stood(
    tmp_path: Path, clock: SteppedClock
) -> None:
    store = open_store(sqlite_settings(tmp_path), clock)
    migrate(store, "0006")
    with store.write() as connection:
        for turn in range(3):
            connection.execute(_quota(f"q-{turn}", 10))
    migrate(store)
    with store.write() as connection:
        connection.execute(_quota("q-3", 5))
        lines = text("SELECT line, balance_fen FROM account_lines WHERE owner = 'o' ORDER BY line")
        found = [tuple(row) for row in connection.execute(lines)]
        assert found == [(1, 10), (2, 20), (3, 30), (4, 35)]
    assert ledger.compare(store) == ()
    store.close()


@pytest.fixture
def application(store: Store, contracted: str) -> Iterator[Engine]:
    """A connection as the role the programs use, on a PostgreSQL with a project under contract."""
    with store.write() as connection:
        connection.execute(text(f"DROP ROLE IF EXISTS {ROLE}"))
        connection.execute(text(f"CREATE ROLE {ROLE} LOGIN"))
    grant_application_role(store, ROLE)
    engine = create_engine(
        store.engine.url.set(username=ROLE), connect_args={"options": "-c search_path=minsheng"}
    )
    yield engine
    engine.dispose()
    with store.write() as connection:
        connection.execute(text(f"DROP OWNED BY {ROLE}"))
        connection.execute(text(f"DROP ROLE {ROLE}"))


@on_postgres
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE balances SET balance_fen = 1",
        "INSERT INTO balances VALUES ('f', 'o', 'paid', 1)",
        "DELETE FROM balances",
        "TRUNCATE balances",
        "ALTER TABLE postings DISABLE TRIGGER ALL",
        "DROP TRIGGER postings_after ON postings",
        "DROP FUNCTION keep_balances() CASCADE",
    ],
)
def test_the_application_s_role_has_no_hold_of_balances_nor_of_their_guards(
    application: Engine, statement: str
) -> None:
    refused = r"permission denied|must be owner"
    with pytest.raises(ProgrammingError, match=refused), application.begin() as connection:
        connection.execute(text(statement))


@on_postgres
def test_a_passing_table_of_the_same_name_does_not_deceive_the_guard(
    application: Engine, store: Store, contracted: str
) -> None:
    forged = text("INSERT INTO pg_temp.balances (fund, owner, account, balance_fen) "
                  "VALUES (:fund, :owner, 'payable', 100)")  # fmt: skip
    with application.connect() as connection:
        connection.execute(text("CREATE TEMP TABLE balances (LIKE minsheng.balances)"))
        connection.execute(forged, {"fund": FUND, "owner": contracted})
        with pytest.raises(IntegrityError, match="透支"):
            connection.execute(posting(contracted, "payable>paid", 1))
    assert ledger.compare(store) == ()


@on_postgres
def test_the_application_s_role_posts_as_it_works(
    application: Engine, store: Store, contracted: str
) -> None:
    with application.begin() as connection:
        connection.execute(posting(contracted, "approved>committed", 100_000))
    assert steps(store)[:2] == [4_800_000, 4_800_000]


@pytest.mark.slow
def test_in_a_thousand_races_for_the_last_of_the_money_exactly_one_wins(
    store: Store, clock: SteppedClock
) -> None:
    number = opened(store)
    live(store, clock, number, upto=AUDITED)
    races(store, number, 1000)
    assert steps(store)[-1] == 0
