"""读取规则手册：好的读得进来；坏的在启动时就说明哪个文件、哪一行、哪个键、可用的有哪些。"""

import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from rulebooks.reading.loader import (
    CITIES,
    BrokenRulebookError,
    cities,
    load_rulebook,
    read_rulebook,
)
from rulebooks.vocabulary.model import fen, share
from tests.rulebooks.lives import CITY, TOWN

FAULTS = YAML(typ="safe").load(Path(__file__).parents[1] / "broken" / "faults.yaml")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the city's files, to be broken."""
    return Path(shutil.copytree(CITIES / CITY, tmp_path / CITY))


def broken(folder: Path) -> str:
    with pytest.raises(BrokenRulebookError) as refusal:
        read_rulebook(folder, None, TOWN)
    return str(refusal.value)


@pytest.mark.parametrize("fault", FAULTS, ids=[fault["name"] for fault in FAULTS])
def test_every_fault_is_told_by_file_line_key_and_allowed_values(
    folder: Path, fault: dict[str, Any]
) -> None:
    path = folder / fault["file"]
    text = path.read_text(encoding="utf-8")
    assert fault["find"] == "*" or fault["find"] in text, "the rulebook no longer says this"
    changed = fault["put"] if fault["find"] == "*" else text.replace(fault["find"], fault["put"], 1)
    path.write_text(changed, encoding="utf-8")
    message = broken(folder)
    for words in fault["says"]:
        assert words in message
    line = fault.get("line") or _line(changed, fault)
    assert line is None or f"第{line}行" in message
    assert re.match(r"规则手册 \S+\.yaml", message)
    assert all(sentence.endswith("。") for sentence in message.splitlines())
    assert not re.search(r"Input|should|valid|Traceback|None", message)


def _line(text: str, fault: dict[str, Any]) -> int | None:
    """Where the fault's words stand in the broken file."""
    marked = fault.get("at") or fault["put"]
    if marked == "*" or fault["find"] == "*":
        return None
    return text[: text.index(marked)].count("\n") + 1


def test_several_faults_are_told_at_once(folder: Path) -> None:
    path = folder / "project.yaml"
    text = path.read_text(encoding="utf-8")
    text = text.replace("by: {role: council_convener}", "by: {role: mayor}")
    text = text.replace("issues: result_publicity", "issues: result_notice")
    path.write_text(text, encoding="utf-8")
    message = broken(folder)
    assert "角色“mayor”不存在" in message
    assert "公文“result_notice”不存在" in message


def test_a_town_with_two_supplements_is_told_to_keep_one(folder: Path) -> None:
    shutil.copy(folder / "towns" / "example.yaml", folder / "towns" / "second.yaml")
    message = broken(folder)
    assert f"“{TOWN}”的补充规定有2份" in message
    assert "请只留一份" in message


def test_a_town_without_supplement_is_not_stopped_by_another_towns_procedure(folder: Path) -> None:
    assert read_rulebook(folder, None, "凤凰镇").procedures == {}
    assert read_rulebook(folder, None, None).town is None


def test_a_city_or_version_that_is_not_there_is_refused_with_those_that_are() -> None:
    with pytest.raises(
        BrokenRulebookError, match=r"没有城市“suzhou”的规则手册，现有：.*zhangjiagang"
    ):
        load_rulebook("suzhou")
    with pytest.raises(BrokenRulebookError, match=r"没有版本“1999”，现有：2020-draft"):
        load_rulebook(CITY, "1999")


def test_every_city_on_file_can_be_read_with_and_without_its_towns() -> None:
    assert CITY in cities()
    for city in cities():
        assert load_rulebook(city).stages
        for path in (CITIES / city / "towns").glob("*.yaml"):
            supplement = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
            for town in supplement["applies_to"]:
                rulebook = load_rulebook(city, None, town)
                assert rulebook.procedures.keys() == supplement.get("procedures", {}).keys()
                assert rulebook.town_notice == supplement.get("notice")


def test_the_same_rulebook_read_twice_is_equal_and_a_towns_own_is_not(folder: Path) -> None:
    first, second = (read_rulebook(folder, None, TOWN) for _ in range(2))
    assert first == second
    assert hash(first) == hash(second)
    assert first != read_rulebook(folder)


def test_a_stage_like_the_citys_keeps_everything_it_does_not_change() -> None:
    stages = load_rulebook(CITY, None, TOWN).stages
    city, town = stages["publicize_project"], stages["quick_publicize"]
    assert (town.lasts, town.channels, town.fields, town.quote) == (
        city.lasts, city.channels, city.fields, city.quote,
    )  # fmt: skip
    assert town.then != city.then
    assert "audit_report" not in stages["quick_archive"].contains


def test_every_stage_names_an_article_that_has_a_verdict() -> None:
    rulebook = load_rulebook(CITY, None, TOWN)
    for name, stage in rulebook.stages.items():
        assert stage.cites in rulebook.articles, name
        assert rulebook.article(stage).startswith(rulebook.articles[stage.cites]), name


@pytest.mark.parametrize(
    ("written", "amount"),
    [
        ("9999.99", 999_999),
        (10000, 1_000_000),
        ("0.01", 1),
        ("1e5", 10_000_000),
        ("100000.01", 10_000_001),
    ],
)
def test_amounts_in_yuan_become_whole_fen(written: str | int, amount: int) -> None:
    assert fen(written) == amount


@pytest.mark.parametrize("written", ["0.001", "很多", "NaN", "Infinity", "", None, "1/2"])
def test_what_is_not_an_amount_is_refused(written: str | None) -> None:
    with pytest.raises(ValueError, match=r"不是金额|不足一分"):
        fen(written)


@pytest.mark.parametrize("written", ["0", "-1/2", "1.5", "半", "1/0"])
def test_what_is_not_a_share_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match="比例"):
        share(written)
