"""Every fate a project can meet, at once, from the towns' workbooks until all cases are closed."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from deployments.demonstration import player
from deployments.demonstration.stories import stories
from deployments.demonstration.summary import troubles
from notices.project_forms import FORMS
from records.acting import overview
from records.cases.journal import verify
from records.cases.projections import compare
from records.files import attachments
from records.running.digests import take_daily_digest, verify_digests
from rulebooks.procedure.position import Position, look
from rulebooks.procedure.state import State
from tasks.carrying import run_name
from tasks.picture import TEXT_LIMIT
from tasks.wording import plain
from tests.journeys.prefect_side import Seen, see_all
from tests.journeys.workbooks import titles_of_all_fates, write_workbooks
from tests.journeys.world import CITY, Journey, setting_out

pytestmark = pytest.mark.prefect

PUBLICITY = ["project_publicity", "publicity_period"]
RESULT = ["result_publicity", "publicity_period"]
FULL = [*PUBLICITY, "implementer_notice", *RESULT]
SENT_UP = "recommendation_form"
USUAL = [SENT_UP, *FULL]
CLOSED_AT_THE_LOOK = 4

# Each story's end, and the documents issued on the way to it.
FATES: Mapping[str, tuple[str, list[str]]] = {
    "议事会未通过": ("not_selected", ["not_selected"]),
    "与政府投资项目重复，审议剔除": ("not_passed", [SENT_UP, "not_passed"]),
    "公示意见成立，退回审议后再次公示": ("archived", [SENT_UP, *PUBLICITY, *USUAL]),
    "公示期间改了实施时间，重新公示": ("archived", [SENT_UP, *PUBLICITY, *FULL]),
    "退回补正": ("archived", USUAL),
    "审议后撤销": ("withdrawn", [SENT_UP]),
    "金额变更跨档，改走一般程序": ("archived", USUAL),
    "议事会逾期，督办": ("archived", USUAL),
}


@dataclass
class Lived:
    """The journey after its last day, and what Prefect showed on a day in its midst."""

    journey: Journey
    numbers: Mapping[str, str]
    midst: Mapping[str, list[Seen]]
    then: Mapping[str, tuple[State, Position]]

    def told(self, story: str) -> str:
        """The number of the case that a story tells of."""
        return self.numbers[next(item.title for item in stories(CITY) if item.name == story)]

    def seen(self) -> Mapping[str, list[Seen]]:
        expected = {n: len(self.journey.state(n).effects) for n in self.numbers.values()}
        return self.journey.ask(lambda client: see_all(client, expected))


@pytest.fixture(scope="module")
def lived(prefect_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lived]:
    """All projects were played to their end, a driver following day by day."""
    assert prefect_home.exists()
    folder = tmp_path_factory.mktemp("fates")
    with pytest.MonkeyPatch.context() as patch, setting_out(folder) as journey:
        # Nobody lets a form lie unless a story says so: several acts, one wake.
        patch.setattr(player, "DILIGENT_DAYS", 0)
        patch.setattr(player, "WORK_DAYS", 2)
        paths = write_workbooks(folder, titles_of_all_fates(), under_way=True)
        taken = journey.takes_in(paths)
        show = journey.show()
        with journey.driving():
            for _, closed, total in show.days():
                assert total == len(taken)
                if closed >= CLOSED_AT_THE_LOOK:
                    break
        expected = {number: len(journey.state(number).effects) for number in taken}
        midst = journey.ask(lambda client: see_all(client, expected))
        then = {number: _position(journey, number) for number in taken}
        with journey.driving():
            *_, (_, closed, total) = show.days()
        assert closed == total == len(taken)
        yield Lived(journey, journey.numbers(), midst, then)


def _position(journey: Journey, number: str) -> tuple[State, Position]:
    state = journey.state(number)
    return state, look(state, journey.store.calendar, journey.store.clock.now())


@pytest.mark.parametrize("story", list(FATES))
def test_every_story_ends_as_it_must_with_the_documents_it_owes(lived: Lived, story: str) -> None:
    outcome, documents = FATES[story]
    number = lived.told(story)
    assert lived.journey.state(number).outcome == outcome
    assert [notice.kind for notice in lived.journey.notices(number)] == documents


def test_the_stories_told_are_the_fates_expected() -> None:
    assert [story.name for story in stories(CITY)] == list(FATES)


def test_a_rejection_by_the_council_ends_the_case_at_once(lived: Lived) -> None:
    state = lived.journey.state(lived.told("议事会未通过"))
    assert [(result.stage, result.outcome) for result in state.results] == [
        ("collect", "submitted"),
        ("deliberate", "fail"),
    ]
    assert state.history[-1].content["agree"] < state.history[-1].content["against"]


def test_a_duplicate_of_a_public_investment_falls_however_many_agree(lived: Lived) -> None:
    state = lived.journey.state(lived.told("与政府投资项目重复，审议剔除"))
    vote = state.history[-1].content
    assert vote["agree"] * 2 > vote["present"]
    assert vote["checks"]["duplicate_investment"] is True
    assert (state.results[-1].stage, state.results[-1].outcome) == ("review", "fail")


def test_an_upheld_objection_leads_to_a_second_review_and_a_second_publicity(lived: Lived) -> None:
    state = lived.journey.state(lived.told("公示意见成立，退回审议后再次公示"))
    rounds = [
        (result.stage, result.round, result.outcome)
        for result in state.results
        if result.stage in ("review", "publicize_project")
    ]
    assert rounds == [
        ("review", 1, "pass"),
        ("publicize_project", 1, "upheld"),
        ("review", 2, "pass"),
        ("publicize_project", 2, "ended"),
    ]
    assert state.rounds["consult_department"] == 2, "its permit is asked for in every review"


def test_a_change_of_what_was_announced_starts_the_publicity_again(lived: Lived) -> None:
    state = lived.journey.state(lived.told("公示期间改了实施时间，重新公示"))
    assert state.facts["schedule"] == "2026年9月至10月"
    assert state.rounds["publicize_project"] == 2
    assert state.rounds["review"] == 1, "the review did not rest on the schedule"
    posted = [event.round for event in state.history if event.kind == "posted"]
    assert posted == [1, 1, 2, 2, 1, 1]


def test_a_project_returned_for_correction_comes_back_to_whoever_returned_it(lived: Lived) -> None:
    state = lived.journey.state(lived.told("退回补正"))
    walk = [(result.stage, result.round, result.outcome) for result in state.results]
    returned = walk.index(("approve", 1, "return"))
    assert walk[returned + 1 : returned + 3] == [
        ("amend", 1, "submitted"),
        ("approve", 2, "approve"),
    ]


def test_a_withdrawal_is_asked_for_and_decided_before_it_ends_the_case(lived: Lived) -> None:
    state = lived.journey.state(lived.told("审议后撤销"))
    asked, decided = state.history[-2:]
    assert (asked.kind, decided.kind) == ("withdrawal_requested", "withdrawn")
    assert asked.actor != decided.actor


def test_a_change_across_the_threshold_leaves_the_simplified_path(lived: Lived) -> None:
    state = lived.journey.state(lived.told("金额变更跨档，改走一般程序"))
    assert state.amounts["budget"] == state.facts["budget"] == 1_200_000
    void = [result.stage for result in state.results if result.void]
    valid = [result.stage for result in state.results if not result.void]
    assert void == ["quick_determine"]
    assert valid[:4] == ["collect", "deliberate", "review", "approve"]
    assert not [stage for stage in valid if stage.startswith("quick_")]


def test_cheap_and_urgent_projects_take_the_simplified_path_to_its_end(lived: Lived) -> None:
    titles = [
        title for title in titles_of_all_fates() if title not in {s.title for s in stories(CITY)}
    ]
    states = [lived.journey.state(lived.numbers[title]) for title in titles]
    simplified = [state for state in states if "quick_determine" in state.rounds]
    assert [bool(state.facts["urgent"]) for state in simplified] == [False, True]
    assert [state.amounts["budget"] < 1_000_000 for state in simplified] == [True, False]
    for state in simplified:
        assert state.outcome == "archived"
        assert not {"deliberate", "review"} & set(state.rounds)
        kinds = [notice.kind for notice in lived.journey.notices(state.number)]
        assert kinds == FULL, "the floor of the simplified path: it is still made public"


def test_an_overdue_duty_is_reminded_of_and_escalated_and_nobody_decides_for_it(
    lived: Lived,
) -> None:
    state = lived.journey.state(lived.told("议事会逾期，督办"))
    kinds = [event.kind for event in state.history]
    assert kinds[1:6] == ["submitted", "reminded", "fell_overdue", "escalated", "voted"]
    timed, voted = state.history[2:5], state.history[5]
    assert {event.actor for event in timed} == {None}
    assert voted.actor is not None
    assert state.results[1].at == voted.occurred_at > timed[-1].occurred_at
    attempts = lived.journey.attempts(state.number)
    told = {
        event.kind: attempts[f"{state.number}/remind/{event.kind}/within/deliberate/1"].receipt
        for event in timed
    }
    for kind, place in (("reminded", "示例新风社区"), ("escalated", "大新镇")):
        receipt = told[kind]
        assert receipt is not None
        assert receipt["at"] == place
        assert receipt["to"], "somebody holds the role"


def test_a_project_under_way_keeps_its_past_marked_and_no_paper_is_made_for_it(
    lived: Lived,
) -> None:
    numbers = [n for n in lived.numbers.values() if lived.journey.state(n).history[0].backfilled]
    assert len(numbers) == 3
    for number in numbers:
        state = lived.journey.state(number)
        past = {(r.stage, r.round) for r in state.results if r.backfilled}
        assert past
        owed = {(effect.stage, effect.round) for effect in state.effects}
        assert not past & owed
        assert not past & {(item.stage, item.round) for item in lived.journey.notices(number)}
        assert lived.journey.notices(number), "what followed was made public"
        assert state.outcome == "archived"


def test_each_case_has_one_run_named_tagged_and_ended_under_its_outcome(lived: Lived) -> None:
    seen = lived.seen()
    assert set(seen) == set(lived.numbers.values())
    for title, number in lived.numbers.items():
        [only] = seen[number]
        state = lived.journey.state(number)
        label = state.rulebook.outcomes[str(state.outcome)]
        assert only.shown == f"COMPLETED {label}"
        assert only.run.name == f"{number} {title}"
        places = [str(state.facts["town"]), str(state.facts["community"])]
        assert sorted(only.run.tags) == sorted(["张家港市", *places, label])
        assert lived.journey.desk.read(number).flow_run_id == str(only.run.id)
        assert only.run.parameters["generation"] == 1


def test_the_graph_of_each_run_has_one_row_per_stage_and_round(lived: Lived) -> None:
    for number, [only] in lived.seen().items():
        effects = lived.journey.state(number).effects
        assert sorted(row.name for row in only.rows) == sorted(
            run_name({"effect": effect}) for effect in effects
        )
        assert {row.state_name for row in only.rows} == {"Completed"}
        opened = [(item.stage, item.round) for item in effects if item.kind == "open_stage"]
        assert len(opened) == len(set(opened)) > 0


def test_in_the_midst_each_run_sleeps_under_its_badge_and_the_tag_of_its_stage(
    lived: Lived,
) -> None:
    assert set(lived.midst) == set(lived.numbers.values())
    for number, [only] in lived.midst.items():
        state, position = lived.then[number]
        kind = "PAUSED" if position.open else "COMPLETED"
        assert only.shown == f"{kind} {position.waits_for}"
        stage = state.rulebook.stages[state.open[0].stage].label if state.open else None
        assert (stage or position.waits_for) in only.run.tags
        assert len(only.run.tags) == 4


def test_in_the_midst_a_page_beside_each_run_says_what_is_done_now_and_next(lived: Lived) -> None:
    for number, [only] in lived.midst.items():
        _, position = lived.then[number]
        [page] = only.pages
        for done in position.done:
            assert f"| {done.label} | {done.round} | {done.outcome_label}" in page
        if position.open:
            assert f"### 在办：{plain(position.waits_for, TEXT_LIMIT)}" in page
            assert position.next
            assert f"### 下一步：{'、'.join(position.next)}" in page
        for duty in position.duties:
            assert f"| {duty.label}：" in page
            assert duty.article in page
            assert f"minsheng case act {number}" in page


def test_the_last_page_of_each_case_tells_its_outcome_and_all_it_went_through(
    lived: Lived,
) -> None:
    for number, [only] in lived.seen().items():
        [page] = only.pages
        state = lived.journey.state(number)
        assert f"### 已办结：{state.rulebook.outcomes[str(state.outcome)]}" in page
        for result in state.results:
            assert f"| {state.rulebook.stages[result.stage].label} | {result.round} |" in page
        assert page.count("（补录）") == sum(result.backfilled for result in state.results)
        assert page.count("（已失效）") == sum(result.void for result in state.results)


def test_every_document_is_a_pdf_registered_with_the_digest_of_its_bytes(lived: Lived) -> None:
    for number in lived.numbers.values():
        notices = lived.journey.notices(number)
        papers = lived.journey.papers(number)
        editable = [name for name in papers if name.endswith(".docx")]
        assert len(editable) == sum(notice.kind in FORMS for notice in notices)
        assert len(papers) == len(notices) + len(editable)
        attempts = lived.journey.attempts(number)
        for notice in notices:
            content = attachments.read(lived.journey.store, notice.digest)
            assert content.startswith(b"%PDF")
            assert hashlib.sha256(content).hexdigest() == notice.digest
            assert list(papers.values()).count(content) == 1
            receipt = attempts[notice.key].receipt
            assert receipt is not None
            assert notice.digest in receipt.values()
            assert len(receipt) == 1 + (notice.kind in FORMS)
        numbers = [notice.number for notice in notices]
        assert numbers == [f"{number}-{order:02d}" for order in range(1, len(notices) + 1)]


def test_the_machine_did_what_it_owed_once_and_nothing_else(lived: Lived) -> None:
    for number in lived.numbers.values():
        attempts = lived.journey.attempts(number)
        assert set(attempts) == {effect.key for effect in lived.journey.state(number).effects}
        assert {(item.status, item.attempts) for item in attempts.values()} == {("done", 1)}
        assert all(item.receipt for item in attempts.values())
        case = lived.journey.desk.read(number)
        assert case.driven_to == case.head == len(lived.journey.state(number).history)


def test_the_journal_verifies_and_the_projections_are_what_it_says(lived: Lived) -> None:
    store = lived.journey.store
    take_daily_digest(store)
    checked = verify(store)
    assert checked.sound, checked.broken
    assert checked.events == sum(len(lived.journey.happened(n)) for n in lived.numbers.values())
    assert verify_digests(store).sound
    assert compare(store) == ()
    assert troubles(store) == []
    assert overview.behind(store) == 0
