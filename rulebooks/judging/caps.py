"""办理时的限额核对：立卷、变更时的单个项目上限，立项与其后变更、更正时的社区年度累计与件数。单位：分。

只核对台账所知的度量：金额、已立项的项目件数、事项自己的整数事实；
其余的限额由 limits.assess 按所给的数核对。
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from rulebooks.days.working_days import BEIJING
from rulebooks.judging.outside import Held, Outside
from rulebooks.policy.conditions import holds
from rulebooks.policy.limits import OF_IMPLEMENTER, UPPER, Assessment, Given, assess
from rulebooks.policy.lookups import YEAR, name_of
from rulebooks.procedure.state import Result, State
from rulebooks.vocabulary.model import Limit, Rulebook
from rulebooks.vocabulary.refusals import Refusal, refuse

PER_PROJECT = ("project",)
# 方案本身也是一个事项。
PER_CASE = (PER_PROJECT, ("plan",))
PER_COMMUNITY_YEAR = ("community", "year")
# 按件数的限额，度量写 projects 的即已立项的项目件数。
PROJECTS = "projects"
NOBODY_ELSE = Outside()
# 限额的范围里表示期间的各词：同一期的日子得出同一个值。
PERIODS: Mapping[str, Callable[[date], tuple[int, ...]]] = {
    "programme": lambda _: (),
    "year": lambda day: (day.year,),
    "half_year": lambda day: (day.year, (day.month - 1) // 6),
    "quarter": lambda day: (day.year, (day.month - 1) // 3),
    "month": lambda day: (day.year, day.month),
}
# 限额的范围里可以由事实分别的各词。
BY_FACT = frozenset({"city", "town", "community", "kind", "category"})
SIGNED = "contract"
# 确定实施主体时还没有的金额。
LATER = frozenset({SIGNED, "submitted", "audited"})


def over_project_cap(
    rulebook: Rulebook, subject: str, facts: Mapping[str, Any], amounts: Mapping[str, int]
) -> Refusal | None:
    """单个项目资金是否超过不得突破的上限；立卷与变更时核对。"""
    for found in _broken(rulebook, (PER_PROJECT,), facts, amounts):
        if found.limit.limit.money and found.limit.severity == "must":
            return _refused(rulebook, subject, "over_project_cap", found)
    return None


def over_cap_when_established(
    state: State, outside: Outside, *, overridden: bool
) -> Refusal | None:
    """立项时是否超过限额：应、不得的不能越过，原则上的写明理由可以越过。

    Args:
        state: 事项。
        outside: 该社区本年度此前已立项的累计与各个项目。
        overridden: 是否写明了越过“原则上”限额的理由。
    """
    return next(_over(state, outside, overridden=overridden, when="立项"), None)


def over_cap_when_changed(
    before: State, after: State, outside: Outside, *, overridden: bool, when: str = "变更"
) -> Refusal | None:
    """已立项的变更、更正后是否超过限额，与立项时一样核对；早已如此而没有变得不同的不在此追究。

    Args:
        before: 变更前的事项。
        after: 换上变更后的事实与金额的事项。
        outside: 该社区立项当年其他已立项的累计与各个项目。
        overridden: 是否写明了越过“原则上”限额的理由。
        when: 变更或更正。
    """
    already = set(_over(before, outside, overridden=overridden, when=when))
    found = _over(after, outside, overridden=overridden, when=when)
    return next((refusal for refusal in found if refusal not in already), None)


def _over(state: State, outside: Outside, *, overridden: bool, when: str) -> Iterator[Refusal]:
    """超过的各项限额，写明理由可以越过的除外。"""
    rulebook, facts, amounts = state.rulebook, state.facts, state.amounts
    for found in _broken(rulebook, PER_CASE, facts, amounts):
        if not (overridden and _overridable(found.limit)):
            yield _refused(rulebook, state.number, "over_project_cap", found)
    for found in _broken(rulebook, (PER_COMMUNITY_YEAR,), facts, amounts, outside):
        if not (overridden and _overridable(found.limit)):
            words = f"{when}后{facts['community']}本年度"
            yield _refused(rulebook, state.number, "over_community_cap", found, words)
    yield from _over_implementer(state, outside, overridden=overridden, when=when)


def over_cap_when_selected(
    state: State, outside: Outside, day: date, *, overridden: bool
) -> Refusal | None:
    """确定实施主体时，这家承接的件数与金额是否超过限额；合同额到签约时再核对。

    Args:
        state: 事项。
        outside: 这家实施主体及其承接的其他项目。
        day: 确定之日（北京日期），据以归入哪一年、哪一期。
        overridden: 是否写明了越过“原则上”限额的理由。
    """
    scope = Scope(state.facts, state.amounts, day)
    limits = [limit for limit in of_implementer(state.rulebook) if limit.of not in LATER]
    return _first_over(state, limits, scope, outside, overridden=overridden, when="确定")


def over_cap_when_signed(
    state: State, outside: Outside, amount: int, *, overridden: bool
) -> Refusal | None:
    """签约时，这家承接的合同额累计是否超过限额；`amount` 为本次合同额。"""
    chosen = selection(state)
    if chosen is None:
        return None
    scope = Scope(state.facts, {**state.amounts, SIGNED: amount}, _day_of(chosen))
    limits = [limit for limit in of_implementer(state.rulebook) if limit.of == SIGNED]
    return _first_over(state, limits, scope, outside, overridden=overridden, when="签约")


def selection(state: State) -> Result | None:
    """现在由谁承接：最近一次有效的确定。"""
    for result in reversed(state.results):
        stage = state.rulebook.stages.get(result.stage)
        if not result.void and stage is not None and stage.kind == "select":
            return result
    return None


def of_implementer(rulebook: Rulebook) -> Iterator[Limit]:
    """按实施主体计的上限，台账所知度量的。"""
    for limit in rulebook.limits.values():
        chosen = OF_IMPLEMENTER.intersection(limit.per)
        rest = set(limit.per) - OF_IMPLEMENTER
        counted = limit.limit.money or limit.limit.count == PROJECTS
        within = rest <= {*PERIODS, *BY_FACT}
        if chosen and within and counted and limit.word in UPPER and _known(rulebook, limit):
            yield limit


@dataclass(frozen=True, slots=True)
class Scope:
    """一个项目归在哪里：事实、金额（分）、确定实施主体之日。"""

    facts: Mapping[str, Any]
    amounts: Mapping[str, int]
    day: date


def _over_implementer(
    state: State, outside: Outside, *, overridden: bool, when: str
) -> Iterator[Refusal]:
    """已有实施主体的，变更之后这家的限额。"""
    chosen = selection(state)
    if chosen is None:
        return
    scope = Scope(state.facts, state.amounts, _day_of(chosen))
    limits = [
        limit
        for limit in of_implementer(state.rulebook)
        if limit.of not in LATER or limit.of in state.amounts
    ]
    found = _first_over(state, limits, scope, outside, overridden=overridden, when=when)
    if found is not None:
        yield found


def _first_over(
    state: State,
    limits: list[Limit],
    scope: Scope,
    outside: Outside,
    *,
    overridden: bool,
    when: str,
) -> Refusal | None:
    known = outside.implementer
    label = f"“{known.name}”" if known is not None else "该实施主体"
    for limit in limits:
        found = _assessed_for(state.rulebook, limit, scope, outside.held)
        if not found.held and not (overridden and _overridable(limit)):
            words = f"{when}后{label}"
            return _refused(state.rulebook, state.number, "over_implementer_cap", found, words)
    return None


def _assessed_for(
    rulebook: Rulebook, limit: Limit, scope: Scope, held: tuple[Held, ...]
) -> Assessment:
    """本项目连同这家在同一范围内承接的其他项目，守不守得住。"""
    others = sum(
        _own(limit, item.facts, item.amounts) or 0
        for item in held
        if _same_scope(limit, scope, item) and holds(limit.only, item.facts, item.amounts)
    )
    measured = (_own(limit, scope.facts, scope.amounts) or 0) + others
    facts = {**scope.facts, YEAR: scope.day.year}
    return assess(rulebook, limit, measured, Given(facts, _numbers(facts), scope.amounts))


def _same_scope(limit: Limit, scope: Scope, item: Held) -> bool:
    periods = all(
        PERIODS[word](scope.day) == PERIODS[word](item.day) for word in limit.per if word in PERIODS
    )
    return periods and all(
        scope.facts.get(word) == item.facts.get(word) for word in limit.per if word in BY_FACT
    )


def _day_of(result: Result) -> date:
    return result.at.astimezone(BEIJING).date()


def _numbers(facts: Mapping[str, Any]) -> dict[str, int]:
    """按比例的界线可用的基数：事项的各个整数事实。"""
    return {name: value for name, value in facts.items() if type(value) is int}


def _overridable(limit: Limit) -> bool:
    """写明理由能否越过：须是“原则上”的，且数已经规定；没有规定的数无从越过。"""
    return limit.severity == "should" and not limit.missing


def needs_each_project(rulebook: Rulebook) -> bool:
    """社区年度的限额里，有没有只限某类项目或按件数的：有的须逐个查明已立项的项目。"""
    return any(
        limit.per == PER_COMMUNITY_YEAR and _known(rulebook, limit) and not _plain_total(limit)
        for limit in rulebook.limits.values()
    )


def _broken(
    rulebook: Rulebook,
    per: tuple[tuple[str, ...], ...],
    facts: Mapping[str, Any],
    amounts: Mapping[str, int],
    outside: Outside = NOBODY_ELSE,
) -> Iterator[Assessment]:
    """这一范围之内、对本项目适用而没有守住的限额；台账无从得知的度量不在此核对。"""
    for limit in rulebook.limits.values():
        if limit.per not in per or not _known(rulebook, limit):
            continue
        found = _assessed(rulebook, limit, facts, amounts, outside)
        if not found.held:
            yield found


def _assessed(
    rulebook: Rulebook,
    limit: Limit,
    facts: Mapping[str, Any],
    amounts: Mapping[str, int],
    outside: Outside,
) -> Assessment:
    """本项目连同此前的合起来守不守得住。"""
    own = _own(limit, facts, amounts)
    if own is None:
        if not holds(limit.only, facts, amounts):
            return Assessment(limit, applies=False, held=True, bound=None)
        words = f"缺少“{name_of(rulebook, _counted(limit))}”，无法核对{limit.label}，请先填写。"
        return Assessment(limit, applies=True, held=False, bound=None, sentence=words)
    measured = own + (_before(limit, outside) if limit.per == PER_COMMUNITY_YEAR else 0)
    quota = _quota(rulebook, limit, outside)
    return assess(rulebook, limit, measured, Given(facts, _numbers(facts), amounts, quota))


def _quota(rulebook: Rulebook, limit: Limit, outside: Outside) -> int | None:
    """统筹调剂之后的额度；没有调剂过的为 None，照规则手册的数。"""
    names = (name for name in outside.quotas if rulebook.limits.get(name) is limit)
    return next((outside.quotas[name] for name in names), None)


def _counted(limit: Limit) -> str:
    """个数所数的：已立项的项目，或事项自己的一项整数事实。"""
    return limit.limit.count or next(iter(limit.limit.distinct or ()), "")


def _known(rulebook: Rulebook, limit: Limit) -> bool:
    """度量与基数是否为台账所知：金额、已立项的项目件数、事项自己的整数事实。"""
    if limit.bound.of is not None and limit.bound.of not in rulebook.facts:
        return False
    if limit.limit.money or limit.limit.count == PROJECTS:
        return True
    return limit.per in PER_CASE and _counted(limit) in rulebook.facts


def _plain_total(limit: Limit) -> bool:
    return limit.limit.money and limit.only is None and limit.of in (None, "budget", "total")


def _before(limit: Limit, outside: Outside) -> int:
    """此前已立项的累计：不分项目的取总数，其余逐个项目累计。"""
    if _plain_total(limit):
        return outside.community_year_total
    return sum(
        _own(limit, project.facts, project.amounts) or 0
        for project in outside.established
        if holds(limit.only, project.facts, project.amounts)
    )


def _own(limit: Limit, facts: Mapping[str, Any], amounts: Mapping[str, int]) -> int | None:
    """本项目自己的数：金额、一件，或一项整数事实；事实没有填的不知道。"""
    if limit.limit.money:
        return int({**facts, **amounts}.get(limit.of or "budget") or 0)
    if limit.limit.count == PROJECTS:
        return 1
    known = facts.get(_counted(limit))
    return int(known) if known is not None else None


def _refused(
    rulebook: Rulebook, subject: str, code: str, found: Assessment, words: str = ""
) -> Refusal:
    return refuse(rulebook, subject, code, f"{words}{found.sentence}", found.limit)
