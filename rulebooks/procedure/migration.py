"""转用：事项改按另一版本办理；办过的、已公告的都不变。可否转用见 judging/migration_checks.py。"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from rulebooks.procedure.routes import running
from rulebooks.procedure.state import State
from rulebooks.reading.loader import load_rulebook
from rulebooks.vocabulary.events import Event
from rulebooks.vocabulary.facts import DETAILS, completed
from rulebooks.vocabulary.model import Rulebook

ACTION = "migrate_rulebook"
MIGRATED = "rulebook_migrated"
# 立卷内容里写明版本的一项。
VERSION = "rulebook_version"


def founding_version(events: Iterable[Event], latest: str) -> str:
    """立卷时的版本：立卷所记的；早先的流水没有记，取首次转用所记的前一版，没有转用过的就是现在的一版。"""
    for event in events:
        if event.content.get(VERSION):
            return str(event.content[VERSION])
        if event.kind == MIGRATED:
            return str(event.content["version_before"])
    return latest


def migrated(state: State, event: Event) -> State:
    """转用之后的状态：换规则手册，时限按新版本接着走；公告的起止、意见、结果照旧。"""
    state = under(state, other_version(state, str(event.content["version"])))
    return replace(state, clocks=running(state, state.open, event))


def other_version(state: State, version: str) -> Rulebook:
    """同一城市、镇街、报送件的另一版规则手册。"""
    now = state.rulebook
    return load_rulebook(now.city, version, now.town, now.submission)


def under(state: State, rulebook: Rulebook) -> State:
    """按另一版本看：它另设的是非一类的事实没有填的，与立卷时一样即为否。"""
    absent = completed(rulebook, {})[DETAILS]
    return replace(state, rulebook=rulebook, facts={**absent, **state.facts})
