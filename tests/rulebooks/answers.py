"""What the law cases that ask a question share: names, amounts in 元, and answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from rulebooks.vocabulary.model import Rulebook, fen
from rulebooks.vocabulary.refusals import Refusal

# What an answer gives in 分 and a case writes in 元.
MONEY = (
    "city", "town", "payer", "rest", "award", "total", "matching", "quotas", "amounts",
    "by_time_of_claim", "pro_rata",
)  # fmt: skip


@dataclass(frozen=True)
class Answer:
    """What the rulebook says: values by name, and why not when it says no."""

    values: Mapping[str, Any] = field(default_factory=dict)
    refused: str | None = None
    warned: str | None = None
    rule: str | None = None


def said(refusal: Refusal | None, **values: Any) -> Answer:
    """An answer that is a refusal, or else that all is well."""
    if refusal is None:
        return Answer({"held": True, **values})
    return Answer({"held": False, **values}, refused=refusal.sentence, rule=refusal.rule)


def expected(name: str, value: Any) -> Any:
    """A value of `expect` as an answer has it."""
    if name not in MONEY:
        return value
    return (
        {key: fen(part) for key, part in value.items()} if isinstance(value, dict) else fen(value)
    )


def entry(entries: Mapping[str, Any], written: str) -> Any:
    """An entry of a page by its key or its label."""
    found = [item for key, item in entries.items() if written in (key, item.label)]
    assert len(found) == 1, f"{written} is {len(found)} entries of {list(entries)}"
    return found[0]


def code(rulebook: Rulebook, written: str, *more: Mapping[str, str]) -> str:
    """The code of a term, fact, level, role or body written in Chinese."""
    known = (*more, rulebook.terms, rulebook.fact_labels, rulebook.levels, rulebook.bodies)
    for labels in known:
        codes = {label: key for key, label in labels.items()}
        if written in codes:
            return codes[written]
    return written


def facts_of(rulebook: Rulebook, given: Mapping[str, Any]) -> dict[str, Any]:
    """Facts by their labels, choices by theirs, amounts in 元."""
    facts: dict[str, Any] = {}
    lists = {
        "kind": rulebook.kinds,
        "category": rulebook.categories,
        "source": rulebook.suggestion_sources,
    }
    for written, value in given.items():
        name = code(rulebook, written, rulebook.fact_labels)
        own = rulebook.facts.get(name)
        choices = lists.get(name) or (own.choices if own is not None else {})
        amount = name in ("budget", "other_funds") or (own is not None and own.kind == "amount")
        chosen = {label: key for key, label in choices.items()}.get(str(value), value)
        facts[name] = fen(value) if amount else chosen
    return facts


def money(amounts: Mapping[str, Any]) -> dict[str, int]:
    return {name: fen(amount) for name, amount in amounts.items()}
