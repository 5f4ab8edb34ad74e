"""办理: what is accepted is in the journal once; what is refused says why and leaves no trace."""

from datetime import date, timedelta

import pytest

from records.acting.acts import act
from records.acting.ticks import tick
from records.cases import journal
from records.cases.commands import Command
from records.cases.dossiers import peek
from records.cases.projections import compare
from records.database.store import Store
from records.files import attachments
from records.people import implementers
from records.people.implementers import Suspension
from records.people.organisations import Appointment, end_appointment
from rulebooks.judging.judgement import Fact
from rulebooks.vocabulary.model import Condition
from tests.records.world import (
    COMMUNITY,
    MONDAY,
    OTHER_COMMUNITY,
    SINCE,
    STEPS,
    SteppedClock,
    accepted,
    command,
    live,
    opened,
    refusal,
)


def kinds(store: Store, number: str) -> list[str]:
    with store.read() as connection:
        return [event.kind for event in journal.read(connection, number)]


def test_a_project_goes_from_collection_to_archive_and_every_step_is_in_the_journal(
    store: Store, clock: SteppedClock
) -> None:
    number = opened(store)
    live(store, clock, number)
    recorded = kinds(store, number)
    assert recorded[0] == "opened"
    assert recorded[-1] == "archived"
    assert recorded.count("publicity_ended") == 2
    assert journal.verify(store).sound
    assert compare(store) == ()


def test_the_answer_to_an_accepted_command_is_the_new_position(store: Store) -> None:
    answer = accepted(act(store, command(opened(store), 0)))
    assert answer.sequence == 2
    assert answer.position.waits_for == "待居民议事会商议"
    assert [duty.role for duty in answer.position.duties] == ["council_convener"]


def test_the_same_key_gets_the_same_answer_and_is_recorded_once(store: Store) -> None:
    number = opened(store)
    first = accepted(act(store, command(number, 0)))
    again = accepted(act(store, command(number, 0)))
    assert (again.case, again.sequence, again.repeated) == (first.case, first.sequence, True)
    assert kinds(store, number) == ["opened", "submitted"]


def test_the_same_key_with_other_content_is_refused(store: Store) -> None:
    number = opened(store)
    accepted(act(store, command(number, 0)))
    other = command(number, 0, content={"summary": "换了内容"})
    answer = refusal(act(store, other))
    assert answer.code == "key_reused"
    assert f"事项{number}的第2条" in answer.sentence
    assert "请查看事项现状，确需再办的重新提交。" in answer.sentence
    assert len(kinds(store, number)) == 2


def test_a_key_used_in_another_case_is_refused_here(store: Store) -> None:
    first, second = opened(store), opened(store, "open-2")
    accepted(act(store, command(first, 0, key="shared")))
    assert refusal(act(store, command(second, 0, key="shared"))).code == "key_reused"
    assert kinds(store, second) == ["opened"]


def test_an_unknown_case_is_refused_by_its_number(store: Store) -> None:
    answer = refusal(act(store, command("ZJG-2026-9999", 0)))
    assert answer.code == "unknown_case"
    assert "ZJG-2026-9999" in answer.sentence


def test_somebody_without_the_role_is_told_whose_turn_it_is(store: Store) -> None:
    number = opened(store)
    answer = refusal(act(store, command(number, 0, actor="town_finance")))
    assert answer.code == "no_authority"
    assert "城西社区的社区经办人" in answer.sentence
    assert kinds(store, number) == ["opened"]


def test_a_person_nobody_knows_has_no_authority(store: Store) -> None:
    number = opened(store)
    assert refusal(act(store, command(number, 0, actor="nobody"))).code == "no_authority"


def test_an_appointment_that_has_ended_gives_no_authority(
    store: Store, clock: SteppedClock
) -> None:
    number = opened(store)
    appointment = Appointment("community_clerk", "community_clerk", "chengxi", SINCE)
    with store.write() as connection:
        end_appointment(connection, appointment, MONDAY.date())
    accepted(act(store, command(number, 0)))
    second = opened(store, "open-2")
    clock.forward(days=1)
    assert refusal(act(store, command(second, 0))).code == "no_authority"


def test_where_there_is_no_office_the_town_reviews(store: Store, clock: SteppedClock) -> None:
    number = opened(store, community=OTHER_COMMUNITY)
    live(store, clock, number, upto=3)
    with store.read() as connection:
        reviewed_by = connection.exec_driver_sql(
            "SELECT organisation FROM events WHERE stage = 'review'"
        ).scalar_one()
    assert reviewed_by == "yangshe"


@pytest.mark.parametrize("content", [
    {"summary": "请联系13812345678"},
    {"summary": "提议人身份证32058219800101123X"},
    {"summary": ["身份证 320582198001011234"]},
    {"13812345678": "电话写在名目里"},
])  # fmt: skip
def test_personal_numbers_never_reach_the_journal(store: Store, content: dict[str, object]) -> None:
    number = opened(store)
    answer = refusal(act(store, command(number, 0, content=content)))
    assert answer.code == "personal_data"
    assert kinds(store, number) == ["opened"]


@pytest.mark.parametrize(("content", "code"), [
    ({"summary": "空\x00字"}, "bad_text"),
    ({"summary": "孤立\ud800代理"}, "bad_text"),
    ({"summary": "长" * 70_000}, "too_long"),
    ({"summary": 0.5}, "fraction"),
    ({"summary": 2**60}, "too_large"),
    ({"summary": "  "}, "bad_content"),
    ({"surprise": "未知"}, "bad_content"),
    ({}, "bad_content"),
])  # fmt: skip
def test_content_that_cannot_be_kept_is_refused_with_a_sentence(
    store: Store, content: dict[str, object], code: str
) -> None:
    number = opened(store)
    answer = refusal(act(store, command(number, 0, content=content)))
    assert answer.code == code
    assert answer.sentence.endswith("。")
    assert kinds(store, number) == ["opened"]


def test_a_command_needs_a_key(store: Store) -> None:
    assert refusal(act(store, command(opened(store), 0, key=""))).code == "bad_key"


def test_evidence_must_have_been_uploaded_and_is_kept_with_the_event(store: Store) -> None:
    number = opened(store)
    unknown = command(number, 0, evidence=("0" * 64,))
    assert refusal(act(store, unknown)).code == "unknown_evidence"
    digest = attachments.keep(store, b"minutes", "minutes.txt", "text/plain")
    accepted(act(store, command(number, 0, evidence=(digest,))))
    with store.read() as connection:
        row = connection.exec_driver_sql("SELECT evidence FROM events WHERE sequence = 2").one()
    assert row == (f'["{digest}"]',)


def test_what_happened_long_ago_needs_evidence_and_is_marked_late(
    store: Store, clock: SteppedClock
) -> None:
    number = opened(store)
    clock.forward(days=14)
    long_ago = MONDAY + timedelta(hours=1)
    plain = command(number, 0, occurred_at=long_ago)
    assert refusal(act(store, plain)).code == "late_without_evidence"
    digest = attachments.keep(store, b"photo", "photo.jpg", "image/jpeg")
    accepted(act(store, command(number, 0, occurred_at=long_ago, evidence=(digest,))))
    with store.read() as connection:
        late = connection.exec_driver_sql("SELECT late FROM events WHERE sequence = 2").scalar()
    assert late


def test_a_moment_in_the_future_is_refused(store: Store) -> None:
    number = opened(store)
    tomorrow = command(number, 0, occurred_at=MONDAY + timedelta(days=1))
    assert refusal(act(store, tomorrow)).code == "in_future"


def test_time_that_has_passed_is_recorded_before_the_command_is_judged(
    store: Store, clock: SteppedClock
) -> None:
    number = opened(store)
    live(store, clock, number, upto=5)
    accepted(act(store, command(number, 5)))
    clock.forward(days=7)
    accepted(act(store, command(number, 6)))
    assert kinds(store, number)[-3:] == ["posted", "publicity_ended", "selected"]


def test_a_refused_command_still_records_the_time_that_has_passed(
    store: Store, clock: SteppedClock
) -> None:
    number = opened(store)
    accepted(act(store, command(number, 0)))
    clock.forward(days=7)
    answer = refusal(act(store, command(number, 1, actor="town_finance")))
    assert answer.code == "no_authority"
    assert kinds(store, number)[2:] == ["reminded", "fell_overdue"]
    assert compare(store) == ()


def test_a_clock_that_runs_backwards_never_puts_an_event_before_another(
    store: Store, clock: SteppedClock
) -> None:
    number = opened(store)
    clock.moment -= timedelta(days=3)
    accepted(act(store, command(number, 0)))
    with store.read() as connection:
        first, second = journal.read(connection, number)
    assert first.recorded_at == second.recorded_at == MONDAY


def test_whoever_comes_second_is_told_who_decided_and_when(
    store: Store, clock: SteppedClock
) -> None:
    number = opened(store)
    live(store, clock, number, upto=3)
    accepted(act(store, command(number, 3)))
    rejection = command(
        number, 3, action="reject", actor="second_reviewer", key="late", content={"opinion": "否"}
    )
    answer = refusal(act(store, rejection))
    assert answer.code == "already_decided"
    assert answer.decided_by == "吴刚"
    assert answer.sentence.endswith("您的提交没有记入；请重新查看事项现状。")
    assert answer.decided_at == clock.now()
    assert "“项目审核”已由吴刚于2026年3月2日12:00办结" in answer.sentence


def test_an_answered_request_tells_the_second_reviewer_who_answered(
    store: Store, clock: SteppedClock
) -> None:
    number = opened(store)
    live(store, clock, number, upto=3)
    content = {"changes": {"schedule": "2026年7月"}, "reason": "天气"}
    ask = command(number, 0, action="request_change", stage=None, round=None, content=content,
                  key="ask")  # fmt: skip
    sequence = accepted(act(store, ask)).sequence
    answer = Command(number, "approve_change", "request", sequence, {"reason": "同意"},
                     "office_clerk", None, "portal", "yes")  # fmt: skip
    accepted(act(store, answer))
    second = Command(number, "refuse_change", "request", sequence, {"reason": "不同意"},
                     "office_clerk", None, "portal", "no")  # fmt: skip
    assert refusal(act(store, second)).decided_by == "孙立"


def test_a_suspended_implementer_cannot_be_selected(store: Store, clock: SteppedClock) -> None:
    number = opened(store)
    live(store, clock, number, upto=6)
    with store.write() as connection:
        suspension = Suspension("S-1", clock.now().date(), "质量问题")
        implementers.suspend(connection, suspension)
    assert refusal(act(store, command(number, 6))).code == "suspended_implementer"


def test_an_implementer_outside_the_registry_cannot_be_selected(
    store: Store, clock: SteppedClock
) -> None:
    number = opened(store)
    live(store, clock, number, upto=6)
    unknown = command(number, 6, content={"implementer": "S-9", "reason": "熟悉"})
    assert refusal(act(store, unknown)).code == "unknown_implementer"


def test_the_community_s_total_of_the_year_counts_what_was_established_before(
    store: Store, clock: SteppedClock
) -> None:
    for order in range(3):
        number = opened(store, f"open-{order}")
        live(store, clock, number, upto=4)
    fourth = opened(store, "open-fourth")
    live(store, clock, fourth, upto=3)
    answer = refusal(act(store, command(fourth, 3, content={"opinion": "同意"})))
    assert answer.code == "over_community_cap"
    assert "192,000.00元" in answer.sentence
    reasoned = {"opinion": "同意", "override_reason": "汛期急需"}
    accepted(act(store, command(fourth, 3, content=reasoned, key="reasoned")))


@pytest.mark.parametrize(("kind", "code"), [("services", None), ("works", "over_community_cap")])
def test_a_total_for_one_kind_counts_only_the_projects_of_that_kind(
    store: Store,
    clock: SteppedClock,
    monkeypatch: pytest.MonkeyPatch,
    kind: str,
    code: str | None,
) -> None:
    for order in range(3):
        number = opened(store, f"open-{order}")
        live(store, clock, number, upto=4)
    with store.read() as connection:
        seen = peek(store, connection, number)
    assert seen is not None
    limits = seen.state.rulebook.limits
    only = limits["community_cap"].model_copy(update={"only": Condition(facts={"kind": kind})})
    monkeypatch.setitem(limits, "community_cap", only)
    fourth = opened(store, "open-fourth")
    live(store, clock, fourth, upto=3)
    answer = act(store, command(fourth, 3, content={"opinion": "同意"}))
    assert getattr(answer, "code", None) == code


def test_another_community_s_projects_do_not_count_towards_the_total(
    store: Store, clock: SteppedClock
) -> None:
    for order in range(4):
        community = COMMUNITY if order % 2 else OTHER_COMMUNITY
        number = opened(store, f"open-{order}", community=community)
        live(store, clock, number, upto=3)
        accepted(act(store, command(number, 3, content={"opinion": "同意"})))


def test_the_event_says_who_acted_for_which_organisation_by_which_door(
    store: Store, clock: SteppedClock
) -> None:
    number = opened(store)
    live(store, clock, number, upto=4)
    with store.read() as connection:
        rows = connection.exec_driver_sql(
            "SELECT actor, organisation, door FROM events ORDER BY sequence"
        ).all()
    assert [tuple(row) for row in rows][1:] == [
        (STEPS[step][2], where, "portal")
        for step, where in enumerate(["chengxi", "chengxi", "chengnan", "yangshe"])
    ]


def test_ticking_and_acting_never_record_the_same_passing_of_time_twice(
    store: Store, clock: SteppedClock
) -> None:
    number = opened(store)
    accepted(act(store, command(number, 0)))
    clock.forward(days=7)
    assert tick(store) == [number]
    accepted(act(store, command(number, 1)))
    assert tick(store) == []
    assert kinds(store, number) == ["opened", "submitted", "reminded", "fell_overdue", "voted"]


def test_amounts_that_contradict_each_other_are_refused_by_the_database_too(
    store: Store, clock: SteppedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = opened(store)
    live(store, clock, number, upto=12)
    too_much = {"amount": 4_600_001, "voucher": "凭证", "final": True}
    fact = Fact("paid", "pay", 1, too_much, clock.now())
    monkeypatch.setattr("records.acting.acts.judge", lambda *_: fact)
    answer = refusal(act(store, command(number, 12, content=too_much)))
    assert answer.code == "amounts_contradict"
    assert kinds(store, number)[-1] == "measured"
    assert journal.verify(store).sound


def test_days_of_office_are_counted_in_beijing(store: Store, clock: SteppedClock) -> None:
    number = opened(store)
    appointment = Appointment("community_clerk", "community_clerk", "chengxi", SINCE)
    with store.write() as connection:
        end_appointment(connection, appointment, date(2026, 3, 2))
    clock.moment = MONDAY.replace(hour=23, minute=59)
    accepted(act(store, command(number, 0)))
