"""数字: one measured figure with its conditions, and the machine it was measured on."""

import os
import platform
import statistics
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """一个数字: what, under which conditions, in which unit, and every run's value.

    A `detail` is one part of a figure that stands beside it; only --json has it.
    """

    what: str
    conditions: str
    unit: str
    runs: tuple[float, ...]
    detail: bool = False

    @property
    def median(self) -> float:
        """The value to quote."""
        return statistics.median(self.runs)

    @property
    def spread(self) -> str:
        """From the least to the greatest run."""
        return f"{min(self.runs):,.1f}至{max(self.runs):,.1f}"


def machine() -> str:
    """This machine in one line."""
    return f"{os.cpu_count()}核，Python {platform.python_version()}，{platform.machine()}"


def percentile(values: Sequence[float], share: int) -> float:
    """The value below which `share` of a hundred lie."""
    return sorted(values)[min(len(values) - 1, len(values) * share // 100)]
