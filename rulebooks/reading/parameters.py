"""参数：市里留给下级填的数，在手册里写作 {parameter: 名称}，由补充规定填上。

没有填的不借用别处的数：那里放一个不会用到的占位，用到它的环节与各段记入 missing，办到那里停住。
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rulebooks.reading.pages import BrokenRulebookError, Page, Place, where

PARAMETER = "parameter"
STAGES, CLOCKS, LIMITS = "stages", "clocks", "limits"
SECTIONS = (STAGES, CLOCKS, LIMITS, "funds", "duties", "recusal", "registries")
# 没有 missing 的段：合并时限缺的数，记在它所覆盖的环节上。
WITHOUT_MISSING = frozenset({CLOCKS})
# 作次数、比例、金额、文字都合格；missing 使它不会被用到，也不会印出来。
PLACEHOLDER = "1"
# 段名与条目名之下才可以空着。
ENTRY = 2


def filled(
    merged: Mapping[str, Any], supplied: Mapping[str, Any], pages: list[Page]
) -> dict[str, Any]:
    """填上参数；没有填的放占位，并记明哪些环节、哪些段缺什么。

    Raises:
        BrokenRulebookError: 用了没有写明的参数，或用在起点的分流里。
    """
    _check_names(merged, pages)
    missing = _missing(merged, supplied)
    found = dict(merged)
    for section in SECTIONS:
        entries = merged.get(section)
        if isinstance(entries, dict):
            found[section] = {
                name: _marked(_filled(entry, supplied), missing.get((section, name)))
                for name, entry in entries.items()
            }
    return found


def holes(merged: Mapping[str, Any], supplied: Mapping[str, Any]) -> list[Place]:
    """没有填的参数在手册中的位置。"""
    return [
        place
        for section in SECTIONS
        for place, name in used(merged.get(section), (section,))
        if name not in supplied
    ]


def cut(place: Place, node: Any) -> Any:
    """去掉一处之后的内容。"""
    first, *rest = place
    if isinstance(node, list):
        return [
            cut(tuple(rest), item) if order == first and rest else item
            for order, item in enumerate(node)
            if order != first or rest
        ]
    if not isinstance(node, dict) or first not in node:
        return node
    if not rest:
        return {key: value for key, value in node.items() if key != first}
    return {**node, first: cut(tuple(rest), node[first])}


def used(node: Any, place: Place = ()) -> Iterator[tuple[Place, str]]:
    """一段里用到的参数：位置与名称。"""
    name = _name(node)
    if name is not None:
        yield place, name
    elif isinstance(node, dict):
        for key, value in node.items():
            yield from used(value, (*place, key))
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from used(value, (*place, index))


def _name(node: Any) -> str | None:
    """写作 {parameter: 名称} 的，是哪个参数。"""
    if isinstance(node, dict) and set(node) == {PARAMETER}:
        return str(node[PARAMETER])
    return None


def _check_names(merged: Mapping[str, Any], pages: list[Page]) -> None:
    known = merged.get("parameters") or {}
    for section in ("start", *SECTIONS):
        for place, name in used(merged.get(section), (section,)):
            if section == "start":
                raise BrokenRulebookError(
                    f"规则手册 {where(place, pages)}：起点的分流不能用留给下级填的参数，"
                    "请移到环节的去向里。"
                )
            if name not in known:
                listed = "、".join(known) or "无"
                raise BrokenRulebookError(
                    f"规则手册 {where(place, pages)}：没有“{name}”这个参数，"
                    f"请在 rulebook.yaml 的 parameters 中写明；已有：{listed}。"
                )


def _missing(
    merged: Mapping[str, Any], supplied: Mapping[str, Any]
) -> dict[tuple[str, str], list[str]]:
    """哪一段、哪一条缺哪些参数。"""
    found: dict[tuple[str, str], list[str]] = {}
    for section in SECTIONS:
        entries = merged.get(section)
        for name, entry in entries.items() if isinstance(entries, dict) else ():
            lacks = [parameter for _, parameter in used(entry) if parameter not in supplied]
            for place in _stopped(section, name, entry) if lacks else ():
                found[place] = [*found.get(place, []), *lacks]
    return found


def _stopped(section: str, name: str, entry: Any) -> list[tuple[str, str]]:
    """缺了某一条的参数而须停住的：自身；合并时限则为它所覆盖的环节。"""
    if section not in WITHOUT_MISSING:
        return [(section, name)]
    covers = entry.get("covers") if isinstance(entry, dict) else ()
    return [(STAGES, str(stage)) for stage in covers or ()]


def _filled(node: Any, supplied: Mapping[str, Any]) -> Any:
    name = _name(node)
    if name is not None:
        return supplied.get(name, PLACEHOLDER)
    if isinstance(node, list):
        return [_filled(item, supplied) for item in node]
    if isinstance(node, dict):
        return {key: _filled(value, supplied) for key, value in node.items()}
    return node


def _marked(entry: Any, names: list[str] | None) -> Any:
    if not names or not isinstance(entry, dict):
        return entry
    return {**entry, "missing": sorted(set(names))}
