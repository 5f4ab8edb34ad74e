"""折叠过的状态：按最后一条的摘要存取，摘要相同历史必同，免去重复折叠。"""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock

from rulebooks.state import State

KEPT = 1000


class StateCache:
    """最近折叠过的事项状态，至多留 `kept` 个；各线程共用。"""

    def __init__(self, kept: int = KEPT) -> None:
        self._kept = kept
        self._states: OrderedDict[str, State] = OrderedDict()
        self._lock = Lock()

    def get(self, digest: str) -> State | None:
        """最后一条摘要为 `digest` 的状态；没有留存则为 None。"""
        with self._lock:
            state = self._states.get(digest)
            if state is not None:
                self._states.move_to_end(digest)
            return state

    def put(self, digest: str, state: State) -> None:
        """留存一个状态，最久未用的让出位置。"""
        with self._lock:
            self._states[digest] = state
            self._states.move_to_end(digest)
            if len(self._states) > self._kept:
                self._states.popitem(last=False)

    def clear(self) -> None:
        """全部忘掉。"""
        with self._lock:
            self._states.clear()
