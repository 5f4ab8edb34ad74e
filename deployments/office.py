"""办公室: opens the records of the place in use, once per process, for the command line."""

from functools import cache

from deployments.places import current
from records.migrate import migrate
from records.store import Store, open_store


@cache
def office() -> Store:
    """The open records of the place in use; their tables are made or brought up to date."""
    current().enter()
    store = open_store()
    migrate(store)
    # Opened again: whether the clock is a demonstration's stands in the tables just made.
    store.close()
    return open_store()
