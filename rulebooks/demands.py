"""环节的要求：一个动作须填哪些内容，列给终端与门户；填得对不对由 checks.py 核对。"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from pydantic import BaseModel

from rulebooks.asking import applicable
from rulebooks.contents import Opened
from rulebooks.events import ACTIONS
from rulebooks.model import Stage
from rulebooks.state import OpenStage, Publicity, State

__all__ = ["Field", "applicable", "demanded"]

AUDITORS: Mapping[str, str] = {"third_party": "第三方", "town": "自行审计"}
# 逐项展开的内容：核对点、前置要求、条款、归档材料、变更的事实。
EXPANDED = frozenset({"demands", "checks", "clauses", "contains", "changes"})
KINDS: Mapping[str, str] = {
    "integer": "integer",
    "boolean": "boolean",
    "array": "list",
    "object": "mapping",
}


@dataclass(frozen=True, slots=True)
class Field:
    """要填的一项：`name` 为内容中的路径，如 checks.duplicate_investment。

    `kind` 为 text、integer、amount（分）、date、boolean、list、mapping、choice 之一。
    """

    name: str
    label: str
    kind: str
    required: bool
    choices: Mapping[str, str]
    article: str


def demanded(state: State, opened: OpenStage | str | None, action: str) -> list[Field]:
    """一个动作须填的全部项，按填写顺序；事项一级的动作不指环节。"""
    if isinstance(opened, str):
        opened = state.stage_open(opened)
    stage = state.rulebook.stages.get(opened.stage) if opened else None
    fields: list[Field] = []
    for name, (label, kind, required) in _form(ACTIONS[action][1]).items():
        if name in EXPANDED:
            fields.extend(_expanded(state, stage, name))
            continue
        choices = _choices(state, stage, opened, name)
        chosen = "choice" if choices and kind == "text" else kind
        fields.append(Field(name, label, chosen, required, choices, ""))
    return fields


@cache
def _form(model: type[BaseModel]) -> Mapping[str, tuple[str, str, bool]]:
    """一种内容里由人填的各项：名称、种类、是否必填。"""
    schema = model.model_json_schema()["properties"]
    return {
        name: (info.title or name, _kind(schema[name]), info.is_required())
        for name, info in model.model_fields.items()
        if not schema[name].get("machine")
    }


def _kind(schema: Mapping[str, Any]) -> str:
    if schema.get("unit") == "fen":
        return "amount"
    options = [schema, *schema.get("anyOf", [])]
    if any(option.get("format") == "date" for option in options):
        return "date"
    return KINDS.get(schema.get("type", ""), "text")


def _expanded(state: State, stage: Stage | None, name: str) -> Iterator[Field]:
    """展开成逐项；事实按立卷时的种类填。"""
    if name == "changes":
        yield from _changes(state)
    if stage is None:
        return
    lists = {"demands": stage.demands, "checks": stage.checks, "clauses": stage.clauses}
    terms = state.rulebook.terms
    kind = "text" if name == "clauses" else "boolean"
    for check in applicable(state, lists.get(name, ())):
        article = state.rulebook.article(check)
        yield _required(f"{name}.{check.term}", terms[check.term], kind, article)
    if name == "contains":
        article = state.rulebook.article(stage)
        for term in stage.contains:
            yield _required(f"contains.{term}", terms[term], "text", article)


def _required(name: str, label: str, kind: str, article: str) -> Field:
    return Field(name, label, kind, required=True, choices={}, article=article)


def _changes(state: State) -> Iterator[Field]:
    rulebook = state.rulebook
    choices = {"kind": rulebook.kinds, "category": rulebook.categories}
    article = rulebook.article(rulebook.changes)
    form = _form(Opened)
    for fact, label in rulebook.facts.items():
        yield Field(
            name=f"changes.{fact}",
            label=label,
            kind="choice" if fact in choices else form[fact][1],
            required=False,
            choices=choices.get(fact, {}),
            article=article,
        )


def _choices(
    state: State, stage: Stage | None, opened: OpenStage | None, name: str
) -> Mapping[str, str]:
    rulebook = state.rulebook
    if name == "clock":
        return {clock.name: rulebook.clocks[clock.name].label for clock in state.clocks}
    if stage is None or opened is None:
        return {}
    publicity = opened.publicity or Publicity()
    missing = [channel for channel in stage.channels if channel not in publicity.posted]
    known: Mapping[str, Mapping[str, str]] = {
        "channel": {name: rulebook.terms[name] for name in missing or stage.channels},
        "objection": {item: item for item in publicity.unanswered},
        "groups": {group: group for group in stage.groups},
        "auditor": AUDITORS,
    }
    return known.get(name, {})
