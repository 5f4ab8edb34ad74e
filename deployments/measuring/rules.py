"""读规则手册的速度: every city's rulebook in every version, with every town's, read afresh."""

import time

from deployments.measuring.figures import Figure
from deployments.soundness import rulebooks_of
from rulebooks.reading import nodes
from rulebooks.reading.loader import cities, forget_rulebooks
from rulebooks.vocabulary import articles


def measure_rules(runs: int) -> list[Figure]:
    """Seconds of processor time, and how many rulebooks were read."""
    seconds, count = [], 0
    for _ in range(runs):
        forget_rulebooks()
        nodes.read.cache_clear()
        articles.read_yaml.cache_clear()
        began = time.process_time()
        count = sum(1 for city in cities() for _ in rulebooks_of(city))
        seconds.append(time.process_time() - began)
    return [Figure("读规则手册", f"各市各版各镇，{count}本", "秒", tuple(seconds))]
