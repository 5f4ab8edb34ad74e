"""文号: each office numbers its documents of a year from 1 without a gap, each document once."""

from functools import partial

from records.database.store import Store
from records.files.numbering import DocumentNumber, document_number
from tests.records.test_races import at_once
from tests.records.world import CITY


def test_a_document_asked_for_again_keeps_its_number(store: Store) -> None:
    first = document_number(store, "a", "yangshe", 2026)
    assert document_number(store, "b", "yangshe", 2026).serial == first.serial + 1
    assert document_number(store, "a", "yangshe", 2026) == first == DocumentNumber(2026, 1)


def test_a_number_taken_on_the_last_day_of_a_year_is_of_that_year_for_ever(store: Store) -> None:
    taken = document_number(store, "a", "yangshe", 2026)
    assert document_number(store, "a", "yangshe", 2027) == taken


def test_every_office_and_every_year_begins_at_one(store: Store) -> None:
    assert document_number(store, "a", "yangshe", 2026).serial == 1
    assert document_number(store, "b", CITY, 2026).serial == 1
    assert document_number(store, "c", "yangshe", 2027).serial == 1


def test_numbers_taken_at_once_are_all_different_and_leave_no_gap(store: Store) -> None:
    calls = [partial(document_number, store, f"n{item}", "yangshe", 2026) for item in range(8)]
    assert sorted(taken.serial for taken in at_once(calls)) == list(range(1, 9))


def test_one_document_asked_for_from_many_sides_gets_one_number(store: Store) -> None:
    calls = [partial(document_number, store, "same", "yangshe", 2026) for _ in range(6)]
    assert set(at_once(calls)) == {DocumentNumber(2026, 1)}
