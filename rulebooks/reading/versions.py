"""版本：起止须首尾相接；某日施行哪一版，设置选定了哪一版，依据草案或报道的后续版本何时适用。

第一版写在各页里，其后每一版写在 versions/<编号>.yaml，只写改动之处，盖在前一版之上。
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from rulebooks.reading.pages import BrokenRulebookError, Page, Place, where
from rulebooks.vocabulary.model import Version

# 依据这些来源的后续版本不自行取代前一版，设置选定的才适用。
UNOFFICIAL = frozenset({"draft", "unverified", "press", "example"})
DAY = timedelta(days=1)
# 各版共用、不随版本改动的键。
FIXED = ("city", "versions")


def dating_problems(versions: Sequence[Version]) -> Iterator[str]:
    """起止的毛病：编号重复、止早于起、同日有两版、其间有空当；每个问题点出版本。"""
    seen: set[str] = set()
    for version in versions:
        if version.id in seen:
            yield f"版本编号“{version.id}”用了两次，请改正其中一个。"
        seen.add(version.id)
        if version.until is not None and version.until < version.since:
            yield f"版本“{version.id}”的 until 早于 since，请改正。"
    for older, newer in pairwise(versions):
        yield from _joint_problem(older, newer)


def _joint_problem(older: Version, newer: Version) -> Iterator[str]:
    names = f"版本“{older.id}”与“{newer.id}”的起止不相接"
    if older.until is None or newer.since <= older.until:
        last = older.until or "今后"
        yield f"{names}：{newer.since}至{last}同时施行两版，请改正 since 与 until。"
    elif newer.since != older.until + DAY:
        first, last = older.until + DAY, newer.since - DAY
        yield f"{names}：{first}至{last}没有施行的版本，请改正 since 与 until。"


def usable_versions(versions: Sequence[Version], chosen: str | None = None) -> tuple[Version, ...]:
    """立卷用得到的各版，由旧到新：第一版，其后正式的或由设置选定的；选定一版的，更新的不适用。

    Raises:
        BrokenRulebookError: 选定的版本不存在。
    """
    known = [version.id for version in versions]
    if chosen is not None and chosen not in known:
        listed = "、".join(known)
        raise BrokenRulebookError(f"设置选定的版本“{chosen}”不存在，现有：{listed}。")
    offered = versions if chosen is None else versions[: known.index(chosen) + 1]
    return tuple(
        version
        for order, version in enumerate(offered)
        if order == 0 or version.id == chosen or version.status not in UNOFFICIAL
    )


def version_on(versions: Sequence[Version], day: date, chosen: str | None = None) -> Version | None:
    """某日立卷用哪一版；下一版用不到的，前一版沿用；第一版之前、最后一版期满之后没有。

    Raises:
        BrokenRulebookError: 选定的版本不存在。
    """
    begun = [version for version in usable_versions(versions, chosen) if version.since <= day]
    if not begun:
        return None
    ended = begun[-1] is versions[-1] and not begun[-1].covers(day)
    return None if ended else begun[-1]


def overlaid(base: Mapping[str, Any], overlay: Page) -> dict[str, Any]:
    """把一版的改动盖在前一版上：逐键书写的并入，列表与单个值替换，null 删去。

    Raises:
        BrokenRulebookError: 改了各版共用的键，或要删去的键本来没有。
    """
    for key in FIXED:
        if key in overlay.content:
            place = where((key,), [overlay])
            raise BrokenRulebookError(
                f"规则手册 {place}：“{key}”各版共用，只写在 rulebook.yaml，请从这里删去。"
            )
    return _merged(base, overlay.plain(), (), overlay)


def _merged(
    base: Mapping[str, Any], change: Mapping[str, Any], place: Place, page: Page
) -> dict[str, Any]:
    found = dict(base)
    for key, value in change.items():
        if value is None:
            _remove(found, key, (*place, key), page)
        elif isinstance(value, dict) and isinstance(found.get(key), dict):
            found[key] = _merged(found[key], value, (*place, key), page)
        else:
            found[key] = value
    return found


def _remove(found: dict[str, Any], key: str, place: Place, page: Page) -> None:
    if key not in found:
        listed = "、".join(found)
        raise BrokenRulebookError(
            f"规则手册 {where(place, [page])}：前一版没有“{key}”，无从删去，可用的有：{listed}。"
        )
    del found[key]
