"""读取规则手册：合并城市各文件、版本的改动与镇街补充规定，核对引用，出错时指明文件、行、键。"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache, reduce
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from rulebooks.reading import supplements
from rulebooks.reading.pages import BrokenRulebookError, Page, Place, complaints, read_page, where
from rulebooks.reading.parameters import ENTRY, cut, filled, holes, used
from rulebooks.reading.soundness import problems
from rulebooks.reading.versions import dating_problems, overlaid, usable_versions, version_on
from rulebooks.vocabulary.articles import BrokenArticlesError, articles
from rulebooks.vocabulary.model import Rulebook, Version, untagged
from rulebooks.vocabulary.submissions import serving

__all__ = [
    "BrokenRulebookError", "cities", "load_rulebook", "read_rulebook", "rulebook_on",
]  # fmt: skip

CITIES = Path(__file__).parents[1] / "cities"
# 文件 → 它在手册中的位置；没有位置的，各键就是手册的键。
PAGES: Mapping[str, tuple[str, ...]] = {
    "rulebook.yaml": (),
    "project.yaml": (),
    "limits.yaml": ("limits",),
    "funds.yaml": ("funds",),
    "duties.yaml": ("duties",),
    "submissions.yaml": ("submissions",),
    "recusal.yaml": ("recusal",),
    "registries.yaml": ("registries",),
}
# 一个城市至少要有的文件，按补写的次序。
NEEDED: Mapping[str, str] = {
    "articles.yaml": "逐条判定",
    "readings.yaml": "疑义与我方解释",
    "rulebook.yaml": "名称、版本、角色、用语",
    "project.yaml": "环节与去向",
}
VERSIONS = "versions"


def cities() -> tuple[str, ...]:
    """全部城市的目录名，按字母顺序。"""
    return tuple(sorted(path.parent.name for path in CITIES.glob("*/rulebook.yaml")))


def load_rulebook(
    city: str, version: str | None = None, town: str | None = None, submission: str | None = None
) -> Rulebook:
    """读取某市某版本的规则手册，并并入该镇街的补充规定；指明义务的，为其报送件的手册。

    不指明版本的，取无须设置选定就适用的最新一版（见 `versions.usable_versions`）。

    Raises:
        BrokenRulebookError: 文件缺失、键或值不可用、引用落空、补充规定越权或突破底线。
    """
    whole = _loaded(city, version, town)
    return whole if submission is None else serving(whole, submission)


@cache
def _loaded(city: str, version: str | None, town: str | None) -> Rulebook:
    folder = CITIES / city
    if not folder.is_dir():
        raise BrokenRulebookError(f"没有城市“{city}”的规则手册，现有：{'、'.join(cities())}。")
    return read_rulebook(folder, version, town)


def forget_rulebooks() -> None:
    """忘掉读过的规则手册，文件改动之后重新读取。"""
    _loaded.cache_clear()


def rulebook_on(
    city: str, day: date, *, town: str | None = None, chosen: str | None = None
) -> Rulebook | None:
    """某日立卷用的规则手册；该日没有用得到的版本则为 None。

    Args:
        city: 城市。
        day: 立卷的北京日期。
        town: 镇街，并入其补充规定。
        chosen: 设置为本市选定的版本：依据草案或报道的后续版本，选定的才用。

    Raises:
        BrokenRulebookError: 选定的版本不存在。
    """
    version = version_on(load_rulebook(city).versions, day, chosen)
    return None if version is None else load_rulebook(city, version.id, town)


def read_rulebook(folder: Path, version: str | None = None, town: str | None = None) -> Rulebook:
    """从目录读取规则手册；`load_rulebook` 的不缓存版本，供检查与测试使用。

    Raises:
        BrokenRulebookError: 同 `load_rulebook`。
    """
    _check_complete(folder)
    pages = [
        read_page(folder / name, root) for name, root in PAGES.items() if (folder / name).exists()
    ]
    merged: dict[str, Any] = {}
    for page in pages:
        plain = page.plain()
        merged |= {str(root): plain for root in page.root} or plain
    versions = _versions(merged, pages)
    wanted = _wanted(versions, version, folder)
    merged = _with_versions(merged, versions, wanted, folder, pages)
    merged |= _known_entries(folder.name)
    merged, empty = _with_supplement(merged, folder, town, pages)
    merged |= {"town": town, "version": wanted.model_dump()}
    rulebook = _validated(merged, empty, pages)
    found = [f"规则手册 {where(place, pages)}：{problem}" for place, problem in problems(rulebook)]
    if found:
        raise BrokenRulebookError("\n".join(found))
    return rulebook


def _check_complete(folder: Path) -> None:
    """城市目录至少要有的文件都在；缺的按补写的次序列出。"""
    missing = [
        f"{name}（{holds}）" for name, holds in NEEDED.items() if not (folder / name).is_file()
    ]
    if missing:
        raise BrokenRulebookError(
            f"规则手册 {folder.name}/ 尚未写完，请依次补写：{'、'.join(missing)}；"
            "写法见 docs/rulebook.md。"
        )


def _versions(merged: Mapping[str, Any], pages: list[Page]) -> tuple[Version, ...]:
    """各版的起止，由旧到新，首尾相接。"""
    try:
        found = TypeAdapter(tuple[Version, ...]).validate_python(merged.get(VERSIONS) or ())
    except ValidationError as error:
        raise BrokenRulebookError(complaints(error, pages, Version, (VERSIONS,))) from error
    faults = list(dating_problems(found)) if found else ["没有写明任何版本，请补上。"]
    if faults:
        place = where((VERSIONS,), pages)
        raise BrokenRulebookError("\n".join(f"规则手册 {place}：{fault}" for fault in faults))
    return found


def _wanted(versions: tuple[Version, ...], wanted: str | None, folder: Path) -> Version:
    if wanted is None:
        return usable_versions(versions)[-1]
    for version in versions:
        if version.id == wanted:
            return version
    known = "、".join(version.id for version in versions)
    raise BrokenRulebookError(
        f"规则手册 {folder.name}/rulebook.yaml 没有版本“{wanted}”，现有：{known}。"
    )


def _with_versions(
    merged: dict[str, Any],
    versions: tuple[Version, ...],
    wanted: Version,
    folder: Path,
    pages: list[Page],
) -> dict[str, Any]:
    """由旧到新盖上各版的改动，到所取的一版为止；没有登记的改动文件不收。"""
    later = [version.id for version in versions[1:]]
    for path in sorted((folder / VERSIONS).glob("*.yaml")):
        if path.stem not in later:
            known = "、".join(later) or "无"
            raise BrokenRulebookError(
                f"规则手册 {folder.name}/{VERSIONS}/{path.name} 不是已登记的后续版本，"
                f"请改文件名或在 rulebook.yaml 的 versions 中登记；后续版本现有：{known}。"
            )
    for version in versions[1 : versions.index(wanted) + 1]:
        path = folder / VERSIONS / f"{version.id}.yaml"
        if not path.is_file():
            raise BrokenRulebookError(
                f"规则手册 {folder.name}/ 没有写明版本“{version.id}”改了什么，"
                f"请补写 {VERSIONS}/{path.name}。"
            )
        page = read_page(path)
        merged = overlaid(merged, page)
        # 同一处几个文件都写了的，以新的为准，出错时也指新的。
        pages.insert(0, page)
    return merged


def _with_supplement(
    merged: dict[str, Any], folder: Path, town: str | None, pages: list[Page]
) -> tuple[dict[str, Any], list[Place]]:
    """并入镇街的程序，填上参数；另给出没有填的各处。"""
    page = supplements.find(folder, town)
    supplied: dict[str, Any] = {}
    if page is not None:
        higher = supplements.Higher(merged, merged["articles"])
        supplements.check(page, higher)
        merged = supplements.with_procedures(page, higher, pages)
        supplied = page.plain().get("parameters") or {}
        pages[:0] = [
            page.part(("parameters", name), place)
            for place, name in used(merged)
            if name in supplied
        ]
    return filled(merged, supplied, pages), holes(merged, supplied)


def _validated(merged: dict[str, Any], empty: list[Place], pages: list[Page]) -> Rulebook:
    """校验全书；没有填的一处放不下占位的，从小到大去掉含它的那一段。"""
    cuts: dict[Place, Place] = {}
    while True:
        content = reduce(lambda found, place: cut(place, found), cuts.values(), merged)
        try:
            return Rulebook.model_validate(content)
        except ValidationError as error:
            wider = _wider(cuts, empty, [untagged(detail["loc"]) for detail in error.errors()])
            if not wider:
                raise BrokenRulebookError(complaints(error, pages, Rulebook)) from error
            cuts |= wider


def _wider(
    cuts: Mapping[Place, Place], empty: list[Place], faults: list[Place]
) -> dict[Place, Place]:
    """出错的空处各再放宽一层。"""
    found = {}
    for hole in empty:
        at = cuts.get(hole, hole)
        # 去掉一处之后，所在的那一段可能换了一种读法，错在别的键上。
        near = at[:-1] if hole in cuts else at
        if any(fault[: len(near)] == near for fault in faults):
            wider = at[:-1] if hole in cuts else at
            if len(wider) > ENTRY:
                found[hole] = wider
    return found


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
