"""结构: both databases carry the same tables, and their checks refuse what must never be stored."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import CheckConstraint, Executable, insert, inspect, text, update
from sqlalchemy.exc import IntegrityError

from deployments.office import newest
from records.database.settings import RecordsSettings
from records.database.store import SCHEMA, Store, open_store
from records.database.tables import (
    appointments,
    cases,
    counters,
    digests,
    duties,
    effects,
    events,
    leases,
    metadata,
    organisations,
)
from records.database.tables import (
    clock as clock_table,
)
from records.migrate import migrate
from tests.postgres import Server
from tests.records.conftest import drop_schema, postgres_settings, sqlite_settings
from tests.records.world import MONDAY, SINCE, SteppedClock, opened

FIRST = "ZJG-2026-0001"


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[RecordsSettings]:
    """Settings of a database in which nothing of ours exists yet."""
    if request.param == "sqlite":
        yield sqlite_settings(tmp_path)
        return
    url = request.getfixturevalue("postgres_server").create(f"empty_{tmp_path.name}"[:60])
    yield postgres_settings(tmp_path, url)


def test_an_empty_database_gets_exactly_the_tables_the_code_expects(empty: RecordsSettings) -> None:
    store = open_store(empty)
    migrate(store)
    with store.read() as connection:
        context = MigrationContext.configure(connection, opts={"include_name": _is_ours})
        differences = compare_metadata(context, metadata)
    store.close()
    assert differences == []


def _is_ours(name: str | None, kind: str, _: object) -> bool:
    # The lines from which SQLite keeps the balances belong to its guards alone.
    return kind != "table" or name not in ("alembic_version", "account_lines")


def test_the_database_carries_every_check_by_its_name(empty: RecordsSettings) -> None:
    store = open_store(empty)
    migrate(store)
    inspector = inspect(store.engine)
    for table in metadata.sorted_tables:
        wanted = {
            constraint.name
            for constraint in table.constraints
            if isinstance(constraint, CheckConstraint)
        }
        found = {item["name"] for item in inspector.get_check_constraints(table.name)}
        assert found == wanted, table.name
    store.close()


def test_migrating_again_changes_nothing(store: Store) -> None:
    with store.read() as connection:
        before = connection.execute(text("SELECT version_num FROM alembic_version")).all()
    migrate(store)
    with store.read() as connection:
        after = connection.execute(text("SELECT version_num FROM alembic_version")).all()
    assert [tuple(row) for row in before] == [tuple(row) for row in after] == [(newest(),)]


@pytest.mark.postgres
def test_on_postgresql_everything_lies_in_our_own_schema(
    postgres_server: Server, tmp_path: Path
) -> None:
    settings = postgres_settings(tmp_path, postgres_server.create("own_schema"))
    store = open_store(settings)
    migrate(store)
    with store.read() as connection:
        query = "SELECT DISTINCT schemaname FROM pg_tables WHERE tablename = ANY(:names)"
        names = [*metadata.tables, "alembic_version"]
        assert connection.execute(text(query), {"names": names}).scalars().all() == [SCHEMA]
    store.close()
    drop_schema(settings)


def test_the_migrations_are_numbered_without_a_gap() -> None:
    folder = Path("records/migrations/versions")
    numbers = sorted(
        match.group(1) for path in folder.iterdir() if (match := re.match(r"(\d{4})_", path.name))
    )
    assert numbers == [f"{number:04d}" for number in range(1, len(numbers) + 1)]


def change(**values: object) -> Executable:
    return update(cases).where(cases.c.number == FIRST).values(values)


REFUSED: dict[str, Executable] = {
    "a negative budget": change(budget_fen=-1),
    "a contract above the budget": change(contract_fen=4_800_001),
    "a negative contract": change(contract_fen=-1),
    "an audited amount above the contract": change(contract_fen=100, audited_fen=101),
    "a payment above the audited amount": change(contract_fen=100, audited_fen=90, paid_fen=91),
    "a payment above the contract": change(contract_fen=100, paid_fen=101),
    "a negative payment": change(contract_fen=100, paid_fen=-1),
    "a state nobody knows": change(status="paused"),
    "a closed case without its moment": change(status="closed"),
    "an open case with a closing moment": change(closed_at=MONDAY),
    "a flow that has read more than there is": change(driven_to=99),
    "an anchor beyond the head": change(anchored=99),
    "a negative generation": change(generation=-1),
    "an event number zero": update(events).values(sequence=0),
    "an event recorded before it happened": update(events).values(
        occurred_at=MONDAY + timedelta(days=1)
    ),
    "an event by an unknown door": update(events).values(door="window"),
    "a person's event without the person": update(events).values(actor=None),
    "a closing event without its stage": update(events).values(closes=True),
    "a short digest": update(events).values(digest="1"),
    "round zero": update(events).values(round=0),
    "an organisation above itself": update(organisations)
    .where(organisations.c.id == "chengxi")
    .values(parent="chengxi"),
    "an appointment that ends before it begins": update(appointments).values(
        until=SINCE - timedelta(days=1)
    ),
    "a second clock": insert(clock_table).values(
        id=2, real_anchor=MONDAY, virtual_anchor=MONDAY, speed=1, holds=False
    ),
    "a clock that runs backwards": insert(clock_table).values(
        id=1, real_anchor=MONDAY, virtual_anchor=MONDAY, speed=-1, holds=False
    ),
    "a counter below one": insert(counters).values(city="x", year=2026, last=0),
    "a lease number zero": insert(leases).values(
        case=FIRST, holder="x", fence=0, expires_at=MONDAY
    ),
    "an effect done without its moment": insert(effects).values(
        key="k", case=FIRST, kind="issue", status="done", attempts=1, started_at=MONDAY
    ),
    "a failed effect without its next attempt": insert(effects).values(
        key="k", case=FIRST, kind="issue", status="failed", attempts=1, started_at=MONDAY
    ),
    "an effect never attempted": insert(effects).values(
        key="k", case=FIRST, kind="issue", status="running", attempts=0, started_at=MONDAY
    ),
    "a duty of unknown severity": update(duties).values(severity="may"),
    "an event of an unknown case": insert(effects).values(
        key="k", case="nowhere", kind="issue", status="running", attempts=1, started_at=MONDAY
    ),
    "a short daily digest": insert(digests).values(
        day=MONDAY.date(), cases=0, digest="1", previous_digest="1", taken_at=MONDAY
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_the_database_itself_refuses(store: Store, name: str) -> None:
    opened(store)
    with store.write() as connection:
        connection.execute(text(UNGUARDED[connection.dialect.name]))
        with pytest.raises(IntegrityError):
            connection.execute(REFUSED[name])
        connection.rollback()


# Undone by the rollback: the triggers would answer before the checks are reached.
UNGUARDED = {
    "postgresql": "ALTER TABLE events DISABLE TRIGGER USER",
    "sqlite": "DROP TRIGGER events_no_update",
}


def test_one_round_of_one_stage_can_be_closed_only_once(store: Store, clock: SteppedClock) -> None:
    opened(store)
    twice = text(
        "INSERT INTO events SELECT \"case\", sequence + :step, kind, 'collect', 1, content, "
        "evidence, occurred_at, recorded_at, actor, organisation, door, :key, command_digest, "
        "(1 = 1), backfilled, late, previous_digest, digest FROM events WHERE sequence = 1"
    )
    with store.write() as connection:
        connection.execute(twice, {"step": 1, "key": "one"})
        with pytest.raises(IntegrityError):
            connection.execute(twice, {"step": 2, "key": "two"})
        connection.rollback()
