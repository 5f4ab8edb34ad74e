"""环节自洽：一个环节所引用的都在册，本类环节必需的键与结果都有，不该有的没有。"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from rulebooks.reading.listed import (
    Place,
    Problem,
    bad_condition,
    known,
    not_a_day,
    not_a_number,
    unknown_assignee,
    unknown_document,
    unknown_stage,
    unknown_term,
)
from rulebooks.vocabulary.events import PICK, STAGE_ACTIONS, UPHELD, outcomes_of
from rulebooks.vocabulary.facts import own_facts
from rulebooks.vocabulary.model import ByDate, Condition, Rulebook, Stage, Within

# 金额也可以是环节的依据：合同额、送审额、审定额。
RESTED_AMOUNTS = ("contract", "submitted", "audited")
# 这些环节没有写明的键就办不了：种类 → 键 → 说明。
NEEDED: Mapping[str, Mapping[str, str]] = {
    "publicize": {"lasts": "公示期", "channels": "公示渠道"},
    "vote": {"passes": "通过条件"},
    "archive": {"contains": "归档材料"},
}
# 只用于某几类环节的键：写在别处不起作用，所以不收。
ONLY_ON: Mapping[str, tuple[str, ...]] = {
    "demands": ("vote", "decide"),
    "checks": ("vote", "decide"),
    "passes": ("vote", "batch", "recognize"),
    "clauses": ("contract",),
    "lasts": ("publicize",),
    "channels": ("publicize",),
    "fields": ("publicize",),
    "announces": ("publicize",),
    "answered_by": ("publicize",),
    "objections": ("publicize",),
    "dimensions": ("evaluate",),
    "groups": ("evaluate",),
    "effect_when": ("evaluate",),
    "third_party_when": ("audit",),
    "bundled": ("audit",),
    "signatories": ("accept",),
    "records": ("collect",),
    "ranking": ("rank",),
    "contains": ("archive",),
    "pays": ("pay",),
    "fund": ("pay",),
}
# 公示期满、测评之后必有去向；其余种类，首个动作的结果都要有去向。
MUST_LEAD: Mapping[str, tuple[str, ...]] = {"publicize": ("ended",), "evaluate": ("measured",)}
# 只用于报送件的资金申请。
CLAIMING = ("claim", "recognize")
CHECKED = ("demands", "checks", "clauses")
LISTED = ("channels", "fields", "contains", "dimensions", "signatories")


def stage_problems(rulebook: Rulebook, place: Place, stage: Stage) -> Iterator[Problem]:
    """一个环节的全部问题。"""
    for check in CHECKS:
        yield from check(rulebook, place, stage)


def _people(rulebook: Rulebook, place: Place, stage: Stage) -> Iterator[Problem]:
    yield from unknown_assignee(rulebook, (*place, "by"), stage.by)
    if stage.answered_by is not None:
        yield from unknown_assignee(rulebook, (*place, "answered_by"), stage.answered_by)
    yield from _deadline(rulebook, (*place, "within"), stage.within)


def _deadline(
    rulebook: Rulebook, place: Place, within: Within | ByDate | None
) -> Iterator[Problem]:
    """时限自哪个环节起算、到哪一日为止，都在册。"""
    if isinstance(within, Within) and within.since is not None:
        yield from unknown_stage(rulebook, (*place, "since"), within.since)
    if isinstance(within, ByDate) and within.until is not None:
        yield from not_a_day(rulebook, (*place, "until"), within.until)


def _terms(rulebook: Rulebook, place: Place, stage: Stage) -> Iterator[Problem]:
    """用语、公文、事实都在 rulebook.yaml 中说明。"""
    used = {key: [check.term for check in getattr(stage, key)] for key in CHECKED}
    used |= {key: list(getattr(stage, key)) for key in LISTED}
    for key, terms in used.items():
        for index, term in enumerate(terms):
            yield from unknown_term(rulebook, (*place, key, index), term)
    if stage.kind == PICK:
        for outcome in stage.then:
            yield from unknown_term(rulebook, (*place, "then", outcome), outcome)
    for key in ("issues", "announces"):
        yield from unknown_document(rulebook, (*place, key), getattr(stage, key))


def _facts(rulebook: Rulebook, place: Place, stage: Stage) -> Iterator[Problem]:
    """依据的、汇总时记的事实，缺的参数，都在册。"""
    rested = (*rulebook.facts, *RESTED_AMOUNTS)
    for fact in stage.rests_on:
        if fact not in rested:
            sentence = f"“{fact}”不是事实或金额，可用的有：{known(rested)}。"
            yield (*place, "rests_on"), sentence
    own = own_facts(rulebook)
    for fact in stage.records:
        if fact not in own:
            sentence = f"“{fact}”不是本市另设的事实，可用的有：{known(own) or '无'}。"
            yield (*place, "records"), sentence
    for name in stage.missing:
        if name not in rulebook.parameters:
            listed = known(rulebook.parameters) or "无"
            yield (*place, "missing"), f"参数“{name}”不存在，可用的有：{listed}。"


def _needs(rulebook: Rulebook, place: Place, stage: Stage) -> Iterator[Problem]:
    """本类环节必需的键都有，别类环节的键没有。"""
    for key, label in NEEDED.get(stage.kind, {}).items():
        # 缺地方所定之数的，要用时才停住，读入时不因此拒绝。
        if not getattr(stage, key) and not stage.missing:
            yield place, f"{stage.kind} 类环节须写明{label}（{key}），请补上。"
    for key, kinds in ONLY_ON.items():
        if getattr(stage, key) and stage.kind not in kinds:
            listed = known(kinds)
            yield (*place, key), f"{key} 只用于 {listed} 类环节，{stage.kind} 类不用，请删去。"


def _claiming(rulebook: Rulebook, place: Place, stage: Stage) -> Iterator[Problem]:
    """申请、认定只在报送件里，义务写明申请哪笔资金，有年度总额。"""
    if stage.kind not in CLAIMING:
        return
    duty = rulebook.duties.get(rulebook.submission or "")
    if duty is None:
        yield (*place, "kind"), f"{stage.kind} 只用于报送件（submissions.yaml），请改用别的种类。"
        return
    fund = rulebook.funds.get(duty.fund or "")
    if fund is None or fund.share is None or fund.envelope is None:
        sentence = (
            f"{stage.kind} 须在 duties.yaml 写明申请哪笔资金（fund），"
            "该资金有比例（share）与总额（envelope），请补上。"
        )
        yield (*place, "kind"), sentence


def _outcomes(rulebook: Rulebook, place: Place, stage: Stage) -> Iterator[Problem]:
    """结果齐全，没有本类环节不会有的结果。"""
    offered = STAGE_ACTIONS[stage.kind]
    possible = {outcome for action in offered for outcome in outcomes_of(stage, action)}
    if not stage.then:
        yield (*place, "then"), "至少要有一种结果及其去向，请补上。"
    for outcome in MUST_LEAD.get(stage.kind, next(iter(offered.values()))):
        if outcome not in stage.then:
            yield (*place, "then"), f"缺少结果“{outcome}”的去向，请补上。"
    for outcome in stage.then:
        if outcome not in possible:
            listed = known(sorted(possible))
            yield (*place, "then", outcome), f"没有“{outcome}”这种结果，可用的有：{listed}。"


def _threshold(rulebook: Rulebook, place: Place, stage: Stage) -> Iterator[Problem]:
    """异议的门槛按一项人数算，达到之后有去向。"""
    rule = stage.objections.threshold if stage.objections is not None else None
    if rule is None:
        return
    where = (*place, "objections", "threshold")
    yield from not_a_number(rulebook, (*where, "of"), rule.of)
    entry = rulebook.facts.get(rule.of)
    recorded = any(rule.of in other.records for other in rulebook.stages.values())
    if entry is not None and not entry.required and not recorded:
        yield (*where, "of"), f"“{rule.of}”须为必填（required: true），否则算不出门槛，请改正。"
    if UPHELD not in stage.then:
        yield (*place, "then"), f"写了异议的门槛，缺少结果“{UPHELD}”的去向，请补上。"


def _payment(rulebook: Rulebook, place: Place, stage: Stage) -> Iterator[Problem]:
    """从在册的资金付；最早的拨付时间所指的环节、日期在册。"""
    if stage.fund is not None and stage.fund not in rulebook.funds:
        listed = known(rulebook.funds) or "无"
        yield (*place, "fund"), f"资金“{stage.fund}”不存在，可用的有：{listed}。"
    rule = stage.pays.not_before if stage.pays is not None else None
    if rule is None:
        return
    where = (*place, "pays", "not_before")
    if rule.since is not None:
        yield from unknown_stage(rulebook, (*where, "since"), rule.since)
    if rule.fact is not None:
        yield from not_a_day(rulebook, (*where, "fact"), rule.fact)


def _debt(rulebook: Rulebook, place: Place, stage: Stage) -> Iterator[Problem]:
    if stage.debt is not None:
        yield from unknown_stage(rulebook, (*place, "debt", "of"), stage.debt.of)


def _conditions(rulebook: Rulebook, place: Place, stage: Stage) -> Iterator[Problem]:
    for key in CHECKED:
        for index, check in enumerate(getattr(stage, key)):
            yield from bad_condition(rulebook, (*place, key, index, "only"), check.only)
    if isinstance(stage.third_party_when, Condition):
        yield from bad_condition(rulebook, (*place, "third_party_when"), stage.third_party_when)
    yield from bad_condition(rulebook, (*place, "effect_when"), stage.effect_when)


CHECKS: tuple[Callable[[Rulebook, Place, Stage], Iterator[Problem]], ...] = (
    _people,
    _terms,
    _facts,
    _needs,
    _outcomes,
    _threshold,
    _debt,
    _payment,
    _claiming,
    _conditions,
)
