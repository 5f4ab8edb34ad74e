"""覆盖：四套政策的每一项要求都有且只有一个判定，已编入的都有案例检验。"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from rulebooks.reading.loader import cities
from rulebooks.showing.citations import flaws
from rulebooks.vocabulary.articles import Article, articles, readings
from tests.rulebooks.law_cases import POLICIES

RULES = {"zhangjiagang": 75, "nanshan": 43, "zhengfang": 31, "shenyang": 29}
FEWEST_CASES = 25
IN_CASES = re.compile(r"[A-Z]{2,4}-[0-9A-Za-z]+")


def listed(city: str) -> dict[str, list[str]]:
    """The rule ids of a city, each with the words that its verdict must quote."""
    path = POLICIES / city / "rule_ids.yaml"
    return dict(YAML(typ="safe").load(path.read_text(encoding="utf-8")))


def cases(city: str) -> dict[str, str]:
    """The law cases of a city, each with what it is based on."""
    return {case["name"]: case["article"] for path in _pages(city) for case in _read(path)}


def _pages(city: str) -> list[Path]:
    return sorted((POLICIES / city).glob("*.yaml"))


def _read(path: Path) -> Iterator[Any]:
    content = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    return iter(content) if isinstance(content, list) else iter(())


def encoded(city: str) -> dict[str, Article]:
    return {name: entry for name, entry in articles(city).items() if entry.verdict == "encoded"}


def test_the_four_programmes_have_a_hundred_and_seventy_eight_rules() -> None:
    assert {city: len(listed(city)) for city in RULES} == RULES
    assert sum(RULES.values()) == 178


def test_no_rule_is_claimed_by_two_cities() -> None:
    claimed = [name for city in cities() for name in articles(city)]
    assert len(set(claimed)) == len(claimed)


@pytest.mark.parametrize("city", RULES)
def test_every_rule_has_its_verdict_and_keeps_its_quotes(city: str) -> None:
    entries = articles(city)
    assert sorted(set(listed(city)) - set(entries)) == [], "articles.yaml 缺少判定，请补写。"
    for name, quotes in listed(city).items():
        missing = [quote for quote in quotes if quote not in entries[name].quotes]
        assert not missing, f"{name} 的 quotes 少了 {missing}，请照 rule_ids.yaml 补上。"


@pytest.mark.parametrize("city", cities())
def test_quotes_readings_and_places_have_no_flaw_in_any_city(city: str) -> None:
    assert flaws(city) == []
    assert readings(city)


@pytest.mark.parametrize("city", cities())
def test_every_encoded_rule_names_a_law_case_that_cites_it(city: str) -> None:
    known = cases(city)
    for name, entry in encoded(city).items():
        assert entry.case, f"{name} 没有写明由哪个案例检验，请在 articles.yaml 补 case。"
        for case in entry.case:
            assert case in known, f"{name} 的案例“{case}”不在 tests/policies/{city}/ 中。"
            cited = IN_CASES.findall(known[case])
            assert name in cited, f"案例“{case}”的 article 没有写 {name}，请补上。"


@pytest.mark.parametrize("city", RULES)
def test_every_city_has_cases_enough_to_judge_by(city: str) -> None:
    assert len(cases(city)) >= FEWEST_CASES
