"""限额：单个项目资金上限（第三条）与社区年度累计上限（原则上）。金额单位：分。"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rulebooks.model import FEN_PER_YUAN, Rulebook
from rulebooks.outside import Outside
from rulebooks.refusals import Refusal
from rulebooks.state import OpenStage, State

PROJECT_CAP = "project_cap"
COMMUNITY_CAP = "community_cap"


def yuan(amount: int) -> str:
    """分写成元，供说明文字使用，如 100,000.01元。"""
    return f"{amount // FEN_PER_YUAN:,}.{amount % FEN_PER_YUAN:02d}元"


def over_project_cap(rulebook: Rulebook, title: str, budget: int) -> Refusal | None:
    """单个项目资金是否超过上限（含本数）。"""
    limit = rulebook.limits.get(PROJECT_CAP)
    if limit is None or limit.at_most is None or budget <= limit.at_most:
        return None
    article = rulebook.article(limit)
    return Refusal(
        "over_project_cap",
        f"“{title}”资金{yuan(budget)}超过单个项目上限{yuan(limit.at_most)}（{article}），"
        "请调减预算或改走其他渠道。",
        limit.cites,
        article,
    )


def over_community_cap(
    state: State, opened: OpenStage | None, content: Mapping[str, Any], outside: Outside
) -> Refusal | None:
    """立项时社区年度累计是否超过“原则上”的上限；写明理由即可越过，理由随事件留存。"""
    limit = state.rulebook.limits.get(COMMUNITY_CAP)
    if opened is None or not state.rulebook.stages[opened.stage].establishes:
        return None
    total = outside.community_year_total + state.amounts["budget"]
    if limit is None or limit.at_most is None or total <= limit.at_most:
        return None
    if content.get("override_reason"):
        return None
    article = state.rulebook.article(limit)
    return Refusal(
        "over_community_cap",
        f"事项{state.number}立项后，{state.facts['community']}本年度累计{yuan(total)}，"
        f"超过原则上的上限{yuan(limit.at_most)}（{article}）；确需立项的请写明理由。",
        limit.cites,
        article,
    )
