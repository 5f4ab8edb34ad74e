"""只问一个问题的案例写法：排序、打包在没有哪个城市用到时，写法也照样读得懂。"""

from datetime import date
from typing import Any

import pytest

from rulebooks.reading.loader import load_rulebook
from rulebooks.vocabulary.model import Rulebook
from tests.rulebooks.altered import altered
from tests.rulebooks.questions import asked, is_question

RULEBOOK = load_rulebook("zhangjiagang")
BALLOTS = [
    {"name": "路灯", "votes": 120, "cost": 60000.00, "layer": "社区"},
    {"name": "凉亭", "votes": 90, "cost": 50000.00, "layer": "社区"},
    {"name": "书屋", "votes": 90, "cost": 30000.00, "layer": "社区"},
    {"name": "花坛", "votes": 9, "cost": 100.00, "layer": "社区"},
]


RANKED = altered(
    {
        "ballot": {
            "label": "居民票选",
            "waits": "待票选",
            "kind": "rank",
            "by": {"role": "council_convener"},
            "ranking": {
                "layers": {"community": {"label": "社区", "envelope": 100_000}},
                "fit": "skip",
                "minimum_votes": 10,
                "ties": "drawing_lots",
            },
            "then": {"chosen": "approve", "not_chosen": {"close": "not_selected"}},
        }
    },
    terms={"drawing_lots": "当众抽签"},
)


def answer(rulebook: Rulebook = RULEBOOK, **given: Any) -> Any:
    return asked(rulebook, date(2026, 3, 2), given)


def balloted(**given: Any) -> Any:
    return answer(RANKED, ranking="居民票选", **given)


def test_a_ballot_case_asks_the_ranking_that_the_rulebook_writes() -> None:
    found = balloted(ballots=BALLOTS, tie=["书屋", "凉亭"])
    assert found.values["chosen"] == ["路灯", "书屋"]
    assert found.values["not_chosen"] == {
        "凉亭": "需50,000.00元，“社区”额度只余10,000.00元。",
        "花坛": "得票9票，未达到最低10票。",
    }
    assert found.values["undecided"] == []


def test_a_ballot_case_leaves_a_tie_undecided_until_its_order_is_given() -> None:
    tied = [BALLOTS[0], *({**item, "cost": 40000.00} for item in BALLOTS[1:3])]
    assert balloted(ballots=tied, tie="refuse").values["undecided"] == ["书屋", "凉亭"]
    assert balloted(ballots=tied, tie=["凉亭", "书屋"]).values["chosen"] == ["路灯", "凉亭"]


def test_a_ballot_case_with_an_unknown_layer_is_refused() -> None:
    found = balloted(ballots=[{**BALLOTS[0], "layer": "街道"}])
    assert "“街道”没有额度" in found.refused


def test_a_ballot_case_that_brings_its_own_numbers_is_not_asked() -> None:
    with pytest.raises(KeyError, match="ranking"):
        answer(ballots=BALLOTS, envelopes={"社区": 100000.00})


def test_a_package_case_shares_out_what_was_paid_for_the_whole() -> None:
    items = {"长椅": 100.00, "健身器": 200.00}
    assert answer(package=items, pays=270.00).values["amounts"] == {"长椅": 9000, "健身器": 18000}
    short = answer(package=items, pays=270.00, exact={"长椅": 90.00, "健身器": 179.99})
    assert "各件合计269.99元，与整包270.00元不符" in short.refused


@pytest.mark.parametrize("given", [{"limit": "x"}, {"ballots": []}, {"package": {}}])
def test_a_question_is_told_from_a_case_that_is_lived(given: dict[str, Any]) -> None:
    assert is_question(given)
    assert not is_question({"project": {}, "acts": []})
