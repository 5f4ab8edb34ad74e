"""What a person fills in on an ordinary day: by stage for one city, by kind for any other."""

from collections.abc import Mapping
from typing import Any

COUNCIL = {"members": 9, "present": 8, "agree": 6, "against": 2, "opinion": "同意"}
ANSWERS: Mapping[str, dict[str, Any]] = {
    "collect": {"summary": "汇总三条建议"},
    "deliberate": COUNCIL | {"demands": {"expert_heard": True}},
    "review": COUNCIL,
    "consult_department": {"department": "城管局", "opinion": "同意"},
    "approve": {"opinion": "同意"},
    "amend": {"summary": "已补图纸"},
    "select_implementer": {"implementer": "I1", "reason": "就近"},
    "contract": {"contract": "HT-1"},
    "begin_works": {"evidence": "开工令"},
    "begin_services": {"evidence": "首次活动签到"},
    "finish_works": {"evidence": "竣工照片"},
    "finish_services": {"evidence": "活动总结"},
    "audit_works": {"auditor": "third_party", "auditor_name": "信诚事务所", "opinion": "属实"},
    "audit_in_bundle": {
        "auditor": "third_party",
        "auditor_name": "信诚事务所",
        "bundle": "2026-1",
        "opinion": "属实",
    },
    "survey": {
        "surveyor": "民意社",
        "samples": 100,
        "satisfied": 95,
        "groups": ["社区党组织", "居委会", "党员", "居民群众"],
        "effect": "居民反映良好",
    },
    "pay": {"voucher": "V-1"},
    "quick_determine": {"opinion": "同意"},
    "quick_approve": {"opinion": "同意"},
    "quick_select": {"implementer": "I1", "reason": "就近"},
    "quick_contract": {"contract": "HT-1"},
    "quick_finish": {"evidence": "完成照片"},
    "quick_pay": {"voucher": "V-1"},
}
# What is filled in where a city says nothing else; the rest of a form is filled in by its fields.
BY_KIND: Mapping[str, dict[str, Any]] = {
    "vote": COUNCIL,
    "select": {"implementer": "I1", "reason": "就近"},
    "audit": {"auditor": "third_party", "bundle": "2026-1"},
    "evaluate": {"surveyor": "民意社", "samples": 100, "satisfied": 95, "effect": "居民反映良好"},
    "batch": {"decided": True},
    "rank": {"votes": 100},
}
ORDINARY_ACTION = {
    "collect": "submit",
    "vote": "vote",
    "decide": "approve",
    "consult": "reply",
    "file": "file",
    "pick": "pick",
    "accept": "accept",
    "rank": "rank",
    "batch": "decide_batch",
    "publicize": "post",
    "select": "select",
    "contract": "sign",
    "perform": "perform",
    "audit": "audit",
    "evaluate": "measure",
    "pay": "pay",
    "archive": "archive",
}
