"""The law cases that ask one question: a limit, a fund, a duty, a recusal, a register, a ranking.

Nothing happens in them: facts are given, and the rulebook's answer is compared. Every key may be
written as the rulebook has it or by its Chinese label, amounts in 元; the forms are explained at
the head of tests/policies/zhangjiagang/questions.yaml.
"""

from collections.abc import Callable, Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from rulebooks.days.working_days import load_calendar
from rulebooks.policy import coverage, duties, packages, pooling, ranking, recusal, registries
from rulebooks.policy.limits import Assessment, Given, assess
from rulebooks.policy.lookups import name_of
from rulebooks.vocabulary.events import ACTION_LABELS
from rulebooks.vocabulary.model import Limit, Rulebook, fen
from rulebooks.vocabulary.refusals import Refusal
from tests.rulebooks.answers import Answer, code, entry, facts_of, money, said
from tests.rulebooks.fund_questions import asked_about_money


def asked(rulebook: Rulebook, on: date, given: Mapping[str, Any]) -> Answer:
    """The answer to the one question that the case asks."""
    form = next(name for name in FORMS if name in given)
    return FORMS[form](rulebook, on, given)


def is_question(given: Mapping[str, Any]) -> bool:
    return any(name in given for name in FORMS)


# The forms ------------------------------------------------------------------------------------


def _limit(rulebook: Rulebook, on: date, given: Mapping[str, Any]) -> Answer:
    limit = entry(rulebook.limits, given["limit"])
    if "transfers" in given:
        return _transfers(rulebook, limit, given)
    if "listed" in given:
        found = coverage.covered(rulebook, limit, given["listed"], given["asked"])
        return _assessed(rulebook, found.assessment, missed=list(found.missed))
    read = _reader(limit)
    measured = read(given.get("measured", 0))
    if "adding" in given:
        measured = read(given["before"]) + read(given["adding"])
    facts = {"year": on.year, **facts_of(rulebook, given.get("facts", {}))}
    bases = {
        code(rulebook, name): int(read(value)) for name, value in given.get("bases", {}).items()
    }
    amounts = {name: fen(facts_yuan) for name, facts_yuan in given.get("amounts", {}).items()}
    quota = fen(given["quota"]) if "quota" in given else None
    all_given = Given(facts, bases, amounts, quota)
    if "counts" in given:
        counts = {code(rulebook, name): value for name, value in given["counts"].items()}
        return _assessed(rulebook, coverage.larger_of(rulebook, limit, counts, all_given))
    return _assessed(rulebook, assess(rulebook, limit, measured, all_given))


def _assessed(rulebook: Rulebook, found: Assessment, **more: Any) -> Answer:
    """An assessment as an answer: a must refuses, a should warns."""
    limit = found.limit
    values: dict[str, Any] = {"held": found.held, "applies": found.applies, **more}
    if found.bound is not None:
        values["bound"] = found.bound / 100 if limit.limit.money else found.bound
    if found.held:
        return Answer(values)
    sentence = f"{found.sentence}（{rulebook.article(limit)}）"
    if limit.severity == "should":
        return Answer(values, warned=sentence, rule=limit.cites)
    return Answer(values, refused=sentence, rule=limit.cites)


def _reader(limit: Limit) -> Callable[[Any], Fraction]:
    """How the figures of this limit are written: 元, a share, or a whole number."""
    if limit.limit.money:
        return lambda value: Fraction(fen(value))
    return lambda value: Fraction(str(value))


def _transfers(rulebook: Rulebook, limit: Limit, given: Mapping[str, Any]) -> Answer:
    found = pooling.transferred(
        rulebook,
        limit,
        money(given["quotas"]),
        money(given["transfers"]),
        code(rulebook, given["decided_by"], rulebook.levels),
    )
    return said(found) if isinstance(found, Refusal) else Answer({"held": True, "quotas": found})


def _duty(rulebook: Rulebook, on: date, given: Mapping[str, Any]) -> Answer:
    duty = entry(rulebook.duties, given["duty"])
    values: dict[str, Any] = {
        "from": name_of(rulebook, duty.from_),
        "to": [name_of(rulebook, to) for to in duty.to],
        "copies": [name_of(rulebook, to) for to in duty.copies],
    }
    if "population" in given:
        values["sample"] = duties.sample_size(duty.sample, given["population"])
    if "period" not in given:
        return Answer(values)
    period = duties.period_of(str(given["period"]))
    found = duties.due_of(rulebook, duty, period, load_calendar())
    if isinstance(found, Refusal):
        return said(found, **values)
    values |= {"due": found.last, "opens": duties.opens_on(duty, period, found)}
    if "done" in given:
        values["on_time"] = given["done"] <= found.last
    return Answer(values)


def _recusal(rulebook: Rulebook, on: date, given: Mapping[str, Any]) -> Answer:
    rule = entry(rulebook.recusal, given["recusal"])
    scope = given.get("scope")
    involved = recusal.Involvement(
        code(rulebook, given["action"], ACTION_LABELS),
        code(rulebook, given["relation"]),
        code(rulebook, scope) if scope else None,
    )
    return said(recusal.recused(rulebook, rule, involved))


def _registry(rulebook: Rulebook, on: date, given: Mapping[str, Any]) -> Answer:
    registry = entry(rulebook.registries, given["registry"])
    items = (*registry.admits, *registry.automatic, *registry.removed_on)
    labels = {item.term: item.label for item in items if item.label is not None}
    found = registries.moved(rulebook, registry, code(rulebook, given["cause"], labels))
    moves = {name: found.move == name for name in ("entered", "admitted", "removed")}
    return Answer({**moves, "then": found.then})


def _ballots(rulebook: Rulebook, on: date, given: Mapping[str, Any]) -> Answer:
    """The ranking is the rulebook's own: the case names the stage, not its numbers."""
    rule = entry(rulebook.stages, given["ranking"]).ranking
    labels = {layer.label: name for name, layer in rule.layers.items()}
    only = next(iter(rule.layers))
    ballots = [
        ranking.Ballot(
            item["name"],
            item["votes"],
            fen(item["cost"]),
            labels.get(item.get("layer", only), item.get("layer", only)),
        )
        for item in given["ballots"]
    ]
    order = given.get("tie", [])
    facts = {"year": on.year, **facts_of(rulebook, given.get("facts", {}))}
    rules = ranking.rules_of(rule, facts, () if order == "refuse" else tuple(order))
    try:
        found = ranking.ranked(ballots, rules)
    except ranking.RankingError as error:
        return Answer(refused=str(error))
    return Answer(
        {
            "chosen": list(found.chosen),
            "not_chosen": dict(found.not_chosen),
            "undecided": sorted(found.undecided),
        }
    )


def _package(rulebook: Rulebook, on: date, given: Mapping[str, Any]) -> Answer:
    members, total = money(given["package"]), fen(given["pays"])
    try:
        if "exact" in given:
            found = packages.stated(total, money(given["exact"]), members)
        else:
            found = packages.apportioned(total, members)
    except packages.PackageError as error:
        return Answer(refused=str(error))
    return Answer({"amounts": found})


FORMS: dict[str, Callable[[Rulebook, date, Mapping[str, Any]], Answer]] = {
    "limit": _limit,
    "fund": asked_about_money,
    "duty": _duty,
    "recusal": _recusal,
    "registry": _registry,
    "ballots": _ballots,
    "package": _package,
}
