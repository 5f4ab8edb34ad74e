"""The stores of the records' tests, for the tests that kill what is using them."""

from tests.records.conftest import clock, settings, settled_file, settled_url, store

__all__ = ["clock", "settings", "settled_file", "settled_url", "store"]
