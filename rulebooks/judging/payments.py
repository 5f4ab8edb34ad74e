"""拨付：一个环节至多付多少、最早何时付、从哪笔资金付、付什么。金额单位：分。

一个项目可以分几个环节拨付；任何时候累计都不超过审定额，没有审计的不超过合同额。
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from fractions import Fraction

from rulebooks.days.working_days import BEIJING, Calendar, span
from rulebooks.judging.asking import Ask
from rulebooks.policy.funds import payable, split
from rulebooks.policy.lookups import name_of, share_text, yuan
from rulebooks.procedure.amounts import PAID, RECOGNIZED
from rulebooks.procedure.state import OpenStage, State
from rulebooks.vocabulary.facts import day_in
from rulebooks.vocabulary.model import Cited, Fund, NotBefore, Rulebook, Stage
from rulebooks.vocabulary.policies import FundBase
from rulebooks.vocabulary.refusals import Refusal, refuse

BASES: Mapping[FundBase, str] = {
    "budget": "预算",
    "total": "总资金",
    "fiscal": "财政资金",
    "contract": "合同金额",
    "submitted": "送审金额",
    "audited": "审定金额",
    "audited_fiscal": "审定金额中的财政资金",
}
WHOLE = Fraction(1)
# 资金只写了不得支付什么的，其余的用途。
OTHER = "other"
OTHER_LABEL = "其他项目费用"


@dataclass(frozen=True, slots=True)
class Bound:
    """累计不得超过的一个数：怎样累计、已付多少、至多多少及怎样得来、依据哪一段。"""

    code: str
    counted: str
    paid: int
    most: int
    label: str
    cited: Cited | None = None
    own: str = ""


def purposes(rulebook: Rulebook, stage: Stage) -> dict[str, str]:
    """这个环节的支付用途可选哪些；资金没有限定用途的为空。"""
    fund = rulebook.funds.get(stage.fund or "")
    if fund is None or not (fund.pays_only or fund.pays_not):
        return {}
    known = {item.term: item.label or name_of(rulebook, item.term) for item in fund.pays_only}
    known = known or {OTHER: OTHER_LABEL}
    refused = {item.term: item.label or name_of(rulebook, item.term) for item in fund.pays_not}
    return {**known, **refused}


def payment_problem(ask: Ask) -> Refusal | None:
    """本次拨付可否：金额大于零，用途许可，不超过这个环节、这笔资金、全项目所能付的。"""
    state, amount = ask.state, ask.content["amount"]
    if not amount and not (state.amounts.get(PAID, 0) and ask.content["final"]):
        return ask.refuse("nothing_paid", "本次拨付金额须大于零，请填写实际拨付的金额。")
    return _bad_purpose(ask) or _over(ask, amount)


def corrected_payment_problem(ask: Ask) -> Refusal | None:
    """更正后的一笔拨付照样不超过这个环节、这笔资金、全项目所能付的。

    状态里还算着更正前的那一笔，所以只看多出来的。
    """
    if ask.opened is None:
        return None
    before = ask.state.content_of(ask.opened.sequence)["amount"]
    more = ask.content["amount"] - int(before)
    return _bad_purpose(ask) or (_over(ask, more) if more > 0 else None)


def most_payable(state: State, stage_name: str) -> int:
    """这个环节此刻至多还能付多少；限额无从算出的为零。"""
    bounds = list(_bounds(state, stage_name))
    if any(isinstance(bound, Refusal) for bound in bounds):
        return 0
    left = [bound.most - bound.paid for bound in bounds if isinstance(bound, Bound)]
    return max(min(left), 0)


def is_part(stage: Stage) -> bool:
    """是否分次拨付中的一次，其后还要再付：付清这一环节不等于付清全项目。"""
    part = stage.pays
    return part is not None and not part.rest and (part.share or part.up_to) != WHOLE


def _over(ask: Ask, more: int) -> Refusal | None:
    """再付这些是否超过；超过的写明两个数与依据。"""
    for bound in _bounds(ask.state, _name(ask)):
        if isinstance(bound, Refusal):
            return bound
        total = bound.paid + more
        if total > bound.most:
            sentence = (
                f"{bound.counted}{yuan(total)}超过{bound.label}{yuan(bound.most)}{bound.own}，"
                "请核对拨付金额。"
            )
            return ask.refuse(bound.code, sentence, bound.cited)
    return None


def _name(ask: Ask) -> str:
    return ask.opened.stage if ask.opened is not None else ""


def _bounds(state: State, name: str) -> Iterator[Bound | Refusal]:
    """累计拨付的各个上限，由紧到宽：这个环节的份额、这笔资金、全项目；申请的拨付以认定为限。"""
    stage, amounts = state.rulebook.stages[name], state.amounts
    if state.rulebook.submission is not None:
        most, paid = amounts.get(RECOGNIZED, 0), amounts.get(PAID, 0)
        yield Bound("paid_over_recognized", "累计拨付", paid, most, "认定的")
        return
    if stage.pays is not None and stage.pays.of is not None:
        yield _part_bound(state, name, stage)
    fund = state.rulebook.funds.get(stage.fund or "")
    if fund is not None and (fund.share is not None or fund.ceiling is not None):
        yield _fund_bound(state, stage, fund)
    base: FundBase = "audited" if "audited" in amounts else "contract"
    ceiling = amounts.get(base, amounts["budget"])
    paid = amounts.get(PAID, 0)
    yield Bound("paid_over_ceiling", "累计拨付", paid, ceiling, BASES[base])


def _part_bound(state: State, name: str, stage: Stage) -> Bound | Refusal:
    """这个环节的份额：单算这一环节付的，或累计付至。"""
    part = stage.pays
    if part is None or part.of is None:
        raise ValueError(f"环节“{stage.label}”没有写拨付的份额。")
    base = base_of(state, part.of)
    cited = part if part.cites or part.reading else None
    if base is None:
        return _no_base(state, stage, part.of, cited)
    share = part.share or part.up_to or WHOLE
    most, label = math.floor(share * base), f"{BASES[part.of]}{yuan(base)}的{share_text(share)}，即"
    if part.share is not None:
        counted, paid = f"“{stage.label}”拨付", paid_in(state, {name})
    else:
        counted, paid = "累计拨付", state.amounts.get(PAID, 0)
    return Bound("paid_over_part", counted, paid, most, label, cited)


def _fund_bound(state: State, stage: Stage, fund: Fund) -> Bound | Refusal:
    """这笔资金至多负担多少：基数按比例分担，有封顶的不超过封顶；其余由另一方自筹。"""
    rulebook = state.rulebook
    kind = fund.base or ("audited" if "audited" in state.amounts else "contract")
    base = base_of(state, kind)
    if base is None:
        return _no_base(state, stage, kind, fund)
    found = split(rulebook, fund, base, {**state.facts, "year": _year(state)})
    if isinstance(found, Refusal):
        return _about(state, found)
    drawing = {name for name, item in rulebook.stages.items() if item.fund == stage.fund}
    receiver = name_of(rulebook, fund.receiver) if fund.receiver else "受补助的一方"
    own = f"（{BASES[kind]}{yuan(base)}，其余{yuan(found.rest)}由{receiver}自筹）"
    counted, paid = f"从{fund.label}拨付", paid_in(state, drawing)
    return Bound("paid_over_fund", counted, paid, found.payer, "其可负担的", fund, own)


def _about(state: State, found: Refusal) -> Refusal:
    """对资金问题的否定答复，写明是哪个事项。"""
    return replace(found, sentence=f"事项{state.number}：{found.sentence}")


def _no_base(state: State, stage: Stage, base: FundBase, cited: Cited | None) -> Refusal:
    sentence = f"还没有{BASES[base]}，算不出“{stage.label}”可付多少，请先登记。"
    return refuse(state.rulebook, state.number, "no_base", sentence, cited or stage)


def base_of(state: State, base: FundBase) -> int | None:
    """某项金额，还没有的为 None；审定额中的财政资金为扣除社会资金之后的，社会资金先用。"""
    if base != "audited_fiscal":
        return state.amounts.get(base)
    audited = state.amounts.get("audited")
    return None if audited is None else max(audited - int(state.facts.get("other_funds") or 0), 0)


def paid_in(state: State, stages: set[str]) -> int:
    """这几个环节各轮一共付了多少；更正过的照更正后的。"""
    return sum(
        int(state.content_of(event.sequence)["amount"])
        for event in state.history
        if event.kind == PAID and event.stage in stages
    )


def _year(state: State) -> int:
    """项目所属的年度：立项的那一年，还没有立项的为立卷的那一年。"""
    return (state.established_at or state.history[0].occurred_at).astimezone(BEIJING).year


def _bad_purpose(ask: Ask) -> Refusal | None:
    """用途写明了，且这笔资金可以支付。"""
    rulebook, purpose = ask.state.rulebook, ask.content.get("purpose", "")
    known = purposes(rulebook, ask.stage)
    if not known:
        return None
    fund = rulebook.funds[ask.stage.fund or ""]
    if purpose not in known:
        listed = "、".join(known.values())
        sentence = f"没有写明{fund.label}的支付用途，请从中选择：{listed}。"
        return ask.refuse("purpose_missing", sentence, fund)
    found = payable(rulebook, fund, purpose, ask.content["amount"])
    return None if found is None else _about(ask.state, found)


def too_early_to_pay(
    state: State, opened: OpenStage | None, at: datetime, calendar: Calendar
) -> Refusal | None:
    """还没有到可以拨付的时候；写明最早何日、依据哪条。"""
    stage = state.rulebook.stages.get(opened.stage) if opened is not None else None
    rule = stage.pays.not_before if stage is not None and stage.pays is not None else None
    if stage is None or rule is None:
        return None
    first = _first_day(state, rule, calendar)
    if first is not None and at.astimezone(BEIJING).date() >= first:
        return None
    when = _when(state, rule) if first is None else f"须自{first.isoformat()}起才能拨付"
    sentence = f"“{stage.label}”{when}，请到时再登记。"
    cited = rule if rule.cites or rule.reading else stage
    return refuse(state.rulebook, state.number, "not_yet_payable", sentence, cited)


def _first_day(state: State, rule: NotBefore, calendar: Calendar) -> date | None:
    """最早可以拨付的那一天；日期没有填、环节没有办结的为 None。"""
    if rule.fact is not None:
        return day_in(state.facts.get(rule.fact))
    result = state.result_of(rule.since or "")
    if result is None:
        return None
    day = result.at.astimezone(BEIJING).date()
    if rule.count is None or rule.unit is None:
        return day
    return span(calendar, day, rule.count, rule.unit, rolls=False).opens.astimezone(BEIJING).date()


def _when(state: State, rule: NotBefore) -> str:
    if rule.fact is not None:
        return f"要到“{state.rulebook.facts[rule.fact].label}”之日才能拨付，这个日期还没有填写"
    label = state.rulebook.stages[rule.since or ""].label
    return f"要到“{label}”办结之后才能拨付，该环节尚未办结"
