"""一览：清单只列所问的，逾期照此刻计，谁的待办照今日的任职。"""

from __future__ import annotations

from datetime import timedelta

import pytest

from records.acting import overview
from records.acting.acts import act
from records.database.store import Store
from records.people.organisations import Appointment, appoint
from tests.records.world import (
    COMMUNITY,
    MONDAY,
    OTHER_COMMUNITY,
    SINCE,
    STEPS,
    TOWN,
    SteppedClock,
    accepted,
    command,
    live,
    opened,
)


@pytest.fixture
def three(store: Store, clock: SteppedClock) -> tuple[str, str, str]:
    """One case newly opened, one that waits for its council, one that is closed."""
    new = opened(store, "new", title="照明", community=OTHER_COMMUNITY)
    waiting, closed = opened(store, "waiting"), opened(store, "closed", title="围栏")
    live(store, clock, waiting, upto=1)
    live(store, clock, closed, upto=1)
    refused = {**STEPS[1][3], "agree": 3}
    accepted(act(store, command(closed, 1, content=refused)))
    return new, waiting, closed


def numbers(rows: list[dict[str, object]]) -> list[object]:
    return [row["number"] for row in rows]


def test_the_list_holds_what_was_asked_for(store: Store, three: tuple[str, str, str]) -> None:
    new, waiting, closed = three
    assert numbers(overview.listed(store)) == [new, waiting]
    assert numbers(overview.listed(store, None, open_only=False)) == [new, waiting, closed]
    assert numbers(overview.listed(store, TOWN)) == [new, waiting]
    assert numbers(overview.listed(store, "别镇")) == []
    assert overview.open_numbers(store) == [new, waiting]
    assert overview.closed_and_total(store) == (1, 3)
    assert overview.open_by_town(store) == {TOWN: 2}


def test_a_row_tells_the_earliest_date_and_every_duty(
    store: Store, three: tuple[str, str, str]
) -> None:
    [row] = [row for row in overview.listed(store) if row["number"] == three[1]]
    assert row["community"] == COMMUNITY
    assert row["due"] == MONDAY.date() + timedelta(days=3)
    assert row["duties"] == [
        {
            "stage": "deliberate",
            "round": 1,
            "label": "居民议事会商议",
            "role": "council_convener",
            "at": COMMUNITY,
            "due": MONDAY.date() + timedelta(days=3),
            "article": "第八条 ZJG-08a",
            "provisional": False,
            "actions": ["vote"],
            "overdue": False,
            "role_label": "居民议事会召集人",
        }
    ]


def test_what_is_overdue_is_known_the_moment_it_is(
    store: Store, clock: SteppedClock, three: tuple[str, str, str]
) -> None:
    clock.moment = MONDAY.replace(hour=23) + timedelta(days=3)
    assert overview.overdue(store) == 0
    clock.forward(hours=1)
    assert overview.overdue(store) == 1
    [row] = overview.listed(store, late_only=True)
    assert row["number"] == three[1]
    assert row["overdue"] is True


def test_a_duty_is_listed_for_whoever_holds_the_role_there_today(
    store: Store, clock: SteppedClock, three: tuple[str, str, str]
) -> None:
    assert numbers(overview.listed(store, person="王建国")) == [three[1]]
    assert numbers(overview.listed(store, person="council_convener")) == [three[1]]
    assert numbers(overview.listed(store, person="李梅")) == []
    assert numbers(overview.listed(store, person="查无此人")) == []
    ended = MONDAY.date() + timedelta(days=1)
    with store.write() as connection:
        term = Appointment("council_convener", "council_convener", "chengxi", SINCE, ended)
        appoint(connection, term)
    assert numbers(overview.listed(store, person="王建国")) == [three[1]]
    clock.forward(days=2)
    assert numbers(overview.listed(store, person="王建国")) == []


def test_whose_duty_it_is_is_told_by_office_and_name(
    store: Store, three: tuple[str, str, str]
) -> None:
    reviewers = overview.on_duty(store, three[1], ("town",), "town_reviewer")
    assert reviewers == (TOWN, {"second_reviewer": "钱勇", "town_reviewer": "吴刚"})
    assert overview.on_duty(store, three[1], ("province",), "town_reviewer") == ("", {})
    assert overview.people_called(store, "吴刚") == ("town_reviewer",)
    assert overview.people_called(store, "town_reviewer") == ("town_reviewer",)
    assert overview.people_called(store, "查无此人") == ()


def test_what_the_machine_still_owes_is_counted(store: Store, three: tuple[str, str, str]) -> None:
    assert overview.behind(store) == len(three)
    assert overview.failing_effects(store) == 0
