"""实施结果: what came of a project, for its publicity: who did it, money, audit, evaluation."""

from collections.abc import Mapping
from typing import Any

from notices.parts import Audit, FundUse, Survey
from rulebooks.procedure.state import Result, State

HUNDREDTHS = 10_000
NOT_PAID_YET = "尚未拨付，为合同金额"


def last_of(state: State, kind: str) -> Result | None:
    """最近一次某种环节的有效结果；没有则为 None。"""
    for result in reversed(state.results):
        if state.rulebook.stages[result.stage].kind == kind and not result.void:
            return result
    return None


def content_of(state: State, kind: str) -> Mapping[str, Any]:
    """最近一次某种环节的有效结果内容；没有则为空。"""
    result = last_of(state, kind)
    return result.content if result else {}


def implementer_of(state: State) -> str | None:
    """实施主体的名称；没有这一环节的为 None。"""
    selected = content_of(state, "select")
    return str(selected["implementer_name"]) if selected.get("implementer_name") else None


def funds_of(state: State) -> FundUse | None:
    """资金使用：财政资金与其他资金各多少；尚未拨付的照合同金额写，并注明；都没有的为 None。"""
    known = [name for name in ("paid", "contract") if name in state.amounts]
    if not known:
        return None
    total = state.amounts[known[0]]
    other = min(int(state.facts.get("other_funds", 0)), total)
    note = None if known[0] == "paid" else NOT_PAID_YET
    return FundUse(fiscal=total - other, social=other, note=note)


def effect_of_work(state: State) -> str:
    """实施效果：测评中的成效评估，没有的取完工凭证。"""
    measured = content_of(state, "evaluate")
    performed = content_of(state, "perform")
    return str(measured.get("effect") or performed.get("evidence") or "已按期完成。")


def audit_of(state: State) -> Audit | None:
    """审计结果；没有审计的（简化流程）为 None。"""
    content = content_of(state, "audit")
    if not content:
        return None
    return Audit(content["submitted"], content["audited"], content["auditor_name"])


def survey_of(state: State) -> Survey | None:
    """评价结果：满意度、各项得分（照规则手册所列的次序）；没有评价的为 None。"""
    result = last_of(state, "evaluate")
    return None if result is None else surveyed(state, result)


def surveyed(state: State, result: Result) -> Survey:
    """一次评价的结果。"""
    content, terms = result.content, state.rulebook.terms
    samples, scores = content["samples"], content.get("scores", {})
    dimensions = state.rulebook.stages[result.stage].dimensions
    return Survey(
        satisfaction=content["satisfied"] * HUNDREDTHS // samples if samples else None,
        samples=samples or None,
        surveyor=content["surveyor"] or None,
        assessment=content["effect"] or None,
        scores=tuple((terms[name], scores[name]) for name in dimensions if name in scores),
    )
