"""时钟：全项目唯一读取时间的地方，其余各处都由此传入。

正式运行用系统时钟；演示用一行记录的虚拟时钟：真实起点、虚拟起点、速度。
虚拟时钟存在库里，进程被杀后接着走；`holds` 时不会自行跨入新的一天。
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Protocol

from sqlalchemy import Connection, Engine, delete, insert, select

from records.database.tables import clock as clock_table
from rulebooks.days.working_days import BEIJING

ONE_ROW = 1
LAST_MOMENT = time(23, 59, 59, 999999)


class Clock(Protocol):
    """时钟：给出此刻的北京时间。"""

    def now(self) -> datetime:
        """此刻，带时区的北京时间。"""


@dataclass(frozen=True, slots=True)
class SystemClock:
    """系统时钟：正式运行时的时间。"""

    def now(self) -> datetime:
        """此刻，带时区的北京时间。"""
        return datetime.now(BEIJING)


@dataclass(frozen=True, slots=True)
class ClockRow:
    """虚拟时钟的一行：真实起点、虚拟起点、速度（每真实秒走多少虚拟秒）、是否逐日停住。"""

    real_anchor: datetime
    virtual_anchor: datetime
    speed: int
    holds: bool


def reading(row: ClockRow, real_now: datetime) -> datetime:
    """虚拟时钟在某一真实时刻的读数；逐日停住时不超过当日最后一刻。"""
    moment = _unbounded(row, real_now)
    return min(moment, _end_of_day(row.virtual_anchor)) if row.holds else moment


def _unbounded(row: ClockRow, real_now: datetime) -> datetime:
    passed = max(real_now - row.real_anchor, timedelta(0))
    return row.virtual_anchor + passed * row.speed


def _end_of_day(moment: datetime) -> datetime:
    return datetime.combine(moment.astimezone(BEIJING).date(), LAST_MOMENT, BEIJING)


def read_row(connection: Connection) -> ClockRow | None:
    """读出虚拟时钟的一行；没有这一行即为正式运行。"""
    row = connection.execute(select(clock_table)).mappings().one_or_none()
    if row is None:
        return None
    return ClockRow(row["real_anchor"], row["virtual_anchor"], row["speed"], row["holds"])


@dataclass(frozen=True, slots=True)
class VirtualClock:
    """虚拟时钟：演示与演练用，读数由库里的一行推得。

    Attributes:
        engine: 只供读这一行的连接，不与办理争用连接池。
        real: 真实时间的来源。
    """

    engine: Engine
    real: Clock

    def now(self) -> datetime:
        """此刻的虚拟北京时间；那一行被删去后即为真实时间。"""
        with self.engine.connect() as connection:
            row = read_row(connection)
        real_now = self.real.now()
        return real_now if row is None else reading(row, real_now)


def set_clock(connection: Connection, row: ClockRow) -> None:
    """写入虚拟时钟的一行，替换原有的。"""
    connection.execute(delete(clock_table))
    connection.execute(
        insert(clock_table).values(
            id=ONE_ROW,
            real_anchor=row.real_anchor,
            virtual_anchor=row.virtual_anchor,
            speed=row.speed,
            holds=row.holds,
        )
    )


def advance(connection: Connection, to: datetime, real_now: datetime) -> None:
    """把虚拟时钟拨到 `to`，速度与停住方式不变；没有虚拟时钟时立一个停着的。

    Raises:
        ValueError: `to` 早于虚拟时钟此刻的读数；时间只能向前。
    """
    row = read_row(connection) or ClockRow(real_now, to, speed=0, holds=False)
    if to < reading(row, real_now):
        raise ValueError(f"虚拟时钟只能向前拨，不能拨回 {to:%Y-%m-%d %H:%M}。")
    set_clock(connection, ClockRow(real_now, to, row.speed, row.holds))


def turn_day(connection: Connection, real_now: datetime) -> bool:
    """当日已走完且停住时跨入次日零时；由驱动者在无事可办时调用，返回是否跨了。"""
    row = read_row(connection)
    if row is None or not row.holds:
        return False
    last = _end_of_day(row.virtual_anchor)
    if _unbounded(row, real_now) <= last:
        return False
    set_clock(
        connection, ClockRow(real_now, last + timedelta(microseconds=1), row.speed, row.holds)
    )
    return True
