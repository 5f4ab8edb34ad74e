"""按票排序：一批候选按得票在各层额度之内选出。并列影响结果的从不自行取舍，留待定出先后。

金额单位：分。纯计算，与候选列出的先后无关。
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from rulebooks.policy.lookups import looked_up, yuan
from rulebooks.vocabulary.policies import Fit, Quantity, Quota, RankRule


class RankingError(ValueError):
    """候选或额度写得不对，无从排序；消息为一句中文。"""


@dataclass(frozen=True, slots=True)
class Ballot:
    """一个候选：名称、得票、所需金额、所在的层。"""

    name: str
    votes: int
    cost: int
    layer: str


@dataclass(frozen=True, slots=True)
class RankRules:
    """怎样排：各层额度，额度不够时跳过（skip）还是到此为止（stop），最低得票，各层名额。

    `fits` 为另有规定的层；`order` 为并列者已定出的先后（如抽签），未定出的留待决定；
    `leftover_to` 为余额转入哪一层。
    """

    envelopes: Mapping[str, int]
    fit: Fit = "skip"
    minimum_votes: int = 0
    seats: Mapping[str, int] = field(default_factory=dict)
    order: tuple[str, ...] = ()
    leftover_to: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    fits: Mapping[str, Fit] = field(default_factory=dict)

    def label(self, layer: str) -> str:
        """一层的名称。"""
        return self.labels.get(layer, layer)

    def fit_of(self, layer: str) -> Fit:
        """一层里放不下的怎样。"""
        return self.fits.get(layer, self.fit)


@dataclass(frozen=True, slots=True)
class Ranking:
    """排序的结果：选中的（按票数），未选中的与并列待定的及其原因，各层余额。"""

    chosen: tuple[str, ...]
    not_chosen: Mapping[str, str]
    undecided: Mapping[str, str]
    left: Mapping[str, int]


@dataclass(slots=True)
class _Layer:
    """一层正在排的情形。"""

    name: str
    label: str
    left: int
    seats: int | None
    chosen: list[str] = field(default_factory=list)
    not_chosen: dict[str, str] = field(default_factory=dict)
    undecided: dict[str, str] = field(default_factory=dict)
    stopped: str = ""


def rules_of(rule: RankRule, facts: Mapping[str, Any], order: tuple[str, ...] = ()) -> RankRules:
    """环节里写的排序规则；按年度等查表的额度取所给事实的。

    Raises:
        RankingError: 额度查不到。
    """
    layers = rule.layers.items()
    return RankRules(
        envelopes={
            name: _found(layer.envelope, f"“{layer.label}”的额度", facts) for name, layer in layers
        },
        fit=rule.fit or "skip",
        fits={name: layer.fit for name, layer in layers if layer.fit is not None},
        minimum_votes=_found(rule.minimum_votes, "最低得票", facts),
        seats={name: layer.seats for name, layer in layers if layer.seats is not None},
        order=order,
        leftover_to={name: layer.leftover_to for name, layer in layers if layer.leftover_to},
        labels={name: layer.label for name, layer in layers},
    )


def _found(written: Quantity | Quota, label: str, facts: Mapping[str, Any]) -> int:
    """一个数；查表的取所给事实的。"""
    plain = written.amount if isinstance(written, Quantity) else written.count
    found = looked_up(written.by, facts) if written.by else plain
    if found is None:
        raise RankingError(f"{label}查不到，请在规则手册中补写，或先填写年度等事实。")
    return found


def ranked(ballots: Sequence[Ballot], rules: RankRules) -> Ranking:
    """排出选中与未选中的候选。

    Raises:
        RankingError: 名称重复，层没有额度，票数或金额为负，余额转入成环。
    """
    _checked(ballots, rules)
    votes = {ballot.name: ballot.votes for ballot in ballots}
    layers: dict[str, _Layer] = {}
    for name in _in_order(rules):
        layer = _Layer(name, rules.label(name), rules.envelopes[name], rules.seats.get(name))
        sources = [layers[source] for source, to in rules.leftover_to.items() if to == name]
        mine = [ballot for ballot in ballots if ballot.layer == name]
        layers[name] = _filled(layer, sources, mine, rules)
    chosen = [name for layer in layers.values() for name in layer.chosen]
    return Ranking(
        tuple(sorted(chosen, key=lambda name: (-votes[name], name))),
        {name: why for layer in layers.values() for name, why in layer.not_chosen.items()},
        {name: why for layer in layers.values() for name, why in layer.undecided.items()},
        {name: layer.left for name, layer in layers.items()},
    )


def _filled(
    layer: _Layer, sources: list[_Layer], ballots: Sequence[Ballot], rules: RankRules
) -> _Layer:
    """排完一层：先并入别层的余额，再按票数从高到低逐组取舍。"""
    waiting = [source.label for source in sources if source.undecided]
    for source in sources:
        layer.left, source.left = layer.left + source.left, 0
    able = []
    for ballot in ballots:
        if ballot.votes < rules.minimum_votes:
            words = f"得票{ballot.votes}票，未达到最低{rules.minimum_votes}票。"
            layer.not_chosen[ballot.name] = words
        elif waiting:
            layer.undecided[ballot.name] = f"“{'、'.join(waiting)}”还有并列待定，余额未定，请先定。"
        else:
            able.append(ballot)
    by_votes = sorted(able, key=lambda ballot: (-ballot.votes, ballot.name))
    for _, group in groupby(by_votes, key=lambda ballot: ballot.votes):
        _take(layer, list(group), rules)
    return layer


def _take(layer: _Layer, group: list[Ballot], rules: RankRules) -> None:
    """取舍票数相同的一组。"""
    if layer.undecided:
        for ballot in group:
            layer.undecided[ballot.name] = "票数在前的还有并列待定，请先定出先后。"
        return
    if _order_matters(layer, group, rules):
        if not all(ballot.name in rules.order for ballot in group):
            names = "、".join(ballot.name for ballot in group)
            words = f"“{names}”得票相同（{group[0].votes}票），额度或名额不够都选，请先定出先后。"
            layer.undecided |= dict.fromkeys((ballot.name for ballot in group), words)
            return
        group = sorted(group, key=lambda ballot: rules.order.index(ballot.name))
    for ballot in group:
        _take_one(layer, ballot, rules.fit_of(layer.name))


def _order_matters(layer: _Layer, group: list[Ballot], rules: RankRules) -> bool:
    """同票的几个，谁先谁后会不会使结果不同。"""
    if layer.stopped or len(group) == 1:
        return False
    fitting = [ballot for ballot in group if not _misfit(layer, ballot)]
    if not fitting:
        return False
    all_fit = sum(ballot.cost for ballot in fitting) <= layer.left
    seated = layer.seats is None or len(fitting) <= layer.seats - len(layer.chosen)
    # 放不下的遇上即止，所以谁先谁后要紧；跳过的则不要紧。
    mixed = rules.fit_of(layer.name) == "stop" and len(fitting) < len(group)
    return not (all_fit and seated) or mixed


def _take_one(layer: _Layer, ballot: Ballot, fit: Fit) -> None:
    words = layer.stopped or _misfit(layer, ballot)
    if words:
        layer.not_chosen[ballot.name] = words
        if fit == "stop" and not layer.stopped:
            layer.stopped = f"“{ballot.name}”已放不下，按规则到此为止，其后的不再选。"
        return
    layer.chosen.append(ballot.name)
    layer.left -= ballot.cost


def _misfit(layer: _Layer, ballot: Ballot) -> str:
    """放不下的原因；放得下的为空串。"""
    if layer.seats is not None and len(layer.chosen) >= layer.seats:
        return f"得票{ballot.votes}票，“{layer.label}”的{layer.seats}个名额已满。"
    if ballot.cost > layer.left:
        return f"需{yuan(ballot.cost)}，“{layer.label}”额度只余{yuan(layer.left)}。"
    return ""


def _checked(ballots: Sequence[Ballot], rules: RankRules) -> None:
    seen: set[str] = set()
    for ballot in ballots:
        if ballot.name in seen:
            raise RankingError(f"候选“{ballot.name}”列了两次，请合并或改名。")
        seen.add(ballot.name)
        if ballot.layer not in rules.envelopes:
            known = "、".join(rules.label(layer) for layer in rules.envelopes)
            raise RankingError(
                f"候选“{ballot.name}”所在的“{ballot.layer}”没有额度，有额度的为：{known}。"
            )
        if ballot.votes < 0 or ballot.cost < 0:
            raise RankingError(f"候选“{ballot.name}”的票数或金额小于零，请改正。")


def _in_order(rules: RankRules) -> Iterator[str]:
    """各层的次序：余额转出的在先，转入的在后。"""
    waiting = sorted(rules.envelopes)
    while waiting:
        ready = [name for name in waiting if name not in _targets(rules, waiting)]
        if not ready:
            raise RankingError(f"“{'、'.join(waiting)}”的余额互相转入，请改正 leftover_to。")
        yield from ready
        waiting = [name for name in waiting if name not in ready]


def _targets(rules: RankRules, sources: list[str]) -> set[str]:
    return {to for source, to in rules.leftover_to.items() if source in sources}
