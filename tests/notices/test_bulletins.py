import pytest

from notices.bulletins import bulletin_sentences, bulletin_table
from tests.notices.figures import BY_TOWN, FORM, figures, three_towns


def test_places_are_ranked_and_equals_share_a_rank_as_printed():
    table = bulletin_table(three_towns(), FORM, BY_TOWN, rank_by="completed_rate")
    # 5 of 15 and 2 of 6 are the same third; a place that determined nothing has no rank.
    assert [row[:2] for row in table.rows] == [
        ("1", "城东镇"),
        ("1", "城南街道"),
        (None, "城西镇"),
    ]
    assert table.columns[0].label == "名次"
    assert table.total is not None
    assert table.total[0] == "合计"


def test_the_best_stands_first_and_after_a_tie_a_rank_is_left_out():
    given = [
        figures(name, determined=10, completed=done)
        for name, done in (("甲", 6), ("乙", 10), ("丙", 7), ("丁", 7), ("戊", 9))
    ]
    table = bulletin_table(given, FORM, BY_TOWN, rank_by="completed_rate")
    assert [(row[0], row[1]) for row in table.rows] == [
        ("1", "乙"),
        ("2", "戊"),
        ("3", "丙"),
        ("3", "丁"),
        ("5", "甲"),
    ]


def test_a_column_the_bulletin_does_not_have_cannot_decide():
    with pytest.raises(KeyError, match="beauty"):
        bulletin_table(three_towns(), FORM, BY_TOWN, rank_by="beauty")


def test_the_sentences_say_what_was_reached_by_the_cut_off():
    given = [figures("城东镇", determined=65, implementing=65, completed=26)]
    assert bulletin_sentences(given, FORM, BY_TOWN) == (
        "截至2026年10月31日，65个项目已完成26个，完成率40.00%；已开工65个，开工率100.00%。",
    )


def test_timeliness_and_overdue_work_are_told_with_their_places_the_most_first():
    assert bulletin_sentences(three_towns(), FORM, BY_TOWN)[1:] == (
        "本月办结有时限的环节7个，其中按时6个，按时率85.71%。",
        "截至2026年10月31日，超期未办5项：城南街道3项、城东镇2项。",
    )


@pytest.mark.parametrize("given", [[], [figures("城西镇", collected=1)]])
def test_where_nothing_is_determined_no_rate_is_told(given):
    assert bulletin_sentences(given, FORM, BY_TOWN) == ("截至2026年10月31日，尚无确定实施的项目。",)
