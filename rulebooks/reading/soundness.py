"""规则手册自洽：引用不落空，结果齐全，去向走得到头，授权程序不突破底线，版本首尾相接。

每个问题是位置与一句中文；文件与行由 pages.py 补上。
"""

from __future__ import annotations

from collections.abc import Iterator

from rulebooks.reading.floors import floor_problems
from rulebooks.reading.listed import (
    Place,
    Problem,
    bad_condition,
    known,
    unknown_assignee,
    unknown_document,
    unknown_level,
    unknown_stage,
)
from rulebooks.reading.provisions import provision_problems
from rulebooks.reading.stage_soundness import stage_problems
from rulebooks.reading.versions import dating_problems
from rulebooks.vocabulary.facts import DETAILS, STANDARD
from rulebooks.vocabulary.model import Assignee, Delegated, Rulebook, Target
from rulebooks.vocabulary.references import JOIN, every_target, reachable, starts, targets
from rulebooks.vocabulary.submissions import serving

WITHDRAWN = "withdrawn"


def problems(rulebook: Rulebook) -> Iterator[Problem]:
    """规则手册的全部问题，按所在位置；没有问题时为空。"""
    for check in (_versions, _people, _facts, _start, _clocks, _closings, _graph, _submissions):
        yield from check(rulebook)
    yield from _debts(rulebook)
    yield from floor_problems(rulebook)
    yield from provision_problems(rulebook)


def _versions(rulebook: Rulebook) -> Iterator[Problem]:
    """版本由旧到新，起止相接，既不重叠也不留空。"""
    for problem in dating_problems(rulebook.versions):
        yield ("versions",), problem


def _people(rulebook: Rulebook) -> Iterator[Problem]:
    """角色与层级都在册。"""
    for name, role in rulebook.roles.items():
        for level in role.at:
            yield from unknown_level(rulebook, ("roles", name, "at"), level)
    changes, corrections = rulebook.changes, rulebook.corrections
    yield from unknown_assignee(rulebook, ("changes", "requested_by"), changes.requested_by)
    yield from unknown_assignee(rulebook, ("changes", "review_by"), changes.review_by)
    yield from unknown_assignee(rulebook, ("corrections", "settled_by"), corrections.settled_by)
    to = rulebook.reminders.escalate.to
    if to is not None:
        yield from unknown_assignee(rulebook, ("reminders", "escalate", "to"), Assignee(role=to))


def _facts(rulebook: Rulebook) -> Iterator[Problem]:
    """各地都有的事实只写名称；参数由在册的层级补充规定。"""
    for name, entry in rulebook.facts.items():
        if name == DETAILS:
            yield ("facts", name), f"事实不能叫“{DETAILS}”，请另起名。"
        if name in STANDARD and (entry.choices or entry.required or entry.kind != "text"):
            yield ("facts", name), f"“{name}”各地都有，种类已定，只写名称，请删去其余的键。"
    for name, parameter in rulebook.parameters.items():
        place = ("parameters", name, "supplied_by")
        yield from unknown_level(rulebook, place, parameter.supplied_by)


def _start(rulebook: Rulebook) -> Iterator[Problem]:
    """起点存在，每个环节都走得到。"""
    if rulebook.start.close is not None or rulebook.start.issue is not None:
        yield ("start",), "起点须写 to、choose 或 parallel，不能写 close、issue，请改正。"
    yield from _target(rulebook, ("start",), rulebook.start)
    before = rulebook.changes.free_withdrawal_before
    yield from unknown_stage(rulebook, ("changes", "free_withdrawal_before"), before)
    for name, beginning in rulebook.procedures.items():
        yield from unknown_stage(rulebook, ("procedures", name, "start"), beginning)


def _graph(rulebook: Rulebook) -> Iterator[Problem]:
    """各环节写得全，去向都在，每个环节都走得到。"""
    first = starts(rulebook)
    met = reachable(rulebook, *first)
    for name, stage in rulebook.stages.items():
        place = ("stages", name)
        if name not in met and met.issuperset(first):
            yield place, f"没有任何去向通到环节“{stage.label}”，请接上或删除。"
        yield from stage_problems(rulebook, place, stage)
        for outcome, target in stage.then.items():
            yield from _target(rulebook, (*place, "then", outcome), target)


def _submissions(rulebook: Rulebook) -> Iterator[Problem]:
    """报送件：有这项义务，环节与项目的一样核对。"""
    for name in rulebook.submissions:
        place = ("submissions", name)
        duty = rulebook.duties.get(name)
        if duty is None:
            yield place, f"duties.yaml 没有“{name}”这项义务，请补写或改名。"
        elif duty.towards is None:
            sentence = f"“{duty.label}”要行文，须写明行文方向（towards），据以选用文种，请补上。"
            yield ("duties", name), sentence
        served = serving(rulebook, name)
        yield from ((place + found, problem) for found, problem in _beginning(served))
        yield from ((place + found, problem) for found, problem in _graph(served))


def _beginning(rulebook: Rulebook) -> Iterator[Problem]:
    yield from unknown_stage(rulebook, ("start",), rulebook.start.to or "")


def _clocks(rulebook: Rulebook) -> Iterator[Problem]:
    for name, clock in rulebook.clocks.items():
        for covered in clock.covers:
            yield from unknown_stage(rulebook, ("clocks", name, "covers"), covered)
        if clock.paused_by is not None:
            yield from unknown_assignee(rulebook, ("clocks", name, "paused_by"), clock.paused_by)
        if clock.pausable and clock.unit not in ("working_days", "calendar_days"):
            yield ("clocks", name, "unit"), "可停表的时限须以工作日或日计，请改正单位。"
        if clock.pausable and clock.paused_by is None:
            yield ("clocks", name), "可停表的时限须写明由谁登记停表（paused_by），请补上。"


def _closings(rulebook: Rulebook) -> Iterator[Problem]:
    if WITHDRAWN not in rulebook.outcomes:
        yield ("outcomes",), f"终局须有“{WITHDRAWN}”（撤销），请补上。"


def _target(rulebook: Rulebook, place: Place, target: Target) -> Iterator[Problem]:
    """去向、终局、公文都存在。"""
    for name in targets(target):
        if name != JOIN:
            yield from unknown_stage(rulebook, place, name)
    if target.close is not None and target.close not in rulebook.outcomes:
        listed = known(rulebook.outcomes)
        yield (*place, "close"), f"终局“{target.close}”不存在，可用的有：{listed}。"
    yield from unknown_document(rulebook, (*place, "issue"), target.issue)
    yield from _choice(rulebook, (*place, "choose"), target)
    yield from _parallel(rulebook, place, target)


def _choice(rulebook: Rulebook, place: Place, target: Target) -> Iterator[Problem]:
    """分流的条件与底线的环节都在册，且有兜底的一支。"""
    for index, branch in enumerate(target.choose):
        yield from bad_condition(rulebook, (*place, index, "when"), branch.when)
        keeps = branch.to.keeps if isinstance(branch.to, Delegated) else ()
        for kept in keeps:
            if isinstance(kept, str):
                yield from unknown_stage(rulebook, (*place, index, "to", "keeps"), kept)
    if target.choose and target.choose[-1].when is not None:
        yield place, "最后一支须不写 when，使任何情形都有去向，请补上。"


def _parallel(rulebook: Rulebook, place: Place, target: Target) -> Iterator[Problem]:
    """并行的每一支都走得到会合，并行之内不再并行。"""
    if bool(target.parallel) != (target.join is not None):
        yield place, "并行（parallel）与会合（join）须同时写明，请补上。"
    for name in target.parallel:
        if name in rulebook.stages and not _joins(rulebook, name):
            yield place, f"并行的“{rulebook.stages[name].label}”走不到会合（join），请改正去向。"
    for name in reachable(rulebook, *target.parallel):
        stage = rulebook.stages[name]
        if any(inner.parallel for inner in stage.then.values()):
            sentence = f"并行的一支里，“{stage.label}”又并行，会合不清，请改为先后办理。"
            yield place, sentence


def _joins(rulebook: Rulebook, first: str) -> bool:
    return any(
        JOIN in targets(target)
        for name in reachable(rulebook, first)
        for target in rulebook.stages[name].then.values()
    )


def _debts(rulebook: Rulebook) -> Iterator[Problem]:
    """欠办的环节在并行的一支里，各支会合之后才结案，不能漏过。"""
    owed = {name for name, stage in rulebook.stages.items() if stage.debt is not None}
    if not owed:
        return
    covered: set[str] = set()
    for target in _parallels(rulebook):
        behind = reachable(rulebook, *target.parallel)
        if owed.isdisjoint(behind):
            continue
        covered |= behind
        for name in sorted(behind):
            yield from _leaks(rulebook, name)
    for name in sorted(owed - covered):
        label = rulebook.stages[name].label
        place = ("stages", name, "debt")
        yield place, f"欠办的“{label}”须在并行（parallel）的一支里，会合之后才结案，请改正。"


def _parallels(rulebook: Rulebook) -> Iterator[Target]:
    for target in every_target(rulebook):
        if target.parallel:
            yield target


def _leaks(rulebook: Rulebook, name: str) -> Iterator[Problem]:
    """否决也不例外：一支里否决结案，另一支里的欠办就漏过了。"""
    for outcome, target in rulebook.stages[name].then.items():
        if target.close is not None:
            place = ("stages", name, "then", outcome)
            yield place, "并行的各支里有欠办的环节，须会合（join）之后才能结案，请改正。"
