"""分支的毛病：永远轮不到的一支，各支之间的空档。

把条件里出现的每个界线取前后各一点、每个事实取各个可能的值，逐一试走，看哪一支从来没有轮到，
哪一种情形没有一支接得住。界线由下级补的，当作哪边都有可能。
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import product
from math import prod
from typing import Any

from rulebooks.lint.book import Book, mapping, sequence
from rulebooks.lint.findings import Finding, fault
from rulebooks.lint.quantities import value_of
from rulebooks.lint.views import View, outcomes, views

WORDS = ("below", "at_most", "at_least", "more_than")
GROUPS = ("all", "any", "not", "amount", "number", "facts")
MOST_TRIED = 50_000
STEP = Fraction(1, 100)
# 没有写进条件的值，代表“其余”。
OTHER = "（其余）"

Sample = Mapping[tuple[str, str], Any]


def branch_findings(book: Book) -> Iterator[Finding]:
    """各个角度下分支的毛病，同一处只报一次。"""
    seen: set[tuple[str, str]] = set()
    for view in views(book):
        for finding in _in_view(view):
            if (finding.kind, finding.place) not in seen:
                seen.add((finding.kind, finding.place))
                yield finding


def _in_view(view: View) -> Iterator[Finding]:
    start = mapping(view.content.get("start")).get("choose")
    yield from _choice(view, ("start", "choose"), "从哪里开始", start)
    for name in view.own:
        for outcome, target in outcomes(mapping(view.stages.get(name))).items():
            place = ("stages", name, "then", outcome, "choose")
            yield from _choice(view, place, view.label(name), mapping(target).get("choose"))


def _choice(view: View, place: tuple[str, ...], label: str, choose: Any) -> Iterator[Finding]:
    branches = [mapping(branch) for branch in sequence(choose)]
    conditions = [branch.get("when") for branch in branches]
    if not branches:
        return
    domains = _domains(view, conditions)
    if prod(len(values) for values in domains.values()) > MOST_TRIED:
        return
    taken, missed = _tried(conditions, domains)
    for index, branch in enumerate(branches):
        if index not in taken:
            rule = str(branch.get("cites", ""))
            says = f"“{label}”的第{index + 1}支永远轮不到，前面各支已经盖住它的界线。"
            yield fault("branch_never_taken", view.at(*place, index), rule, label, says)
    if missed is not None and conditions[-1] is not None:
        says = f"“{label}”有接不住的情形（如{missed}），最后一支须不写 when。"
        yield fault("gap", view.at(*place), "", label, says)


def _tried(
    conditions: Sequence[Any], domains: Mapping[tuple[str, str], list[Any]]
) -> tuple[set[int], str | None]:
    """逐一试走：轮到过的各支，与第一个没有接住的情形。"""
    taken: set[int] = set()
    missed = None
    for values in product(*domains.values()):
        sample = dict(zip(domains, values, strict=True))
        first = next((i for i, when in enumerate(conditions) if _holds(when, sample)), None)
        if first is None:
            missed = missed or _words(sample)
        else:
            taken.add(first)
    return taken, missed


def _words(sample: Sample) -> str:
    return "、".join(f"{name}={value}" for (_, name), value in sample.items())


def _domains(view: View, conditions: Sequence[Any]) -> dict[tuple[str, str], list[Any]]:
    """条件里的每个量可以取的值。"""
    found: dict[tuple[str, str], set[Any]] = {}
    for kind, name, value in (atom for when in conditions for atom in _atoms(when)):
        known = found.setdefault((kind, name), set())
        if kind == "fact":
            known |= _fact_values(view, name) | {value}
        elif kind == "free":
            known |= {True, False}
        else:
            known |= {value - STEP, value, value + STEP}
    for (kind, name), values in found.items():
        if kind == "fact" and values <= {True, False}:
            values |= {True, False}
        elif kind == "fact" and not _fact_values(view, name):
            values.add(OTHER)
    return {key: sorted(values, key=str) for key, values in found.items()}


def _fact_values(view: View, name: str) -> set[Any]:
    listed = {"kind": "kinds", "category": "categories"}.get(name)
    if listed:
        return set(mapping(view.content.get(listed)))
    fact = mapping(mapping(view.content.get("facts")).get(name))
    return set(mapping(fact.get("choices")))


def _atoms(when: Any) -> Iterator[tuple[str, str, Any]]:
    """条件里的各项比较：量的种类、名称、界线或取值。"""
    fields = mapping(when)
    if not fields:
        return
    for part in (*sequence(fields.get("all")), *sequence(fields.get("any")), fields.get("not")):
        yield from _atoms(part)
    for kind in ("amount", "number"):
        if kind in fields:
            yield from _bounds(kind, mapping(fields[kind]))
    for name, value in _facts(fields).items():
        yield "fact", str(name), _plain(value)


def _bounds(kind: str, test: Mapping[str, Any]) -> Iterator[tuple[str, str, Any]]:
    for word in WORDS:
        if word in test:
            value = value_of(test[word])
            if value is None:
                yield "free", f"{kind}{sorted(map(str, test.items()))}", True
            else:
                for name in _measured(kind, test):
                    yield kind, name, value


def _measured(kind: str, test: Mapping[str, Any]) -> list[str]:
    names = test.get("of") if kind == "amount" else test.get("fact")
    return [str(name) for name in sequence(names)]


def _facts(fields: Mapping[str, Any]) -> dict[str, Any]:
    own = {name: value for name, value in fields.items() if name not in GROUPS}
    return {**mapping(fields.get("facts")), **own}


def _plain(value: Any) -> Any:
    return value if isinstance(value, bool | int | str) else str(value)


def _holds(when: Any, sample: Sample) -> bool:
    fields = mapping(when)
    parts = [_holds(part, sample) for part in sequence(fields.get("all"))]
    options = [_holds(part, sample) for part in sequence(fields.get("any"))]
    if options:
        parts.append(any(options))
    if fields.get("not") is not None:
        parts.append(not _holds(fields["not"], sample))
    parts.extend(
        _compared(kind, mapping(fields[kind]), sample)
        for kind in ("amount", "number")
        if kind in fields
    )
    for name, value in _facts(fields).items():
        parts.append(sample.get(("fact", str(name))) == _plain(value))
    return all(parts)


def _compared(kind: str, test: Mapping[str, Any], sample: Sample) -> bool:
    free = sample.get(("free", f"{kind}{sorted(map(str, test.items()))}"))
    if free is not None:
        return bool(free)
    for word in WORDS:
        bound = value_of(test.get(word))
        if bound is not None:
            values = [sample[kind, name] for name in _measured(kind, test)]
            return any(_beats(word, value, bound) for value in values)
    return False


def _beats(word: str, value: Fraction, bound: Fraction) -> bool:
    match word:
        case "below":
            return value < bound
        case "at_most":
            return value <= bound
        case "at_least":
            return value >= bound
        case _:
            return value > bound
