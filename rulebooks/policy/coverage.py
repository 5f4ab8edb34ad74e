"""覆盖面：几种去重数取较大者；名单上的有没有逐个问到，漏了谁。"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from rulebooks.policy.limits import NOTHING, Assessment, Given, assess
from rulebooks.policy.lookups import name_of
from rulebooks.vocabulary.model import Limit, Rulebook


@dataclass(frozen=True, slots=True)
class Coverage:
    """名单的覆盖情况：核对结果与漏了的（按名单的次序，不重复）。"""

    assessment: Assessment
    missed: tuple[str, ...]


def larger_of(
    rulebook: Rulebook, limit: Limit, counts: Mapping[str, int], given: Given = NOTHING
) -> Assessment:
    """几种去重数取较大者核对，如人数与户数；缺了哪一种的不算守住，从不猜。"""
    wanted = limit.limit.distinct or ()
    absent = [name_of(rulebook, name) for name in wanted if name not in counts]
    if absent or not wanted:
        words = f"缺少“{'、'.join(absent)}”，无法核对{limit.label}，请先填写。"
        return Assessment(limit, applies=True, held=False, bound=None, sentence=words)
    return assess(rulebook, limit, max(counts[name] for name in wanted), given)


def missed(listed: Iterable[str], asked: Iterable[str]) -> tuple[str, ...]:
    """名单上没有问到的，按名单的次序，不重复。"""
    met = set(asked)
    return tuple(name for name in dict.fromkeys(listed) if name not in met)


def covered(
    rulebook: Rulebook, limit: Limit, listed: Iterable[str], asked: Iterable[str]
) -> Coverage:
    """名单上应问到的是否问到了；同一个只计一次，名单之外的不计。名单为空的无从核对。"""
    names = tuple(dict.fromkeys(listed))
    left_out = missed(names, asked)
    bases = {limit.bound.of: len(names)} if limit.bound.of is not None else {}
    found = assess(rulebook, limit, len(names) - len(left_out), Given(bases=bases))
    if found.held or not left_out:
        return Coverage(found, left_out)
    listed_names = "、".join(left_out)
    words = f"{found.sentence.removesuffix('。')}；尚未问到的有：{listed_names}。"
    return Coverage(replace(found, sentence=words), left_out)
