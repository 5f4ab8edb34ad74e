"""A journey: real records, the real driver, a real Prefect, and officials who play their part."""

import asyncio
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from contextvars import copy_context
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from time import monotonic
from typing import Any, Literal, TypeVar

from prefect.client.orchestration import PrefectClient
from sqlalchemy import Table, select

from deployments.demonstration.player import Player
from deployments.demonstration.run import Demonstration
from deployments.driving import prefect_runs
from deployments.driving.driver import Driver, Pace
from records.acting import intake, overview
from records.acting.ticks import tick
from records.database import clock
from records.database.settings import RecordsSettings
from records.database.store import Store, open_store
from records.files import attachments, notices
from records.migrate import migrate
from records.running import effects
from rulebooks.days.working_days import next_workday
from rulebooks.procedure.state import State
from rulebooks.reading.loader import load_rulebook
from schemas.choices import choices_of
from schemas.findings import check_workbook
from tasks.desk import use
from tasks.office import OfficeDesk
from tests.journeys.prefect_side import forget_runs, named, runs

CITY = "zhangjiagang"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
KEY = "0" * 32
# After the last suggestion of the samples: the towns send their workbooks in.
FIRST_DAY = date(2026, 3, 31)
QUICK = Pace(poll=0.02, tick=0.1, reconcile=60.0, rest=0.2)
PATIENCE = 120.0
LONGEST_LIFE = 60

Answer = TypeVar("Answer")


@dataclass
class Journey:
    """The records of three towns, and what a test does with them again and again."""

    folder: Path
    store: Store
    desk: OfficeDesk
    player: Player

    # The officials.

    def takes_in(self, paths: list[Path]) -> list[str]:
        """Import the workbooks; the numbers of the cases opened, and nothing refused."""
        choices = choices_of(load_rulebook(CITY))
        numbers: list[str] = []
        for path in paths:
            with self.store.glance() as connection:
                known = overview.organisation_levels(connection)
            checked = check_workbook(path, choices, known=known)
            assert not checked.findings, checked.findings
            evidence = attachments.keep(self.store, path.read_bytes(), path.name, XLSX)
            inbox = intake.Inbox(CITY, checked, evidence)
            for taken in intake.take_in(self.store, inbox, lambda _: None):
                assert taken.number, taken.sentence
                numbers.append(taken.number)
        return numbers

    def show(self) -> Demonstration:
        """Days that pass with all officials at work, as in the demonstration."""
        return Demonstration(self.store, self.player, lambda: None)

    def act(self, number: str, times: int = 1) -> None:
        """Let days pass until the officials of one case have acted so many times."""
        done = 0
        for _ in range(LONGEST_LIFE):
            while done < times and self.player.play(number):
                done += 1
            if done == times:
                return
            self.sleep_until(Demonstration.morning(next_workday(self.store.calendar, self.today)))
        raise AssertionError(f"{number} was not acted on {times} times")

    # Time.

    @property
    def today(self) -> date:
        return self.show().today

    def sleep_until(self, moment: datetime) -> None:
        """Move the clock; whoever drives must notice by himself what that brings."""
        with self.store.write() as connection:
            clock.advance(connection, moment, self.store.machine.now())

    # The machine.

    @contextmanager
    def driving(self, by: Literal["driver", "pool"] = "driver") -> Iterator[None]:
        """A driver is at work; when it has left, every run it carried sleeps or has ended."""
        driver = Driver(
            desk=self.desk,
            tick=lambda: tick(self.store),
            real_now=self.store.machine.now,
            heartbeat=self.folder / "driver.beat",
            by=by,
            pace=QUICK,
        )
        stop, settings = threading.Event(), copy_context()
        rounds = threading.Thread(target=lambda: settings.run(asyncio.run, driver.drive(stop)))
        rounds.start()
        try:
            yield
        finally:
            stop.set()
            rounds.join()

    def follow(self) -> None:
        """Let a driver work until nothing is owed any more."""
        with self.driving():
            self.wait_until_driven()

    def wait_until_driven(self) -> None:
        until(lambda: overview.behind(self.store) == 0)

    def ask(self, question: Callable[[PrefectClient], Awaitable[Answer]]) -> Answer:
        """Ask Prefect something over a connection of its own."""

        async def connected() -> Answer:
            async with prefect_runs.connect() as client:
                return await question(client)

        return asyncio.run(connected())

    # The records.

    def state(self, number: str) -> State:
        return overview.state_of(self.store, number)

    def numbers(self) -> dict[str, str]:
        """Every case's number by its title."""
        return {row["title"]: row["number"] for row in self._listed()}

    def badge(self, number: str) -> str:
        """What the case waits for, or how it ended."""
        return self.desk.read(number).waits_for

    def happened(self, number: str) -> list[str]:
        """The kinds of the case's events, in order."""
        return [event.kind for event in self.state(number).history]

    def attempts(self, number: str) -> dict[str, effects.Attempt]:
        """What the machine did for the case, by key."""
        with self.store.glance() as connection:
            return {item.key: item for item in effects.attempts_of(connection, number)}

    def notices(self, number: str) -> list[notices.Notice]:
        with self.store.glance() as connection:
            return sorted(notices.notices_of(connection, number), key=lambda item: item.number)

    def papers(self, number: str) -> dict[str, bytes]:
        """The case's documents as they lie in the folder, by effect folder and name."""
        folder = self.desk.papers() / number
        files = [path for path in folder.rglob("*") if path.is_file()]
        return {str(path.relative_to(folder)): path.read_bytes() for path in files}

    def rows(self, table: Table) -> list[dict[str, Any]]:
        """Every row of a table, in the order of its key."""
        with self.store.glance() as connection:
            query = select(table).order_by(*table.primary_key)
            return [dict(row) for row in connection.execute(query).mappings()]

    def dump(self, *tables: Table) -> list[list[dict[str, Any]]]:
        """Every row of these tables."""
        return [self.rows(table) for table in tables]

    def _listed(self) -> list[dict[str, Any]]:
        return overview.listed(self.store, None, open_only=False)


def until(happened: Callable[[], object]) -> None:
    """Wait for something in the records to become true."""
    end = monotonic() + PATIENCE
    while not happened():
        assert monotonic() < end, "it did not happen in time"
        threading.Event().wait(0.02)


def until_shown(journey: Journey, number: str, expected: str) -> None:
    """Wait until Prefect shows the case's one run in this state."""
    end = monotonic() + PATIENCE
    while (seen := shown(journey, number)) != expected:
        assert monotonic() < end, f"{seen} instead of {expected}"
        threading.Event().wait(0.5)


def shown(journey: Journey, number: str) -> str:
    """Type and name of the state of the case's one run."""
    [run] = [run for run in journey.ask(runs) if run.parameters["number"] == number]
    return named(run)


@contextmanager
def setting_out(
    folder: Path, first: date = FIRST_DAY, records: str | None = None
) -> Iterator[Journey]:
    """Empty records whose clock stands on the morning of `first`, and no run left in Prefect."""
    settings = settings_in(folder, records)
    store = open_store(settings)
    migrate(store)
    with store.write() as connection:
        clock.advance(connection, Demonstration.morning(first), store.machine.now())
    store.close()
    # Opened again: the clock's row was only just written.
    store = open_store(settings)
    desk = OfficeDesk(store)
    use(desk)
    journey = Journey(folder, store, desk, Player(store))
    journey.ask(forget_runs)
    try:
        yield journey
    finally:
        # Numbers begin anew with every journey, and Prefect remembers them.
        journey.ask(forget_runs)
        store.close()


def settings_in(folder: Path, records: str | None = None) -> RecordsSettings:
    """Records that lie in `folder`, or in the database `records` with the files in `folder`."""
    return RecordsSettings.model_validate(
        {
            "records_url": records or f"sqlite:///{folder / 'records.sqlite'}",
            "files": folder / "files",
            "digest_key": KEY,
        }
    )


def environment(folder: Path) -> dict[str, str]:
    """What another process must be told to work on the records in `folder`."""
    return {
        "MINSHENG_RECORDS_URL": f"sqlite:///{folder / 'records.sqlite'}",
        "MINSHENG_FILES": str(folder / "files"),
        "MINSHENG_DIGEST_KEY": KEY,
        "MINSHENG_DESK": "tasks.office:open_desk",
        "MINSHENG_HEARTBEAT": str(folder / "driver.beat"),
        "MINSHENG_DRIVER_POLL": "0.05",
    }
