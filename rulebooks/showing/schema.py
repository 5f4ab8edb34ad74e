"""编辑器用的 JSON Schema：由词汇模型与 docs/rulebook.md 的说明生成，写在 schema/ 里。

重新生成：`.venv/bin/python -m rulebooks.showing.schema`
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel

from rulebooks.vocabulary.model import (
    Duty,
    Fund,
    Limit,
    RecusalRule,
    Registry,
    Rulebook,
    Supplement,
)

WRITTEN = Path(__file__).parents[1] / "schema" / "rulebook.schema.json"
DOCUMENT = Path(__file__).parents[2] / "docs" / "rulebook.md"
RENEW = ".venv/bin/python -m rulebooks.showing.schema"
# 由读取程序填入、不在 YAML 里写的键。
FILLED_IN = frozenset(
    {
        "version",
        "articles",
        "grounds",
        "town",
        "submission",
        "town_notice",
        "procedures",
        "procedure_labels",
    }
)
LIKE = "like"
HEADING = re.compile(r"^## .*（`(\w+)`）$")
ROW = re.compile(r"^\| `(\w+)` \| (.+?) \| (.+?) \|$")
YUAN: dict[str, Any] = {"type": ["number", "string"]}
FRACTION: dict[str, Any] = {"type": ["number", "string"]}
TEXT: dict[str, Any] = {"type": "string"}
# 一条一段的各页：限额、资金、报送与检查、回避、名册。
PROVISIONS: Mapping[type[BaseModel], str] = {
    Limit: "限额",
    Fund: "资金",
    Duty: "报送与检查",
    RecusalRule: "回避",
    Registry: "名册",
}
# 按事实查表：事实 → 值 → 数。
TABLE: dict[str, Any] = {
    "type": "object",
    "additionalProperties": {
        "type": "object",
        "additionalProperties": {"type": ["number", "string"]},
    },
}
# 这几种可以只写一个词或一个数，不必逐键写。
PLAIN: Mapping[str, dict[str, Any]] = {
    "Target": {"type": "string", "description": "下一环节"},
    "FactEntry": {"type": "string", "description": "名称"},
    "Measure": {"type": "string", "description": "按金额算写 amount"},
    "Term": {"type": "string", "description": "用语代码"},
    "Bound": YUAN,
    "Quantity": YUAN,
    "Quota": {"type": "integer"},
    "Rate": FRACTION,
    "PayPart": {"const": "rest", "description": "余下的全部"},
}
# 写法与读入后不同的各项：比例写作分数，比较的数可以是比例，名单只有一个的可以直接写。
WRITTEN_AS: Mapping[tuple[str, str], dict[str, Any]] = {
    **{(name, "at_least"): FRACTION for name in ("Ratio", "Threshold")},
    ("Ratio", "more_than"): FRACTION,
    ("ShareOf", "share"): FRACTION,
    **{("Comparison", word): YUAN for word in ("below", "at_most", "at_least", "more_than")},
    **{(name, "by"): TABLE for name in ("Bound", "Rate", "Quantity", "Quota")},
    ("Envelope", "at_most"): YUAN,
    ("Part", "share"): FRACTION,
    **{("PayPart", key): FRACTION for key in ("share", "up_to")},
    ("Due", "day"): {"type": ["integer", "string"]},
    **{(name, "date"): TEXT for name in ("Due", "Opens", "ByDate")},
    **{
        key: {"anyOf": [TEXT, {"type": "array", "items": TEXT}]}
        for key in (("Limit", "per"), ("Envelope", "per"), ("Measure", "distinct"))
    },
}
# 以参数代替一个数、一句说明，或整段。
SUPPLIED = "Supplied"
REFERENCE: dict[str, Any] = {"$ref": f"#/$defs/{SUPPLIED}"}
NUMERIC = frozenset({"integer", "number"})
WHOLE = frozenset({"#/$defs/Within", "#/$defs/Ratio", "#/$defs/Passes"})
ALTERNATIVES = ("anyOf", "oneOf")


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
    """三种文件（规则手册、限额、镇街补充规定）合用的 JSON Schema。"""
    definitions = {
        **Rulebook.model_json_schema()["$defs"],
        **Supplement.model_json_schema()["$defs"],
    }
    definitions["Page"] = _page(Rulebook.model_json_schema())
    definitions["Supplement"] = _without_definitions(Supplement.model_json_schema())
    definitions |= {
        f"{model.__name__}s": {
            "type": "object",
            "description": f"{label}，一条一段。",
            "additionalProperties": {"$ref": f"#/$defs/{model.__name__}"},
        }
        for model, label in PROVISIONS.items()
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
            "else": {"anyOf": [{"$ref": f"#/$defs/{model.__name__}s"} for model in PROVISIONS]},
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
    options = [item for item in _options(node) if item != {"type": "null"}]
    rest = {
        key: _named(key, value)
        for key, value in node.items()
        if key not in (*ALTERNATIVES, "default") and not (key == "title" and isinstance(value, str))
    }
    if len(options) == 1:
        return {**rest, **_tidy(options[0])}
    return {**rest, "anyOf": _tidy(options)} if options else rest


def _options(node: dict[str, Any]) -> Iterator[Any]:
    """几种写法，一层层摊平。"""
    for key in ALTERNATIVES:
        for item in node.get(key, []):
            inner = list(_options(item)) if isinstance(item, dict) else []
            yield from inner or [item]


def _named(key: str, value: Any) -> Any:
    """Properties 的下一层是键名，不是关键字。"""
    if key == "properties":
        return {name: _tidy(item) for name, item in value.items()}
    return _tidy(value)


def _loosen(definitions: dict[str, Any]) -> None:
    """YAML 里的写法比读入后的宽：元、分数、只写一个词、直接写事实的条件、参数、like。"""
    for (name, key), written in WRITTEN_AS.items():
        definitions[name]["properties"][key] = dict(written)
    condition = definitions["Condition"]
    condition["additionalProperties"] = {"type": ["string", "boolean", "integer"]}
    for definition in definitions.values():
        _allow_parameters(definition)
    for name, written in PLAIN.items():
        if name in definitions:
            definitions[name] = {"anyOf": [dict(written), REFERENCE, definitions[name]]}
    definitions[SUPPLIED] = {
        "type": "object",
        "description": "留给下级规定的数，写参数代码",
        "properties": {"parameter": dict(TEXT)},
        "required": ["parameter"],
        "additionalProperties": False,
    }
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


def _allow_parameters(definition: dict[str, Any]) -> None:
    """凡写数、写说明之处，都可以改写参数。"""
    for name, item in definition.get("properties", {}).items():
        kinds = item.get("type", [])
        numeric = NUMERIC.intersection([kinds] if isinstance(kinds, str) else kinds)
        whole = {part.get("$ref") for part in (item, *item.get("anyOf", []))}
        if numeric or name == "reading" or whole & WHOLE:
            definition["properties"][name] = {"anyOf": [item, REFERENCE]}


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
