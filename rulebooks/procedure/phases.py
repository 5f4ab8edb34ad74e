"""办理的阶段：一版规则手册里，哪些环节办完算开始实施、算完成、算项目公示期满、算公开结果。

只凭环节的种类与先后得出，不认环节的名字：新添一市，口径不另写。
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from rulebooks.vocabulary.events import PICK
from rulebooks.vocabulary.model import Rulebook, Stage
from rulebooks.vocabulary.references import JOIN, downstream, joins_after, stages_after, starts

CARRIED_OUT = frozenset({"perform", "accept"})
IMPLEMENTS = CARRIED_OUT | {"contract"}
MOST_REMEMBERED = 512


@dataclass(frozen=True, slots=True)
class Roles:
    """一版规则手册里，哪些环节办完算开始实施、算完成、算项目公示期满、算公开结果。"""

    starting: frozenset[str]
    completing: frozenset[str]
    announcing: frozenset[str]
    publishing: frozenset[str]


@lru_cache(maxsize=MOST_REMEMBERED)
def roles_of(rulebook: Rulebook) -> Roles:
    """由环节的种类与先后得出各环节在统计里的位置。

    完成：验收合格；不另设验收的，为顺利时最后一个办理环节。实施：签约或办理，且不经确定就
    到得了完成的（设计在确定之前，不算）。项目公示：顺利时其后还要签约或办理的公示。公开结果：
    其后不再有签约、办理、验收的公示。
    """
    usual = _usually_after(rulebook, *starts(rulebook))
    completing = frozenset(
        name for name, stage in rulebook.stages.items() if _completes(rulebook, name, stage, usual)
    )
    return Roles(
        starting=frozenset(
            name
            for name, stage in rulebook.stages.items()
            if stage.kind in ("contract", "perform") and _unblocked(rulebook, name, completing)
        ),
        completing=completing,
        announcing=frozenset(
            name
            for name, stage in rulebook.stages.items()
            if stage.kind == "publicize"
            and _kinds(rulebook, _usually_after(rulebook, *_next(rulebook, name)))
        ),
        publishing=frozenset(
            name
            for name, stage in rulebook.stages.items()
            if stage.kind == "publicize" and not _kinds(rulebook, downstream(rulebook, name))
        ),
    )


def _completes(rulebook: Rulebook, name: str, stage: Stage, usual: frozenset[str]) -> bool:
    if stage.kind == "accept":
        return True
    if stage.kind != "perform" or name not in usual:
        return False
    later = _usually_after(rulebook, *_next(rulebook, name))
    return not any(rulebook.stages[other].kind in CARRIED_OUT for other in later)


def _kinds(rulebook: Rulebook, names: frozenset[str]) -> bool:
    return any(rulebook.stages[name].kind in IMPLEMENTS for name in names)


def _next(rulebook: Rulebook, name: str, *, usual: bool = True) -> Iterator[str]:
    """办完一个环节接着到哪些环节；`usual` 为只看顺利时的去向，选定的各项都算。"""
    stage = rulebook.stages[name]
    ways = list(stage.then.values())
    for target in ways if stage.kind == PICK or not usual else ways[:1]:
        if target.to == JOIN:
            yield from joins_after(rulebook, name)
        yield from stages_after(rulebook, target)


def _usually_after(rulebook: Rulebook, *first: str) -> frozenset[str]:
    seen: set[str] = set()
    waiting = list(first)
    while waiting:
        name = waiting.pop()
        if name in rulebook.stages and name not in seen:
            seen.add(name)
            waiting.extend(_next(rulebook, name))
    return frozenset(seen)


def _unblocked(rulebook: Rulebook, first: str, completing: frozenset[str]) -> bool:
    """从某环节出发，不经确定环节就到得了完成。"""
    seen: set[str] = set()
    waiting = [first]
    while waiting:
        name = waiting.pop()
        if name in completing:
            return True
        stage = rulebook.stages.get(name)
        if stage is not None and name not in seen and not stage.establishes:
            seen.add(name)
            waiting.extend(_next(rulebook, name, usual=False))
    return False


def announces_first(rulebook: Rulebook) -> bool:
    """照这版规则手册，是否不经项目公示就到不了签约与实施。"""
    roles = roles_of(rulebook)
    seen: set[str] = set()
    waiting = list(starts(rulebook))
    while waiting:
        name = waiting.pop()
        if name in roles.starting:
            return False
        if name in rulebook.stages and name not in seen | roles.announcing:
            seen.add(name)
            waiting.extend(_next(rulebook, name, usual=False))
    return bool(roles.announcing)
