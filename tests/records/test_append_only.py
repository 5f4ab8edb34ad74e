"""只增不改: no door of the database lets anybody rewrite events, notices or daily digests."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine, Executable, Update, create_engine, delete, text, update
from sqlalchemy.exc import DBAPIError, ProgrammingError

from records.acting.acts import act
from records.database.settings import RecordsSettings
from records.database.store import Store, open_store
from records.database.tables import APPEND_ONLY, metadata
from records.files.notices import Document, File, issue_notice
from records.files.numbering import document_number
from records.migrate import grant_application_role
from records.running.digests import take_daily_digest
from tests.records.world import SteppedClock, accepted, command, live, opened

ROLE = "minsheng_application"


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


on_postgres = pytest.mark.parametrize(
    "settings", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True
)
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
