"""事项台账的事件：名称为过去时，一名一义。

每个动作（人在页面或终端上做的事）对应一种事件与一种内容（见 contents.py）。
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rulebooks.vocabulary.case_contents import (
    ChangeApproved,
    ChangeRequested,
    ClockPaused,
    Corrected,
    CorrectionSettled,
    PublicityExtended,
    Reasoned,
    RulebookMigrated,
    Timed,
)
from rulebooks.vocabulary.contents import (
    Accepted,
    Archived,
    Audited,
    BatchDecided,
    Claimed,
    Content,
    Decided,
    Measured,
    MendingOrdered,
    Objected,
    ObjectionAnswered,
    ObjectionWithdrawn,
    Opened,
    Paid,
    Performed,
    Picked,
    Posted,
    Ranked,
    Recognized,
    Replied,
    Selected,
    Signed,
    Submitted,
    TakenDown,
    Voted,
)
from rulebooks.vocabulary.model import Rulebook, Stage

__all__ = [
    "ACTIONS",
    "ACTION_LABELS",
    "OUTCOME_LABELS",
    "PICK",
    "STAGE_ACTIONS",
    "TIMED",
    "UPHELD",
    "Event",
    "Opened",
    "PublicityExtended",
    "Timed",
    "outcome_label",
    "outcomes_of",
]


@dataclass(frozen=True, slots=True)
class Event:
    """台账中的一条：谁在何时就哪个环节做了什么。时刻均带时区。"""

    sequence: int
    kind: str
    stage: str | None
    round: int | None
    content: Mapping[str, Any]
    occurred_at: datetime
    recorded_at: datetime
    actor: str | None
    backfilled: bool = False


ACTIONS: Mapping[str, tuple[str, type[Content]]] = {
    "submit": ("submitted", Submitted),
    "vote": ("voted", Voted),
    "approve": ("approved", Decided),
    "return": ("returned", Decided),
    "reject": ("rejected", Decided),
    "reply": ("replied", Replied),
    "file": ("filed", Replied),
    "post": ("posted", Posted),
    "take_down": ("taken_down", TakenDown),
    "object": ("objected", Objected),
    "answer_objection": ("objection_answered", ObjectionAnswered),
    "withdraw_objection": ("objection_withdrawn", ObjectionWithdrawn),
    "rank": ("ranked", Ranked),
    "decide_batch": ("batch_decided", BatchDecided),
    "pick": ("picked", Picked),
    "select": ("selected", Selected),
    "sign": ("signed", Signed),
    "perform": ("performed", Performed),
    "accept": ("accepted", Accepted),
    "order_mending": ("mending_ordered", MendingOrdered),
    "audit": ("audited", Audited),
    "measure": ("measured", Measured),
    "pay": ("paid", Paid),
    "archive": ("archived", Archived),
    "claim": ("claimed", Claimed),
    "recognize": ("recognized", Recognized),
    "request_change": ("change_requested", ChangeRequested),
    "approve_change": ("change_approved", ChangeApproved),
    "refuse_change": ("change_refused", Reasoned),
    "request_withdrawal": ("withdrawal_requested", Reasoned),
    "approve_withdrawal": ("withdrawn", Reasoned),
    "refuse_withdrawal": ("withdrawal_refused", Reasoned),
    "pause_clock": ("clock_paused", ClockPaused),
    "resume_clock": ("clock_resumed", ClockPaused),
    "migrate_rulebook": ("rulebook_migrated", RulebookMigrated),
    "correct": ("corrected", Corrected),
    "settle_correction": ("correction_settled", CorrectionSettled),
}

# 时间到达、日历修订时由系统记入的事件。
TIMED: Mapping[str, type[Content]] = {
    "publicity_ended": Timed,
    "reminded": Timed,
    "fell_overdue": Timed,
    "escalated": Timed,
    "publicity_extended": PublicityExtended,
}

ACTION_LABELS: Mapping[str, str] = {
    "submit": "提交",
    "vote": "登记表决结果",
    "approve": "同意",
    "return": "退回补正",
    "reject": "不同意",
    "reply": "登记复函",
    "file": "登记备案",
    "post": "登记张贴凭证",
    "take_down": "登记公示中断",
    "object": "登记意见",
    "answer_objection": "答复意见",
    "withdraw_objection": "登记撤回意见",
    "rank": "登记排序结果",
    "decide_batch": "登记批次决定",
    "pick": "选定去向",
    "select": "确定实施主体",
    "sign": "登记合同",
    "perform": "登记凭证",
    "accept": "验收合格",
    "order_mending": "验收不合格，责令整改",
    "audit": "登记审计结论",
    "measure": "登记测评结果",
    "pay": "登记拨付",
    "archive": "归档",
    "claim": "编制申请",
    "recognize": "登记认定",
    "request_change": "申请变更",
    "approve_change": "同意变更",
    "refuse_change": "不同意变更",
    "request_withdrawal": "申请撤销",
    "approve_withdrawal": "同意撤销",
    "refuse_withdrawal": "不同意撤销",
    "pause_clock": "登记停表",
    "resume_clock": "恢复计时",
    "migrate_rulebook": "转用规则手册版本",
    "correct": "更正记录",
    "settle_correction": "裁定更正",
}

PICK = "pick"
UPHELD = "upheld"

STAGE_ACTIONS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    # 环节种类 → 动作 → 可能的结果（空的不办结环节）；公示期满 ended 由时间得出，不是动作
    "collect": {"submit": ("submitted",)},
    "vote": {"vote": ("pass", "fail")},
    "decide": {"approve": ("approve",), "return": ("return",), "reject": ("reject",)},
    "consult": {"reply": ("replied",)},
    "file": {"file": ("filed",)},
    "publicize": {
        "post": (),
        "take_down": (),
        "object": (),
        "answer_objection": (UPHELD, "ended"),
        "withdraw_objection": (),
    },
    "rank": {"rank": ("chosen", "not_chosen")},
    "batch": {"decide_batch": ("approved", "not_approved")},
    # 选定的结果由规则手册自己命名，见 outcomes_of
    "pick": {"pick": ()},
    "select": {"select": ("selected",)},
    "contract": {"sign": ("signed",)},
    "perform": {"perform": ("performed",)},
    "accept": {"accept": ("passed",), "order_mending": ("mending",)},
    "audit": {"audit": ("audited",)},
    "evaluate": {"measure": ("measured", "failed")},
    "pay": {"pay": ("paid",)},
    "archive": {"archive": ("archived",)},
    "claim": {"claim": ("claimed", "nothing")},
    "recognize": {"recognize": ("recognized", "not_recognized")},
}

OUTCOME_LABELS: Mapping[str, str] = {
    "submitted": "已提交",
    "pass": "通过",
    "fail": "未通过",
    "approve": "同意",
    "return": "退回补正",
    "reject": "不同意",
    "replied": "已复函",
    "filed": "已备案",
    "ended": "公示期满",
    UPHELD: "意见成立，退回",
    "selected": "已确定",
    "signed": "已签订",
    "performed": "已完成",
    "passed": "合格",
    "mending": "责令整改",
    "audited": "已审计",
    "measured": "已测评",
    "failed": "不合格",
    "chosen": "入选",
    "not_chosen": "未入选",
    "approved": "批准",
    "not_approved": "未批准",
    "paid": "已付清",
    "archived": "已归档",
    "claimed": "已编制",
    "nothing": "没有可以申请的项目",
    "recognized": "已认定",
    "not_recognized": "未获认定",
}


def outcomes_of(stage: Stage, action: str) -> tuple[str, ...]:
    """一个动作在该环节可能的结果；选定的结果就是规则手册所写的各个去向。"""
    if stage.kind == PICK:
        return tuple(stage.then) if action == PICK else ()
    return STAGE_ACTIONS.get(stage.kind, {}).get(action, ())


def outcome_label(rulebook: Rulebook, stage: Stage, outcome: str) -> str:
    """结果的中文；选定的结果取规则手册的用语。"""
    labels = rulebook.terms if stage.kind == PICK else OUTCOME_LABELS
    return labels.get(outcome, outcome)
