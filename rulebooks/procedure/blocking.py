"""停住：授权下级规定的程序或所定之数还没有，事项停在门口，说明须由谁补什么。"""

from __future__ import annotations

from rulebooks.procedure.routes import delegation
from rulebooks.procedure.state import BLOCKED, OpenStage, State, place_of
from rulebooks.vocabulary.model import Parameter, Rulebook
from rulebooks.vocabulary.refusals import Refusal, refuse

# 授权的补充规定由这一级制定。
DELEGATE = "town"


def blocked_sentence(state: State) -> str | None:
    """因授权规定缺失而停住时，说明须由谁补什么；没有停住则为 None。"""
    refusal = blocked(state)
    return None if refusal is None else refusal.sentence


def blocked(state: State) -> Refusal | None:
    """因授权的规定或所定之数缺失而停住：不予受理的说明，依据授权的那一条。"""
    for opened in state.open:
        if place_of(opened.stage) != opened.stage:
            return _short_of_numbers(state, opened)
        kind, _, procedure = opened.stage.partition(":")
        found = delegation(state.rulebook, procedure) if kind == BLOCKED else None
        if found is not None:
            supplier = _supplier(state, DELEGATE)
            sentence = (
                f"按规定由{supplier}自行规定程序（{procedure}），但规则手册中尚无{supplier}的规定，"
                f"不能继续；请{supplier}制定补充规定并录入规则手册。"
            )
            return refuse(state.rulebook, state.number, BLOCKED, sentence, found)
    return None


def _short_of_numbers(state: State, opened: OpenStage) -> Refusal:
    """缺地方所定之数：缺什么、由谁定、依据哪条。"""
    rulebook = state.rulebook
    stage = rulebook.stages[place_of(opened.stage)]
    missing = [rulebook.parameters[name] for name in stage.missing]
    listed = "、".join(_named(rulebook, item) for item in missing)
    who = "、".join(suppliers(state, opened))
    sentence = (
        f"办理“{stage.label}”要用的{listed}按规定由{who}规定，但规则手册中尚无{who}的规定，"
        f"不能继续；请{who}补充规定并录入规则手册。"
    )
    # 缺几项的，先举环节自己所依据的那一条。
    grounds = sorted((item for item in missing if item.cites), key=lambda i: i.cites != stage.cites)
    cited = next(iter(grounds), stage)
    return refuse(rulebook, state.number, BLOCKED, sentence, cited)


def _named(rulebook: Rulebook, parameter: Parameter) -> str:
    article = rulebook.article(parameter)
    return f"“{parameter.label}”（{article}）" if article else f"“{parameter.label}”"


def suppliers(state: State, opened: OpenStage) -> list[str]:
    """停住之处须由谁补充规定。"""
    stage = state.rulebook.stages.get(place_of(opened.stage))
    if stage is None:
        return [_supplier(state, DELEGATE)]
    levels = [state.rulebook.parameters[name].supplied_by for name in stage.missing]
    return list(dict.fromkeys(_supplier(state, level) for level in levels))


def _supplier(state: State, level: str) -> str:
    """该级的机关：事项所在的社区、镇街直呼其名，其余写层级的名称。"""
    known = state.facts.get(level)
    if known is None and level == DELEGATE:
        known = state.rulebook.town
    return str(known or state.rulebook.levels.get(level, level))
