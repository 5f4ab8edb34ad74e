"""公文登记: a notice once issued keeps its bytes; whoever issues it again gets the first."""

from dataclasses import replace
from functools import partial

import pytest
from sqlalchemy.exc import IntegrityError

from records.database.store import Store
from records.files import attachments, notices
from records.files.notices import issue_notice
from tests.records.test_append_only import notice
from tests.records.test_races import at_once
from tests.records.world import SteppedClock, opened


def test_an_issued_notice_is_found_with_the_digest_of_its_bytes(
    store: Store, clock: SteppedClock
) -> None:
    number = opened(store)
    issued = issue_notice(store, notice(number))
    assert attachments.read(store, issued.digest) == b"<p>notice</p>"
    assert issued.issued_at == clock.now()
    with store.read() as connection:
        assert notices.find(connection, issued.key) == issued
        assert notices.notices_of(connection, number) == (issued,)
        assert notices.find(connection, "other") is None


def test_issuing_again_gives_the_first_even_with_other_bytes(store: Store) -> None:
    number = opened(store)
    first = issue_notice(store, notice(number))
    again = issue_notice(store, notice(number, b"<p>rendered anew</p>"))
    assert again == first
    assert attachments.read(store, again.digest) == b"<p>notice</p>"


def test_issued_from_many_sides_at_once_there_is_one_notice(store: Store) -> None:
    case = opened(store)
    for turn in range(20):
        one = replace(notice(case), key=f"{case}/{turn}", number=f"示例第{turn}号")
        sides = [replace(one, data=f"{turn}/{side}".encode()) for side in range(6)]
        issued = set(at_once([partial(issue_notice, store, side) for side in sides]))
        assert [item.key for item in issued] == [one.key]


def test_a_notice_belongs_to_a_case_that_exists(store: Store) -> None:
    with pytest.raises(IntegrityError):
        issue_notice(store, notice("ZJG-2026-9999"))
