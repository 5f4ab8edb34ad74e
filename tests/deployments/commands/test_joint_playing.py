"""合办的扮演: the players count and decide together through the same calls as everybody else."""

import pytest

from deployments.demonstration.joint import Table, deal, gathered, is_joint
from records.acting.overview import state_of
from records.acting.together import Together
from records.database.store import Store
from rulebooks.vocabulary.model import Rulebook
from tests.records.test_counting_together import proposed, ranking_rulebook
from tests.records.world import OTHER_COMMUNITY, opened


@pytest.fixture
def rulebook(monkeypatch: pytest.MonkeyPatch) -> Rulebook:
    return ranking_rulebook(monkeypatch)


def seat(store: Store, number: str, stage: str, actor: str) -> Table:
    return Table(store, state_of(store, number), stage, actor)


def test_players_count_all_of_a_place_and_then_approve_what_the_batch_can_pay_for(
    store: Store, rulebook: Rulebook
) -> None:
    numbers = proposed(store, 50_000, 50_000)
    assert is_joint(rulebook.stages["ballot"])
    assert not is_joint(rulebook.stages["collect"])
    counted = deal(seat(store, numbers[0], "ballot", "council_convener"))
    assert isinstance(counted, Together), counted
    assert [item.content["chosen"] for item in counted.outcomes] == [True, True]
    decided = deal(seat(store, numbers[1], "sitting", "town_reviewer"))
    assert isinstance(decided, Together), decided
    assert [item.content["decided"] for item in decided.outcomes] == [True, False]


def test_players_wait_for_those_who_are_still_handing_in(store: Store, rulebook: Rulebook) -> None:
    (number,) = proposed(store, 50_000)
    assert gathered(store, state_of(store, number), "ballot")
    opened(store, "late", title="稍后提出", community=OTHER_COMMUNITY)
    assert not gathered(store, state_of(store, number), "ballot")
