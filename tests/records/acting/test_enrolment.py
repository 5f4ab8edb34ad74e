"""登记：同一份名册再报多少次都是一份；暂停、出库照表；别处的社区不改隶属。"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from records.acting.enrolment import moved, person_id, register
from records.database.store import Store
from records.database.tables import suspensions
from records.people import implementers
from records.people.implementers import Suspension
from records.people.organisations import Organisation as Registered
from records.people.organisations import chain_of, in_role
from rulebooks.judging.outside import KnownImplementer
from schemas.rows import Checked, CouncilMember, Implementer, Official, Organisation
from tests.records.world import CITY, TOWN, SteppedClock

SINCE = date(2025, 1, 1)
TODAY = date(2026, 3, 2)
ONE_DAY = timedelta(days=1)
FIRM = Implementer(2, "示例园艺有限公司", "CODE-1", "enterprise", TOWN, SINCE, "active")
NOTHING = Checked((), (), (), (), (), (), ())


def organisation(name: str, level: str, parent: str | None) -> Organisation:
    return Organisation(2, name, level, parent, None, None, None, None, None)


PLACES = (
    organisation("新社区", "community", "新镇"),
    organisation("新镇", "town", "新市"),
    organisation("新市", "city", None),
)


def enrol(store: Store, **rows: Any) -> None:
    register(store, CITY, replace(NOTHING, **rows))


def found(store: Store, day: date) -> KnownImplementer | None:
    with store.glance() as connection:
        return implementers.find(connection, "CODE-1", day)


def test_organisations_are_registered_from_above_whatever_their_order(store: Store) -> None:
    enrol(store, organisations=PLACES)
    enrol(store, organisations=PLACES[::-1])
    with store.glance() as connection:
        chain = [link.name for link in chain_of(connection, "新社区")]
    assert chain == ["新社区", "新镇", "新市"]


def test_what_a_new_list_says_of_an_organisation_is_taken_over(store: Store) -> None:
    enrol(store, organisations=PLACES)
    enrol(store, organisations=(replace(PLACES[0], phone="0512-00000000"), *PLACES[1:]))
    with store.glance() as connection:
        phone = chain_of(connection, "新社区")[0].phone
    assert phone == "0512-00000000"


def test_a_community_of_another_town_stays_where_it_is(store: Store) -> None:
    enrol(store, organisations=PLACES)
    elsewhere = (
        organisation("新社区", "community", "别镇"),
        organisation("别镇", "town", "新市"),
        PLACES[2],
    )
    with store.glance() as connection:
        assert moved(connection, elsewhere) == {"新社区": "新镇"}
        assert moved(connection, PLACES) == {}
    enrol(store, organisations=elsewhere)
    with store.glance() as connection:
        assert isinstance(chain_of(connection, "别镇")[0], Registered)
        assert [link.name for link in chain_of(connection, "新社区")] == ["新社区", "新镇", "新市"]


def test_officials_and_council_members_hold_their_roles_until_their_term_ends(
    store: Store,
) -> None:
    official = Official(2, "示例甲", "新社区", "community_clerk", SINCE, None)
    member = CouncilMember(2, "新社区", "示例乙", "居民代表", SINCE, TODAY)
    for until in (None, TODAY - ONE_DAY):
        enrol(
            store,
            organisations=PLACES,
            officials=(replace(official, until=until),),
            council_members=(member,),
        )
        with store.glance() as connection:
            clerks = in_role(connection, "新社区", "community_clerk", TODAY)
            members = in_role(connection, "新社区", "council_member", TODAY)
        assert clerks == (() if until else (person_id(store, "新社区", "示例甲"),))
        assert members == (person_id(store, "新社区", "示例乙"),)


def test_a_persons_number_tells_nothing_and_is_always_the_same(store: Store) -> None:
    number = person_id(store, "新社区", "示例甲")
    assert number == person_id(store, "新社区", "示例甲")
    assert number != person_id(store, "新镇", "示例甲")
    assert number.startswith("P-")
    assert "示例甲" not in number


def test_a_suspended_implementer_is_suspended_from_the_day_it_was_reported(
    store: Store, clock: SteppedClock
) -> None:
    suspended = replace(FIRM, status="suspended")
    enrol(store, implementers=(suspended,))
    clock.forward(days=10)
    enrol(store, implementers=(suspended,))
    with store.glance() as connection:
        rows = connection.execute(select(suspensions)).all()
    assert len(rows) == 1
    before, after = found(store, TODAY - ONE_DAY), found(store, TODAY)
    assert before is not None
    assert before.active
    assert after is not None
    assert not after.active


def test_one_reported_as_active_again_may_be_chosen_again(
    store: Store, clock: SteppedClock
) -> None:
    enrol(store, implementers=(replace(FIRM, status="suspended"),))
    clock.forward(days=10)
    enrol(store, implementers=(FIRM,))
    for day, active in ((TODAY, False), (TODAY + 9 * ONE_DAY, False), (TODAY + 10 * ONE_DAY, True)):
        known = found(store, day)
        assert known is not None
        assert known.active is active


def test_a_suspension_the_town_decided_is_not_lifted_by_a_list(store: Store) -> None:
    enrol(store, implementers=(FIRM,))
    with store.write() as connection:
        implementers.suspend(connection, Suspension("CODE-1", TODAY, "验收不合格"))
    enrol(store, implementers=(FIRM,))
    known = found(store, TODAY)
    assert known is not None
    assert not known.active


@pytest.mark.parametrize("again", [0, 10])
def test_one_removed_stays_in_the_past_and_is_gone_today(
    store: Store, clock: SteppedClock, again: int
) -> None:
    enrol(store, implementers=(FIRM,))
    removed = replace(FIRM, status="removed")
    enrol(store, implementers=(removed,))
    clock.forward(days=again)
    enrol(store, implementers=(removed,))
    assert found(store, TODAY - ONE_DAY) is not None
    assert found(store, TODAY) is None


def test_one_removed_on_the_day_it_was_registered_breaks_nothing(store: Store) -> None:
    enrol(store, implementers=(replace(FIRM, status="removed", registered_on=TODAY),))
    assert found(store, TODAY) is not None
    assert found(store, TODAY + ONE_DAY) is None
