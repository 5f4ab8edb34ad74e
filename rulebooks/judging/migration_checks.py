"""转用的核对：由有权裁定的人写明理由决定，另一版本已经施行，走过的路在其中照样走得通。

不因换版本而漏掉一个环节，也不重办已办的；接不上的不予转用。
"""

from __future__ import annotations

from collections.abc import Iterator

from rulebooks.judging.asking import Ask
from rulebooks.procedure.deadlines import local_day
from rulebooks.procedure.migration import other_version, under
from rulebooks.procedure.revisions import current
from rulebooks.procedure.routes import beginning, destination
from rulebooks.procedure.state import BLOCKED, State
from rulebooks.reading.pages import BrokenRulebookError
from rulebooks.vocabulary.contents import Opened
from rulebooks.vocabulary.facts import fact_problem, own_facts, recorded_later
from rulebooks.vocabulary.model import Rulebook, Stage, Version
from rulebooks.vocabulary.refusals import Refusal


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


def _gaps(state: State, wanted: str) -> Iterator[str]:
    """接不上之处，逐条一句。"""
    try:
        rulebook = other_version(state, wanted)
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
    after = under(state, rulebook)
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
