"""案头: what the machine may ask of the records and tell them, and nothing more.

Flows and tasks know the records only by this protocol, so that a flow can be tried without a
database and the records without Prefect. Every method is short and synchronous.
"""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Protocol

from rulebooks.procedure.position import Effect

# Where a process that was started by Prefect, not by us, finds its desk: `module:function`.
OPENER = "MINSHENG_DESK"
# The folder of issued documents, below the place's files.
PAPERS = "notices"


class NoDeskError(RuntimeError):
    """案头未打开: a task ran in a process that was never told where the records are."""


class EffectError(RuntimeError):
    """办理失败: the sentence an administrator reads; it names the case's next step."""


@dataclass(frozen=True, slots=True)
class Case:
    """事项卷宗: what the machine needs to know of one case.

    `head` is the journal's last number, `driven_to` what the flow had read when it last found
    nothing owed. `generation` counts the Prefect runs the case has had; the run in force is
    `flow_run_id`. `waits_for` is the short badge (待镇街审核), `stage` the label of the first
    open stage, `outcome` the Chinese name of a closed case's end, `fault` the sentence about an
    effect that failed and will be tried again.
    """

    number: str
    title: str
    city: str
    town: str
    community: str
    head: int
    driven_to: int
    generation: int
    flow_run_id: str | None
    open: bool
    waits_for: str
    stage: str
    outcome: str | None
    fault: str | None = None
    kind: str = "project"


@dataclass(frozen=True, slots=True)
class Owed:
    """欠办: effects that are due now, in order, and the journal number they were read at."""

    head: int
    effects: tuple[Effect, ...]


@dataclass(frozen=True, slots=True)
class Wanted:
    """要开立的: all that is due, or only what recurs so often, of one report, period or place.

    `every` is month or quarter; `report` the name of a duty or of its report in the rulebook;
    `period` such as 2026-10; `city` a city's code; `place` an organisation's name.
    """

    every: str | None = None
    report: str | None = None
    period: str | None = None
    city: str | None = None
    place: str | None = None


@dataclass(frozen=True, slots=True)
class Opened:
    """开立的报送件: its number and title; `new` when just opened, a sentence when it could not.

    `wanted` says what is still to be registered before it can be signed.
    """

    number: str
    title: str
    new: bool = False
    sentence: str = ""
    wanted: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Gate:
    """报出前总检查: whether the records agree with themselves, told as a page and a sentence."""

    passed: bool
    page: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Page:
    """一页: its key (small letters, digits, hyphens), its title, and Markdown safe to show."""

    key: str
    title: str
    data: str


class Desk(Protocol):
    """案头: the records as tasks, flows and the driver see them; safe to use from any thread."""

    def due(self, limit: int) -> list[Case]:
        """Cases to wake: driven_to < head, or look_at or a retry has come; none under a lease."""

    def open_cases(self, after: str, limit: int) -> list[Case]:
        """Open cases by number, those behind `after` first; empty at the end."""

    def read(self, number: str) -> Case:
        """One case; KeyError when the records know no such number."""

    def owed(self, number: str) -> Owed:
        """Effects neither recorded as done nor waiting for their retry."""

    def take_lease(self, number: str, holder: str, seconds: int) -> int | None:
        """A fencing number when nobody else holds the case, else None."""

    def renew_lease(self, number: str, fencing: int, seconds: int) -> bool:
        """Whether the lease was still ours and now lasts `seconds` more."""

    def release_lease(self, number: str, fencing: int) -> None:
        """Give the case back; nothing happens when the lease is no longer ours."""

    def leased(self, number: str) -> bool:
        """Whether an unexpired lease lies on the case."""

    def begin_effect(self, number: str, effect: Effect) -> bool:
        """Count one attempt; False when the effect is already recorded as done."""

    def finish_effect(self, key: str, receipt: Mapping[str, str]) -> None:
        """Record the effect as done; the first receipt stays when it is recorded twice."""

    def fail_effect(self, key: str, error: str) -> None:
        """Record a failed attempt; the records choose when it is due again."""

    def drive_to(self, number: str, head: int) -> None:
        """Nothing is owed up to `head`; never moves backwards."""

    def remember_run(self, number: str, generation: int, flow_run_id: str) -> None:
        """The case's Prefect run is now this one."""

    def picture(self, number: str) -> str:
        """Done, now and next in Markdown, with dates, articles, and where to act."""

    def deliver(self, number: str, effect: Effect) -> Mapping[str, str]:
        """Put a reminder or message before the people it is for; the receipt says to whom."""

    def papers(self) -> Path:
        """The folder that issued documents are kept in."""

    def open_submissions(self, wanted: Wanted) -> list[Opened]:
        """Open the reports and claims meant that are due; EffectError says why there are none."""

    def claim_page(self, place: str, period: str, *, opens: bool) -> Page:
        """The page of one place's claim for a quarter; EffectError when it is not open or due."""

    def gate(self, number: str) -> Gate | None:
        """Check the records before a report leaves them; None for a case that reports nothing."""

    def charts(self, number: str, effect: Effect) -> Sequence[Page]:
        """A page for each chart of the document that `effect` issues; none for most documents."""

    def take_digest(self, day: date) -> str:
        """The digest over all journal heads for `day`; the first one taken for a day stays."""


_opened: list[Desk] = []


def use(chosen: Desk) -> None:
    """Make `chosen` the desk of this process."""
    _opened[:] = [chosen]


def desk() -> Desk:
    """The desk of this process, opened by the environment where nobody chose one.

    Raises:
        NoDeskError: neither `use` was called nor does the environment name an opener.
    """
    if not _opened:
        module, _, function = os.environ.get(OPENER, "").partition(":")
        if not function:
            raise NoDeskError(f"本进程没有打开台账：请设置 {OPENER}，或经由 minsheng 命令启动。")
        use(getattr(import_module(module), function)())
    return _opened[0]
