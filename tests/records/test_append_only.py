"""只增不改: no door of the database lets anybody rewrite events, notices or daily digests."""

# ruff: noqa: S608 - the statements are put together from words of our own

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import (
    Engine,
    Executable,
    RowMapping,
    String,
    Table,
    Text,
    UniqueConstraint,
    Update,
    create_engine,
    delete,
    insert,
    select,
    text,
    update,
)
from sqlalchemy.exc import DBAPIError, IntegrityError, ProgrammingError

from records.acting.acts import act
from records.database.settings import RecordsSettings
from records.database.store import Store, open_store
from records.database.tables import APPEND_ONLY, DIGEST_LENGTH, metadata
from records.files.notices import Document, File, issue_notice
from records.files.numbering import document_number
from records.migrate import grant_application_role
from records.running.digests import take_daily_digest
from tests.records.world import SteppedClock, accepted, command, live, opened

ROLE = "minsheng_application"
on_postgres = pytest.mark.parametrize(
    "settings", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True
)
on_sqlite = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)


def fill(store: Store, clock: SteppedClock) -> str:
    """One row at least in every table that may only grow."""
    number = opened(store)
    live(store, clock, number, upto=4)
    take_daily_digest(store)
    issue_notice(store, replace(notice(number), files=(File("a.xlsx", "text/plain", b"a"),)))
    document_number(store, f"{number}/a", "yangshe", 2026)
    return number


def notice(number: str, data: bytes = b"<p>notice</p>") -> Document:
    return Document(
        key=f"{number}/issue/project_publicity/publicize_project/1",
        case=number,
        kind="project_publicity",
        number=f"{number}-01",
        title="项目公示",
        content_digest="0" * 64,
        name="notice.html",
        media_type="text/html",
        data=data,
    )


def rewritten(table: str) -> Update:
    """An update of every row of the table that would change nothing."""
    found = metadata.tables[table]
    column = next(iter(found.primary_key.columns))
    return update(found).values({column.name: column})


@pytest.mark.parametrize("table", APPEND_ONLY)
def test_a_row_once_written_can_be_neither_changed_nor_deleted(
    store: Store, clock: SteppedClock, table: str
) -> None:
    fill(store, clock)
    found = metadata.tables[table]
    with pytest.raises(DBAPIError, match="只增不改"), store.write() as connection:
        connection.execute(rewritten(table))
    with pytest.raises(DBAPIError, match="只增不改"), store.write() as connection:
        connection.execute(delete(found))


def clashes(table: Table) -> list[tuple[str, ...]]:
    """The columns of every unique key of the table, without those that may be empty."""
    unique = [item for item in table.constraints if isinstance(item, UniqueConstraint)]
    keys = [tuple(table.primary_key.columns.keys()), *(tuple(key.columns.keys()) for key in unique)]
    return [key for key in keys if not any(table.c[name].nullable for name in key)]


@pytest.mark.parametrize("table", APPEND_ONLY)
def test_a_row_once_written_cannot_be_replaced_by_another_of_the_same_key(
    settled_store: Store, table: str
) -> None:
    found = metadata.tables[table]
    with settled_store.read() as connection:
        kept = connection.execute(select(found)).mappings().all()
    for key in clashes(found):
        for way in ("OR REPLACE", "OR IGNORE", "OR FAIL", "OR ROLLBACK", "OR ABORT"):
            names = [name for name in list(found.c.keys()) if name not in key]
            forged = {**kept[0], **{name: _other(found, name, kept[0]) for name in names}}
            statement = insert(found).values(forged).prefix_with(way, dialect="sqlite")
            with pytest.raises(IntegrityError), settled_store.write() as connection:
                connection.execute(statement)
    with settled_store.read() as connection:
        assert connection.execute(select(found)).mappings().all() == kept


def _other(table: Table, name: str, row: RowMapping) -> Any:
    """Another value of a column: what refers to something else stays as it is."""
    column = table.c[name]
    if column.foreign_keys or not isinstance(column.type, String | Text):
        return row[name]
    return row[name] if row[name] is None or len(row[name]) == DIGEST_LENGTH else f"{row[name]}x"


@pytest.fixture
def settled_store(store: Store, clock: SteppedClock) -> Store:
    fill(store, clock)
    return store


@on_sqlite
@pytest.mark.parametrize(
    "table", [name for name in APPEND_ONLY if name not in ("events", "postings")]
)
def test_no_row_takes_the_place_of_another_by_its_row_number(
    settled_store: Store, table: str
) -> None:
    columns = metadata.tables[table].c.keys()
    listed = ", ".join(f'"{name}"' for name in columns)
    own = {"key", "number", "name", "notice", "day", "digest"}
    changed = ", ".join(f"\"{name}\" || 'x'" if name in own else f'"{name}"' for name in columns)
    before = f"SELECT rowid, {listed} FROM {table} ORDER BY rowid"
    with settled_store.read() as connection:
        kept = connection.execute(text(before)).all()
    into = f"INSERT OR REPLACE INTO {table} (rowid, {listed})"
    replacing = f"{into} SELECT rowid, {changed} FROM {table}"
    with pytest.raises(IntegrityError, match="只增不改"), settled_store.write() as connection:
        connection.execute(text(replacing))
    with settled_store.read() as connection:
        assert connection.execute(text(before)).all() == kept


@on_sqlite
@pytest.mark.parametrize("table", APPEND_ONLY)
def test_no_upsert_and_no_update_or_replace_changes_a_row(settled_store: Store, table: str) -> None:
    found = metadata.tables[table]
    key = ", ".join(f'"{name}"' for name in list(found.primary_key.columns.keys()))
    column = list(found.c)[-1].name
    again = f"INSERT INTO {table} SELECT * FROM {table}"
    attacks = [
        f'{again} WHERE true ON CONFLICT ({key}) DO UPDATE SET "{column}" = excluded."{column}"',
        f'UPDATE OR REPLACE {table} SET "{column}" = "{column}"',
        f'UPDATE OR IGNORE {table} SET "{column}" = "{column}"',
        f"REPLACE INTO {table} SELECT * FROM {table}",
    ]
    for attack in attacks:
        with pytest.raises(IntegrityError), settled_store.write() as connection:
            connection.execute(text(attack))


@on_postgres
@pytest.mark.parametrize("table", APPEND_ONLY)
def test_not_even_its_owner_empties_a_table_that_only_grows(
    settled_store: Store, table: str
) -> None:
    with pytest.raises(DBAPIError, match="只增不改"), settled_store.write() as connection:
        connection.execute(text(f"TRUNCATE {table} CASCADE"))


@pytest.fixture
def application(
    store: Store, clock: SteppedClock, request: pytest.FixtureRequest
) -> Iterator[Engine]:
    """A connection as the role the programs use, on the filled PostgreSQL."""
    fill(store, clock)
    with store.write() as connection:
        connection.execute(text(f"DROP ROLE IF EXISTS {ROLE}"))
        connection.execute(text(f"CREATE ROLE {ROLE} LOGIN"))
    grant_application_role(store, ROLE)
    engine = create_engine(
        store.engine.url.set(username=ROLE),
        connect_args={"options": "-c search_path=minsheng"},
    )
    yield engine
    engine.dispose()
    with store.write() as connection:
        connection.execute(text(f"DROP OWNED BY {ROLE}"))
        connection.execute(text(f"DROP ROLE {ROLE}"))


FORBIDDEN = [
    *(rewritten(name) for name in APPEND_ONLY),
    *(delete(metadata.tables[name]) for name in APPEND_ONLY),
    *(text(f"TRUNCATE {name} CASCADE") for name in APPEND_ONLY),
    text("ALTER TABLE events DISABLE TRIGGER ALL"),
    text("DROP TRIGGER events_append_only ON events"),
    text("SET session_replication_role = replica"),
    text("UPDATE alembic_version SET version_num = '0'"),
]


@on_postgres
@pytest.mark.parametrize("statement", FORBIDDEN, ids=str)
def test_the_application_s_role_may_not_even_try(
    application: Engine, statement: Executable
) -> None:
    refused = r"permission denied|must be owner"
    with pytest.raises(ProgrammingError, match=refused), application.begin() as connection:
        connection.execute(statement)


@on_postgres
def test_the_application_s_role_can_do_all_its_work(
    application: Engine, settings: RecordsSettings, clock: SteppedClock, tmp_path: Path
) -> None:
    url = application.url.render_as_string(hide_password=False)
    store = open_store(settings.model_copy(update={"records_url": url}), clock)
    live(store, clock, opened(store, "as the application"))
    accepted(act(store, command(opened(store, "another"), 0)))
    store.close()


def test_sqlite_has_no_roles_and_says_that_triggers_guard_it(tmp_path: Path) -> None:
    store = open_store(RecordsSettings(records_url=f"sqlite:///{tmp_path / 'r.sqlite'}",
                                       files=tmp_path / "files"))  # fmt: skip
    with pytest.raises(ValueError, match="触发器"):
        grant_application_role(store, ROLE)
    store.close()
