"""个人信息：居民的姓名电话只在这一张表，流水里只有编号；可按期抹去，流水照样核验得过。

编号即带密钥的摘要（HMAC-SHA-256，每人另加随机盐）：凭它能核对此人，不能由它推出此人；
抹去时盐一并销毁，编号从此与任何人无关。
"""

from __future__ import annotations

import hmac
import re
import secrets
from dataclasses import dataclass
from hashlib import sha256

from sqlalchemy import Connection, insert, select, update

from records.database.store import Store
from records.database.tables import personal

REFERENCE_LENGTH = 40
SALT_BYTES = 16
PREFIX = "PR-"
# 手机号码与居民身份证号码；公文编号、金额不会命中。
_NUMBERS = re.compile(
    r"(?<![0-9A-Za-z])(?:1[3-9][0-9]{9}|[1-9][0-9]{5}(?:19|20)[0-9]{9}[0-9Xx])(?![0-9A-Za-z])"
)


@dataclass(frozen=True, slots=True)
class Person:
    """居民：姓名与电话。"""

    name: str
    phone: str


def contains_personal_data(text: str) -> bool:
    """文字里是否有手机号码或身份证号码。"""
    return _NUMBERS.search(text) is not None


def is_reference(text: str) -> bool:
    """是不是流水里可用的居民编号，而不是姓名或电话。"""
    return re.fullmatch(rf"{PREFIX}[0-9a-f]{{{REFERENCE_LENGTH}}}", text) is not None


def remember(store: Store, connection: Connection, person: Person) -> str:
    """记下一名居民，返回写进流水的编号。"""
    salt = secrets.token_bytes(SALT_BYTES)
    reference = _reference(store.digest_key, salt, person)
    connection.execute(
        insert(personal).values(
            reference=reference,
            salt=salt,
            name=person.name,
            phone=person.phone,
            added_at=store.clock.now(),
        )
    )
    return reference


def recall(connection: Connection, reference: str) -> Person | None:
    """编号所指的居民；已抹去或没有则为 None。"""
    row = connection.execute(
        select(personal.c.name, personal.c.phone).where(
            personal.c.reference == reference, personal.c.erased_at.is_(None)
        )
    ).one_or_none()
    return None if row is None else Person(row.name, row.phone)


def matches(store: Store, connection: Connection, reference: str, person: Person) -> bool:
    """编号所指的是不是这名居民；抹去之后永远为否。"""
    salt = connection.execute(
        select(personal.c.salt).where(personal.c.reference == reference)
    ).scalar_one_or_none()
    if salt is None:
        return False
    return hmac.compare_digest(reference, _reference(store.digest_key, salt, person))


def erase(store: Store, connection: Connection, reference: str) -> bool:
    """抹去一名居民的姓名、电话与盐；早已抹去或没有则为 False。"""
    changed = connection.execute(
        update(personal)
        .where(personal.c.reference == reference, personal.c.erased_at.is_(None))
        .values(name=None, phone=None, salt=None, erased_at=store.clock.now())
    )
    return changed.rowcount == 1


def _reference(key: bytes, salt: bytes, person: Person) -> str:
    message = b"\x00".join((salt, person.name.encode(), person.phone.encode()))
    return PREFIX + hmac.new(key, message, sha256).hexdigest()[:REFERENCE_LENGTH]
