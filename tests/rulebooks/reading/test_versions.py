"""版本：首尾相接，按日期与设置取用；改动盖在前一版之上，写错时指明文件、行、键。"""

import shutil
from datetime import date, timedelta
from pathlib import Path

import pytest

from rulebooks.reading.loader import (
    CITIES,
    BrokenRulebookError,
    cities,
    load_rulebook,
    read_rulebook,
    rulebook_on,
)
from rulebooks.reading.versions import dating_problems, usable_versions, version_on
from rulebooks.vocabulary.model import Version
from tests.rulebooks.lives import CITY, TOWN

DAY = timedelta(days=1)
LATER = "versions/2023.yaml"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the city's files, to be changed."""
    return Path(shutil.copytree(CITIES / CITY, tmp_path / CITY))


def version(name: str, since: str, until: str | None = None, status: str = "in_force") -> Version:
    return Version.model_validate(
        {"id": name, "label": name, "since": since, "until": until, "status": status, "sources": []}
    )


def replaced(folder: Path, file: str, find: str, put: str) -> Path:
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert find in text
    path.write_text(text.replace(find, put, 1), encoding="utf-8")
    return folder


def broken(folder: Path, name: str | None = "2023") -> str:
    with pytest.raises(BrokenRulebookError) as refusal:
        read_rulebook(folder, name, TOWN)
    return str(refusal.value)


@pytest.mark.parametrize("city", cities())
def test_every_day_of_a_city_has_one_version_from_its_first_day_on(city: str) -> None:
    versions = load_rulebook(city).versions
    assert list(dating_problems(versions)) == []
    for item in versions:
        for day in (item.since, item.until or item.since):
            assert [other for other in versions if other.covers(day)] == [item]
        if item.until is not None and item is not versions[-1]:
            assert versions[versions.index(item) + 1].covers(item.until + DAY)
    assert rulebook_on(city, versions[0].since - DAY) is None


@pytest.mark.parametrize("city", cities())
def test_every_version_of_a_city_can_be_read(city: str) -> None:
    for item in load_rulebook(city).versions:
        assert load_rulebook(city, item.id).version == item


def test_two_versions_on_one_day_are_refused_and_both_named() -> None:
    older, newer = version("a", "2020-01-01", "2021-03-01"), version("b", "2021-03-01")
    (problem,) = dating_problems((older, newer))
    assert "“a”与“b”" in problem
    assert "2021-03-01至2021-03-01同时施行两版" in problem


def test_a_day_without_version_between_two_is_refused_and_both_named() -> None:
    older, newer = version("a", "2020-01-01", "2021-03-01"), version("b", "2021-03-05")
    (problem,) = dating_problems((older, newer))
    assert "“a”与“b”" in problem
    assert "2021-03-02至2021-03-04没有施行的版本" in problem


def test_an_open_end_before_a_newer_version_is_an_overlap() -> None:
    (problem,) = dating_problems((version("a", "2020-01-01"), version("b", "2021-03-05")))
    assert "2021-03-05至今后同时施行两版" in problem


def test_an_end_before_the_beginning_and_a_number_used_twice_are_told() -> None:
    turned = version("a", "2020-02-01", "2020-01-31")
    problems = list(dating_problems((turned, version("a", "2020-02-01"))))
    assert any("until 早于 since" in problem for problem in problems)
    assert any("用了两次" in problem for problem in problems)


def test_overlapping_dates_in_a_file_are_told_with_file_and_line(folder: Path) -> None:
    replaced(folder, "rulebook.yaml", "until: 2022-12-31", "until: 2023-06-30")
    message = broken(folder, None)
    assert "rulebook.yaml 第" in message
    assert "“2020-draft”与“2023”" in message


def test_a_later_version_from_the_press_applies_only_where_settings_choose_it() -> None:
    day = date(2026, 3, 2)
    unchosen, chosen = rulebook_on(CITY, day), rulebook_on(CITY, day, chosen="2023")
    assert unchosen is not None
    assert chosen is not None
    assert (unchosen.version.id, chosen.version.id) == ("2020-draft", "2023")
    assert load_rulebook(CITY).version == unchosen.version


def test_a_chosen_version_applies_from_its_first_day_and_the_older_one_before() -> None:
    chosen = load_rulebook(CITY, "2023").version
    last = rulebook_on(CITY, chosen.since - DAY, chosen="2023")
    first = rulebook_on(CITY, chosen.since, chosen="2023", town=TOWN)
    assert last is not None
    assert first is not None
    assert (last.version.id, first.version.id) == ("2020-draft", "2023")
    assert (last.town, first.town) == (None, TOWN)


def test_choosing_an_older_version_keeps_newer_ones_away() -> None:
    versions = (
        version("a", "2020-01-01", "2020-12-31"),
        version("b", "2021-01-01", "2021-12-31"),
        version("c", "2022-01-01"),
    )
    assert version_on(versions, date(2023, 1, 1)) == versions[2]
    assert version_on(versions, date(2023, 1, 1), "b") == versions[1]
    assert [item.id for item in usable_versions(versions, "b")] == ["a", "b"]


def test_after_the_last_day_of_the_last_version_nothing_applies() -> None:
    versions = (version("a", "2020-01-01", "2020-12-31"),)
    assert version_on(versions, date(2021, 1, 1)) is None
    assert version_on(versions, date(2019, 1, 1)) is None


def test_a_chosen_version_that_is_not_there_is_refused_with_those_that_are() -> None:
    with pytest.raises(BrokenRulebookError, match=r"“2019”不存在，现有：2020-draft、2023"):
        rulebook_on(CITY, date(2026, 1, 1), chosen="2019")


def test_a_version_changes_what_it_says_and_leaves_the_rest(folder: Path) -> None:
    older, newer = (read_rulebook(folder, name, TOWN) for name in ("2020-draft", "2023"))
    assert older.limits["community_cap"] != newer.limits["community_cap"]
    assert older.limits["project_cap"] == newer.limits["project_cap"]
    assert older.stages == newer.stages
    assert newer.version.status == "press"


def test_a_wrong_key_in_a_version_is_told_by_file_line_and_key(folder: Path) -> None:
    replaced(folder, LATER, "    at_most: 300000", "    at_mos: 300000")
    line = (folder / LATER).read_text(encoding="utf-8").split("    at_mos:")[0].count("\n") + 1
    message = broken(folder)
    assert f"{CITY}/{LATER} 第{line}行 limits/community_cap/at_mos" in message
    assert "没有“at_mos”这个键" in message


def test_a_wrong_value_in_a_version_is_told_where_it_was_written(folder: Path) -> None:
    replaced(folder, LATER, "at_most: 300000", "at_most: 三十万")
    assert f"{CITY}/{LATER} 第" in broken(folder)


def test_removing_what_was_never_there_is_refused(folder: Path) -> None:
    replaced(folder, LATER, "excludes: null", "exclude: null")
    message = broken(folder)
    assert f"{LATER} 第" in message
    assert "funds/city_guide_fund/exclude" in message
    assert "前一版没有“exclude”" in message


def test_a_version_cannot_rename_the_city_or_date_itself(folder: Path) -> None:
    replaced(folder, LATER, "limits:\n", "city: elsewhere\nlimits:\n")
    assert "“city”各版共用" in broken(folder)


def test_a_version_without_its_page_says_which_page_to_write(folder: Path) -> None:
    (folder / LATER).unlink()
    assert "请补写 versions/2023.yaml" in broken(folder)
    assert read_rulebook(folder, "2020-draft", TOWN).stages


def test_a_page_that_belongs_to_no_version_is_refused(folder: Path) -> None:
    (folder / LATER).rename(folder / "versions" / "2032.yaml")
    message = broken(folder, "2020-draft")
    assert "versions/2032.yaml 不是已登记的后续版本" in message
    assert "2023" in message


def test_a_half_written_city_lists_the_missing_pages_in_the_order_to_write_them(
    folder: Path,
) -> None:
    for name in ("project.yaml", "readings.yaml"):
        (folder / name).unlink()
    message = broken(folder, None)
    assert message.index("readings.yaml") < message.index("project.yaml")
    assert "rulebook.yaml（" not in message
    assert "尚未写完，请依次补写" in message
