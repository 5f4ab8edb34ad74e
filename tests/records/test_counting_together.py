"""合办: the ballots of a place are counted together and a batch is decided whole, or nothing is."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from records.acting.acts import act
from records.acting.ballots import count_ballots
from records.acting.batches import decide_batch
from records.acting.overview import state_of
from records.acting.together import Together
from records.cases import journal
from records.cases.commands import BatchDecision, Command, Count, Refused, Verdict
from records.cases.projections import compare
from records.database.store import Store
from rulebooks.reading.loader import load_rulebook
from rulebooks.vocabulary.model import Limit, Rulebook
from tests.records.test_races import at_once
from tests.records.world import CITY, COMMUNITY, OTHER_COMMUNITY, SteppedClock, opened
from tests.rulebooks.altered import altered

YUAN = 100
NEXT = {"close": "archived"}
RANKING = {
    "layers": {"community": {"label": "社区级", "envelope": 100_000}},
    "fit": "skip",
    "minimum_votes": {"count": 30, "cites": "ZJG-10b"},
    "ties": {"term": "drawing_lots", "cites": "ZJG-10b"},
}
STAGES: Mapping[str, Mapping[str, Any]] = {
    "collect": {"then": {"submitted": "ballot"}},
    "ballot": {
        "label": "居民票选",
        "waits": "待票选",
        "kind": "rank",
        "by": {"role": "council_convener"},
        "ranking": RANKING,
        "then": {"chosen": "sitting", "not_chosen": {"close": "not_selected"}},
    },
    "sitting": {
        "label": "评审会整批决定",
        "waits": "待整批决定",
        "kind": "batch",
        "by": {"role": "town_reviewer"},
        "passes": {"majority": {"more_than": "1/2", "of": "members"}},
        "then": {"approved": "select_implementer", "not_approved": {"close": "not_passed"}},
    },
}
OF_THE_BATCH = {
    "label": "每批批准总额",
    "limit": {"sum": "amount"},
    "per": "batch",
    "at_most": 80_000,
    "severity": "must",
}


def ranking_rulebook(monkeypatch: pytest.MonkeyPatch) -> Rulebook:
    """The town's rulebook with a ballot and a batch in the place of its council and review."""
    base = load_rulebook(CITY, None, None)
    limits = {**base.limits, "of_the_batch": Limit.model_validate(OF_THE_BATCH)}
    changed = altered(STAGES, terms={"drawing_lots": "当众抽签"}, limits=limits)

    def load(*_: Any, **__: Any) -> Rulebook:
        return changed

    for place in (
        "acting.opening.rulebook_on",
        "cases.dossiers.load_rulebook",
        "cases.milestones.load_rulebook",
    ):
        monkeypatch.setattr(f"records.{place}", load)
    return changed


@pytest.fixture
def rulebook(monkeypatch: pytest.MonkeyPatch) -> Rulebook:
    """The rulebook that all cases of the test follow."""
    return ranking_rulebook(monkeypatch)


def proposed(store: Store, *budgets: int, community: str = COMMUNITY) -> list[str]:
    """Cases that wait for the ballot, one for each budget in yuan."""
    numbers = []
    for turn, budget in enumerate(budgets):
        title = f"{community}项目{turn}"
        facts = {"title": title, "budget": budget * YUAN, "community": community}
        number = opened(store, f"{community}-{turn}", **facts)
        submitted = Command(
            number, "submit", "collect", 1, {"summary": "汇总"}, "community_clerk", None,
            "portal", f"{number}/submit",
        )  # fmt: skip
        assert not isinstance(act(store, submitted), Refused)
        numbers.append(number)
    return numbers


def counting(votes: Mapping[str, int], **changes: Any) -> Count:
    fields: dict[str, Any] = {
        "city": CITY,
        "place": COMMUNITY,
        "stage": "ballot",
        "ballots": "2026年票选",
        "votes": votes,
        "actor": "council_convener",
        "door": "portal",
        "key": "count-1",
    }
    return Count(**{**fields, **changes})


def deciding(verdicts: Mapping[str, Verdict], **changes: Any) -> BatchDecision:
    fields: dict[str, Any] = {
        "city": CITY,
        "stage": "sitting",
        "batch": "第一批",
        "verdicts": verdicts,
        "actor": "town_reviewer",
        "door": "portal",
        "key": "batch-1",
        "vote": {"members": 9, "present": 8, "agree": 5},
    }
    return BatchDecision(**{**fields, **changes})


def told(answer: Together | Refused) -> Together:
    assert isinstance(answer, Together), answer
    return answer


def refused(answer: Any) -> Refused:
    assert isinstance(answer, Refused), answer
    return answer


def heads(store: Store, numbers: list[str]) -> list[int]:
    with store.read() as connection:
        return [len(journal.read(connection, number)) for number in numbers]


def test_all_projects_of_a_place_are_ranked_by_their_votes(
    store: Store, rulebook: Rulebook
) -> None:
    first, second, third, fourth = proposed(store, 60_000, 50_000, 40_000, 1_000)
    votes = {first: 90, second: 80, third: 70, fourth: 29}
    found = told(count_ballots(store, counting(votes)))
    placed = {item.case: (item.content["place"], item.content["chosen"]) for item in found.outcomes}
    assert placed == {first: (1, True), second: (2, False), third: (3, True), fourth: (4, False)}
    assert "额度只余40,000.00元" in state_of(store, second).history[-1].content["reason"]
    assert state_of(store, first).stage_open("sitting") is not None
    assert state_of(store, fourth).outcome == "not_selected"
    assert not compare(store)


def test_a_foreseen_count_is_what_is_then_recorded(store: Store, rulebook: Rulebook) -> None:
    numbers = proposed(store, 60_000, 50_000)
    count = counting(dict(zip(numbers, (50, 40), strict=True)))
    foreseen = told(count_ballots(store, count, dry_run=True))
    assert foreseen.foreseen
    assert heads(store, numbers) == [2, 2]
    recorded = told(count_ballots(store, count))
    assert [item.content for item in recorded.outcomes] == [
        item.content for item in foreseen.outcomes
    ]
    again = told(count_ballots(store, count))
    assert again.repeated
    assert heads(store, numbers) == [3, 3]


def test_a_project_without_votes_and_one_that_is_not_there_are_named_and_nothing_is_recorded(
    store: Store, rulebook: Rulebook
) -> None:
    first, second = proposed(store, 10_000, 10_000)
    (elsewhere,) = proposed(store, 10_000, community=OTHER_COMMUNITY)
    answer = refused(count_ballots(store, counting({first: 50, elsewhere: 40})))
    assert answer.code == "votes_do_not_match"
    assert second in answer.sentence
    assert elsewhere in answer.sentence
    assert heads(store, [first, second, elsewhere]) == [2, 2, 2]


def test_a_tie_that_matters_waits_for_lots_and_follows_them(
    store: Store, rulebook: Rulebook
) -> None:
    numbers = proposed(store, 60_000, 60_000)
    votes = dict.fromkeys(numbers, 50)
    answer = refused(count_ballots(store, counting(votes)))
    assert answer.code == "ties_undecided"
    assert all(number in answer.sentence for number in numbers)
    assert "请当众抽签定出先后" in answer.sentence
    drawn = told(count_ballots(store, counting(votes, order=tuple(reversed(numbers)))))
    assert [item.case for item in drawn.outcomes if item.content["chosen"]] == [numbers[1]]


def test_one_project_cannot_be_ranked_while_others_wait_but_alone_it_is_computed(
    store: Store, rulebook: Rulebook
) -> None:
    first, second = proposed(store, 60_000, 50_000)
    alone = Command(
        first, "rank", "ballot", 1, {"ballots": "2026年票选", "votes": 50}, "council_convener",
        None, "portal", "alone",
    )  # fmt: skip
    answer = refused(act(store, alone))
    assert answer.code == "count_together"
    assert second in answer.sentence
    assert "minsheng case rank" in answer.sentence
    told(count_ballots(store, counting({first: 50, second: 40})))
    (third,) = proposed(store, 40_000, community=OTHER_COMMUNITY)
    claimed = replace(alone, case=third, key="claimed", content={**alone.content, "chosen": False})
    assert refused(act(store, claimed)).code == "contradicts_count"
    assert not isinstance(act(store, replace(alone, case=third, key="third")), Refused)
    assert state_of(store, third).history[-1].content["chosen"] is True


def test_a_later_count_of_the_same_ballots_has_only_what_is_left(
    store: Store, rulebook: Rulebook
) -> None:
    (first,) = proposed(store, 70_000)
    told(count_ballots(store, counting({first: 50})))
    late = opened(store, "late", title="迟到的项目", budget=40_000 * YUAN)
    submitted = Command(
        late, "submit", "collect", 1, {"summary": "汇总"}, "community_clerk", None, "portal", "l"
    )
    assert not isinstance(act(store, submitted), Refused)
    found = told(count_ballots(store, counting({late: 99}, key="count-2")))
    assert "额度只余30,000.00元" in found.outcomes[0].content["reason"]


def test_of_two_officials_who_count_at_once_one_wins_and_the_other_is_told(
    store: Store, rulebook: Rulebook, clock: SteppedClock
) -> None:
    numbers = proposed(store, 60_000, 50_000)
    votes = dict(zip(numbers, (50, 40), strict=True))
    counts = [counting(votes, key=f"count-{turn}") for turn in range(2)]
    answers = at_once([partial(count_ballots, store, count) for count in counts])
    assert sorted(type(answer).__name__ for answer in answers) == ["Refused", "Together"]
    assert heads(store, numbers) == [3, 3]


def at_the_sitting(store: Store, *budgets: int) -> list[str]:
    numbers = proposed(store, *budgets)
    votes = {number: 100 - turn for turn, number in enumerate(numbers)}
    told(count_ballots(store, counting(votes)))
    return numbers


def test_a_batch_is_decided_whole_with_the_vote_of_its_committee(
    store: Store, rulebook: Rulebook
) -> None:
    first, second = at_the_sitting(store, 60_000, 40_000)
    verdicts = {
        first: Verdict(decided=True, opinion="同意", amount=50_000 * YUAN),
        second: Verdict(decided=False, opinion="重复建设"),
    }
    found = told(decide_batch(store, deciding(verdicts)))
    assert [item.content["decided"] for item in found.outcomes] == [True, False]
    assert state_of(store, first).amounts["approved"] == 50_000 * YUAN
    assert state_of(store, second).outcome == "not_passed"
    assert told(decide_batch(store, deciding(verdicts))).repeated


@pytest.mark.parametrize(
    ("amounts", "vote", "code"),
    [
        ((60_001, None), None, "approved_over_budget"),
        ((50_000, 30_001), None, "over_batch"),
        ((50_000, 30_000), {"members": 10, "present": 8, "agree": 5}, "vote_failed"),
        ((50_000, 30_000), {"members": 10, "present": 8}, "vote_missing"),
        ((50_000, 30_000), {"members": 7, "present": 8, "agree": 5}, "bad_content"),
    ],
)
def test_a_batch_that_breaks_one_rule_is_not_recorded_at_all(
    store: Store,
    rulebook: Rulebook,
    amounts: tuple[int | None, ...],
    vote: Mapping[str, int] | None,
    code: str,
) -> None:
    numbers = at_the_sitting(store, 60_000, 40_000)
    verdicts = {
        number: Verdict(
            decided=True, opinion="同意", amount=None if amount is None else amount * YUAN
        )
        for number, amount in zip(numbers, amounts, strict=True)
    }
    changes = {} if vote is None else {"vote": vote}
    answer = refused(decide_batch(store, deciding(verdicts, **changes)))
    assert answer.code == code, answer.sentence
    assert heads(store, numbers) == [3, 3]


def test_a_batch_names_all_that_do_not_belong_to_it(store: Store, rulebook: Rulebook) -> None:
    (first,) = at_the_sitting(store, 60_000)
    (waiting,) = proposed(store, 10_000, community=OTHER_COMMUNITY)
    verdicts = dict.fromkeys(
        (first, waiting, "ZJG-2026-9999"), Verdict(decided=True, opinion="同意")
    )
    answer = refused(decide_batch(store, deciding(verdicts)))
    assert answer.code == "not_in_batch"
    assert waiting in answer.sentence
    assert "ZJG-2026-9999" in answer.sentence
    assert heads(store, [first, waiting]) == [3, 2]
