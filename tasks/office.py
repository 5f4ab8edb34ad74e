"""案头（台账）: the desk over the real records, for the driver and for every stock worker."""

from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from records.acting import overview
from records.cases.commands import Refused
from records.database.store import Store, open_store
from records.reporting.gate import gate
from records.reporting.submissions import Submission, codes_wanted, open_submission
from records.running import digests, effects, leases, machine
from records.running.leases import Lease
from rulebooks.procedure.position import Effect, look
from rulebooks.procedure.state import State
from rulebooks.reading.loader import load_rulebook
from tasks.chart_page import chart_page
from tasks.desk import PAPERS, Case, Gate, Opened, Owed, Page, Wanted
from tasks.gate_page import gate_page
from tasks.issue import Paper, register
from tasks.makers import documents, make
from tasks.picture import paint
from tasks.reporting.claim_page import claim_page
from tasks.reporting.makers import charts_of
from tasks.reporting.openings import wanted_now

GATE_SENTENCES = 3
TEXTS = {
    "reminded": "{label}即将到期，请按时办理。",
    "fell_overdue": "{label}已经逾期，请尽快办理。",
    "escalated": "{label}逾期未办，请督办。",
}


def open_desk() -> "OfficeDesk":
    """The desk over the records that the environment names."""
    return OfficeDesk(open_store())


class OfficeDesk:
    """案头: what `tasks.desk.Desk` asks, answered by the records."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._leases: dict[tuple[str, int], Lease] = {}
        for document in documents():
            register(document, self._papers_of)

    def due(self, limit: int) -> list[Case]:
        """Cases to wake: the journal is ahead of the flow, or a failed effect may be tried."""
        return [_case(row) for row in machine.due(self.store, limit)]

    def open_cases(self, after: str, limit: int) -> list[Case]:
        """Open cases by number, those behind `after` first; empty at the end."""
        return [_case(row) for row in machine.open_cases(self.store, after, limit)]

    def read(self, number: str) -> Case:
        """One case; KeyError when the records know no such number."""
        return _case(machine.read(self.store, number))

    def owed(self, number: str) -> Owed:
        """Effects neither recorded as done nor waiting for their retry."""
        state = self._state(number)
        with self.store.glance() as connection:
            settled = effects.settled(connection, number, self.store.machine.now())
        todo = tuple(effect for effect in state.effects if effect.key not in settled)
        return Owed(len(state.history), todo)

    def take_lease(self, number: str, holder: str, seconds: int) -> int | None:
        """A fencing number when nobody else holds the case, else None."""
        lease = leases.take(self.store, number, holder, timedelta(seconds=seconds))
        if lease is None:
            return None
        self._leases[number, lease.fence] = lease
        return lease.fence

    def renew_lease(self, number: str, fencing: int, seconds: int) -> bool:
        """Whether the lease was still ours and now lasts `seconds` more."""
        renewed = leases.renew(
            self.store, self._leases[number, fencing], timedelta(seconds=seconds)
        )
        return renewed is not None

    def release_lease(self, number: str, fencing: int) -> None:
        """Give the case back; nothing happens when the lease is no longer ours."""
        leases.release(self.store, self._leases.pop((number, fencing)))

    def leased(self, number: str) -> bool:
        """Whether an unexpired lease lies on the case."""
        return machine.leased(self.store, number)

    def begin_effect(self, number: str, effect: Effect) -> bool:
        """Count one attempt; False when the effect is already recorded as done."""
        return effects.begin(self.store, number, effect)

    def finish_effect(self, key: str, receipt: Mapping[str, str]) -> None:
        """Record the effect as done; the first receipt stays when it is recorded twice."""
        effects.finish(self.store, key, receipt)

    def fail_effect(self, key: str, error: str) -> None:
        """Record a failed attempt; the records choose when it is due again."""
        effects.fail(self.store, key, error)

    def drive_to(self, number: str, head: int) -> None:
        """Nothing is owed up to `head`; never moves backwards."""
        machine.drive_to(self.store, number, head)

    def remember_run(self, number: str, generation: int, flow_run_id: str) -> None:
        """The case's Prefect run is now this one."""
        machine.remember_run(self.store, number, generation, flow_run_id)

    def picture(self, number: str) -> str:
        """Done, now and next in Markdown, with dates, articles, and where to act."""
        now = self.store.clock.now()
        state = self._state(number)
        folder = self.papers() / number
        papers = sorted(path.name for path in folder.glob("*")) if folder.is_dir() else []
        return paint(state, look(state, self.store.calendar, now), now, papers)

    def deliver(self, number: str, effect: Effect) -> Mapping[str, str]:
        """Put a reminder before everybody who holds the role today; the receipt names them."""
        state = self._state(number)
        role = str(effect.content["to"])
        levels = state.rulebook.roles[role].at
        place, holders = overview.on_duty(self.store, number, levels, role)
        limit = effect.content.get("limit")
        about = f"{number}“{effect.label}”" + (f"的{limit}" if limit else "")
        text = TEXTS[str(effect.content["event"])].format(label=about)
        return {"to": "、".join(holders), "at": place, "text": text}

    def papers(self) -> Path:
        """The folder that issued documents are kept in."""
        return self.store.files / PAPERS

    def open_submissions(self, wanted: Wanted) -> list[Opened]:
        """Open the reports and claims meant that are due; each place's are opened on its own."""
        return [self._open(item) for item in wanted_now(self.store, wanted)]

    def claim_page(self, place: str, period: str, *, opens: bool) -> Page:
        """The page of one place's claim for a quarter; opened first where asked."""
        return claim_page(self.store, place, period, opens=opens)

    def _open(self, submission: Submission) -> Opened:
        answer = open_submission(self.store, submission)
        if isinstance(answer, Refused):
            title = f"{submission.organisation} {submission.duty} {submission.period}"
            return Opened("", title, sentence=answer.sentence)
        title = str(self._state(answer.case).facts["title"])
        wanted = codes_wanted(self.store, answer.case)
        return Opened(answer.case, title, new=not answer.repeated, wanted=wanted)

    def gate(self, number: str) -> Gate | None:
        """Check the city's records across tables; None for a project, which reports nothing."""
        rulebook = self._state(number).rulebook
        if rulebook.submission is None:
            return None
        report = gate(self.store, rulebook.city)
        return Gate(report.passed, gate_page(report), "；".join(report.sentences[:GATE_SENTENCES]))

    def charts(self, number: str, effect: Effect) -> list[Page]:
        """A page for each chart of a report, under a key that stays when it is issued again."""
        found = charts_of(self.store, self._state(number), effect)
        return [chart_page(number, name, chart) for name, chart in found.items()]

    def take_digest(self, day: date) -> str:
        """The digest over all journal heads for `day`; the first one taken for a day stays."""
        return digests.take_daily_digest(self.store, day).digest

    def _state(self, number: str) -> State:
        return machine.state_of(self.store, number)

    def _papers_of(self, case: Case, effect: Effect) -> list[Paper]:
        made = make(self.store, case.number, effect)
        return [Paper(name, content) for name, content in made.items()]


def _case(row: Mapping[str, Any]) -> Case:
    rulebook = load_rulebook(row["city"], row["rulebook"], row["town"] or None, row["duty"])
    # Where two branches are open at once, the first one names the case's stage.
    stage = rulebook.stages.get((row["stage"] or "").partition("+")[0])
    return Case(
        number=row["number"],
        title=row["title"],
        city=rulebook.label,
        town=row["town"],
        community=row["community"] or "",
        head=row["head"],
        driven_to=row["driven_to"],
        generation=row["generation"],
        flow_run_id=row["flow_run_id"],
        open=row["status"] == "open",
        waits_for=row["waits_for"],
        stage=stage.label if stage else row["waits_for"],
        outcome=None if row["status"] == "open" else row["waits_for"],
        fault=row.get("fault"),
        kind=row["kind"],
    )
