"""The whole programme of the samples, lived: every suggestion has its journal, judged step by step.

The totals are the published ones (see `schemas.programme`); days, amounts after the budget, towns
and people are made up. What is stored is what the records would have stored.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import count
from random import Random
from typing import Any

from sqlalchemy import Connection, insert

from records.cases import journal
from records.cases.dossiers import Dossier, Hearing, Signature, record
from records.cases.journal import GENESIS
from records.cases.ledger_rows import posted
from records.cases.milestones import Changes, saved_changes
from records.cases.projections import case_row
from records.database.prepared import run
from records.database.store import Store
from records.database.tables import cases
from records.people.organisations import Link, Organisation, add_organisation, add_person, links
from records.reporting.submissions import Submission, open_submission
from rulebooks.days.working_days import BEIJING
from rulebooks.judging.judgement import Fact
from rulebooks.judging.outside import KnownImplementer
from rulebooks.procedure.position import due_timers, start
from rulebooks.reading.loader import load_rulebook
from schemas.programme import ProgrammeRow, programme
from tests.records.world import CITY, accepted
from tests.rulebooks.lives import REGISTRY, WORKS, Life

SEED = 20_260_302
CLERK = "p1"
MORNING = time(9)
# All is known, every project is done, and every report that was missed is made up for.
NOW = datetime(2021, 1, 4, 9, tzinfo=BEIJING)
# Suggestions of a year come in between these days: by the end of September all are decided on,
# by the end of the year all are done.
FIRST, LAST = (1, 8), (9, 8)
LONGEST_WAIT = 5
BUILDING = (10, 25)
# What a contract and then an audit take off the budget, in hundredths.
SAVED = (0, 6)
# One in so many of those not selected is refused by the review instead of the council.
REVIEWED = 3


@dataclass(slots=True)
class Bench:
    """Where lives are written down: a store under way, and the chain of each community."""

    store: Store
    connection: Connection
    chains: dict[str, tuple[Link, ...]]


class WrittenLife(Life):
    """A life whose every event is recorded as the records do it, and kept to be stored."""

    def __init__(self, bench: Bench, number: str, row: ProgrammeRow, day: date) -> None:
        rulebook = load_rulebook(CITY, None, row.town)
        super().__init__(rulebook, day)
        self.bench = bench
        self.outside = replace(
            REGISTRY, implementer=KnownImplementer("I1", "示例工程队", row.town, active=True)
        )
        self.dossier = Dossier(number, start(rulebook), GENESIS, bench.chains[row.community])

    def record(self, fact: Fact, *, backfilled: bool = False) -> None:
        hearing = Hearing(self.bench.store, self.bench.connection, self.now)
        signature = Signature("demo", actor=CLERK, backfilled=backfilled)
        self.dossier = record(hearing, self.dossier, fact, signature)
        self.state = self.dossier.state

    def until(self, when: datetime | date) -> "WrittenLife":
        """Lets the time come; what falls due on the way is recorded at that moment."""
        moment = when if isinstance(when, datetime) else datetime.combine(when, MORNING, BEIJING)
        while due := due_timers(self.state, self.calendar, moment):
            timer = due[0]
            self.now = max(self.now, timer.at)
            content = {"deadline": timer.deadline, "to": timer.to}
            self.record(Fact(timer.kind, timer.stage, timer.round, content, timer.at))
        self.now = moment
        return self


def live_programme(store: Store) -> list[ProgrammeRow]:
    """Lives every suggestion of the programme and stores it; gives the rows it was made from."""
    rows = programme(CITY, SEED)
    rng = Random(SEED)  # noqa: S311  (sample data, not a secret)
    with store.write() as connection:
        bench = Bench(store, connection, _settled(connection, rows))
        numbers = {year: count(1) for year in {row.year for row in rows}}
        lives = []
        for row in rows:
            number = f"ZJG-{row.year}-{next(numbers[row.year]):04d}"
            lives.append(_lived(WrittenLife(bench, number, row, _day(rng, row)), row, rng))
        _stored(bench, lives)
    return rows


def _settled(connection: Connection, rows: Sequence[ProgrammeRow]) -> dict[str, tuple[Link, ...]]:
    """Registers the programme's towns and communities; no town has an office below it."""
    town_of = {row.community: row.town for row in sorted(rows, key=lambda row: row.community)}
    add_person(connection, CLERK, "示例经办人")
    add_organisation(connection, Organisation(CITY, "张家港市", "city", city=CITY))
    for town in sorted(set(town_of.values())):
        add_organisation(connection, Organisation(town, town, "town", CITY, city=CITY))
    for community, town in town_of.items():
        add_organisation(
            connection, Organisation(community, community, "community", town, city=CITY)
        )
    return {community: links(connection, community) for community in town_of}


def _day(rng: Random, row: ProgrammeRow) -> date:
    first, last = (date(row.year, *day) for day in (FIRST, LAST))
    return first + timedelta(days=rng.randrange((last - first).days + 1))


def _lived(life: WrittenLife, row: ProgrammeRow, rng: Random) -> WrittenLife:
    life.open(
        WORKS,
        number=life.dossier.number,
        title=row.title,
        kind=row.kind,
        category=row.category,
        budget=row.budget,
        community=row.community,
        town=row.town,
        schedule=f"{row.year}年",
    )
    if row.selected:
        return _carried_out(life, rng)
    life.answer("collect").wait()
    if rng.randrange(REVIEWED) == 0:
        life.answer("deliberate").wait()
        life.answer("review", agree=2, against=6)
    else:
        life.answer("deliberate", agree=2, against=6)
    return life


def _carried_out(life: WrittenLife, rng: Random) -> WrittenLife:
    """From the collection to the archive, each step some days after the one before."""
    while life.state.open:
        stage = life.state.open[0].stage
        life.answer(stage, **_amounts(life, stage, rng))
        slow = stage in {"begin_works", "begin_services"}
        life.wait(rng.randint(*BUILDING) if slow else rng.randint(1, LONGEST_WAIT))
    return life


def _amounts(life: WrittenLife, stage: str, rng: Random) -> dict[str, Any]:
    """The contract is a little under the budget, the audit a little under the contract."""
    kind, amounts = life.rulebook.stages[stage].kind, life.state.amounts
    whole = amounts.get("contract", amounts["budget"])
    part = whole - whole * rng.randint(*SAVED) // 100
    if kind == "contract":
        return {"amount": part}
    return {"submitted": whole, "audited": part} if kind == "audit" else {}


def _stored(bench: Bench, lives: Sequence[WrittenLife]) -> None:
    """Stores the cases, their journals, their milestones and postings, each in one go."""
    dialect, connection = bench.store.engine.dialect, bench.connection
    connection.execute(insert(cases), [_case(life) for life in lives])
    dossiers = [life.dossier for life in lives]
    run(connection, journal.appended(dialect, [row for item in dossiers for row in item.pending]))
    run(connection, posted(dialect, [row for item in dossiers for row in item.postings]))
    changes = Changes(
        tuple(row for item in dossiers for row in item.milestones.added),
        tuple(row for item in dossiers for row in item.milestones.voided),
    )
    for prepared in saved_changes(dialect, changes):
        run(connection, prepared)


def _case(life: WrittenLife) -> dict[str, Any]:
    dossier = life.dossier
    return {
        "number": dossier.number,
        "kind": "project",
        "city": CITY,
        "place": dossier.place,
        "driven_to": dossier.head,
        "anchored": 0,
        "opened_at": dossier.state.history[0].occurred_at,
        "generation": 0,
        **case_row(dossier, life.position),
    }


def filed(store: Store, duty: str, period: str, organisation: str) -> str:
    """Opens one report of the programme's city, and gives its number."""
    return accepted(open_submission(store, Submission(CITY, organisation, duty, period))).case
