"""条款与判定：每条有判定，每句引文见于原文，每个解释和出处都存在。"""

import re
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from rulebooks.showing import citations
from rulebooks.vocabulary import articles as reader
from rulebooks.vocabulary.articles import (
    BrokenArticlesError,
    quote_is_in_source,
    without_page_marks,
)

CITY = "zhangjiagang"
EXPECTED = Path(__file__).parents[2] / "policies" / CITY / "rule_ids.yaml"
VERDICTS = {"encoded", "duty_of_people", "not_applicable", "unclear", "untranslatable"}
NUMERALS = "一二三四五六七八九十"


def expected_quotes() -> dict[str, list[str]]:
    return dict(YAML(typ="safe").load(EXPECTED.read_text(encoding="utf-8")))


def chinese_number(number: int) -> str:
    tens, ones = divmod(number, 10)
    front = "" if tens == 0 else ("十" if tens == 1 else NUMERALS[tens - 1] + "十")
    return front + (NUMERALS[ones - 1] if ones else "")


def test_every_rule_of_the_city_has_a_verdict():
    missing = set(expected_quotes()) - set(reader.articles(CITY))
    assert len(expected_quotes()) == 75
    assert missing == set()


def test_every_rule_keeps_the_quotes_it_is_expected_to_carry():
    entries = reader.articles(CITY)
    for name, quotes in expected_quotes().items():
        assert list(entries[name].quotes) == quotes, name


def test_all_thirty_five_articles_of_the_draft_are_covered_in_their_order():
    entries = reader.articles(CITY).values()
    met = list(dict.fromkeys(e.article for e in entries if e.source == "implementation_measures"))
    assert met == [f"第{chinese_number(number)}条" for number in range(1, 36)]


def test_every_article_heading_stands_in_the_draft():
    text = reader.source_text("implementation_measures")
    headings = re.findall(r"^\s*(第[一二三四五六七八九十]+条)", text, flags=re.MULTILINE)
    met = {e.article for e in reader.articles(CITY).values() if e.source != "peoples_daily"}
    assert met == set(headings)


def test_every_quote_stands_within_the_article_it_is_cited_from():
    text = reader.source_text("implementation_measures")
    parts = re.split(r"^\s*(第[一二三四五六七八九十]+条)\s", text, flags=re.MULTILINE)
    bodies = dict(zip(parts[1::2], parts[2::2], strict=True))
    for name, entry in reader.articles(CITY).items():
        if entry.source == "implementation_measures":
            for quote in entry.quotes:
                assert quote_is_in_source(quote, bodies[entry.article]), f"{name} {quote}"


def test_quotes_readings_and_places_of_the_city_have_no_flaw():
    assert citations.flaws(CITY) == []


def test_every_verdict_is_explained_by_a_place_or_a_reason():
    for name, entry in reader.articles(CITY).items():
        assert entry.where if entry.verdict == "encoded" else entry.why, name
        assert entry.says.endswith("。"), name


def test_a_should_comes_from_wording_that_leaves_room():
    for name, entry in reader.articles(CITY).items():
        if entry.severity == "should" and name != "ZJG-10g":
            assert any(word in q for q in entry.quotes for word in ("原则上", "一般")), name


def test_a_works_deadline_shares_the_soft_wording_of_its_sentence():
    sentence = "原则上服务类项目应在1个月内正式开展,工程类项目应在一周内启动施工、6个月内完工"
    assert quote_is_in_source(sentence, reader.source_text("implementation_measures"))
    assert reader.articles(CITY)["ZJG-10g"].severity == "should"


def test_coverage_lists_every_article_once_with_a_known_verdict():
    rows = reader.coverage(CITY)
    assert len(rows) == len(reader.articles(CITY))
    assert rows[0] == ("ZJG-01a", "第一条", "not_applicable")
    assert {verdict for _, _, verdict in rows} <= VERDICTS


def test_every_reading_is_used_or_concerns_all_figures():
    used = {reading for e in reader.articles(CITY).values() for reading in e.reading}
    assert set(reader.readings(CITY)) - used == {"A42"}


def test_all_five_sources_are_kept_and_listed():
    listed = {source.file for source in reader.sources().values()}
    kept = {path.name for path in reader.SOURCES.glob("*.txt")}
    assert kept <= listed, "a text that nobody lists: add it to sources.yaml"
    assert len(kept) == 5


def test_the_title_of_every_source_stands_in_its_text():
    for name, source in reader.sources().items():
        title = re.sub(r"（征求意见稿）$", "", source.title)
        assert quote_is_in_source(title, reader.source_text(name)), name


def test_a_draft_and_a_press_report_are_declared_as_such():
    known = reader.sources()
    assert known["implementation_measures"].status == "draft"
    assert known["peoples_daily"].status == "press"
    assert [name for name, source in known.items() if source.page_marks] == ["zhengfang"]


def test_a_changed_character_in_a_quote_is_found_and_named():
    entries = reader.articles(CITY)
    changed = entries["ZJG-03f"].model_copy(update={"quotes": ("每个项目资金不超过20万元",)})
    (flaw,) = citations.quote_flaws({"ZJG-03f": changed})
    assert flaw.startswith("ZJG-03f（第三条）的引文“每个项目资金不超过20万元”在来源")
    assert flaw.endswith("找不到，请照原文改正。")


@pytest.mark.parametrize("name", ["ZJG-08a", "ZJG-09d", "ZJG-25b", "ZJG-P07"])
def test_dropping_any_one_character_inside_a_quote_is_found(name):
    entry = reader.articles(CITY)[name]
    text = reader.source_text(entry.source)
    quote = entry.quotes[-1]
    for place in range(1, len(quote) - 1):
        assert not quote_is_in_source(quote[:place] + "某" + quote[place + 1 :], text)


def test_white_space_is_ignored_but_punctuation_is_not():
    assert quote_is_in_source("收到 社区\n提交", "在收到社区　提交的项目")
    assert not quote_is_in_source("公示期间，社区", "公示期间,社区")


def test_an_empty_quote_is_in_no_source():
    assert not quote_is_in_source(" ", "任何原文")


def test_a_quote_across_a_page_break_of_the_scan_is_found():
    raw = (reader.SOURCES / reader.sources()["zhengfang"].file).read_text(encoding="utf-8")
    quote = "把更多资源、服务、管理放到村(社区)、下沉网格"
    assert not quote_is_in_source(quote, raw)
    assert quote_is_in_source(quote, reader.source_text("zhengfang"))


def test_all_eight_page_marks_of_the_scan_are_taken_out_and_nothing_else():
    raw = (reader.SOURCES / reader.sources()["zhengfang"].file).read_text(encoding="utf-8")
    clean = reader.source_text("zhengfang")
    assert len(raw) - len(clean) == 8 * len("1、")
    assert not re.search(r"^\d、", clean, flags=re.MULTILINE)


def test_a_number_out_of_sequence_is_text_and_not_a_page_mark():
    assert without_page_marks("1、甲\n\n3、乙\n\n2、丙") == "甲\n\n3、乙\n\n丙"
    assert without_page_marks("1、甲\n2、乙") == "甲\n2、乙"


def test_the_text_of_a_source_without_page_marks_is_left_alone():
    source = reader.sources()["implementation_measures"]
    raw = (reader.SOURCES / source.file).read_text(encoding="utf-8")
    assert reader.source_text("implementation_measures") == raw


def test_an_unknown_reading_is_named_with_its_article():
    entry = reader.articles(CITY)["ZJG-08a"].model_copy(update={"reading": ("A99",)})
    flaws = citations.reading_flaws({"ZJG-08a": entry}, reader.readings(CITY))
    assert flaws == ["ZJG-08a（第八条）引用的解释 A99 不在 readings.yaml 中，请补写或改正编号。"]


@pytest.mark.parametrize(
    "place", ["nowhere.yaml: stages", "limits.yaml: no_such_cap", "limits.yaml: project_cap.no"]
)
def test_a_place_that_does_not_exist_is_named(place):
    entry = reader.articles(CITY)["ZJG-03f"].model_copy(update={"where": (place,)})
    flaws = citations.place_flaws(CITY, {"ZJG-03f": entry}, {})
    assert flaws == [f"ZJG-03f 所指的“{place}”不存在，请核对文件名和键。"]


def test_a_page_with_a_wrong_citation_is_named_by_file_and_key(tmp_path):
    page = tmp_path / "limits.yaml"
    page.write_text(
        "cap: {cites: ZJG-03f, quote: 限九万元, reading: A99}\n"
        "other: {cites: ZJG-99z}\n"
        "bare: [{quote: 每个项目资金不超过10万元}]\n",
        encoding="utf-8",
    )
    flaws = citations.page_flaws(page, reader.articles(CITY), reader.readings(CITY))
    assert flaws == [
        "limits.yaml 的 cap：解释 A99 不在 readings.yaml 中，请补写或改正编号。",
        "limits.yaml 的 cap：引文“限九万元”在来源 implementation_measures 中找不到，请照原文改正。",
        "limits.yaml 的 other：条款 ZJG-99z 不在 articles.yaml 中，请补写或改正编号。",
        "limits.yaml 的 bare：引文“每个项目资金不超过10万元”没有写明出自哪一条，请补写 cites。",
    ]


ARTICLE = (
    "{article: 第一条, source: s, verdict: %s, severity: must, says: 某事。, quotes: [某], %s}"
)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("A: " + ARTICLE % ("encoded", "why: 无"), "须用 where 写明文件与键"),
        ("A: " + ARTICLE % ("unclear", "where: x"), "须用 why 写明理由"),
        ("A: " + ARTICLE % ("done", "why: 无"), "verdict 的值“done”不可用"),
        ("A: " + ARTICLE % ("unclear", "why: 无, whi: x"), "没有 whi 这个键"),
        ("A: {article: 第一条}", "缺少 source，请补上"),
        ("A: 1", "articles.yaml 的 A 有误"),
        ("- A", "应按编号逐条书写"),
        ("A: {}\nA: {}", "第2行读不懂：缩进有误或键重复"),
    ],
)
def test_a_broken_articles_file_says_which_entry_is_wrong(tmp_path, monkeypatch, text, words):
    (tmp_path / CITY).mkdir()
    (tmp_path / CITY / "articles.yaml").write_text(text, encoding="utf-8")
    monkeypatch.setattr(reader, "CITIES", tmp_path)
    with pytest.raises(BrokenArticlesError, match=re.escape(words)):
        reader.articles(CITY)


def test_a_city_without_articles_is_refused_in_a_sentence():
    with pytest.raises(BrokenArticlesError, match=r"没有找到 atlantis 的 articles\.yaml"):
        reader.articles("atlantis")


def test_an_unknown_source_is_refused_in_a_sentence():
    with pytest.raises(BrokenArticlesError, match="没有名为 hearsay 的来源"):
        reader.source_text("hearsay")


def test_what_is_read_cannot_be_spoilt_for_the_next_reader():
    reader.articles(CITY).clear()
    assert len(reader.articles(CITY)) == 76
