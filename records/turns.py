"""轮次：同一台机器上的各进程依次写入 SQLite，先到先写，不靠数据库的退避重试。

锁是内核的文件锁：持锁的进程被杀，锁随之释放。
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooLongError
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

WAITERS = 64


class BusyRecordsError(Exception):
    """台账正忙：等了规定的时间仍未轮到写入；消息为中文，可直接给用户看。"""

    def __init__(self) -> None:
        super().__init__("台账正忙，这一次没有记录；请稍后用同一页面再提交一次，不会重复。")


@dataclass(frozen=True, slots=True)
class Turns:
    """写入的轮次：一个锁文件，最多等 `seconds` 秒。"""

    path: Path
    seconds: float
    _waiters: list[ThreadPoolExecutor] = field(default_factory=list, repr=False)

    @contextmanager
    def turn(self) -> Iterator[None]:
        """轮到时进入，离开即让出。

        Raises:
            BusyRecordsError: 等待超过规定的秒数。
        """
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            self._take(descriptor)
        except BusyRecordsError:
            raise
        except BaseException:
            os.close(descriptor)
            raise
        try:
            yield
        finally:
            os.close(descriptor)

    def _take(self, descriptor: int) -> None:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._wait(descriptor)

    def _wait(self, descriptor: int) -> None:
        # The kernel queues the waiters in order but cannot time them out; a helper thread can.
        waiting = self._pool().submit(fcntl.flock, descriptor, fcntl.LOCK_EX)
        try:
            waiting.result(timeout=self.seconds)
        except TooLongError as error:
            waiting.add_done_callback(lambda _: os.close(descriptor))
            raise BusyRecordsError from error

    def _pool(self) -> ThreadPoolExecutor:
        if not self._waiters:
            self._waiters.append(ThreadPoolExecutor(WAITERS, thread_name_prefix="turn"))
        return self._waiters[0]
