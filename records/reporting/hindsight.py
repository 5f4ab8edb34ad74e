"""当时所见：某一时刻所知的事项状态，只用那一刻之前记入的各条；补编过去的报表用。"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from records.acting.foresight import state_after
from records.acting.overview import state_of
from records.database.store import Store
from rulebooks.procedure.state import State


def states_as_of(store: Store, numbers: Iterable[str], as_of: datetime) -> Iterator[State]:
    """各事项在 `as_of`（带时区）之前所知的状态；那时还没有立卷的不在内。

    Raises:
        UnknownCaseError: 没有这个编号的事项。
    """
    for number in numbers:
        now = state_of(store, number)
        known = sum(event.recorded_at < as_of for event in now.history)
        if known:
            yield now if known == len(now.history) else state_after(now, known)
