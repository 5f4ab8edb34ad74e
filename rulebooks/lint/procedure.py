"""程序的毛病：走不到、走不出去、没有经办、公示没有内容、期限没有单位。"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rulebooks.lint.book import Book, mapping, sequence
from rulebooks.lint.directions import direction_findings, stage_fault
from rulebooks.lint.findings import Finding, fault
from rulebooks.lint.naming import AWAITED, names_office
from rulebooks.lint.views import JOIN, View, delegations, outcomes, targets, views

PERIODS = ("within", "lasts")
DATED = frozenset({"date", "until"})
GROUNDS = ("cites", "reading", "article", "parameter")


def procedure_findings(book: Book) -> Iterator[Finding]:
    """各个角度下程序的毛病，同一处只报一次。"""
    seen: set[tuple[str, str]] = set()
    for view in views(book):
        for look in (_unreachable, _ways_out, _stages, _clocks):
            for finding in look(view):
                if (finding.kind, finding.place) not in seen:
                    seen.add((finding.kind, finding.place))
                    yield finding


def _unreachable(view: View) -> Iterator[Finding]:
    """从起点出发走不到的环节。"""
    met: set[str] = set()
    waiting = view.starts
    while waiting:
        name = waiting.pop()
        if name not in met and name in view.stages:
            met.add(name)
            for target in outcomes(view.stages[name]).values():
                waiting.extend(targets(target))
    if not met:
        return
    for name in sorted(view.own - met):
        says = f"没有任何去向通到环节“{view.label(name)}”。"
        yield stage_fault(view, "unreachable", name, says)


def _ways_out(view: View) -> Iterator[Finding]:
    """走不到结案的环节：没有去向，或转来转去出不去。"""
    out: set[str] = set()
    joined = _joins(view)
    while True:
        found = {
            name
            for name, stage in view.stages.items()
            if name not in out
            and any(_leads_out(target, out, joined) for target in outcomes(stage).values())
        }
        if not found:
            break
        out |= found
    for name in view.stages:
        if name in view.own and name not in out:
            says = f"从环节“{view.label(name)}”出发走不到结案。"
            yield stage_fault(view, "no_way_out", name, says)


def _joins(view: View) -> set[str]:
    every = (outcome for stage in view.stages.values() for outcome in outcomes(stage).values())
    starts = (view.content.get("start"),)
    return {str(fields[JOIN]) for fields in map(mapping, (*every, *starts)) if fields.get(JOIN)}


def _leads_out(target: Any, out: set[str], joined: set[str]) -> bool:
    if mapping(target).get("close") or any(True for _ in delegations(target)):
        return True
    return any(name in out or (name == JOIN and joined & out) for name in targets(target))


def _stages(view: View) -> Iterator[Finding]:
    for name, stage in view.stages.items():
        if name in view.own:
            for look in STAGE_LOOKS:
                yield from look(view, name, stage)


def _owner(view: View, name: str, stage: Mapping[str, Any]) -> Iterator[Finding]:
    by = mapping(stage.get("by"))
    if not by.get("role"):
        says = f"环节“{view.label(name)}”没有写由谁办（by）。"
        yield stage_fault(view, "without_owner", name, says)
    waits, levels = str(stage.get("waits", "")), mapping(view.content.get("levels"))
    named = [level for level, label in levels.items() if names_office(AWAITED, label, waits)]
    role = mapping(mapping(view.content.get("roles")).get(str(by.get("role"))))
    at = sequence(by.get("at")) or sequence(role.get("at"))
    if named and at and not set(named) & set(at):
        says = f"“{waits}”所说的机关与经办角色“{role.get('label')}”不在一级。"
        yield stage_fault(view, "without_owner", name, says)


def _publicity(view: View, name: str, stage: Mapping[str, Any]) -> Iterator[Finding]:
    if stage.get("kind") != "publicize":
        return
    if not stage.get("fields"):
        says = f"公示“{view.label(name)}”没有写须载明的内容（fields）。"
        yield stage_fault(view, "without_fields", name, says)
    if not stage.get("channels"):
        says = f"公示“{view.label(name)}”没有写渠道（channels）。"
        yield stage_fault(view, "without_channels", name, says)
    if not stage.get("announces"):
        says = f"公示“{view.label(name)}”没有写张贴后出具的起止说明（announces）。"
        yield stage_fault(view, "without_dates", name, says)
    if stage.get("objections") and stage.get("rests_on") and "upheld" not in outcomes(stage):
        says = f"公示“{view.label(name)}”收意见，而没有写意见成立以后去哪里（upheld）。"
        yield stage_fault(view, "no_refusal", name, says)
    yield from _rested_fields(view, name, stage)


def _rested_fields(view: View, name: str, stage: Mapping[str, Any]) -> Iterator[Finding]:
    """公示了的事实，改动以后须重新公示；各项都不依据事实的公示不在此列。"""
    rests = sequence(stage.get("rests_on"))
    facts, terms = mapping(view.content.get("facts")), mapping(view.content.get("terms"))
    labels = {_fact_label(fact): key for key, fact in facts.items()}
    for field in sequence(stage.get("fields")):
        fact = labels.get(terms.get(field, ""))
        if rests and fact and fact not in rests:
            says = f"公示了“{terms[field]}”，而 rests_on 没有“{fact}”，改动以后不会重新公示。"
            yield stage_fault(view, "fact_not_rested_on", name, says)


def _fact_label(fact: Any) -> Any:
    return fact.get("label") if isinstance(fact, Mapping) else fact


def _paid_in_time(view: View, name: str, stage: Mapping[str, Any]) -> Iterator[Finding]:
    """拨付的期限有国家规定，不能不写。"""
    clocks = mapping(view.content.get("clocks")).values()
    covered = any(name in sequence(mapping(clock).get("covers")) for clock in clocks)
    if stage.get("kind") == "pay" and not (stage.get("within") or covered):
        says = f"拨付“{view.label(name)}”没有期限（保障中小企业款项支付条例第九条）。"
        yield stage_fault(view, "without_count", name, says)


def _periods(view: View, name: str, stage: Mapping[str, Any]) -> Iterator[Finding]:
    for key in PERIODS:
        period = stage.get(key)
        if isinstance(period, Mapping):
            yield from _period(view, ("stages", name, key), view.label(name), period)


def _clocks(view: View) -> Iterator[Finding]:
    for name, clock in mapping(view.content.get("clocks")).items():
        if isinstance(clock, Mapping):
            label = str(clock.get("label", name))
            yield from _period(view, ("clocks", name), label, clock)


def _period(
    view: View, place: tuple[str, ...], label: str, period: Mapping[str, Any]
) -> Iterator[Finding]:
    """期限须有数目和单位；写截止日的不必。"""
    if not DATED.isdisjoint(period):
        return
    for key, kind, word in (("count", "without_count", "数目"), ("unit", "without_unit", "单位")):
        if key not in period and "parameter" not in period:
            says = f"“{label}”的期限没有写{word}（{key}）。"
            yield fault(kind, view.at(*place), str(period.get("cites", "")), label, says)


def _grounded(view: View, name: str, stage: Mapping[str, Any]) -> Iterator[Finding]:
    """环节须有条款，没有条款的须有解释。"""
    if not (stage.get("cites") or stage.get("reading") or stage.get("article")):
        says = f"环节“{view.label(name)}”没有写出处（cites），也没有写解释（reading）。"
        yield stage_fault(view, "without_ground", name, says)
    for key in ("within", "lasts"):
        period = mapping(stage.get(key))
        if period and not any(period.get(word) for word in GROUNDS):
            says = f"环节“{view.label(name)}”的期限没有写出处，也没有写解释。"
            yield fault("without_ground", view.at("stages", name, key), "", view.label(name), says)


STAGE_LOOKS = (
    _owner,
    _publicity,
    direction_findings,
    _periods,
    _paid_in_time,
    _grounded,
)
