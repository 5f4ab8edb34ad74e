"""去向的毛病：没有不同意的去向，同意与不同意写反，退回以后回不来，同意以后只是绕圈。"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rulebooks.lint.book import mapping
from rulebooks.lint.findings import Finding, fault
from rulebooks.lint.views import JOIN, View, delegations, outcomes, targets

# 种类 → 表示同意与不同意的结果。
YES: Mapping[str, tuple[str, ...]] = {"vote": ("pass",), "decide": ("approve",)}
NO: Mapping[str, tuple[str, ...]] = {"vote": ("fail",), "decide": ("reject", "return")}
# 种类 → 往下办的结果，与退回重办的结果。
FORWARD: Mapping[str, tuple[str, ...]] = {
    "vote": ("pass",),
    "decide": ("approve",),
    "publicize": ("ended",),
    "accept": ("passed",),
}
BACK: Mapping[str, tuple[str, ...]] = {
    "decide": ("return",),
    "publicize": ("upheld",),
    "accept": ("mending",),
}
# 不同意以后，不再经人决定就走到这些环节的，多半是去向写反了。
AFTER_YES = frozenset(["select", "contract", "pay"])
DOING = frozenset([*AFTER_YES, "perform", "accept", "audit", "evaluate", "archive"])
DECIDING = frozenset(["collect", "vote", "decide", "consult", "pick", "rank", "batch"])


def direction_findings(view: View, name: str, stage: Mapping[str, Any]) -> Iterator[Finding]:
    """一个环节各种结果的去向有什么毛病。"""
    for look in (_refusal, _swapped, _goes_on):
        yield from look(view, name, stage)


def _refusal(view: View, name: str, stage: Mapping[str, Any]) -> Iterator[Finding]:
    """表决、审核须有不同意的去向。"""
    refusals = NO.get(str(stage.get("kind")), ())
    if refusals and not any(outcome in outcomes(stage) for outcome in refusals):
        says = f"环节“{view.label(name)}”只有同意的去向，没有{'、'.join(refusals)}的去向。"
        yield stage_fault(view, "no_refusal", name, says)


def _swapped(view: View, name: str, stage: Mapping[str, Any]) -> Iterator[Finding]:
    """同意了反而结案、不同意反而往下办，多半是两个去向写反了。"""
    kind, then = str(stage.get("kind")), outcomes(stage)
    closing = [_ends_at_once(view, then[yes]) for yes in YES.get(kind, ()) if yes in then]
    going_on = [
        no for no in NO.get(kind, ())[:1] if no in then and not _ends_at_once(view, then[no])
    ]
    for no in NO.get(kind, ()):
        ahead = _undecided(view, then.get(no))
        if ahead:
            says = f"环节“{view.label(name)}”的“{no}”不再经人决定就到了“{view.label(ahead)}”。"
            yield stage_fault(view, "swapped_outcomes", name, says)
    if any(closing) and going_on:
        says = f"环节“{view.label(name)}”同意即结案，不同意反而往下办。"
        yield stage_fault(view, "swapped_outcomes", name, says)


def _undecided(view: View, target: Any) -> str | None:
    """从某去向出发，不再经过表决、审核等环节就走得到的签约、拨付等环节。"""
    met: set[str] = set()
    waiting = list(targets(target))
    while waiting:
        name = waiting.pop()
        stage = mapping(view.stages.get(name))
        kind = str(stage.get("kind"))
        if kind in AFTER_YES:
            return name
        if name not in met and kind not in DECIDING:
            met.add(name)
            for following in outcomes(stage).values():
                waiting.extend(targets(following))
    return None


def _ends_at_once(view: View, target: Any) -> bool:
    """从某去向出发，不经人决定、也不做什么，就结案。"""
    met: set[str] = set()
    waiting = [target]
    while waiting:
        following = waiting.pop()
        if _closes(following):
            return True
        for name in targets(following):
            if name not in met and _kind(view, name) not in DECIDING | DOING:
                met.add(name)
                waiting.extend(outcomes(mapping(view.stages.get(name))).values())
    return False


def _goes_on(view: View, name: str, stage: Mapping[str, Any]) -> Iterator[Finding]:
    """同意以后不能只是绕回本环节；退回、意见成立、须整改的，须能再回到本环节。"""
    then, kind = outcomes(stage), str(stage.get("kind"))
    forward, back = FORWARD.get(kind, ()), BACK.get(kind, ())
    for outcome in (*forward, *back):
        if outcome not in then:
            continue
        returns = name in _reachable(view, then[outcome])
        wrong = outcome in back and not returns and not _closes(then[outcome])
        if outcome in forward and returns:
            wrong = not _closes_without(view, name, then[outcome])
        if wrong:
            says = f"环节“{view.label(name)}”的结果“{outcome}”的去向与它的意思相反。"
            yield stage_fault(view, "swapped_outcomes", name, says)


def _reachable(view: View, target: Any) -> set[str]:
    met: set[str] = set()
    waiting = list(targets(target))
    while waiting:
        name = waiting.pop()
        if name not in met and name in view.stages:
            met.add(name)
            for following in outcomes(view.stages[name]).values():
                waiting.extend(targets(following))
                if any(True for _ in delegations(following)):
                    waiting.extend(str(first) for first in view.procedures.values())
    return met


def _closes_without(view: View, name: str, target: Any) -> bool:
    """不再经过本环节，能不能走到结案或会合。"""
    met, waiting = {name}, list(targets(target))
    if _closes(target) or any(True for _ in delegations(target)):
        return True
    while waiting:
        following = waiting.pop()
        if following == JOIN:
            return True
        if following in met or following not in view.stages:
            continue
        met.add(following)
        for item in outcomes(view.stages[following]).values():
            if _closes(item) or any(True for _ in delegations(item)):
                return True
            waiting.extend(targets(item))
    return False


def _closes(target: Any) -> bool:
    return bool(mapping(target).get("close"))


def _kind(view: View, name: str) -> str:
    return str(mapping(view.stages.get(name)).get("kind"))


def stage_fault(view: View, kind: str, name: str, says: str) -> Finding:
    """一个环节的一处毛病。"""
    rule = str(mapping(view.stages.get(name)).get("cites", ""))
    return fault(kind, view.at("stages", name), rule, view.label(name), says)
