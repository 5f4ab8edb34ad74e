"""填表: what a person types becomes the content an action demands, or a sentence what to write."""

from collections.abc import Mapping
from typing import Any

import pytest

from deployments.terminal.forms import (
    BadAnswerError,
    corrected,
    fill,
    hint_of,
    parse,
    put,
    shown,
    taken,
)
from rulebooks.judging.demands import Field
from rulebooks.procedure.position import apply, start
from rulebooks.reading.loader import load_rulebook
from rulebooks.vocabulary.events import Event
from tests.records.world import FACTS, MONDAY

GROUPS = {"党员": "党员", "居民": "居民"}


def field(kind: str, *, choices: Mapping[str, str] | None = None, required: bool = True) -> Field:
    return Field("x", "所问", kind, required, choices or {}, "")


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("amount", "12000", 1_200_000),
        ("amount", "12,000.50元", 1_200_050),
        ("amount", "1.2万", 1_200_000),
        ("amount", "\uff11\uff12\uff10\uff10\uff10", 1_200_000),
        ("amount", "0", 0),
        ("integer", " 9 ", 9),
        ("integer", "\uff19", 9),
        ("boolean", "是", True),
        ("boolean", "N", False),
        ("date", "2026-03-05", "2026-03-05"),
        ("date", "2026年3月5日", "2026-03-05"),
        ("date", "2026/3/5", "2026-03-05"),
        ("list", "党员、居民，社工", ["党员", "居民", "社工"]),
        ("mapping", "a=1；b=说，明", {"a": "1", "b": "说，明"}),
        ("text", " 同意 ", "同意"),
    ],
)
def test_what_people_write_is_read_as_meant(kind: str, text: str, value: Any) -> None:
    assert parse(field(kind), text) == value


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("amount", "一万"),
        ("amount", "12.005"),
        ("amount", "inf"),
        ("amount", "nan"),
        ("integer", "9.5"),
        ("boolean", "也许"),
        ("date", "2026-02-30"),
        ("date", "三月五日"),
        ("mapping", "没有等号"),
        ("mapping", "=没有名称"),
    ],
)
def test_what_cannot_be_read_is_told_with_an_example(kind: str, text: str) -> None:
    with pytest.raises(BadAnswerError, match=f"“所问”填的是“{text}”，请填"):
        parse(field(kind), text)


def test_a_choice_is_named_by_its_key_or_its_label() -> None:
    auditor = field("choice", choices={"third_party": "第三方", "town": "自行审计"})
    assert parse(auditor, "town") == "town"
    assert parse(auditor, "第三方") == "third_party"
    with pytest.raises(BadAnswerError, match="可选：第三方、自行审计。"):
        parse(auditor, "省里")


def test_items_of_a_list_are_those_there_are_and_all_means_all() -> None:
    groups = field("list", choices=GROUPS)
    assert parse(groups, "居民、党员") == ["居民", "党员"]
    assert parse(groups, "全部") == ["党员", "居民"]
    with pytest.raises(BadAnswerError, match="里没有“社工”，可选：党员、居民。"):
        parse(groups, "党员、社工")
    assert hint_of(groups) == "党员、居民；多项以顿号分开，全选填“全部”"


def test_answers_are_given_by_name_or_label_and_nested_where_they_belong() -> None:
    fields = [
        Field("members", "应到人数", "integer", required=True, choices={}, article=""),
        Field("checks.repeated", "重复投资", "boolean", required=True, choices={}, article=""),
        Field("note", "备注", "text", required=False, choices={}, article=""),
    ]
    content = fill(fields, {"应到人数": "9", "checks.repeated": "否"}, None)
    assert content == {"members": 9, "checks": {"repeated": False}}
    asked = fill(fields, {"members": "9"}, lambda item: "是" if item.kind == "boolean" else "")
    assert asked == {"members": 9, "checks": {"repeated": True}}


def test_every_missing_answer_is_named_and_every_unknown_one_refused() -> None:
    fields = [
        Field("members", "应到人数", "integer", required=True, choices={}, article=""),
        Field("agree", "同意人数", "integer", required=True, choices={}, article=""),
    ]
    with pytest.raises(BadAnswerError, match="还缺2项：members（应到人数）、agree（同意人数）"):
        fill(fields, {"members": " "}, None)
    with pytest.raises(BadAnswerError, match="没有“quorum”这一项，可填的有：members"):
        fill(fields, {"quorum": "9"}, None)


def test_what_was_put_somewhere_is_found_there_again() -> None:
    content: dict[str, Any] = {}
    put(content, "clauses.unit", "居委会")
    put(content, "amount", 1)
    assert content == {"clauses": {"unit": "居委会"}, "amount": 1}
    assert taken(content, "clauses.unit") == "居委会"
    assert taken(content, "amount") == 1
    assert taken(content, "clauses.other") is None
    assert taken(content, "nothing.at.all") is None


@pytest.mark.parametrize(
    ("kind", "value", "text"),
    [
        ("amount", 4_800_000, "48,000.00元"),
        ("boolean", False, "否"),
        ("list", ("党员", "居民"), "党员、居民"),
        ("mapping", {"a": 1, "b": 2}, "a=1；b=2"),
        ("choice", "党员", "党员"),
        ("integer", 9, "9"),
    ],
)
def test_values_are_shown_as_people_read_them(kind: str, value: Any, text: str) -> None:
    assert shown(field(kind, choices=GROUPS if kind == "choice" else None), value) == text


def test_a_correction_is_read_as_what_the_entry_holds() -> None:
    rulebook = load_rulebook("zhangjiagang", None, "杨舍镇")
    opened = Event(1, "opened", None, None, {**FACTS, "number": "N"}, MONDAY, MONDAY, None)
    state = apply(start(rulebook), opened)
    answers = {"资金预算": "4.5万", "urgent": "是", "title": "凉亭", "number": "M"}
    found = corrected(state, 1, answers)
    assert found == {"budget": 4_500_000, "urgent": True, "title": "凉亭", "number": "M"}
    assert corrected(state, 9, answers) == answers
    with pytest.raises(BadAnswerError, match="“资金预算”填的是“许多”"):
        corrected(state, 1, {"budget": "许多"})
