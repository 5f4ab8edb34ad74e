"""租约：一个事项同时只由一个流程运行办理；会过期、可续期，每次易手换一个递增的号码。

租约只为少做重复的事；不重复作数靠各处的唯一键，没有租约也不出错。按真实时间计。
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import update

from records.database.store import Store
from records.database.tables import leases
from records.database.upsert import upsert


@dataclass(frozen=True, slots=True)
class Lease:
    """租约：事项、持有者、易手号码、到期时刻（真实时间）。"""

    case: str
    holder: str
    fence: int
    expires_at: datetime


def take(store: Store, case: str, holder: str, length: timedelta) -> Lease | None:
    """取得租约；别人持有且未到期时为 None。"""
    now = store.machine.now()
    expires_at = now + length
    with store.write() as connection:
        statement = upsert(connection.dialect.name, leases).values(
            case=case, holder=holder, fence=1, expires_at=expires_at
        )
        fence = connection.execute(
            statement.on_conflict_do_update(
                index_elements=[leases.c.case],
                set_={"holder": holder, "fence": leases.c.fence + 1, "expires_at": expires_at},
                where=leases.c.expires_at <= now,
            ).returning(leases.c.fence)
        ).scalar_one_or_none()
    return None if fence is None else Lease(case, holder, fence, expires_at)


def renew(store: Store, lease: Lease, length: timedelta) -> Lease | None:
    """续期；租约已经易手时为 None，持有者应停手。"""
    expires_at = store.machine.now() + length
    if not _set_expiry(store, lease, expires_at):
        return None
    return Lease(lease.case, lease.holder, lease.fence, expires_at)


def release(store: Store, lease: Lease) -> None:
    """交还租约；已经易手的不受影响。"""
    _set_expiry(store, lease, store.machine.now())


def _set_expiry(store: Store, lease: Lease, expires_at: datetime) -> bool:
    with store.write() as connection:
        changed = connection.execute(
            update(leases)
            .where(leases.c.case == lease.case, leases.c.fence == lease.fence)
            .values(expires_at=expires_at)
        )
    return changed.rowcount == 1
