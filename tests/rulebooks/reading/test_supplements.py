"""补充规定：只收授权的程序与参数；改写其他规定的指明条款；没有填的数停住，不借用别处的。"""

import shutil
from pathlib import Path

import pytest

from rulebooks.reading.loader import CITIES, BrokenRulebookError, read_rulebook
from rulebooks.vocabulary.model import Rulebook
from tests.rulebooks.lives import CITY, TOWN

SUPPLEMENT = "towns/example.yaml"
WITHOUT = "凤凰镇"
DAYS = """
parameters:
  publicity_days: {label: 项目公示天数, supplied_by: town, cites: ZJG-09e}
  review_majority: {label: 审议通过比例, supplied_by: town, cites: ZJG-09a}
  month_day: {label: 月报日期, supplied_by: city, cites: ZJG-19a}
"""
LASTS = "lasts: {count: 3, unit: working_days"
MAJORITY = (
    "majority: {at_least: 1/2, of: present, cites: ZJG-09a, "
    "quote: 经半数以上到会成员同意, reading: A11}"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the city's files, with a number left to the towns."""
    found = Path(shutil.copytree(CITIES / CITY, tmp_path / CITY))
    append(found, "rulebook.yaml", DAYS)
    return found


def append(folder: Path, file: str, text: str) -> None:
    path = folder / file
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")


def replaced(folder: Path, file: str, find: str, put: str) -> None:
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert find in text
    path.write_text(text.replace(find, put, 1), encoding="utf-8")


def broken(folder: Path, town: str = TOWN) -> str:
    with pytest.raises(BrokenRulebookError) as refusal:
        read_rulebook(folder, None, town)
    return str(refusal.value)


def left_to_the_town(folder: Path) -> None:
    replaced(folder, "project.yaml", LASTS, LASTS.replace("3", "{parameter: publicity_days}"))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("limits: {project_cap: {at_most: 200000}}\n", ["单个项目资金上限", "第三条 ZJG-03f"]),
        ("stages: {deliberate: {within: null}}\n", ["居民议事会商议", "第八条 ZJG-08a"]),
        ("clocks: {review_and_approval: {count: 30}}\n", ["第九条 ZJG-09d"]),
        ("kinds: {goods: 货物类}\n", ["goods"]),
        ("start: deliberate\n", ["start"]),
    ],
)
def test_overriding_what_was_not_delegated_is_refused_with_its_article(
    folder: Path, text: str, words: list[str]
) -> None:
    append(folder, SUPPLEMENT, text)
    message = broken(folder)
    assert f"{SUPPLEMENT} 第" in message
    assert "没有授权镇(区)规定，不能改写" in message
    for word in words:
        assert word in message
    assert "程序 simplified（第十二条 ZJG-12a）" in message


def test_a_procedure_that_was_not_delegated_is_refused(folder: Path) -> None:
    replaced(folder, SUPPLEMENT, "  simplified:\n", "  quick:\n")
    message = broken(folder)
    assert "程序“quick”没有授权镇(区)规定" in message
    assert "第十二条 ZJG-12a" in message


def test_a_stage_named_like_the_citys_is_refused_with_its_article(folder: Path) -> None:
    replaced(
        folder, SUPPLEMENT, "      quick_pay:\n        like: pay", "      pay:\n        like: pay"
    )
    assert "环节“pay”已有（第二十六条 ZJG-26a）" in broken(folder)


def test_a_number_left_to_the_town_is_filled_from_its_supplement(folder: Path) -> None:
    left_to_the_town(folder)
    append(folder, SUPPLEMENT, "parameters: {publicity_days: 7}\n")
    stage = read_rulebook(folder, None, TOWN).stages["publicize_project"]
    assert stage.lasts is not None
    assert (stage.lasts.count, stage.missing) == (7, ())


def test_a_whole_section_may_be_left_to_the_town(folder: Path) -> None:
    replaced(folder, "project.yaml", MAJORITY, "majority: {parameter: review_majority}")
    assert read_rulebook(folder, None, WITHOUT).stages["review"].missing == ("review_majority",)
    append(folder, SUPPLEMENT, "parameters: {review_majority: {more_than: 1/2, of: members}}\n")
    passes = read_rulebook(folder, None, TOWN).stages["review"].passes
    assert passes is not None
    assert passes.majority.of == "members"


def missing(rulebook: Rulebook) -> dict[str, tuple[str, ...]]:
    return {name: stage.missing for name, stage in rulebook.stages.items() if stage.missing}


def test_a_number_nobody_supplied_is_noted_on_every_stage_that_uses_it(folder: Path) -> None:
    left_to_the_town(folder)
    found = missing(read_rulebook(folder, None, WITHOUT))
    assert found == {"publicize_project": ("publicity_days",)}


def test_a_shared_deadline_without_its_number_stops_every_stage_it_covers(folder: Path) -> None:
    replaced(folder, "project.yaml", "    count: 12\n", "    count: {parameter: publicity_days}\n")
    rulebook = read_rulebook(folder, None, WITHOUT)
    assert set(missing(rulebook)) == set(rulebook.clocks["review_and_approval"].covers)


def test_a_limit_without_its_number_is_noted_on_the_limit(folder: Path) -> None:
    replaced(folder, "limits.yaml", "at_most: 165000", "at_most: {parameter: publicity_days}")
    limits = read_rulebook(folder, None, WITHOUT).limits
    assert limits["community_cap"].missing == ("publicity_days",)
    assert limits["project_cap"].missing == ()


def test_a_supplied_value_that_does_not_fit_is_told_where_the_town_wrote_it(folder: Path) -> None:
    left_to_the_town(folder)
    append(folder, SUPPLEMENT, "parameters:\n  publicity_days: 三\n")
    message = broken(folder)
    assert f"{SUPPLEMENT} 第" in message
    assert "须为整数" in message


def test_a_number_another_level_sets_is_not_the_towns_to_change(folder: Path) -> None:
    append(folder, SUPPLEMENT, "parameters: {month_day: 8}\n")
    message = broken(folder)
    assert "“月报日期”（第十九条 ZJG-19a）由市规定，镇(区)不能改写" in message


def test_an_unknown_number_is_refused_in_the_supplement_and_in_the_rulebook(folder: Path) -> None:
    append(folder, SUPPLEMENT, "parameters: {days: 8}\n")
    assert "没有“days”这个参数" in broken(folder)
    replaced(folder, "project.yaml", LASTS, LASTS.replace("3", "{parameter: days}"))
    message = broken(folder, WITHOUT)
    assert "stages/publicize_project/lasts/count" in message
    assert "没有“days”这个参数" in message


def test_the_beginning_of_a_case_cannot_depend_on_a_number_left_to_the_town(folder: Path) -> None:
    choice = (
        "start:\n  choose:\n"
        "    - {when: {amount: {below: {parameter: publicity_days}, of: [budget]}}, to: collect}\n"
        "    - {to: collect}\n"
    )
    replaced(folder, "project.yaml", "start: collect\n", choice)
    assert "起点的分流不能用留给下级填的参数" in broken(folder)
