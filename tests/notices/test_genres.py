from typing import get_args

import pytest

from notices.genres import (
    Genre,
    NoGenreError,
    Purpose,
    choose_genre,
    genre_rule,
    genre_table,
)


@pytest.mark.parametrize(
    ("purpose", "towards", "genre"),
    [
        ("ask", "higher", "请示"),
        ("ask", "unrelated", "函"),
        ("report", "higher", "报告"),
        ("report", "unrelated", "函"),
        ("instruct", "lower", "通知"),
        ("circulate", "lower", "通报"),
        ("minute", "members", "纪要"),
        ("announce", "public", "公示"),
        ("inform", "party", "告知书"),
    ],
)
def test_whom_one_writes_to_and_why_decides_the_kind(purpose, towards, genre):
    assert choose_genre(purpose, towards) == genre


def test_a_purpose_for_which_nobody_writes_to_these_names_the_possible_ones():
    with pytest.raises(NoGenreError, match="可以：上级机关用请示、不相隶属的机关用函"):
        choose_genre("ask", "lower")


def test_every_kind_has_a_rule_and_every_purpose_a_choice():
    table = genre_table()
    assert set(table.genres) == set(get_args(Genre))
    assert {choice.purpose for choice in table.choices} == set(get_args(Purpose))


def test_no_choice_leads_to_a_kind_that_may_not_be_sent_there():
    wrong = [
        choice
        for choice in genre_table().choices
        if choice.towards not in genre_rule(choice.genre).towards
    ]
    assert wrong == []


def test_every_rule_says_where_it_comes_from():
    table = genre_table()
    sources = [each.source for each in table.choices]
    sources += [each.source for each in table.genres.values()]
    assert all(source.startswith(("条例", "格式", "惯例")) for source in sources)


def test_only_kinds_with_a_number_have_a_red_head():
    for rule in genre_table().genres.values():
        assert rule.numbered == (rule.head != "none")
