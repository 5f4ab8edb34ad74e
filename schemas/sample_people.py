"""样例的机关与人员：各级机关、议事会成员、经办人员、实施主体，名称一律看得出是虚构。"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from random import Random
from typing import Any, TypeAlias

from stdnum.cn import uscc

from rulebooks.policy.phrases import joined
from rulebooks.reading.loader import load_rulebook
from rulebooks.vocabulary.model import Rulebook
from schemas.cells import plain
from schemas.sample_material import (
    COMMUNITY,
    MADE_UP,
    TOWN,
    Place,
    above,
    level_between,
    load_material,
    places_of,
)

Row: TypeAlias = dict[str, Any]

_MOST_PHONES = 10_000


def phone(rng: Random, city: str) -> str:
    """虚构的电话：当地没有以零开头的号码。"""
    return f"{load_material(city)['phone']}{rng.randrange(_MOST_PHONES):04d}"


def organisations(rng: Random, city: str) -> Iterator[Row]:
    """机构与社区：由最高一级到社区，上级各自写明。"""
    rulebook, known = load_rulebook(city), _known(city)
    codes = _codes(known)
    for index, (name, (level, parent)) in enumerate(known.items(), start=1):
        yield {
            "name": name,
            "level": rulebook.levels[level],
            "parent": parent,
            "phone": phone(rng, city),
            "address": f"{MADE_UP}路{index}号",
            "email": f"office{index:02d}@example.com",
            "households": rng.randrange(800, 4000) if level == COMMUNITY else None,
            "document_code": codes[name],
        }


def _codes(names: Iterable[str]) -> dict[str, str]:
    """各机关的代字：取名称开头、别家还没有用的最短的几个字。"""
    codes: dict[str, str] = {}
    for name in names:
        bare = name.removeprefix(MADE_UP)
        own = (f"{MADE_UP}{bare[:length]}字" for length in range(1, len(bare) + 1))
        codes[name] = next(code for code in own if code not in codes.values())
    return codes


def _known(city: str) -> dict[str, tuple[str, str | None]]:
    """各机关的名称到层级与上级，上级先于下级。"""
    known: dict[str, tuple[str, str | None]] = {}
    higher: str | None = None
    for level, name in reversed(above(city).items()):
        known[name] = (level, higher)
        higher = name
    between = level_between(load_rulebook(city))
    for place in places_of(city):
        known.setdefault(place.town, (TOWN, higher))
        if place.office is not None and between is not None:
            known.setdefault(place.office, (between, place.town))
        known[place.community] = (COMMUNITY, place.parent)
    return known


def council_members(city: str, first_day: date) -> Iterator[Row]:
    """各社区的议事会成员，任期三年。"""
    since, until = date(first_day.year - 1, 1, 1), date(first_day.year + 1, 12, 31)
    for place in places_of(city):
        for number, position in enumerate(load_material(city)["positions"], start=1):
            name = f"{place.made_up}议事员{number}"
            term = {"since": since, "until": until}
            yield {"community": place.community, "name": name, "position": position, **term}


def officials(city: str, first_day: date) -> Iterator[Row]:
    """每个角色在其层级的每个机构各有一人；没有其间一级的镇街由镇街承担那一级的角色。"""
    rulebook = load_rulebook(city)
    since, word = date(first_day.year - 1, 1, 1), rulebook.levels[COMMUNITY]
    for role in rulebook.roles.values():
        chains = [_chain(city, rulebook, place) for place in places_of(city)]
        for organisation in dict.fromkeys(_where(chain, role.at) for chain in chains):
            short = organisation.removesuffix(word).removeprefix(MADE_UP)
            yield {
                "name": joined(f"{MADE_UP}{short}", plain(role.label)),
                "organisation": organisation,
                "role": role.label,
                "since": since,
                "until": None,
            }


def _chain(city: str, rulebook: Rulebook, place: Place) -> dict[str, str | None]:
    """社区的上级链：层级到机关。"""
    between = level_between(rulebook)
    middle = {between: place.office} if between else {}
    return {COMMUNITY: place.community, **middle, TOWN: place.town, **above(city)}


def _where(chain: dict[str, str | None], levels: tuple[str, ...]) -> str:
    """角色在该社区的上级链里所在的机构：取由近到远首个有的层级。"""
    return next(found for level in levels if (found := chain[level]) is not None)


def implementers(city: str, first_day: date) -> Iterator[Row]:
    """各镇街的实施主体库，代码的校验码有效而主体为虚构。"""
    material = load_material(city)
    for number, town in enumerate(material["towns"], start=1):
        for index, firm in enumerate(material["implementers"], start=1):
            letters = "91" if firm["type"] == "enterprise" else "52"
            body = f"{letters}{material['region']}EXAMPLE{number}{index}"
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
    return f"{MADE_UP}{town.removeprefix(MADE_UP)}{name}"
