"""As much of JSON Schema as the rulebooks' own schema uses, to hold their files against it."""

from collections.abc import Iterator
from typing import Any

TYPES: dict[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
}
KNOWN = {
    "$ref", "type", "enum", "const", "properties", "required", "additionalProperties", "items",
    "minItems", "minProperties", "minimum", "anyOf", "if", "then", "else",
}  # fmt: skip
SILENT = {"$schema", "$defs", "title", "description", "format"}


def complaints(schema: dict[str, Any], content: Any) -> list[str]:
    """Where `content` departs from `schema`; empty when it agrees."""
    return [f"{place}: {words}" for place, words in _against(schema, schema, content, "")]


def _against(
    whole: dict[str, Any], rule: dict[str, Any], node: Any, place: str
) -> Iterator[tuple[str, str]]:
    unknown = set(rule) - KNOWN - SILENT
    assert not unknown, f"this checker does not know {unknown}"
    if "$ref" in rule:
        name = rule["$ref"].removeprefix("#/$defs/")
        yield from _against(whole, whole["$defs"][name], node, place)
    yield from _simple(rule, node, place)
    if "anyOf" in rule and all(list(_against(whole, r, node, place)) for r in rule["anyOf"]):
        yield place, "agrees with none of the alternatives"
    if "if" in rule:
        agrees = not list(_against(whole, rule["if"], node, place))
        yield from _against(whole, rule.get("then" if agrees else "else", {}), node, place)
    if isinstance(node, dict):
        yield from _keys(whole, rule, node, place)
    if isinstance(node, list):
        for index, item in enumerate(node):
            yield from _against(whole, rule.get("items", {}), item, f"{place}/{index}")


def _simple(rule: dict[str, Any], node: Any, place: str) -> Iterator[tuple[str, str]]:
    kinds = rule.get("type", [])
    kinds = [kinds] if isinstance(kinds, str) else kinds
    fits = [isinstance(node, TYPES[kind]) and _is_whole(kind, node) for kind in kinds]
    if kinds and not any(fits):
        yield place, f"{node!r} is not {kinds}"
    if "enum" in rule and node not in rule["enum"]:
        yield place, f"{node!r} is not one of {rule['enum']}"
    if "const" in rule and node != rule["const"]:
        yield place, f"{node!r} is not {rule['const']!r}"
    fewest = rule.get("minItems", rule.get("minProperties", 0))
    if isinstance(node, (dict, list)) and len(node) < fewest:
        yield place, "is too short"
    if isinstance(node, int) and node < rule.get("minimum", node):
        yield place, "is too small"


def _is_whole(kind: str, node: Any) -> bool:
    """True is no number."""
    return kind == "boolean" or not isinstance(node, bool)


def _keys(
    whole: dict[str, Any], rule: dict[str, Any], node: dict[str, Any], place: str
) -> Iterator[tuple[str, str]]:
    for name in rule.get("required", []):
        if name not in node:
            yield place, f"lacks {name}"
    others = rule.get("additionalProperties", True)
    for name, value in node.items():
        known = rule.get("properties", {}).get(name)
        if known is not None:
            yield from _against(whole, known, value, f"{place}/{name}")
        elif others is False:
            yield place, f"{name} is not a key here"
        elif isinstance(others, dict):
            yield from _against(whole, others, value, f"{place}/{name}")
