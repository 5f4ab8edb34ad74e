"""The stores of the records' tests, for the tests that kill what is using them."""

from tests.records.conftest import clock, migrated_url, settings, settled_file, store

__all__ = ["clock", "migrated_url", "settings", "settled_file", "store"]
