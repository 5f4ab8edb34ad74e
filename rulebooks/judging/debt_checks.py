"""欠办的核对：补办之前不能撤销结案，也不能改走别的程序。"""

from __future__ import annotations

from rulebooks.judging.asking import Ask
from rulebooks.procedure.debts import ahead, left_behind, owed
from rulebooks.procedure.state import State
from rulebooks.vocabulary.model import Cited, Stage
from rulebooks.vocabulary.refusals import Refusal


def withdraw_problem(ask: Ask) -> Refusal | None:
    """欠办的没有补办之前，不能撤销结案。"""
    name = next(owed(ask.state), None)
    if name is None:
        return None
    stage = ask.state.rulebook.stages[name]
    advice = "请先补办"
    # 早先的流水里有没有补办就改走了别的程序的。
    if not ahead(ask.state, name):
        advice = "请申请变更，改回原来的程序补办，或按现在的程序办到结案"
    sentence = f"“{stage.label}”尚欠办，补办之前不能撤销，{advice}。"
    return ask.refuse("debt_open", sentence, _cited_for(stage))


def debts_left(ask: Ask, after: State) -> Refusal | None:
    """欠办的没有补办之前，不能离开应急的程序。"""
    names = left_behind(ask.state, after)
    if not names:
        return None
    stages = [ask.state.rulebook.stages[name] for name in names]
    listed = "".join(f"“{stage.label}”" for stage in stages)
    sentence = f"{listed}尚欠办，补办之前不能改走别的程序，请先补办。"
    return ask.refuse("debt_open", sentence, _cited_for(stages[0]))


def _cited_for(stage: Stage) -> Cited:
    """欠办的依据：使之欠下的那一条，没有写的为环节的依据。"""
    return stage.debt if stage.debt is not None and stage.debt.cites else stage
