"""Law cases an official can read: Chinese names in, Chinese answers out.

The names of fields, stages and actions are those the forms show; they are looked up in the
rulebook and in the forms, so that a case breaks when a label it uses is renamed.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, TypeVar

from ruamel.yaml import YAML

from rulebooks.judging.demands import Field, demanded
from rulebooks.judging.judgement import Outside, Refusal, judge_opening
from rulebooks.judging.outside import Established, Held, KnownImplementer
from rulebooks.procedure.actions import stage_actions
from rulebooks.procedure.objections import OBJECT, late_objection_to
from rulebooks.procedure.state import OpenStage
from rulebooks.reading.loader import load_rulebook, rulebook_on
from rulebooks.vocabulary.contents import Opened
from rulebooks.vocabulary.events import ACTION_LABELS
from rulebooks.vocabulary.model import Rulebook, fen
from tests.rulebooks.answers import facts_of
from tests.rulebooks.lives import TOWN, WORKS, Life, moment
from tests.rulebooks.ordinary import ANSWERS

Named = TypeVar("Named")

POLICIES = Path(__file__).parents[1] / "policies"
KEYS = {"name", "on", "given", "expect", "article"}
ORDINARY = "ordinary.yaml"
# Long enough before the day asked about for every earlier stage to be done.
BEFORE = timedelta(days=90)
ACTIONS = {label: action for action, label in ACTION_LABELS.items()}


@dataclass(frozen=True)
class LawCase:
    """One case as written in a file of tests/policies/<city>/."""

    city: str
    name: str
    on: date
    given: Mapping[str, Any]
    expect: Mapping[str, Any]
    article: str


def law_cases() -> list[LawCase]:
    """The law cases of every city; lists of other things lie in the same folders."""
    return [
        LawCase(path.parent.name, **entry)
        for path in sorted(POLICIES.glob("*/*.yaml"))
        for entry in _entries(path)
        if set(entry) == KEYS
    ]


def _entries(path: Path) -> Iterator[dict[str, Any]]:
    content = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    if isinstance(content, list):
        yield from (entry for entry in content if isinstance(entry, dict))


def ordinary(city: str) -> Mapping[str, Any]:
    """What a city's cases leave unsaid: town, project by key, answers by stage."""
    path = POLICIES / city / ORDINARY
    if not path.exists():
        return {"town": TOWN, "project": WORKS | {"budget": WORKS["budget"] / 100}}
    return dict(YAML(typ="safe").load(path.read_text(encoding="utf-8")))


def book(case: LawCase, day: date, town: str | None = None) -> Rulebook:
    """The rulebook in force on a day: the version the case chose, if it chose one."""
    found = rulebook_on(case.city, day, town=town, chosen=case.given.get("chosen"))
    return found or load_rulebook(case.city, None, town)


def played(case: LawCase) -> tuple[Life, Refusal | None]:
    """The case as it stands after what was given, and the refusal of its last act if any."""
    given, usual = case.given, ordinary(case.city)
    town = given.get("town", usual["town"])
    reached = given.get("reached")
    opened = given.get("opened", case.on - BEFORE if reached else case.on)
    rulebook = book(case, opened, town)
    facts = project(rulebook, usual["project"]) | project(rulebook, given.get("project", {}))
    facts = {"number": WORKS["number"], **facts, "town": town}
    life = Life(rulebook, opened)
    life.answers = usual.get("answers", ANSWERS)
    implementer = KnownImplementer("I1", "顺达工程队", town, active=True)
    total = fen(given.get("community_total", 0))
    # What the community did earlier in the year was, unless said otherwise, of the same sort.
    earlier = (Established(facts, dict.fromkeys(("budget", "total", "fiscal"), total)),)
    held = _held(given.get("held", 0), facts, case.on)
    life.outside = Outside(implementer, total, earlier if total else (), held)
    opening = judge_opening(rulebook, opened_with(facts), life.now)
    if isinstance(opening, Refusal):
        return life, opening
    life.record(opening)
    if reached:
        _reach(life, stage_named(rulebook, reached, life), given)
    life.until(case.on)
    if "posted" in given:
        life.answer(life.stages[0])
    return life, _act(life, given.get("acts", []))


def _held(given: Any, facts: Mapping[str, Any], on: date) -> tuple[Held, ...]:
    """What the implementer has already: so many projects of the same sort, or their amounts."""
    each = [0] * given if isinstance(given, int) else [fen(amount) for amount in given]
    names = ("budget", "total", "fiscal", "contract")
    return tuple(Held(facts, dict.fromkeys(names, amount), on) for amount in each)


def _reach(life: Life, stage: str, given: Mapping[str, Any]) -> None:
    # The community's total is asked about at the stage under test, not on the way to it.
    outside, life.outside = life.outside, Outside(life.outside.implementer)
    if "contract" in given or "signed" in given:
        signing = next(
            name for name, rule in life.rulebook.stages.items() if rule.kind == "contract"
        )
        life.reach(signing)
        signed = filled(life, "sign", {"says": given.get("signed", {})}, signing)
        if "contract" in given:
            signed["amount"] = fen(given["contract"])
        life.do("sign", signed, stage=signing)
    life.reach(stage)
    life.outside = outside


def _act(life: Life, acts: list[Mapping[str, Any]]) -> Refusal | None:
    for number, act in enumerate(acts, 1):
        if "wait_until" in act:
            life.until(act["wait_until"])
            continue
        if "on" in act:
            life.until(moment(act["on"]))
        action = among(ACTIONS, act["do"], "动作（do）")
        stage = stage_named(life.rulebook, act["in"], life) if "in" in act else None
        made = moment(act["made"]) if "made" in act else None
        found = life.propose(action, filled(life, action, act, stage), stage=stage, at=made)
        if isinstance(found, Refusal):
            assert number == len(acts), found
            return found
        life.record(found)
    return None


def stage_named(rulebook: Rulebook, label: str, life: Life) -> str:
    """The stage with this label; one of the town's own has another name than the city's."""
    names = [name for name, stage in rulebook.stages.items() if stage.label == label]
    labels = "、".join(stage.label for stage in rulebook.stages.values())
    assert names, f"没有“{label}”这个环节，可用的有：{labels}。"
    return next((name for name in names if life.state.stage_open(name)), names[0])


def project(rulebook: Rulebook, given: Mapping[str, Any]) -> dict[str, Any]:
    """The facts as the opening form and the rulebook name them, amounts in 元."""
    names = {info.title: name for name, info in Opened.model_fields.items()}
    return facts_of(rulebook, {names.get(title, title): value for title, value in given.items()})


def opened_with(facts: Mapping[str, Any]) -> dict[str, Any]:
    """The facts as they are opened with: the city's own ones stand apart."""
    own = {name: value for name, value in facts.items() if name not in Opened.model_fields}
    rest = {name: value for name, value in facts.items() if name in Opened.model_fields}
    return {**rest, "details": own} if own else rest


def filled(
    life: Life, action: str, act: Mapping[str, Any], stage: str | None = None
) -> dict[str, Any]:
    """What is ordinary, with what the case says put over it."""
    named = life.state.stage_open(stage) if stage else None
    opened = named or _where(life, action)
    fields = {field.label: field for field in demanded(life.state, opened, action)}
    content: dict[str, Any] = {}
    if opened and opened.stage in life.rulebook.stages and action not in ("post", "request_change"):
        known = {field.name.partition(".")[0] for field in fields.values()}
        ordinary = life.ordinary(opened.stage)
        content = {name: value for name, value in ordinary.items() if name in known}
    if action == "post":
        content = {"evidence": "照片"}
    if action in ("pause_clock", "resume_clock"):
        content = {"clock": life.state.clocks[0].name}
    # A stage that waits for a missing rule asks nothing; what the act says there does not matter.
    for label, value in act.get("says", {}).items() if fields else ():
        put(content, among(fields, label, "要填的项（says）"), value)
    for label in act.get("leaves_out", []):
        outer, _, inner = among(fields, label, "要填的项（leaves_out）").name.partition(".")
        leave_out(content, outer, inner)
    return content


def leave_out(content: dict[str, Any], outer: str, inner: str) -> None:
    """One item of a list of questions is not answered, or the whole question."""
    if inner:
        del content[outer][inner]
    else:
        content.pop(outer, None)


def among(known: Mapping[str, Named], label: str, what: str) -> Named:
    """What the label names; an unknown one is told with those there are."""
    assert label in known, f"没有“{label}”这个{what}，可用的有：{'、'.join(known)}。"
    return known[label]


def _where(life: Life, action: str) -> OpenStage | None:
    """The open stage that offers the action, else the first that is open."""
    for opened in life.state.open:
        if action in [offered for offered, _ in stage_actions(life.state, opened)]:
            return opened
    if action == OBJECT:
        return late_objection_to(life.state, None, None)
    return life.state.open[0] if life.state.open else None


def put(content: dict[str, Any], field: Field, value: Any) -> None:
    """Write one value where its field stands, as the form would."""
    if field.kind == "amount":
        value = fen(value)
    if field.kind == "choice":
        value = {label: key for key, label in field.choices.items()}.get(value, value)
    outer, _, inner = field.name.partition(".")
    if inner:
        content.setdefault(outer, {})[inner] = value
    else:
        content[outer] = value
