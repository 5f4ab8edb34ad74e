"""分次拨付与补助：每个拨付环节至多付多少、何时才能付、从哪笔资金付、付什么。"""

from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from deployments.demonstration.answers import answer
from rulebooks.judging.payments import is_part, most_payable, purposes
from rulebooks.vocabulary.model import Fund, PayPart, Rulebook
from tests.rulebooks.altered import altered, told
from tests.rulebooks.lives import FEN, Life

LAST = {
    "label": "尾款拨付",
    "waits": "待尾款拨付",
    "kind": "pay",
    "by": {"role": "town_finance"},
    "cites": "ZJG-26a",
    "then": {"paid": "join"},
}
DAYS = {"warranted": {"label": "质保期满日期", "kind": "date"}}
# Contracted 48,000 yuan, settled at 47,000.
AUDITED = {"submitted": 48_000 * FEN, "audited": 47_000 * FEN}


def book(first: Any, last: Any = "rest", funds: dict[str, Fund] | None = None) -> Rulebook:
    """Two payments, one after the other."""
    stages = {
        "pay": {"pays": first, "then": {"paid": "pay_rest"}},
        "pay_rest": {**LAST, **({"pays": last} if last else {})},
    }
    return altered(stages, facts=DAYS, funds=funds or {})


def paying(rulebook: Rulebook, **details: Any) -> Life:
    life = Life(rulebook).open(details=details)
    return life.reach("audit_works").answer("audit_works", **AUDITED).reach("pay")


def pay(yuan: int, **content: Any) -> dict[str, Any]:
    return {"amount": yuan * FEN, "voucher": "V-1", **content}


@pytest.mark.parametrize(
    ("first", "last", "most", "then"),
    [
        ({"share": "9/10", "of": "contract"}, "rest", 43_200, 3_800),
        ({"share": "9/10", "of": "contract"}, {"share": 1, "of": "audited"}, 43_200, 3_800),
        ({"up_to": "1/2", "of": "audited"}, {"up_to": 1, "of": "audited"}, 23_500, 23_500),
        ({"share": "3/10", "of": "audited"}, {"share": "3/10", "of": "audited"}, 14_100, 14_100),
        ({"up_to": "3/10", "of": "audited"}, {"up_to": "3/10", "of": "audited"}, 14_100, 0),
        ("rest", None, 47_000, 0),
    ],
)
def test_each_payment_takes_its_part(first: Any, last: Any, most: int, then: int) -> None:
    life = paying(book(first, last))
    assert most_payable(life.state, "pay") == most * FEN
    assert answer(life.state, life.state.stage_open("pay"), "pay", {})["amount"] == most * FEN
    over = life.refusal("pay", pay(most + 1))
    assert over.code in ("paid_over_part", "paid_over_ceiling")
    assert f"{most:,}.00元" in over.sentence
    assert f"{most + 1:,}.00元" in over.sentence
    life.do("pay", pay(most))
    assert "pay_rest" in life.stages
    assert most_payable(life.state, "pay_rest") == then * FEN


def test_a_part_may_be_paid_in_several_payments_and_the_last_settles_the_case() -> None:
    life = paying(book({"share": "9/10", "of": "contract", "cites": "ZJG-26a"}))
    life.do("pay", pay(40_000, final=False))
    refusal = life.refusal("pay", pay(3_201))
    assert refusal.code == "paid_over_part"
    words = "“资金拨付”拨付43,201.00元超过合同金额48,000.00元的90%，即43,200.00元，"
    assert words in refusal.sentence
    assert refusal.rule == "ZJG-26a"
    life.do("pay", pay(3_200)).do("pay", pay(3_800), stage="pay_rest").finish()
    assert (life.state.outcome, life.state.amounts["paid"]) == ("archived", 47_000 * FEN)


def test_a_part_that_was_not_used_up_may_still_be_settled_by_the_rest() -> None:
    life = paying(book({"share": "9/10", "of": "contract"}))
    life.do("pay", pay(10_000))
    assert most_payable(life.state, "pay_rest") == 37_000 * FEN


def test_a_corrected_payment_stays_within_its_part() -> None:
    life = paying(book({"share": "9/10", "of": "contract"}))
    life.do("pay", pay(40_000))
    sequence = len(life.state.history)
    correction = {"sequence": sequence, "content": {"amount": 43_201 * FEN}, "reason": "记错"}
    assert life.refusal("correct", correction).code == "paid_over_part"
    life.do("correct", correction | {"content": {"amount": 43_200 * FEN}})
    assert life.state.amounts["paid"] == 43_200 * FEN


def test_a_part_of_what_is_not_yet_known_cannot_be_paid() -> None:
    rules = altered({"begin_works": {"kind": "pay", "pays": {"share": "1/2", "of": "audited"},
                                     "then": {"paid": "finish_works"}}})  # fmt: skip
    life = Life(rules).open().reach("begin_works")
    assert life.refusal("pay", pay(1)).code == "no_base"
    assert most_payable(life.state, "begin_works") == 0


@pytest.mark.parametrize(
    ("rule", "first_day"),
    [
        ({"fact": "warranted"}, date(2027, 3, 2)),
        ({"since": "finish_works", "count": 12, "unit": "months"}, None),
        ({"since": "finish_works"}, None),
    ],
)
def test_a_payment_waits_for_its_day(rule: dict[str, Any], first_day: date | None) -> None:
    rules = book({"share": "9/10", "of": "contract"}, {"rest": True, "not_before": rule})
    life = paying(rules, warranted="2027-03-02")
    finished = life.state.result_of("finish_works")
    assert finished is not None
    life.do("pay", pay(43_200))
    if first_day is None:
        # A whole year has passed on the day after its last.
        day = finished.at.date()
        first_day = day.replace(year=day.year + 1, day=day.day + 1) if "count" in rule else day
    if first_day > life.now.date():
        refusal = life.refusal("pay", pay(3_800))
        assert refusal.code == "not_yet_payable"
        assert f"须自{first_day}起才能拨付" in refusal.sentence
        life.until(date.fromordinal(first_day.toordinal() - 1))
        assert life.refusal("pay", pay(3_800)).code == "not_yet_payable"
        life.until(first_day)
    life.do("pay", pay(3_800), stage="pay_rest")


def test_a_day_not_given_or_a_stage_not_done_is_named() -> None:
    rule = {"rest": True, "not_before": {"fact": "warranted"}}
    refusal = paying(book(rule)).refusal("pay", pay(1))
    assert "要到“质保期满日期”之日才能拨付，这个日期还没有填写" in refusal.sentence
    rule = {"rest": True, "not_before": {"since": "archive"}}
    sentence = paying(book(rule)).refusal("pay", pay(1)).sentence
    assert "要到“建档归档”办结之后才能拨付，该环节尚未办结" in sentence


def fund(**written: Any) -> Fund:
    return Fund.model_validate({"label": "市级补助", "payer": "finance_bureau", **written})


def subsidised(**written: Any) -> Rulebook:
    rules = book("rest", funds={"subsidy": fund(**written), "own": fund()})
    first = rules.stages["pay"].model_copy(update={"fund": "subsidy", "pays": None})
    last = rules.stages["pay_rest"].model_copy(update={"fund": "own"})
    return rules.model_copy(update={"stages": {**rules.stages, "pay": first, "pay_rest": last}})


@pytest.mark.parametrize(
    ("written", "most"),
    [
        ({"share": "1/2", "base": "audited"}, 23_500),
        ({"share": "1/2", "base": "contract"}, 24_000),
        ({"share": "1/2", "base": "audited", "ceiling": 20_000}, 20_000),
        ({"share": {"by": {"year": {2020: "1/2", 2026: "3/10"}}}, "base": "audited"}, 14_100),
        ({"ceiling": 20_000}, 20_000),
        ({"award": 20_000}, 47_000),
    ],
)
def test_a_subsidy_pays_its_share_and_no_more(written: dict[str, Any], most: int) -> None:
    life = paying(subsidised(**written, receiver="town", cites="ZJG-25b"))
    assert most_payable(life.state, "pay") == most * FEN
    refusal = life.refusal("pay", pay(most + 1))
    if most < 47_000:
        assert refusal.code == "paid_over_fund"
        assert f"从市级补助拨付{most + 1:,}.00元超过其可负担的{most:,}.00元" in refusal.sentence
        assert "由镇(区)自筹" in refusal.sentence
        assert refusal.rule == "ZJG-25b"
    life.do("pay", pay(most)).do("pay", pay(47_000 - most, final=True), stage="pay_rest")
    assert life.state.amounts["paid"] == 47_000 * FEN


def test_the_fiscal_part_of_a_settlement_leaves_donations_out() -> None:
    rules = subsidised(share="1/2", base="audited_fiscal")
    life = Life(rules).open(other_funds=7_000 * FEN)
    life.reach("audit_works").answer("audit_works", **AUDITED).reach("pay")
    assert most_payable(life.state, "pay") == 20_000 * FEN


NOT = {"pays_not": [{"term": "evaluation_cost", "label": "评估经费", "cites": "ZJG-25c"}]}
ONLY = {"pays_only": [{"term": "works_cost", "label": "工程款"}]}


def test_a_fund_pays_only_what_it_may() -> None:
    life = paying(subsidised(**NOT))
    assert life.refusal("pay", pay(1)).code == "purpose_missing"
    refused = life.refusal("pay", pay(1, purpose="evaluation_cost"))
    assert (refused.code, refused.rule) == ("not_payable", "ZJG-25c")
    assert "评估经费1.00元不得从市级补助列支" in refused.sentence
    life.do("pay", pay(1, purpose="other"))
    strict = paying(subsidised(**ONLY))
    assert purposes(strict.rulebook, strict.rulebook.stages["pay"]) == {"works_cost": "工程款"}
    assert strict.refusal("pay", pay(1, purpose="other")).code == "purpose_missing"
    filled = answer(strict.state, strict.state.stage_open("pay"), "pay", {})
    assert filled["purpose"] == "works_cost"


@pytest.mark.parametrize(
    "written",
    [
        {},
        {"share": "1/2"},
        {"share": "1/2", "up_to": "1/2", "of": "contract"},
        {"rest": True, "of": "contract"},
        {"rest": True, "not_before": {}},
        {"rest": True, "not_before": {"since": "a", "count": 1}},
        {"rest": True, "not_before": {"fact": "a", "count": 1, "unit": "months"}},
        {"rest": True, "not_before": {"fact": "a", "since": "b"}},
    ],
)
def test_a_part_says_one_thing(written: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        PayPart.model_validate(written)


def test_the_parts_and_funds_named_must_exist() -> None:
    rules = altered(
        {
            "pay": {"fund": "nothing", "pays": {"rest": True, "not_before": {"since": "nowhere"}}},
            "review": {"pays": "rest", "fund": "nothing"},
        }
    )
    found = told(rules)
    assert "资金“nothing”不存在" in found
    assert "stages/pay/pays/not_before/since：环节“nowhere”不存在" in found
    assert "stages/review/pays：pays 只用于 pay 类环节" in found
    days = altered({"pay": {"pays": {"rest": True, "not_before": {"fact": "title"}}}})
    assert "“title”不是日期类的事实" in told(days)


def test_a_part_is_told_from_the_last_payment() -> None:
    rules = book({"share": "9/10", "of": "contract"}, {"share": 1, "of": "audited"})
    assert [is_part(rules.stages[name]) for name in ("pay", "pay_rest")] == [True, False]
