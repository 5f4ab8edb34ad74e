"""承接：一家实施主体已经承接哪些项目，加锁查明，供按实施主体计的限额核对。"""

from __future__ import annotations

from datetime import date

from sqlalchemy import or_, select

from records.cases.dossiers import Dossier, Hearing, peek
from records.database.tables import cases
from records.people import implementers
from rulebooks.judging.caps import of_implementer, selection
from rulebooks.judging.outside import Held, Outside


def outside(hearing: Hearing, dossier: Dossier, reference: str, day: date) -> Outside:
    """锁住这家实施主体，查明当日可否承接；有按实施主体计的限额的，逐个取出它承接的其他项目。

    同时确定、同时签约的因此分出先后，后来的看得见先来的。
    """
    found = implementers.find(hearing.connection, reference, day, lock=True)
    return Outside(implementer=found, held=_held(hearing, dossier, reference))


def of_the_chosen(hearing: Hearing, dossier: Dossier, day: date) -> Outside:
    """已经确定由谁承接的，同 `outside`；没有限额要核对的不必查。"""
    chosen = selection(dossier.state)
    if chosen is None or not limited(dossier):
        return Outside()
    return outside(hearing, dossier, str(chosen.content["implementer"]), day)


def _held(hearing: Hearing, dossier: Dossier, reference: str) -> tuple[Held, ...]:
    """这家承接的其他项目；办结而未曾拨付的不算。"""
    if not limited(dossier):
        return ()
    rows = hearing.connection.execute(
        select(cases.c.number, cases.c.selected_on)
        .where(
            cases.c.implementer == reference,
            cases.c.number != dossier.number,
            or_(cases.c.status == "open", cases.c.paid_fen.is_not(None)),
        )
        .order_by(cases.c.number)
    ).all()
    found = []
    for row in rows:
        other = peek(hearing.store, hearing.connection, row.number)
        if other is not None:
            found.append(Held(other.state.facts, other.state.amounts, row.selected_on))
    return tuple(found)


def limited(dossier: Dossier) -> bool:
    """有没有按实施主体计的限额。"""
    return any(of_implementer(dossier.state.rulebook))
