"""样例工作簿：镇(区)可能报来的样子，合成数据，非真实；同一种子，逐字节相同。"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any, Final, TypeAlias

from rulebooks.calendars import load_calendar
from rulebooks.loader import load_rulebook
from rulebooks.model import FEN_PER_YUAN, Rulebook
from rulebooks.working_days import roll_forward
from schemas.choices import choices_of
from schemas.sample_people import (
    MADE_UP,
    Place,
    Row,
    council_members,
    firm_name,
    implementers,
    load_material,
    officials,
    organisations,
    phone,
    places_of_city,
)
from schemas.styling import Style, write_styled_workbook

FIRST_DAY: Final = date(2026, 3, 2)
WHOLE_CITY: Final = "全部"

_COLLECTION_DAYS = 28
_PRICE_STEP = 10
_ONE_IN: Final[Mapping[str, int]] = {"urgent": 10, "permit": 12, "other_funds": 8}

Rows: TypeAlias = dict[str, list[Row]]


def sample_workbook(
    path: Path, *, seed: int, projects: int = 40, first_day: date = FIRST_DAY
) -> None:
    """三个镇合在一份的样例工作簿，含三个在办项目。

    Args:
        path: 写到哪里。
        seed: 种子。
        projects: 建议与在办项目的总数，至少五个（两件实事与三个在办项目）。
        first_day: 征集开始的那天，建议提出于其后四周，在办项目早于它。
    """
    rows = sample_rows(seed=seed, projects=projects, first_day=first_day)
    _write(path, rows, WHOLE_CITY)


def sample_workbooks(
    folder: Path, *, seed: int, projects: int = 40, first_day: date = FIRST_DAY
) -> list[Path]:
    """三份样例工作簿，每镇一份，写法各不相同；合起来与 `sample_workbook` 同样多。"""
    rows = sample_rows(seed=seed, projects=projects, first_day=first_day)
    paths = []
    for town in load_material()["towns"]:
        path = folder / f"{town}.xlsx"
        _write(path, rows_of_town(rows, town), town)
        paths.append(path)
    return paths


def _write(path: Path, rows: Rows, style: str) -> None:
    material = load_material()
    write_styled_workbook(path, rows, material["label"], Style(**material["styles"][style]))


def sample_rows(*, seed: int, projects: int, first_day: date = FIRST_DAY) -> Rows:
    """三个镇的全部样例行：表的键到各行，行是字段到值（金额为分，可选项为中文名称）。"""
    rng = Random(seed)  # noqa: S311  (sample data, not a secret)
    rulebook = _rulebook()
    under_way = [_project_under_way(rng, rulebook, item, first_day) for item in _under_way()]
    wanted = max(projects - len(under_way), len(load_material()["stories"]))
    return {
        "suggestions": _numbered(_suggestions(rng, rulebook, wanted, first_day)),
        "under_way": _numbered(under_way),
        "organisations": list(organisations(rng, rulebook)),
        "council_members": list(council_members(first_day)),
        "officials": list(officials(rulebook, first_day)),
        "implementers": list(implementers(first_day)),
    }


def rows_of_town(rows: Rows, town: str) -> Rows:
    """一个镇报来的行：市一级的机构人人都列，市一级的人员随第一个镇。"""
    city = load_material()["city"]
    first = next(iter(load_material()["towns"]))
    places = [place for place in places_of_city() if place.town == town]
    inside = {town, *(place.parent for place in places), *(place.community for place in places)}

    def belongs(key: str, row: Row) -> bool:
        if key == "organisations":
            return row["name"] in inside | {city}
        if key == "officials":
            return row["organisation"] in inside | ({city} if town == first else set())
        return (row["town"] if key == "implementers" else row["community"]) in inside

    kept = {key: [row for row in table if belongs(key, row)] for key, table in rows.items()}
    for key in ("suggestions", "under_way"):
        kept[key] = _numbered([{**row} for row in kept[key]])
    return kept


def _rulebook() -> Rulebook:
    material = load_material()
    return load_rulebook(material["rulebook"], town=next(iter(material["towns"])))


def _under_way() -> list[Mapping[str, Any]]:
    items: list[Mapping[str, Any]] = load_material()["under_way"]
    return items


def _numbered(rows: list[Row]) -> list[Row]:
    return [{**row, "number": str(number)} for number, row in enumerate(rows, start=1)]


def _suggestions(rng: Random, rulebook: Rulebook, wanted: int, first_day: date) -> list[Row]:
    rows = [
        _suggestion(rng, rulebook, story, first_day) | {"place": story["place"]}
        for story in load_material()["stories"]
    ]
    places = places_of_city()
    ideas = {place.community: _shuffled(rng, load_material()["ideas"]) for place in places}
    for index in range(wanted - len(rows)):
        place = places[index % len(places)]
        nth = index // len(places)
        mine = ideas[place.community]
        idea = mine[nth % len(mine)]
        rows.append(_suggestion(rng, rulebook, _at(rng, idea, place, nth // len(mine)), first_day))
    return sorted(rows, key=lambda row: row["proposed_on"])


def _shuffled(rng: Random, ideas: list[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return rng.sample(ideas, len(ideas))


def _at(rng: Random, idea: Mapping[str, Any], place: Place, again: int = 0) -> dict[str, Any]:
    """把一条素材放到某社区的小区里，定下价格。"""
    estate = place.made_up + rng.choice(load_material()["estates"])
    low, high = idea["price"]
    number = f"（第{again + 1}期）" if again else ""
    return {
        **idea,
        "community": place.community,
        "place": f"{estate}小区内",
        "title": f"{estate}{idea['title']}{number}",
        "budget": rng.randrange(low, high + 1, _PRICE_STEP),
        "source": rng.choice(load_material()["sources"]),
    }


def _suggestion(rng: Random, rulebook: Rulebook, item: Mapping[str, Any], first_day: date) -> Row:
    proposed_on = _workday(first_day + timedelta(days=rng.randrange(_COLLECTION_DAYS)))
    funds = rng.randrange(500, 3000, 100) * FEN_PER_YUAN
    starts, ends = (proposed_on + timedelta(days=days) for days in (60, 120))
    return {
        "community": item["community"],
        "title": item["title"],
        "category": rulebook.categories[item["category"]],
        "kind": rulebook.kinds[item["kind"]],
        "content": item["content"],
        "place": item["place"],
        "schedule": f"{starts.year}年{starts.month}月至{ends.year}年{ends.month}月",
        "budget": item["budget"] * FEN_PER_YUAN,
        "source": item["source"],
        "proposer": f"{MADE_UP}居民{rng.randrange(1, 1000):03d}",
        "phone": phone(rng),
        "urgent": rng.randrange(_ONE_IN["urgent"]) == 0,
        "permit": item["kind"] == "works" and rng.randrange(_ONE_IN["permit"]) == 0,
        "proposed_on": proposed_on,
        "other_funds": funds if rng.randrange(_ONE_IN["other_funds"]) == 0 else None,
    }


def _workday(day: date) -> date:
    return roll_forward(load_calendar(), day)


def _project_under_way(
    rng: Random, rulebook: Rulebook, item: Mapping[str, Any], first_day: date
) -> Row:
    place = next(place for place in places_of_city() if place.community == item["community"])
    idea = next(idea for idea in load_material()["ideas"] if idea["title"] == item["idea"])
    proposed_on = first_day + timedelta(days=item["days"]["proposed_on"])
    row = _suggestion(rng, rulebook, _at(rng, idea, place), proposed_on)
    row |= {"urgent": False, "permit": False}
    row |= {field: _workday(first_day + timedelta(days=at)) for field, at in item["days"].items()}
    row["stage"] = choices_of(rulebook).stages[item["stage"]].label
    members = len(load_material()["positions"])
    if "council_on" in row:
        row |= _votes("council", members)
    if "review_on" in row:
        row |= _votes("review", members + 2)
    if "signed_on" in row:
        firms = load_material()["implementers"]
        wanted = "enterprise" if idea["kind"] == "works" else "social_organisation"
        firm = next(firm["name"] for firm in firms if firm["type"] == wanted)
        row["implementer"] = firm_name(place.town, firm)
        row["contract_amount"] = row["budget"] * 97 // 10_000 * FEN_PER_YUAN
    return row


def _votes(group: str, members: int) -> Row:
    return {
        f"{group}_members": members,
        f"{group}_present": members - 1,
        f"{group}_agreed": members - 2,
    }
