"""What a publicity shows of a project is what its rulebook lists, and nothing besides."""

from dataclasses import replace

import pytest

from rulebooks.policy.phrases import joined
from rulebooks.procedure.position import start
from rulebooks.reading.loader import cities, load_rulebook
from rulebooks.vocabulary.model import Rulebook, Stage
from tasks.elements import project_of
from tests.rulebooks.lives import WORKS

PUBLICITIES = [
    (city, name, stage)
    for city in cities()
    for name, stage in load_rulebook(city).stages.items()
    if stage.kind == "publicize"
]


def shown(rulebook: Rulebook, stage: Stage | None) -> list[str]:
    facts = {**WORKS, "category": next(iter(rulebook.categories))}
    state = replace(start(rulebook), facts=facts, amounts={"budget": WORKS["budget"]})
    return [line.label for line in project_of(state, stage).lines]


@pytest.mark.parametrize(("city", "name", "stage"), PUBLICITIES)
def test_a_publicity_shows_the_category_only_where_its_fields_list_it(
    city: str, name: str, stage: Stage
) -> None:
    rulebook = load_rulebook(city)
    label = rulebook.fact_labels["category"]
    assert (label in shown(rulebook, stage)) == ("category" in stage.fields), name


def test_a_letter_shows_the_category_beside_the_name() -> None:
    rulebook = load_rulebook("zhangjiagang")
    labels = rulebook.fact_labels
    assert shown(rulebook, None)[:2] == [labels["title"], labels["category"]]


@pytest.mark.parametrize(
    ("first", "second", "together"),
    [
        ("示例县", "县财政经办人", "示例县财政经办人"),
        ("示例乡镇", "乡镇经办人", "示例乡镇经办人"),
        ("示例甲", "村经办人", "示例甲村经办人"),
        ("", "县", "县"),
    ],
)
def test_a_word_that_ends_one_name_and_begins_the_next_is_written_once(
    first: str, second: str, together: str
) -> None:
    assert joined(first, second) == together
