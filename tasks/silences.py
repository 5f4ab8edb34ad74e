"""原文未写之处: our readings behind a stage or a decision, printed on what they decided."""

from collections.abc import Iterable, Iterator

from notices.parts import Reading
from rulebooks.procedure.state import Result, State
from rulebooks.vocabulary.articles import readings
from rulebooks.vocabulary.model import Cited, Duty, Rulebook, Stage


def readings_of(state: State, stage: Stage) -> tuple[Reading, ...]:
    """本环节用到的我方解释，逐条印在公文上；没有编号的照写原话。"""
    return _written(state.rulebook.city, _readings_named(stage))


def reading_of(state: State, cited: Cited) -> tuple[Reading, ...]:
    """规则手册的一处所写的我方解释，如公文为什么出具。"""
    return _written(state.rulebook.city, (cited.reading,))


def readings_behind(state: State, decision: Result) -> tuple[Reading, ...]:
    """作出该决定所用到的我方解释，如表决的人数。"""
    return readings_of(state, state.rulebook.stages[decision.stage])


def readings_reported(rulebook: Rulebook, duty: Duty) -> tuple[Reading, ...]:
    """报送所依据的我方解释：义务本身的、截止日期的，以及各环节的。"""
    stages = rulebook.stages.values()
    named = (duty.reading, duty.due.reading, *(stage.reading for stage in stages))
    return _written(rulebook.city, named)


def _written(city: str, named: Iterable[str | None]) -> tuple[Reading, ...]:
    known = readings(city)
    kept = dict.fromkeys(name for name in named if name)
    return tuple(Reading(known[name].reading if name in known else name) for name in kept)


def _readings_named(stage: Stage) -> Iterator[str | None]:
    yield stage.reading
    yield stage.lasts.reading if stage.lasts else None
    passes = stage.passes
    yield passes.quorum.reading if passes and passes.quorum else None
    yield passes.majority.reading if passes else None
    objections = stage.objections
    yield objections.reading if objections and objections.threshold else None
