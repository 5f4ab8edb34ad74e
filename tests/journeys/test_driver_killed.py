"""A driver killed without warning in the midst of work: nothing is lost and nothing done twice."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import update

from deployments.services import server
from records.cases.journal import verify
from records.cases.projections import compare
from records.database.tables import effects, events, leases
from tasks.makers import make
from tests.journeys.workbooks import REFUSED, all_titles, write_workbooks
from tests.journeys.world import Journey, environment, shown, until

pytestmark = pytest.mark.prefect


@pytest.fixture
def home(prefect_home: Path) -> Iterator[Path]:
    """Prefect's folder, with no driver of ours left in it."""
    yield prefect_home
    server.kill_driver(prefect_home)


def _running(journey: Journey, kind: str) -> list[str]:
    """The effects of a kind that somebody is at."""
    rows = journey.rows(effects)
    return [row["key"] for row in rows if (row["kind"], row["status"]) == (kind, "running")]


def _half_a_minute_passes(journey: Journey) -> None:
    """The lease of whoever was killed runs out."""
    with journey.store.write() as connection:
        connection.execute(update(leases).values(expires_at=journey.store.machine.now()))


def _die_between_the_act_and_its_record(journey: Journey, number: str) -> str:
    """Leave what a process leaves that issued a document and died before saying so."""
    [effect] = [item for item in journey.state(number).effects if item.kind == "issue"]
    assert journey.desk.begin_effect(number, effect)
    assert len(make(journey.store, number, effect)) == 1
    return effect.key


def test_a_driver_killed_while_it_issues_a_document_is_followed_by_one_that_issues_no_second(
    journey: Journey, home: Path
) -> None:
    other = next(title for title in all_titles() if title != REFUSED)
    journey.takes_in(write_workbooks(journey.folder, [REFUSED, other]))
    numbers = journey.numbers()
    refused = numbers[REFUSED]
    journey.act(refused, times=2)
    before = journey.dump(events)
    [notice] = [item.key for item in journey.state(refused).effects if item.kind == "issue"]

    server.start_driver(home, environment(journey.folder))
    until(lambda: _running(journey, "issue"))
    server.kill_driver(home)
    assert server.process(home, "driver") is None
    assert _running(journey, "issue") == [notice], "it died with the document half made"
    runs = [journey.desk.read(number).flow_run_id for number in numbers.values()]
    _half_a_minute_passes(journey)
    journey.follow()

    assert shown(journey, refused) == "COMPLETED 未获选"
    assert [journey.desk.read(number).flow_run_id for number in numbers.values()] == runs
    assert journey.dump(events) == before
    for number in numbers.values():
        attempts = journey.attempts(number)
        assert set(attempts) == {effect.key for effect in journey.state(number).effects}
        assert {item.status for item in attempts.values()} == {"done"}
        again = {key for key, item in attempts.items() if item.attempts > 1}
        assert again == ({notice} if number == refused else set())
    _the_one_paper_is_registered(journey, refused, notice)
    assert verify(journey.store).sound
    assert compare(journey.store) == ()


def _the_one_paper_is_registered(journey: Journey, number: str, key: str) -> None:
    [issued] = journey.notices(number)
    [content] = journey.papers(number).values()
    assert content.startswith(b"%PDF")
    assert hashlib.sha256(content).hexdigest() == issued.digest
    attempt = journey.attempts(number)[key]
    assert (attempt.status, attempt.attempts) == ("done", 2)
    assert attempt.receipt is not None
    assert list(attempt.receipt.values()) == [issued.digest]


def test_a_document_issued_by_a_driver_that_died_before_saying_so_is_found_not_made_again(
    journey: Journey,
) -> None:
    [number] = journey.takes_in(write_workbooks(journey.folder, [REFUSED]))
    journey.act(number, times=2)
    key = _die_between_the_act_and_its_record(journey, number)
    [before] = journey.notices(number)
    journey.follow()
    assert journey.notices(number) == [before]
    _the_one_paper_is_registered(journey, number, key)
    assert shown(journey, number) == "COMPLETED 未获选"
