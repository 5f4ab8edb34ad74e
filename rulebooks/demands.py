"""环节的要求：一个动作须填哪些内容，列给终端与门户；填得对不对由 checks.py 核对。"""

from __future__ import annotations

from collections.abc import Mapping

from rulebooks.asking import applicable
from rulebooks.events import ACTIONS, PICK
from rulebooks.fields import EXPANDED, Field, changes, form
from rulebooks.model import Stage
from rulebooks.state import OpenStage, Publicity, State

__all__ = ["Field", "applicable", "demanded"]

AUDITORS: Mapping[str, str] = {"third_party": "第三方", "town": "自行审计"}
# 退回、不同意只问理由：不必逐项核对，也没有要越过的。
REFUSING = frozenset({"return", "reject"})
APPROVING = frozenset({"demands", "checks", "override_reason"})
# 有测评对象的，样本与测评对象必填。
SURVEYED = frozenset({"samples", "satisfied", "groups"})


def demanded(state: State, opened: OpenStage | str | None, action: str) -> list[Field]:
    """一个动作须填的全部项，按填写顺序；事项一级的动作不指环节。"""
    if isinstance(opened, str):
        opened = state.stage_open(opened)
    stage = state.rulebook.stages.get(opened.stage) if opened else None
    fields: list[Field] = []
    for name, (label, kind, always) in form(ACTIONS[action][1]).items():
        if name == "changes":
            fields.extend(changes(state))
        elif name in EXPANDED:
            asked = stage is not None and _asked(stage, action, name)
            fields.extend(EXPANDED[name](state, stage) if stage and asked else ())
        elif stage is None or _asked(stage, action, name):
            choices = _choices(state, opened, action, name)
            chosen = "choice" if choices and kind == "text" else kind
            required = always or (stage is not None and _needed(stage, name))
            fields.append(Field(name, label, chosen, required, choices, ""))
    return fields


def _asked(stage: Stage, action: str, name: str) -> bool:
    """这一项此时要不要问。"""
    if action in REFUSING:
        return name not in APPROVING
    match name:
        case "by":
            return stage.objections is not None and stage.objections.threshold is not None
        case "qualified":
            return "failed" in stage.then
        case "groups":
            return bool(stage.groups)
        case _:
            return True


def _needed(stage: Stage, name: str) -> bool:
    """依环节的规定才必填的各项。"""
    if name == "surveyor":
        return stage.third_party == "required"
    return name == "by" or (name in SURVEYED and bool(stage.groups))


def _choices(state: State, opened: OpenStage | None, action: str, name: str) -> Mapping[str, str]:
    rulebook = state.rulebook
    if name == "clock":
        return {clock.name: rulebook.clocks[clock.name].label for clock in state.clocks}
    stage = rulebook.stages.get(opened.stage) if opened else None
    if stage is None or opened is None:
        return {}
    terms = rulebook.terms
    known: Mapping[str, tuple[str, ...]] = {
        "groups": stage.groups,
        "signatures": tuple(terms[term] for term in stage.signatories),
        "objection": _objections(opened, action),
    }
    labelled: Mapping[str, Mapping[str, str]] = {
        "channel": {term: terms[term] for term in _unposted(stage, opened)},
        "choice": {outcome: terms[outcome] for outcome in _picks(stage)},
        "auditor": AUDITORS,
    }
    return labelled.get(name) or {item: item for item in known.get(name, ())}


def _unposted(stage: Stage, opened: OpenStage) -> tuple[str, ...]:
    """还没有张贴的渠道；都张贴了的为全部渠道。"""
    posted = opened.publicity.posted if opened.publicity else {}
    return tuple(name for name in stage.channels if name not in posted) or stage.channels


def _objections(opened: OpenStage, action: str) -> tuple[str, ...]:
    """可以答复、撤回的意见；新提的意见另编号，没有可选的。"""
    publicity = opened.publicity or Publicity()
    if action == "withdraw_objection":
        return publicity.standing
    return publicity.unanswered if action == "answer_objection" else ()


def _picks(stage: Stage) -> tuple[str, ...]:
    return tuple(stage.then) if stage.kind == PICK else ()
