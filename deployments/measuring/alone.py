"""单独测量: work in a process of its own, and the memory it took there."""

import multiprocessing
import resource
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")
STATUS = Path("/proc/self/status")
KILOBYTES = 1024


def alone(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Does the work in a fresh process: nothing that came before is in its memory."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(max_workers=1, mp_context=context) as process:
        return process.submit(work, *args, **kwargs).result()


def peak() -> float:
    """The most memory this process has held so far, in MB."""
    return memory("VmHWM") or resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / KILOBYTES


def memory(name: str = "VmRSS") -> float:
    """The memory this process holds now, in MB; 0 where the system does not say.

    A process started by another inherits the figure of `getrusage`, but not this one.
    """
    lines = STATUS.read_text().splitlines() if STATUS.is_file() else ()
    found = (line.split()[1] for line in lines if line.startswith(f"{name}:"))
    return int(next(found, 0)) / KILOBYTES


def seconds(work: Callable[[], object]) -> float:
    """How long the work took."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began
