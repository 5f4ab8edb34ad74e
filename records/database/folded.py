"""折叠过的状态：本进程最近看过的事项，连同最后一条的摘要；再办时只补折叠其后的几条。"""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock

from rulebooks.procedure.state import State

KEPT = 1000
Folded = tuple[str, State]


class StateCache:
    """最近折叠过的事项状态，至多留 `kept` 个；各线程共用。"""

    def __init__(self, kept: int = KEPT) -> None:
        self._kept = kept
        self._states: OrderedDict[str, Folded] = OrderedDict()
        self._lock = Lock()

    def get(self, number: str) -> Folded | None:
        """某事项留存的最后一条摘要与状态；没有留存则为 None。"""
        with self._lock:
            return self._states.get(number)

    def put(self, number: str, digest: str, state: State) -> None:
        """留存一个事项的状态，最早留存的让出位置。"""
        with self._lock:
            self._states.pop(number, None)
            self._states[number] = (digest, state)
            if len(self._states) > self._kept:
                self._states.popitem(last=False)

    def clear(self) -> None:
        """全部忘掉。"""
        with self._lock:
            self._states.clear()
