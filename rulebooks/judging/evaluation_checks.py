"""评价的核对：测评机构与样本、各维度得分、实施成效。"""

from __future__ import annotations

from rulebooks.judging.asking import Ask
from rulebooks.policy.conditions import holds
from rulebooks.vocabulary.refusals import Refusal


def measure_problem(ask: Ask) -> Refusal | None:
    """测评登记时的全部核对。"""
    return _survey(ask) or _scores(ask) or _effect(ask)


def _survey(ask: Ask) -> Refusal | None:
    """测评机构、样本与测评对象。"""
    if ask.stage.third_party == "required" and not ask.content["surveyor"]:
        sentence = "登记测评结果缺少“第三方测评机构”，请补填后再提交。"
        return ask.refuse("surveyor_missing", sentence)
    if ask.stage.groups and not ask.content["samples"]:
        sentence = "登记测评结果的“有效样本数”须大于0，请改正后再提交。"
        return ask.refuse("samples_missing", sentence)
    missing = [group for group in ask.stage.groups if group not in ask.content["groups"]]
    if missing:
        sentence = f"测评对象缺少{'、'.join(missing)}，请补测后再登记。"
        return ask.refuse("group_missing", sentence)
    if not ask.content["qualified"] and "failed" not in ask.stage.then:
        sentence = f"“{ask.stage.label}”没有不合格的去向，请改为合格或登记整改。"
        return ask.refuse("no_failure", sentence)
    return None


def _scores(ask: Ask) -> Refusal | None:
    """各维度逐项打分，没有多余的。"""
    scores, terms = ask.content["scores"], ask.stage.dimensions
    missing = [ask.label(term) for term in terms if term not in scores]
    if missing:
        sentence = f"缺少{'、'.join(missing)}的得分，请逐项打分（0至100）后再登记。"
        return ask.refuse("score_missing", sentence)
    unknown = [name for name in scores if name not in terms]
    if not unknown:
        return None
    listed = "、".join(ask.label(term) for term in terms) or "无"
    sentence = f"没有“{'、'.join(unknown)}”这一项得分，可填的有：{listed}。"
    return ask.refuse("unknown_term", sentence)


def _effect(ask: Ask) -> Refusal | None:
    when = ask.stage.effect_when
    needs_effect = when is not None and holds(when, ask.state.facts, ask.state.amounts)
    if needs_effect and not ask.content["effect"]:
        return ask.refuse("effect_missing", "本项目的测评须含实施成效评估，请补写后再登记。")
    return None
