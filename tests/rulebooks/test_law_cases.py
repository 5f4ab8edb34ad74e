"""政策案例：tests/policies/<city>/ 里的每个案例都得到公务人员所预期的结果。"""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from rulebooks.accounting.payment_clock import Arrears, arrears
from rulebooks.reading.payment_law import payment_law
from rulebooks.vocabulary.articles import articles
from tests.rulebooks.answers import expected
from tests.rulebooks.law_cases import LawCase, book, law_cases, played
from tests.rulebooks.lives import CALENDAR, FEN, Life
from tests.rulebooks.questions import asked, is_question

CASES = law_cases()


@pytest.mark.parametrize("case", CASES, ids=[f"{case.city} {case.name}" for case in CASES])
def test_every_law_case_turns_out_as_an_official_expects(case: LawCase) -> None:
    expect = dict(case.expect)
    words = {name: expect.pop(name, None) for name in ("refused", "warned")}
    if is_question(case.given):
        opened = case.given.get("opened", case.on)
        answer = asked(book(case, opened, case.given.get("town")), case.on, case.given)
        found = {name: answer.values.get(name) for name in expect}
        sentences = {"refused": answer.refused, "warned": answer.warned}
        rule = answer.rule
    else:
        life, refusal = played(case)
        found = {name: stands(life, name) for name in expect}
        sentences = {"refused": refusal.sentence if refusal else None, "warned": None}
        rule = refusal.rule if refusal else None
    for name, sentence in sentences.items():
        assert (sentence is None) == (words[name] is None), sentence or found
        assert (words[name] or "") in (sentence or "")
    assert (rule or "") in case.article
    assert found == {name: expected(name, value) for name, value in expect.items()}


def stands(life: Life, key: str) -> Any:
    """What the case shows under one key of `expect`."""
    if key in LOOKS:
        return LOOKS[key](life)
    if not life.position.duties:
        return None
    duty = min(life.position.duties, key=lambda duty: (duty.due is None, duty.due))
    if key == "overdue_from":
        assert duty.opens is not None
        return f"{duty.opens:%Y-%m-%d %H:%M}"
    return getattr(duty, key)


def stage(life: Life) -> str | list[str]:
    labels = [life.rulebook.stages[name].label for name in life.stages]
    return labels[0] if len(labels) == 1 else labels


def publicity(life: Life) -> dict[str, Any] | None:
    held = life.state.open[0].publicity
    if held is None or held.period is None or held.opens is None:
        return None
    days = {key: date.fromisoformat(held.period[key]) for key in ("first", "last")}
    return {**days, "opens": f"{held.opens:%Y-%m-%d %H:%M}"}


def owed(life: Life) -> Arrears:
    found = arrears(life.state, CALENDAR, life.now.date())
    assert isinstance(found, Arrears), found
    return found


LOOKS: dict[str, Callable[[Life], Any]] = {
    "stage": stage,
    "outcome": lambda life: life.position.outcome_label,
    "badge": lambda life: life.position.waits_for,
    "publicity": publicity,
    "pay_by": lambda life: owed(life).clock.due,
    "interest": lambda life: owed(life).interest / FEN,
}


def test_every_article_named_in_a_law_case_exists() -> None:
    for case in CASES:
        named = re.findall(r"[A-Z]{2,}-[0-9A-Za-z]+", case.article)
        known = {*articles(case.city), payment_law().cites}
        assert [name for name in named if name not in known] == [], case.name
        assert named or "条例" in case.article, case.name


def test_no_two_law_cases_of_a_city_have_the_same_name() -> None:
    names = [(case.city, case.name) for case in CASES]
    assert len(set(names)) == len(names)
    assert len(names) > 60
