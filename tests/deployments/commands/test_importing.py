"""收件命令: `minsheng import` takes in what is sound, once, and shows cell by cell what is not."""

import json
import shutil
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from records.acting.overview import state_of
from records.database.store import Store
from records.database.tables import suspensions
from rulebooks.reading import loader
from schemas.findings import check_workbook
from schemas.reading import read_grids
from schemas.sample_material import load_material
from schemas.samples import rows_of_town, sample_rows, sample_workbooks
from schemas.styling import Style, write_styled_workbook
from tests.deployments.commands.conftest import Minsheng
from tests.rulebooks.migrating import NEWER, with_version
from tests.schemas.workbooks import choices

CITY = "zhangjiagang"
SEED = 1
PROJECTS = 8
TOWN = "大新镇"
Rows = dict[str, list[dict[str, Any]]]


@pytest.fixture
def starting_home(empty_home: Path) -> Path:
    return empty_home


@pytest.fixture
def rows() -> Rows:
    """What one town sends: two suggestions, its organisations and people, its implementers."""
    return rows_of_town(sample_rows(CITY, seed=SEED, projects=PROJECTS), CITY, TOWN)


def written(path: Path, rows: Rows) -> Path:
    write_styled_workbook(path, rows, load_material(CITY)["label"], Style())
    return path


def test_the_workbooks_of_three_towns_are_taken_in_together(
    minsheng: Minsheng, store: Store, tmp_path: Path
) -> None:
    paths = sample_workbooks(tmp_path, CITY, seed=SEED, projects=PROJECTS)
    said = minsheng("import", *paths)
    assert said.code == 0, said
    for path in paths:
        assert f"{path.name}：新立卷" in said.out
    rows = minsheng("case", "list", "--json").json
    assert len(rows) == PROJECTS
    assert {row["town"] for row in rows} == {"杨舍镇", "塘桥镇", "大新镇"}
    assert state_of(store, rows[0]["number"]).history[0].content["proposer"]


def test_the_same_workbook_sent_again_opens_nothing_twice(
    minsheng: Minsheng, rows: Rows, tmp_path: Path
) -> None:
    path = written(tmp_path / "大新.xlsx", rows)
    [first] = minsheng("import", path, "--json").json
    [again] = minsheng("import", path, "--json").json
    sent = len(rows["suggestions"]) + len(rows["under_way"])
    assert (first["opened"], first["repeated"], first["refused"]) == (sent, 0, 0)
    assert (again["opened"], again["repeated"], again["refused"]) == (0, sent, 0)
    numbers = [item["number"] for item in first["taken"]]
    assert [item["number"] for item in again["taken"]] == numbers
    assert len(minsheng("case", "list", "--json").json) == sent
    assert f"此前已立{sent}件，没有重复立卷" in minsheng("import", path).out


def test_a_corrected_workbook_opens_only_what_is_new_and_says_what_was_changed(
    minsheng: Minsheng, rows: Rows, tmp_path: Path
) -> None:
    minsheng("import", written(tmp_path / "first.xlsx", rows))
    old, *_ = rows["suggestions"]
    old["budget"] += 10_000
    rows["suggestions"].append({**old, "title": "再报一件", "number": "99"})
    said = minsheng("import", written(tmp_path / "second.xlsx", rows))
    assert said.code == 0
    assert "新立卷1件" in said.out
    assert (
        "本行的资金预算与立卷时不同，没有改动；要变更的请申请变更（第三十一条 ZJG-31a）" in said.out
    )


@pytest.mark.parametrize(("chosen", "code"), [({}, 1), ({CITY: NEWER}, 0)], ids=str)
def test_a_row_is_checked_under_the_version_the_settings_choose(
    minsheng: Minsheng,
    rows: Rows,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    chosen: dict[str, str],
    code: int,
) -> None:
    monkeypatch.setenv("MINSHENG_VERSIONS", json.dumps(chosen))
    rows["suggestions"][0]["category"] = "夜市"
    path = written(tmp_path / "大新.xlsx", rows)
    page = "categories: {night_market: 夜市}"
    with contextmanager(with_version)(tmp_path / "cities", page, monkeypatch):
        said = minsheng("import", path)
        assert said.code == code, said
        assert ("不合格之处共1处" in said.out) == bool(code)


def test_a_wrong_cell_sends_the_whole_workbook_back_with_a_marked_copy(
    minsheng: Minsheng, rows: Rows, tmp_path: Path
) -> None:
    rows["suggestions"][0]["budget"] = 10_000_001
    path = written(tmp_path / "大新.xlsx", rows)
    said = minsheng("import", path)
    assert said.code == 1
    assert "项目建议" in said.out
    assert "资金预算" in said.out
    assert "ZJG-03f" in said.out
    assert "超过单个项目上限100,000.00元" in said.out
    assert "整份没有收入" in said.out
    marked = tmp_path / "大新（标红）.xlsx"
    assert read_grids(marked)[0].name == "问题清单"
    assert minsheng("case", "list", "--json").json == []
    assert len(check_workbook(marked, choices()).findings) == 1


def test_a_program_gets_every_finding_by_place_value_and_rule(
    minsheng: Minsheng, rows: Rows, tmp_path: Path
) -> None:
    rows["suggestions"][0]["budget"] = 10_000_001
    said = minsheng("import", written(tmp_path / "大新.xlsx", rows), "--json")
    assert said.code == 1
    [received] = said.json
    assert received["taken"] == []
    assert received["marked"].endswith("大新（标红）.xlsx")
    [finding] = received["findings"]
    assert finding["sheet"] == "项目建议"
    assert finding["row"] == 3
    assert finding["rule"] == "ZJG-03f"
    assert {"column", "value", "sentence"} < finding.keys()


def test_the_sound_rows_can_be_taken_alone_and_the_rest_later(
    minsheng: Minsheng, rows: Rows, tmp_path: Path
) -> None:
    budget = rows["suggestions"][0]["budget"]
    sent = len(rows["suggestions"]) + len(rows["under_way"])
    rows["suggestions"][0]["budget"] = 10_000_001
    said = minsheng("import", written(tmp_path / "a.xlsx", rows), "--valid-only", "--json")
    assert said.code == 1
    assert said.json[0]["opened"] == sent - 1
    rows["suggestions"][0]["budget"] = budget
    [rest] = minsheng("import", written(tmp_path / "b.xlsx", rows), "--json").json
    assert (rest["opened"], rest["repeated"]) == (1, sent - 1)


def test_a_community_registered_under_another_town_is_not_moved(
    minsheng: Minsheng, rows: Rows, tmp_path: Path
) -> None:
    minsheng("import", written(tmp_path / "first.xlsx", rows))
    elsewhere = rows_of_town(sample_rows(CITY, seed=SEED, projects=PROJECTS), CITY, "塘桥镇")
    stolen = next(row for row in rows["organisations"] if row["parent"] == TOWN)
    elsewhere["organisations"].append({**stolen, "parent": "塘桥镇"})
    said = minsheng("import", written(tmp_path / "second.xlsx", elsewhere), "--json")
    assert said.code == 1
    [finding] = said.json[0]["findings"]
    assert finding["rule"] == "records.parent"
    assert f"“{stolen['name']}”已登记在“{TOWN}”之下" in finding["sentence"]


def test_a_suspended_implementer_sent_again_is_still_suspended_once(
    minsheng: Minsheng, store: Store, rows: Rows, tmp_path: Path
) -> None:
    rows["implementers"][0]["status"] = "暂停"
    path = written(tmp_path / "大新.xlsx", rows)
    assert minsheng("import", path).code == 0
    assert minsheng("import", path).code == 0
    of_it = select(suspensions).where(
        suspensions.c.implementer == rows["implementers"][0]["credit_code"]
    )
    with store.glance() as connection:
        assert len(connection.execute(of_it).all()) == 1


def test_the_stages_of_a_towns_own_procedure_may_be_named(
    minsheng: Minsheng, rows: Rows, tmp_path: Path
) -> None:
    first = rows["under_way"][0] if rows["under_way"] else None
    assert first is not None
    label = "党组织决定"
    kept = {key: first[key] for key in first if not key.startswith(("council", "review"))}
    for name in ("approved_on", "posted_on", "publicity_ended_on", "implementer", "signed_on"):
        kept.pop(name, None)
    for name in ("contract_amount", "started_on", "finished_on"):
        kept.pop(name, None)
    rows["under_way"] = [{**kept, "stage": label, "budget": 500_000}]
    rows["suggestions"] = []
    [received] = minsheng("import", written(tmp_path / "大新.xlsx", rows), "--json").json
    assert received["findings"] == []
    assert received["opened"] == 1
    [row] = minsheng("case", "list", "--json").json
    assert row["waits_for"] == "待社区党组织决定"


@pytest.mark.parametrize(
    ("content", "words"),
    [(None, "没有文件"), ("PK not a workbook", "bad.xlsx：")],
)
def test_a_file_that_cannot_be_read_is_refused_in_one_sentence(
    minsheng: Minsheng, tmp_path: Path, content: str | None, words: str
) -> None:
    path = tmp_path / "bad.xlsx"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    said = minsheng("import", path)
    assert said.code == 2
    assert words in said.err
    assert "Traceback" not in said.err
    assert len(said.err.strip().splitlines()) == 1


def test_an_unknown_city_is_refused_with_those_there_are(
    minsheng: Minsheng, tmp_path: Path
) -> None:
    said = minsheng("import", tmp_path / "a.xlsx", "--city", "atlantis")
    assert said.code == 2
    assert "没有城市“atlantis”的规则手册，现有：" in said.err


@pytest.mark.parametrize("command", [["import", "a.xlsx"], ["up"], ["demo"]])
def test_a_broken_rulebook_is_refused_by_file_and_line_before_anything_starts(
    minsheng: Minsheng, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: list[str]
) -> None:
    cities = tmp_path / "cities"
    shutil.copytree(loader.CITIES, cities)
    town = cities / CITY / "towns" / "example.yaml"
    text = town.read_text(encoding="utf-8")
    town.write_text(text.replace("kind: decide", "kind: decree", 1), encoding="utf-8")
    monkeypatch.setattr(loader, "CITIES", cities)
    loader.forget_rulebooks()
    try:
        said = minsheng(*command)
    finally:
        loader.forget_rulebooks()
    assert said.code in (1, 2)
    assert said.out == ""
    assert "towns/example.yaml 第" in said.err
    assert "decree" in said.err
