"""办理的速度: submissions taken by several client processes while many projects are open."""

import multiprocessing
import random
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deployments.measuring.figures import Figure, percentile
from deployments.measuring.world import Form, build, settings, steps
from records.acting.acts import act
from records.acting.overview import open_numbers
from records.cases.commands import Accepted, Command
from records.database.store import Store, open_store

THOUSAND = 1000
LATE = 99


@dataclass(frozen=True, slots=True)
class Load:
    """负荷: open projects, client processes, submissions per client and run, runs.

    Of each client's submissions the first `unmeasured` only warm it: an office's process has long
    been running, its rulebook read and its statements compiled.
    """

    projects: int = 10_000
    clients: int = 8
    each: int = 500
    unmeasured: int = 20
    runs: int = 3


@dataclass(frozen=True, slots=True)
class Share:
    """一个客户进程的份: where the records are, which projects, and the form to submit."""

    url: str
    folder: Path
    numbers: tuple[str, ...]
    form: Form
    key: str
    unmeasured: int


def measure_acts(name: str, url: str, folder: Path, load: Load) -> list[Figure]:
    """Submissions per second and the slowest hundredth's time in milliseconds."""
    store = build(url, folder, load.projects)
    numbers = open_numbers(store)
    forms = steps(store, numbers[0])
    store.close()
    # The same projects in every run, each a stage further.
    chosen = random.Random(0).sample(numbers, min(len(numbers), load.clients * load.each))  # noqa: S311
    rates, late = [], []
    for turn in range(min(load.runs, len(forms))):
        shares = [
            Share(url, folder, numbers, forms[turn], f"run{turn}", load.unmeasured)
            for numbers in (tuple(chosen[who :: load.clients]) for who in range(load.clients))
        ]
        seconds, waits = _run(shares)
        rates.append(len(waits) / seconds)
        late.append(percentile(waits, LATE) * THOUSAND)
    conditions = f"{name}，{load.projects:,}件在办，{load.clients}个客户进程"
    return [
        Figure("办理", conditions, "次/秒", tuple(rates)),
        Figure("办理，第99百分位", conditions, "毫秒", tuple(late)),
    ]


def _run(shares: list[Share]) -> tuple[float, list[float]]:
    context = multiprocessing.get_context("spawn")
    answers: Any = context.Queue()
    ready = context.Barrier(len(shares) + 1)
    clients = [context.Process(target=_client, args=(share, ready, answers)) for share in shares]
    for client in clients:
        client.start()
    ready.wait()
    began = time.perf_counter()
    waits = [wait for _ in clients for wait in answers.get()]
    seconds = time.perf_counter() - began
    for client in clients:
        client.join()
    return seconds, waits


def _client(share: Share, ready: Any, answers: Any) -> None:
    store = open_store(settings(share.url, share.folder))
    for number in share.numbers[: share.unmeasured]:
        _submit(store, share, number)
    ready.wait()
    waits = [_submit(store, share, number) for number in share.numbers[share.unmeasured :]]
    answers.put(waits)
    store.close()


def _submit(store: Store, share: Share, number: str) -> float:
    """Submits one project's form; returns the seconds it took."""
    action, person, content = share.form
    key = f"{number}/{share.key}"
    command = Command(number, action, None, None, dict(content), person, None, "demo", key)
    began = time.perf_counter()
    outcome = act(store, command)
    seconds = time.perf_counter() - began
    if not isinstance(outcome, Accepted):
        raise TypeError(outcome.sentence)
    return seconds
