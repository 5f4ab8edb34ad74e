"""名册：什么情形自动列入，什么情形可以申请列入，什么情形移出、移出后列入哪里。"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from rulebooks.policy.lookups import name_of
from rulebooks.vocabulary.model import Registry, Rulebook
from rulebooks.vocabulary.policies import Term

Move = Literal["entered", "admitted", "removed", "none"]


@dataclass(frozen=True, slots=True)
class Movement:
    """一种情形在名册上的后果：自动列入、可以列入、移出，或没有后果；`then` 为另须列入的名册。"""

    move: Move
    then: str | None = None
    article: str = ""


def moved(rulebook: Rulebook, registry: Registry, cause: str) -> Movement:
    """某种情形在名册上的后果；没有写到的情形没有后果，不类推。"""
    ways: tuple[tuple[Move, tuple[Term, ...]], ...] = (
        ("removed", registry.removed_on),
        ("entered", registry.automatic),
        ("admitted", registry.admits),
    )
    for move, terms in ways:
        item = _named(terms, cause)
        if item is not None:
            then = _label(rulebook, registry.then) if move == "removed" else None
            article = rulebook.article(item) or rulebook.article(registry)
            return Movement(move, then, article)
    return Movement("none")


def _named(terms: Iterable[Term], cause: str) -> Term | None:
    return next((item for item in terms if item.term == cause), None)


def _label(rulebook: Rulebook, name: str | None) -> str | None:
    """移出后列入的名册的名称。"""
    if name is None:
        return None
    other = rulebook.registries.get(name)
    return other.label if other is not None else name_of(rulebook, name)
