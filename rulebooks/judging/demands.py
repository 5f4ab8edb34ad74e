"""环节的要求：一个动作须填哪些内容，列给终端与门户；填得对不对由 checks.py 核对。"""

from __future__ import annotations

from collections.abc import Mapping

from rulebooks.judging.asking import applicable
from rulebooks.judging.caps import of_implementer
from rulebooks.judging.fields import EXPANDED, Field, changes, form
from rulebooks.judging.joint_checks import BY_HAND, VOTE
from rulebooks.judging.payment_terms import explained
from rulebooks.judging.payments import purposes
from rulebooks.procedure.state import OpenStage, Publicity, State
from rulebooks.vocabulary.events import ACTIONS, PICK
from rulebooks.vocabulary.model import Stage

__all__ = ["Field", "applicable", "demanded"]

AUDITORS: Mapping[str, str] = {"third_party": "第三方", "town": "自行审计"}
# 退回、不同意只问理由：不必逐项核对，也没有要越过的。
REFUSING = frozenset({"return", "reject"})
APPROVING = frozenset({"demands", "checks", "override_reason"})
# 写明排法的，由计票得出而不问。
COUNTED = frozenset({"place", "layer", "chosen", "reason"})
# 环节写了那个键才问的各项：测评对象，表决人数。
IF_WRITTEN: Mapping[str, str] = {
    "groups": "groups",
    **dict.fromkeys(("members", "present", "agree", "against", "abstain"), "passes"),
}
# 有测评对象的，样本与测评对象必填。
OVERRIDE = "override_reason"
# 核对实施主体的限额的动作。
OF_THE_IMPLEMENTER = frozenset({"select", "sign"})
# 已立项的才核对限额的动作。
REVISING = frozenset({"approve_change", "correct", "settle_correction"})
SIGN = "sign"
# 只有资金限定了用途的才问。
PURPOSE = "purpose"
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
            if (name == PURPOSE and not choices) or _beside(state, action, name):
                continue
            chosen = "choice" if choices and kind == "text" else kind
            required = always or (stage is not None and _needed(stage, name))
            field = Field(name, label, chosen, required, choices, "")
            fields.append(explained(field) if action == SIGN else field)
    return fields


def _beside(state: State, action: str, name: str) -> bool:
    """没有可以越过的限额，不问越过的理由。"""
    if name != OVERRIDE:
        return False
    if action in OF_THE_IMPLEMENTER:
        return not any(limit.severity == "should" for limit in of_implementer(state.rulebook))
    return action in REVISING and state.established_at is None


def _asked(stage: Stage, action: str, name: str) -> bool:
    """这一项此时要不要问。"""
    if action in REFUSING:
        return name not in APPROVING
    if action == "rank" and name in COUNTED:
        return stage.ranking is None
    match name:
        case "by":
            return stage.objections is not None and stage.objections.threshold is not None
        case "qualified":
            return "failed" in stage.then
        case _:
            return name not in IF_WRITTEN or bool(getattr(stage, IF_WRITTEN[name]))


def _needed(stage: Stage, name: str) -> bool:
    """依环节的规定才必填的各项。"""
    if name in BY_HAND:
        return stage.kind == "rank"
    if name in VOTE:
        return stage.kind == "batch"
    if name == "surveyor":
        return stage.third_party == "required"
    return name in ("by", PURPOSE) or (name in SURVEYED and bool(stage.groups))


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
        PURPOSE: purposes(rulebook, stage),
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
