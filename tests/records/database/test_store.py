"""台账的库: transactions, turns, and what happens when somebody holds on too long."""

import sqlite3
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import func, insert, select, text

from records.acting.acts import act
from records.cases.projections import compare
from records.database.settings import RecordsSettings
from records.database.store import Store, open_store
from records.database.tables import meta
from records.database.turns import BusyRecordsError, Turns
from tests.records.world import SteppedClock, accepted, command, opened

only_sqlite = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
only_postgres = pytest.mark.parametrize(
    "settings", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True
)


def rows(store: Store) -> int:
    with store.read() as connection:
        return connection.execute(select(func.count()).select_from(meta)).scalar_one()


def test_what_fails_halfway_leaves_nothing(store: Store) -> None:
    def fail() -> None:
        with store.write() as connection:
            connection.execute(insert(meta).values(key="half", value="x"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert rows(store) == 0


def test_reading_sees_one_moment_even_while_others_write(store: Store) -> None:
    with store.read() as connection:
        before = connection.execute(select(func.count()).select_from(meta)).scalar_one()
        with store.write() as other:
            other.execute(insert(meta).values(key="new", value="x"))
        after = connection.execute(select(func.count()).select_from(meta)).scalar_one()
    assert before == after == 0
    assert rows(store) == 1


def test_glancing_sees_each_change_as_it_comes(store: Store) -> None:
    with store.glance() as connection:
        connection.execute(select(meta)).all()
        with store.write() as other:
            other.execute(insert(meta).values(key="new", value="x"))
        assert connection.execute(select(func.count()).select_from(meta)).scalar_one() == 1


@only_sqlite
def test_sqlite_is_opened_so_that_no_acknowledged_write_is_lost(store: Store) -> None:
    with store.read() as connection:
        pragmas = {
            name: connection.execute(text(f"PRAGMA {name}")).scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }
    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


@only_sqlite
def test_another_program_that_holds_sqlite_makes_us_give_up_in_time(
    settings: RecordsSettings, clock: SteppedClock
) -> None:
    impatient = open_store(settings.model_copy(update={"lock_seconds": 0.2}), clock)
    number = opened(impatient)
    holder = sqlite3.connect(impatient.engine.url.database or "", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    with pytest.raises(BusyRecordsError, match="稍后"):
        act(impatient, command(number, 0))
    holder.execute("ROLLBACK")
    holder.close()
    assert accepted(act(impatient, command(number, 0))).sequence == 2
    impatient.close()


@only_postgres
def test_a_locked_case_on_postgresql_makes_us_give_up_in_time(
    store: Store, settings: RecordsSettings, clock: SteppedClock
) -> None:
    impatient = open_store(settings.model_copy(update={"lock_seconds": 0.2}), clock)
    number = opened(impatient)
    with store.write() as connection:
        connection.execute(text("SELECT * FROM cases FOR UPDATE"))
        with pytest.raises(BusyRecordsError, match="稍后"):
            act(impatient, command(number, 0))
    assert accepted(act(impatient, command(number, 0))).sequence == 2
    impatient.close()


def test_whoever_waited_too_long_for_the_turn_does_not_go_on_waiting(tmp_path: Path) -> None:
    turns = Turns(tmp_path / "lock", seconds=0.05)
    taken, release = threading.Event(), threading.Event()

    def hold() -> None:
        with turns.turn():
            taken.set()
            release.wait()

    holder = threading.Thread(target=hold)
    holder.start()
    taken.wait()
    threading.Timer(0.2, release.set).start()
    with pytest.raises(BusyRecordsError), turns.turn():
        pass
    holder.join()
    with turns.turn():
        assert (tmp_path / "lock").exists()


def test_turns_are_given_one_at_a_time(tmp_path: Path) -> None:
    turns = Turns(tmp_path / "lock", seconds=30)
    inside: list[int] = []
    most: list[int] = []

    def work(name: int) -> None:
        for _ in range(50):
            with turns.turn():
                inside.append(name)
                most.append(len(inside))
                inside.remove(name)

    threads = [threading.Thread(target=work, args=(name,)) for name in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(most), max(most)) == (200, 1)


def test_a_store_restored_from_yesterday_is_read_anew(store: Store) -> None:
    number = opened(store)
    accepted(act(store, command(number, 0)))
    known = store.states.get(number)
    assert known is not None
    longer = replace(known[1], history=(*known[1].history, known[1].history[-1]))
    store.states.put(number, "f" * 64, longer)
    assert accepted(act(store, command(number, 1))).sequence == 3


def test_a_store_that_went_another_way_since_is_read_anew(store: Store) -> None:
    number = opened(store)
    before = store.states.get(number)
    assert before is not None
    accepted(act(store, command(number, 0)))
    wrong = replace(before[1], facts={**before[1].facts, "title": "另一件"})
    store.states.put(number, "f" * 64, wrong)
    accepted(act(store, command(number, 1)))
    assert compare(store) == ()


def test_what_others_recorded_meanwhile_is_added_to_what_is_known(
    store: Store, settings: RecordsSettings, clock: SteppedClock
) -> None:
    number = opened(store)
    other = open_store(settings, clock)
    accepted(act(other, command(number, 0)))
    other.close()
    assert accepted(act(store, command(number, 1))).sequence == 3
    assert compare(store) == ()
