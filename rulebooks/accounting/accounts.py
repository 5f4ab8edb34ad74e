"""科目：一个项目的每一分钱走到哪一步，记在哪笔资金里；分录由前后两个状态之差得出。单位：分。

科目是一条链：来源 → 已立项 → 已签约 → 已审定 → 应付 → 已付。钱只能一步一步往前走，
退回的写作反向的一笔，从不改动旧的；每一步都不超过前一步，数据库据此看守。
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from rulebooks.judging.payments import is_part, most_payable, paid_in
from rulebooks.policy.conditions import holds
from rulebooks.policy.limits import UPPER, Given, assess
from rulebooks.procedure.amounts import PAID
from rulebooks.procedure.state import State
from rulebooks.vocabulary.model import Fund, Rulebook

SOURCE = "source"
APPROVED = "approved"
COMMITTED = "committed"
SETTLED = "settled"
PAYABLE = "payable"
# 由近及远：前一步没有的，后一步不能有。
CHAIN = (APPROVED, COMMITTED, SETTLED, PAYABLE, PAID)
# 年度预算安排、市级认定与拨付、统筹调剂的额度：不属于某一项目的科目。
APPROPRIATED = "appropriated"
RECOGNISED = "recognised"
DISBURSED = "disbursed"
QUOTA = "quota"
# 市级补助：年度安排、认定到某镇街的项目、拨付。
SUBSIDY = (SOURCE, APPROPRIATED, RECOGNISED, DISBURSED)

ACCOUNT_LABELS: Mapping[str, str] = {
    SOURCE: "来源",
    APPROVED: "已立项未签约",
    COMMITTED: "已签约未审定",
    SETTLED: "已审定未列应付",
    PAYABLE: "应付未付",
    PAID: "已付",
    APPROPRIATED: "年度预算安排",
    RECOGNISED: "已认定待拨",
    DISBURSED: "已拨镇街",
    QUOTA: "调剂后额度",
}
STEP_LABELS: Mapping[str, str] = {
    APPROVED: "立项",
    COMMITTED: "签约",
    SETTLED: "审定",
    PAYABLE: "列应付",
    PAID: "拨付",
    APPROPRIATED: "安排",
    RECOGNISED: "认定",
    DISBURSED: "拨给镇街",
    QUOTA: "调剂",
}
# 规则手册没有写明记入哪笔资金的，按来源各自单列。
FISCAL = "fiscal"
OTHER_FUNDS = "other_funds"
PORTION_LABELS: Mapping[str, str] = {
    OTHER_FUNDS: "社会资金（捐赠、赞助、冠名）",
    FISCAL: "财政资金",
}
PER_PROJECT = ("project",)
WHOLE = (None, "budget", "total")
Levels = tuple[int, ...]
NOTHING: Levels = (0,) * len(CHAIN)


@dataclass(frozen=True, slots=True)
class Move:
    """一笔分录：同一资金之内由一个科目转入另一个，金额大于零。

    往回走的是冲回。立项的一笔另载单个项目上限 `ceiling`；超过上限的，`reason` 为获准的理由。
    """

    fund: str
    from_account: str
    to_account: str
    amount: int
    ceiling: int | None = None
    reason: str | None = None

    @property
    def reverses(self) -> bool:
        """是否冲回：沿链往回走。"""
        return is_reversal(self.from_account, self.to_account)


def is_reversal(from_account: str, to_account: str) -> bool:
    """由后一步退回前一步：项目的链，市级补助的链，或额度退回来源。"""
    for chain in ((SOURCE, *CHAIN), SUBSIDY, (SOURCE, QUOTA)):
        if from_account in chain and to_account in chain:
            return chain.index(to_account) < chain.index(from_account)
    return False


def portions(rulebook: Rulebook, facts: Mapping[str, Any]) -> tuple[tuple[str, int], ...]:
    """一个项目的资金来源：资金代号与其在预算中的数额，依先用后用的次序，财政资金垫底。

    记入哪笔资金、先后如何，由规则手册的 `books` 写明，写在前面的先用；没有写明的，社会资金、
    财政资金各自单列，社会资金先用。
    """
    booked: dict[str, str] = {}
    for code, fund in rulebook.funds.items():
        if fund.books is not None and holds(fund.books.only, facts, {}):
            booked.setdefault(fund.books.of, code)
    if OTHER_FUNDS not in booked:
        booked = {OTHER_FUNDS: OTHER_FUNDS, **booked}
    left = int(facts.get("budget", 0))
    found = []
    for portion, code in booked.items():
        part = 0 if portion == FISCAL else min(int(facts.get(portion) or 0), left)
        left -= part
        if part:
            found.append((code, part))
    return (*found, (booked.get(FISCAL, FISCAL), left))


def shares(rulebook: Rulebook, facts: Mapping[str, Any], amount: int) -> dict[str, int]:
    """一笔金额由各资金各出多少：依次用足，余下的归财政；金额大的不会让哪一笔出得少。"""
    return _drawn(portions(rulebook, facts), amount)


def _drawn(sources: tuple[tuple[str, int], ...], amount: int) -> dict[str, int]:
    found: dict[str, int] = {}
    for code, portion in sources[:-1]:
        found[code] = min(portion, amount)
        amount -= found[code]
    for code, _ in sources[-1:]:
        found[code] = amount
    return found


def levels(state: State) -> dict[str, Levels]:
    """各资金走到每一步的累计：已立项、已签约、已审定、应付、已付，后一步不超过前一步。"""
    totals = totals_of(state)
    if totals == NOTHING:
        return {}
    named = _paid_from(state)
    sources = tuple(
        (code, max(part - named.get(code, 0), 0))
        for code, part in portions(state.rulebook, state.facts)
    )
    drawn = [_drawn(sources, total - sum(named.values())) for total in totals]
    codes = dict.fromkeys((*named, *(code for code, _ in sources)))
    return {code: tuple(named.get(code, 0) + item.get(code, 0) for item in drawn) for code in codes}


def _paid_from(state: State) -> dict[str, int]:
    """拨付环节写明从哪笔资金付的，照它所写；这些钱各步都算那笔资金的。"""
    drawing: dict[str, set[str]] = {}
    for name, stage in state.rulebook.stages.items():
        if stage.kind == "pay" and stage.fund is not None:
            drawing.setdefault(stage.fund, set()).add(name)
    found = {fund: paid_in(state, names) for fund, names in drawing.items()}
    return {fund: amount for fund, amount in found.items() if amount}


def totals_of(state: State) -> Levels:
    """全部资金合计走到每一步的累计。

    报送件自己没有钱，都为零。已拨付的是既成事实：立项、合同、审定一时失效的，也不低于已拨付的。
    付清之后没有用完的退回已立项，结案之后没有用完的退回来源。
    """
    amounts = state.amounts
    if "budget" not in amounts or state.rulebook.submission is not None:
        return NOTHING
    paid, budget = amounts.get(PAID, 0), amounts["budget"]
    established = state.established_at is not None and state.outcome is None
    approved = amounts.get("approved", budget) if established else 0
    committed = settled = payable = 0
    finished, paying = _finished(state), _paying(state)
    if state.outcome is None and (PAID not in finished or paying):
        due = amounts.get("audited", amounts.get("contract", budget))
        committed = amounts.get("audited", amounts.get("contract", 0))
        settled = due if "audited" in amounts or "passed" in finished else 0
        payable = min(paid + sum(most_payable(state, name) for name in paying), max(due, paid))
    return _never_rising((approved, committed, settled, payable, paid))


def _never_rising(found: Levels) -> Levels:
    """后一步有的，前一步不会少于它。"""
    risen: list[int] = []
    for amount in reversed(found):
        risen.append(max([amount, *risen[-1:]]))
    return tuple(reversed(risen))


def _paying(state: State) -> list[str]:
    """正在办理的拨付环节。"""
    stages = state.rulebook.stages
    names = (item.stage for item in state.open)
    return [name for name in names if name in stages and stages[name].kind == "pay"]


def _finished(state: State) -> frozenset[str]:
    """有效的结果里与钱有关的：验收合格（passed）、全部付清（paid，分次的不算）。"""
    stages = state.rulebook.stages
    return frozenset(
        result.outcome
        for result in state.results
        if not result.void
        and result.stage in stages
        and stages[result.stage].kind in ("accept", "pay")
        and not is_part(stages[result.stage])
    )


def balances_owed(state: State) -> dict[tuple[str, str], int]:
    """各资金各科目应有的余额；来源为负，各科目合起来为零。"""
    found: dict[tuple[str, str], int] = {}
    for fund, steps in levels(state).items():
        found[fund, SOURCE] = -steps[0]
        for account, (here, further) in zip(CHAIN, pairwise((*steps, 0)), strict=True):
            found[fund, account] = here - further
    return found


def postings_owed(before: State, after: State) -> tuple[Move, ...]:
    """一条记录使分录簿应当添上的各笔：先冲回，由后往前；再记入，由前往后，次次都不透支。"""
    if _same_money(before, after):
        return ()
    old, new = levels(before), levels(after)
    back: list[Move] = []
    forth: list[Move] = []
    for fund in dict.fromkeys((*old, *new)):
        changes = _changes(fund, old.get(fund, NOTHING), new.get(fund, NOTHING))
        for move in changes:
            (back if move.reverses else forth).append(move)
    back.sort(key=lambda move: -CHAIN.index(move.from_account))
    forth.sort(key=lambda move: CHAIN.index(move.to_account))
    return (*back, *_within_ceiling(after, forth))


def _same_money(before: State, after: State) -> bool:
    """与钱有关的都没有变：绝大多数记录如此，所以先看合计，不逐笔资金去算。"""
    now = totals_of(after)
    return totals_of(before) == now and (
        now == NOTHING or (before.rulebook is after.rulebook and before.facts == after.facts)
    )


def _changes(fund: str, old: Levels, new: Levels) -> Iterator[Move]:
    steps = zip(pairwise((SOURCE, *CHAIN)), old, new, strict=True)
    for (nearer, further), was, now in steps:
        if now > was:
            yield Move(fund, nearer, further, now - was)
        elif now < was:
            yield Move(fund, further, nearer, was - now)


def _within_ceiling(state: State, moves: list[Move]) -> Iterator[Move]:
    """立项的各笔载明单个项目上限；合计超过的，载明这条记录所写的理由。"""
    for move in moves:
        if move.from_account != SOURCE:
            yield move
            continue
        cap = ceiling(state)
        over = cap is not None and totals_of(state)[0] > cap
        reason = _reason(state) if over else None
        yield Move(move.fund, SOURCE, APPROVED, move.amount, cap, reason)


def ceiling(state: State) -> int | None:
    """单个项目资金上限（分）：各条适用的取最低的；没有规定的为 None。"""
    numbers = {name: value for name, value in state.facts.items() if type(value) is int}
    given = Given(state.facts, numbers, state.amounts)
    bounds = []
    for limit in state.rulebook.limits.values():
        if limit.per == PER_PROJECT and limit.limit.money and limit.of in WHOLE:
            found = assess(state.rulebook, limit, 0, given)
            if found.applies and found.bound is not None and limit.word in UPPER:
                bounds.append(int(found.bound))
    return min(bounds, default=None)


def _reason(state: State) -> str | None:
    """这条记录所写的越过“原则上”限额的理由。"""
    content = state.history[-1].content
    return content.get("override_reason") or content.get("reason") or content.get("opinion") or None


def fund_label(rulebook: Rulebook, code: str) -> str:
    """资金的名称；规则手册没有这笔资金的，按来源的名称，额度按限额的名称。"""
    if code in rulebook.funds:
        return rulebook.funds[code].label
    if code in rulebook.limits:
        return rulebook.limits[code].label
    return PORTION_LABELS.get(code, code)


def is_donated(rulebook: Rulebook, code: str) -> bool:
    """是否社会资金：捐赠、赞助、冠名所得，单列，不与财政资金相混。"""
    fund: Fund | None = rulebook.funds.get(code)
    portion = fund.books.of if fund is not None and fund.books is not None else code
    return portion == OTHER_FUNDS
