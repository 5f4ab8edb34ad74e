"""核对：一个动作填好的内容，环节所要求的是否都有，金额与人数是否相合。"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from rulebooks.amounts import PAID
from rulebooks.asking import Ask, applicable
from rulebooks.case_checks import CASE_CHECKS
from rulebooks.conditions import holds
from rulebooks.limits import over_cap_when_established, yuan
from rulebooks.model import Condition
from rulebooks.refusals import Refusal
from rulebooks.state import OpenStage


def demand_problem(ask: Ask) -> Refusal | None:
    """环节所要求的是否都有；按动作取相应的核对。"""
    check = CHECKS.get(ask.action)
    return check(ask) if check else None


def _vote(ask: Ask) -> Refusal | None:
    for demand in applicable(ask.state, ask.stage.demands):
        if not ask.content["demands"].get(demand.term):
            sentence = f"未确认“{ask.label(demand.term)}”，表决无效，请补办后再登记。"
            return ask.refuse("demand_missing", sentence, demand)
    for check in applicable(ask.state, ask.stage.checks):
        if check.term not in ask.content["checks"]:
            sentence = f"未写明是否“{ask.label(check.term)}”，请逐项核对后再登记。"
            return ask.refuse("check_missing", sentence, check)
    return _unknown_terms(ask)


def _unknown_terms(ask: Ask) -> Refusal | None:
    known = {check.term for check in (*ask.stage.demands, *ask.stage.checks)}
    unknown = [name for key in ("demands", "checks") for name in ask.content[key]]
    unknown = [name for name in unknown if name not in known]
    if not unknown:
        return None
    sentence = f"“{ask.stage.label}”没有“{'、'.join(unknown)}”这一项，请去掉后再登记。"
    return ask.refuse("unknown_term", sentence)


def _approve(ask: Ask) -> Refusal | None:
    """立项时核对限额。"""
    if not ask.stage.establishes:
        return None
    overridden = bool(ask.content["override_reason"])
    before = ask.outside.community_year_total
    return over_cap_when_established(ask.state, before, overridden=overridden)


def _channel(ask: Ask) -> Refusal | None:
    if ask.content["channel"] in ask.stage.channels:
        return None
    listed = "、".join(ask.label(channel) for channel in ask.stage.channels)
    return ask.refuse("unknown_channel", f"公示渠道须为{listed}，请改正后再登记。")


def _object(ask: Ask) -> Refusal | None:
    publicity = ask.opened.publicity if ask.opened else None
    if publicity is None or publicity.opens is None:
        return None
    if ask.occurred_at >= publicity.opens:
        sentence = "公示期已满，期满后的意见请由社区党组织另行答复，需要改动项目的请申请变更。"
        return ask.refuse("publicity_over", sentence, ask.stage.objections)
    if ask.content["objection"] in [item.name for item in publicity.objections]:
        sentence = f"意见编号“{ask.content['objection']}”已登记过，请换一个编号。"
        return ask.refuse("known_objection", sentence, ask.stage.objections)
    return None


def _answer(ask: Ask) -> Refusal | None:
    known = ask.opened.publicity.unanswered if ask.opened and ask.opened.publicity else ()
    if ask.content["objection"] in known:
        return None
    sentence = (
        f"意见“{ask.content['objection']}”不存在或已答复，"
        f"请从待答复的意见中选择：{'、'.join(known)}。"
    )
    return ask.refuse("unknown_objection", sentence, ask.stage.objections)


def _select(ask: Ask) -> Refusal | None:
    found, town = ask.outside.implementer, ask.state.facts["town"]
    if found is None or found.town != town:
        sentence = f"“{ask.content['implementer']}”不在{town}实施主体库中，请先入库或另选。"
        return ask.refuse("unknown_implementer", sentence)
    if not found.active:
        sentence = f"“{found.name}”已暂停承接，请另选实施主体。"
        return ask.refuse("suspended_implementer", sentence)
    return None


def _sign(ask: Ask) -> Refusal | None:
    for clause in applicable(ask.state, ask.stage.clauses):
        if not str(ask.content["clauses"].get(clause.term, "")).strip():
            label = ask.label(clause.term)
            sentence = f"合同未载明“{label}”，请补写条款，不涉及的写明“不涉及”及理由。"
            return ask.refuse("clause_missing", sentence, clause)
    amount, budget = ask.content["amount"], ask.state.amounts["budget"]
    if amount > budget:
        sentence = f"合同金额{yuan(amount)}超过立项预算{yuan(budget)}，请调减合同金额或先申请变更。"
        return ask.refuse("contract_over_budget", sentence)
    return _below_paid(ask, "合同金额", amount)


def _audit(ask: Ask) -> Refusal | None:
    amounts = {**ask.state.amounts, "submitted": ask.content["submitted"]}
    rule = ask.stage.third_party_when
    third_party = (
        holds(rule, ask.state.facts, amounts) if isinstance(rule, Condition) else bool(rule)
    )
    if third_party and ask.content["auditor"] != "third_party":
        sentence = "本项目须委托第三方审计，请委托后登记其结论。"
        return ask.refuse("third_party_needed", sentence)
    if ask.stage.bundled and not ask.content["bundle"]:
        return ask.refuse("bundle_missing", "本项目打包审计，请填写打包审计批次。")
    contract = ask.state.amounts.get("contract")
    audited = ask.content["audited"]
    if contract is not None and audited > contract:
        sentence = f"审定金额{yuan(audited)}超过合同金额{yuan(contract)}，请核对两项金额。"
        return ask.refuse("audited_over_contract", sentence)
    return _below_paid(ask, "审定金额", audited)


def _below_paid(ask: Ask, label: str, amount: int) -> Refusal | None:
    paid = ask.state.amounts.get(PAID, 0)
    if amount >= paid:
        return None
    sentence = f"{label}{yuan(amount)}低于已拨付的{yuan(paid)}，请先追回多付款并更正拨付记录。"
    return ask.refuse("below_paid", sentence)


def _measure(ask: Ask) -> Refusal | None:
    missing = [group for group in ask.stage.groups if group not in ask.content["groups"]]
    if missing:
        sentence = f"测评对象缺少{'、'.join(missing)}，请补测后再登记。"
        return ask.refuse("group_missing", sentence)
    when = ask.stage.effect_when
    needs_effect = when is not None and holds(when, ask.state.facts, ask.state.amounts)
    if needs_effect and not ask.content["effect"]:
        return ask.refuse("effect_missing", "本项目的测评须含实施成效评估，请补写后再登记。")
    return None


def _pay(ask: Ask) -> Refusal | None:
    amounts = ask.state.amounts
    label = "审定金额" if "audited" in amounts else "合同金额"
    ceiling = amounts.get("audited", amounts.get("contract", amounts["budget"]))
    amount, paid = ask.content["amount"], amounts.get(PAID, 0)
    if not amount and not (paid and ask.content["final"]):
        return ask.refuse("nothing_paid", "本次拨付金额须大于零，请填写实际拨付的金额。")
    total = paid + amount
    if total <= ceiling:
        return None
    sentence = f"累计拨付{yuan(total)}超过{label}{yuan(ceiling)}，请核对拨付金额。"
    return ask.refuse("paid_over_ceiling", sentence)


def _archive(ask: Ask) -> Refusal | None:
    contained = ask.content["contains"]
    missing = [term for term in ask.stage.contains if not str(contained.get(term, "")).strip()]
    if not missing:
        return None
    listed = "、".join(ask.label(term) for term in missing)
    return ask.refuse("archive_incomplete", f"归档材料缺少{listed}，请补齐后再归档。")


CHECKS: Mapping[str, Callable[[Ask], Refusal | None]] = {
    **CASE_CHECKS,
    "vote": _vote,
    "approve": _approve,
    "post": _channel,
    "take_down": _channel,
    "object": _object,
    "answer_objection": _answer,
    "select": _select,
    "sign": _sign,
    "audit": _audit,
    "measure": _measure,
    "pay": _pay,
    "archive": _archive,
}
# 更正后须照当初登记时再核对一遍的动作；拨付另按累计核对。
RECHECKED: Mapping[str, str] = {
    "voted": "vote",
    "signed": "sign",
    "audited": "audit",
    "measured": "measure",
    "archived": "archive",
}


def mended_problem(ask: Ask) -> Refusal | None:
    """更正后的内容照当初登记时的要求再核对一遍。"""
    if ask.action != "correct":
        return None
    sequence = ask.content["sequence"]
    original = ask.state.history[sequence - 1]
    action = RECHECKED.get(original.kind)
    if action is None or original.stage is None or original.round is None:
        return None
    then = OpenStage(original.stage, original.round, original.occurred_at, sequence)
    content = {**ask.state.content_of(sequence), **ask.content["content"]}
    return demand_problem(replace(ask, action=action, opened=then, content=content))
