"""公文核验：凭文件编号、校验码或文件本身，查这件公文发出过没有、有没有被替代。"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, select

from records.database.document_tables import notice_files
from records.database.tables import attachments, notices
from records.files.notices import Notice
from rulebooks.vocabulary.submissions import is_draft

PAGE = ".html"


@dataclass(frozen=True, slots=True)
class Certificate:
    """核验结果：公文、所凭文件的名称、替代它的公文、网页版的摘要。

    Attributes:
        notice: 发出的公文。
        file: 凭文件核验时，是哪一份；凭编号或校验码时为纸面件的文件名。
        replaced_by: 替代它的公文；仍有效则为 None。
        page: 网页版内容的摘要；没有存则为 None。
    """

    notice: Notice
    file: str
    replaced_by: Notice | None
    page: str | None

    @property
    def draft(self) -> bool:
        """是不是送审稿、代拟稿：出自本台账，但没有签发，不能当作发出的公文。"""
        return is_draft(self.notice.kind)


def by_code(connection: Connection, code: str) -> Certificate | None:
    """凭校验码（十六个十六进制数字，可有空格）核验；没有发出过则为 None。"""
    prefix = "".join(code.split()).lower()
    return _certificate(connection, notices.c.content_digest.startswith(prefix, autoescape=True))


def by_number(connection: Connection, number: str) -> Certificate | None:
    """凭文件编号查；编号相符不等于内容相符，还须核对校验码。"""
    return _certificate(connection, notices.c.number == number)


def by_file(connection: Connection, digest: str) -> Certificate | None:
    """凭文件内容的 SHA-256 核验：纸面件、可编辑件、报表、网页版，一字不差才算。"""
    return (
        _certificate(connection, notices.c.digest == digest)
        or _by_other_file(connection, digest)
        or _by_page(connection, digest)
    )


def _by_other_file(connection: Connection, digest: str) -> Certificate | None:
    query = select(notice_files.c.notice, notice_files.c.name).where(
        notice_files.c.digest == digest
    )
    found = connection.execute(query.order_by(notice_files.c.notice)).first()
    if found is None:
        return None
    return _certificate(connection, notices.c.key == found.notice, found.name)


def _by_page(connection: Connection, digest: str) -> Certificate | None:
    """网页版与纸面件同名，只是后缀不同。"""
    name = connection.scalar(select(attachments.c.name).where(attachments.c.digest == digest))
    if name is None or not name.endswith(PAGE):
        return None
    paper = select(attachments.c.digest).where(attachments.c.name == _named(name, ".pdf"))
    return _certificate(connection, notices.c.digest.in_(paper), name)


def _certificate(
    connection: Connection, condition: ColumnElement[bool], file: str | None = None
) -> Certificate | None:
    row = connection.execute(select(notices).where(condition).order_by(notices.c.key)).mappings()
    found = row.first()
    if found is None:
        return None
    notice = Notice(**found)
    paper = str(
        connection.scalar(select(attachments.c.name).where(attachments.c.digest == notice.digest))
    )
    return Certificate(
        notice, file or paper, _replacing(connection, notice.key), _page_of(connection, paper)
    )


def _replacing(connection: Connection, key: str) -> Notice | None:
    """替代它的公文；替代的又被替代，则给最后一件。"""
    latest: Notice | None = None
    while True:
        query = select(notices).where(notices.c.replaces == key).order_by(notices.c.issued_at)
        found = connection.execute(query).mappings().first()
        if found is None:
            return latest
        latest = Notice(**found)
        key = latest.key


def _page_of(connection: Connection, paper: str) -> str | None:
    query = select(attachments.c.digest).where(attachments.c.name == _named(paper, PAGE))
    return connection.scalar(query.order_by(attachments.c.added_at.desc()))


def _named(name: str, suffix: str) -> str:
    return f"{name.rpartition('.')[0]}{suffix}"
