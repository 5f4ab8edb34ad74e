"""样例工作簿：镇街可能报来的样子，合成数据，非真实；同一种子，逐字节相同。"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any, Final, TypeAlias

from rulebooks.days.calendars import load_calendar
from rulebooks.days.working_days import roll_forward
from rulebooks.reading.loader import load_rulebook
from rulebooks.vocabulary.model import FEN_PER_YUAN, Rulebook
from schemas.choices import choices_of, own_facts
from schemas.layout import OWN, layout_of
from schemas.rows import OwnFact
from schemas.sample_material import (
    MADE_UP,
    Place,
    above,
    load_material,
    places_of,
    stories_of,
)
from schemas.sample_people import (
    Row,
    council_members,
    firm_name,
    implementers,
    officials,
    organisations,
    phone,
)
from schemas.styling import Style, write_styled_workbook

FIRST_DAY: Final = date(2026, 3, 2)

_COLLECTION_DAYS = 28
_PRICE_STEP = 10

Rows: TypeAlias = dict[str, list[Row]]


def sample_workbook(
    path: Path, city: str, *, seed: int, projects: int | None = None, first_day: date = FIRST_DAY
) -> None:
    """一地各镇街合在一份的样例工作簿，含在办项目。

    Args:
        path: 写到哪里。
        city: 城市的代号。
        seed: 种子。
        projects: 建议与在办项目的总数；不给则照素材，素材写明的一件不少。
        first_day: 征集开始的那天，建议提出于其后四周，在办项目早于它。
    """
    rows = sample_rows(city, seed=seed, projects=projects, first_day=first_day)
    write_sample(path, city, rows, Style(**load_material(city)["style"]))


def sample_workbooks(
    folder: Path, city: str, *, seed: int, projects: int | None = None, first_day: date = FIRST_DAY
) -> list[Path]:
    """样例工作簿，每镇街一份，写法各不相同；合起来与 `sample_workbook` 同样多。"""
    rows = sample_rows(city, seed=seed, projects=projects, first_day=first_day)
    paths = []
    for town in load_material(city)["towns"]:
        path = folder / f"{town}.xlsx"
        write_sample(path, city, rows_of_town(rows, city, town), style_of(city, town))
        paths.append(path)
    return paths


def style_of(city: str, town: str) -> Style:
    """某镇街惯用的写法。"""
    material = load_material(city)
    return Style(**material["styles"].get(town, material["style"]))


def write_sample(path: Path, city: str, rows: Rows, style: Style) -> None:
    """把样例的行写成一份工作簿，列名用当地的用语。"""
    layout = layout_of(choices_of(load_rulebook(city)))
    write_styled_workbook(path, rows, load_material(city)["label"], style, layout)


def sample_rows(
    city: str, *, seed: int, projects: int | None = None, first_day: date = FIRST_DAY
) -> Rows:
    """一地的全部样例行：表的键到各行，行是字段到值（金额为分，可选项为中文名称）。"""
    rng = Random(seed)  # noqa: S311  (sample data, not a secret)
    material = load_material(city)
    rulebook = load_rulebook(city, town=next(iter(material["towns"])))
    drawn = Drawing(city, rulebook, rng, first_day)
    under_way = [_project_under_way(drawn, item) for item in material["under_way"]]
    asked = material["projects"] if projects is None else projects
    stories = stories_of(city, asked)
    wanted = max(asked - len(under_way), len(stories))
    return {
        "suggestions": _numbered(_suggestions(drawn, stories, wanted)),
        "under_way": _numbered(under_way),
        "organisations": list(organisations(rng, city)),
        "council_members": list(council_members(city, first_day)),
        "officials": list(officials(city, first_day)),
        "implementers": list(implementers(city, first_day)),
    }


def rows_of_town(rows: Rows, city: str, town: str) -> Rows:
    """一个镇街报来的行：其上各级的机构人人都列，其上各级的人员随第一个镇街。"""
    higher = set(above(city).values())
    first = next(iter(load_material(city)["towns"]))
    places = [place for place in places_of(city) if place.town == town]
    inside = {town, *(place.parent for place in places), *(place.community for place in places)}

    def belongs(key: str, row: Row) -> bool:
        if key == "organisations":
            return row["name"] in inside | higher
        if key == "officials":
            return row["organisation"] in inside | (higher if town == first else set())
        return (row["town"] if key == "implementers" else row["community"]) in inside

    kept = {key: [row for row in table if belongs(key, row)] for key, table in rows.items()}
    for key in ("suggestions", "under_way"):
        kept[key] = _numbered([{**row} for row in kept[key]])
    return kept


@dataclass(frozen=True, slots=True)
class Drawing:
    """抽取样例所凭的：城市、规则手册、随机数、征集开始的那天。"""

    city: str
    rulebook: Rulebook
    rng: Random
    first_day: date

    @property
    def material(self) -> Mapping[str, Any]:
        """该地的素材。"""
        return load_material(self.city)

    def one_in(self, what: str) -> bool:
        """平均几件有一件的情形；素材没有写的从不发生。"""
        some: int | None = self.material["one_in"].get(what)
        return some is not None and self.rng.randrange(some) == 0


def _numbered(rows: list[Row]) -> list[Row]:
    return [{**row, "number": str(number)} for number, row in enumerate(rows, start=1)]


def _suggestions(drawn: Drawing, stories: list[Mapping[str, Any]], wanted: int) -> list[Row]:
    material, rng = drawn.material, drawn.rng
    rows = [_suggestion(drawn, story) for story in stories]
    places = places_of(drawn.city)
    ideas = {place.community: _shuffled(rng, material["ideas"]) for place in places}
    for index in range(wanted - len(rows) if material["ideas"] else 0):
        place = places[index % len(places)]
        nth = index // len(places)
        mine = ideas[place.community]
        idea = mine[nth % len(mine)]
        rows.append(_suggestion(drawn, _at(drawn, idea, place, nth // len(mine))))
    return sorted(rows, key=lambda row: row["proposed_on"])


def _shuffled(rng: Random, ideas: list[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return rng.sample(ideas, len(ideas))


def _at(drawn: Drawing, idea: Mapping[str, Any], place: Place, again: int = 0) -> dict[str, Any]:
    """把一条素材放到某社区的小区里，定下价格。"""
    rng, material = drawn.rng, drawn.material
    estate = place.made_up + rng.choice(material["estates"])
    low, high = idea["price"]
    number = f"（第{again + 1}期）" if again else ""
    return {
        **idea,
        "community": place.community,
        "place": f"{estate}小区内",
        "title": f"{estate}{idea['title']}{number}",
        "budget": rng.randrange(low, high + 1, _PRICE_STEP),
        "source": rng.choice(material["sources"]),
    }


def _suggestion(drawn: Drawing, item: Mapping[str, Any]) -> Row:
    rng, rulebook = drawn.rng, drawn.rulebook
    proposed_on = _workday(drawn.first_day + timedelta(days=rng.randrange(_COLLECTION_DAYS)))
    funds = rng.randrange(500, 3000, 100) * FEN_PER_YUAN
    starts, ends = (proposed_on + timedelta(days=days) for days in (60, 120))
    row = {
        "community": item["community"],
        "title": item["title"],
        "category": rulebook.categories[item["category"]],
        "kind": rulebook.kinds[item["kind"]],
        "content": item["content"],
        "place": item["place"],
        "schedule": f"{starts.year}年{starts.month}月至{ends.year}年{ends.month}月",
        "budget": item["budget"] * FEN_PER_YUAN,
        "source": rulebook.suggestion_sources.get(item["source"], item["source"]),
        "proposer": f"{MADE_UP}居民{rng.randrange(1, 1000):03d}",
        "phone": phone(rng, drawn.city),
        "urgent": drawn.one_in("urgent"),
        "permit": item["kind"] == "works" and drawn.one_in("permit"),
        "proposed_on": proposed_on,
        "other_funds": funds if drawn.one_in("other_funds") else None,
    }
    told = {field: item[field] for field in ("urgent", "permit", "schedule") if field in item}
    return row | told | _details(rulebook, item.get("details", {}))


def _details(rulebook: Rulebook, told: Mapping[str, Any]) -> Row:
    """当地另有的事实，照样表的写法；金额以元写在素材里。"""
    return {
        f"{OWN}{key}": _written(fact, told[key])
        for key, fact in own_facts(rulebook).items()
        if told.get(key) is not None
    }


def _written(fact: OwnFact, value: Any) -> Any:
    if fact.kind == "amount":
        return value * FEN_PER_YUAN
    return fact.choices.get(value, value)


def _workday(day: date) -> date:
    return roll_forward(load_calendar(), day)


def _project_under_way(drawn: Drawing, item: Mapping[str, Any]) -> Row:
    material, first_day = drawn.material, drawn.first_day
    place = next(place for place in places_of(drawn.city) if place.community == item["community"])
    idea = next(idea for idea in material["ideas"] if idea["title"] == item["idea"])
    before = replace(drawn, first_day=first_day + timedelta(days=item["days"]["proposed_on"]))
    row = _suggestion(before, _at(before, idea, place))
    row |= {"urgent": False, "permit": False}
    row |= {field: _workday(first_day + timedelta(days=at)) for field, at in item["days"].items()}
    row["stage"] = choices_of(drawn.rulebook).stages[item["stage"]].label
    members = len(material["positions"])
    if "council_on" in row:
        row |= _votes("council", members)
    if "review_on" in row:
        row |= _votes("review", members + 2)
    if "signed_on" in row:
        wanted = "enterprise" if idea["kind"] == "works" else "social_organisation"
        firms = material["implementers"]
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
