"""附件：按内容的 SHA-256 存放，同样的内容只存一份，存入后不改；取出时重算核对。"""

from __future__ import annotations

import os
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from sqlalchemy import Connection, select

from records.database.store import Store
from records.database.tables import attachments
from records.database.upsert import upsert


class BrokenAttachmentError(Exception):
    """附件缺失或内容已变；消息为中文，写明摘要。"""


@dataclass(frozen=True, slots=True)
class Attachment:
    """附件：摘要、文件名、类型、字节数、何人何时存入。"""

    digest: str
    name: str
    media_type: str
    size: int
    added_by: str | None
    added_at: datetime


def keep(store: Store, data: bytes, name: str, media_type: str, by: str | None = None) -> str:
    """存入附件，返回摘要；先落盘再登记，中途被杀不会留下有名无实的登记。"""
    digest = write_bytes(store.files, data)
    with store.write() as connection:
        enter(
            connection,
            Attachment(digest, name, media_type, len(data), by, store.clock.now()),
        )
    return digest


def enter(connection: Connection, attachment: Attachment) -> None:
    """登记附件；同样的内容已登记过则保留先前的登记。"""
    known = select(attachments.c.digest).where(attachments.c.digest == attachment.digest)
    if connection.execute(known).first() is not None:
        return
    connection.execute(
        upsert(connection.dialect.name, attachments)
        .values(
            digest=attachment.digest,
            name=attachment.name,
            media_type=attachment.media_type,
            size=attachment.size,
            added_by=attachment.added_by,
            added_at=attachment.added_at,
        )
        .on_conflict_do_nothing(index_elements=[attachments.c.digest])
    )


def write_bytes(folder: Path, data: bytes) -> str:
    """把内容写到按摘要命名的文件：临时文件、落盘、改名，返回摘要。"""
    digest = sha256(data).hexdigest()
    path = _path(folder, digest)
    if path.exists():
        return digest
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{digest}.{secrets.token_hex(8)}")
    with temporary.open("xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
    _sync_folder(path.parent)
    return digest


def read(store: Store, digest: str) -> bytes:
    """取出附件的内容。

    Raises:
        BrokenAttachmentError: 文件不在，或内容与摘要不符。
    """
    try:
        data = _path(store.files, digest).read_bytes()
    except FileNotFoundError as error:
        raise BrokenAttachmentError(f"附件 {digest} 的文件不在，请从备份恢复。") from error
    if sha256(data).hexdigest() != digest:
        raise BrokenAttachmentError(f"附件 {digest} 的内容已被改动，请从备份恢复。")
    return data


def missing(connection: Connection, digests: Collection[str]) -> tuple[str, ...]:
    """所列摘要中没有登记的。"""
    if not digests:
        return ()
    known = connection.execute(
        select(attachments.c.digest).where(attachments.c.digest.in_(digests))
    ).scalars()
    return tuple(sorted(set(digests).difference(known)))


def find(connection: Connection, digest: str) -> Attachment | None:
    """附件的登记；没有则为 None。"""
    row = (
        connection.execute(select(attachments).where(attachments.c.digest == digest))
        .mappings()
        .one_or_none()
    )
    return None if row is None else Attachment(**row)


def _path(folder: Path, digest: str) -> Path:
    return folder / digest[:2] / digest


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
