"""核对：一个动作填好的内容，环节所要求的是否都有，金额与人数是否相合。"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date

from rulebooks.days.working_days import BEIJING
from rulebooks.judging.asking import Ask, applicable
from rulebooks.judging.caps import (
    over_cap_when_established,
    over_cap_when_selected,
    over_cap_when_signed,
)
from rulebooks.judging.case_checks import CASE_CHECKS, validated
from rulebooks.judging.correction_checks import CORRECTION_CHECKS
from rulebooks.judging.evaluation_checks import measure_problem
from rulebooks.judging.joint_checks import (
    APPROVED,
    batch_problem,
    corrected_batch_problem,
    corrected_rank_problem,
    rank_problem,
)
from rulebooks.judging.payment_terms import terms_problem
from rulebooks.judging.payments import corrected_payment_problem, payment_problem
from rulebooks.judging.publicity_checks import (
    answer_problem,
    channel_problem,
    objection_problem,
    withdrawal_problem,
)
from rulebooks.judging.recognition import claim_problem, recognize_problem, settled_problem
from rulebooks.policy.conditions import holds
from rulebooks.policy.limits import yuan
from rulebooks.procedure.amounts import PAID
from rulebooks.procedure.corrections import MODELS
from rulebooks.procedure.state import OpenStage
from rulebooks.vocabulary.events import ACTIONS
from rulebooks.vocabulary.facts import fact_problem
from rulebooks.vocabulary.model import Condition
from rulebooks.vocabulary.refusals import Refusal

# 事件 → 登记它的动作。
ACTIONS_OF: Mapping[str, str] = {kind: action for action, (kind, _) in ACTIONS.items()}


def demand_problem(ask: Ask) -> Refusal | None:
    """环节所要求的是否都有；按动作取相应的核对。"""
    check = CHECKS.get(ask.action)
    return check(ask) if check else None


def _listed(ask: Ask) -> Refusal | None:
    """前置要求逐项确认，核对要点逐项写明。"""
    for demand in applicable(ask.state, ask.stage.demands):
        if not ask.content["demands"].get(demand.term):
            void = "，表决无效" if ask.action == "vote" else ""
            sentence = f"未确认“{ask.label(demand.term)}”{void}，请补办后再登记。"
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
    """核对要点没有必须退回的情形；立项时核对限额。"""
    refusal = _checklist(ask)
    if refusal is not None or not ask.stage.establishes:
        return refusal
    return over_cap_when_established(ask.state, ask.outside, overridden=_overridden(ask))


def _checklist(ask: Ask) -> Refusal | None:
    return _listed(ask) or _found(ask)


def _found(ask: Ask) -> Refusal | None:
    """核对出不得列入的情形的不能同意；“原则上”不列入的，写明理由可以同意。"""
    for check in applicable(ask.state, ask.stage.checks):
        if not ask.content["checks"].get(check.term):
            continue
        label = ask.label(check.term)
        if check.severity == "must":
            sentence = f"存在“{label}”的情形，不能同意，请改为退回补正或不同意。"
            return ask.refuse("check_found", sentence, check)
        if not ask.content["override_reason"]:
            sentence = f"存在“{label}”的情形，原则上不能同意；确需同意的，请写明理由。"
            return ask.refuse("check_found", sentence, check)
    return None


def _submit(ask: Ask) -> Refusal | None:
    """汇总所得的事实逐项写明，合乎种类，没有多余的。"""
    records, rulebook = ask.content["records"], ask.state.rulebook
    for name in ask.stage.records:
        label = rulebook.facts[name].label
        if name not in records:
            sentence = f"提交缺少“{label}”，请补填后再提交。"
            return ask.refuse("fact_missing", sentence)
        refusal = fact_problem(rulebook, ask.state.number, name, records[name])
        if refusal is not None:
            return refusal
    unknown = [name for name in records if name not in ask.stage.records]
    if not unknown:
        return None
    sentence = f"“{ask.stage.label}”不记“{'、'.join(unknown)}”，请去掉后再提交。"
    return ask.refuse("unknown_fact", sentence)


def _pick(ask: Ask) -> Refusal | None:
    return _among(ask, ask.content["choice"])


def _among(ask: Ask, choice: str) -> Refusal | None:
    if choice in ask.stage.then:
        return None
    listed = "、".join(ask.label(outcome) for outcome in ask.stage.then)
    sentence = f"“{ask.stage.label}”没有“{choice}”这一项，请从中选定：{listed}。"
    return ask.refuse("unknown_choice", sentence)


def _accept(ask: Ask) -> Refusal | None:
    """规定到场的各方都已签字；写代码、写名称都算。"""
    signed = set(ask.content["signatures"])
    missing = [
        ask.label(term)
        for term in ask.stage.signatories
        if signed.isdisjoint((term, ask.label(term)))
    ]
    if not missing:
        return None
    sentence = f"验收缺少{'、'.join(missing)}签字，请到场各方签字后再登记。"
    return ask.refuse("signature_missing", sentence)


def _order_mending(ask: Ask) -> Refusal | None:
    """定了整改期限的，不早于责令整改之日。"""
    day, given = ask.occurred_at.astimezone(BEIJING).date(), ask.content.get("mend_by")
    if given is None or date.fromisoformat(given) >= day:
        return None
    sentence = f"整改期限{given}早于责令整改之日{day.isoformat()}，请核对后再提交。"
    return ask.refuse("mended_before_ordered", sentence)


def _select(ask: Ask) -> Refusal | None:
    found, town = ask.outside.implementer, ask.state.facts["town"]
    if found is None or found.town != town:
        sentence = f"“{ask.content['implementer']}”不在{town}实施主体库中，请先入库或另选。"
        return ask.refuse("unknown_implementer", sentence)
    if not found.active:
        sentence = f"“{found.name}”已暂停承接，请另选实施主体。"
        return ask.refuse("suspended_implementer", sentence)
    day = ask.occurred_at.astimezone(BEIJING).date()
    return over_cap_when_selected(ask.state, ask.outside, day, overridden=_overridden(ask))


def _overridden(ask: Ask) -> bool:
    """是否写明了越过“原则上”限额的理由。"""
    return bool(ask.content.get("override_reason"))


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
    approved = ask.state.amounts.get(APPROVED, budget)
    if amount > approved:
        sentence = f"合同金额{yuan(amount)}超过批准金额{yuan(approved)}，请调减合同金额。"
        return ask.refuse("contract_over_approved", sentence)
    refusal = _below_paid(ask, "合同金额", amount) or terms_problem(ask)
    if refusal is not None or ask.action != "sign":
        return refusal
    return over_cap_when_signed(ask.state, ask.outside, amount, overridden=_overridden(ask))


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


def _archive(ask: Ask) -> Refusal | None:
    contained = ask.content["contains"]
    missing = [term for term in ask.stage.contains if not str(contained.get(term, "")).strip()]
    if not missing:
        return None
    listed = "、".join(ask.label(term) for term in missing)
    return ask.refuse("archive_incomplete", f"归档材料缺少{listed}，请补齐后再归档。")


def _pay(ask: Ask) -> Refusal | None:
    """报送件拨付的是认定的资金，其余的拨付项目的钱。"""
    return (payment_problem if ask.state.rulebook.submission is None else settled_problem)(ask)


CHECKS: Mapping[str, Callable[[Ask], Refusal | None]] = {
    **CASE_CHECKS,
    **CORRECTION_CHECKS,
    "submit": _submit,
    "vote": _listed,
    "rank": rank_problem,
    "decide_batch": batch_problem,
    "pick": _pick,
    "accept": _accept,
    "order_mending": _order_mending,
    "withdraw_objection": withdrawal_problem,
    "approve": _approve,
    "post": channel_problem,
    "take_down": channel_problem,
    "object": objection_problem,
    "answer_objection": answer_problem,
    "select": _select,
    "sign": _sign,
    "audit": _audit,
    "measure": measure_problem,
    "pay": _pay,
    "archive": _archive,
    "claim": claim_problem,
    "recognize": recognize_problem,
}
# 更正后须照当初登记时再核对一遍的事件；限额在立项时已核对过。
RECHECKED: Mapping[str, Callable[[Ask], Refusal | None]] = {
    "submitted": _submit,
    "voted": _listed,
    "approved": _checklist,
    "ranked": corrected_rank_problem,
    "batch_decided": corrected_batch_problem,
    "picked": _pick,
    "accepted": _accept,
    "signed": _sign,
    "audited": _audit,
    "paid": corrected_payment_problem,
    "measured": measure_problem,
    "archived": _archive,
}


def mended_problem(ask: Ask) -> Refusal | None:
    """更正后的内容照当初登记时的要求再核对一遍。"""
    if ask.action != "correct":
        return None
    sequence = ask.content["sequence"]
    original = ask.state.history[sequence - 1]
    check = RECHECKED.get(original.kind)
    if check is None or original.stage is None or original.round is None:
        return None
    then = OpenStage(original.stage, original.round, original.occurred_at, sequence)
    written = {**ask.state.content_of(sequence), **ask.content["content"]}
    # 早先的记录没有后来才有的各项，补上其缺省。
    content = validated(MODELS[original.kind], written).model_dump(mode="json")
    action, at = ACTIONS_OF[original.kind], original.occurred_at
    return check(replace(ask, action=action, opened=then, content=content, occurred_at=at))
