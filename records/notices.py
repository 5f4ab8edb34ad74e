"""公文登记：发出的公文一字不改，改正须另发新文并指明所替代的；字节存于附件，摘要记在此处。"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from records.attachments import Attachment, enter, write_bytes
from records.store import Store
from records.tables import notices
from records.upsert import upsert


@dataclass(frozen=True, slots=True)
class Document:
    """待发的公文：唯一键、事项、文种、文件编号、标题、文件名、类型、内容、替代哪一件。

    `content_digest` 为公文所载内容的摘要（文件校验码由它取头几位），`data` 为文件的字节。
    """

    key: str
    case: str
    kind: str
    number: str
    title: str
    content_digest: str
    name: str
    media_type: str
    data: bytes
    stage: str | None = None
    round: int | None = None
    replaces: str | None = None


@dataclass(frozen=True, slots=True)
class Notice:
    """已发的公文。`digest` 为内容的 SHA-256，与页面所示相同。"""

    key: str
    case: str
    kind: str
    stage: str | None
    round: int | None
    number: str
    title: str
    content_digest: str
    digest: str
    replaces: str | None
    issued_at: datetime


def issue_notice(store: Store, document: Document) -> Notice:
    """发出公文；同一键已发过则原样返回先前的一件，重办不会多发。"""
    digest = write_bytes(store.files, document.data)
    now = store.clock.now()
    attachment = Attachment(
        digest, document.name, document.media_type, len(document.data), None, now
    )
    with store.write() as connection:
        enter(connection, attachment)
        connection.execute(
            upsert(connection.dialect.name, notices)
            .values(
                key=document.key,
                case=document.case,
                kind=document.kind,
                stage=document.stage,
                round=document.round,
                number=document.number,
                title=document.title,
                content_digest=document.content_digest,
                digest=digest,
                replaces=document.replaces,
                issued_at=now,
            )
            # 不指明哪个唯一键：两处同时发出时，编号与键都会相撞，只指明键则 PostgreSQL 报编号重复。
            .on_conflict_do_nothing()
        )
        issued = connection.execute(select(notices).where(notices.c.key == document.key)).mappings()
        return _notice(issued.one())


def notices_of(connection: Connection, number: str) -> tuple[Notice, ...]:
    """一个事项已发的全部公文，按发出先后。"""
    rows = connection.execute(
        select(notices).where(notices.c.case == number).order_by(notices.c.issued_at, notices.c.key)
    ).mappings()
    return tuple(_notice(row) for row in rows)


def find(connection: Connection, key: str) -> Notice | None:
    """某一键的公文；没有则为 None。"""
    row = connection.execute(select(notices).where(notices.c.key == key)).mappings()
    found = row.one_or_none()
    return None if found is None else _notice(found)


def _notice(row: Mapping[Any, Any]) -> Notice:
    return Notice(**row)
