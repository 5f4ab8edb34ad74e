"""合并计票：同在一个按票排序环节的各项目一起排，得出每一项的名次、所在层次、是否入选及原因。

金额单位：分。纯计算；排法写在规则手册（见 ranking.py），票数由人登记。
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from rulebooks.judging.outside import Taken
from rulebooks.policy.lookups import YEAR
from rulebooks.policy.ranking import Ballot, Ranking, RankingError, RankRules, ranked, rules_of
from rulebooks.vocabulary.model import RankRule, Rulebook, Stage


class UndecidedError(RankingError):
    """并列影响结果而先后未定；消息指明是哪几项、怎样定。"""


@dataclass(frozen=True, slots=True)
class Candidate:
    """一个项目及其得票：事项编号、名称、事实、所需金额（资金预算）。"""

    number: str
    title: str
    facts: Mapping[str, Any]
    cost: int
    votes: int


@dataclass(frozen=True, slots=True)
class Sitting:
    """这一次计票：年度，已定出的同票先后（事项编号），此前已经入选的。"""

    year: int
    order: tuple[str, ...] = ()
    taken: tuple[Taken, ...] = ()


@dataclass(frozen=True, slots=True)
class Placed:
    """一个项目的结果：得票、名次（同票未定先后的并列）、层次的名称、是否入选、原因。"""

    number: str
    votes: int
    place: int
    layer: str
    chosen: bool
    reason: str

    def content(self, ballots: str) -> dict[str, Any]:
        """记入台账的内容；`ballots` 为投票批次。"""
        return {
            "ballots": ballots,
            "votes": self.votes,
            "place": self.place,
            "layer": self.layer,
            "chosen": self.chosen,
            "reason": self.reason,
        }


def scope_of(rulebook: Rulebook, stage: Stage) -> tuple[str, ...]:
    """哪一级之内的项目一起排：写了 scope 的从其规定，没有写的为经办角色所在的层级。"""
    if stage.ranking is not None and stage.ranking.scope is not None:
        return (stage.ranking.scope,)
    return rulebook.levels_of(stage.by)


def layer_of(rulebook: Rulebook, rule: RankRule, facts: Mapping[str, Any]) -> str:
    """一个项目在哪一层：写了 layer 的看那项事实，没有写的只有一层。

    Raises:
        RankingError: 这项事实没有填，或所填的没有对应的层。
    """
    if rule.layer is None:
        return next(iter(rule.layers))
    found = facts.get(rule.layer)
    if found in rule.layers:
        return str(found)
    entry = rulebook.facts[rule.layer]
    written = entry.choices.get(str(found), str(found)) if found is not None else "没有填写"
    listed = "、".join(layer.label for layer in rule.layers.values())
    raise RankingError(
        f"项目“{facts.get('title', '')}”的{entry.label}为“{written}”，"
        f"没有这一层的额度，有额度的为：{listed}；请先申请变更。"
    )


def count(
    rulebook: Rulebook, rule: RankRule, candidates: Sequence[Candidate], sitting: Sitting
) -> tuple[Placed, ...]:
    """一起排，按层、名次列出。

    Raises:
        UndecidedError: 并列影响结果而先后未定。
        RankingError: 额度查不到，或项目不在任何一层。
    """
    layers = {item.number: layer_of(rulebook, rule, item.facts) for item in candidates}
    rules = _what_is_left(_rules(rule, candidates, sitting), sitting)
    ballots = [
        Ballot(item.number, item.votes, item.cost, layers[item.number]) for item in candidates
    ]
    found = ranked(ballots, rules)
    if found.undecided:
        raise UndecidedError(_undecided(rulebook, rule, candidates, found))
    placed = [_placed(ballot, ballots, found, rules) for ballot in ballots]
    order = list(rules.envelopes)
    by_number = {ballot.name: ballot.layer for ballot in ballots}
    return tuple(
        sorted(placed, key=lambda it: (order.index(by_number[it.number]), it.place, it.number))
    )


def _rules(rule: RankRule, candidates: Sequence[Candidate], sitting: Sitting) -> RankRules:
    """这一次的排法：查表所凭的事实须各项目相同，不同的当作没有。"""
    first = candidates[0].facts
    shared = {
        name: value
        for name, value in first.items()
        if all(item.facts.get(name) == value for item in candidates)
    }
    return rules_of(rule, {**shared, YEAR: sitting.year}, sitting.order)


def _what_is_left(rules: RankRules, sitting: Sitting) -> RankRules:
    """扣去此前已入选的所用的额度与名额。"""
    envelopes, seats = dict(rules.envelopes), dict(rules.seats)
    for taken in sitting.taken:
        if taken.layer in envelopes:
            envelopes[taken.layer] -= taken.amount
        if taken.layer in seats:
            seats[taken.layer] = max(0, seats[taken.layer] - 1)
    return replace(rules, envelopes=envelopes, seats=seats)


def _placed(ballot: Ballot, ballots: Sequence[Ballot], found: Ranking, rules: RankRules) -> Placed:
    place = 1 + sum(_before(other, ballot, rules) for other in ballots)
    chosen, label = ballot.name in found.chosen, rules.label(ballot.layer)
    reason = found.not_chosen.get(ballot.name, "")
    if chosen:
        reason = f"得票{ballot.votes}票，居“{label}”第{place}名，在额度之内，入选。"
    return Placed(ballot.name, ballot.votes, place, label, chosen, reason)


def _before(other: Ballot, ballot: Ballot, rules: RankRules) -> bool:
    """另一项是否排在前面：同一层里得票多的，同票的看已定的先后。"""
    if other.layer != ballot.layer or other.votes < ballot.votes:
        return False
    if other.votes > ballot.votes:
        return True
    drawn = rules.order
    both = other.name in drawn and ballot.name in drawn
    return both and drawn.index(other.name) < drawn.index(ballot.name)


def _undecided(
    rulebook: Rulebook, rule: RankRule, candidates: Sequence[Candidate], found: Ranking
) -> str:
    titles = {item.number: item.title for item in candidates}
    named = "、".join(f"{number}“{titles[number]}”" for number in sorted(found.undecided))
    ties = rule.ties.label or rulebook.terms.get(rule.ties.term, rule.ties.term)
    return (
        f"{named}得票相同或受同票影响，额度或名额不够都选；"
        f"请{ties}定出先后，连同先后（order）再登记一次。"
    )
