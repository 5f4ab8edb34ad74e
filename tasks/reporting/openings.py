"""开立哪些: the reports and claims meant by a kind, a period, a city and a place, each optional."""

from datetime import date

from notices.dates import day
from records.acting.acts import today
from records.database.store import Store
from records.people.organisations import find_organisation
from records.reporting.submissions import Submission, submissions_due
from rulebooks.policy.duties import (
    MONTHS_OF,
    WRITING,
    Period,
    UnknownPeriodError,
    due_of,
    opens_on,
    period_of,
)
from rulebooks.reading.loader import cities, load_rulebook
from rulebooks.vocabulary.model import Duty, Rulebook
from rulebooks.vocabulary.policies import Every
from rulebooks.vocabulary.refusals import Refusal
from tasks.desk import EffectError, Wanted

YEARLY: Every = "year"


def wanted_now(store: Store, wanted: Wanted) -> list[Submission]:
    """Everything meant whose time has come, what is open already included.

    Without a period it is every period since the records began: what a firing missed, the next
    one opens. With one, an administrator is asking, and is told why there is nothing to open of
    what was named; that nothing of any kind is due on a period is an answer, not a mistake.

    Raises:
        EffectError: the period, city, place or kind does not exist, or nothing is due of it.
    """
    names, place = _known(store, wanted)
    found = [
        item
        for name in names
        for item in submissions_due(store, name, wanted.every, wanted.period)
        if _meant(load_rulebook(name), item.duty, wanted) and place in (None, item.organisation)
    ]
    named = wanted.report or wanted.place
    if not found and named and wanted.period is not None:
        raise EffectError(_why_nothing(store, names, wanted))
    return found


def _known(store: Store, wanted: Wanted) -> tuple[tuple[str, ...], str | None]:
    """The cities and the organisation meant, once all that is named is known to exist."""
    if wanted.period is not None:
        try:
            period_of(wanted.period)
        except UnknownPeriodError as error:
            raise EffectError(str(error)) from error
    if wanted.city is not None and wanted.city not in cities():
        raise EffectError(f"没有城市“{wanted.city}”的规则手册，可写：{'、'.join(cities())}。")
    names = cities() if wanted.city is None else (wanted.city,)
    if wanted.place is None:
        return names, None
    with store.glance() as connection:
        place = find_organisation(connection, wanted.place)
    if place is None:
        raise EffectError(f"没有登记“{wanted.place}”，请核对名称，或先收入机构名单。")
    return tuple(name for name in names if name == place.city), place.id


def _meant(book: Rulebook, name: str, wanted: Wanted) -> bool:
    duty = book.duties[name]
    every = duty.opens.every if duty.opens else None
    return wanted.every in (None, every) and wanted.report in (None, name, duty.report)


def _why_nothing(store: Store, names: tuple[str, ...], wanted: Wanted) -> str:
    """Why nothing is opened for a period that was asked for, and what to do."""
    period = period_of(wanted.period or "")
    named = [(book, name) for book in map(load_rulebook, names) for name in book.submissions]
    duties = [(book, book.duties[name]) for book, name in named if _meant(book, name, wanted)]
    if not duties:
        listed = "、".join(f"{name}（{book.duties[name].label}）" for book, name in named)
        return f"没有这种报送，现有：{listed or '无'}；请核对种类与城市。"
    fitting = [(book, duty) for book, duty in duties if MONTHS_OF[_every(duty)] == period.months]
    if not fitting:
        year = period.first.year
        written = (WRITING[_every(duty)].format(year=year, number=1) for _, duty in duties)
        return f"期次请写如{'、'.join(dict.fromkeys(written))}，不能按{period.words}办。"
    begins = [_begins(store, *one, period) for one in fitting]
    if all(first and first > today(store) for first in begins):
        first = min(first for first in begins if first)
        return f"{period.words}的报送自{day(first)}起开立，现在还没有到，请到时再办。"
    return f"{wanted.place or '各机关'}没有{period.words}应当开立的这种报送，请核对机关与期次。"


def _every(duty: Duty) -> Every:
    return (duty.opens.every if duty.opens else None) or YEARLY


def _begins(store: Store, book: Rulebook, duty: Duty, period: Period) -> date | None:
    due = due_of(book, duty, period, store.calendar)
    return None if isinstance(due, Refusal) else opens_on(duty, period, due)
