"""全市一期的合成项目：个数、金额、覆盖率与素材所载公布的总数分毫不差，逐条内容为虚构。"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from random import Random
from typing import Any

from rulebooks.vocabulary.model import FEN_PER_YUAN
from schemas.cells import amount
from schemas.sample_material import MADE_UP, Material, load_material

_TOWNS = 10


@dataclass(frozen=True, slots=True)
class ProgrammeRow:
    """一条建议：年度、镇街、社区、名称、类别与类型的键、预算（分）、是否产生项目。"""

    year: int
    town: str
    community: str
    title: str
    category: str
    kind: str
    budget: int
    selected: bool


def programme(city: str, seed: int) -> list[ProgrammeRow]:
    """全部建议，产生项目的在前；同一种子结果相同，金额以分计。"""
    material = load_material(city)
    rng = Random(seed)  # noqa: S311  (sample data, not a secret)
    published = material["programme"]
    kinds = [kind for kind, count in published["projects"].items() for _ in range(count)]
    rng.shuffle(kinds)
    slots = _spread(_budgets(rng, published, len(kinds)), published)
    selected = [
        _row(material, rng, kind, slot, number)
        for number, (kind, slot) in enumerate(zip(kinds, slots, strict=True), start=1)
    ]
    return [*selected, *_not_selected(material, rng, len(selected))]


def _budgets(rng: Random, published: Mapping[str, Any], count: int) -> list[int]:
    """各项目的预算：整元，合计恰为公布的总额。"""
    total = amount(published["budget"], "元")
    if not isinstance(total, int):
        raise TypeError("素材的 programme.budget 不是金额，请写成如 4329.67万元。")
    low, high = published["price"]
    weights = [rng.randint(low, high) for _ in range(count)]
    whole = sum(weights)
    yuan = [weight * (total // FEN_PER_YUAN) // whole for weight in weights]
    budgets = [amount_ * FEN_PER_YUAN for amount_ in yuan]
    for index in range((total - sum(budgets)) // FEN_PER_YUAN):
        budgets[index % count] += FEN_PER_YUAN
    return budgets


@dataclass(frozen=True, slots=True, order=True)
class Slot:
    """一个社区的一个年度，及已分到的金额（分）。"""

    total: int
    community: int
    year: int


def _spread(budgets: list[int], published: Mapping[str, Any]) -> list[tuple[Slot, int]]:
    """把金额由大到小分给累计最少的社区年度，使各社区各年度相近。"""
    covered, years = published["covered"], published["years"]
    slots = [Slot(0, community, year) for year in years for community in range(covered)]
    spread = []
    for budget in sorted(budgets, reverse=True):
        slot = slots[0]
        heapq.heapreplace(slots, Slot(slot.total + budget, slot.community, slot.year))
        spread.append((slot, budget))
    return spread


def _not_selected(material: Material, rng: Random, count: int) -> Iterator[ProgrammeRow]:
    """没有产生项目的建议；没有项目的社区也各有建议。"""
    published = material["programme"]
    communities = range(published["communities"])
    kinds = list(published["projects"])
    uncovered = communities[published["covered"] :]
    for number in range(published["suggestions"] - count):
        community = uncovered[number] if number < len(uncovered) else rng.choice(communities)
        slot = Slot(0, community, rng.choice(published["years"]))
        budget = rng.randint(*published["price"]) * FEN_PER_YUAN
        row = _row(material, rng, rng.choice(kinds), (slot, budget), count + number + 1)
        yield replace(row, selected=False)


def _row(
    material: Material, rng: Random, kind: str, placed: tuple[Slot, int], number: int
) -> ProgrammeRow:
    slot, budget = placed
    idea = rng.choice([idea for idea in material["ideas"] if idea["kind"] == kind])
    return ProgrammeRow(
        year=slot.year,
        town=f"{MADE_UP}镇{slot.community % _TOWNS + 1:02d}",
        community=f"{MADE_UP}社区{slot.community + 1:03d}",
        title=f"{idea['title']}{number:04d}",
        category=idea["category"],
        kind=kind,
        budget=budget,
        selected=True,
    )
