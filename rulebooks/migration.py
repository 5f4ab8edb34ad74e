"""转用：事项改按另一版本办理，由有权裁定的人写明理由决定；办过的、已公告的都不变。

走过的路须在新版本里照样走得通，否则不予转用：不因换版本而漏掉一个环节，也不重办已办的。
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from rulebooks.asking import Ask
from rulebooks.contents import Opened
from rulebooks.deadlines import local_day
from rulebooks.events import Event
from rulebooks.facts import DETAILS, completed, fact_problem, own_facts, recorded_later
from rulebooks.loader import load_rulebook
from rulebooks.model import Rulebook, Stage, Version
from rulebooks.pages import BrokenRulebookError
from rulebooks.refusals import Refusal
from rulebooks.revisions import current
from rulebooks.routes import beginning, destination, running
from rulebooks.state import BLOCKED, State

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
    state = _under(state, _other(state, str(event.content["version"])))
    return replace(state, clocks=running(state, state.open, event))


def migration_problem(ask: Ask) -> Refusal | None:
    """可否转用：版本在册、已经施行，正在办的与办过的在新版本里都接得上。"""
    state, wanted = ask.state, str(ask.content["version"])
    basis = state.rulebook.corrections
    known = {version.id: version for version in state.rulebook.versions}
    found = known.get(wanted)
    if found is None or wanted == state.rulebook.version.id:
        others = "、".join(name for name in known if name != state.rulebook.version.id) or "无"
        sentence = f"不能转用版本“{wanted}”，可以转用的有：{others}。"
        return ask.refuse("no_other_version", sentence, basis)
    problem = _not_begun(ask, found) or next(_gaps(state, wanted), None)
    return None if problem is None else ask.refuse("cannot_migrate", problem, basis)


def _not_begun(ask: Ask, version: Version) -> str | None:
    if version.since <= local_day(ask.occurred_at):
        return None
    return f"{version.label}自{version.since.isoformat()}起施行，此前不能转用，请到时再办。"


def _other(state: State, version: str) -> Rulebook:
    now = state.rulebook
    return load_rulebook(now.city, version, now.town, now.submission)


def _under(state: State, rulebook: Rulebook) -> State:
    """按另一版本看：它另设的是非一类的事实没有填的，与立卷时一样即为否。"""
    absent = completed(rulebook, {})[DETAILS]
    return replace(state, rulebook=rulebook, facts={**absent, **state.facts})


def _gaps(state: State, wanted: str) -> Iterator[str]:
    """接不上之处，逐条一句。"""
    try:
        rulebook = _other(state, wanted)
    except BrokenRulebookError as error:
        yield f"版本“{wanted}”不可用，请先改正规则手册：{error}"
        return
    for look in (_facts, _open, _walked):
        for problem in look(state, rulebook):
            yield f"不能转用{rulebook.version.label}：{problem}"


def _facts(state: State, rulebook: Rulebook) -> Iterator[str]:
    choices = (
        ("kind", rulebook.kinds),
        ("category", rulebook.categories),
        ("source", rulebook.suggestion_sources),
    )
    for fact, known in choices:
        if state.facts.get(fact) not in known:
            label = state.rulebook.fact_labels.get(fact) or Opened.model_fields[fact].title
            yield f"其中没有本项目的{label}，请先变更该项。"
    later = recorded_later(rulebook)
    for name, entry in own_facts(rulebook).items():
        if name not in state.facts:
            if entry.required and name not in later:
                yield f"其中立卷须写明“{entry.label}”，本项目没有，请按原版本办完。"
        elif fact_problem(rulebook, state.number, name, state.facts[name]) is not None:
            yield f"本项目所填的“{entry.label}”不合其中的写法，请先变更该项。"


def _open(state: State, rulebook: Rulebook) -> Iterator[str]:
    """正在办的环节在新版本里仍是这一种，缺的数已有，已经张贴的渠道不变。"""
    for opened in state.open:
        now, then = state.rulebook.stages.get(opened.stage), rulebook.stages.get(opened.stage)
        if opened.stage.startswith(BLOCKED) or now is None:
            yield "事项正停在缺补充规定之处，请先补上规定。"
            continue
        if then is None or then.kind != now.kind:
            yield f"其中没有正在办理的“{now.label}”，请办完该环节再转用。"
            continue
        if then.missing:
            yield f"“{now.label}”所用的数尚无补充规定，请先补上。"
        begun = opened.publicity is not None and opened.publicity.posted
        if begun and set(then.channels) != set(now.channels):
            yield f"“{now.label}”的公示渠道不同，请待公示结束再转用。"


def _walked(state: State, rulebook: Rulebook) -> Iterator[str]:
    """办过的环节都在，且从那里去往同一处。"""
    after = _under(state, rulebook)
    if beginning(rulebook, after.facts) != beginning(state.rulebook, state.facts):
        yield "事项的起点不同，请另立新项目。"
    for result in state.results:
        if result.stage not in rulebook.stages:
            label = state.rulebook.stages[result.stage].label
            yield f"其中没有已办的“{label}”，请按原版本办完。"
            return
    for result in current(state):
        stage = rulebook.stages[result.stage]
        yield from _unrecorded(after, stage)
        target = stage.then.get(result.outcome)
        if target is None or destination(target, after) != result.to:
            yield f"已办的“{stage.label}”在其中接着去往别处，请按原版本办完。"
    if state.join is not None and state.join[0] not in rulebook.stages:
        yield "并行的各支在其中会合到别处，请会合之后再转用。"


def _unrecorded(state: State, stage: Stage) -> Iterator[str]:
    """已办的环节在新版本里另记、当时没有记的事实。"""
    for name in stage.records:
        if name not in state.facts:
            label = state.rulebook.facts[name].label
            yield f"已办的“{stage.label}”在其中另记“{label}”，请按原版本办完。"
