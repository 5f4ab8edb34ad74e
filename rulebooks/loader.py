"""读取规则手册：合并城市各文件与镇(区)补充规定，核对引用，出错时指明文件、行、键与可用值。"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError

from rulebooks.articles import articles
from rulebooks.model import Rulebook
from rulebooks.references import unknown_references

CITIES = Path(__file__).parent / "cities"
PARTS = ("rulebook.yaml", "project.yaml")
LIMITS = "limits.yaml"


class BrokenRulebookError(Exception):
    """规则手册不可用；消息为中文，逐条指明文件、行、键与可用值。"""


@dataclass(frozen=True, slots=True)
class Page:
    """一个 YAML 文件及其带行号的内容。"""

    path: Path
    content: Mapping[str, Any]

    @property
    def name(self) -> str:
        """文件在城市目录中的位置，供消息引用。"""
        return "/".join(self.path.parts[-2:])


def cities() -> tuple[str, ...]:
    """全部城市的目录名，按字母顺序。"""
    return tuple(sorted(path.parent.name for path in CITIES.glob("*/rulebook.yaml")))


@cache
def load_rulebook(city: str, version: str | None = None, town: str | None = None) -> Rulebook:
    """读取某市某版本（缺省为最新）的规则手册，并并入该镇(区)的补充规定。

    Raises:
        BrokenRulebookError: 文件缺失、键或值不可用、引用落空、简化流程突破底线。
    """
    folder = CITIES / city
    if not (folder / "rulebook.yaml").exists():
        raise BrokenRulebookError(f"没有城市“{city}”的规则手册，现有：{'、'.join(cities())}。")
    return read_rulebook(folder, version, town)


def read_rulebook(folder: Path, version: str | None = None, town: str | None = None) -> Rulebook:
    """从目录读取规则手册；`load_rulebook` 的不缓存版本，供检查与测试使用。"""
    pages = [_page(folder / name) for name in (*PARTS, LIMITS) if (folder / name).exists()]
    merged: dict[str, Any] = {}
    for page in pages:
        content = {"limits": page.content} if page.path.name == LIMITS else page.content
        merged |= _plain(content)
    supplement = _supplement(folder, town)
    if supplement is not None:
        pages.append(supplement)
        _add_procedures(merged, supplement, pages)
    merged["version"] = _version(merged, version, folder)
    merged["town"] = town
    merged["articles"] = {name: entry.article for name, entry in articles(folder.name).items()}
    try:
        rulebook = Rulebook.model_validate(merged)
    except ValidationError as error:
        raise BrokenRulebookError(
            "\n".join(_sentence(detail, pages) for detail in error.errors())
        ) from error
    problems = [
        f"规则手册 {_where(place, pages)}：{problem}"
        for place, problem in unknown_references(rulebook)
    ]
    if problems:
        raise BrokenRulebookError("\n".join(problems))
    return rulebook


def _page(path: Path) -> Page:
    reader = YAML(typ="rt")
    reader.allow_duplicate_keys = False
    try:
        content = reader.load(path.read_text(encoding="utf-8"))
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise BrokenRulebookError(
            f"规则手册 {path.parent.name}/{path.name} 第{line}行不是合格的 YAML"
            f"（{error.problem}），请检查缩进、冒号与重复的键。"
        ) from error
    if not isinstance(content, Mapping):
        raise BrokenRulebookError(f"规则手册 {path.parent.name}/{path.name} 为空，请写入内容。")
    return Page(path, content)


def _plain(node: Any) -> Any:
    """去掉行号，只留普通的字典、列表与标量。"""
    if isinstance(node, Mapping):
        return {str(key): _plain(value) for key, value in node.items()}
    if isinstance(node, list):
        return [_plain(value) for value in node]
    if isinstance(node, float):
        return str(node)
    return node


def _supplement(folder: Path, town: str | None) -> Page | None:
    for path in sorted((folder / "towns").glob("*.yaml")):
        page = _page(path)
        if town is not None and town in page.content.get("applies_to", []):
            return page
    return None


def _add_procedures(merged: dict[str, Any], supplement: Page, pages: list[Page]) -> None:
    """并入镇(区)的程序；`like` 取市级同名环节为底，只改写明的键。"""
    merged["town_notice"] = supplement.content.get("notice")
    merged["procedures"] = {}
    stages = dict(merged.get("stages", {}))
    for name, procedure in _plain(supplement.content.get("procedures", {})).items():
        merged["procedures"][name] = procedure["start"]
        for stage_name, stage in procedure["stages"].items():
            if stage_name in stages:
                raise BrokenRulebookError(
                    f"规则手册 {_where(('procedures', name, 'stages', stage_name), pages)}："
                    f"环节“{stage_name}”市级已有，镇(区)只能另行命名或用 like 取用。"
                )
            base = dict(stages.get(stage.pop("like", ""), {}))
            stages[stage_name] = {**base, **stage}
    merged["stages"] = stages


def _version(merged: Mapping[str, Any], wanted: str | None, folder: Path) -> Any:
    versions = merged.get("versions") or []
    for version in reversed(versions):
        if wanted in (None, version["id"]):
            return version
    known = "、".join(str(version["id"]) for version in versions)
    raise BrokenRulebookError(
        f"规则手册 {folder.name}/rulebook.yaml 没有版本“{wanted}”，现有：{known or '无'}。"
    )


def _sentence(detail: ErrorDetails, pages: list[Page]) -> str:
    place = tuple(part for part in detail["loc"] if not str(part).startswith("function-"))
    return f"规则手册 {_where(place, pages)}：{_complaint(detail)}"


def _complaint(detail: ErrorDetails) -> str:
    context = detail.get("ctx", {})
    given = detail["input"]
    match detail["type"]:
        case "extra_forbidden":
            return "没有这个键，请对照 docs/rulebook.md 的词汇表改正或删除。"
        case "missing":
            return "缺少这个键，请补上。"
        case "literal_error":
            return f"值“{given}”不可用，可用的有：{context.get('expected')}。"
        case "value_error":
            return str(context.get("error"))
    return f"值“{given}”不合要求（{detail['msg']}）。"


def _where(place: tuple[int | str, ...], pages: list[Page]) -> str:
    """错误所在的文件、行与键；找不到时给出最近的上级。"""
    for page in reversed(pages):
        line = _line(page.content, place[1:] if page.path.name == LIMITS else place)
        if line is not None:
            return f"{page.name} 第{line}行 {'/'.join(map(str, place))}"
    return f"{pages[0].name} {'/'.join(map(str, place))}"


def _line(node: Any, place: tuple[int | str, ...]) -> int | None:
    found: int | None = None
    for step in place:
        for candidate, line in _children(node):
            if candidate == step:
                node, found = node[step], line
                break
        else:
            return found
    return found


def _children(node: Any) -> Iterator[tuple[int | str, int]]:
    if isinstance(node, Mapping):
        for key in node:
            yield key, node.lc.key(key)[0] + 1  # type: ignore[attr-defined]
    elif isinstance(node, list):
        for index in range(len(node)):
            yield index, node.lc.item(index)[0] + 1  # type: ignore[attr-defined]
