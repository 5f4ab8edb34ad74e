"""日历命令: once a year's days off are announced, `minsheng calendar revise` lists what moved."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from deployments.office import office
from records.acting.acts import act
from records.acting.overview import state_of
from records.cases.projections import compare
from records.database.store import Store
from rulebooks.days.calendars import load_calendar
from rulebooks.days.working_days import BEIJING
from tests.deployments.commands.conftest import Minsheng, let_pass
from tests.records.world import accepted, command, opened

# Nobody has announced 2027 yet: until then its festivals are reckoned without 调休.
NEW_YEAR_EVE = datetime(2026, 12, 29, 9, 0, tzinfo=BEIJING)
ANNOUNCED = """\
year: 2027
notices:
  - {number: 测试用文号, title: 测试用通知, issued: 2026-11-30}
days_off:
  - {name: 元旦, first: 2027-01-01, last: 2027-01-05}
  - {name: 春节, first: 2027-02-05, last: 2027-02-12}
  - {name: 清明节, first: 2027-04-05, last: 2027-04-05}
  - {name: 劳动节, first: 2027-05-01, last: 2027-05-05}
  - {name: 端午节, first: 2027-06-09, last: 2027-06-09}
  - {name: 中秋节, first: 2027-09-15, last: 2027-09-15}
  - {name: 国庆节, first: 2027-10-01, last: 2027-10-07}
workdays: []
"""


@pytest.fixture
def announced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The days off of 2027 are announced, with two more than was reckoned."""
    path = tmp_path / "2027.yaml"
    path.write_text(ANNOUNCED, encoding="utf-8")
    calendar = load_calendar(path)

    def announce() -> Store:
        return replace(office(), calendar=calendar)

    monkeypatch.setattr("deployments.commands.revising.office", announce)


def waiting(store: Store) -> str:
    let_pass(store, NEW_YEAR_EVE)
    number = opened(store)
    accepted(act(store, command(number, 0)))
    return number


def publicized(store: Store) -> str:
    number = waiting(store)
    for step in range(1, 6):
        accepted(act(store, command(number, step)))
    return number


def test_nothing_moves_while_nothing_is_announced(minsheng: Minsheng, store: Store) -> None:
    waiting(store)
    said = minsheng("calendar", "revise")
    assert said.code == 0
    assert said.out.strip() == "在办事项的期限没有变动。"


@pytest.mark.usefixtures("announced")
def test_a_deadline_that_moved_is_listed_before_and_after(minsheng: Minsheng, store: Store) -> None:
    number = waiting(store)
    assert "将变动1处" in minsheng("calendar", "revise", "--dry-run").out
    [moved] = minsheng("calendar", "revise", "--json").json
    assert moved["case"] == number
    assert moved["stage"] == "居民议事会商议"
    assert (moved["before"], moved["after"]) == ("2027-01-04", "2027-01-06")
    [row] = minsheng("case", "list", "--json").json
    assert row["due"] == "2027-01-06"
    assert minsheng("calendar", "revise", "--json").json == []


@pytest.mark.usefixtures("announced")
def test_a_dry_run_records_nothing(minsheng: Minsheng, store: Store) -> None:
    number = publicized(store)
    before = len(state_of(store, number).history)
    [moved] = minsheng("calendar", "revise", "--dry-run", "--json").json
    assert moved["deadline"] == "公示期"
    store.states.clear()
    assert len(state_of(store, number).history) == before


@pytest.mark.usefixtures("announced")
def test_an_announced_publicity_is_lengthened_as_a_fact(minsheng: Minsheng, store: Store) -> None:
    number = publicized(store)
    said = minsheng("calendar", "revise").out
    assert "项目公示　公示期：2027年1月4日 → 2027年1月6日" in said
    assert "在办事项的期限变动1处。" in said
    store.states.clear()
    last = state_of(store, number).history[-1]
    assert last.kind == "publicity_extended"
    assert last.content["period"]["last"] == "2027-01-06"
    assert minsheng("journal", "verify").code == 0
    assert minsheng("calendar", "revise", "--json").json == []
    revised = replace(store, calendar=load_calendar())
    assert [item.column for item in compare(revised) if item.column == "head"] == []
