"""环节之间的去向：一个去向通往哪里，从某环节出发可以走到哪里。"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from rulebooks.vocabulary.model import Delegated, Rulebook, Target

JOIN = "join"
MOST_REMEMBERED = 512


def targets(target: Target) -> Iterator[str]:
    """一个去向可能到达的全部环节名（授权程序除外）。"""
    if target.to is not None:
        yield target.to
    for branch in target.choose:
        if isinstance(branch.to, str):
            yield branch.to
    yield from target.parallel
    if target.join is not None:
        yield target.join


def delegations(target: Target) -> Iterator[Delegated]:
    """一个去向里授权下级规定的程序。"""
    for branch in target.choose:
        if isinstance(branch.to, Delegated):
            yield branch.to


def every_target(rulebook: Rulebook) -> Iterator[Target]:
    """规则手册里的全部去向，起点的在先。"""
    yield rulebook.start
    for stage in rulebook.stages.values():
        yield from stage.then.values()


def stages_after(rulebook: Rulebook, target: Target) -> Iterator[str]:
    """一个去向可能到达的全部环节名，含授权程序的起点；会合不另算。"""
    yield from (name for name in targets(target) if name != JOIN)
    for delegated in delegations(target):
        first = rulebook.procedures.get(delegated.procedure)
        if first is not None:
            yield first


def starts(rulebook: Rulebook) -> tuple[str, ...]:
    """事项可能从哪些环节开始，首个为寻常的。"""
    return tuple(dict.fromkeys(stages_after(rulebook, rulebook.start)))


def reachable(rulebook: Rulebook, *first: str, delegated: bool = True) -> frozenset[str]:
    """从某些环节出发可以到达的全部环节，含自身；`delegated` 为是否走进授权的程序。"""
    seen: set[str] = set()
    waiting = [*first]
    while waiting:
        name = waiting.pop()
        if name in seen or name not in rulebook.stages:
            continue
        seen.add(name)
        for target in rulebook.stages[name].then.values():
            waiting.extend(stages_after(rulebook, target) if delegated else targets(target))
    return frozenset(seen)


@lru_cache(maxsize=MOST_REMEMBERED)
def downstream(rulebook: Rulebook, first: str) -> frozenset[str]:
    """某环节之后要走的全部环节，含自身；并行的一支办完后经会合继续。"""
    seen = reachable(rulebook, first)
    for join in joins_after(rulebook, first):
        seen |= reachable(rulebook, join)
    return seen


def joins_after(rulebook: Rulebook, first: str) -> Iterator[str]:
    """并行的一支里的某环节，办完后会合到哪里。"""
    for target in every_target(rulebook):
        branches = (reachable(rulebook, name) for name in target.parallel)
        if target.join is not None and any(first in branch for branch in branches):
            yield target.join
