"""增加一个城市：照 docs/add-a-city.md 逐字写下每个文件，每一步体检，最后办完一件事项。

The document's own blocks are written out, so that the document and this test cannot differ.
"""

import re
from pathlib import Path

import pytest

from rulebooks.judging.judgement import Outside
from rulebooks.judging.outside import KnownImplementer
from rulebooks.lint import Finding, lint
from rulebooks.reading import loader
from rulebooks.showing import citations
from rulebooks.vocabulary import articles
from tests.rulebooks import law_cases, test_law_cases
from tests.rulebooks.answers import facts_of
from tests.rulebooks.law_cases import LawCase, opened_with
from tests.rulebooks.lives import Life

DOCUMENT = Path(__file__).parents[2] / "docs" / "add-a-city.md"
BLOCK = re.compile(r"^文件 `(?P<path>[^`]+)`：\n\n```\w+\n(?P<text>.*?)^```$", re.M | re.S)
CITY = "qiaobei"
TOWN = "石桥乡"


def blocks() -> list[tuple[str, str]]:
    """The files the document asks for, in its order, with what it says to write."""
    found = BLOCK.finditer(DOCUMENT.read_text(encoding="utf-8"))
    return [(block["path"], block["text"]) for block in found]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty tree in which the city's files are written."""
    cities, policies = tmp_path / "rulebooks" / "cities", tmp_path / "tests" / "policies"
    (cities / CITY).mkdir(parents=True)
    policies.mkdir(parents=True)
    for module in (articles, citations, loader):
        monkeypatch.setattr(module, "CITIES", cities)
    monkeypatch.setattr(law_cases, "POLICIES", policies)
    return tmp_path


@pytest.fixture
def city(here: Path) -> Path:
    """The city, written as the document says."""
    for path, text in blocks():
        write(here, path, text)
    loader.forget_rulebooks()
    return here / "rulebooks" / "cities" / CITY


def write(here: Path, path: str, text: str) -> None:
    (here / path).parent.mkdir(parents=True, exist_ok=True)
    (here / path).write_text(text, encoding="utf-8")


def checked(here: Path) -> list[Finding]:
    """What `minsheng rulebook lint` says, without the source's own defects."""
    found = lint(here / "rulebooks" / "cities" / CITY, here / "tests" / "policies")
    return [finding for finding in found if finding.group != "source"]


def test_only_yaml_and_texts_are_written() -> None:
    paths = [path for path, _ in blocks()]
    assert len(paths) >= len(loader.NEEDED)
    assert {Path(path).suffix for path in paths} == {".yaml", ".txt"}


def test_after_each_step_the_lint_asks_for_the_next_one(here: Path) -> None:
    asked: list[str] = []
    for path, text in blocks():
        missing = [item.place for item in checked(here) if item.group == "missing"]
        asked.extend(missing[:1])
        write(here, path, text)
    order = [place.partition("/")[2] for place in dict.fromkeys(asked)]
    assert order[:5] == [
        "sources/sources.yaml",
        "articles.yaml",
        "readings.yaml",
        "rulebook.yaml",
        "project.yaml",
    ]
    assert "policies/qiaobei/" in order[-1]


def test_the_finished_city_has_nothing_left_to_say(here: Path, city: Path) -> None:
    assert city.is_dir()
    assert [(item.place, item.says) for item in checked(here)] == []
    assert citations.flaws(CITY) == []


def test_the_law_cases_of_the_document_turn_out_as_written(city: Path) -> None:
    assert city.is_dir()
    cases = law_cases.law_cases()
    assert len(cases) >= len(articles.articles(CITY)) - 1
    for case in cases:
        test_law_cases.test_every_law_case_turns_out_as_an_official_expects(case)


def test_a_project_of_the_new_city_goes_from_opening_to_the_archive(city: Path) -> None:
    assert city.is_dir()
    rulebook = loader.load_rulebook(CITY, None, TOWN)
    usual = law_cases.ordinary(CITY)
    facts = facts_of(rulebook, usual["project"]) | {"number": "QB-2026-0001", "town": TOWN}
    life = Life(rulebook)
    life.answers = usual["answers"]
    life.outside = Outside(KnownImplementer("I1", "顺达工程队", TOWN, active=True))
    life.open(opened_with(facts)).finish()
    assert life.position.outcome_label == "已归档"
    assert [stage for stage, _, _ in life.results] == list(rulebook.stages)


def test_a_township_without_a_supplement_is_told_what_to_supply(city: Path) -> None:
    assert city.is_dir()
    case = next(item for item in law_cases.law_cases() if "停下来" in item.name)
    assert isinstance(case, LawCase)
    _, refusal = law_cases.played(case)
    assert refusal is not None
    assert "柳河乡" in refusal.sentence
    assert refusal.rule == "QB-04"
