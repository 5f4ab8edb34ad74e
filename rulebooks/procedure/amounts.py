"""事项的各项金额：由事实与有效的结果得出，变更、更正后重新得出。单位：分。"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from rulebooks.procedure.state import Result
from rulebooks.vocabulary.model import Rulebook

# 环节种类 → 内容里的键 → 金额名称（批准额、合同额、送审额、审定额、认定额）。
GIVEN_BY: Mapping[str, Mapping[str, str]] = {
    "batch": {"amount": "approved"},
    "contract": {"amount": "contract"},
    "audit": {"submitted": "submitted", "audited": "audited"},
    "recognize": {"total": "recognized"},
}
RECOGNIZED = "recognized"
PAID = "paid"


def budgeted(facts: Mapping[str, Any]) -> dict[str, int]:
    """立项时就有的金额：预算（含社会资金）、总资金、其中的财政资金；报送件没有预算。"""
    if "budget" not in facts:
        return {}
    budget, other = int(facts["budget"]), int(facts.get("other_funds", 0))
    return {"budget": budget, "total": budget, "fiscal": budget - other}


def given(kind: str, content: Mapping[str, Any]) -> dict[str, int]:
    """某类环节的结果带来的金额；多数环节没有。"""
    names = GIVEN_BY.get(kind, {})
    if not content.get("decided", True):
        return {}
    return {name: int(content[key]) for key, name in names.items() if content.get(key) is not None}


def amounts_of(
    rulebook: Rulebook, facts: Mapping[str, Any], results: Iterable[Result], paid: int | None
) -> dict[str, int]:
    """全部金额；失效的结果不算，已拨付的是既成事实，一直算。"""
    amounts = budgeted(facts)
    for result in results:
        if not result.void:
            amounts |= given(rulebook.stages[result.stage].kind, result.content)
    if paid is not None:
        amounts[PAID] = paid
    return amounts
