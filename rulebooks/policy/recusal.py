"""回避：有所列关系的人，在所列范围之内，不得做所列的事。"""

from __future__ import annotations

from dataclasses import dataclass

from rulebooks.policy.lookups import declined, name_of
from rulebooks.vocabulary.events import ACTION_LABELS
from rulebooks.vocabulary.model import RecusalRule, Rulebook
from rulebooks.vocabulary.refusals import Refusal


@dataclass(frozen=True, slots=True)
class Involvement:
    """某人要做的事、与有关一方的关系、所处的范围，都是规则手册里的代码。"""

    action: str
    relation: str
    scope: str | None = None


def recused(rulebook: Rulebook, rule: RecusalRule, given: Involvement) -> Refusal | None:
    """是否须回避；三项都相符才须回避，没有写范围的任何范围都算。"""
    if given.action not in rule.may_not or given.relation not in rule.if_.relations:
        return None
    if rule.in_ and given.scope not in rule.in_:
        return None
    # 动作的名称以规则手册的用语为先，没有的用页面上的说法。
    labels = {**ACTION_LABELS, **rulebook.terms}
    action = labels.get(given.action, given.action)
    related = name_of(rulebook, rule.if_.related_to)
    where = f"，在{name_of(rulebook, given.scope)}之内" if given.scope and rule.in_ else ""
    sentence = (
        f"{name_of(rulebook, rule.who)}与{related}的关系为“{name_of(rulebook, given.relation)}”"
        f"{where}不得{action}，请回避，改由他人办理。"
    )
    return declined(rulebook, "recused", sentence, rule)
