"""办公室: opens the records of the place in use, once per process, for the command line."""

from functools import cache
from pathlib import Path

from sqlalchemy import inspect, text

from deployments.places import current
from records import migrations
from records.database.store import Store, open_store

VERSION_TABLE = "alembic_version"


@cache
def office() -> Store:
    """The open records of the place in use; their tables are made or brought up to date."""
    current().enter()
    store = open_store()
    if not _up_to_date(store):
        # Half a second to import, and needed once in the life of the records.
        from records.migrate import migrate  # noqa: PLC0415

        migrate(store)
        # Opened again: whether the clock is a demonstration's stands in the tables just made.
        store.close()
        store = open_store()
    return store


def _up_to_date(store: Store) -> bool:
    """Whether the records carry the number of the newest file of changes."""
    if not inspect(store.engine).has_table(VERSION_TABLE):
        return False
    with store.glance() as connection:
        known = connection.execute(text(f"SELECT version_num FROM {VERSION_TABLE}")).scalars()  # noqa: S608
        return newest() in set(known)


def newest() -> str:
    """The number of the newest change to the tables; its file's name begins with it."""
    folder = Path(str(migrations.__file__)).parent / "versions"
    return max(path.name.partition("_")[0] for path in folder.glob("[0-9]*_*.py"))
