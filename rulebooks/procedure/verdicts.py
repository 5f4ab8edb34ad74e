"""表决与答复的结果：登记的内容使环节以什么结果办结。"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from rulebooks.policy.conditions import ratio_holds
from rulebooks.vocabulary.events import ACTIONS, STAGE_ACTIONS
from rulebooks.vocabulary.model import Stage

# 其余事件 → 唯一可能的结果（答复意见另见 publicizing.py）。
PLAIN_OUTCOMES: Mapping[str, str] = {
    ACTIONS[action][0]: outcomes[0]
    for offered in STAGE_ACTIONS.values()
    for action, outcomes in offered.items()
    if len(outcomes) == 1
}


def passed(stage: Stage, content: Mapping[str, Any]) -> bool:
    """表决是否通过：无必须剔除的情形，法定人数与同意比例均达到。

    写“原则上”不列入的情形，说明理由的可以越过；“应”“不得”的不能越过。
    """
    if stage.passes is None:
        return False
    checks = content.get("checks", {})
    for check in stage.checks:
        found = checks.get(check.term, False)
        if found and (check.severity == "must" or not content.get("override_reason")):
            return False
    bases = {"members": content["members"], "present": content["present"]}
    quorum = stage.passes.quorum
    if quorum is not None and not ratio_holds(quorum, content["present"], bases):
        return False
    return ratio_holds(stage.passes.majority, content["agree"], bases)


def just_reached(stage: Stage, content: Mapping[str, Any]) -> bool:
    """同意人数是否正好达到“以上”的比例：按含本数算通过，须让人看得见（民法典第一千二百五十九条）。"""
    if stage.passes is None or stage.passes.majority.at_least is None:
        return False
    majority = stage.passes.majority
    return Fraction(content["agree"], content[majority.of]) == majority.at_least


def outcome_of(stage: Stage, kind: str, content: Mapping[str, Any]) -> str | None:
    """某事件使环节以什么结果办结；不办结的为 None。"""
    if kind == "voted":
        return "pass" if passed(stage, content) else "fail"
    if kind == "paid" and not content.get("final", True):
        return None
    outcome = _decided(kind, content) or PLAIN_OUTCOMES.get(kind)
    return outcome if outcome in stage.then else None


def _decided(kind: str, content: Mapping[str, Any]) -> str | None:
    """内容里直接写明结果的事件。"""
    decide = DECIDED.get(kind)
    return None if decide is None else decide(content)


DECIDED: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "measured": lambda content: "measured" if content.get("qualified", True) else "failed",
    "picked": lambda content: str(content["choice"]),
    "ranked": lambda content: "chosen" if content["chosen"] else "not_chosen",
    "batch_decided": lambda content: "approved" if content["decided"] else "not_approved",
    "claimed": lambda content: "claimed" if content["lines"] else "nothing",
    "recognized": lambda content: "recognized" if content["total"] > 0 else "not_recognized",
}
# 结果要看内容的事件：票数、是否付清，以及上面各种。
BY_CONTENT = frozenset({"voted", "paid", *DECIDED})
