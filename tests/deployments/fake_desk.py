"""A desk without records: its cases are in memory."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from time import time
from typing import Any

from rulebooks.procedure.position import Effect
from tasks.desk import Case, Gate, Opened, Owed, Page, Wanted


class FakeDesk:
    """Cases whose events are appended by `happens`; safe for threads."""

    def __init__(self, folder: Path, *, leases: bool = True) -> None:
        self.folder = folder
        self.leases = leases
        self.broken: set[str] = set()
        self._lock = threading.RLock()
        self._cases: dict[str, dict[str, Any]] = {}
        self._digests: dict[str, str] = {}

    # What a test does.

    def opens(self, number: str, stage: str = "居民议事会商议", kind: str = "open_stage") -> None:
        """A case begins."""
        with self._held() as cases:
            cases[number] = {
                "title": f"{number} 货车停放点",
                "head": 0,
                "driven_to": 0,
                "generation": 0,
                "flow_run_id": None,
                "open": True,
                "stage": "",
                "effects": [],
                "done": {},
                "attempts": {},
                "failed": {},
                "lease": None,
                "fencing": 0,
                "receipts": 0,
            }
        self.happens(number, stage, kind=kind)

    def happens(self, number: str, stage: str, turn: int = 1, kind: str = "open_stage") -> None:
        """An event that opens `stage`."""
        with self._held() as cases:
            case = cases[number]
            case["head"] += 1
            case["stage"] = stage
            effect = {
                "key": f"{number}/{kind}/{stage}/{turn}",
                "kind": kind,
                "stage": stage,
                "round": turn,
                "label": stage,
                "article": "第八条",
                "content": {"document": "notice"},
            }
            case["effects"].append(effect)

    def closes(self, number: str) -> None:
        """The event that ends the case."""
        with self._held() as cases:
            cases[number]["head"] += 1
            cases[number]["open"] = False

    def of(self, number: str) -> dict[str, Any]:
        """Everything about one case."""
        with self._held() as cases:
            return dict(cases[number])

    def days(self) -> list[str]:
        """The days whose digest was taken."""
        return sorted(self._digests)

    # What the machine does.

    def due(self, limit: int) -> list[Case]:
        with self._held() as cases:
            found = [
                number
                for number, case in cases.items()
                if (case["driven_to"] < case["head"] or self._retry(case))
                and not self._is_leased(case)
            ]
            return [self._case(number, cases[number]) for number in found[:limit]]

    def open_cases(self, after: str, limit: int) -> list[Case]:
        with self._held() as cases:
            found = sorted(n for n, case in cases.items() if n > after and case["open"])
            return [self._case(number, cases[number]) for number in found[:limit]]

    def read(self, number: str) -> Case:
        with self._held() as cases:
            return self._case(number, cases[number])

    def owed(self, number: str) -> Owed:
        with self._held() as cases:
            case = cases[number]
            waiting = {key for key, (_, again) in case["failed"].items() if again > time()}
            effects = tuple(
                Effect(**effect)
                for effect in case["effects"]
                if effect["key"] not in case["done"] and effect["key"] not in waiting
            )
            return Owed(case["head"], effects)

    def take_lease(self, number: str, holder: str, seconds: int) -> int | None:
        with self._held() as cases:
            case = cases[number]
            if self.leases and self._is_leased(case):
                return None
            case["fencing"] += 1
            case["lease"] = [holder, case["fencing"], time() + seconds]
            return int(case["fencing"])

    def renew_lease(self, number: str, fencing: int, seconds: int) -> bool:
        with self._held() as cases:
            lease = cases[number]["lease"]
            if not self.leases:
                return True
            if lease is None or lease[1] != fencing:
                return False
            lease[2] = time() + seconds
            return True

    def release_lease(self, number: str, fencing: int) -> None:
        with self._held() as cases:
            lease = cases[number]["lease"]
            if lease and lease[1] == fencing:
                cases[number]["lease"] = None

    def leased(self, number: str) -> bool:
        with self._held() as cases:
            return self._is_leased(cases[number])

    def begin_effect(self, number: str, effect: Effect) -> bool:
        key = effect.key
        with self._held() as cases:
            case = cases[number]
            case["attempts"][key] = case["attempts"].get(key, 0) + 1
            return key not in case["done"]

    def finish_effect(self, key: str, receipt: Mapping[str, str]) -> None:
        with self._held() as cases:
            case = cases[key.partition("/")[0]]
            case["receipts"] += key not in case["done"]
            case["done"].setdefault(key, dict(receipt))
            case["failed"].pop(key, None)

    def fail_effect(self, key: str, error: str) -> None:
        with self._held() as cases:
            cases[key.partition("/")[0]]["failed"][key] = [error, time() + 1]

    def drive_to(self, number: str, head: int) -> None:
        with self._held() as cases:
            cases[number]["driven_to"] = max(cases[number]["driven_to"], head)

    def remember_run(self, number: str, generation: int, flow_run_id: str) -> None:
        with self._held() as cases:
            cases[number] |= {"generation": generation, "flow_run_id": flow_run_id}

    def picture(self, number: str) -> str:
        with self._held() as cases:
            return f"# {number}\n\n办到：{cases[number]['stage']} <b>"

    def deliver(self, number: str, effect: Effect) -> Mapping[str, str]:
        if effect.key in self.broken:
            raise OSError("信箱打不开")
        return {"to": number}

    def papers(self) -> Path:
        return self.folder / "papers"

    def open_submissions(self, wanted: Wanted) -> list[Opened]:
        return []

    def claim_page(self, place: str, period: str, *, opens: bool) -> Page:
        return Page(place, period, str(opens))

    def gate(self, number: str) -> Gate | None:
        return None

    def charts(self, number: str, effect: Effect) -> tuple[Page, ...]:
        return ()

    def take_digest(self, day: date) -> str:
        with self._lock:
            return self._digests.setdefault(str(day), f"{len(self._digests)}")

    # How it is kept.

    @contextmanager
    def _held(self) -> Iterator[dict[str, dict[str, Any]]]:
        with self._lock:
            yield self._cases

    def _is_leased(self, case: dict[str, Any]) -> bool:
        return bool(self.leases and case["lease"] and case["lease"][2] > time())

    def _retry(self, case: dict[str, Any]) -> bool:
        return any(again <= time() for _, again in case["failed"].values())

    def _case(self, number: str, case: dict[str, Any]) -> Case:
        return Case(
            number=number,
            title=case["title"],
            city="张家港",
            town="杨舍镇",
            community="塘市社区",
            head=case["head"],
            driven_to=case["driven_to"],
            generation=case["generation"],
            flow_run_id=case["flow_run_id"],
            open=case["open"],
            waits_for=f"待{case['stage']}",
            stage=case["stage"],
            outcome=None if case["open"] else "已归档",
            fault=next((error for error, _ in case["failed"].values()), None),
        )


def open_empty() -> FakeDesk:
    """A desk as a process opens it that is told of one by its name."""
    return FakeDesk(Path("papers-of-nobody"))
