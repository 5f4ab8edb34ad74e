"""读取规则手册：合并城市各文件与镇(区)补充规定，核对引用，出错时指明文件、行、键与可用值。"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from rulebooks.articles import BrokenArticlesError, articles
from rulebooks.model import Rulebook, Supplement
from rulebooks.pages import BrokenRulebookError, Page, complaints, read_page, where
from rulebooks.soundness import problems

__all__ = ["BrokenRulebookError", "cities", "load_rulebook", "read_rulebook"]

CITIES = Path(__file__).parent / "cities"
PAGES: Mapping[str, tuple[str, ...]] = {
    "rulebook.yaml": (),
    "project.yaml": (),
    "limits.yaml": ("limits",),
}
LIKE = "like"

M = TypeVar("M", bound=BaseModel)


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
    """从目录读取规则手册；`load_rulebook` 的不缓存版本，供检查与测试使用。

    Raises:
        BrokenRulebookError: 同 `load_rulebook`。
    """
    pages = [
        read_page(folder / name, root) for name, root in PAGES.items() if (folder / name).exists()
    ]
    merged: dict[str, Any] = {}
    for page in pages:
        plain = page.plain()
        merged |= {str(root): plain for root in page.root} or plain
    supplement = _supplement(folder, town)
    if supplement is not None:
        _add_procedures(merged, supplement, pages)
    merged |= _known_entries(folder.name)
    merged |= {"town": town, "version": _version(merged, version, folder)}
    rulebook = _validated(Rulebook, merged, pages)
    found = [f"规则手册 {where(place, pages)}：{problem}" for place, problem in problems(rulebook)]
    if found:
        raise BrokenRulebookError("\n".join(found))
    return rulebook


def _validated(model: type[M], content: Mapping[str, Any], pages: list[Page]) -> M:
    try:
        return model.model_validate(content)
    except ValidationError as error:
        raise BrokenRulebookError(complaints(error, pages, model)) from error


def _known_entries(city: str) -> dict[str, Any]:
    """逐条判定中的条款名称，以及写明落在 rulebook.yaml 某一段的条款。"""
    try:
        entries = articles(city)
    except BrokenArticlesError as error:
        raise BrokenRulebookError(f"规则手册 {city}：{error}") from error
    prefix = "rulebook.yaml: "
    grounds = {
        place.removeprefix(prefix): name
        for name, entry in entries.items()
        for place in entry.where
        if place.startswith(prefix)
    }
    return {
        "articles": {name: entry.article for name, entry in entries.items()},
        "grounds": grounds,
    }


def _supplement(folder: Path, town: str | None) -> Page | None:
    """适用于该镇(区)的补充规定；同一镇(区)有两份的不知以哪份为准。"""
    found = []
    for path in sorted((folder / "towns").glob("*.yaml")):
        page = read_page(path)
        supplement = _validated(Supplement, page.plain(), [page])
        if town in supplement.applies_to:
            found.append(page)
    if len(found) > 1:
        names = "、".join(page.name for page in found)
        raise BrokenRulebookError(f"“{town}”的补充规定有{len(found)}份（{names}），请只留一份。")
    return found[0] if found else None


def _add_procedures(merged: dict[str, Any], supplement: Page, pages: list[Page]) -> None:
    """并入镇(区)的程序；`like` 取市级同名环节为底，只改写明的键。"""
    content = supplement.plain()
    merged["town_notice"] = content.get("notice")
    merged["procedures"] = {name: item["start"] for name, item in content["procedures"].items()}
    labels = {name: item["label"] for name, item in content["procedures"].items()}
    merged["procedure_labels"] = labels
    city_stages = merged.get("stages", {})
    stages = dict(city_stages)
    for name, procedure in content["procedures"].items():
        written = supplement.content["procedures"][name]["stages"]
        pages.append(Page(supplement.path, written, ("stages",)))
        pages.append(Page(supplement.path, supplement.content["procedures"], ("procedures",)))
        for stage_name, stage in procedure["stages"].items():
            place = f"规则手册 {where(('stages', stage_name), pages[-2:])}"
            if stage_name in stages:
                raise BrokenRulebookError(
                    f"{place}：环节“{stage_name}”已有，镇(区)只能另行命名，或用 like 取用市级环节。"
                )
            stages[stage_name] = _like(stage, city_stages, place)
    merged["stages"] = stages


def _like(stage: Any, city_stages: Mapping[str, Any], place: str) -> Any:
    if not isinstance(stage, dict) or LIKE not in stage:
        return stage
    base = city_stages.get(stage[LIKE])
    if base is None:
        known = "、".join(city_stages)
        raise BrokenRulebookError(f"{place}：like 所指的“{stage[LIKE]}”不存在，可用的有：{known}。")
    return {**base, **{key: value for key, value in stage.items() if key != LIKE}}


def _version(merged: Mapping[str, Any], wanted: str | None, folder: Path) -> Any:
    versions = merged.get("versions") or []
    for version in reversed(versions):
        if wanted in (None, version["id"]):
            return version
    known = "、".join(str(version["id"]) for version in versions)
    raise BrokenRulebookError(
        f"规则手册 {folder.name}/rulebook.yaml 没有版本“{wanted}”，现有：{known or '无'}。"
    )
