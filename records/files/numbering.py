"""取号：一个系列一年一套号，与立卷、出文同一事务，撤回即不占号，所以不留空号。"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, func, insert, select
from sqlalchemy.exc import IntegrityError

from records.database.document_tables import document_numbers
from records.database.store import Store
from records.database.tables import counters
from records.database.upsert import upsert


def next_in(connection: Connection, series: str, year: int) -> int:
    """某系列某年度的下一个号，自 1 起。"""
    statement = upsert(connection.dialect.name, counters).values(city=series, year=year, last=1)
    return int(
        connection.execute(
            statement.on_conflict_do_update(
                index_elements=[counters.c.city, counters.c.year],
                set_={"last": counters.c.last + 1},
            ).returning(counters.c.last)
        ).scalar_one()
    )


@dataclass(frozen=True, slots=True)
class DocumentNumber:
    """发文的年份与顺序号。"""

    year: int
    serial: int


def document_number(store: Store, notice: str, office: str, year: int) -> DocumentNumber:
    """某件公文的年份与顺序号：首次问即取号，以后都是这个号，跨了年也不变。

    一个机关一年自 1 起，不留空号：取号之前须已核稿，取了号的公文总会发出。
    """
    while True:
        try:
            with store.write() as connection:
                return _known(connection, notice) or _taken(connection, notice, office, year)
        except IntegrityError:
            # 别处同时取了同一个号，再取下一个。
            continue


def _known(connection: Connection, notice: str) -> DocumentNumber | None:
    columns = (document_numbers.c.year, document_numbers.c.number)
    row = connection.execute(select(*columns).where(document_numbers.c.notice == notice))
    found = row.one_or_none()
    return None if found is None else DocumentNumber(*found)


def _taken(connection: Connection, notice: str, office: str, year: int) -> DocumentNumber:
    last = select(func.max(document_numbers.c.number)).where(
        document_numbers.c.office == office, document_numbers.c.year == year
    )
    number = (connection.execute(last).scalar_one() or 0) + 1
    values = {"notice": notice, "office": office, "year": year, "number": number}
    connection.execute(insert(document_numbers).values(values))
    return DocumentNumber(year, number)
