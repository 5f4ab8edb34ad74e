"""可选项取自规则手册：类别、类型、来源、角色、层级、单项上限，以及各环节之前必已发生的事项。"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from rulebooks.policy.limits import PROJECT_CAP
from rulebooks.reading.listed import WHETHER
from rulebooks.vocabulary import facts
from rulebooks.vocabulary.articles import articles
from rulebooks.vocabulary.model import Delegated, Limit, Rulebook, Target
from rulebooks.vocabulary.references import starts, targets
from schemas.rows import Choices, Citation, OwnFact, StageChoice

# Which group of columns a stage of each kind fills; for votes and performance see `_gives`.
_GROUPS: Final[Mapping[str, frozenset[str]]] = {
    "publicize": frozenset({"publicity"}),
    "select": frozenset({"implementer"}),
    "contract": frozenset({"contract"}),
}
_CITED_AT: Final[Mapping[str, str]] = {
    "categories": "category",
    "kinds": "kind",
    "suggestion_sources": "source",
}
# The opening of a case: before its first stage, of which there may be several.
_OPENING: Final = ""
# Outcomes that send a project back or end it: what the stage decides has not come about.
_UNDECIDED: Final = frozenset({"return", "reject", "fail", "upheld"})


@dataclass(frozen=True, slots=True)
class Step:
    """一个去向：到哪个环节，以及至此已发生的事项组。"""

    to: str
    gives: frozenset[str]


Steps = Mapping[str, tuple[Step, ...]]
Groups = dict[str, frozenset[str]]


def choices_of(rulebook: Rulebook) -> Choices:
    """某地规则手册给出的可选项；出处取自逐条判定中写明所在键的条款。

    Raises:
        BrokenArticlesError: 该市的条款判定文件有误。
    """
    cap = rulebook.limits.get(PROJECT_CAP)
    return Choices(
        categories=rulebook.categories,
        kinds=rulebook.kinds,
        sources=rulebook.suggestion_sources,
        roles={key: role.label for key, role in rulebook.roles.items()},
        levels=rulebook.levels,
        stages=_stages(rulebook),
        project_cap=_ceiling(cap),
        citations=dict(_citations(rulebook)),
        labels={key: label for key, label in rulebook.fact_labels.items() if key in facts.STANDARD},
        own=own_facts(rulebook),
        unused=WHETHER.difference(rulebook.facts),
    )


def _ceiling(cap: Limit | None) -> int | None:
    """对任何项目都一样、不得突破的单项上限；没有则为 None，留给立卷时核对。"""
    return cap.ceiling if cap is not None and cap.severity == "must" else None


def own_facts(rulebook: Rulebook) -> dict[str, OwnFact]:
    """当地另有的事实，立卷时填的；由某个环节汇总才知道的不在其列。"""
    later = facts.recorded_later(rulebook)
    return {
        key: OwnFact(fact.label, fact.kind, fact.choices, fact.required)
        for key, fact in facts.own_facts(rulebook).items()
        if key not in later
    }


def _citations(rulebook: Rulebook) -> Iterator[tuple[str, Citation]]:
    for rule, entry in articles(rulebook.city).items():
        for where in entry.where:
            key = _CITED_AT.get(where.removeprefix("rulebook.yaml: "))
            if key is not None:
                yield key, Citation(rule, entry.article)
    cap = rulebook.limits.get(PROJECT_CAP)
    if cap is not None and cap.cites is not None:
        yield "project_cap", Citation(cap.cites, rulebook.articles.get(cap.cites, ""))


def _stages(rulebook: Rulebook) -> dict[str, StageChoice]:
    """每个环节：从起点到它的每条路都经过的事项组，和任一条路可能经过的事项组（含它自己）。"""
    forward: dict[str, tuple[Step, ...]] = {}
    first = starts(rulebook)[0]
    _walk(_steps(rulebook), first, (), forward)
    needs, may = _passed(forward, first)
    empty: frozenset[str] = frozenset()
    return {
        name: StageChoice(
            label, needs.get(name, empty), may.get(name, empty) | _gives(rulebook, name)
        )
        for name, label in _labels(rulebook).items()
    }


def _labels(rulebook: Rulebook) -> dict[str, str]:
    """环节名称；授权程序里与市级同名的环节冠以「简化流程」，使填表的人分得清。"""
    labels: dict[str, str] = {}
    for name, stage in rulebook.stages.items():
        taken = stage.label in labels.values()
        labels[name] = f"简化流程：{stage.label}" if taken else stage.label
    return labels


def _steps(rulebook: Rulebook) -> dict[str, tuple[Step, ...]]:
    """每个环节之后可能到达的环节（含授权程序的起点），及因此已发生的事项组。"""
    none: frozenset[str] = frozenset()
    opening = tuple(Step(to, none) for to in _next(rulebook, rulebook.start))
    return {_OPENING: opening} | {
        name: tuple(
            Step(to, _gives(rulebook, name) if outcome not in _UNDECIDED else frozenset())
            for outcome, target in stage.then.items()
            for to in _next(rulebook, target)
        )
        for name, stage in rulebook.stages.items()
    }


def _next(rulebook: Rulebook, target: Target) -> Iterator[str]:
    delegated = [branch.to for branch in target.choose if isinstance(branch.to, Delegated)]
    starts = (rulebook.procedures.get(branch.procedure) for branch in delegated)
    for name in (*targets(target), *starts):
        if name in rulebook.stages:
            yield name


def _walk(
    steps: Steps, name: str, behind: tuple[str, ...], forward: dict[str, tuple[Step, ...]]
) -> None:
    """深度优先地走一遍，只留不回到来路上的去向。"""
    path = (*behind, name)
    forward[name] = tuple(step for step in steps[name] if step.to not in path)
    for step in forward[name]:
        if step.to not in forward:
            _walk(steps, step.to, path, forward)


def _gives(rulebook: Rulebook, name: str) -> frozenset[str]:
    """一个环节办结后填得出的事项组。"""
    stage = rulebook.stages[name]
    if stage.kind == "vote":
        nearest = next(iter(rulebook.levels))
        level = rulebook.levels_of(stage.by)[0]
        return frozenset({"council" if level == nearest else "review"})
    if stage.kind == "perform":
        steps = (step for target in stage.then.values() for step in _next(rulebook, target))
        again = any(rulebook.stages[step].kind == "perform" for step in steps)
        return frozenset({"start" if again else "finish"})
    if stage.establishes:
        return frozenset({"approval"})
    return _GROUPS.get(stage.kind, frozenset())


def _passed(steps: Steps, start: str) -> tuple[Groups, Groups]:
    """按先后次序累计：必经的取各来路之交，可能的取各来路之并。"""
    needs: Groups = {start: frozenset()}
    may: Groups = {start: frozenset()}
    for name in _in_order(steps, start):
        for step in steps[name]:
            arrived = needs[name] | step.gives
            needs[step.to] = needs.get(step.to, arrived) & arrived
            may[step.to] = may.get(step.to, frozenset()) | may[name] | step.gives
    return needs, may


def _in_order(steps: Steps, start: str) -> list[str]:
    """拓扑次序：每个环节排在它的全部来路之后。"""
    done: list[str] = []

    def visit(name: str) -> None:
        for step in steps[name]:
            if step.to not in done:
                visit(step.to)
        done.append(name)

    visit(start)
    return done[::-1]
