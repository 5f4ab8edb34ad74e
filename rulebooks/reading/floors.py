"""授权的底线：下级自定的程序，每条办成的路都须经过市级保留的环节。"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from rulebooks.vocabulary.model import Delegated, Rulebook, Stage, Target
from rulebooks.vocabulary.references import JOIN, delegations, every_target, targets

Problem = tuple[tuple[int | str, ...], str]
# 否决的结果使事项办不成，不必再经过保留的环节。
REFUSALS = frozenset({"fail", "reject", "not_chosen", "not_approved"})


def floor_problems(rulebook: Rulebook) -> Iterator[Problem]:
    """逐条给出突破底线的程序：位置与中文说明。"""
    for target in every_target(rulebook):
        for delegated in delegations(target):
            yield from _broken(rulebook, delegated)


def _broken(rulebook: Rulebook, delegated: Delegated) -> Iterator[Problem]:
    first = rulebook.procedures.get(delegated.procedure, "")
    if first not in rulebook.stages:
        return
    place = ("procedures", delegated.procedure)
    for kept in delegated.keeps:
        if isinstance(kept, str):
            city = rulebook.stages.get(kept)
            if city is None:
                continue
            label, is_kept = f"“{city.label}”", _same_step(city)
        else:
            label, is_kept = f"{'或'.join(kept.kinds)}类环节", _of_kinds(kept.kinds)
        if avoidable(rulebook, first, is_kept):
            yield place, f"程序不得省略{label}（市级底线），请使每条办成的路都经过它。"


def _same_step(city: Stage) -> Callable[[Stage], bool]:
    return lambda stage: stage.kind == city.kind and stage.cites == city.cites


def _of_kinds(kinds: tuple[str, ...]) -> Callable[[Stage], bool]:
    return lambda stage: stage.kind in kinds


def avoidable(rulebook: Rulebook, first: str, is_kept: Callable[[Stage], bool]) -> bool:
    """从某环节出发，能否不经过保留的环节而办成。"""
    free: set[str] = set()
    while True:
        found = {
            name
            for name, stage in rulebook.stages.items()
            if name not in free and not is_kept(stage) and _passes(rulebook, stage, free)
        }
        if not found:
            return first in free
        free |= found


def _passes(rulebook: Rulebook, stage: Stage, free: set[str]) -> bool:
    return any(
        _leads_out(rulebook, target, free)
        for outcome, target in stage.then.items()
        if outcome not in REFUSALS
    )


def _leads_out(rulebook: Rulebook, target: Target, free: set[str]) -> bool:
    """去向是否通往办成；并行的每一支都要走完，任一支经过保留的环节即为经过。"""
    if target.close is not None:
        return True
    if target.parallel:
        return all(name in free for name in (*target.parallel, target.join or ""))
    starts = [rulebook.procedures.get(item.procedure, "") for item in delegations(target)]
    return any(name == JOIN or name in free for name in (*targets(target), *starts))
