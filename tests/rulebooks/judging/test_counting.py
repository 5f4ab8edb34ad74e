"""合并计票: places, layers and reasons follow from the votes; a batch keeps its rules."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rulebooks.judging.counting import Candidate, Placed, Sitting, UndecidedError, count, scope_of
from rulebooks.judging.demands import demanded
from rulebooks.judging.outside import Outside, Taken
from rulebooks.policy.ranking import RankingError
from rulebooks.vocabulary.model import Rulebook
from tests.rulebooks.altered import altered, told
from tests.rulebooks.lives import WORKS, Life

YUAN = 100
LAYERS = {"near": "社区级", "wide": "镇级"}
TERMS = {"drawing_lots": "当众抽签"}
FACTS = {
    "layer": {"label": "票选层级", "kind": "choice", "choices": LAYERS, "required": True},
    "note": {"label": "说明", "kind": "text"},
}
RANKING: dict[str, Any] = {
    "layer": "layer",
    "layers": {
        "near": {"label": "社区级", "envelope": 1_000},
        "wide": {"label": "镇级", "envelope": 2_000, "seats": 2, "fit": "stop"},
    },
    "fit": "skip",
    "minimum_votes": {"count": 10, "cites": "ZJG-10b", "quote": "起步票"},
    "ties": {"term": "drawing_lots", "cites": "ZJG-10b"},
}


def ballot(ranking: dict[str, Any] | None = None, **stage: Any) -> Rulebook:
    """The city's rulebook with a ballot, and a batch after it, in place of its council."""
    stages: dict[str, dict[str, Any]] = {
        "collect": {"then": {"submitted": "ballot"}},
        "ballot": {
            "label": "居民票选",
            "waits": "待票选",
            "kind": "rank",
            "by": {"role": "council_convener"},
            "ranking": RANKING if ranking is None else ranking,
            "then": {"chosen": "sitting", "not_chosen": {"close": "not_selected"}},
        },
        "sitting": {
            "label": "整批决定",
            "waits": "待整批决定",
            "kind": "batch",
            "by": {"role": "town_reviewer"},
            "then": {"approved": "select_implementer", "not_approved": {"close": "not_passed"}},
            **stage,
        },
    }
    return altered(stages, terms=TERMS, facts=FACTS)


RULEBOOK = ballot()


def candidate(name: str, votes: int, cost: int, layer: str | None = "near") -> Candidate:
    return Candidate(
        name, f"项目{name}", {"title": f"项目{name}", "layer": layer}, cost * YUAN, votes
    )


def counted(*candidates: Candidate, **sitting: Any) -> dict[str, Placed]:
    rule = RULEBOOK.stages["ballot"].ranking
    assert rule is not None
    found = count(RULEBOOK, rule, candidates, Sitting(2026, **sitting))
    return {item.number: item for item in found}


def test_each_layer_has_its_own_money_its_own_places_and_its_own_way_with_what_does_not_fit() -> (
    None
):
    found = counted(
        candidate("a", 50, 600),
        candidate("b", 40, 500),
        candidate("c", 30, 400),
        candidate("d", 50, 1_500, "wide"),
        candidate("e", 40, 600, "wide"),
        candidate("f", 30, 100, "wide"),
    )
    assert [name for name, item in found.items() if item.chosen] == ["a", "c", "d"]
    assert [found[name].place for name in "abcdef"] == [1, 2, 3, 1, 2, 3]
    assert found["a"].layer == "社区级"
    assert "到此为止" in found["f"].reason
    assert found["a"].reason == "得票50票，居“社区级”第1名，在额度之内，入选。"


def test_what_was_chosen_before_has_used_its_money_and_its_seat() -> None:
    before = (Taken("near", 900 * YUAN), Taken("wide", 100 * YUAN), Taken("wide", 0))
    found = counted(
        candidate("a", 50, 101),
        candidate("b", 40, 100),
        candidate("c", 90, 1, "wide"),
        taken=before,
    )
    assert [name for name, item in found.items() if item.chosen] == ["b"]
    assert "名额已满" in found["c"].reason


def test_a_tie_that_matters_names_the_projects_and_how_their_order_is_found() -> None:
    tied = (candidate("a", 50, 600), candidate("b", 50, 600))
    with pytest.raises(UndecidedError, match=r"a“项目a”、b“项目b”.*请当众抽签定出先后"):
        counted(*tied)
    found = counted(*tied, order=("b", "a"))
    assert [(item.number, item.place, item.chosen) for item in found.values()] == [
        ("b", 1, True),
        ("a", 2, False),
    ]


def test_a_tie_that_changes_nothing_shares_its_place() -> None:
    found = counted(candidate("a", 50, 100), candidate("b", 50, 100), candidate("c", 40, 100))
    assert [item.place for item in found.values()] == [1, 1, 3]


@pytest.mark.parametrize(("layer", "words"), [(None, "“没有填写”"), ("far", "“far”")])
def test_a_project_in_no_layer_is_named(layer: str | None, words: str) -> None:
    with pytest.raises(RankingError, match=f"项目a”的票选层级为{words}，没有这一层的额度"):
        counted(candidate("a", 50, 100, layer))


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(1, 900)), min_size=1, max_size=8))
def test_no_order_of_listing_changes_who_is_chosen(votes: list[tuple[int, int]]) -> None:
    listed = [candidate(f"{turn}", *item) for turn, item in enumerate(votes)]
    order = tuple(item.number for item in listed)
    assert counted(*listed, order=order) == counted(*reversed(listed), order=order)


def test_projects_compete_where_the_ballot_is_held_unless_another_level_is_written() -> None:
    assert scope_of(RULEBOOK, RULEBOOK.stages["ballot"]) == ("community",)
    wider = ballot({**RANKING, "scope": "town"})
    assert scope_of(wider, wider.stages["ballot"]) == ("town",)


# 逐件办理时 ----------------------------------------------------------------------------------

VOTES = {"ballots": "2026年票选", "votes": 50}


def at(stage: str, rulebook: Rulebook = RULEBOOK, **facts: Any) -> Life:
    details = {"layer": "near"}
    return (
        Life(rulebook)
        .open({**WORKS, "budget": 500 * YUAN, "details": details, **facts})
        .reach(stage)
    )


def test_only_the_votes_are_asked_for_and_the_rest_is_computed() -> None:
    case = at("ballot")
    names = [field.name for field in demanded(case.state, "ballot", "rank")]
    assert names == ["ballots", "votes"]
    case.do("rank", VOTES)
    written = case.state.history[-1].content
    assert (written["place"], written["layer"], written["chosen"]) == (1, "社区级", True)
    assert case.stages == ["sitting"]


def test_too_few_votes_or_too_much_money_is_not_chosen_by_itself() -> None:
    assert at("ballot").do("rank", {**VOTES, "votes": 9}).position.outcome == "not_selected"
    dear = at("ballot", budget=1_001 * YUAN).do("rank", VOTES)
    assert dear.position.outcome == "not_selected"


@pytest.mark.parametrize("claim", [{"chosen": False}, {"place": 2}, {"layer": "镇级"}])
def test_a_claim_that_contradicts_the_count_is_refused(claim: dict[str, Any]) -> None:
    refusal = at("ballot").refusal("rank", {**VOTES, **claim})
    assert refusal.code == "contradicts_count"
    assert "minsheng case rank" in refusal.sentence


def test_one_of_several_is_refused_until_they_are_counted_together() -> None:
    case = at("ballot")
    case.outside = Outside(rivals=("ZJG-2026-0002",))
    refusal = case.refusal("rank", VOTES)
    assert refusal.code == "count_together"
    assert "ZJG-2026-0002" in refusal.sentence


def test_votes_that_were_counted_together_cannot_be_corrected_alone() -> None:
    case = at("ballot").do("rank", VOTES)
    sequence = case.state.history[-1].sequence
    slip = {"sequence": sequence, "reason": "记错"}
    assert case.refusal("correct", {**slip, "content": {"votes": 60}}).code == "counted_together"
    case.do("correct", {**slip, "content": {"ballots": "2026年第一次票选"}})


# 整批决定 ------------------------------------------------------------------------------------

PASSES = {"majority": {"more_than": "1/2", "of": "members"}}
BATCHED: dict[str, Any] = {"batch": "一", "decided": True, "opinion": "同意"}


def test_a_batch_that_is_voted_on_asks_for_the_vote_and_another_does_not() -> None:
    plain = [field.name for field in demanded(at("sitting").state, "sitting", "decide_batch")]
    assert plain == ["batch", "decided", "amount", "opinion"]
    voted = at("sitting", ballot(passes=PASSES))
    asked = {field.name: field for field in demanded(voted.state, "sitting", "decide_batch")}
    assert asked["agree"].required
    assert not asked["abstain"].required


@pytest.mark.parametrize(("agree", "code"), [(5, None), (4, "vote_failed")])
def test_half_and_one_more_of_all_members_approve(agree: int, code: str | None) -> None:
    case = at("sitting", ballot(passes=PASSES))
    content = {**BATCHED, "members": 9, "present": 9, "agree": agree}
    if code is None:
        case.do("decide_batch", content)
    else:
        assert case.refusal("decide_batch", content).code == code
        case.do("decide_batch", {**content, "decided": False})


def test_what_is_approved_is_at_most_the_budget_and_then_the_most_the_contract_may_cost() -> None:
    case = at("sitting")
    over = {**BATCHED, "amount": 500 * YUAN + 1}
    assert case.refusal("decide_batch", over).code == "approved_over_budget"
    case.do("decide_batch", {**BATCHED, "amount": 400 * YUAN}).reach("contract")
    dear = case.ordinary("contract") | {"amount": 400 * YUAN + 1}
    assert case.refusal("sign", dear).code == "contract_over_approved"
    case.do("sign", {**dear, "amount": 400 * YUAN})


# 写错时 --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"layer": None}, "写了几层，请写明按哪项事实分层"),
        ({"layer": "note"}, "“note”不是从几项里选的必填事实，可用的有：kind、category、layer"),
        ({"layers": {"far": {"label": "远", "envelope": 1}}}, "layer 没有“far”这个值"),
        ({"scope": "moon"}, "层级“moon”不存在"),
        ({"ties": "coin"}, "“coin”没有中文名称"),
        (
            {"layer": None, "layers": {"village": {"label": "村", "envelope": 1}}},
            "层级“village”不存在",
        ),
    ],
)
def test_a_ranking_that_is_bound_to_nothing_is_found_when_it_is_read(
    changes: dict[str, Any], words: str
) -> None:
    assert words in told(ballot({**RANKING, **changes}))


def test_a_ranking_that_is_bound_to_its_fact_is_sound() -> None:
    assert "ranking" not in told(RULEBOOK)


def test_what_does_not_fit_must_be_dealt_with_somehow() -> None:
    layers = {"near": {"label": "社区级", "envelope": 1}}
    with pytest.raises(ValueError, match="放不下的怎样"):
        ballot({"layer": "layer", "layers": layers, "ties": "drawing_lots"})
