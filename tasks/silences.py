"""原文未写之处: our readings behind a stage or a decision, printed on what they decided."""

from collections.abc import Iterator

from notices.parts import Reading
from rulebooks.articles import readings
from rulebooks.model import Stage
from rulebooks.state import Result, State


def readings_of(state: State, stage: Stage) -> tuple[Reading, ...]:
    """本环节用到的我方解释，逐条印在公文上；没有编号的照写原话。"""
    known = readings(state.rulebook.city)
    named = dict.fromkeys(name for name in _readings_named(stage) if name)
    texts = [known[name].reading if name in known else name for name in named]
    return tuple(Reading(text) for text in texts)


def readings_behind(state: State, decision: Result) -> tuple[Reading, ...]:
    """作出该决定所用到的我方解释，如表决的人数。"""
    return readings_of(state, state.rulebook.stages[decision.stage])


def _readings_named(stage: Stage) -> Iterator[str | None]:
    yield stage.reading
    yield stage.lasts.reading if stage.lasts else None
    passes = stage.passes
    yield passes.quorum.reading if passes and passes.quorum else None
    yield passes.majority.reading if passes else None
    objections = stage.objections
    yield objections.reading if objections and objections.threshold else None
