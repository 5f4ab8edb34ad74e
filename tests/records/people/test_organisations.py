"""机关与任职: who holds which role where on a day, and which office is the nearest there is."""

from datetime import date, timedelta

from records.database.store import Store
from records.people import implementers
from records.people.implementers import Implementer, Suspension
from records.people.organisations import (
    Appointment,
    Organisation,
    add_organisation,
    add_person,
    appoint,
    appointments_of,
    end_appointment,
    find_place,
    in_role,
    links,
    offices,
    person_name,
    responsible,
)
from tests.records.world import CITY, COMMUNITY, MONDAY, OTHER_COMMUNITY, SINCE, TOWN

TODAY = MONDAY.date()
REVIEW = ("subdistrict_office", "town")


def test_the_chain_goes_from_the_community_up_to_the_city(store: Store) -> None:
    with store.read() as connection:
        chain = links(connection, "chengxi")
    assert [link.organisation.id for link in chain] == ["chengxi", "chengnan", "yangshe", CITY]


def test_the_nearest_level_that_the_place_has_is_responsible(store: Store) -> None:
    with store.read() as connection:
        with_office = responsible(links(connection, "chengxi"), REVIEW)
        without = responsible(links(connection, "donglai"), REVIEW)
    assert with_office is not None
    assert without is not None
    assert (with_office.organisation.id, without.organisation.id) == ("chengnan", "yangshe")


def test_where_no_level_fits_nobody_is_responsible(store: Store) -> None:
    with store.read() as connection:
        assert responsible(links(connection, "yangshe"), ("community",)) is None
        assert links(connection, "nowhere") == ()


def test_the_links_name_the_roles_a_person_holds_today(store: Store) -> None:
    appointment = Appointment("town_clerk", "town_finance", "yangshe", TODAY, TODAY)
    with store.write() as connection:
        appoint(connection, appointment)
        today = links(connection, "chengxi", "town_clerk", TODAY)
        tomorrow = links(connection, "chengxi", "town_clerk", TODAY + timedelta(days=1))
    assert today[2].roles == {"town_clerk", "town_finance"}
    assert tomorrow[2].roles == {"town_clerk"}
    assert today[0].roles == frozenset()


def test_communities_of_one_name_are_told_apart_by_their_town(store: Store) -> None:
    with store.write() as connection:
        add_organisation(connection, Organisation("leyu", "乐余镇", "town", CITY))
        add_organisation(connection, Organisation("leyu-x", COMMUNITY, "community", "leyu"))
        assert find_place(connection, "乐余镇", COMMUNITY) == "leyu-x"
        assert find_place(connection, TOWN, COMMUNITY) == "chengxi"
        assert find_place(connection, TOWN, OTHER_COMMUNITY) == "donglai"
        assert find_place(connection, "乐余镇", OTHER_COMMUNITY) is None


def test_the_offices_of_a_place_carry_their_public_telephone(store: Store) -> None:
    office = Organisation(
        "chengnan", "城南办事处", "subdistrict_office", "yangshe", phone="0512-58000000"
    )
    with store.write() as connection:
        add_organisation(connection, office)
        assert offices(connection, "chengxi")["subdistrict_office"] == office


def test_an_appointment_lasts_to_the_end_of_its_last_day(store: Store) -> None:
    appointment = Appointment("town_leader", "town_leader", "yangshe", SINCE)
    with store.write() as connection:
        end_appointment(connection, appointment, TODAY)
        assert in_role(connection, "yangshe", "town_leader", TODAY) == ("town_leader",)
        assert in_role(connection, "yangshe", "town_leader", TODAY + timedelta(days=1)) == ()
        assert [item.until for item in appointments_of(connection, "town_leader", TODAY)] == [TODAY]


def test_names_are_found_by_the_person_s_number(store: Store) -> None:
    with store.write() as connection:
        add_person(connection, "p-1", "许晴")
        assert person_name(connection, "p-1") == "许晴"
        assert person_name(connection, "p-2") is None


def test_an_implementer_counts_from_its_first_to_its_last_day(store: Store) -> None:
    with store.write() as connection:
        implementers.add(
            connection, Implementer("S-2", "乙公司", CITY, TOWN, TODAY, TODAY + timedelta(days=1))
        )
        days = [TODAY + timedelta(days=offset) for offset in (-1, 0, 1, 2)]
        found = [implementers.find(connection, "S-2", day) is not None for day in days]
    assert found == [False, True, True, False]


def test_a_suspended_implementer_is_known_but_not_active(store: Store) -> None:
    until = date(2026, 3, 9)
    with store.write() as connection:
        implementers.suspend(connection, Suspension("S-1", TODAY, "质量问题", until))
        for day, active in ((TODAY, False), (until, False), (until + timedelta(days=1), True)):
            found = implementers.find(connection, "S-1", day, lock=True)
            assert found is not None
            assert found.active is active
        assert implementers.find(connection, "S-9", TODAY) is None


def test_the_registry_of_a_city_lists_who_is_in_it_that_day(store: Store) -> None:
    with store.read() as connection:
        listed = implementers.registered(connection, CITY, TODAY)
        assert [item.reference for item in listed] == ["S-1"]
        assert implementers.registered(connection, CITY, date(2019, 1, 1)) == ()
