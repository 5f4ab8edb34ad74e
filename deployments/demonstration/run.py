"""演示全程: days pass, officials act, the driver follows, until every case is closed.

A case that waits for a rule which the town has not made stays open: nobody may go on with it.
A day does not begin before nothing is owed, so that a slow machine makes no project late. The
driver is killed once without warning and started again; nothing may be lost by it.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from datetime import time as time_of_day
from threading import Event

from deployments.demonstration.player import Player
from records.acting import overview
from records.acting.ticks import tick
from records.database import clock
from records.database.store import Store
from rulebooks.days.working_days import BEIJING
from rulebooks.procedure.position import blocked_sentence, look

OFFICE_OPENS = time_of_day(9, 30)
PATIENCE = 180.0
POLL = 0.1
MOST_ACTS_A_DAY = 4
LAST_DAYS = 400


def stopped(store: Store) -> tuple[str, ...]:
    """停住的事项: open cases that nobody can go on with before a missing rule is supplied."""
    return tuple(
        number
        for number in overview.open_numbers(store)
        if blocked_sentence(state := overview.state_of(store, number)) is not None
        and not look(state, store.calendar, store.clock.now()).duties
    )


class StuckError(RuntimeError):
    """演示停住了: the driver no longer follows; the sentence says where to look."""


@dataclass(slots=True)
class Demonstration:
    """演示: the records, who drives, and how fast a day passes.

    `restart_driver` kills what drives and starts it again, returning how it did; it is called
    once, on the day that `kill_after` cases are closed. `follow` lets a day's end wait until
    nothing is owed; without it, that is the driver's own time.
    """

    store: Store
    player: Player
    restart_driver: Callable[[], None]
    day_seconds: float = 0.0
    kill_after: int = 5
    killed_on: date | None = None
    rest: Event = field(default_factory=Event)
    follow: Callable[[], None] | None = None

    def days(self) -> Iterator[tuple[date, int, int]]:
        """Let one day after the other pass; yields the day, closed and all cases.

        Raises:
            StuckError: the driver did not follow within the time of patience.
        """
        for _ in range(LAST_DAYS):
            began = time.monotonic()
            self._officials_act()
            (self.follow or self._wait_for_driver)()
            closed, total = overview.closed_and_total(self.store)
            yield self.today, closed, total
            if closed + len(stopped(self.store)) == total:
                return
            self.rest.wait(max(0.0, self.day_seconds - (time.monotonic() - began)))
            self._next_day()

    @property
    def today(self) -> date:
        """The virtual day."""
        return self.store.clock.now().astimezone(BEIJING).date()

    @staticmethod
    def morning(day: date) -> datetime:
        """When offices open on `day`, Beijing time."""
        return datetime.combine(day, OFFICE_OPENS, BEIJING)

    def _officials_act(self) -> None:
        if not self.store.calendar.is_workday(self.today):
            return
        acted = 0
        for number in overview.open_numbers(self.store):
            for _ in range(MOST_ACTS_A_DAY):
                if not self.player.play(number):
                    break
                acted += 1
        if acted and self._time_to_kill():
            self.restart_driver()
            self.killed_on = self.today

    def _time_to_kill(self) -> bool:
        """In the midst of work: some cases are closed, and the driver is behind with others."""
        closed, _ = overview.closed_and_total(self.store)
        return self.killed_on is None and closed >= self.kill_after

    def _next_day(self) -> None:
        tomorrow = self.today + timedelta(days=1)
        with self.store.write() as connection:
            clock.advance(connection, self.morning(tomorrow), self.store.machine.now())
        tick(self.store, limit=LAST_DAYS)

    def _wait_for_driver(self) -> None:
        until = time.monotonic() + PATIENCE
        while behind := overview.behind(self.store):
            if time.monotonic() > until:
                raise StuckError(
                    f"驱动程序{PATIENCE:.0f}秒没有跟上（还差{behind}件），请查看 driver.log。"
                )
            self.rest.wait(POLL)
