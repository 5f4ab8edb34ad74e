"""承接：一家实施主体已承接的项目加锁查明，同时确定也不会一起越过限额。"""

import threading
from functools import partial
from typing import Any

import pytest
from sqlalchemy import select, update

from records.acting.acts import act
from records.cases.commands import Accepted, Command, Refused
from records.cases.dossiers import peek
from records.cases.projections import compare, rebuild
from records.database.store import Store
from records.database.tables import cases
from rulebooks.vocabulary.model import Limit
from tests.records.world import CONTRACT, SteppedClock, accepted, command, live, opened, refusal

SELECT, SIGN = 6, 7
ONE: dict[str, Any] = {
    "label": "每家每年承接上限", "limit": {"count": "projects"}, "per": ["organisation", "year"],
    "at_most": 1, "unit": "个",
}  # fmt: skip
TOTAL: dict[str, Any] = {
    "label": "每家每年合同额上限", "limit": {"sum": "amount"}, "of": "contract",
    "per": ["organisation", "year"], "at_most": 90_000,
}  # fmt: skip


@pytest.fixture
def limited(store: Store, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Adds one limit to the city's rulebook for the length of a test."""
    number = opened(store, "first-of-all")
    with store.read() as connection:
        seen = peek(store, connection, number)
    assert seen is not None
    limits = seen.state.rulebook.limits
    return lambda written: monkeypatch.setitem(limits, "own", Limit.model_validate(written))


def two_at(store: Store, clock: SteppedClock, step: int) -> list[str]:
    """Two cases that are both at the same step."""
    numbers = [opened(store, f"open-{turn}") for turn in range(2)]
    for number in numbers:
        live(store, clock, number, upto=step)
    return numbers


def at_once(store: Store, commands: list[Command]) -> list[Accepted | Refused]:
    barrier = threading.Barrier(len(commands))
    answers: dict[str, Accepted | Refused] = {}

    def run(item: Command) -> None:
        barrier.wait()
        answers[item.case] = act(store, item)

    threads = [threading.Thread(target=partial(run, item)) for item in commands]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return list(answers.values())


@pytest.mark.parametrize("written", [ONE, TOTAL], ids=["selected", "signed"])
def test_of_two_at_once_that_only_fit_singly_one_is_refused(
    store: Store, clock: SteppedClock, limited: Any, written: dict[str, Any]
) -> None:
    limited(written)
    step = SELECT if written is ONE else SIGN
    numbers = two_at(store, clock, step)
    answers = at_once(store, [command(number, step) for number in numbers])
    codes = [answer.code for answer in answers if isinstance(answer, Refused)]
    assert (len(answers), codes) == (2, ["over_implementer_cap"])
    assert compare(store) == ()


def test_a_case_that_came_to_nothing_no_longer_counts(
    store: Store, clock: SteppedClock, limited: Any
) -> None:
    limited(ONE)
    first, second = two_at(store, clock, SELECT)
    accepted(act(store, command(first, SELECT)))
    assert refusal(act(store, command(second, SELECT))).code == "over_implementer_cap"
    ask = Command(first, "request_withdrawal", None, None, {"reason": "不办了"},
                  "community_clerk", None, "portal", "ask")  # fmt: skip
    sequence = accepted(act(store, ask)).sequence
    agree = Command(first, "approve_withdrawal", "request", sequence, {"reason": "同意"},
                    "office_clerk", None, "portal", "yes")  # fmt: skip
    accepted(act(store, agree))
    accepted(act(store, command(second, SELECT, key="again")))


def test_a_reason_past_what_is_so_in_principle_is_recorded(
    store: Store, clock: SteppedClock, limited: Any
) -> None:
    limited(TOTAL | {"severity": "should"})
    first, second = two_at(store, clock, SIGN)
    accepted(act(store, command(first, SIGN)))
    assert refusal(act(store, command(second, SIGN))).code == "over_implementer_cap"
    content = {**CONTRACT, "override_reason": "仅此一家具备资质"}
    accepted(act(store, command(second, SIGN, content=content, key="with-reason")))


def test_who_carries_the_case_out_stands_in_its_row_and_can_be_rebuilt(
    store: Store, clock: SteppedClock
) -> None:
    number = opened(store)
    live(store, clock, number, upto=SIGN)
    query = select(cases.c.implementer, cases.c.selected_on).where(cases.c.number == number)
    with store.read() as connection:
        assert tuple(connection.execute(query).one()) == ("S-1", clock.now().date())
    with store.write() as connection:
        connection.execute(update(cases).values(implementer=None, selected_on=None))
    assert {difference.column for difference in rebuild(store)} == {"implementer", "selected_on"}
    with store.read() as connection:
        assert connection.execute(query).scalar_one() == "S-1"
