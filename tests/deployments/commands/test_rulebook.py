"""规则手册命令: what `minsheng rulebook` shows, where it comes from, and what it refuses."""

from pathlib import Path

import pytest

from rulebooks.reading.loader import cities
from rulebooks.vocabulary import articles as articles_module
from rulebooks.vocabulary.articles import articles
from tests.deployments.commands.conftest import Minsheng

CITY = "zhangjiagang"


def test_stages_limits_and_readings_are_shown_with_article_and_quote(minsheng: Minsheng) -> None:
    said = minsheng("rulebook", "show", CITY)
    assert said.code == 0
    for words in (
        "张家港市民生微实事",
        "征求意见稿",
        "居民议事会商议",
        "3个工作日（应/不得）",
        "第八条 ZJG-08a",
        "公示3个工作日",
        "不超过100,000.00元",
        "原文未定之处的解释",
    ):
        assert words in said.out


def test_the_funds_are_shown_with_amount_weight_and_article(minsheng: Minsheng) -> None:
    said = minsheng("rulebook", "show", "shenyang")
    assert said.code == 0
    rows = said.out[said.out.index("排序、打包、拨付与资金") :]
    assert "30,000,000.00元" in rows
    assert "SY-01" in rows
    assert "应/不得" in rows


def test_a_towns_own_procedure_is_shown_when_the_town_is_named(minsheng: Minsheng) -> None:
    assert "随报随审" not in minsheng("rulebook", "show", CITY).out
    said = minsheng("rulebook", "show", CITY, "--town", "杨舍镇").out
    assert "随报随审" in said
    assert "简化流程取自示例镇(区)规定，非真实文件" in said


def test_a_program_gets_the_whole_rulebook(minsheng: Minsheng) -> None:
    rulebook = minsheng("rulebook", "show", CITY, "--json").json
    assert rulebook["city"] == CITY
    assert rulebook["stages"]["deliberate"]["within"]["count"] == 3


def test_a_narrow_terminal_gets_the_rules_line_by_line(
    minsheng: Minsheng, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "44")
    lines = minsheng("rulebook", "show", CITY).out.splitlines()
    at = lines.index("居民议事会商议")
    assert lines[at + 1].strip() == "居民议事会召集人"


def test_every_requirement_is_listed_with_its_verdict(minsheng: Minsheng) -> None:
    said = minsheng("rulebook", "coverage")
    assert said.code == 0
    for city in cities():
        assert f"{city}：{len(articles(city))}条" in said.out
    found = minsheng("rulebook", "coverage", CITY, "--json").json
    assert found[CITY]["ZJG-08a"] == {
        "article": "第八条",
        "verdict": "encoded",
        "source": "implementation_measures",
        "status": "draft",
        "case": ["议事会自收到建议的次日起三个工作日内商议，跨周末"],
    }


def test_a_quote_that_is_not_in_the_source_is_found(
    minsheng: Minsheng, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(articles_module, "source_text", lambda _: "别的文字")
    monkeypatch.setattr(
        "rulebooks.showing.citations.source_text", lambda _: "别的文字", raising=False
    )
    said = minsheng("rulebook", "coverage", CITY)
    assert said.code == 1
    assert "ZJG-" in said.err


@pytest.mark.parametrize("command", ["show", "coverage", "diagram"])
def test_an_unknown_city_is_refused_with_those_there_are(minsheng: Minsheng, command: str) -> None:
    said = minsheng("rulebook", command, "atlantis")
    assert said.code == 2
    assert "没有城市“atlantis”的规则手册，现有：" in said.err
    assert CITY in said.err


def test_the_procedure_is_drawn_as_a_picture(minsheng: Minsheng, tmp_path: Path) -> None:
    picture = tmp_path / "规则.svg"
    said = minsheng("rulebook", "diagram", CITY, "--output", picture)
    assert said.code == 0, said
    assert str(picture) in said.out
    assert "居民议事会商议" in picture.read_text(encoding="utf-8")


def test_without_graphviz_a_sentence_says_what_to_install(
    minsheng: Minsheng, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    said = minsheng("rulebook", "diagram", CITY, "--output", tmp_path / "a.svg")
    assert said.code == 1
    assert "apt-get install graphviz" in said.err


def test_the_lint_lists_the_sources_own_defects_apart_and_says_whom_to_ask(
    minsheng: Minsheng,
) -> None:
    said = minsheng("rulebook", "lint", CITY)
    assert said.code == 0, said
    for words in ("原文自身的缺陷", "施行日期空白", "ZJG-34a", "问　本办法自哪一日起施行？", "A45"):
        assert words in said.out
    found = minsheng("rulebook", "lint", CITY, "--json").json[CITY]
    assert {"group", "kind", "label", "place", "rule", "says", "question"} <= set(found[0])
    assert {finding["group"] for finding in found} == {"source"}


def test_a_half_done_city_is_told_what_to_write_first(
    minsheng: Minsheng, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "qiaobei").mkdir()
    monkeypatch.setattr("rulebooks.reading.loader.CITIES", tmp_path)
    said = minsheng("rulebook", "lint", "qiaobei")
    assert said.code == 1
    assert said.out.index("sources/sources.yaml") < said.out.index("articles.yaml")


def test_a_city_that_nobody_has_begun_cannot_be_checked(minsheng: Minsheng) -> None:
    said = minsheng("rulebook", "lint", "atlantis")
    assert said.code == 2
    assert "没有城市“atlantis”的目录，现有：" in said.err
