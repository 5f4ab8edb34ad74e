"""版本命令: what a day's rules are, and moving a case to another version from the terminal."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from deployments.defaults import demonstrated_versions
from deployments.places import DEMO, OFFICE, place
from deployments.soundness import check_rules
from records.acting.acts import act
from records.acting.overview import state_of
from records.database.store import Store
from rulebooks.reading.loader import BrokenRulebookError, load_rulebook
from tests.deployments.commands.conftest import Minsheng
from tests.records.world import accepted, command, opened
from tests.rulebooks.migrating import NEWER, OLDER, OTHER_PERIODS, with_version

CITY = "zhangjiagang"
CHOICE = "MINSHENG_VERSIONS"


@pytest.fixture
def _other_periods(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    yield from with_version(tmp_path / "cities", OTHER_PERIODS, monkeypatch)


def test_every_parameter_of_a_day_is_shown_with_its_grounds(minsheng: Minsheng) -> None:
    said = minsheng("rulebook", "show", CITY, "--on", "2021-05-01")
    assert said.code == 0
    for words in (
        "▶版本　2020-draft",
        "环节“居民议事会商议”·办理时限　3个工作日",
        "第八条 ZJG-08a（征求意见稿），应/不得",
        "“在收到社区提交的项目建议后3个工作日内”",
        "我方解释 A12：",
        "不超过165,000.00元",
        "人民日报 ZJG-P01（报道），原则上",
        "征求意见稿",
    ):
        assert words in said.out, words


def test_the_days_on_both_sides_of_a_version_show_different_rules(minsheng: Minsheng) -> None:
    last = minsheng("rulebook", "show", CITY, "--on", "2022-12-31").out
    first = minsheng("rulebook", "show", CITY, "--on", "2023-01-01").out
    assert "不超过165,000.00元" in last
    assert "不超过300,000.00元" in first
    assert "不计入“社区党组织为民服务专项经费”" in last
    assert "不计入“社区党组织为民服务专项经费”" not in first
    assert "没有见到正式文件" in first


def test_a_version_that_new_cases_do_not_use_says_so(
    minsheng: Minsheng, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = "当日立卷用的是2020年征求意见稿（2020-draft）"
    assert words in minsheng("rulebook", "show", CITY, "--on", "2026-05-01").out
    monkeypatch.setenv(CHOICE, f'{{"{CITY}": "2023"}}')
    assert words not in minsheng("rulebook", "show", CITY, "--on", "2026-05-01").out


def test_without_a_day_the_version_of_new_cases_is_shown(
    minsheng: Minsheng, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "2020年征求意见稿" in minsheng("rulebook", "show", CITY).out.splitlines()[0]
    monkeypatch.setenv(CHOICE, f'{{"{CITY}": "2023"}}')
    assert "2023年调整" in minsheng("rulebook", "show", CITY).out.splitlines()[0]


def test_a_day_before_every_version_is_refused_with_those_there_are(minsheng: Minsheng) -> None:
    said = minsheng("rulebook", "show", CITY, "--on", "2015-01-01")
    assert said.code == 2
    assert "2015年1月1日没有施行的版本，现有：2020-draft" in said.err


def test_a_program_gets_every_parameter_of_the_day(minsheng: Minsheng) -> None:
    found = minsheng("rulebook", "show", CITY, "--on", "2023-01-01", "--json").json
    assert found["version"]["id"] == "2023"
    (cap,) = [item for item in found["inventory"] if item["place"] == "limits.community_cap"]
    assert cap["value"] == "不超过300,000.00元"
    assert (cap["status"], cap["reading"], cap["severity"]) == ("press", "A45a", "should")


@pytest.mark.usefixtures("_other_periods")
def test_a_dry_run_lists_dates_before_and_after_and_changes_nothing(
    minsheng: Minsheng, store: Store
) -> None:
    number = opened(store)
    accepted(act(store, command(number, 0)))
    said = minsheng("rulebook", "migrate", "--case", number, "--to", NEWER, "--dry-run")
    assert said.code == 0
    assert "居民议事会商议（登记表决结果，居民议事会召集人）：原2026年3月5日到期" in said.out
    assert "转用后2026年3月9日到期" in said.out
    assert "没有记入" in said.out
    assert len(state_of(store, number).history) == 2


@pytest.mark.usefixtures("_other_periods")
def test_moving_does_what_the_dry_run_said_and_asks_for_a_reason(
    minsheng: Minsheng, store: Store
) -> None:
    number = opened(store)
    accepted(act(store, command(number, 0)))
    move = ("rulebook", "migrate", "--case", number, "--to", NEWER, "--json")
    said = minsheng(*move, "--dry-run").json
    assert "--reason" in minsheng(*move).err
    done = minsheng(*move, "--reason", "统一改按新办法", "--as", "冯涛").json
    assert {**done, "sequence": None} == said
    assert state_of(store, number).rulebook.version.id == NEWER


@pytest.mark.usefixtures("_other_periods")
def test_the_same_command_typed_again_is_recorded_once(minsheng: Minsheng, store: Store) -> None:
    number = opened(store)
    move = (
        "rulebook",
        "migrate",
        "--case",
        number,
        "--to",
        NEWER,
        "--reason",
        "统一",
        "--key",
        "k",
    )
    assert minsheng(*move).code == 0
    again = minsheng(*move, "--json").json
    assert again["repeated"] is True
    assert len(state_of(store, number).history) == 2


def test_moving_to_the_version_in_use_or_an_unknown_case_is_refused(
    minsheng: Minsheng, store: Store
) -> None:
    number = opened(store)
    same = minsheng("rulebook", "migrate", "--case", number, "--to", OLDER, "--dry-run")
    assert (same.code, "可以转用的有：2023" in same.err) == (1, True)
    unknown = minsheng("rulebook", "migrate", "--case", "ZJG-2026-9999", "--to", NEWER)
    assert unknown.code == 2
    assert "没有编号为“ZJG-2026-9999”的事项" in unknown.err


def test_nothing_starts_on_a_chosen_version_that_is_not_there(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(CHOICE, f'{{"{CITY}": "2019"}}')
    with pytest.raises(BrokenRulebookError, match="设置选定的版本“2019”不存在"):
        check_rules()
    monkeypatch.setenv(CHOICE, '{"atlantis": "2019"}')
    with pytest.raises(BrokenRulebookError, match="没有城市“atlantis”的规则手册"):
        check_rules()


def test_the_demonstration_chooses_its_versions_and_they_are_there(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv(CHOICE, raising=False)
    chosen = json.loads(place(DEMO).environment()[CHOICE])
    assert chosen == demonstrated_versions()
    assert chosen[CITY] == OLDER
    assert CHOICE not in place(OFFICE).environment()
    for city, version in chosen.items():
        assert load_rulebook(city, version).version.id == version
    monkeypatch.setenv(CHOICE, "{}")
    assert CHOICE not in place(DEMO).environment()
