"""事项一级的核对：变更、撤销、停表、转用；更正的另见 correction_checks.py。"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from pydantic import ValidationError

from rulebooks.judging.asking import Ask, as_event
from rulebooks.judging.caps import over_cap_when_changed, over_project_cap
from rulebooks.judging.complaints import complaint
from rulebooks.judging.debt_checks import debts_left, withdraw_problem
from rulebooks.judging.migration_checks import migration_problem
from rulebooks.policy.limits import yuan
from rulebooks.procedure.amounts import PAID, budgeted
from rulebooks.procedure.corrections import MODELS
from rulebooks.procedure.revisions import reopen, with_facts
from rulebooks.procedure.state import State
from rulebooks.vocabulary.contents import Content, Opened
from rulebooks.vocabulary.facts import details_problem
from rulebooks.vocabulary.model import Rulebook
from rulebooks.vocabulary.refusals import Refusal, refuse


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
    return facts_problem(rulebook, number, facts) or debts_left(ask, _changed(ask, changes))


def _approve_change(ask: Ask) -> Refusal | None:
    """欠办的没有撇下；已立项的，照立项时的限额再核对一遍，“原则上”的写明理由可以越过。"""
    state = ask.state
    if state.request is None:
        return None
    changes = state.request.content["changes"]
    refusal = debts_left(ask, _changed(ask, changes))
    if refusal is not None or state.established_at is None:
        return refusal
    after = with_facts(state, changes)
    overridden = bool(ask.content["override_reason"])
    return over_cap_when_changed(state, after, ask.outside, overridden=overridden)


def _changed(ask: Ask, changes: Mapping[str, Any]) -> State:
    """变更之后的事项。"""
    return reopen(replace(ask.state, request=None), changes, as_event(ask.state, ask))


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


CASE_CHECKS: Mapping[str, Callable[[Ask], Refusal | None]] = {
    "request_change": _change,
    "approve_change": _approve_change,
    "request_withdrawal": withdraw_problem,
    "approve_withdrawal": withdraw_problem,
    "pause_clock": _pause,
    "resume_clock": _resume,
    "migrate_rulebook": migration_problem,
}
