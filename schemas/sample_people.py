"""样例的机构与人员：镇(区)、办事处、社区、议事会成员、经办人员、实施主体，名称一律看得出是虚构。"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from random import Random
from typing import Any, Final, TypeAlias

from ruamel.yaml import YAML
from stdnum.cn import uscc

from rulebooks.model import Rulebook
from schemas.cells import plain

MATERIAL: Final = Path(__file__).with_name("samples.yaml")
MADE_UP: Final = "示例"

Row: TypeAlias = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Place:
    """一个社区所在：镇(区)、办事处（没有则为 None）、社区。"""

    town: str
    office: str | None
    community: str

    @property
    def parent(self) -> str:
        """社区的上级。"""
        return self.office or self.town

    @property
    def made_up(self) -> str:
        """虚构的小区名称的前半。"""
        return MADE_UP + self.community.removesuffix("社区").removeprefix(MADE_UP)


@cache
def load_material() -> Mapping[str, Any]:
    """读入 samples.yaml。"""
    material: Mapping[str, Any] = YAML(typ="safe").load(MATERIAL.read_text(encoding="utf-8"))
    return material


def places_of_city() -> list[Place]:
    """全部社区及其上级，按素材的次序。"""
    places = []
    for town, below in load_material()["towns"].items():
        for office, communities in below.get("offices", {}).items():
            places += [Place(town, office, community) for community in communities]
        places += [Place(town, None, community) for community in below.get("communities", [])]
    return places


def phone(rng: Random) -> str:
    """虚构的电话：本地没有以零开头的号码。"""
    return f"0512-0000{rng.randrange(10_000):04d}"


def organisations(rng: Random, rulebook: Rulebook) -> Iterator[Row]:
    """机构与社区：市、镇(区)、办事处、社区，上级各自写明。"""
    city = load_material()["city"]
    known: dict[str, tuple[str, str | None]] = {city: ("city", None)}
    for place in places_of_city():
        known.setdefault(place.town, ("town", city))
        if place.office is not None:
            known.setdefault(place.office, ("subdistrict_office", place.town))
        known[place.community] = ("community", place.parent)
    for index, (name, (level, parent)) in enumerate(known.items(), start=1):
        yield {
            "name": name,
            "level": rulebook.levels[level],
            "parent": parent,
            "phone": phone(rng),
            "address": f"{MADE_UP}路{index}号",
            "email": f"office{index:02d}@example.com",
            "households": rng.randrange(800, 4000) if level == "community" else None,
        }


def council_members(first_day: date) -> Iterator[Row]:
    """各社区的议事会成员，任期三年。"""
    since, until = date(first_day.year - 1, 1, 1), date(first_day.year + 1, 12, 31)
    for place in places_of_city():
        for number, position in enumerate(load_material()["positions"], start=1):
            name = f"{place.made_up}议事员{number}"
            term = {"since": since, "until": until}
            yield {"community": place.community, "name": name, "position": position, **term}


def officials(rulebook: Rulebook, first_day: date) -> Iterator[Row]:
    """每个角色在其层级的每个机构各有一人；没有办事处的镇由镇承担办事处的角色。"""
    since = date(first_day.year - 1, 1, 1)
    for role in rulebook.roles.values():
        for organisation in dict.fromkeys(_where(place, role.at) for place in places_of_city()):
            short = organisation.removesuffix("社区").removeprefix(MADE_UP)
            yield {
                "name": f"{MADE_UP}{short}{plain(role.label)}",
                "organisation": organisation,
                "role": role.label,
                "since": since,
                "until": None,
            }


def _where(place: Place, levels: tuple[str, ...]) -> str:
    """角色在该社区的上级链里所在的机构：取由近到远首个有的层级。"""
    chain: dict[str, str | None] = {
        "community": place.community,
        "subdistrict_office": place.office,
        "town": place.town,
        "city": load_material()["city"],
    }
    return next(found for level in levels if (found := chain[level]) is not None)


def implementers(first_day: date) -> Iterator[Row]:
    """各镇(区)的实施主体库，代码的校验码有效而主体为虚构。"""
    firms = load_material()["implementers"]
    for number, town in enumerate(load_material()["towns"], start=1):
        for index, firm in enumerate(firms, start=1):
            body = f"{'91' if firm['type'] == 'enterprise' else '52'}320582EXAMPLE{number}{index}"
            yield {
                "name": firm_name(town, firm["name"]),
                "credit_code": body + uscc.calc_check_digit(body),
                "type": firm["type"],
                "town": town,
                "registered_on": date(first_day.year - 1, 1, 1) + timedelta(days=10 * index),
                "status": firm["status"],
            }


def firm_name(town: str, name: str) -> str:
    """虚构的实施主体名称。"""
    return f"{MADE_UP}{town.removesuffix('镇')}{name}"
