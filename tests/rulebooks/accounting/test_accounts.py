"""科目：钱一步一步往前走，退回是反向的一笔，哪一步都不超过前一步，来源不同的钱不相混。"""

import itertools
from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from rulebooks.accounting.accounts import (
    CHAIN,
    SOURCE,
    Levels,
    Move,
    balances_owed,
    ceiling,
    fund_label,
    is_donated,
    is_reversal,
    levels,
    portions,
    postings_owed,
    shares,
    totals_of,
)
from rulebooks.judging.judgement import Fact
from rulebooks.procedure.position import fold, start
from rulebooks.procedure.state import State
from rulebooks.reading.loader import load_rulebook
from tests.rulebooks.law_cases import LawCase, played
from tests.rulebooks.lives import CITY, FEN, TOWN, WORKS, Life, life
from tests.rulebooks.streams import acts, hesitations

TOWN_FUND = "town_fund"
DONATED = "other_funds"
DONATION = 8_000 * FEN
BUDGET = 48_000 * FEN
RULEBOOK = load_rulebook(CITY, None, TOWN)


def states(case: Life) -> Iterator[State]:
    """The states of the case, after each of its events."""
    rulebook = start(RULEBOOK).rulebook if case.rulebook is RULEBOOK else case.rulebook
    for count in range(len(case.state.history) + 1):
        yield fold(rulebook, case.state.history[:count])


def moves(case: Life) -> list[tuple[str, Move]]:
    """What the whole life of the case posts, with the kind of event that did."""
    return [
        (after.history[-1].kind, move)
        for before, after in itertools.pairwise(states(case))
        for move in postings_owed(before, after)
    ]


def told(case: Life) -> list[tuple[str, str, str, str, int]]:
    return [
        (kind, m.fund, m.from_account, m.to_account, m.amount // FEN) for kind, m in moves(case)
    ]


def summed(posted: list[Move]) -> Counter[tuple[str, str]]:
    """The balances that the postings make, whatever their order."""
    found: Counter[tuple[str, str]] = Counter()
    for move in posted:
        found[move.fund, move.from_account] -= move.amount
        found[move.fund, move.to_account] += move.amount
    return found


def nonzero(balances: dict[tuple[str, str], int] | Counter[tuple[str, str]]) -> dict[Any, int]:
    return {key: amount for key, amount in balances.items() if amount}


def steps(case: Life, fund: str = TOWN_FUND) -> Levels:
    return levels(case.state)[fund]


def test_the_money_of_an_ordinary_project_walks_the_chain_from_budget_to_payment() -> None:
    case = life().reach("contract").answer("contract", amount=47_000 * FEN)
    case.reach("audit_works").answer("audit_works", submitted=47_000 * FEN, audited=46_000 * FEN)
    assert told(case.finish()) == [
        ("approved", TOWN_FUND, SOURCE, "approved", 48_000),
        ("signed", TOWN_FUND, "approved", "committed", 47_000),
        ("audited", TOWN_FUND, "committed", "approved", 1_000),
        ("audited", TOWN_FUND, "committed", "settled", 46_000),
        ("audited", TOWN_FUND, "settled", "payable", 46_000),
        ("paid", TOWN_FUND, "payable", "paid", 46_000),
        ("archived", TOWN_FUND, "approved", SOURCE, 2_000),
    ]


def test_a_donation_is_used_first_and_stays_apart_at_every_step() -> None:
    case = life(other_funds=DONATION).reach("contract").answer("contract", amount=40_000 * FEN)
    assert steps(case, DONATED) == (DONATION, DONATION, 0, 0, 0)
    assert steps(case) == (40_000 * FEN, 32_000 * FEN, 0, 0, 0)
    case.finish()
    assert steps(case, DONATED)[-1] == DONATION
    assert steps(case)[-1] == 32_000 * FEN
    assert {move.fund for _, move in moves(case)} == {DONATED, TOWN_FUND}
    assert is_donated(RULEBOOK, DONATED)
    assert not is_donated(RULEBOOK, TOWN_FUND)


def test_nothing_is_posted_before_a_project_is_established_nor_when_it_never_is() -> None:
    case = life().reach("approve")
    assert moves(case) == []
    case.do("reject", {"opinion": "不符"}, stage="approve")
    assert moves(case) == []
    assert levels(case.state) == {}


def test_a_withdrawn_project_gives_back_all_that_was_not_paid() -> None:
    case = life().reach("begin_works")
    case.do("request_withdrawal", {"reason": "不办了"}).do("approve_withdrawal", {"reason": "同意"})
    assert told(case)[-2:] == [
        ("withdrawn", TOWN_FUND, "committed", "approved", 48_000),
        ("withdrawn", TOWN_FUND, "approved", SOURCE, 48_000),
    ]
    assert nonzero(balances_owed(case.state)) == {}


def test_a_payment_in_full_for_less_than_was_audited_releases_the_rest() -> None:
    case = life().reach("pay").answer("pay", amount=45_000 * FEN, final=True)
    assert steps(case) == (BUDGET, *[45_000 * FEN] * 4)
    assert ("paid", TOWN_FUND, "payable", "settled", 3_000) in told(case)


def test_payments_in_parts_leave_what_is_still_owed_payable() -> None:
    case = (
        life()
        .reach("pay")
        .do("pay", {"amount": 20_000 * FEN, "voucher": "V-1", "final": False}, stage="pay")
    )
    assert steps(case) == (BUDGET, BUDGET, BUDGET, BUDGET, 20_000 * FEN)
    assert balances_owed(case.state)[TOWN_FUND, "payable"] == 28_000 * FEN


def test_a_changed_budget_is_posted_as_a_difference_and_never_as_an_edit() -> None:
    case = life().reach("publicize_project")
    before = case.state
    case.do("request_change", {"changes": {"budget": 40_000 * FEN}, "reason": "压缩"})
    case.do("approve_change", {"reason": "同意"})
    assert [m.to_account for m in postings_owed(before, case.state)] == [SOURCE]
    again = case.finish()
    posted = [move for _, move in moves(again) if move.to_account == "approved"]
    assert sum(move.amount for move in posted if not move.reverses) >= 88_000 * FEN
    assert steps(again)[0] == steps(again)[-1] == 40_000 * FEN


def test_what_was_paid_stays_paid_when_the_audit_is_done_again() -> None:
    case = (
        life()
        .reach("pay")
        .do("pay", {"amount": 20_000 * FEN, "voucher": "V-1", "final": False}, stage="pay")
    )
    audit = next(e.sequence for e in case.state.history if e.kind == "audited")
    wrong = {"sequence": audit, "content": {"audited": 30_000 * FEN}, "reason": "笔误"}
    case.do("correct", wrong)
    if case.state.request is not None:
        case.do("settle_correction", {"keep": False, "reason": "重办"})
    assert steps(case)[-1] == 20_000 * FEN
    assert steps(case)[0] >= steps(case)[1] >= 20_000 * FEN


def test_every_approval_names_the_ceiling_and_only_one_above_it_needs_a_reason() -> None:
    assert [(m.ceiling, m.reason) for _, m in moves(life().reach("publicize_project"))] == [
        (10_000_000, None)
    ]
    given = {"town": "郑坊镇", "project": {"kind": "big", "budget": 350_000}}
    case, refusal = played(LawCase("zhengfang", "", date(2026, 3, 2), given, {}, ""))
    assert refusal is None
    case.reach("town_determines")
    case.answer("town_determines", override_reason="一期必须做完")
    posted = [move for _, move in moves(case)]
    assert [(m.ceiling, m.reason) for m in posted] == [(30_000_000, "一期必须做完")]
    assert posted[0].amount == 35_000_000


CITIES: list[tuple[str, str, dict[str, Any], list[str]]] = [
    ("zhangjiagang", TOWN, {}, ["town_fund"]),
    ("nanshan", "示例甲街道", {"kind": "services"}, ["street_fund"]),
    ("nanshan", "示例甲街道", {"kind": "services", "overhead": True}, ["overhead_fund"]),
    ("nanshan", "示例甲街道", {"urgent": True}, ["street_fund"]),
    ("shenyang", "示例甲街道", {}, ["star_award"]),
    ("shenyang", "示例甲街道", {"kind": "plan", "category": "use_plan"}, []),
    ("zhengfang", "郑坊镇", {"budget": 80_000}, ["fiscal"]),
    ("zhengfang", "郑坊镇", {"budget": 120_000}, ["fiscal"]),
]


@pytest.mark.parametrize(("city", "town", "project", "funds"), CITIES)
def test_in_every_city_all_that_was_paid_passed_every_step_in_the_fund_the_rulebook_names(
    city: str, town: str, project: dict[str, Any], funds: list[str]
) -> None:
    given = {"town": town, "project": project}
    case, refusal = played(LawCase(city, "", date(2026, 3, 2), given, {}, ""))
    assert refusal is None, refusal
    case.finish()
    posted = [move for _, move in moves(case)]
    assert sorted({move.fund for move in posted}) == funds
    paid = case.state.amounts.get("paid", 0)
    for fund in funds:
        assert steps(case, fund) == (paid,) * len(CHAIN)
    assert nonzero(summed(posted)) == nonzero(balances_owed(case.state))


@given(st.integers(0, 10**9), st.integers(0, 10**9), st.integers(0, 10**9), st.integers(0, 10**9))
def test_a_larger_amount_never_takes_less_from_any_fund_and_nothing_is_lost(
    budget: int, other: int, one: int, two: int
) -> None:
    facts = {**WORKS, "budget": budget, "other_funds": min(other, budget)}
    assert sum(part for _, part in portions(RULEBOOK, facts)) == budget
    less, more = (shares(RULEBOOK, facts, amount) for amount in sorted((one, two)))
    assert sum(less.values()) == min(one, two)
    assert all(less[fund] <= more[fund] for fund in less)


def test_funds_have_names_that_people_know() -> None:
    names = [fund_label(RULEBOOK, code) for code in (TOWN_FUND, DONATED, "fiscal", "project_cap")]
    assert names == [
        "镇(区)民生微实事项目资金",
        "社会资金（捐赠、赞助、冠名）",
        "财政资金",
        "单个项目资金上限",
    ]


def test_money_that_goes_back_along_its_chain_is_told_from_money_that_goes_on() -> None:
    back = [("paid", "payable"), ("approved", SOURCE), ("recognised", "appropriated")]
    on = [("payable", "paid"), ("appropriated", "recognised"), (SOURCE, "quota")]
    assert all(is_reversal(here, there) for here, there in [*back, ("quota", SOURCE)])
    assert not any(is_reversal(here, there) for here, there in [*on, ("quota", "quota")])


def test_the_ceiling_is_the_lowest_of_those_that_apply() -> None:
    assert ceiling(life().state) == 10_000_000
    given = {"town": "示例甲街道", "project": {"kind": "works"}}
    case, _ = played(LawCase("nanshan", "", date(2026, 3, 2), given, {}, ""))
    assert ceiling(case.state) == 100_000_000


class Money(RuleBasedStateMachine):
    """One case under random acts: its postings, one by one, against what its journal says."""

    @initialize(data=st.data())
    def begin(self, data: st.DataObject) -> None:
        other = data.draw(st.sampled_from([0, 1, DONATION, BUDGET]))
        self.case = Life(RULEBOOK).open({**WORKS, "other_funds": other})
        for _ in range(data.draw(st.integers(0, 14))):
            if self.case.state.open and self.case.stages[0] in self.case.rulebook.stages:
                self.case.answer(self.case.stages[-1]).wait()
        self.posted: list[Move] = [move for _, move in moves(self.case)]

    @rule(data=st.data())
    def somebody_acts(self, data: st.DataObject) -> None:
        before = self.case.state
        action, stage, content = acts(self.case, data)
        at = self.case.now - hesitations(data)
        found = self.case.propose(action, content, stage=stage, at=at, evidence=("digest",))
        if isinstance(found, Fact):
            self.case.record(found)
            self._post(before)

    @rule(days=st.sampled_from([1, 3, 12]))
    def time_passes(self, days: int) -> None:
        before = self.case.state
        self.case.wait(days)
        self._post(before)

    def _post(self, before: State) -> None:
        balances = Counter(summed(self.posted))
        entry = postings_owed(before, self.case.state)
        for move in entry:
            assert move.amount > 0
            balances[move.fund, move.from_account] -= move.amount
            balances[move.fund, move.to_account] += move.amount
            overdrawn = [key for key, amount in balances.items() if key[1] != SOURCE and amount < 0]
            assert not overdrawn, (move, overdrawn)
        self.posted += entry

    @invariant()
    def balances_are_the_sums_of_the_postings_in_whatever_order(self) -> None:
        otherwise = sorted(self.posted, key=lambda move: (move.amount, move.to_account))
        assert nonzero(summed(otherwise)) == nonzero(balances_owed(self.case.state))

    @invariant()
    def every_fund_sums_to_zero(self) -> None:
        for fund in {move.fund for move in self.posted}:
            parts = [amount for key, amount in summed(self.posted).items() if key[0] == fund]
            assert sum(parts) == 0

    @invariant()
    def no_step_is_more_than_the_one_before_it_and_the_total_is_the_journal_s(self) -> None:
        for amounts in levels(self.case.state).values():
            assert list(amounts) == sorted(amounts, reverse=True)
            assert amounts[-1] >= 0
        found = [sum(column) for column in zip(*levels(self.case.state).values(), strict=True)]
        assert tuple(found or (0,) * len(CHAIN)) == totals_of(self.case.state)
        assert totals_of(self.case.state)[-1] == self.case.state.amounts.get("paid", 0)


TestMoney = Money.TestCase
