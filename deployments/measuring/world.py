"""测量用的台账: one town with many communities and as many open projects as asked for."""

from datetime import date
from pathlib import Path
from typing import Any

from pydantic import SecretStr
from sqlalchemy import Connection

from deployments.defaults import default_city
from deployments.demonstration.answers import answer
from records.acting.opening import open_case
from records.acting.overview import state_of
from records.cases.commands import Accepted, Opening
from records.database.settings import RecordsSettings
from records.database.store import Store, open_store
from records.migrate import migrate
from records.people.organisations import (
    Appointment,
    Organisation,
    add_organisation,
    add_person,
    appoint,
)
from rulebooks.judging.judgement import Fact, Outside, Proposal, judge
from rulebooks.procedure.position import apply
from rulebooks.procedure.state import State
from rulebooks.reading.loader import load_rulebook
from schemas.sample_material import above, load_material

CITY = default_city()
TOWN = next(iter(load_material(CITY)["towns"]))
COMMUNITIES = 100
SINCE = date(2020, 1, 1)
ACTIONS = ("submit", "vote", "vote", "approve")
FACTS: dict[str, Any] = {
    "title": "凉亭修缮",
    "kind": next(iter(load_rulebook(CITY).kinds)),
    "category": next(iter(load_rulebook(CITY).categories)),
    "content": "更换座椅八组，修补地面",
    "place": "中心广场",
    "schedule": "两个月内",
    "budget": 4_800_000,
    "town": TOWN,
}


Form = tuple[str, str, dict[str, Any]]


def settings(url: str, folder: Path) -> RecordsSettings:
    """Records of their own, as durable as in use."""
    return RecordsSettings(
        records_url=url, files=folder / "files", digest_key=SecretStr("measuring only")
    )


def build(url: str, folder: Path, projects: int) -> Store:
    """Records with `projects` open projects, each waiting for its community."""
    store = open_store(settings(url, folder))
    migrate(store)
    with store.write() as connection:
        settle(connection)
    for number in range(projects):
        facts = {**FACTS, "community": community(number)}
        opening = Opening(CITY, facts, "community_clerk", "demo", f"open/{number}")
        taken = open_case(store, opening)
        if not isinstance(taken, Accepted):
            raise TypeError(taken.sentence)
    return store


def community(number: int) -> str:
    """The community of the project with that running number."""
    return f"第{number % COMMUNITIES + 1}社区"


def steps(store: Store, case: str) -> list[Form]:
    """What officials would submit in a project's first stages: action, person, content."""
    return walk(store, case)[0]


def walk(store: Store, case: str) -> tuple[list[Form], State]:
    """Those submissions, and the state the project would then have; nothing is recorded."""
    state = state_of(store, case)
    found = []
    for action in ACTIONS:
        opened = state.open[0]
        content = {**answer(state, opened, action, {}), **_reasons(action)}
        person = state.rulebook.stages[opened.stage].by.role
        found.append((action, person, content))
        state = _after(store, state, action, content)
    return found, state


def _reasons(action: str) -> dict[str, str]:
    return {"override_reason": "测量"} if action == "approve" else {}


def _after(store: Store, state: State, action: str, content: dict[str, Any]) -> State:
    now = store.clock.now()
    proposal = Proposal(action, None, None, content, now, "demo")
    fact = judge(state, proposal, store.calendar, now, Outside())
    if not isinstance(fact, Fact):
        raise TypeError(fact.sentence)
    return apply(state, fact.event(state, now))


def settle(connection: Connection) -> None:
    """One town, its communities and the offices above it, and somebody in every role."""
    parent = None
    known: dict[str, Any] = {"city": CITY, "document_code": "测"}
    for level, name in reversed(above(CITY).items()):
        add_organisation(connection, Organisation(level, name, level, parent, **known))
        parent = level
    add_organisation(connection, Organisation(TOWN, TOWN, "town", parent, **known))
    communities = [community(number) for number in range(COMMUNITIES)]
    for name in communities:
        add_organisation(connection, Organisation(name, name, "community", TOWN))
    for role, post in load_rulebook(CITY).roles.items():
        add_person(connection, role, role)
        higher = {level: [level] for level in above(CITY)}
        places = {"community": communities, **higher}.get(post.at[-1], [TOWN])
        for place in places:
            appoint(connection, Appointment(role, role, place, SINCE))
