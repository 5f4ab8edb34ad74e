"""按实施主体计的限额：一家一年至多承接几个、多少金额，确定与签约时核对。"""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from rulebooks.judging.demands import demanded
from rulebooks.judging.outside import Held
from rulebooks.vocabulary.model import Limit, Rulebook
from tests.rulebooks import law_cases
from tests.rulebooks.altered import altered
from tests.rulebooks.law_cases import LawCase
from tests.rulebooks.lives import FEN, TOWN, WORKS, Life

OVERRIDE = "override_reason"
CHOICE = {"implementer": "I1", "reason": "经验丰富"}
TWO: dict[str, Any] = {
    "limit": {"count": "projects"}, "per": ["organisation", "year"], "at_most": 2, "unit": "个",
}  # fmt: skip


def book(**written: Any) -> Rulebook:
    limit = Limit.model_validate({"label": "每家承接上限", "cites": "ZJG-03f", **written})
    return altered({}, limits={"per_organisation": limit})


def choosing(rulebook: Rulebook, *held: Held) -> Life:
    """A case whose implementer is to be selected, in March 2026."""
    life = Life(rulebook).open(WORKS)
    life.outside = replace(life.outside, held=held)
    return life.reach("select_implementer")


def asked(life: Life) -> set[str]:
    return {field.name for field in demanded(life.state, life.stages[0], "select")}


def held(day: date = date(2026, 1, 5), *, facts: Any = None, **amounts: int) -> Held:
    own = {"kind": "works", "community": "汤联社区", "town": "杨舍镇"}
    return Held({**own, **(facts or {})}, {"budget": 30_000 * FEN, **amounts}, day)


def test_an_organisation_may_not_take_on_more_than_its_number_a_year() -> None:
    choosing(book(**TWO), held()).do("select", CHOICE)
    refusal = choosing(book(**TWO), held(), held()).refusal("select", CHOICE)
    assert (refusal.code, refusal.rule) == ("over_implementer_cap", "ZJG-03f")
    words = "确定后“顺达工程队”现为3个，超过每家承接上限2个，请另选实施主体"
    assert words in refusal.sentence


@pytest.mark.parametrize(
    ("per", "others", "counts"),
    [
        (["organisation", "year"], held(date(2025, 12, 31)), False),
        (["implementer", "year"], held(date(2026, 12, 31)), True),
        (["organisation", "half_year"], held(date(2026, 7, 1)), False),
        (["organisation", "half_year"], held(date(2026, 6, 30)), True),
        (["organisation", "quarter"], held(date(2026, 4, 1)), False),
        (["organisation", "month"], held(date(2026, 2, 28)), False),
        (["organisation", "month"], held(date(2026, 3, 31)), True),
        (["organisation"], held(date(2020, 1, 1)), True),
        (["organisation", "programme"], held(date(2020, 1, 1)), True),
        (["organisation", "community"], held(facts={"community": "别处社区"}), False),
        (["organisation", "community", "year"], held(), True),
        (["organisation", "kind"], held(facts={"kind": "services"}), False),
        # Households are not known to the records: such a limit only answers questions.
        (["organisation", "household"], held(), False),
    ],
)
def test_only_what_lies_in_the_same_period_and_place_counts(
    per: list[str], others: Held, *, counts: bool
) -> None:
    life = choosing(book(**TWO | {"per": per, "at_most": 1}), others)
    if counts:
        assert life.refusal("select", CHOICE).code == "over_implementer_cap"
    else:
        life.do("select", CHOICE)


def test_a_limit_for_some_projects_counts_only_those() -> None:
    only = book(**TWO | {"at_most": 1, "only": {"kind": "services"}})
    life = choosing(only, held(), held(facts={"kind": "services"})).do("select", CHOICE)
    assert life.stages == ["contract"]


def test_the_budgets_an_organisation_holds_add_up() -> None:
    total = {"limit": {"sum": "amount"}, "per": ["organisation", "year"], "at_most": 100_000}
    choosing(book(**total), held(budget=52_000 * FEN)).do("select", CHOICE)
    refusal = choosing(book(**total), held(budget=52_001 * FEN)).refusal("select", CHOICE)
    assert "累计100,001.00元，超过每家承接上限100,000.00元" in refusal.sentence


def test_contracts_add_up_when_they_are_signed() -> None:
    total = {"limit": {"sum": "amount"}, "of": "contract", "per": ["organisation", "year"],
             "at_most": 100_000}  # fmt: skip
    life = choosing(book(**total), held(contract=53_000 * FEN), held())
    life.do("select", CHOICE)
    content = life.ordinary("contract")
    refusal = life.refusal("sign", content | {"amount": 47_001 * FEN})
    assert refusal.code == "over_implementer_cap"
    assert "签约后“顺达工程队”累计100,001.00元" in refusal.sentence
    life.do("sign", content | {"amount": 47_000 * FEN})


def test_what_is_so_in_principle_may_be_departed_from_with_a_reason() -> None:
    life = choosing(book(**TWO | {"severity": "should"}), held(), held())
    refusal = life.refusal("select", CHOICE)
    assert "确需由其承接的，请写明理由" in refusal.sentence
    assert OVERRIDE in asked(life)
    life.do("select", CHOICE | {"override_reason": "本地仅此一家"})
    strict = choosing(book(**TWO), held(), held())
    assert strict.refusal("select", CHOICE | {"override_reason": "急"}).rule == "ZJG-03f"
    assert OVERRIDE not in asked(strict)


def test_a_change_cannot_take_the_organisation_past_its_budget() -> None:
    total = {"limit": {"sum": "amount"}, "per": ["organisation", "year"], "at_most": 100_000,
             "only": {"kind": "works"}}  # fmt: skip
    life = choosing(book(**total), held(budget=52_000 * FEN)).answer("select_implementer").wait()
    life.do("request_change", {"changes": {"budget": 48_001 * FEN}, "reason": "增项"})
    assert life.refusal("approve_change", {"reason": "属实"}).code == "over_implementer_cap"


EVER: dict[str, Any] = {"limit": {"sum": "amount"}, "per": ["organisation"], "at_most": 100_000}


@pytest.mark.parametrize(
    ("had", "written", "refused"),
    [
        (1, TWO, None),
        (2, TWO, "现为3个，超过每家承接上限2个"),
        ([52_000.00], EVER, None),
        ([52_000.01], EVER, "累计100,000.01元"),
    ],
)
def test_a_law_case_may_say_what_the_organisation_already_has(
    monkeypatch: pytest.MonkeyPatch, had: Any, written: dict[str, Any], refused: str | None
) -> None:
    given = {"reached": "确定实施主体", "held": had, "acts": [{"do": "确定实施主体"}]}
    case = LawCase("zhangjiagang", "已承接几个", date(2026, 6, 1), given, {}, "ZJG-03f")
    rules = law_cases.book(case, date(2026, 3, 3), TOWN)
    limit = Limit.model_validate({"label": "每家承接上限", **written})
    monkeypatch.setitem(rules.limits, "per_organisation", limit)
    _, refusal = law_cases.played(case)
    assert (refusal is None) == (refused is None), refusal
    assert (refused or "") in (refusal.sentence if refusal else "")
