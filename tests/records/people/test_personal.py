"""个人信息: only in its own table, erasable, and the journal verifies as before."""

import re
from dataclasses import replace

import pytest
from sqlalchemy import select

from records.acting.acts import act
from records.acting.opening import open_case
from records.cases import journal
from records.database.store import Store
from records.database.tables import metadata, personal
from records.people.personal import (
    Person,
    contains_personal_data,
    erase,
    is_reference,
    matches,
    recall,
    remember,
)
from tests.records.world import accepted, command, opening

ZHANG = Person("张建华", "13812345678")


def test_a_person_is_recalled_by_the_reference_alone(store: Store) -> None:
    with store.write() as connection:
        reference = remember(store, connection, ZHANG)
        assert recall(connection, reference) == ZHANG
        assert matches(store, connection, reference, ZHANG)
        assert not matches(store, connection, reference, Person("张建华", "13912345678"))
    assert is_reference(reference)
    assert not is_reference("张建华")


def test_the_same_person_gets_a_new_reference_each_time(store: Store) -> None:
    with store.write() as connection:
        assert remember(store, connection, ZHANG) != remember(store, connection, ZHANG)


def test_after_erasing_nothing_leads_back_to_the_person(store: Store) -> None:
    number = accepted(open_case(store, replace(opening(), proposer=ZHANG))).case
    with store.write() as connection:
        reference = journal.read(connection, number)[0].content["proposer"]
        assert erase(store, connection, reference)
        assert not erase(store, connection, reference)
        assert recall(connection, reference) is None
        assert not matches(store, connection, reference, ZHANG)
        row = connection.execute(select(personal)).mappings().one()
    assert (row["name"], row["phone"], row["salt"]) == (None, None, None)
    assert journal.verify(store).sound
    accepted(act(store, command(number, 0)))


def test_an_unknown_reference_leads_nowhere(store: Store) -> None:
    with store.write() as connection:
        assert recall(connection, "PR-" + "0" * 40) is None
        assert not erase(store, connection, "PR-" + "0" * 40)


def test_name_and_telephone_stand_in_no_other_table(store: Store) -> None:
    accepted(open_case(store, replace(opening(), proposer=ZHANG)))
    with store.read() as connection:
        for table in metadata.sorted_tables:
            if table is personal:
                continue
            for row in connection.execute(select(table)):
                assert not re.search(f"{ZHANG.name}|{ZHANG.phone}", str(tuple(row))), table.name


@pytest.mark.parametrize(("text", "found"), [
    ("电话13812345678", True),
    ("13812345678。", True),
    ("身份证320582198001011234", True),
    ("320582198001011X3X", False),
    ("合同编号2026138123456789", False),
    ("凭证A13812345678B", False),
    ("金额4800000分", False),
    ("邮编215600", False),
    ("0512-58223456", False),
])  # fmt: skip
def test_numbers_of_persons_are_told_from_other_numbers(text: str, found: bool) -> None:  # noqa: FBT001
    assert contains_personal_data(text) is found
