"""报送件: its rulebook is the city's with its own stages; what is missing is refused."""

from datetime import datetime
from typing import Any

import pytest

from rulebooks.days.working_days import BEIJING
from rulebooks.judging.judgement import Fact, Refusal, judge_opening
from rulebooks.reading.loader import cities, load_rulebook
from rulebooks.vocabulary.submissions import serving

NOON = datetime(2026, 5, 1, 12, tzinfo=BEIJING)
FACTS: dict[str, Any] = {
    "number": "XX-BS-2026-0001",
    "title": "甲镇2026年4月项目月报",
    "duty": "monthly_report",
    "period": "2026-04",
    "first": "2026-04-01",
    "last": "2026-04-30",
    "cut_off": "2026-05-01T00:00:00+08:00",
    "due": "2026-05-06",
    "organisation": "甲镇",
}
EVERY = [(city, duty) for city in cities() for duty in load_rulebook(city).submissions]


@pytest.mark.parametrize(("city", "duty"), EVERY)
def test_a_submission_follows_its_own_stages_and_keeps_the_rest_of_the_rulebook(
    city: str, duty: str
) -> None:
    whole = load_rulebook(city)
    served = load_rulebook(city, None, None, duty)
    assert served is serving(whole, duty)
    assert served.submission == duty
    assert served.start.to == whole.submissions[duty].start
    assert served.stages == whole.submissions[duty].stages
    assert not served.clocks
    assert not served.procedures
    assert served.duties == whole.duties
    assert hash(served) != hash(whole)


def test_no_duty_named_is_the_rulebook_of_projects() -> None:
    assert load_rulebook(cities()[0]).submission is None


def test_a_duty_without_a_procedure_has_no_submission() -> None:
    with pytest.raises(KeyError):
        serving(load_rulebook(cities()[0]), "nothing_like_it")


def test_a_submission_is_opened_with_all_its_facts() -> None:
    [(city, duty), *_] = EVERY
    rulebook = load_rulebook(city, None, None, duty)
    fact = judge_opening(rulebook, FACTS, NOON)
    assert isinstance(fact, Fact)
    assert fact.kind == "opened"
    known = {**FACTS, "town": "", "community": ""}
    assert {name: fact.content[name] for name in known} == known


@pytest.mark.parametrize("lacking", ["period", "due", "cut_off", "organisation"])
def test_a_submission_without_one_of_its_facts_is_refused_in_a_sentence(lacking: str) -> None:
    [(city, duty), *_] = EVERY
    rulebook = load_rulebook(city, None, None, duty)
    facts = {name: value for name, value in FACTS.items() if name != lacking}
    refusal = judge_opening(rulebook, facts, NOON)
    assert isinstance(refusal, Refusal)
    assert "立卷缺少" in refusal.sentence
