"""扮演：付款等到可以付的那一天，承接满了的实施主体换下一家。"""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest

from deployments.demonstration import player
from deployments.demonstration.player import FULL, Player, StubbornError
from records.cases.commands import Refused
from records.database.store import Store
from tests.rulebooks.judging.test_payments import book, pay, paying
from tests.rulebooks.lives import CALENDAR, Life, life

TRIED = [{"implementer": "A"}, {"implementer": "B"}]


class Diligent(Player):
    """A player that tries two implementers and whose commands are only their names."""

    def _implementers(self, state: Any, action: str) -> list[dict[str, str]]:
        return [dict(item) for item in TRIED]

    def _command(self, state: Any, opened: Any, action: str, content: dict[str, Any]) -> Any:
        return content["implementer"]

    def select(self, case: Life) -> None:
        self._submit(case.state, "select_implementer", "select", {})

    def would_pay(self, case: Life) -> bool:
        (duty,) = [item for item in case.position.duties if item.stage == "pay_rest"]
        return self._ready(case.state, duty, case.now)


@pytest.mark.parametrize("full", [1, 2])
def test_an_implementer_that_has_its_fill_is_passed_over(
    monkeypatch: pytest.MonkeyPatch, full: int
) -> None:
    asked: list[str] = []

    def act(_: Any, command: Any) -> Any:
        asked.append(command)
        return Refused(FULL, "已满。") if len(asked) <= full else "accepted"

    monkeypatch.setattr(player, "act", act)
    monkeypatch.setattr(player, "answer", lambda *given: dict(given[-1]))
    case, plays = life().reach("select_implementer"), Diligent(cast(Store, SimpleNamespace()))
    if full == len(TRIED):
        with pytest.raises(StubbornError):
            plays.select(case)
    else:
        plays.select(case)
    assert asked == ["A", "B"]


def test_a_payment_is_not_tried_before_its_day() -> None:
    rest = {"rest": True, "not_before": {"since": "finish_works", "count": 12, "unit": "months"}}
    case = paying(book({"share": "9/10", "of": "contract"}, rest)).do("pay", pay(43_200))
    plays = Diligent(cast(Store, SimpleNamespace(calendar=CALENDAR)))
    case.until(case.now + timedelta(days=60))
    assert not plays.would_pay(case)
    case.until(case.now + timedelta(days=366))
    assert plays.would_pay(case)
