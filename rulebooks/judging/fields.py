"""表格里的一项：名称、种类、是否必填；逐项展开的内容（核对点、条款、归档材料等）在这里展开。"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

from pydantic import BaseModel

from rulebooks.judging.asking import applicable
from rulebooks.procedure.state import State
from rulebooks.vocabulary.contents import Opened
from rulebooks.vocabulary.model import FactEntry, Stage

KINDS: Mapping[str, str] = {
    "integer": "integer",
    "boolean": "boolean",
    "array": "list",
    "object": "mapping",
}


@dataclass(frozen=True, slots=True)
class Field:
    """要填的一项：`name` 为内容中的路径，如 checks.duplicate_investment。

    `kind` 为 text、integer、amount（分）、date、boolean、list、mapping、choice 之一；
    `help` 说明怎样填，多数不必说明。
    """

    name: str
    label: str
    kind: str
    required: bool
    choices: Mapping[str, str]
    article: str
    help: str = ""


@cache
def form(model: type[BaseModel]) -> Mapping[str, tuple[str, str, bool]]:
    """一种内容里由人填的各项：名称、种类、是否必填。"""
    schema = model.model_json_schema()["properties"]
    return {
        name: (info.title or name, _kind(schema[name]), info.is_required())
        for name, info in model.model_fields.items()
        if not schema[name].get("machine")
    }


def _kind(schema: Mapping[str, Any]) -> str:
    options = [schema, *schema.get("anyOf", [])]
    if any(option.get("unit") == "fen" for option in options):
        return "amount"
    if any(option.get("format") == "date" for option in options):
        return "date"
    kinds = (KINDS.get(option.get("type", "")) for option in options)
    return next((kind for kind in kinds if kind is not None), "text")


def _checks(key: str, kind: str, state: State, stage: Stage) -> Iterator[Field]:
    """适用于本项目的前置要求、核对要点、合同条款。"""
    for check in applicable(state, getattr(stage, key)):
        label, article = state.rulebook.terms[check.term], state.rulebook.article(check)
        yield _required(f"{key}.{check.term}", label, kind, article)


def _contains(state: State, stage: Stage) -> Iterator[Field]:
    article = state.rulebook.article(stage)
    for term in stage.contains:
        yield _required(f"contains.{term}", state.rulebook.terms[term], "text", article)


def _scores(state: State, stage: Stage) -> Iterator[Field]:
    article = state.rulebook.article(stage)
    for term in stage.dimensions:
        yield _required(f"scores.{term}", state.rulebook.terms[term], "integer", article)


def _records(state: State, stage: Stage) -> Iterator[Field]:
    article = state.rulebook.article(stage)
    for name in stage.records:
        entry = state.rulebook.facts[name]
        yield fact_field(f"records.{name}", entry, article, required=True)


def _required(name: str, label: str, kind: str, article: str) -> Field:
    return Field(name, label, kind, required=True, choices={}, article=article)


def fact_field(name: str, entry: FactEntry, article: str, *, required: bool) -> Field:
    """本市另设的事实要填的一项。"""
    return Field(name, entry.label, entry.kind, required, entry.choices, article)


def changes(state: State) -> Iterator[Field]:
    """可以变更的各项事实，按立卷时的种类填。"""
    rulebook = state.rulebook
    choices = {"kind": rulebook.kinds, "category": rulebook.categories}
    article = rulebook.article(rulebook.changes)
    standard = form(Opened)
    for fact, entry in rulebook.facts.items():
        if fact not in standard:
            yield fact_field(f"changes.{fact}", entry, article, required=False)
            continue
        yield Field(
            name=f"changes.{fact}",
            label=entry.label,
            kind="choice" if fact in choices else standard[fact][1],
            required=False,
            choices=choices.get(fact, {}),
            article=article,
        )


# 按环节的规定逐项展开的内容。
EXPANDED: Mapping[str, Callable[[State, Stage], Iterator[Field]]] = {
    "demands": partial(_checks, "demands", "boolean"),
    "checks": partial(_checks, "checks", "boolean"),
    "clauses": partial(_checks, "clauses", "text"),
    "contains": _contains,
    "scores": _scores,
    "records": _records,
}
