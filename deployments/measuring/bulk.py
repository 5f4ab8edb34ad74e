"""成批备料: a few thousand projects written once, then copied inside the database.

What the records look after while officials work would take hours here: indexes, foreign keys and
triggers stand aside while the material is laid and are in force again before anything is measured.
"""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager

from sqlalchemy import (
    Connection,
    Engine,
    Insert,
    MetaData,
    Table,
    create_engine,
    func,
    insert,
    literal,
    select,
    text,
)

from deployments.measuring.beside import KEYS, rows_of
from deployments.measuring.history import PATTERN, PLACE, life
from records.database.milestone_tables import milestones
from records.database.store import SCHEMA, Store
from records.database.tables import cases
from records.people.organisations import Organisation, add_organisation

EVERYTHING = tuple(KEYS)
# What a report reads.
COUNTED = (cases, milestones)
TRIGGERS = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :name"
QUICK = ("foreign_keys = OFF", "synchronous = OFF", "cache_size = -500000", "threads = 2")


def lay(store: Store, projects: int) -> None:
    """Writes that many projects with all that belongs to them; call it once, on empty records."""
    found = rows_of([list(life(number)) for number in range(1, projects + 1)])
    with store.write() as connection:
        add_organisation(connection, Organisation(PLACE, PLACE, "community"))
    with _unhindered(store, EVERYTHING) as connection:
        for table, rows in found.items():
            if rows:
                connection.execute(insert(table), rows)


def multiply(store: Store, copies: range, tables: Collection[Table] = EVERYTHING) -> None:
    """Copies the projects that were laid, each time under other numbers, in these tables."""
    if not copies:
        return
    with _unhindered(store, tables) as connection:
        patterns = [_pattern(connection, table) for table in tables]
        for copy in copies:
            for table, pattern in zip(tables, patterns, strict=True):
                connection.execute(_copied(table, pattern, copy))
            connection.commit()
        for pattern in patterns:
            pattern.drop(connection)


def count(store: Store, tables: Sequence[Table]) -> int:
    """How many rows these tables hold together."""
    with store.glance() as connection:
        return sum(
            int(connection.execute(select(func.count()).select_from(table)).scalar_one())
            for table in tables
        )


def _pattern(connection: Connection, table: Table) -> Table:
    """The rows that were laid, aside and in order, so that copying reads nothing else."""
    pattern = table.to_metadata(MetaData(), name=f"{table.name}_pattern")
    order = ", ".join(f'"{column.name}"' for column in table.primary_key)
    laid = f"{table.name} WHERE \"{KEYS[table][0]}\" LIKE '{PATTERN}%' ORDER BY {order}"
    connection.execute(text(f"CREATE TEMPORARY TABLE {pattern.name} AS SELECT * FROM {laid}"))  # noqa: S608
    return pattern


def _copied(table: Table, pattern: Table, copy: int) -> Insert:
    number = literal(f"{copy:0{len(PATTERN)}d}")
    columns = [
        number.concat(func.substr(column, len(PATTERN) + 1))
        if column.name in KEYS[table]
        else column
        for column in pattern.columns
    ]
    return insert(table).from_select([column.name for column in table.columns], select(*columns))


@contextmanager
def _unhindered(store: Store, tables: Collection[Table]) -> Iterator[Connection]:
    """A connection for which nothing is checked; the records are whole again afterwards."""
    engine = _engine(store)
    with engine.connect() as connection:
        indexes = [index for table in tables for index in table.indexes]
        guards = [] if store.on_postgres else _dropped(connection, tables)
        for index in indexes:
            index.drop(connection)
        connection.commit()
        yield connection
        connection.commit()
        for index in indexes:
            index.create(connection)
        for statement in guards:
            connection.execute(text(statement))
        connection.commit()
    engine.dispose()
    # What a database does by itself in its first night.
    with store.glance() as connection:
        connection.execute(text("VACUUM (ANALYZE)" if store.on_postgres else "ANALYZE"))


def _engine(store: Store) -> Engine:
    if store.on_postgres:
        # Only an administrator may; the passing server of `make bench` is one's own.
        options = (
            f"-c search_path={SCHEMA} -c session_replication_role=replica "
            "-c synchronous_commit=off -c maintenance_work_mem=512MB -c timezone=UTC"
        )
        return create_engine(store.engine.url, connect_args={"options": options})
    return create_engine(store.engine.url)


def _dropped(connection: Connection, tables: Collection[Table]) -> list[str]:
    """Takes the triggers away and gives back what makes them again."""
    for setting in QUICK:
        connection.exec_driver_sql(f"PRAGMA {setting}")
    found = [
        row for table in tables for row in connection.execute(text(TRIGGERS), {"name": table.name})
    ]
    for name, _ in found:
        connection.execute(text(f'DROP TRIGGER "{name}"'))
    return [statement for _, statement in found]
