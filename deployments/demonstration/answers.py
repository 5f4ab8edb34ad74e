"""答复: what a played official writes into the form that an open duty demands.

The form is asked of the rulebook, as the terminal and the portal ask it; a story changes single
answers. Amounts are in 分.
"""

from collections.abc import Mapping
from typing import Any

from rulebooks.demands import Field, demanded
from rulebooks.state import OpenStage, State

OUT_OF = 100
CONTRACT_SHARE = 96
AUDITED_SHARE = 99

COUNCIL = {"members": 9, "present": 8, "agree": 7, "against": 1, "abstain": 0}
SAMPLES = {"samples": 120, "satisfied": 114}
WORDS: Mapping[str, Mapping[str, Any]] = {
    "submit": {"summary": "已汇总社区收到的项目建议，情况属实，请予办理。"},
    "vote": {**COUNCIL, "opinion": "项目符合居民需要，同意列入。"},
    "approve": {"opinion": "程序齐全，预算合理，同意。"},
    "return": {"opinion": "实施地点示意图不清，请补正后重新报送。"},
    "reply": {"department": "主管部门", "opinion": "无不同意见。", "document": ""},
    "post": {"evidence": "张贴照片已存档"},
    "object": {"objection": "意见1", "substance": "安装位置靠近住户窗户，建议另选位置。"},
    "answer_objection": {"upheld": True, "reply": "意见合理，退回重新审议选址。"},
    "select": {"reason": "资质齐全，报价合理，本镇(区)履约记录良好。"},
    "sign": {"contract": "民生微实事项目合同"},
    "perform": {"evidence": "现场照片与签收记录已存档"},
    "audit": {"auditor_name": "某会计师事务所", "bundle": "本季度第一批", "opinion": "账实相符。"},
    "measure": {**SAMPLES, "surveyor": "某社会调查中心", "effect": "居民反映良好，达到预期效果。"},
    "pay": {"voucher": "财政支付凭证", "final": True},
    "request_change": {"reason": "按现场勘查结果调整。"},
    "approve_change": {"reason": "情况属实，同意变更。"},
    "request_withdrawal": {"reason": "居民意见有变化，申请撤销。"},
    "approve_withdrawal": {"reason": "情况属实，同意撤销。"},
    "settle_correction": {"keep": True, "reason": "不影响其后各环节的依据。"},
}


def answer(
    state: State, opened: OpenStage | None, action: str, told: Mapping[str, Any]
) -> dict[str, Any]:
    """The filled form of `action`; `told` are a story's own answers by field name."""
    known = {**WORDS.get(action, {}), **_amounts(state, action), **told}
    content: dict[str, Any] = {}
    for field in demanded(state, opened, action):
        value = known.get(field.name, _default(field))
        if value is not None:
            _put(content, field.name, value)
    for name in told:
        _put(content, name, told[name])
    return content


def _amounts(state: State, action: str) -> dict[str, Any]:
    budget = state.amounts.get("budget", 0)
    contract = state.amounts.get("contract", budget)
    if action == "sign":
        return {"amount": budget * CONTRACT_SHARE // OUT_OF}
    if action == "audit":
        return {"submitted": contract, "audited": contract * AUDITED_SHARE // OUT_OF}
    if action == "pay":
        return {"amount": state.amounts.get("audited", contract)}
    if action == "measure":
        stage = next(item.stage for item in state.open if _measures(state, item.stage))
        return {"groups": list(state.rulebook.stages[stage].groups)}
    return {}


def _measures(state: State, stage: str) -> bool:
    return state.rulebook.stages[stage].kind == "evaluate"


def _default(field: Field) -> Any:
    """What an answer is when nothing special is told: the requirement met, nothing found."""
    if field.name.startswith("changes"):
        return None
    if field.kind == "boolean":
        return not field.name.startswith("checks.")
    if field.kind == "choice":
        return next(iter(field.choices))
    if not field.required:
        return None
    return f"已备：{field.label}" if field.kind == "text" else None


def _put(content: dict[str, Any], name: str, value: Any) -> None:
    first, _, rest = name.partition(".")
    if rest:
        content.setdefault(first, {})[rest] = value
    else:
        content[first] = value
