"""更正的核对：可以更正的内容，更正后仍合格、金额相合、不超过限额、不撇下欠办的。"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import Any

from pydantic import ValidationError

from rulebooks.judging.asking import Ask, as_event
from rulebooks.judging.caps import over_cap_when_changed
from rulebooks.judging.case_checks import facts_problem, validated
from rulebooks.judging.complaints import complaint
from rulebooks.judging.debt_checks import debts_left
from rulebooks.policy.limits import yuan
from rulebooks.procedure.amounts import PAID, given
from rulebooks.procedure.corrections import MODELS, apply_correction, correctable, settle
from rulebooks.procedure.state import State
from rulebooks.vocabulary.facts import flat
from rulebooks.vocabulary.refusals import Refusal


def _correct(ask: Ask) -> Refusal | None:
    state, sequence = ask.state, ask.content["sequence"]
    basis = state.rulebook.corrections
    if sequence > len(state.history):
        sentence = f"台账没有第{sequence}条，请从第1条至第{len(state.history)}条中选择。"
        return ask.refuse("unknown_sequence", sentence, basis)
    original = state.history[sequence - 1]
    allowed = correctable(original.kind)
    unknown = [name for name in ask.content["content"] if name not in allowed]
    if unknown:
        listed = "、".join(f"{name}（{label}）" for name, label in allowed.items()) or "无"
        sentence = (
            f"第{sequence}条的“{'、'.join(unknown)}”不能更正，可更正的有：{listed}；"
            "其余的请撤下重贴、申请变更或另行登记。"
        )
        return ask.refuse("not_correctable", sentence, basis)
    return _mended_problem(ask, sequence)


def _mended_problem(ask: Ask, sequence: int) -> Refusal | None:
    """更正后的内容须与当初登记时一样合格。"""
    state, basis = ask.state, ask.state.rulebook.corrections
    original = state.history[sequence - 1]
    model = MODELS[original.kind]
    before = state.content_of(sequence)
    after = {**before, **ask.content["content"]}
    try:
        validated(model, after)
    except ValidationError as error:
        sentence = complaint(f"第{sequence}条的更正", error, model)
        return ask.refuse("bad_correction", sentence, basis)
    if after == before:
        return ask.refuse("nothing_changed", "更正前后内容相同，请写明正确的内容。", basis)
    refusal = None
    if original.kind == "opened":
        refusal = facts_problem(state.rulebook, state.number, flat(after))
    refusal = refusal or _amounts_problem(ask, original.kind, before, after)
    return refusal or _over_cap_corrected(ask, _corrected(ask))


def _corrected(ask: Ask) -> State:
    """更正之后的事项；须等裁定的，为裁定重办之后的。"""
    after = apply_correction(ask.state, as_event(ask.state, ask))
    return after if after.request is None else settle(after, as_event(after, ask, keep=False))


def _settle(ask: Ask) -> Refusal | None:
    """裁定之后照样不撇下欠办的、不超过限额。"""
    after = settle(ask.state, as_event(ask.state, ask))
    return debts_left(ask, after) or _over_cap_corrected(ask, after)


def _over_cap_corrected(ask: Ask, after: State) -> Refusal | None:
    """更正后仍是已立项的，照立项时的限额再核对一遍；办结而未曾拨付的不占限额。"""
    counts = after.outcome is None or PAID in after.amounts
    if after.established_at is None or not counts:
        return None
    overridden = bool(ask.content["override_reason"])
    return over_cap_when_changed(ask.state, after, ask.outside, overridden=overridden, when="更正")


def _amounts_problem(
    ask: Ask, kind: str, before: Mapping[str, Any], after: Mapping[str, Any]
) -> Refusal | None:
    """更正后仍须：已拨付不超过审定额（无审计的为合同额），审定额不超过合同额，合同额不超过预算。"""
    amounts = dict(ask.state.amounts)
    match kind:
        case "opened":
            amounts["budget"] = int(after["budget"])
        case "batch_decided":
            amounts |= given("batch", after)
        case "signed":
            amounts["contract"] = int(after["amount"])
        case "audited":
            amounts["audited"] = int(after["audited"])
        case "paid":
            amounts[PAID] += int(after["amount"]) - int(before["amount"])
        case _:
            return None
    order = (
        (PAID, "已拨付"),
        ("audited", "审定金额"),
        ("contract", "合同金额"),
        ("approved", "批准金额"),
        ("budget", "预算"),
    )
    known = [(amounts[name], label) for name, label in order if name in amounts]
    for (less, less_label), (more, more_label) in pairwise(known):
        if less > more:
            sentence = f"更正后{less_label}{yuan(less)}超过{more_label}{yuan(more)}，请核对金额。"
            return ask.refuse("amounts_disagree", sentence, ask.state.rulebook.corrections)
    return None


CORRECTION_CHECKS: Mapping[str, Callable[[Ask], Refusal | None]] = {
    "correct": _correct,
    "settle_correction": _settle,
}
