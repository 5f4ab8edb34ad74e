"""报过的各期：一个机关的一项义务此前报过哪几期，各以何时为截止，到哪一刻为止已经报过更正。"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from records.acting.overview import state_of
from records.database.store import Store
from records.database.tables import cases
from records.reporting.submissions import KIND
from rulebooks.policy.duties import Period, period_of


@dataclass(frozen=True, slots=True)
class Reported:
    """报过的一期：报送件编号，哪一期，数据截止的时刻，开立的时刻。"""

    number: str
    period: Period
    cut_off: datetime
    opened_at: datetime


@dataclass(frozen=True, slots=True)
class Window:
    """要查有无迟到事实的一期，以及自何时起：此前的变化在以前的报送件里已经更正。"""

    period: Period
    since: datetime


def reported(store: Store, place: str, period: str) -> tuple[Reported, ...]:
    """一个机关一期（写法如 2026-10）的各件报送件，截止在后的在后。"""
    query = (
        select(cases.c.number, cases.c.period, cases.c.opened_at)
        .where(cases.c.kind == KIND, cases.c.place == place, cases.c.period == period)
        .order_by(cases.c.number)
    )
    return _read(store, query)


def windows_before(store: Store, number: str) -> Iterator[Window]:
    """一件报送件之前，同一机关同一义务报过的各期，由先到后；之后才开立的不在内。

    每一处变化只在一件里更正一次：自该期截止之时起，其后报过的，自最近一次的截止之时起。
    """
    this, earlier = _same_duty(store, number)
    for one in earlier:
        told = (
            other.cut_off
            for other in earlier
            if other.cut_off > one.cut_off and other.opened_at >= one.opened_at
        )
        since = max(told, default=one.cut_off)
        if since < this.cut_off:
            yield Window(one.period, since)


def _same_duty(store: Store, number: str) -> tuple[Reported, tuple[Reported, ...]]:
    this, own = cases.alias(), cases.c
    query = (
        select(own.number, own.period, own.opened_at)
        .join_from(
            cases,
            this,
            (own.place == this.c.place) & (own.duty == this.c.duty) & (own.city == this.c.city),
        )
        .where(this.c.number == number, own.opened_at <= this.c.opened_at)
        .order_by(own.number)
    )
    found = _read(store, query)
    (mine,) = (item for item in found if item.number == number)
    return mine, tuple(item for item in found if item.period.last < mine.period.first)


def _read(store: Store, query: Any) -> tuple[Reported, ...]:
    with store.glance() as connection:
        rows = connection.execute(query).all()
    found = [
        Reported(row.number, period_of(row.period), _cut_off(store, row.number), row.opened_at)
        for row in rows
    ]
    return tuple(sorted(found, key=lambda item: (item.cut_off, item.number)))


def _cut_off(store: Store, number: str) -> datetime:
    return datetime.fromisoformat(state_of(store, number).facts["cut_off"])
