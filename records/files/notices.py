"""公文登记：发出的公文一字不改，改正须另发新文并指明所替代的；字节存于附件，摘要记在此处。"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from records.database.document_tables import notice_files
from records.database.store import Store
from records.database.tables import notices
from records.database.upsert import upsert
from records.files.attachments import Attachment, enter, write_bytes

# 制作时名册上怎样写，与公文的各份文件一起存；它不是公文的一份，不发出。
REGISTERS = "registers.json"


@dataclass(frozen=True, slots=True)
class File:
    """公文的一份文件：文件名、类型、内容。"""

    name: str
    media_type: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Document:
    """待发的公文：唯一键、事项、文种、文件编号、标题、文件名、类型、内容、替代哪一件。

    `content_digest` 为公文所载内容的摘要（文件校验码由它取头几位），`data` 为文件的字节；
    `files` 为同一件公文的其余各份（可编辑的、表格的）。
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
    files: tuple[File, ...] = ()


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
    now = store.clock.now()
    main = File(document.name, document.media_type, document.data)
    digest, *others = [write_bytes(store.files, item.data) for item in (main, *document.files)]
    with store.write() as connection:
        earlier = _issued(connection, document.key)
        if earlier is not None:
            return earlier
        for item, kept in zip((main, *document.files), (digest, *others), strict=True):
            size = len(item.data)
            enter(connection, Attachment(kept, item.name, item.media_type, size, None, now))
        added = connection.execute(
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
        if added.rowcount:
            _enter_files(connection, document, others)
        issued = connection.execute(select(notices).where(notices.c.key == document.key)).mappings()
        return _notice(issued.one())


def _issued(connection: Connection, key: str) -> Notice | None:
    row = connection.execute(select(notices).where(notices.c.key == key)).mappings().first()
    return None if row is None else _notice(row)


def _enter_files(connection: Connection, document: Document, digests: Sequence[str]) -> None:
    """登记其余各份；先发出的那一件的才登记。"""
    for item, digest in zip(document.files, digests, strict=True):
        values = {"notice": document.key, "name": item.name, "digest": digest}
        connection.execute(insert(notice_files).values(values))


def files_of(connection: Connection, key: str) -> dict[str, str]:
    """一件公文的其余各份：文件名到内容的摘要，按文件名。"""
    query = select(notice_files.c.name, notice_files.c.digest).where(
        notice_files.c.notice == key, notice_files.c.name != REGISTERS
    )
    return dict(connection.execute(query.order_by(notice_files.c.name)).tuples().all())


def registers_of(connection: Connection, key: str) -> str | None:
    """制作一件公文时名册上怎样写，所存附件的摘要；没有存的为 None。"""
    return connection.execute(
        select(notice_files.c.digest).where(
            notice_files.c.notice == key, notice_files.c.name == REGISTERS
        )
    ).scalar_one_or_none()


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
