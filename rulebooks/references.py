"""核对规则手册内部的引用：环节、角色、用语、事实、授权程序的底线。"""

from __future__ import annotations

from collections.abc import Iterator

from rulebooks.model import Assignee, Delegated, Rulebook, Stage, Target

JOIN = "join"
Problem = tuple[tuple[str, ...], str]


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


def reachable(rulebook: Rulebook, first: str) -> frozenset[str]:
    """从某环节出发可以到达的全部环节，含自身。"""
    seen: set[str] = set()
    waiting = [first]
    while waiting:
        name = waiting.pop()
        if name in seen or name not in rulebook.stages:
            continue
        seen.add(name)
        for target in rulebook.stages[name].then.values():
            waiting.extend(targets(target))
    return frozenset(seen)


def unknown_references(rulebook: Rulebook) -> Iterator[Problem]:
    """逐条给出落空的引用：位置与中文说明。"""
    if rulebook.start not in rulebook.stages:
        yield ("start",), f"环节“{rulebook.start}”不存在，现有：{'、'.join(rulebook.stages)}。"
    for name, clock in rulebook.clocks.items():
        for covered in clock.covers:
            if covered not in rulebook.stages:
                yield ("clocks", name, "covers"), f"环节“{covered}”不存在。"
    for name, stage in rulebook.stages.items():
        place = ("stages", name)
        yield from _stage_problems(rulebook, place, stage)
        for outcome, target in stage.then.items():
            yield from _target_problems(rulebook, (*place, "then", outcome), target)


def _stage_problems(rulebook: Rulebook, place: tuple[str, ...], stage: Stage) -> Iterator[Problem]:
    for key, assignee in (("by", stage.by), ("answered_by", stage.answered_by)):
        if assignee is not None:
            yield from _assignee_problems(rulebook, (*place, key), assignee)
    for key in ("demands", "checks", "clauses"):
        for check in getattr(stage, key):
            if check.term not in rulebook.terms:
                yield (*place, key), f"用语“{check.term}”未在 rulebook.yaml 的 terms 中说明。"
    for key in ("channels", "fields", "contains"):
        for term in getattr(stage, key):
            if term not in rulebook.terms:
                yield (*place, key), f"用语“{term}”未在 rulebook.yaml 的 terms 中说明。"
    for fact in stage.rests_on:
        if fact not in rulebook.facts:
            yield (*place, "rests_on"), f"事实“{fact}”未在 rulebook.yaml 的 facts 中说明。"
    for key in ("issues", "announces"):
        document = getattr(stage, key)
        if document is not None and document not in rulebook.documents:
            yield (*place, key), f"公文“{document}”未在 rulebook.yaml 的 documents 中说明。"
    if stage.kind == "publicize" and (stage.lasts is None or not stage.channels):
        yield place, "公示环节须写明公示期 lasts 与渠道 channels。"
    if stage.kind == "vote" and stage.passes is None:
        yield place, "表决环节须写明通过条件 passes。"


def _assignee_problems(
    rulebook: Rulebook, place: tuple[str, ...], assignee: Assignee
) -> Iterator[Problem]:
    if assignee.role not in rulebook.roles:
        known = "、".join(rulebook.roles)
        yield place, f"角色“{assignee.role}”不存在，现有：{known}。"


def _target_problems(
    rulebook: Rulebook, place: tuple[str, ...], target: Target
) -> Iterator[Problem]:
    for name in targets(target):
        if name not in rulebook.stages and name != JOIN:
            yield place, f"环节“{name}”不存在，现有：{'、'.join(rulebook.stages)}。"
    if target.close is not None and target.close not in rulebook.outcomes:
        yield place, f"终局“{target.close}”未在 rulebook.yaml 的 outcomes 中说明。"
    if target.issue is not None and target.issue not in rulebook.documents:
        yield place, f"公文“{target.issue}”未在 rulebook.yaml 的 documents 中说明。"
    for branch in target.choose:
        if isinstance(branch.to, Delegated):
            yield from _floor_problems(rulebook, branch.to)


def _floor_problems(rulebook: Rulebook, delegated: Delegated) -> Iterator[Problem]:
    """镇(区)的程序不得突破市级保留的底线。"""
    first = rulebook.procedures.get(delegated.procedure)
    if first is None:
        return
    stages = [rulebook.stages[name] for name in reachable(rulebook, first)]
    place = ("procedures", delegated.procedure)
    for kept in delegated.keeps:
        if isinstance(kept, dict):
            if not any(stage.kind in kept["kinds"] for stage in stages):
                yield place, f"程序不得省略{'或'.join(kept['kinds'])}类环节（市级底线）。"
        elif not any(_same_step(rulebook.stages[kept], stage) for stage in stages):
            yield place, f"程序不得省略“{rulebook.stages[kept].label}”（市级底线）。"


def _same_step(kept: Stage, stage: Stage) -> bool:
    return stage.kind == kept.kind and stage.cites == kept.cites
