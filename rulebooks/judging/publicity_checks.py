"""公示的核对：渠道、意见、撤回与答复。"""

from __future__ import annotations

from rulebooks.judging.asking import Ask
from rulebooks.procedure.state import plain_code
from rulebooks.vocabulary.refusals import Refusal


def channel_problem(ask: Ask) -> Refusal | None:
    """公示渠道在册。"""
    if ask.content["channel"] in ask.stage.channels:
        return None
    listed = "、".join(ask.label(channel) for channel in ask.stage.channels)
    return ask.refuse("unknown_channel", f"公示渠道须为{listed}，请改正后再登记。")


def objection_problem(ask: Ask) -> Refusal | None:
    """意见在期内提出，编号没有重复；按人数算的写明提出人代号。"""
    publicity = ask.opened.publicity if ask.opened else None
    if publicity is None or publicity.opens is None:
        return None
    if ask.occurred_at >= publicity.opens:
        who = ask.state.rulebook.roles[(ask.stage.answered_by or ask.stage.by).role].label
        sentence = f"公示期已满，期满后的意见请由{who}另行答复，需要改动项目的请申请变更。"
        return ask.refuse("publicity_over", sentence, ask.stage.objections)
    if ask.content["objection"] in [item.name for item in publicity.objections]:
        sentence = f"意见编号“{ask.content['objection']}”已登记过，请换一个编号。"
        return ask.refuse("known_objection", sentence, ask.stage.objections)
    rule = ask.stage.objections
    if rule is None or rule.threshold is None or _is_code(plain_code(ask.content["by"])):
        return None
    sentence = "意见按人数计算，请填写提出人代号（如代表1，不写姓名），同一人只算一次。"
    return ask.refuse("objector_missing", sentence, rule)


def _is_code(by: str) -> bool:
    """代号须带数字或字母：台账只记代号，姓名写进去就删不掉了。"""
    return any(char.isascii() and char.isalnum() for char in by)


def withdrawal_problem(ask: Ask) -> Refusal | None:
    """撤回的是还没有撤回的意见。"""
    standing = ask.opened.publicity.standing if ask.opened and ask.opened.publicity else ()
    if ask.content["objection"] in standing:
        return None
    listed = "、".join(standing)
    name = ask.content["objection"]
    sentence = f"意见“{name}”不存在或已撤回，请从未撤回的中选择：{listed}。"
    return ask.refuse("unknown_objection", sentence, ask.stage.objections)


def answer_problem(ask: Ask) -> Refusal | None:
    """答复的是待答复的意见。"""
    known = ask.opened.publicity.unanswered if ask.opened and ask.opened.publicity else ()
    if ask.content["objection"] in known:
        return None
    sentence = (
        f"意见“{ask.content['objection']}”不存在或已答复，"
        f"请从待答复的意见中选择：{'、'.join(known)}。"
    )
    return ask.refuse("unknown_objection", sentence, ask.stage.objections)
