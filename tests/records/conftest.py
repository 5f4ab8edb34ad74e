"""A store for each test, on SQLite and on PostgreSQL, with the small town settled in it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Executable, create_engine, event, text

from records.database.settings import RecordsSettings
from records.database.store import SCHEMA, Store, open_store
from records.database.tables import metadata
from records.migrate import migrate
from tests.records import paying
from tests.records.world import SteppedClock, live, opened, settle_town

BOTH = ("sqlite", pytest.param("postgres", marks=pytest.mark.postgres))
# The schema beside ours in which the settled town's rows are kept.
KEPT = "settled"


@pytest.fixture
def clock() -> SteppedClock:
    """A clock that only the test moves."""
    return SteppedClock()


@pytest.fixture(scope="session")
def settled_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite database with the town in it, to be copied by every test."""
    folder = tmp_path_factory.mktemp("settled")
    store = open_store(sqlite_settings(folder), SteppedClock())
    migrate(store)
    settle_town(store)
    store.close()
    return folder / "records.sqlite"


def sqlite_settings(folder: Path) -> RecordsSettings:
    """Settings for a SQLite file in `folder`."""
    return RecordsSettings(
        records_url=f"sqlite:///{folder / 'records.sqlite'}",
        files=folder / "files",
        digest_key="a key of the tests",
    )


def postgres_settings(folder: Path, url: str) -> RecordsSettings:
    """Settings for a PostgreSQL with the files in `folder`."""
    return sqlite_settings(folder).model_copy(update={"records_url": url})


@pytest.fixture(scope="session")
def settled_url(postgres_url: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The PostgreSQL of the tests with the town in our tables, and its rows kept beside them."""
    settings = postgres_settings(tmp_path_factory.mktemp("settled"), postgres_url)
    drop_schema(settings)
    store = open_store(settings, SteppedClock())
    migrate(store)
    settle_town(store)
    kept = [text(f'CREATE TABLE {KEPT}."{name}" AS TABLE "{name}"') for name in metadata.tables]
    unguarded(store, text(f"DROP SCHEMA IF EXISTS {KEPT} CASCADE; CREATE SCHEMA {KEPT}"), *kept)
    store.close()
    return postgres_url


@pytest.fixture(params=BOTH)
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> RecordsSettings:
    """Settings of a settled store: a copy of the SQLite file, or its rows again on PostgreSQL."""
    settings = sqlite_settings(tmp_path)
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("settled_file"), tmp_path / "records.sqlite")
        return settings
    settings = postgres_settings(tmp_path, request.getfixturevalue("settled_url"))
    store = open_store(settings, SteppedClock())
    # Deleting the few rows of a test takes a fifth of the time of truncating all tables.
    again = [
        f'DELETE FROM "{name}"; INSERT INTO "{name}" SELECT * FROM {KEPT}."{name}"'  # noqa: S608
        for name in metadata.tables
    ]
    unguarded(store, text("; ".join(["DROP TABLE IF EXISTS untouched", *again])))
    store.close()
    return settings


@pytest.fixture
def store(settings: RecordsSettings, clock: SteppedClock) -> Iterator[Store]:
    """The settled store, opened with the test's clock."""
    opened = open_store(settings, clock)
    yield opened
    opened.close()


@pytest.fixture
def contracted(store: Store, clock: SteppedClock) -> str:
    """A project under a contract of 47,000 out of 48,000."""
    number = opened(store)
    live(store, clock, number, upto=paying.SIGNED)
    assert paying.steps(store) == [4_800_000, 4_700_000, 0, 0, 0]
    return number


def drop_schema(settings: RecordsSettings) -> None:
    """Removes everything of ours from the PostgreSQL of the tests."""
    engine = create_engine(settings.url)
    with engine.begin() as connection:
        connection.execute(text(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE"))
    engine.dispose()


def unguarded(store: Store, *statements: Executable) -> None:
    """Runs statements as somebody who owns the database and takes its guards away first."""
    engine = create_engine(store.engine.url)
    if not store.on_postgres:
        event.listen(engine, "connect", _without_checks)
    with engine.begin() as connection:
        if store.on_postgres:
            connection.execute(text("SET LOCAL session_replication_role = replica"))
            connection.execute(text("SET LOCAL search_path = minsheng"))
        else:
            names = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
            for trigger in connection.execute(text(names)).scalars().all():
                connection.execute(text(f'DROP TRIGGER "{trigger}"'))
        for statement in statements:
            connection.execute(statement)
    engine.dispose()
    store.states.clear()


def _without_checks(connection: Any, _: Any) -> None:
    connection.execute("PRAGMA foreign_keys = OFF")
    connection.execute("PRAGMA ignore_check_constraints = ON")
