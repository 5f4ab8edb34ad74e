"""限额：单个项目资金上限与社区年度累计上限，数额、轻重、口径都在规则手册。金额单位：分。"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rulebooks.model import FEN_PER_YUAN, Limit, Rulebook
from rulebooks.refusals import Refusal, refuse
from rulebooks.state import State

PROJECT_CAP = "project_cap"
COMMUNITY_CAP = "community_cap"
PER_PROJECT = "project"
PER_COMMUNITY_YEAR = ("community", "year")


def yuan(amount: int) -> str:
    """分写成元，供说明文字使用，如 100,000.01元。"""
    return f"{amount // FEN_PER_YUAN:,}.{amount % FEN_PER_YUAN:02d}元"


def over_project_cap(
    rulebook: Rulebook, subject: str, amounts: Mapping[str, int]
) -> Refusal | None:
    """单个项目资金是否超过不得突破的上限（含本数）；立卷与变更时核对。"""
    for limit, amount in _exceeded(rulebook, PER_PROJECT, amounts, 0):
        if limit.severity == "must":
            return _over(rulebook, subject, "over_project_cap", limit, f"资金{yuan(amount)}")
    return None


def over_cap_when_established(state: State, before: int, *, overridden: bool) -> Refusal | None:
    """立项时是否超过限额：应、不得的不能越过，原则上的写明理由可以越过。

    Args:
        state: 事项。
        before: 该社区本年度此前已立项的累计。
        overridden: 是否写明了越过“原则上”限额的理由。
    """
    rulebook, community = state.rulebook, state.facts["community"]
    for limit, amount in _exceeded(rulebook, PER_PROJECT, state.amounts, 0):
        if limit.severity == "must" or not overridden:
            words = f"资金{yuan(amount)}"
            return _over(rulebook, state.number, "over_project_cap", limit, words)
    for limit, total in _exceeded(rulebook, PER_COMMUNITY_YEAR, state.amounts, before):
        if limit.severity == "must" or not overridden:
            words = f"立项后{community}本年度累计{yuan(total)}"
            return _over(rulebook, state.number, "over_community_cap", limit, words)
    return None


def _exceeded(
    rulebook: Rulebook, per: str | tuple[str, ...], amounts: Mapping[str, int], before: int
) -> Iterator[tuple[Limit, int]]:
    for limit in rulebook.limits.values():
        total = before + amounts[limit.of or "budget"]
        if limit.per == per and limit.at_most is not None and total > limit.at_most:
            yield limit, total


def _over(rulebook: Rulebook, subject: str, code: str, limit: Limit, words: str) -> Refusal:
    ceiling = f"{limit.label}{yuan(limit.at_most or 0)}"
    if limit.severity == "must":
        sentence = f"{words}，超过{ceiling}，请调减预算或改走其他渠道。"
    else:
        sentence = f"{words}，超过原则上的{ceiling}；确需立项的，请写明理由。"
    return refuse(rulebook, subject, code, sentence, limit)
