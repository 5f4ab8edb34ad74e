"""项目要素: what a document's table says of a project, in the words of the place's rulebook."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from notices.parts import USUAL, Element, Project, Wording
from rulebooks.policy.limits import yuan
from rulebooks.procedure.state import State
from rulebooks.vocabulary.model import Rulebook, Stage

COMMUNITY = "community"
CATEGORY = "category"
NAME_OF = "名称"
IMPLEMENTER_NOTICE = "implementer_notice"
# What stands around the implementer in the name of the notice that it was chosen.
CHOOSING, TELLING = "确定", "通知"
# What a publicity calls a fact where the fact has another name.
FACT_OF: Mapping[str, str] = {"name": "title", "time": "schedule"}
USUAL_FIELDS = ("title", CATEGORY, "content", "place", "schedule", "budget")
PUBLIC_FIELDS = ("title", "content", "place", "schedule", "budget")


def wording_of(state: State) -> Wording:
    """当地的叫法：所办的叫项目还是事项，最近一级叫社区还是村，由谁实施。"""
    rulebook = state.rulebook
    thing = rulebook.fact_labels["title"].removesuffix(NAME_OF)
    notice = rulebook.documents.get(IMPLEMENTER_NOTICE, "")
    implementer = notice.removeprefix(CHOOSING).removesuffix(TELLING) or USUAL.implementer
    return Wording(thing=thing, place=rulebook.levels[COMMUNITY], implementer=implementer)


def _elements(state: State, wanted: Sequence[str]) -> tuple[Element, ...]:
    """所列的各项，照规则手册的叫法；没有列名称的补在最前，未填的不列。"""
    fields = list(dict.fromkeys(wanted))
    if not {"name", "title"}.intersection(fields):
        fields.insert(0, "title")
    found = (_element(state, name) for name in fields)
    return tuple(item for item in found if item is not None)


def _element(state: State, name: str) -> Element | None:
    """一项要素；不是本事项的事实的（如审计结果）不在此列。"""
    rulebook, fact = state.rulebook, FACT_OF.get(name, name)
    labels = {**rulebook.fact_labels, **rulebook.terms}
    label = labels.get(name) or labels.get(fact, name)
    if fact in state.amounts:
        return Element(label, amount=state.amounts[fact])
    if fact not in state.facts:
        return None
    entry, value = rulebook.facts.get(fact), state.facts[fact]
    if entry is not None and entry.kind == "amount":
        return Element(label, amount=int(value))
    return Element(label, said(rulebook, fact, value))


def said(rulebook: Rulebook, fact: str, value: Any) -> str:
    """一项事实的写法：代码写成中文，是非写成是、否，金额以元计。"""
    entry = rulebook.facts.get(fact)
    named = {"kind": rulebook.kinds, CATEGORY: rulebook.categories}
    choices = named.get(fact) or (entry.choices if entry else {})
    if isinstance(value, bool):
        return "是" if value else "否"
    if entry is not None and entry.kind == "amount":
        return yuan(int(value))
    return str(choices.get(value, value))


def project_showing(state: State, facts: Sequence[str]) -> Project:
    """项目的要素，表中只列名称和所列的各项事实。"""
    known = [name for name in facts if name in state.rulebook.facts]
    return replace(project_of(state), elements=_elements(state, known))


def project_of(state: State, stage: Stage | None = None) -> Project:
    """项目的要素；`stage` 为公示的环节时，只列其须载明的各项。预算以分计。

    公示没有列出项目自己的事实的（如只列审计结果），仍写明是哪个项目，类别不在其内。
    """
    facts = state.facts
    public = stage is not None and stage.kind == "publicize"
    listed = stage.fields if stage is not None and public else ()
    named = [name for name in listed if FACT_OF.get(name, name) in {**facts, **state.amounts}]
    return Project(
        name=str(facts["title"]),
        content=str(facts["content"]),
        place=str(facts["place"]),
        schedule=str(facts["schedule"]),
        budget=state.amounts["budget"],
        community=str(facts["community"]),
        category=state.rulebook.categories[str(facts[CATEGORY])],
        elements=_elements(state, named or (PUBLIC_FIELDS if public else USUAL_FIELDS)),
        thing=wording_of(state).thing,
    )
