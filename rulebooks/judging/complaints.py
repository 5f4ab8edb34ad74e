"""把内容校验的问题写成一句中文，指名哪一项、要填什么。"""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

WANTED: Mapping[str, str] = {
    "int_type": "须为整数",
    "int_parsing": "须为整数",
    "int_from_float": "须为整数",
    "bool_type": "须为是或否",
    "bool_parsing": "须为是或否",
    "string_type": "须为文字",
    "string_too_short": "不能为空",
    "dict_type": "须逐项填写",
    "tuple_type": "须逐项列出",
    "too_short": "不能为空",
    "date_type": "须为日期，如2026-03-02",
    "date_parsing": "须为日期，如2026-03-02",
    "date_from_datetime_parsing": "须为日期，如2026-03-02",
}


def complaint(label: str, error: ValidationError, model: type[BaseModel]) -> str:
    """首个问题的一句中文，如「同意缺少“意见与理由”，请补填后再提交。」。"""
    detail = error.errors()[0]
    title = _title(detail, model)
    match detail["type"]:
        case "missing":
            return f"{label}缺少“{title}”，请补填后再提交。"
        case "extra_forbidden":
            return f"{label}不接受“{title}”这一项，请去掉后再提交。"
        case "value_error":
            words = str(detail["ctx"]["error"])
            return f"{label}有误：{words}" + ("" if "请" in words else "请改正后再提交。")
        case _:
            return f"{label}的“{title}”{_wanted(detail)}，请改正后再提交。"


def _title(detail: ErrorDetails, model: type[BaseModel]) -> str:
    if not detail["loc"]:
        return "内容"
    name = str(detail["loc"][0])
    info = model.model_fields.get(name)
    return (info.title if info else None) or name


def _wanted(detail: ErrorDetails) -> str:
    context = detail.get("ctx", {})
    match detail["type"]:
        case "greater_than":
            return f"须大于{context['gt']}"
        case "greater_than_equal":
            return f"不得小于{context['ge']}"
        case "string_too_long":
            return f"不得超过{context['max_length']}字"
        case "literal_error":
            return f"须为{context['expected'].replace(' or ', '或').replace(', ', '、')}之一"
        case kind:
            return WANTED.get(kind, "填写不合要求")
