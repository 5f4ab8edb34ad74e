"""折叠的速度: journal events folded into states by the pure core, on one core."""

import time
from pathlib import Path

from deployments.measuring.figures import Figure
from deployments.measuring.world import CITY, TOWN, build, walk
from records.acting.overview import open_numbers
from rulebooks.procedure.position import fold
from rulebooks.reading.loader import load_rulebook

TIMES = 2000


def measure_folds(folder: Path, runs: int) -> list[Figure]:
    """Events per second."""
    store = build(f"sqlite:///{folder / 'folds.sqlite'}", folder, 1)
    _, state = walk(store, open_numbers(store)[0])
    history = state.history
    rulebook = load_rulebook(CITY, None, TOWN)
    rates = []
    for _ in range(runs):
        began = time.perf_counter()
        for _ in range(TIMES):
            fold(rulebook, history)
        rates.append(TIMES * len(history) / (time.perf_counter() - began))
    return [Figure("折叠", "单核", "条/秒", tuple(rates))]
