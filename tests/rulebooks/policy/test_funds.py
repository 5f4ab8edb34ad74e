"""资金与打包：分担合起来恰是原数，封顶、定额、名额、列支、总额不足，分摊一分不差。"""

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from rulebooks.policy.funds import (
    awarded,
    awards_total,
    eligible,
    matching,
    payable,
    shortfall,
    split,
)
from rulebooks.policy.packages import PackageError, apportioned, stated
from rulebooks.reading.loader import load_rulebook
from rulebooks.vocabulary.model import Fund
from rulebooks.vocabulary.refusals import Refusal

RULEBOOK = load_rulebook("zhangjiagang")
HALVES = RULEBOOK.funds["city_guide_fund"]
WEIGHTS = st.dictionaries(st.text("甲乙丙丁戊己", min_size=1), st.integers(0, 10**7), min_size=1)


def fund(**written: Any) -> Fund:
    return Fund.model_validate({"label": "某资金", "payer": "town", **written})


@given(st.integers(0, 10**9), st.sampled_from(["1/2", "3/10", "1/3", "7/100", "1"]))
def test_the_two_shares_make_up_the_amount_to_the_last_fen(amount: int, rate: str) -> None:
    for rounding in ("down", "half_up"):
        found = split(RULEBOOK, fund(share=rate, base="audited", rounding=rounding), amount, {})
        assert not isinstance(found, Refusal)
        assert found.payer + found.rest == amount
        assert min(found.payer, found.rest) >= 0


@given(st.integers(0, 10**9))
def test_at_one_to_one_the_town_never_gives_less_than_the_city(amount: int) -> None:
    found = split(RULEBOOK, HALVES, amount, {"year": 2020})
    assert not isinstance(found, Refusal)
    assert found.payer + found.rest == amount
    assert 0 <= found.rest - found.payer <= 1


@given(st.integers(0, 10**9), st.integers(0, 10**9))
def test_a_larger_settled_amount_never_earns_a_smaller_subsidy(one: int, other: int) -> None:
    capped = fund(share="3/10", base="audited", ceiling=50_000)
    low, high = (split(RULEBOOK, capped, amount, {}) for amount in sorted((one, other)))
    assert not isinstance(low, Refusal)
    assert not isinstance(high, Refusal)
    assert low.payer <= high.payer <= 5_000_000


def test_a_subsidy_stops_at_its_ceiling() -> None:
    capped = fund(share="3/10", base="audited", ceiling={"by": {"kind": {"works": 50_000}}})
    at_the_ceiling = split(RULEBOOK, capped, 16_666_667, {"kind": "works"})
    above = split(RULEBOOK, capped, 20_000_000, {"kind": "works"})
    assert not isinstance(at_the_ceiling, Refusal)
    assert not isinstance(above, Refusal)
    assert (at_the_ceiling.payer, above.payer) == (5_000_000, 5_000_000)
    assert isinstance(split(RULEBOOK, capped, 1, {"kind": "services"}), Refusal)


def test_a_year_before_the_first_one_written_is_refused() -> None:
    found = split(RULEBOOK, HALVES, 100, {"year": 2019})
    assert isinstance(found, Refusal)
    assert (found.code, found.rule) == ("not_in_table", "ZJG-25b")


STARS = fund(
    award={"by": {"kind": {"works": 200_000, "services": 50_000}}},
    quota={"by": {"kind": {"works": 2, "services": 3}}},
)


def test_an_award_is_looked_up_and_the_total_needs_the_written_numbers() -> None:
    assert awarded(RULEBOOK, STARS, {"kind": "works"}) == 20_000_000
    assert awards_total(RULEBOOK, STARS, {"works": 2, "services": 3}) == 55_000_000
    found = awards_total(RULEBOOK, STARS, {"works": 3, "services": 3})
    assert isinstance(found, Refusal)
    assert "工程类名额2个，现有3个" in found.sentence
    assert isinstance(awards_total(RULEBOOK, STARS, {"works": 2}), Refusal)


def test_a_grade_without_an_award_is_not_counted_silently() -> None:
    found = awards_total(RULEBOOK, STARS, {"works": 2, "services": 3, "goods": 1})
    assert isinstance(found, Refusal)
    assert "goods名额0个，现有1个" in found.sentence


def test_a_grade_outside_the_table_that_nobody_has_adds_nothing() -> None:
    assert awards_total(RULEBOOK, STARS, {"works": 2, "services": 3, "goods": 0}) == 55_000_000


def test_a_grade_with_a_number_but_no_award_is_said_in_a_sentence() -> None:
    kinds = {"works": 2, "services": 3, "goods": 1}
    assert STARS.quota is not None
    numbers = STARS.quota.model_copy(update={"by": {"kind": kinds}})
    numbered = STARS.model_copy(update={"quota": numbers})
    found = awards_total(RULEBOOK, numbered, kinds)
    assert isinstance(found, Refusal)
    assert "“goods”" in found.sentence
    assert "请在规则手册中补写" in found.sentence


def test_what_may_not_be_paid_or_is_not_among_what_may_is_refused() -> None:
    terms = [{"term": "survey", "label": "评估经费"}]
    assert payable(RULEBOOK, fund(), "survey", 1) is None
    barred = payable(RULEBOOK, fund(pays_not=terms), "survey", 1)
    assert barred is not None
    assert "评估经费0.01元不得从某资金列支" in barred.sentence
    only = fund(pays_only=[{"term": "works_cost", "label": "工程款"}])
    outside = payable(RULEBOOK, only, "survey", 1)
    assert outside is not None
    assert "可列支的范围（工程款）之内" in outside.sentence
    assert payable(RULEBOOK, only, "works_cost", 1) is None


def test_excluded_sources_do_not_count_as_matching() -> None:
    sources = {"community_service_fund": 700, "town_budget": 300}
    assert matching(HALVES, sources) == 300
    assert matching(fund(), sources) == 1000


def test_every_condition_that_is_missing_is_named() -> None:
    wanted = [item.term for item in HALVES.requires]
    assert eligible(RULEBOOK, HALVES, wanted) is None
    found = eligible(RULEBOOK, HALVES, wanted[:-2])
    assert found is not None
    assert "尚未满足：未曾申报、镇级配套到位" in found.sentence


@given(st.integers(0, 2 * 10**9), WEIGHTS)
def test_both_drafts_give_out_exactly_what_is_left(before: int, claims: Mapping[str, int]) -> None:
    assert HALVES.envelope is not None
    left = max(HALVES.envelope.at_most - before, 0)
    found = shortfall(RULEBOOK, HALVES, before, claims)
    if sum(claims.values()) <= left:
        assert found is None
        return
    assert found is not None
    assert set(found.drafts) == {"by_time_of_claim", "pro_rata"}
    for draft in found.drafts.values():
        assert sum(draft.values()) == left
        assert all(draft[name] <= claims[name] for name in claims)


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ({"share": "1/2", "award": 5, "base": "audited"}, "请只留其一"),
        ({"share": "1/2"}, "须写明计算基数"),
        ({"share": "3:7", "base": "audited"}, "不是比例"),
        ({"share": {"by": {"year": {2020: "2"}}}, "base": "audited"}, "须大于零、不超过一"),
    ],
)
def test_a_fund_written_wrongly_is_refused(written: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        fund(**written)


# Packages: counted by item, paid by package ------------------------------------------------


@given(st.integers(0, 10**9), WEIGHTS)
def test_what_is_apportioned_sums_to_the_package_and_keeps_the_order_of_size(
    total: int, weights: Mapping[str, int]
) -> None:
    if not sum(weights.values()):
        with pytest.raises(PackageError, match="没有可以分摊"):
            apportioned(total, weights)
        return
    found = apportioned(total, weights)
    assert sum(found.values()) == total
    assert min(found.values()) >= 0
    whole = sum(weights.values())
    assert all(abs(found[name] * whole - total * weights[name]) < whole for name in weights)
    assert found == apportioned(total, dict(reversed(list(weights.items()))))


def test_the_odd_fen_goes_to_the_largest_remainder() -> None:
    # Equal remainders: the name that sorts first gets it, whatever the order they are given in.
    assert apportioned(100, {"乙": 1, "丙": 1, "甲": 1}) == {"丙": 34, "乙": 33, "甲": 33}
    assert apportioned(10, {"甲": 2, "乙": 1}) == {"甲": 7, "乙": 3}


@pytest.mark.parametrize(
    ("amounts", "words"),
    [
        ({"甲": 9_000}, "缺少“乙”"),
        ({"甲": 9_000, "乙": 18_000, "丙": 0}, "多出“丙”"),
        ({"甲": 9_000, "乙": 18_001}, "各件合计270.01元，与整包270.00元不符"),
    ],
)
def test_stated_amounts_must_be_those_of_the_items_and_sum_to_the_package(
    amounts: dict[str, int], words: str
) -> None:
    items = {"甲": 10_000, "乙": 20_000}
    assert stated(27_000, {"乙": 18_000, "甲": 9_000}, items) == {"甲": 9_000, "乙": 18_000}
    with pytest.raises(PackageError, match=words):
        stated(27_000, amounts, items)
