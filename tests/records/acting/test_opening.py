"""立卷: numbers without gaps, the past entered as what it is, and all of it or nothing."""

import threading
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from records.acting.acts import act
from records.acting.opening import open_case
from records.acting.ticks import tick
from records.cases import journal
from records.cases.commands import Command, Opening
from records.cases.projections import compare
from records.database.store import Store
from records.database.tables import cases, events, personal
from records.files import attachments
from records.people.personal import Person, recall
from rulebooks.reading.loader import rulebook_on
from tests.records.world import (
    CITY,
    FACTS,
    MONDAY,
    STEPS,
    TOWN,
    SteppedClock,
    accepted,
    command,
    opened,
    opening,
    refusal,
)


def numbers(store: Store) -> list[str]:
    with store.read() as connection:
        return list(connection.execute(select(cases.c.number).order_by(cases.c.number)).scalars())


def test_numbers_follow_each_other_within_city_and_year(store: Store, clock: SteppedClock) -> None:
    assert [opened(store, key) for key in "abc"] == [f"ZJG-2026-000{n}" for n in (1, 2, 3)]
    clock.forward(days=365)
    assert opened(store, "d") == "ZJG-2027-0001"


def test_a_refused_opening_leaves_no_gap_in_the_numbers(store: Store) -> None:
    opened(store, "a")
    refusal(open_case(store, opening("b", budget=10_000_001)))
    refusal(open_case(store, opening("c", category="不存在")))
    assert opened(store, "d") == "ZJG-2026-0002"


def test_a_fact_the_city_does_not_keep_is_refused_and_none_is_kept_without_being_asked(
    store: Store,
) -> None:
    answer = refusal(open_case(store, opening("a", details={"star_grade": "five"})))
    assert answer.code == "unknown_fact"
    number = opened(store, "b")
    with store.read() as connection:
        (first,) = journal.read(connection, number)
    assert first.content["details"] == {}


def test_many_opening_at_once_get_every_number_exactly_once(store: Store) -> None:
    threads = [
        threading.Thread(target=opened, args=(store, f"{worker}-{turn}"))
        for worker in range(4)
        for turn in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert numbers(store) == [f"ZJG-2026-{number:04d}" for number in range(1, 17)]


def test_opening_twice_with_the_same_key_opens_one_case(store: Store) -> None:
    first = accepted(open_case(store, opening()))
    again = accepted(open_case(store, opening()))
    assert (again.case, again.sequence, again.repeated) == (first.case, 1, True)
    assert len(numbers(store)) == 1


def test_opening_another_project_with_the_same_key_is_refused(store: Store) -> None:
    opened(store)
    assert refusal(open_case(store, opening(title="另一件"))).code == "key_reused"


@pytest.mark.parametrize(("changes", "code", "words"), [
    ({"community": "不存在社区"}, "unknown_place", "不存在社区"),
    ({"town": "乐余镇"}, "unknown_place", "乐余镇"),
    ({"budget": 10_000_001}, "over_project_cap", "100,000.01元"),
    ({"kind": "goods"}, "unknown_choice", "工程类"),
    ({"surprise": "x"}, "bad_content", "surprise"),
    ({"content": "联系人13812345678"}, "personal_data", "手机号码"),
    ({"proposer": "张三"}, "personal_data", "提议人"),
    ({"budget": 1.5}, "fraction", "1.5"),
])  # fmt: skip
def test_facts_that_cannot_be_opened_are_refused_with_the_reason(
    store: Store, changes: dict[str, Any], code: str, words: str
) -> None:
    answer = refusal(open_case(store, opening(**changes)))
    assert answer.code == code
    assert words in answer.sentence
    assert numbers(store) == []


def test_only_the_community_s_own_clerk_opens_its_cases(store: Store) -> None:
    by_other = replace(opening(), actor="town_clerk")
    assert refusal(open_case(store, by_other)).code == "no_authority"


def test_a_case_is_not_opened_in_the_future(store: Store) -> None:
    tomorrow = replace(opening(), occurred_at=MONDAY + timedelta(days=1))
    assert refusal(open_case(store, tomorrow)).code == "in_future"


def test_before_any_version_was_in_force_nothing_is_opened(store: Store) -> None:
    long_ago = replace(opening(), occurred_at=MONDAY.replace(year=2015))
    assert refusal(open_case(store, long_ago)).code == "no_version"
    assert rulebook_on(CITY, MONDAY.date(), town=TOWN) is not None


def test_the_proposer_s_name_and_telephone_stay_out_of_the_journal(store: Store) -> None:
    proposer = Person("张建华", "13812345678")
    number = accepted(open_case(store, replace(opening(), proposer=proposer))).case
    with store.read() as connection:
        content = connection.execute(select(events.c.content)).scalar_one()
        reference = journal.read(connection, number)[0].content["proposer"]
        assert recall(connection, reference) == proposer
    assert "张建华" not in content
    assert "13812345678" not in content


def test_a_refused_opening_does_not_keep_the_proposer_either(store: Store) -> None:
    proposer = Person("张建华", "13812345678")
    refusal(open_case(store, replace(opening(budget=10_000_001), proposer=proposer)))
    with store.read() as connection:
        assert connection.execute(select(personal)).all() == []


def past(*steps: int, start_days: int = 30, **changes: Any) -> tuple[Command, ...]:
    """The first steps of a project's life, one a day, entered afterwards."""
    return tuple(
        command(
            "",
            step,
            key=f"past-{step}",
            occurred_at=MONDAY - timedelta(days=start_days - order),
            **changes,
        )
        for order, step in enumerate(steps)
    )


def under_way(*steps: int, **changes: Any) -> Opening:
    return replace(opening(), occurred_at=MONDAY - timedelta(days=31), past=past(*steps, **changes))


def test_a_project_under_way_is_entered_with_its_past_in_one_transaction(store: Store) -> None:
    answer = accepted(open_case(store, under_way(0, 1, 2, 3)))
    assert answer.sequence == 1
    assert answer.position.waits_for == "待张贴公示"
    with store.read() as connection:
        entered = journal.read(connection, answer.case)
    assert all(event.backfilled for event in entered)
    assert entered[1].occurred_at == MONDAY - timedelta(days=30)
    assert {event.recorded_at for event in entered} == {MONDAY}
    assert compare(store) == ()
    assert journal.verify(store).sound


def test_the_machine_owes_nothing_for_stages_that_were_over_before(store: Store) -> None:
    answer = accepted(open_case(store, under_way(0, 1, 2, 3)))
    assert {effect.stage for effect in answer.position.effects} == {"publicize_project"}


def test_a_publicity_that_ended_in_the_past_lets_the_past_go_on(store: Store) -> None:
    first = past(0, 1, 2, 3, 4, 5)
    selected = command("", 6, key="past-6", occurred_at=MONDAY - timedelta(days=10))
    entered = replace(opening(), occurred_at=MONDAY - timedelta(days=31), past=(*first, selected))
    answer = accepted(open_case(store, entered))
    with store.read() as connection:
        kinds = [event.kind for event in journal.read(connection, answer.case)]
    assert kinds[-2:] == ["publicity_ended", "selected"]
    assert "reminded" not in kinds


def test_a_step_that_cannot_be_entered_undoes_the_whole_opening(store: Store) -> None:
    answer = refusal(open_case(store, under_way(0, 2)))
    assert answer.code == "out_of_turn"
    assert "补录第2步" in answer.sentence
    assert numbers(store) == []
    assert opened(store, "next") == "ZJG-2026-0001"


def test_the_clerk_may_enter_another_s_step_only_with_evidence(store: Store) -> None:
    clerk = {"actor": "community_clerk"}
    assert refusal(open_case(store, under_way(0, 1, **clerk))).code == "no_authority"
    minutes = attachments.keep(store, b"minutes", "minutes.pdf", "application/pdf")
    accepted(open_case(store, under_way(0, 1, **clerk, evidence=(minutes,))))


def test_another_person_cannot_enter_the_past_of_a_third(store: Store) -> None:
    minutes = attachments.keep(store, b"minutes", "minutes.pdf", "application/pdf")
    foreign = under_way(0, 1, actor="town_finance", evidence=(minutes,))
    assert refusal(open_case(store, foreign)).code == "no_authority"


def test_after_the_past_the_present_goes_on_as_usual(store: Store, clock: SteppedClock) -> None:
    number = accepted(open_case(store, under_way(0, 1, 2))).case
    accepted(act(store, command(number, 3)))
    clock.forward(days=1)
    accepted(act(store, command(number, 4)))
    assert tick(store) == []
    with store.read() as connection:
        assert not journal.read(connection, number)[-1].backfilled


def test_every_fact_of_the_opening_is_in_the_first_event(store: Store) -> None:
    number = opened(store)
    with store.read() as connection:
        first = journal.read(connection, number)[0]
    assert first.content["number"] == number
    assert {name: first.content[name] for name in FACTS} == FACTS
    assert len(STEPS) == 16
