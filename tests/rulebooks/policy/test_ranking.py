"""按票排序：不突破额度，与先后无关，并列影响结果的从不自行取舍。"""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rulebooks.policy.lookups import yuan
from rulebooks.policy.ranking import Ballot, RankingError, RankRules, ranked, rules_of
from rulebooks.vocabulary.policies import Fit, RankRule

ENVELOPES = {"社区": 10_000, "街道": 20_000}
BALLOTS = st.lists(
    st.builds(
        Ballot,
        name=st.integers(0, 10**6).map(str),
        votes=st.integers(0, 6),
        cost=st.integers(0, 12_000),
        layer=st.sampled_from(sorted(ENVELOPES)),
    ),
    max_size=12,
    unique_by=lambda ballot: ballot.name,
)
RULES = st.builds(
    RankRules,
    envelopes=st.just(ENVELOPES),
    fit=st.sampled_from(["skip", "stop"]),
    minimum_votes=st.integers(0, 3),
    seats=st.dictionaries(st.sampled_from(sorted(ENVELOPES)), st.integers(0, 4)),
    leftover_to=st.sampled_from([{}, {"社区": "街道"}]),
)


@given(BALLOTS, RULES)
def test_no_layer_is_given_more_than_there_is(ballots: list[Ballot], rules: RankRules) -> None:
    found = ranked(ballots, rules)
    spent = sum(ballot.cost for ballot in ballots if ballot.name in found.chosen)
    assert spent + sum(found.left.values()) == sum(ENVELOPES.values())
    assert min(found.left.values()) >= 0
    for layer, seats in rules.seats.items():
        chosen = [b for b in ballots if b.name in found.chosen and b.layer == layer]
        assert len(chosen) <= seats


@given(BALLOTS, RULES, st.randoms(use_true_random=False))
def test_the_order_in_which_candidates_are_listed_changes_nothing(
    ballots: list[Ballot], rules: RankRules, chance: random.Random
) -> None:
    shuffled = list(ballots)
    chance.shuffle(shuffled)
    assert ranked(shuffled, rules) == ranked(ballots, rules)


@given(BALLOTS, RULES)
def test_every_candidate_has_one_answer_and_a_reason_when_not_chosen(
    ballots: list[Ballot], rules: RankRules
) -> None:
    found = ranked(ballots, rules)
    groups = (set(found.chosen), set(found.not_chosen), set(found.undecided))
    assert set.union(*groups) == {ballot.name for ballot in ballots}
    assert sum(len(group) for group in groups) == len(ballots)
    assert all((*found.not_chosen.values(), *found.undecided.values()))


@given(BALLOTS, RULES)
def test_any_order_of_ties_agrees_with_what_was_decided_without_one(
    ballots: list[Ballot], rules: RankRules
) -> None:
    open_ties = ranked(ballots, rules)
    names = [ballot.name for ballot in ballots]
    for order in (tuple(names), tuple(reversed(names))):
        drawn = RankRules(
            rules.envelopes,
            rules.fit,
            rules.minimum_votes,
            rules.seats,
            order,
            rules.leftover_to,
        )
        found = ranked(ballots, drawn)
        assert not found.undecided
        assert set(open_ties.chosen) <= set(found.chosen)
        assert set(open_ties.not_chosen) <= set(found.not_chosen)


def one_layer(fit: Fit, *costs: tuple[int, int], **more: object) -> tuple[object, ...]:
    """Candidates 甲, 乙 … with their votes and costs, in an envelope of 100.00元."""
    ballots = [
        Ballot("甲乙丙丁"[place], votes, cost, "社区") for place, (votes, cost) in enumerate(costs)
    ]
    found = ranked(ballots, RankRules(ENVELOPES, fit, **more))  # type: ignore[arg-type]
    return found.chosen, sorted(found.not_chosen), sorted(found.undecided)


def test_what_does_not_fit_is_skipped_or_ends_the_choice() -> None:
    costs = ((9, 6_000), (8, 5_000), (7, 4_000))
    assert one_layer("skip", *costs) == (("甲", "丙"), ["乙"], [])
    assert one_layer("stop", *costs) == (("甲",), ["丙", "乙"], [])


def test_a_tie_that_fits_wholly_or_not_at_all_needs_no_decision() -> None:
    assert one_layer("skip", (9, 5_000), (9, 5_000)) == (("乙", "甲"), [], [])
    assert one_layer("skip", (9, 10_001), (9, 10_002)) == ((), ["乙", "甲"], [])
    assert one_layer("skip", (9, 10_001), (9, 10_000)) == (("乙",), ["甲"], [])


def test_a_tie_that_does_not_fit_wholly_waits_and_so_does_all_behind_it() -> None:
    assert one_layer("skip", (9, 6_000), (9, 6_000), (8, 100)) == ((), [], ["丙", "乙", "甲"])
    assert one_layer("stop", (9, 10_001), (9, 1_000)) == ((), [], ["乙", "甲"])
    assert one_layer("skip", (9, 1), (9, 1), seats={"社区": 1}) == ((), [], ["乙", "甲"])


def test_a_drawn_order_settles_the_tie() -> None:
    costs = ((9, 6_000), (9, 6_000), (8, 100))
    assert one_layer("skip", *costs, order=("乙", "甲")) == (("乙", "丙"), ["甲"], [])
    assert one_layer("skip", *costs, order=("甲",)) == ((), [], ["丙", "乙", "甲"])


def test_the_minimum_itself_is_enough() -> None:
    assert one_layer("skip", (10, 1), (9, 1), minimum_votes=10) == (("甲",), ["乙"], [])


def test_the_reasons_name_figures_and_the_next_step() -> None:
    ballots = [Ballot("甲", 9, 10_001, "社区"), Ballot("乙", 2, 1, "社区")]
    found = ranked(ballots, RankRules(ENVELOPES, minimum_votes=3))
    assert found.not_chosen == {
        "甲": f"需{yuan(10_001)}，“社区”额度只余{yuan(10_000)}。",
        "乙": "得票2票，未达到最低3票。",
    }
    tied = ranked([Ballot(name, 9, 6_000, "社区") for name in "甲乙"], RankRules(ENVELOPES))
    assert "“乙、甲”得票相同（9票）" in tied.undecided["甲"]
    assert tied.undecided["甲"].endswith("请先定出先后。")


def test_money_left_in_one_layer_goes_where_the_rule_says() -> None:
    ballots = [Ballot("甲", 9, 4_000, "社区"), Ballot("乙", 9, 26_000, "街道")]
    rules = RankRules(ENVELOPES, leftover_to={"社区": "街道"})
    assert ranked(ballots, rules).chosen == ("乙", "甲")
    assert ranked(ballots, RankRules(ENVELOPES)).chosen == ("甲",)


def test_a_layer_waits_for_the_tie_in_the_layer_it_inherits_from() -> None:
    ballots = [
        Ballot("甲", 9, 6_000, "社区"),
        Ballot("乙", 9, 6_000, "社区"),
        Ballot("丙", 9, 1, "街道"),
    ]
    found = ranked(ballots, RankRules(ENVELOPES, leftover_to={"社区": "街道"}))
    assert sorted(found.undecided) == ["丙", "乙", "甲"]
    assert "“社区”还有并列待定" in found.undecided["丙"]


@pytest.mark.parametrize(
    ("ballots", "rules", "words"),
    [
        ([Ballot("甲", 1, 1, "社区")] * 2, RankRules(ENVELOPES), "列了两次"),
        ([Ballot("甲", 1, 1, "区")], RankRules(ENVELOPES), "“区”没有额度"),
        ([Ballot("甲", -1, 1, "社区")], RankRules(ENVELOPES), "小于零"),
        ([], RankRules(ENVELOPES, leftover_to={"社区": "街道", "街道": "社区"}), "互相转入"),
    ],
)
def test_what_cannot_be_ranked_is_said_in_a_sentence(
    ballots: list[Ballot], rules: RankRules, words: str
) -> None:
    with pytest.raises(RankingError, match=words):
        ranked(ballots, rules)


def test_the_rules_written_at_a_stage_are_the_rules_applied() -> None:
    written = RankRule.model_validate(
        {
            "layers": {
                "community": {"label": "社区级", "envelope": 100, "leftover_to": "town"},
                "town": {"label": "街道级", "envelope": {"by": {"year": {2025: 300}}}, "seats": 2},
            },
            "fit": "stop",
            "minimum_votes": 5,
            "ties": "drawing_lots",
        }
    )
    rules = rules_of(written, {"year": 2026}, order=("甲",))
    assert rules == RankRules(
        envelopes={"community": 10_000, "town": 30_000},
        fit="stop",
        minimum_votes=5,
        seats={"town": 2},
        order=("甲",),
        leftover_to={"community": "town"},
        labels={"community": "社区级", "town": "街道级"},
    )
    with pytest.raises(RankingError, match="“街道级”的额度查不到"):
        rules_of(written, {"year": 2024})
