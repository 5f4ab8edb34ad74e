"""事项一级的核对：变更、停表、更正。"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import pairwise
from typing import Any

from pydantic import ValidationError

from rulebooks.amounts import PAID, budgeted
from rulebooks.asking import Ask
from rulebooks.caps import over_cap_when_changed, over_project_cap
from rulebooks.complaints import complaint
from rulebooks.contents import Content, Opened
from rulebooks.corrections import MODELS, correctable
from rulebooks.debts import ahead, owed
from rulebooks.facts import details_problem, flat
from rulebooks.limits import yuan
from rulebooks.migration import migration_problem
from rulebooks.model import Rulebook
from rulebooks.refusals import Refusal, refuse
from rulebooks.revisions import with_facts


def unknown_choice(rulebook: Rulebook, number: str, facts: Mapping[str, Any]) -> Refusal | None:
    """类型、类别、建议来源是否在册。"""
    choices = (
        ("项目类型", "kind", "kinds", rulebook.kinds),
        ("项目类别", "category", "categories", rulebook.categories),
        ("建议来源", "source", "suggestion_sources", rulebook.suggestion_sources),
    )
    for label, fact, key, known in choices:
        if facts[fact] not in known:
            listed = "、".join(known.values())
            sentence = f"{label}“{facts[fact]}”不在册，请从中选择：{listed}。"
            return refuse(rulebook, number, "unknown_choice", sentence, rulebook.ground(key))
    return None


def facts_problem(rulebook: Rulebook, number: str, facts: Mapping[str, Any]) -> Refusal | None:
    """立卷、变更、更正后的事实（平铺）：在册，合乎种类，不超过单个项目上限。"""
    return (
        unknown_choice(rulebook, number, facts)
        or details_problem(rulebook, number, facts)
        or over_project_cap(rulebook, number, facts, budgeted(facts))
    )


def normalized(ask: Ask) -> Ask:
    """变更、更正的各项按事实的写法整理，如“是”写作真；写法不对的原样留待核对指出。"""
    model: type[Content] = Opened
    if ask.action == "request_change":
        key, before = "changes", ask.state.facts
    elif ask.action == "correct" and ask.content["sequence"] <= len(ask.state.history):
        sequence = ask.content["sequence"]
        model = MODELS.get(ask.state.history[sequence - 1].kind, Content)
        key, before = "content", ask.state.content_of(sequence)
    else:
        return ask
    proposed = ask.content[key]
    try:
        clean = validated(model, {**before, **proposed}).model_dump(mode="json")
    except ValidationError:
        return ask
    tidy = {name: clean.get(name, value) for name, value in proposed.items()}
    return replace(ask, content={**ask.content, key: tidy})


def validated(model: type[Content], content: Mapping[str, Any]) -> Content:
    """按事件内容的模型核对；台账另加的键不核对。"""
    known = {name: content[name] for name in model.model_fields if name in content}
    return model.model_validate(known)


def _change(ask: Ask) -> Refusal | None:
    rulebook, number = ask.state.rulebook, ask.state.number
    changes = ask.content["changes"]
    unknown = [name for name in changes if name not in rulebook.facts]
    if unknown:
        listed = "、".join(rulebook.fact_labels.values())
        sentence = f"“{'、'.join(unknown)}”不能变更，请从中选择：{listed}。"
        return ask.refuse("unknown_fact", sentence, rulebook.changes)
    facts = {**ask.state.facts, **changes}
    try:
        validated(Opened, facts)
    except ValidationError as error:
        sentence = complaint("变更申请", error, Opened)
        return ask.refuse("bad_change", sentence, rulebook.changes)
    if all(ask.state.facts.get(name) == value for name, value in changes.items()):
        sentence = "拟变更的内容与现在的相同，请写明变更后的内容。"
        return ask.refuse("nothing_changed", sentence, rulebook.changes)
    paid = ask.state.amounts.get(PAID, 0)
    if facts["budget"] < paid:
        sentence = f"变更后的预算低于已拨付的{yuan(paid)}，请先追回多付款并更正拨付记录。"
        return ask.refuse("below_paid", sentence, rulebook.changes)
    return facts_problem(rulebook, number, facts)


def _approve_change(ask: Ask) -> Refusal | None:
    """已立项的，变更后照立项时的限额再核对一遍；“原则上”的，以同意变更的理由为理由。"""
    state = ask.state
    if state.request is None or state.established_at is None:
        return None
    after = with_facts(state, state.request.content["changes"])
    return over_cap_when_changed(state, after, ask.outside, overridden=bool(ask.content["reason"]))


def _clock(ask: Ask, *, paused: bool) -> Refusal | None:
    rulebook, name = ask.state.rulebook, ask.content["clock"]
    running = {clock.name: clock for clock in ask.state.clocks}
    clock = running.get(name)
    if clock is None or not rulebook.clocks[name].pausable:
        listed = "、".join(running) or "无"
        sentence = f"时限“{name}”不在计时或不可停表，请从正在计时的时限中选择：{listed}。"
        return ask.refuse("clock_not_running", sentence, rulebook.clocks.get(name))
    if clock.paused == paused:
        return None
    if clock.paused:
        code, sentence = "already_paused", "该时限已经停表，请先恢复计时。"
    else:
        code, sentence = "not_paused", "该时限没有停表，请先登记停表，没有停表的无须恢复。"
    return ask.refuse(code, sentence, rulebook.clocks[name])


def _pause(ask: Ask) -> Refusal | None:
    return _clock(ask, paused=False)


def _resume(ask: Ask) -> Refusal | None:
    return _clock(ask, paused=True)


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
    return refusal or _amounts_problem(ask, original.kind, before, after)


def _amounts_problem(
    ask: Ask, kind: str, before: Mapping[str, Any], after: Mapping[str, Any]
) -> Refusal | None:
    """更正后仍须：已拨付不超过审定额（无审计的为合同额），审定额不超过合同额，合同额不超过预算。"""
    amounts = dict(ask.state.amounts)
    match kind:
        case "opened":
            amounts["budget"] = int(after["budget"])
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
        ("budget", "预算"),
    )
    known = [(amounts[name], label) for name, label in order if name in amounts]
    for (less, less_label), (more, more_label) in pairwise(known):
        if less > more:
            sentence = f"更正后{less_label}{yuan(less)}超过{more_label}{yuan(more)}，请核对金额。"
            return ask.refuse("amounts_disagree", sentence, ask.state.rulebook.corrections)
    return None


def _withdraw(ask: Ask) -> Refusal | None:
    """欠办的没有补办之前不能撤销结案。"""
    name = next(owed(ask.state), None)
    if name is None:
        return None
    stage = ask.state.rulebook.stages[name]
    advice = "请先补办"
    if not ahead(ask.state, name):
        advice = "请申请变更，改回原来的程序补办，或按现在的程序办到结案"
    sentence = f"“{stage.label}”尚欠办，补办之前不能撤销，{advice}。"
    cited = stage.debt if stage.debt is not None and stage.debt.cites else stage
    return ask.refuse("debt_open", sentence, cited)


CASE_CHECKS: Mapping[str, Callable[[Ask], Refusal | None]] = {
    "request_change": _change,
    "approve_change": _approve_change,
    "request_withdrawal": _withdraw,
    "approve_withdrawal": _withdraw,
    "pause_clock": _pause,
    "resume_clock": _resume,
    "migrate_rulebook": migration_problem,
    "correct": _correct,
}
