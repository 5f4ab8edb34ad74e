"""编辑器用的 JSON Schema：由词汇模型与 docs/rulebook.md 的说明生成，写在 schema/ 里。

重新生成：`.venv/bin/python -m rulebooks.schema`
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel

from rulebooks.model import Limit, Rulebook, Supplement

WRITTEN = Path(__file__).parent / "schema" / "rulebook.schema.json"
DOCUMENT = Path(__file__).parents[1] / "docs" / "rulebook.md"
RENEW = ".venv/bin/python -m rulebooks.schema"
# 由读取程序填入、不在 YAML 里写的键。
FILLED_IN = frozenset(
    {"version", "articles", "grounds", "town", "town_notice", "procedures", "procedure_labels"}
)
LIKE = "like"
HEADING = re.compile(r"^## .*（`(\w+)`）$")
ROW = re.compile(r"^\| `(\w+)` \| (.+?) \| (.+?) \|$")
YUAN: dict[str, Any] = {"type": ["number", "string"]}
FRACTION: dict[str, Any] = {"type": ["number", "string"]}


def models() -> dict[str, type[BaseModel]]:
    """规则手册用到的全部词汇模型，按名称。"""
    found: dict[str, type[BaseModel]] = {}
    for root in (Rulebook, Supplement):
        for model in _used(root, found):
            found[model.__name__] = model
    return found


def _used(model: Any, found: Mapping[str, Any]) -> Iterator[type[BaseModel]]:
    if isinstance(model, type) and issubclass(model, BaseModel):
        if model.__name__ in found:
            return
        known = {**found, model.__name__: model}
        yield model
        for info in model.model_fields.values():
            yield from _used(info.annotation, known)
    for part in get_args(model):
        yield from _used(part, found)


def documented() -> dict[str, dict[str, str]]:
    """docs/rulebook.md 里各节（按模型名）各键的说明。"""
    sections: dict[str, dict[str, str]] = {}
    current: dict[str, str] = {}
    for line in DOCUMENT.read_text(encoding="utf-8").splitlines():
        heading, row = HEADING.match(line), ROW.match(line)
        if heading:
            current = sections.setdefault(heading[1], {})
        elif row:
            current[row[1]] = f"{row[2].replace('`', '')}。例：{row[3].strip('`')}"
    return sections


def schema() -> dict[str, Any]:
    """三种文件（规则手册、限额、镇(区)补充规定）合用的 JSON Schema。"""
    definitions = {
        **Rulebook.model_json_schema()["$defs"],
        **Supplement.model_json_schema()["$defs"],
    }
    definitions["Page"] = _page(Rulebook.model_json_schema())
    definitions["Supplement"] = _without_definitions(Supplement.model_json_schema())
    definitions["Limits"] = {
        "type": "object",
        "description": "限额，一条一段。",
        "additionalProperties": {"$ref": f"#/$defs/{Limit.__name__}"},
    }
    definitions = {name: _tidy(item) for name, item in definitions.items()}
    _loosen(definitions)
    _describe(definitions)
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "民生微实事规则手册",
        "description": f"由 {RENEW} 生成，请勿手改。",
        "if": {"required": ["applies_to"]},
        "then": {"$ref": "#/$defs/Supplement"},
        "else": {
            "if": {"anyOf": [{"required": ["city"]}, {"required": ["stages"]}]},
            "then": {"$ref": "#/$defs/Page"},
            "else": {"$ref": "#/$defs/Limits"},
        },
        "$defs": dict(sorted(definitions.items())),
    }


def _page(whole: dict[str, Any]) -> dict[str, Any]:
    """rulebook.yaml 与 project.yaml 各写一部分，所以没有一个键是每个文件必写的。"""
    page = _without_definitions(whole)
    page["properties"] = {
        name: item for name, item in page["properties"].items() if name not in FILLED_IN
    }
    page.pop("required")
    return page


def _without_definitions(whole: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in whole.items() if key != "$defs"}


def _tidy(node: Any) -> Any:
    """去掉自动起的英文标题、缺省值和空值，留下键与可用值。"""
    if isinstance(node, list):
        return [_tidy(item) for item in node]
    if not isinstance(node, dict):
        return node
    options = [item for item in node.get("anyOf", []) if item != {"type": "null"}]
    rest = {
        key: _named(key, value)
        for key, value in node.items()
        if key not in ("anyOf", "default") and not (key == "title" and isinstance(value, str))
    }
    if len(options) == 1:
        return {**rest, **_tidy(options[0])}
    return {**rest, "anyOf": _tidy(options)} if options else rest


def _named(key: str, value: Any) -> Any:
    """Properties 的下一层是键名，不是关键字。"""
    if key == "properties":
        return {name: _tidy(item) for name, item in value.items()}
    return _tidy(value)


def _loosen(definitions: dict[str, Any]) -> None:
    """YAML 里的写法比读入后的宽：元、分数、只写环节名的去向、直接写事实的条件、like。"""
    for name in ("Comparison", "Limit"):
        for key in ("below", "at_most", "at_least", "more_than"):
            if key in definitions[name]["properties"]:
                definitions[name]["properties"][key] = dict(YUAN)
    for key in ("at_least", "more_than"):
        definitions["Ratio"]["properties"][key] = dict(FRACTION)
    condition = definitions["Condition"]
    condition["additionalProperties"] = {"type": ["string", "boolean"]}
    target = definitions["Target"]
    definitions["Target"] = {"anyOf": [{"type": "string", "description": "下一环节"}, target]}
    stage = definitions["Stage"]
    like = {"type": "string", "description": "取市级哪个环节为底，只写不同的键"}
    definitions["TownStage"] = {
        **stage,
        "properties": {LIKE: like, **stage["properties"]},
        "required": [],
        "anyOf": [{"required": [LIKE]}, {"required": stage["required"]}],
    }
    stages = definitions["Procedure"]["properties"]["stages"]
    stages["additionalProperties"] = {"$ref": "#/$defs/TownStage"}


def _describe(definitions: dict[str, Any]) -> None:
    """各键的说明取自 docs/rulebook.md。"""
    sections = documented()
    pages = {"Page": "Rulebook", "TownStage": "Stage"}
    for name, definition in definitions.items():
        words = {**sections.get("Cited", {}), **sections.get(pages.get(name, name), {})}
        if name == "Clock":
            words = {**sections.get("Within", {}), **words}
        for part in (definition, *definition.get("anyOf", [])):
            for key, item in part.get("properties", {}).items():
                if key in words:
                    item["description"] = words[key]


def text() -> str:
    """文件的全文。"""
    return json.dumps(schema(), ensure_ascii=False, indent=2) + "\n"


def renew() -> None:
    """重新生成文件。"""
    WRITTEN.parent.mkdir(exist_ok=True)
    WRITTEN.write_text(text(), encoding="utf-8")


if __name__ == "__main__":
    renew()
