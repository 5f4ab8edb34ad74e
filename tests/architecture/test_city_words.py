"""城市的字眼只写在规则手册里：程序里没有城市的名称、编号、环节和地名，一律从规则手册取。"""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from rulebooks.reading.loader import CITIES, cities, load_rulebook
from rulebooks.reading.pages import read_page
from rulebooks.vocabulary.events import ACTIONS, STAGE_ACTIONS
from rulebooks.vocabulary.model import Rulebook, Stage
from tests.architecture.source_files import modules, place, told, tree

# 张家港市 is also called 张家港; 南山区 is also called 南山.
SUFFIXES = "省市区县镇乡村"
SHORTEST_NAME = 2


@cache
def names() -> frozenset[str]:
    """What belongs to one city alone: its folder, its name, its numbers' prefix, its places."""
    found: set[str] = set()
    for city in cities():
        rulebook = load_rulebook(city)
        found |= {city, rulebook.label, f"{rulebook.number_prefix}-"}
        found |= {label for label in rulebook.levels.values() if "(" in label}
        short = rulebook.label.rstrip(SUFFIXES)
        found |= {short} if len(short) >= SHORTEST_NAME else set()
    for page in CITIES.glob("*/towns/*.yaml"):
        found |= {str(town) for town in read_page(page).content.get("applies_to", ())}
    return frozenset(found)


@cache
def stages() -> frozenset[str]:
    """The stages as the cities call them, without those that are words of the vocabulary."""
    found = {name for city in cities() for name in load_rulebook(city).stages}
    return frozenset(name for name in found if "_" in name) - general_words()


def general_words() -> frozenset[str]:
    """What is a word of the vocabulary before it is the name of anybody's stage."""
    offered = {word for actions in STAGE_ACTIONS.values() for word in actions}
    return frozenset(
        {*ACTIONS, *STAGE_ACTIONS, *offered, *Stage.model_fields, *Rulebook.model_fields}
    )


def test_no_city_is_named_in_python() -> None:
    found = [
        f"{place(path, number)} {name}"
        for path in modules()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        for name in names()
        if name in line
    ]
    advice = "Take the word from the rulebook (rulebook.label, rulebook.levels, its places):"
    assert not found, told(found, advice)


def test_no_stage_of_a_city_is_named_in_python() -> None:
    found = [f"{place(path, line)} {name}" for path in modules() for line, name in _strings(path)]
    advice = "Ask the stage for its kind, its keys or its documents instead of its name:"
    assert not found, told(found, advice)


def _strings(path: Path) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Constant) and node.value in stages():
            yield node.lineno, str(node.value)


def test_the_words_that_are_looked_for_are_those_of_every_city() -> None:
    assert {"zhangjiagang", "张家港市", "张家港", "ZJG-", "镇(区)", "杨舍镇"} <= names()
    assert {"publicize_project", "begin_works"} <= stages()
    assert not stages() & {"archive", "contract", "pay"}
