"""每日摘要：把各事项当日最后一条的摘要合成一个，逐日相扣；截去流水的尾部即与之不符。

摘要应抄录到台账之外（如公布或交审计留存）；抄录之后，连每日摘要一并删去也会被发现。
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256

from sqlalchemy import Connection, and_, insert, or_, select, update

from records.cases.journal import GENESIS, Break, Verified
from records.database.columns import canonical, moment_text
from records.database.store import Store
from records.database.tables import cases, digest_heads, digests, events
from rulebooks.days.working_days import BEIJING

Head = tuple[str, int, str]


@dataclass(frozen=True, slots=True)
class DailyDigest:
    """一日的摘要：日期、当日有变动的事项数、摘要、前一日的摘要、取定的时刻。"""

    day: date
    cases: int
    digest: str
    previous_digest: str
    taken_at: datetime


def take_daily_digest(store: Store, day: date | None = None) -> DailyDigest:
    """取定某日（缺省今日）的摘要，含上次取定以来有变动的全部事项；已取定则原样返回。"""
    now = store.clock.now()
    today = day or now.astimezone(BEIJING).date()
    with store.write() as connection:
        last = latest_digest(connection)
        if last is not None and last.day >= today:
            return last
        heads = _changed_heads(connection)
        previous = last.digest if last else GENESIS
        digest = _seal(now, previous, heads)
        taken = DailyDigest(today, len(heads), digest, previous, now)
        connection.execute(
            insert(digests).values(
                day=today,
                cases=taken.cases,
                digest=digest,
                previous_digest=previous,
                taken_at=now,
            )
        )
        rows = [
            {"day": today, "case": case, "sequence": sequence, "digest": head_digest}
            for case, sequence, head_digest in heads
        ]
        if rows:
            connection.execute(insert(digest_heads), rows)
    return taken


def latest_digest(connection: Connection) -> DailyDigest | None:
    """最近一日的摘要；从未取定则为 None。"""
    row = connection.execute(select(digests).order_by(digests.c.day.desc()).limit(1))
    found = row.mappings().one_or_none()
    return None if found is None else DailyDigest(**found)


def verify_digests(store: Store) -> Verified:
    """核验每日摘要：逐日重算相扣，所记的每一条在流水中原样还在。"""
    with store.read() as connection:
        days = connection.execute(select(digests).order_by(digests.c.day)).mappings().all()
        taken = [DailyDigest(**row) for row in days]
        broken = list(_broken_days(connection, taken))
        broken.extend(_missing_heads(connection))
    return Verified(len(taken), tuple(broken))


def _changed_heads(connection: Connection) -> list[Head]:
    rows = connection.execute(
        update(cases)
        .where(cases.c.anchored < cases.c.head)
        .values(anchored=cases.c.head)
        .returning(cases.c.number, cases.c.head, cases.c.head_digest)
    ).tuples()
    return sorted(rows.all())


def _seal(taken_at: datetime, previous: str, heads: Iterable[Head]) -> str:
    sealed = sha256(previous.encode())
    sealed.update(moment_text(taken_at).encode())
    for head in heads:
        sealed.update(canonical(list(head)).encode())
    return sealed.hexdigest()


def _broken_days(connection: Connection, taken: Iterable[DailyDigest]) -> Iterator[Break]:
    chain = GENESIS
    for daily in taken:
        rows = connection.execute(
            select(digest_heads.c.case, digest_heads.c.sequence, digest_heads.c.digest).where(
                digest_heads.c.day == daily.day
            )
        ).tuples()
        heads = sorted(rows.all())
        name = f"每日摘要 {daily.day.isoformat()}"
        if daily.previous_digest != chain:
            yield Break(name, len(heads), "与前一日不相连")
        if _seal(daily.taken_at, daily.previous_digest, heads) != daily.digest:
            yield Break(name, len(heads), "所记各事项与摘要不符")
        chain = daily.digest


def _missing_heads(connection: Connection) -> Iterator[Break]:
    same = and_(events.c.case == digest_heads.c.case, events.c.sequence == digest_heads.c.sequence)
    gone = or_(events.c.digest.is_(None), events.c.digest != digest_heads.c.digest)
    rows = connection.execute(
        select(digest_heads.c.day, digest_heads.c.case, digest_heads.c.sequence)
        .outerjoin(events, same)
        .where(gone)
        .order_by(digest_heads.c.case, digest_heads.c.sequence)
    )
    for day, case, sequence in rows:
        yield Break(case, sequence, f"{day.isoformat()}取定的这一条已不在流水中或已被改动")
