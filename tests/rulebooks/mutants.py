"""Planted faults: one change to one page of a clean rulebook, made by rule and not by choice.

Every kind of entry is dropped, swapped, shifted and duplicated. What only changes wording (labels,
explanations) is left alone: no rule is lost by it. Each mutant is one page's new content.
"""

import re
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

from ruamel.yaml import YAML

PAGES = (
    "rulebook.yaml",
    "project.yaml",
    "limits.yaml",
    "funds.yaml",
    "duties.yaml",
    "articles.yaml",
    "readings.yaml",
    "defects.yaml",
)
# Wording, and what a program fills in by itself when it is left out.
WORDING = frozenset(
    (
        *("label", "waits", "says", "why", "question", "evidence", "reading", "notice", "note"),
        *("missing", "title", "also", "source_status", "confidence", "number_prefix"),
        *("severity", "quote", "parameter", "programme"),
    )
)
NUMBERS = frozenset(["count", "at_least", "at_most", "below", "more_than", "day"])
REFERENCES = frozenset(["cites", "reading", "to", "close", "role", "kind", "source", "verdict"])
UNITS = ("working_days", "calendar_days", "weeks", "months")
COMPARISONS = ("below", "at_most", "at_least", "more_than")
SEVERITIES = ("must", "should")
TENFOLD = 1000

# A name in one of the lists; what is written in words is left alone.
REFERENCE = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")

Place = tuple[str | int, ...]


@dataclass(frozen=True)
class Mutant:
    """One planted fault: how, where, and what the page then holds."""

    way: str
    page: str
    place: Place
    content: Any

    def __str__(self) -> str:
        return f"{self.way} {self.page} {'/'.join(map(str, self.place))}"


def mutants(folder: Path, count: int, seed: int) -> list[Mutant]:
    """`count` mutants of a city's folder, as many of each way and page as there are."""
    groups: dict[tuple[str, str], list[Mutant]] = {}
    for page in PAGES:
        if (folder / page).is_file():
            for mutant in _of_page(page, _read(folder / page)):
                groups.setdefault((mutant.way, page), []).append(mutant)
    chance = Random(seed)  # noqa: S311 - what matters is that it can be repeated
    for found in groups.values():
        chance.shuffle(found)
    chosen: list[Mutant] = []
    while len(chosen) < count and any(groups.values()):
        chosen.extend(found.pop() for found in groups.values() if found)
    return chosen[:count]


def written(mutant: Mutant, folder: Path) -> None:
    """Write the mutant's page over the clean one."""
    with (folder / mutant.page).open("w", encoding="utf-8") as page:
        YAML(typ="safe", pure=True).dump(mutant.content, page)


def _read(path: Path) -> Any:
    return YAML(typ="safe").load(path.read_text(encoding="utf-8"))


def _of_page(page: str, content: Any) -> Iterator[Mutant]:
    for place, node in _nodes(content, ()):
        for way, change in WAYS.items():
            for where, changed in change(place, node):
                fresh = deepcopy(content)
                _put(fresh, place, changed)
                yield Mutant(way, page, (*place, *where), fresh)


def _nodes(node: Any, place: Place) -> Iterator[tuple[Place, Any]]:
    if isinstance(node, dict | list):
        yield place, node
        for key, value in node.items() if isinstance(node, dict) else enumerate(node):
            yield from _nodes(value, (*place, key))


def _put(content: Any, place: Place, changed: Any) -> None:
    if not place:
        content.clear()
        content.update(changed)
        return
    *above, last = place
    for step in above:
        content = content[step]
    content[last] = changed


def _drop(place: Place, node: Any) -> Iterator[tuple[Place, Any]]:
    """Leave out one key, one entry or one item of a list."""
    if isinstance(node, dict):
        for key in node:
            if key not in WORDING and "choices" not in place:
                yield (key,), {name: value for name, value in node.items() if name != key}
    elif len(node) > 1 and place[-1] not in ("case", "where", "reading"):
        for index in range(len(node)):
            yield (index,), [*node[:index], *node[index + 1 :]]


def _swap(place: Place, node: Any) -> Iterator[tuple[Place, Any]]:
    """Exchange two values of the same sort: two ways out, two ends of a period, two branches."""
    if isinstance(node, dict):
        for one, other in (("since", "until"), ("opens", "due"), *_ways_out(place, node)):
            if one in node and other in node and node[one] != node[other]:
                yield (one,), {**node, one: node[other], other: node[one]}
    elif place[-1:] == ("choose",) or place == ("versions",):
        for index in range(len(node) - 1):
            # Where two branches cannot both hold, their order says nothing.
            if place == ("versions",) or "when" not in node[index + 1] or _tiers(node, index):
                turned = [*node[:index], node[index + 1], node[index], *node[index + 2 :]]
                yield (index,), turned


def _tiers(node: list[Any], index: int) -> bool:
    return all("amount" in branch.get("when", {}) for branch in node[index : index + 2])


def _ways_out(place: Place, node: dict[str, Any]) -> list[tuple[str, str]]:
    names = list(node)
    return list(pairwise(names)) if place[-1:] == ("then",) else []


def _shift(_: Place, node: Any) -> Iterator[tuple[Place, Any]]:
    """A number one too high, ten times an amount, another unit, comparison or severity."""
    if not isinstance(node, dict):
        return
    for key, value in node.items():
        if key in ("quote", "quotes"):
            yield from _misquoted(node, key, value)
            continue
        if key in COMPARISONS:
            other = COMPARISONS[(COMPARISONS.index(key) + 2) % len(COMPARISONS)]
            rest = {name: item for name, item in node.items() if name != key}
            yield (key,), {**rest, other: value}
        changed = _another_number(key, value) or _another_word(key, value, node)
        if changed is not None:
            yield (key,), {**node, key: changed}


def _another_number(key: str, value: Any) -> Any:
    if key == "date" and isinstance(value, str):
        return f"{value[:-2]}{int(value[-2:]) % 28 + 1:02}"
    if key not in NUMBERS:
        return None
    if isinstance(value, int):
        return value * 10 if value >= TENFOLD else value + 1
    return "3/7" if "/" in str(value) else None


def _another_word(key: str, value: Any, node: dict[str, Any]) -> Any:
    if key == "unit" and value in UNITS:
        return UNITS[(UNITS.index(value) + 1) % len(UNITS)]
    if key == "severity" and value in SEVERITIES and "quote" in node:
        return SEVERITIES[1 - SEVERITIES.index(value)]
    named = isinstance(value, str) and REFERENCE.fullmatch(value)
    return f"{value}x" if key in REFERENCES and named else None


def _misquoted(node: dict[str, Any], key: str, value: Any) -> Iterator[tuple[Place, Any]]:
    first = value if isinstance(value, str) else value[0]
    wrong = first[: len(first) // 2] + first[len(first) // 2 + 1 :]
    yield (key,), {**node, key: wrong if isinstance(value, str) else [wrong, *value[1:]]}


def _duplicate(place: Place, node: Any) -> Iterator[tuple[Place, Any]]:
    """The same entry under another name, the same item of a list once more."""
    if isinstance(node, list):
        for index, item in enumerate(node):
            yield (index,), [*node[: index + 1], deepcopy(item), *node[index + 1 :]]
    elif not place or place[-1] in ("stages", "clocks", "roles"):
        for key, value in node.items():
            if isinstance(value, dict) and len(value) > 1 and key not in ("stages", "roles"):
                yield (key,), {**node, f"{key}_again": deepcopy(value)}


WAYS = {"drop": _drop, "swap": _swap, "shift": _shift, "duplicate": _duplicate}
