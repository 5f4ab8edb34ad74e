"""限额、资金、报送、回避、名册自洽：代码都有中文名称，范围、基数、去处都在册，查表的事实在册。

每个问题是位置与一句中文；文件与行由 pages.py 补上。
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from rulebooks.policy.lookups import YEAR
from rulebooks.reading.listed import (
    Place,
    Problem,
    bad_condition,
    known,
    unknown_amount,
    unknown_level,
)
from rulebooks.vocabulary.events import ACTION_LABELS
from rulebooks.vocabulary.model import (
    Duty,
    Fund,
    Limit,
    RankRule,
    RecusalRule,
    Registry,
    Rulebook,
    Stage,
)
from rulebooks.vocabulary.policies import Bound, Term

# 项目的钱里可以分别记账的部分，另有本市自设的金额事实。
PORTIONS = ("fiscal", "other_funds")
# 限额的范围，除各层级之外还可以写的。
SCOPES = frozenset(
    {
        "project", "plan", "batch", "package", "kind", "category", "item", "household", "person",
        "organisation", "implementer", "programme", "month", "quarter", "half_year", "year",
    }
)  # fmt: skip


def provision_problems(rulebook: Rulebook) -> Iterator[Problem]:
    """程序之外各页的全部问题；没有问题时为空。"""
    for name, stage in rulebook.stages.items():
        yield from _ranking(rulebook, ("stages", name, "ranking"), stage)
    for name, limit in rulebook.limits.items():
        yield from _limit(rulebook, ("limits", name), limit)
    for name, fund in rulebook.funds.items():
        yield from _fund(rulebook, ("funds", name), fund)
    for name, duty in rulebook.duties.items():
        yield from _duty(rulebook, ("duties", name), duty)
    for name, rule in rulebook.recusal.items():
        yield from _recusal(rulebook, ("recusal", name), rule)
    for name, registry in rulebook.registries.items():
        yield from _registry(rulebook, ("registries", name), registry)


def _ranking(rulebook: Rulebook, place: Place, stage: Stage) -> Iterator[Problem]:
    """按票排序的环节：余额转入的层在册，并列怎样定先后有中文名称。"""
    rule = stage.ranking
    if rule is None:
        return
    if stage.kind != "rank":
        yield place, f"只有 rank 类环节按票排序，“{stage.label}”是 {stage.kind} 类，请改正。"
    if rule.ties.label is None:
        yield from _named(rulebook, (*place, "ties"), rule.ties.term)
    yield from _table(rulebook, (*place, "minimum_votes"), rule.minimum_votes.by)
    yield from _layers(rulebook, place, rule)
    for name, layer in rule.layers.items():
        yield from _table(rulebook, (*place, "layers", name, "envelope"), layer.envelope.by)
        if layer.leftover_to is not None and layer.leftover_to not in rule.layers:
            sentence = f"没有“{layer.leftover_to}”这一层，可用的有：{known(rule.layers)}。"
            yield (*place, "layers", name, "leftover_to"), sentence


def _layers(rulebook: Rulebook, place: Place, rule: RankRule) -> Iterator[Problem]:
    """各层对得上：写了 layer 的为那项事实的各个值，没有写的只有一层，为某一层级。"""
    if rule.scope is not None:
        yield from unknown_level(rulebook, (*place, "scope"), rule.scope)
    if rule.layer is None:
        if len(rule.layers) > 1:
            yield (*place, "layers"), "写了几层，请写明按哪项事实分层（layer: 事实代码）。"
        for name in rule.layers:
            yield from unknown_level(rulebook, (*place, "layers", name), name)
        return
    choices = _choices(rulebook, rule.layer)
    if not choices:
        listed = known(name for name in rulebook.facts if _choices(rulebook, name))
        yield (*place, "layer"), f"“{rule.layer}”不是从几项里选的必填事实，可用的有：{listed}。"
        return
    for name in rule.layers:
        if name not in choices:
            sentence = f"{rule.layer} 没有“{name}”这个值，可用的有：{known(choices)}。"
            yield (*place, "layers", name), sentence


def _choices(rulebook: Rulebook, name: str) -> Mapping[str, str]:
    """一项必填的事实可选的值；不是从几项里选的没有。"""
    own = rulebook.facts.get(name)
    lists = {"kind": rulebook.kinds, "category": rulebook.categories}
    return lists.get(name) or (own.choices if own is not None and own.required else {})


def _limit(rulebook: Rulebook, place: Place, limit: Limit) -> Iterator[Problem]:
    for scope in limit.per:
        if scope not in SCOPES and scope not in rulebook.levels:
            listed = known((*rulebook.levels, *sorted(SCOPES)))
            yield (*place, "per"), f"范围“{scope}”不可用，可用的有：{listed}。"
    if limit.of is not None:
        yield from unknown_amount(rulebook, (*place, "of"), limit.of)
    yield from bad_condition(rulebook, (*place, "only"), limit.only)
    yield from _bound(rulebook, (*place, limit.word), limit.bound)
    if limit.pooled is not None:
        for key, level in (("within", limit.pooled.within), ("by", limit.pooled.by)):
            yield from _named(rulebook, (*place, "pooled", key), level)
    if not limit.limit.money and not limit.unit and limit.limit.share is None:
        yield place, "按个数的限额须写明计量单位（unit），如 unit: 户，请补上。"


def _bound(rulebook: Rulebook, place: Place, bound: Bound) -> Iterator[Problem]:
    if bound.of is not None:
        yield from _named(rulebook, (*place, "of"), bound.of)
    yield from _table(rulebook, (*place, "by"), bound.by)


def _table(
    rulebook: Rulebook, place: Place, by: Mapping[str, Mapping[str, object]]
) -> Iterator[Problem]:
    """查表所凭的事实在册，只凭一项，逐个值都有。"""
    if len(by) > 1:
        yield place, f"只能按一项事实查表，现在写了{known(by)}，请只留一项。"
    standard: Mapping[str, Mapping[str, str]] = {
        "kind": rulebook.kinds,
        "category": rulebook.categories,
    }
    for fact, table in by.items():
        if fact not in rulebook.facts and fact != YEAR:
            yield place, f"“{fact}”不是事实，可用的有：{known((YEAR, *rulebook.facts))}。"
            continue
        own = rulebook.facts[fact].choices if fact in rulebook.facts else {}
        choices = standard.get(fact, own)
        for key in table if choices else ():
            if key not in choices:
                yield (*place, fact), f"{fact} 没有“{key}”这个值，可用的有：{known(choices)}。"


def _fund(rulebook: Rulebook, place: Place, fund: Fund) -> Iterator[Problem]:
    for key, code in (("payer", fund.payer), ("receiver", fund.receiver)):
        yield from _named(rulebook, (*place, key), code)
    for key in ("share", "award", "quota", "ceiling"):
        table = getattr(fund, key)
        if table is not None:
            yield from _table(rulebook, (*place, key, "by"), table.by)
    for key in ("excludes", "pays_only", "pays_not", "requires"):
        yield from _terms(rulebook, (*place, key), getattr(fund, key))
    if fund.books is not None:
        yield from bad_condition(rulebook, (*place, "books", "only"), fund.books.only)
        own = [name for name, fact in rulebook.facts.items() if fact.kind == "amount"]
        if fund.books.of not in (*PORTIONS, *own):
            listed = known((*PORTIONS, *own))
            yield (*place, "books", "of"), f"“{fund.books.of}”不可用，可用的有：{listed}。"


def _duty(rulebook: Rulebook, place: Place, duty: Duty) -> Iterator[Problem]:
    named: dict[str, tuple[str | None, ...]] = {
        "from": (duty.from_,),
        "to": duty.to,
        "copies": duty.copies,
        "covers": duty.covers,
        "gives": (duty.gives,),
        "then": (duty.then,),
    }
    for key, codes in named.items():
        for code in codes:
            yield from _named(rulebook, (*place, key), code)
    if duty.population is not None:
        yield from _terms(rulebook, (*place, "population"), (duty.population,))
    if duty.fund is not None and duty.fund not in rulebook.funds:
        yield (*place, "fund"), f"资金“{duty.fund}”不存在，可用的有：{known(rulebook.funds)}。"
    recognition = duty.recognition
    if recognition is not None:
        for code in (recognition.by, recognition.gives, *recognition.to):
            yield from _named(rulebook, (*place, "recognition"), code)
    opens = duty.opens
    if opens is not None and opens.stage is not None and opens.stage not in rulebook.stages:
        yield (*place, "opens"), f"环节“{opens.stage}”不存在，可用的有：{known(rulebook.stages)}。"


def _recusal(rulebook: Rulebook, place: Place, rule: RecusalRule) -> Iterator[Problem]:
    named = {"who": (rule.who,), "in": rule.in_, "may_not": rule.may_not}
    for key, codes in named.items():
        for code in codes:
            if key != "may_not" or code not in ACTION_LABELS:
                yield from _named(rulebook, (*place, key), code)
    for code in (rule.if_.related_to, *rule.if_.relations):
        yield from _named(rulebook, (*place, "if"), code)
    yield from _listed(rulebook, (*place, "then"), rule.then)


def _registry(rulebook: Rulebook, place: Place, registry: Registry) -> Iterator[Problem]:
    yield from _named(rulebook, (*place, "kept_by"), registry.kept_by)
    for key in ("admits", "automatic", "removed_on"):
        yield from _terms(rulebook, (*place, key), getattr(registry, key))
    yield from _listed(rulebook, (*place, "then"), registry.then)


def _listed(rulebook: Rulebook, place: Place, name: str | None) -> Iterator[Problem]:
    """列入的名册在册。"""
    if name is not None and name not in rulebook.registries:
        yield place, f"名册“{name}”不存在，可用的有：{known(rulebook.registries) or '无'}。"


def _terms(rulebook: Rulebook, place: Place, terms: Iterable[Term]) -> Iterator[Problem]:
    for term in terms:
        if term.label is None:
            yield from _named(rulebook, place, term.term)


def _named(rulebook: Rulebook, place: Place, code: str | None) -> Iterator[Problem]:
    """代码有中文名称：机关、层级、角色、用语或事实之一。"""
    places = (rulebook.bodies, rulebook.levels, rulebook.roles, rulebook.terms, rulebook.facts)
    if code is not None and not any(code in names for names in places):
        yield (
            place,
            f"“{code}”没有中文名称，请在 rulebook.yaml 的 bodies（机关）或 terms（用语）中写明。",
        )
