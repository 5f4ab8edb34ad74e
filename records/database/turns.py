"""轮次：同一台机器上的各进程依次写入 SQLite，先到先写，不靠数据库的退避重试。

锁是内核的文件锁：持锁的进程被杀，锁随之释放。
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic


class BusyRecordsError(Exception):
    """台账正忙：等了规定的时间仍未轮到写入；消息为中文，可直接给用户看。"""

    def __init__(self) -> None:
        super().__init__("台账正忙，这一次没有记录；请稍后用同一页面再提交一次，不会重复。")


@dataclass(frozen=True, slots=True)
class Turns:
    """写入的轮次：一个锁文件；轮到时已等过 `seconds` 秒的不再写。"""

    path: Path
    seconds: float

    @contextmanager
    def turn(self) -> Iterator[None]:
        """轮到时进入，离开即让出。

        Raises:
            BusyRecordsError: 轮到时已经超过规定的秒数；前面的人久等不决，后面的不再跟着等。
        """
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            since = monotonic()
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            if monotonic() - since > self.seconds:
                raise BusyRecordsError
            yield
        finally:
            os.close(descriptor)
