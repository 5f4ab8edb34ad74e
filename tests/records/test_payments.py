"""分次拨付：两个拨付环节先后付清，资金账与卷宗都对得上。"""

from typing import Any

import pytest

from records.acting.acts import act
from records.cases.dossiers import peek, refold
from records.cases.projections import compare
from records.database.store import Store
from rulebooks.vocabulary.model import Rulebook, Stage
from tests.records.world import SteppedClock, accepted, command, live, opened, refusal

PAY = 12
AUDITED = 4_600_000
FIRST = 4_230_000
REST: dict[str, Any] = {
    "label": "尾款拨付", "waits": "待尾款拨付", "kind": "pay", "by": {"role": "town_finance"},
    "then": {"paid": "join"},
}  # fmt: skip
BETWEEN: dict[str, Any] = {
    "label": "质保期满验收", "waits": "待质保期满验收", "kind": "accept",
    "by": {"role": "town_clerk"}, "then": {"passed": "pay_rest"},
}  # fmt: skip


@pytest.fixture
def rulebooks(store: Store) -> list[Rulebook]:
    """The rulebook as it is used, and as it is read again to compare."""
    number = opened(store, "first-of-all")
    with store.read() as connection:
        seen, again = peek(store, connection, number), refold(connection, number)
    assert seen is not None
    return [seen.state.rulebook, again.state.rulebook]


@pytest.mark.parametrize("apart", [False, True], ids=["next to each other", "apart"])
def test_two_payments_one_after_the_other_settle_a_case(
    store: Store,
    clock: SteppedClock,
    rulebooks: list[Rulebook],
    monkeypatch: pytest.MonkeyPatch,
    *,
    apart: bool,
) -> None:
    written = {"pays": {"share": "9/10", "of": "contract"},
               "then": {"paid": "warranted" if apart else "pay_rest"}}  # fmt: skip
    first = rulebooks[0].stages["pay"]
    read = Stage.model_validate({**REST, **written})
    changed = first.model_copy(update={"pays": read.pays, "then": read.then})
    own = {"warranted": Stage.model_validate(BETWEEN), "pay_rest": Stage.model_validate(REST)}
    for rulebook in rulebooks:
        for name, stage in {"pay": changed, **own}.items():
            monkeypatch.setitem(rulebook.stages, name, stage)
    number = opened(store)
    live(store, clock, number, upto=PAY)
    content = {"voucher": "凭证一", "amount": FIRST + 1}
    answer = refusal(act(store, command(number, PAY, content=content, key="over")))
    assert answer.code == "paid_over_part"
    accepted(act(store, command(number, PAY, content=content | {"amount": FIRST})))
    if apart:
        found = {"signatures": ["镇级经办人"], "opinion": "质保期内没有问题"}
        by = {"actor": "town_clerk", "content": found, "key": "warranted"}
        accept = command(number, PAY, stage="warranted", action="accept", **by)
        accepted(act(store, accept))
    rest = content | {"amount": AUDITED - FIRST}
    accepted(act(store, command(number, PAY, stage="pay_rest", content=rest, key="rest")))
    live(store, clock, number, since=PAY + 1)
    assert compare(store) == ()
    with store.read() as connection:
        seen = peek(store, connection, number)
    assert seen is not None
    assert (seen.state.outcome, seen.state.amounts["paid"]) == ("archived", AUDITED)
