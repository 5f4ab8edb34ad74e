"""镇街补充规定：只收市里授权的程序与参数，改写其他任何一处的，指明条款，不予收入。"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rulebooks.reading.pages import BrokenRulebookError, Page, Place, checked, read_page, where
from rulebooks.vocabulary.model import Rulebook, Supplement

# 补充规定由这一级制定；各地叫什么，写在 levels 里。
LEVEL = "town"
LIKE = "like"
OWN_KEYS = frozenset(Supplement.model_fields)
# 合并时由读取者写入的，不是手册里的键。
MERGED_KEYS = frozenset({"articles", "grounds", "town", "version"})


@dataclass(frozen=True, slots=True)
class Higher:
    """上级的规定：合并后的手册（尚未校验），各条款的名称。"""

    merged: Mapping[str, Any]
    articles: Mapping[str, str]

    @property
    def level(self) -> str:
        """补充规定由哪一级制定，照本市的叫法。"""
        return str((self.merged.get("levels") or {}).get(LEVEL, LEVEL))

    def cited(self, entry: Any) -> str:
        """一段的依据，写作（第三条 某编号）；没有写明的为空。"""
        name = entry.get("cites") if isinstance(entry, dict) else None
        if name is None:
            return ""
        article = self.articles.get(name, "")
        return f"（{article} {name}）" if article else f"（{name}）"


def find(folder: Path, town: str | None) -> Page | None:
    """适用于该镇街的补充规定；同一镇街有两份的不知以哪份为准。

    Raises:
        BrokenRulebookError: 某一份读不进来，或该镇街有两份。
    """
    found = []
    for path in sorted((folder / "towns").glob("*.yaml")):
        page = read_page(path)
        supplement = checked(Supplement, _without_overrides(page), [page])
        if town in supplement.applies_to:
            found.append(page)
    if len(found) > 1:
        names = "、".join(page.name for page in found)
        raise BrokenRulebookError(f"“{town}”的补充规定有{len(found)}份（{names}），请只留一份。")
    return found[0] if found else None


def _without_overrides(page: Page) -> dict[str, Any]:
    """先不看改写上级的各键；它们另有更明白的说法。"""
    return {key: value for key, value in page.plain().items() if key not in _foreign(page.content)}


def _foreign(content: Mapping[str, Any]) -> list[str]:
    known = set(Rulebook.model_fields) - OWN_KEYS - MERGED_KEYS
    return [key for key in content if key in known]


def check(page: Page, higher: Higher) -> None:
    """补充规定只写了授权的部分。

    Raises:
        BrokenRulebookError: 改写了没有授权的规定，指明是哪一条。
    """
    found = [
        *_override_problems(page, higher),
        *_procedure_problems(page, higher),
        *_parameter_problems(page, higher),
    ]
    if found:
        lines = (f"规则手册 {where(place, [page])}：{problem}" for place, problem in found)
        raise BrokenRulebookError("\n".join(lines))


def _override_problems(page: Page, higher: Higher) -> Iterator[tuple[Place, str]]:
    for section in _foreign(page.content):
        written = page.content[section]
        for name in written if isinstance(written, dict) else [None]:
            own = higher.merged.get(section)
            entry = own.get(name) if isinstance(own, dict) else own
            label = entry.get("label", name) if isinstance(entry, dict) else name or section
            place = (section,) if name is None else (section, name)
            yield (
                place,
                (
                    f"“{label}”{higher.cited(entry)}没有授权{higher.level}规定，不能改写，请删去；"
                    f"{_offer(higher)}"
                ),
            )


def _offer(higher: Higher) -> str:
    """可以规定的有哪些。"""
    procedures = [
        f"程序 {name}{higher.cited({'cites': cites})}"
        for name, level, cites in delegations(higher.merged)
        if level == LEVEL
    ]
    parameters = [
        f"参数 {name}{higher.cited(entry)}"
        for name, entry in (higher.merged.get("parameters") or {}).items()
        if isinstance(entry, dict) and entry.get("supplied_by") == LEVEL
    ]
    listed = "、".join((*procedures, *parameters))
    return f"可以规定的有：{listed}。" if listed else f"没有授权{higher.level}规定的事。"


def delegations(node: Any, cites: str | None = None) -> Iterator[tuple[str, str, str | None]]:
    """手册里授权下级规定的程序：代码、授权给哪一级、依据的条款。"""
    if isinstance(node, Mapping):
        cites = node.get("cites", cites)
        if "delegated_to" in node:
            yield str(node.get("procedure")), str(node["delegated_to"]), cites
        for value in node.values():
            yield from delegations(value, cites)
    elif isinstance(node, list):
        for value in node:
            yield from delegations(value, cites)


def _procedure_problems(page: Page, higher: Higher) -> Iterator[tuple[Place, str]]:
    allowed = {name for name, level, _ in delegations(higher.merged) if level == LEVEL}
    for name in page.content.get("procedures") or {}:
        if name not in allowed:
            sentence = f"程序“{name}”没有授权{higher.level}规定，请删去；{_offer(higher)}"
            yield ("procedures", name), sentence


def _parameter_problems(page: Page, higher: Higher) -> Iterator[tuple[Place, str]]:
    known = higher.merged.get("parameters") or {}
    for name in page.content.get("parameters") or {}:
        entry = known.get(name)
        if entry is None:
            yield ("parameters", name), f"没有“{name}”这个参数，请删去；{_offer(higher)}"
        elif isinstance(entry, dict) and entry.get("supplied_by") != LEVEL:
            level = str(entry.get("supplied_by"))
            by = (higher.merged.get("levels") or {}).get(level, level)
            label = entry.get("label", name)
            sentence = f"“{label}”{higher.cited(entry)}由{by}规定，{higher.level}不能改写，请删去。"
            yield ("parameters", name), sentence


def with_procedures(page: Page, higher: Higher, pages: list[Page]) -> dict[str, Any]:
    """并入镇街的程序；`like` 取市级同名环节为底，只改写明的键。

    Raises:
        BrokenRulebookError: 环节与市级同名，或 like 落空。
    """
    content = page.plain()
    procedures = content.get("procedures") or {}
    own = higher.merged.get("stages") or {}
    stages = dict(own)
    for name, procedure in procedures.items():
        part = page.part(("procedures", name, "stages"), ("stages",))
        pages.append(part)
        for stage_name, stage in procedure["stages"].items():
            place = f"规则手册 {where(('stages', stage_name), [part])}"
            if stage_name in stages:
                basis = higher.cited(stages[stage_name])
                raise BrokenRulebookError(
                    f"{place}：环节“{stage_name}”已有{basis}，"
                    f"{higher.level}只能另行命名，或用 like 取用市级环节。"
                )
            stages[stage_name] = _like(stage, own, place)
    if procedures:
        pages.append(page.part(("procedures",), ("procedures",)))
    return {
        **higher.merged,
        "stages": stages,
        "town_notice": content.get("notice"),
        "procedures": {name: item["start"] for name, item in procedures.items()},
        "procedure_labels": {name: item["label"] for name, item in procedures.items()},
    }


def _like(stage: Any, own: Mapping[str, Any], place: str) -> Any:
    if not isinstance(stage, dict) or LIKE not in stage:
        return stage
    base = own.get(stage[LIKE])
    if base is None:
        known = "、".join(own)
        raise BrokenRulebookError(f"{place}：like 所指的“{stage[LIKE]}”不存在，可用的有：{known}。")
    return {**base, **{key: value for key, value in stage.items() if key != LIKE}}
