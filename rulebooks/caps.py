"""办理时的限额核对：立卷、变更时的单个项目上限，立项与立项后变更时的社区年度累计与件数。单位：分。

只核对台账所知的度量：金额、已立项的项目件数、事项自己的整数事实；
其余的限额由 limits.assess 按所给的数核对。
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rulebooks.conditions import holds
from rulebooks.limits import Assessment, Given, assess
from rulebooks.lookups import name_of
from rulebooks.model import Limit, Rulebook
from rulebooks.outside import Outside
from rulebooks.refusals import Refusal, refuse
from rulebooks.state import State

PER_PROJECT = ("project",)
# 方案本身也是一个事项。
PER_CASE = (PER_PROJECT, ("plan",))
PER_COMMUNITY_YEAR = ("community", "year")
# 按件数的限额，度量写 projects 的即已立项的项目件数。
PROJECTS = "projects"
NOBODY_ELSE = Outside()


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
    before: State, after: State, outside: Outside, *, overridden: bool
) -> Refusal | None:
    """已立项的变更后是否超过限额，与立项时一样核对；早已如此、变更没有使之不同的不在此追究。

    Args:
        before: 变更前的事项。
        after: 换上变更后的事实与金额的事项。
        outside: 该社区立项当年其他已立项的累计与各个项目。
        overridden: 是否写明了越过“原则上”限额的理由。
    """
    already = set(_over(before, outside, overridden=overridden, when="变更"))
    found = _over(after, outside, overridden=overridden, when="变更")
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
    numbers = {name: value for name, value in facts.items() if type(value) is int}
    return assess(rulebook, limit, measured, Given(facts, numbers, amounts))


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
        return amounts.get(limit.of or "budget", 0)
    if limit.limit.count == PROJECTS:
        return 1
    known = facts.get(_counted(limit))
    return int(known) if known is not None else None


def _refused(
    rulebook: Rulebook, subject: str, code: str, found: Assessment, words: str = ""
) -> Refusal:
    return refuse(rulebook, subject, code, f"{words}{found.sentence}", found.limit)
