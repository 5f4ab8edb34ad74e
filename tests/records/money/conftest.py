"""Claims of the small town, with everybody who takes part in them."""

import pytest

from records.database.store import Store
from tests.records.claiming import settle_city


@pytest.fixture
def city(store: Store) -> Store:
    settle_city(store)
    return store
