"""欠办：应急先办而越过的环节，自走上应急的路起就欠着，补办之前不能撤销，也不能改走别的路。"""

from __future__ import annotations

from collections.abc import Iterator

from rulebooks.procedure.revisions import current
from rulebooks.procedure.routes import beginning
from rulebooks.procedure.state import State, place_of
from rulebooks.vocabulary.model import Rulebook, Stage, Target
from rulebooks.vocabulary.references import JOIN, every_target, reachable, stages_after


def owed(state: State) -> Iterator[str]:
    """已经走上的各条应急路上，还欠着的环节。

    尚未轮到的、退回说明的、正在改正的都还欠着；结果失效的，也还欠着。
    """
    entered = {place_of(name) for name in state.rounds}
    rulebook = state.rulebook
    behind: frozenset[str] = frozenset()
    for target in every_target(rulebook):
        if target.parallel and entered.issuperset(target.parallel):
            behind |= reachable(rulebook, *target.parallel)
    for name, stage in rulebook.stages.items():
        if name in behind and stage.debt is not None and not _done(state, name):
            yield name


def left_behind(before: State, after: State) -> tuple[str, ...]:
    """改走别的路会撇下的欠办：眼下的应急路上还欠着，改道之后不在路上的。"""
    walked, still = _walked(before), _walked(after)
    return tuple(name for name in owed(before) if name in walked and name not in still)


def _walked(state: State) -> frozenset[str]:
    """眼下这条路经过的各处并行，其各支能走到的环节。"""
    rulebook = state.rulebook
    taken = {beginning(rulebook, state.facts), *(result.to for result in current(state))}
    behind: frozenset[str] = frozenset()
    for target in every_target(rulebook):
        if target.parallel and "+".join(target.parallel) in taken:
            behind |= reachable(rulebook, *target.parallel)
    return behind


def ahead(state: State, name: str) -> bool:
    """照现在的路往下走，还会不会走到某环节。"""
    return name in reachable(state.rulebook, *(place_of(opened.stage) for opened in state.open))


def _done(state: State, name: str) -> bool:
    """补办是否算数：最近一次有效的结果通往会合，而不是退回来再办一遍。"""
    if any(place_of(opened.stage) == name for opened in state.open):
        return False
    result = state.result_of(name)
    if result is None:
        return False
    stage = state.rulebook.stages[name]
    return _joins(state.rulebook, name, stage.then[result.outcome])


def _joins(rulebook: Rulebook, name: str, target: Target) -> bool:
    """某环节的一个去向，不再经过该环节能不能走到会合。"""
    seen = {name}
    waiting = [target]
    while waiting:
        found = waiting.pop()
        if found.to == JOIN or any(branch.to == JOIN for branch in found.choose):
            return True
        for stage in _unseen(rulebook, found, seen):
            waiting.extend(stage.then.values())
    return False


def _unseen(rulebook: Rulebook, target: Target, seen: set[str]) -> Iterator[Stage]:
    """一个去向通往的、还没有看过的环节。"""
    for name in stages_after(rulebook, target):
        if name not in seen and name in rulebook.stages:
            seen.add(name)
            yield rulebook.stages[name]
