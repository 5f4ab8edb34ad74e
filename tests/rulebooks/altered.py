"""规则手册的变体：在张家港的手册上改几处，试一个新的词。

The copies are made in memory, so that a test names only what it changes. A changed rulebook is
held against `problems`, as a written one is when it is read.
"""

from collections.abc import Mapping
from typing import Any

from rulebooks.reading.loader import load_rulebook
from rulebooks.reading.soundness import problems
from rulebooks.vocabulary.model import FactEntry, Rulebook, Stage, Target
from tests.rulebooks.lives import CITY, TOWN

Changes = Mapping[str, Any]


def altered(stages: Mapping[str, Changes], *, town: str | None = TOWN, **top: Any) -> Rulebook:
    """The city's rulebook with some stages changed or added, and some of its other parts."""
    base = load_rulebook(CITY, None, town)
    facts = {name: FactEntry.model_validate(entry) for name, entry in top.pop("facts", {}).items()}
    changed = {
        **top,
        "facts": {**base.facts, **facts},
        "terms": {**base.terms, **top.get("terms", {})},
        "stages": {**base.stages, **{name: _stage(base, name, stages[name]) for name in stages}},
    }
    if "start" in top:
        changed["start"] = Target.model_validate(top["start"])
    return base.model_copy(update=changed)


def _stage(base: Rulebook, name: str, changes: Changes) -> Stage:
    given = {**changes}
    if name not in base.stages:
        return Stage.model_validate(given)
    stage = base.stages[name]
    # Written values are read as YAML would be; the stage's own are already read.
    known: Mapping[str, Any] = {"label": "", "waits": "", "kind": stage.kind, "by": stage.by}
    read = Stage.model_validate({**known, "then": stage.then, **given})
    return stage.model_copy(update={key: getattr(read, key) for key in given})


def told(rulebook: Rulebook) -> str:
    """Everything the reading of this rulebook would complain about, one a line."""
    return "\n".join(
        f"{'/'.join(map(str, place))}：{sentence}" for place, sentence in problems(rulebook)
    )
