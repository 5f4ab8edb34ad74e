"""规则手册自洽：引用不落空，结果齐全，去向走得到头，授权程序不突破底线，版本首尾相接。

每个问题是位置与一句中文；文件与行由 pages.py 补上。
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta

from rulebooks.events import STAGE_ACTIONS
from rulebooks.floors import floor_problems
from rulebooks.model import Assignee, Condition, Delegated, Limit, Rulebook, Stage, Target
from rulebooks.references import JOIN, reachable, targets

Place = tuple[int | str, ...]
Problem = tuple[Place, str]

# 金额也可以是环节的依据：合同额、送审额、审定额。
RESTED_AMOUNTS = ("contract", "submitted", "audited")
# 这些环节没有写明的键就办不了：种类 → 键 → 说明。
NEEDED: Mapping[str, Mapping[str, str]] = {
    "publicize": {"lasts": "公示期", "channels": "公示渠道"},
    "vote": {"passes": "通过条件"},
    "archive": {"contains": "归档材料"},
}
# 公示期满之后必有去向；其余种类，动作的结果至少要有一种。
BY_TIME: Mapping[str, tuple[str, ...]] = {"publicize": ("ended",)}
WITHDRAWN = "withdrawn"


def problems(rulebook: Rulebook) -> Iterator[Problem]:
    """规则手册的全部问题，按所在位置；没有问题时为空。"""
    for check in (_versions, _people, _start, _clocks, _limits, _closings):
        yield from check(rulebook)
    for name, stage in rulebook.stages.items():
        place = ("stages", name)
        for look in STAGE_CHECKS:
            yield from look(rulebook, place, stage)
        for outcome, target in stage.then.items():
            yield from _target(rulebook, (*place, "then", outcome), target)
    yield from floor_problems(rulebook)


def _known(names: Mapping[str, object]) -> str:
    return "、".join(names)


def _versions(rulebook: Rulebook) -> Iterator[Problem]:
    """版本由旧到新，起止相接，既不重叠也不留空。"""
    for older, newer in zip(rulebook.versions, rulebook.versions[1:], strict=False):
        if older.until is None or newer.since != older.until + timedelta(days=1):
            sentence = f"版本“{older.id}”与“{newer.id}”的起止不相接，请改正 since 与 until。"
            yield ("versions",), sentence


def _people(rulebook: Rulebook) -> Iterator[Problem]:
    """角色与层级都在册。"""
    for name, role in rulebook.roles.items():
        for level in role.at:
            if level not in rulebook.levels:
                sentence = f"层级“{level}”不存在，可用的有：{_known(rulebook.levels)}。"
                yield ("roles", name, "at"), sentence
    changes, corrections = rulebook.changes, rulebook.corrections
    yield from _assignee(rulebook, ("changes", "requested_by"), changes.requested_by)
    yield from _assignee(rulebook, ("changes", "review_by"), changes.review_by)
    yield from _assignee(rulebook, ("corrections", "settled_by"), corrections.settled_by)
    to = rulebook.reminders.escalate.to
    if to is not None:
        yield from _assignee(rulebook, ("reminders", "escalate", "to"), Assignee(role=to))


def _assignee(rulebook: Rulebook, place: Place, assignee: Assignee) -> Iterator[Problem]:
    if assignee.role not in rulebook.roles:
        yield place, f"角色“{assignee.role}”不存在，可用的有：{_known(rulebook.roles)}。"
    for level in assignee.at:
        if level not in rulebook.levels:
            yield place, f"层级“{level}”不存在，可用的有：{_known(rulebook.levels)}。"


def _stage_exists(rulebook: Rulebook, place: Place, name: str) -> Iterator[Problem]:
    if name not in rulebook.stages:
        yield place, f"环节“{name}”不存在，可用的有：{_known(rulebook.stages)}。"


def _start(rulebook: Rulebook) -> Iterator[Problem]:
    """起点存在，每个环节都走得到。"""
    yield from _stage_exists(rulebook, ("start",), rulebook.start)
    before = rulebook.changes.free_withdrawal_before
    yield from _stage_exists(rulebook, ("changes", "free_withdrawal_before"), before)
    for name, first in rulebook.procedures.items():
        yield from _stage_exists(rulebook, ("procedures", name, "start"), first)
    met = reachable(rulebook, rulebook.start)
    for name, stage in rulebook.stages.items():
        if name not in met and rulebook.start in rulebook.stages:
            yield ("stages", name), f"没有任何去向通到环节“{stage.label}”，请接上或删除。"


def _clocks(rulebook: Rulebook) -> Iterator[Problem]:
    for name, clock in rulebook.clocks.items():
        for covered in clock.covers:
            yield from _stage_exists(rulebook, ("clocks", name, "covers"), covered)
        if clock.paused_by is not None:
            yield from _assignee(rulebook, ("clocks", name, "paused_by"), clock.paused_by)
        if clock.pausable and clock.unit not in ("working_days", "calendar_days"):
            yield ("clocks", name, "unit"), "可停表的时限须以工作日或日计，请改正单位。"
        if clock.pausable and clock.paused_by is None:
            yield ("clocks", name), "可停表的时限须写明由谁登记停表（paused_by），请补上。"


def _limits(rulebook: Rulebook) -> Iterator[Problem]:
    for name, limit in rulebook.limits.items():
        if not _bounds(limit):
            yield ("limits", name), "限额须写明 at_most 或 at_least，请补上。"


def _bounds(limit: Limit) -> bool:
    return limit.at_most is not None or limit.at_least is not None


def _closings(rulebook: Rulebook) -> Iterator[Problem]:
    if WITHDRAWN not in rulebook.outcomes:
        yield ("outcomes",), f"终局须有“{WITHDRAWN}”（撤销），请补上。"


def _stage_people(rulebook: Rulebook, place: Place, stage: Stage) -> Iterator[Problem]:
    yield from _assignee(rulebook, (*place, "by"), stage.by)
    if stage.answered_by is not None:
        yield from _assignee(rulebook, (*place, "answered_by"), stage.answered_by)
    if stage.within is not None and stage.within.since is not None:
        yield from _stage_exists(rulebook, (*place, "within", "since"), stage.within.since)


def _stage_terms(rulebook: Rulebook, place: Place, stage: Stage) -> Iterator[Problem]:
    """用语、公文、事实都在 rulebook.yaml 中说明。"""
    used = {
        key: [check.term for check in getattr(stage, key)]
        for key in ("demands", "checks", "clauses")
    }
    used |= {key: list(getattr(stage, key)) for key in ("channels", "fields", "contains")}
    for key, terms in used.items():
        for index, term in enumerate(terms):
            if term not in rulebook.terms:
                sentence = f"用语“{term}”未在 rulebook.yaml 的 terms 中说明，请补上。"
                yield (*place, key, index), sentence
    for key in ("issues", "announces"):
        yield from _document(rulebook, (*place, key), getattr(stage, key))
    for fact in stage.rests_on:
        if fact not in rulebook.facts and fact not in RESTED_AMOUNTS:
            known = "、".join((*rulebook.facts, *RESTED_AMOUNTS))
            yield (*place, "rests_on"), f"“{fact}”不是事实或金额，可用的有：{known}。"


def _document(rulebook: Rulebook, place: Place, name: str | None) -> Iterator[Problem]:
    if name is not None and name not in rulebook.documents:
        yield place, f"公文“{name}”不存在，可用的有：{_known(rulebook.documents)}。"


def _stage_needs(rulebook: Rulebook, place: Place, stage: Stage) -> Iterator[Problem]:
    """本类环节必需的键。"""
    for key, label in NEEDED.get(stage.kind, {}).items():
        if not getattr(stage, key):
            yield place, f"{stage.kind} 类环节须写明{label}（{key}），请补上。"


def _stage_outcomes(rulebook: Rulebook, place: Place, stage: Stage) -> Iterator[Problem]:
    """结果齐全，没有本类环节不会有的结果。"""
    offered = STAGE_ACTIONS.get(stage.kind)
    if offered is None:
        yield (
            (*place, "kind"),
            f"{stage.kind} 类环节尚不能办理，可用的有：{_known(STAGE_ACTIONS)}。",
        )
        return
    possible = {outcome for outcomes in offered.values() for outcome in outcomes}
    needed = BY_TIME.get(stage.kind, next(iter(offered.values())))
    for outcome in needed:
        if outcome not in stage.then:
            yield (*place, "then"), f"缺少结果“{outcome}”的去向，请补上。"
    for outcome in stage.then:
        if outcome not in possible:
            listed = "、".join(sorted(possible))
            yield (*place, "then", outcome), f"没有“{outcome}”这种结果，可用的有：{listed}。"


def _stage_conditions(rulebook: Rulebook, place: Place, stage: Stage) -> Iterator[Problem]:
    for key in ("demands", "checks", "clauses"):
        for index, check in enumerate(getattr(stage, key)):
            yield from _condition(rulebook, (*place, key, index, "only"), check.only)
    if isinstance(stage.third_party_when, Condition):
        yield from _condition(rulebook, (*place, "third_party_when"), stage.third_party_when)
    yield from _condition(rulebook, (*place, "effect_when"), stage.effect_when)


def _condition(rulebook: Rulebook, place: Place, condition: Condition | None) -> Iterator[Problem]:
    """条件中的事实在册，取值也在册。"""
    if condition is None:
        return
    choices: Mapping[str, Mapping[str, str]] = {
        "kind": rulebook.kinds,
        "category": rulebook.categories,
    }
    for fact, value in condition.facts.items():
        if fact not in rulebook.facts:
            yield place, f"“{fact}”不是事实，可用的有：{_known(rulebook.facts)}。"
        elif fact in choices and value not in choices[fact]:
            yield place, f"{fact} 没有“{value}”这个值，可用的有：{_known(choices[fact])}。"
    parts = (*(condition.all or ()), *(condition.any or ()), condition.not_)
    for part in parts:
        yield from _condition(rulebook, place, part)


def _target(rulebook: Rulebook, place: Place, target: Target) -> Iterator[Problem]:
    """去向、终局、公文都存在。"""
    for name in targets(target):
        if name != JOIN:
            yield from _stage_exists(rulebook, place, name)
    if target.close is not None and target.close not in rulebook.outcomes:
        known = _known(rulebook.outcomes)
        yield (*place, "close"), f"终局“{target.close}”不存在，可用的有：{known}。"
    yield from _document(rulebook, (*place, "issue"), target.issue)
    yield from _choice(rulebook, (*place, "choose"), target)
    yield from _parallel(rulebook, place, target)


def _choice(rulebook: Rulebook, place: Place, target: Target) -> Iterator[Problem]:
    """分流的条件与底线的环节都在册，且有兜底的一支。"""
    for index, branch in enumerate(target.choose):
        yield from _condition(rulebook, (*place, index, "when"), branch.when)
        keeps = branch.to.keeps if isinstance(branch.to, Delegated) else ()
        for kept in keeps:
            if isinstance(kept, str):
                yield from _stage_exists(rulebook, (*place, index, "to", "keeps"), kept)
    if target.choose and target.choose[-1].when is not None:
        yield place, "最后一支须不写 when，使任何情形都有去向，请补上。"


def _parallel(rulebook: Rulebook, place: Place, target: Target) -> Iterator[Problem]:
    """并行的每一支都走得到会合。"""
    if bool(target.parallel) != (target.join is not None):
        yield place, "并行（parallel）与会合（join）须同时写明，请补上。"
    for name in target.parallel:
        if name in rulebook.stages and not _joins(rulebook, name):
            yield place, f"并行的“{rulebook.stages[name].label}”走不到会合（join），请改正去向。"


def _joins(rulebook: Rulebook, first: str) -> bool:
    return any(
        JOIN in targets(target)
        for name in reachable(rulebook, first)
        for target in rulebook.stages[name].then.values()
    )


STAGE_CHECKS: tuple[Callable[[Rulebook, Place, Stage], Iterator[Problem]], ...] = (
    _stage_people,
    _stage_terms,
    _stage_needs,
    _stage_outcomes,
    _stage_conditions,
)
