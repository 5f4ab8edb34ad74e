"""答复: what a played official writes into the form that an open duty demands.

The form is asked of the rulebook, as the terminal and the portal ask it; a city's script and its
stories change single answers. Amounts are in 分.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from deployments.demonstration.stories import script
from rulebooks.judging.demands import Field, demanded
from rulebooks.judging.payments import most_payable
from rulebooks.procedure.deadlines import local_day
from rulebooks.procedure.state import OpenStage, State

OUT_OF = 100
CONTRACT_SHARE = 96
AUDITED_SHARE = 99
TIME_TO_MEND = timedelta(days=30)

COUNCIL = {"members": 9, "present": 8, "agree": 7, "against": 1, "abstain": 0}
SAMPLES = {"samples": 120, "satisfied": 114}
SCORE = 88
NUMBER = 100
WORDS: Mapping[str, Mapping[str, Any]] = {
    "submit": {"summary": "已汇总社区收到的项目建议，情况属实，请予办理。"},
    "vote": {**COUNCIL, "opinion": "项目符合居民需要，同意列入。"},
    "approve": {"opinion": "程序齐全，预算合理，同意。"},
    "return": {"opinion": "实施地点示意图不清，请补正后重新报送。"},
    "reject": {"opinion": "经研究，本次不予同意。"},
    "reply": {"department": "主管部门", "opinion": "无不同意见。", "document": ""},
    "file": {"department": "备案机关", "opinion": "材料齐全，已予备案。", "document": ""},
    "post": {"evidence": "张贴照片已存档"},
    "object": {"objection": "意见1", "substance": "安装位置靠近住户窗户，建议另选位置。"},
    "withdraw_objection": {"reason": "经沟通解释，提出人撤回。"},
    "answer_objection": {"upheld": True, "reply": "意见合理，退回重新审议选址。"},
    "pick": {"reason": "按事项的实际情况选定。"},
    "select": {"reason": "资质齐全，报价合理，当地履约记录良好。"},
    "sign": {"contract": "项目实施合同"},
    "perform": {"evidence": "现场照片与签收记录已存档"},
    "accept": {"opinion": "现场查看，质量合格，同意验收。"},
    "order_mending": {"opinion": "个别部位不合要求，限期整改后再验收。"},
    "audit": {"auditor_name": "某会计师事务所", "bundle": "本季度第一批", "opinion": "账实相符。"},
    "measure": {**SAMPLES, "surveyor": "某社会调查中心", "effect": "居民反映良好，达到预期效果。"},
    "pay": {"voucher": "财政支付凭证", "final": True},
    "rank": {
        "ballots": "第一次投票",
        "votes": NUMBER,
        "place": 1,
        "chosen": True,
        "reason": "得票居前。",
    },
    "recognize": {"resolution": "本季度认定决议", "opinion": "同意认定。"},
    "decide_batch": {"batch": "第一批", "decided": True, "opinion": "符合条件，同意。"},
    "request_change": {"reason": "按现场勘查结果调整。"},
    "approve_change": {"reason": "情况属实，同意变更。"},
    "request_withdrawal": {"reason": "居民意见有变化，申请撤销。"},
    "approve_withdrawal": {"reason": "情况属实，同意撤销。"},
    "settle_correction": {"keep": True, "reason": "不影响其后各环节的依据。"},
}
# Groups of fields whose every member is asked for on its own, and what is written into each.
EACH: Mapping[str, Any] = {"checks": False, "scores": SCORE}


def answer(
    state: State, opened: OpenStage | None, action: str, told: Mapping[str, Any]
) -> dict[str, Any]:
    """The filled form of `action`; `told` are a story's own answers by field name."""
    usual = _usual(state, opened, action)
    known = {**WORDS.get(action, {}), **_known(state, opened, action), **usual, **told}
    content: dict[str, Any] = {}
    for field in demanded(state, opened, action):
        value = known.get(field.name, _default(field))
        if value is not None:
            _put(content, field.name, value)
    for name in told:
        _put(content, name, told[name])
    return content


def _usual(state: State, opened: OpenStage | None, action: str) -> Mapping[str, Any]:
    """What the city's script says of this stage, or of this action at any stage."""
    ordinary = script(state.rulebook.city).ordinary
    stage = ordinary.get(opened.stage, {}) if opened else {}
    return {**ordinary.get(action, {}), **stage}


def _known(state: State, opened: OpenStage | None, action: str) -> dict[str, Any]:
    """What follows from the case: amounts, whom to ask, who signs."""
    budget = state.amounts.get("budget", 0)
    contract = state.amounts.get("contract", budget)
    stage = state.rulebook.stages.get(opened.stage) if opened else None
    known: dict[str, dict[str, Any]] = {
        "sign": {"amount": budget * CONTRACT_SHARE // OUT_OF},
        "audit": {"submitted": contract, "audited": contract * AUDITED_SHARE // OUT_OF},
        "pay": {"amount": _payable(state, opened, action)},
        "recognize": _conference(state),
    }
    if stage is not None:
        signed = list(stage.signatories) or [state.rulebook.roles[stage.by.role].label]
        signatures = {"signatures": signed}
        known |= {
            "measure": {"groups": list(stage.groups)},
            "accept": signatures,
            "order_mending": {**signatures, "mend_by": _time_to_mend(opened)},
        }
    return known.get(action, {})


def _conference(state: State) -> dict[str, int]:
    """Every member is there and agrees; how many there are the rulebook says."""
    rulebook = state.rulebook
    duty = rulebook.duties.get(rulebook.submission or "")
    rule = duty.recognition if duty is not None else None
    members = rule.members if rule is not None and rule.members is not None else NUMBER
    return dict.fromkeys(("members", "present", "agree"), members)


def _time_to_mend(opened: OpenStage | None) -> str | None:
    """The last day for mending, as the form takes it."""
    return None if opened is None else (local_day(opened.since) + TIME_TO_MEND).isoformat()


def _payable(state: State, opened: OpenStage | None, action: str) -> int:
    """All that may be paid at this stage, once it is reached."""
    return most_payable(state, opened.stage) if opened is not None and action == "pay" else 0


def _default(field: Field) -> Any:
    """What an answer is when nothing special is told: the requirement met, nothing found."""
    group = field.name.partition(".")[0]
    if group == "changes":
        return None
    if group in EACH:
        return EACH[group]
    if field.kind == "boolean":
        return True
    if field.kind == "choice":
        return next(iter(field.choices)) if field.required else None
    return _made_up(field) if field.required else None


def _made_up(field: Field) -> Any:
    """A required answer that nothing says anything about."""
    if field.kind == "list":
        return list(field.choices)
    return {"integer": NUMBER, "text": f"已备：{field.label}"}.get(field.kind)


def _put(content: dict[str, Any], name: str, value: Any) -> None:
    first, _, rest = name.partition(".")
    if rest:
        content.setdefault(first, {})[rest] = value
    else:
        content[first] = value
