"""样例的素材：机关、社区、项目的名目，各地一份；没有的由其规则手册编出，名称看得出是虚构。"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final, TypeAlias

from ruamel.yaml import YAML

from rulebooks.policy.phrases import joined
from rulebooks.reading.loader import load_rulebook
from rulebooks.vocabulary.model import FactEntry, Rulebook
from schemas.cells import plain

MATERIAL: Final = Path(__file__).with_name("material")
MADE_UP: Final = "示例"
COMMUNITY: Final = "community"
TOWN: Final = "town"

_COMMON: Final = "common"
_ORDER: Final = "甲乙丙"
_CHEAPEST_YUAN: Final = 5_000
_A_DAY: Final = "2026-06-30"
_STEP_YUAN: Final = 3_000
_PRICES: Final = 12

Material: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Place:
    """一个社区所在：镇街、其间的一级（没有则为 None）、社区；`word` 为社区一级的名称。"""

    town: str
    office: str | None
    community: str
    word: str

    @property
    def parent(self) -> str:
        """社区的上级。"""
        return self.office or self.town

    @property
    def made_up(self) -> str:
        """虚构的小区名称的前半。"""
        return MADE_UP + self.community.removesuffix(self.word).removeprefix(MADE_UP)


@cache
def load_material(city: str) -> Material:
    """某地的素材：共用的为底，该地的为准。"""
    common = _read(_COMMON)
    own = _read(city) if _has_own(city) else made_up(load_rulebook(city), common)
    return {**common, **own}


def _has_own(city: str) -> bool:
    return (MATERIAL / f"{city}.yaml").exists()


def stories_of(city: str, projects: int) -> list[Mapping[str, Any]]:
    """某地样例写明的项目；没有自己一份素材的，照所要的件数编出。"""
    material = load_material(city)
    if _has_own(city):
        return list(material["stories"])
    communities = [place.community for place in places_of(city)]
    return list(_made_up_projects(load_rulebook(city), communities, projects))


def _read(name: str) -> dict[str, Any]:
    content = (MATERIAL / f"{name}.yaml").read_text(encoding="utf-8")
    material: dict[str, Any] = YAML(typ="safe", pure=True).load(content)
    return material


def places_of(city: str) -> list[Place]:
    """某地的全部社区及其上级，按素材的次序。"""
    word = load_rulebook(city).levels[COMMUNITY]
    places = []
    for town, below in load_material(city)["towns"].items():
        for office, communities in below.get("offices", {}).items():
            places += [Place(town, office, community, word) for community in communities]
        places += [Place(town, None, community, word) for community in below.get("communities", [])]
    return places


def level_between(rulebook: Rulebook) -> str | None:
    """社区与镇街之间的一级；没有则为 None。"""
    levels = list(rulebook.levels)
    between = levels[levels.index(COMMUNITY) + 1 : levels.index(TOWN)]
    return between[0] if between else None


def above(city: str) -> dict[str, str]:
    """镇街以上各级的机关，由近到远：层级到名称。"""
    rulebook, material = load_rulebook(city), load_material(city)
    levels = list(rulebook.levels)
    named: Mapping[str, str] = material.get("above", {})
    return {
        level: named.get(level, joined(f"{MADE_UP}{rulebook.label}", rulebook.levels[level]))
        for level in levels[levels.index(TOWN) + 1 :]
    }


def made_up(rulebook: Rulebook, common: Material) -> dict[str, Any]:
    """没有素材的城市：一个镇街三个社区，每个类别、类型轮着来。"""
    town, word = f"{MADE_UP}{rulebook.levels[TOWN]}", rulebook.levels[COMMUNITY]
    communities = [f"{MADE_UP}{order}{word}" for order in _ORDER]
    stories = list(_made_up_projects(rulebook, communities, common["projects"]))
    return {"towns": {town: {"communities": communities}}, "stories": stories}


def _made_up_projects(
    rulebook: Rulebook, communities: list[str], wanted: int
) -> Iterator[dict[str, Any]]:
    kinds, categories = list(rulebook.kinds), list(rulebook.categories)
    for number in range(wanted):
        kind, category = kinds[number % len(kinds)], categories[number % len(categories)]
        label = rulebook.categories[category]
        yield {
            "community": communities[number % len(communities)],
            "title": f"{MADE_UP}{plain(label)}{number + 1:02d}",
            "category": category,
            "kind": kind,
            "content": f"{label}（{MADE_UP}）",
            "place": f"{MADE_UP}小区",
            # 件数再多，金额也在常见的限额之内。
            "budget": _CHEAPEST_YUAN + number % _PRICES * _STEP_YUAN,
            "source": next(iter(rulebook.suggestion_sources)),
            "details": dict(_made_up_details(rulebook)),
        }


def _made_up_details(rulebook: Rulebook) -> Iterator[tuple[str, Any]]:
    from schemas.choices import own_facts  # noqa: PLC0415 - choices load what samples need not

    for key, fact in own_facts(rulebook).items():
        yield key, _made_up_value(rulebook.facts[key]) if fact.required else None


def _made_up_value(fact: FactEntry) -> Any:
    known = {"integer": 100, "amount": _CHEAPEST_YUAN, "boolean": False, "date": _A_DAY}
    return next(iter(fact.choices), None) or known.get(fact.kind, f"{MADE_UP}{fact.label}")
