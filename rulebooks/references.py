"""环节之间的去向：一个去向通往哪里，从某环节出发可以走到哪里。"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from rulebooks.model import Delegated, Rulebook, Target

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


def reachable(rulebook: Rulebook, first: str) -> frozenset[str]:
    """从某环节出发可以到达的全部环节，含自身与授权程序的环节。"""
    seen: set[str] = set()
    waiting = [first]
    while waiting:
        name = waiting.pop()
        if name in seen or name not in rulebook.stages:
            continue
        seen.add(name)
        for target in rulebook.stages[name].then.values():
            waiting.extend(targets(target))
            starts = (rulebook.procedures.get(item.procedure) for item in delegations(target))
            waiting.extend(start for start in starts if start is not None)
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
    for stage in rulebook.stages.values():
        for target in stage.then.values():
            branches = (reachable(rulebook, name) for name in target.parallel)
            if target.join is not None and any(first in branch for branch in branches):
                yield target.join
