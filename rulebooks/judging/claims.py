"""季度认定：哪些项目证据齐全、可以申请，各申请多少；其余的各缺什么。金额单位：分。

条件取自资金的 requires，一个条件一个判断；没有判断办法的留给人核对。纯函数，不读时钟。
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from rulebooks.policy.funds import Split, matching, sharing
from rulebooks.policy.lookups import YEAR, yuan
from rulebooks.procedure import milestones
from rulebooks.vocabulary.model import Fund, Rulebook
from rulebooks.vocabulary.policies import Term
from rulebooks.vocabulary.refusals import Refusal

# 认定由联席会议作出，不是申请之前就有的。
DECIDED_LATER = frozenset({"recognized"})
TOWN_MONEY = ""
NO_SPLIT = Split(0, 0)
NO_SHARE = "没有可由市级分担的财政资金"


@dataclass(frozen=True, slots=True)
class Candidate:
    """一个项目在数据截止时点的证据。

    Attributes:
        number: 编号。
        title: 名称。
        community: 社区。
        audited: 审定金额；还没有审计结论的为 None。
        other: 其中的社会资金。
        sources: 单列的其他来源各实际支出多少，按用语代码。
        paid: 镇街一共已拨付多少，各种来源合计。
        has: 已经办到的各步（统计口径的名称）。
        claimed: 现列在哪一件申请里，待认定或已认定；没有的为空。
        recognised: 已经认定的市级资金（扣回之后的净额）；没有认定过的为 None。
        before: 上一次没有获得认定的理由。
    """

    number: str
    title: str
    community: str
    audited: int | None = None
    other: int = 0
    sources: Mapping[str, int] = field(default_factory=dict)
    paid: int = 0
    has: frozenset[str] = frozenset()
    claimed: str = ""
    recognised: int | None = None
    before: str = ""


@dataclass(frozen=True, slots=True)
class Evidence:
    """据以判断的：项目，剔除的金额，计算基数及其分担，镇街已付的配套资金。"""

    candidate: Candidate
    excluded: int = 0
    base: int = 0
    shares: Split = NO_SPLIT
    matched: int = 0


@dataclass(frozen=True, slots=True)
class Line:
    """申请的一行：审定金额、剔除的、计算基数及其分担；`reverses` 为被扣回的那件申请。"""

    project: str
    title: str
    community: str
    audited: int
    excluded: int
    base: int
    city: int
    town: int
    matched: int
    reverses: str = ""
    before: str = ""

    def plain(self) -> dict[str, Any]:
        """写进台账的样子。"""
        return {name: getattr(self, name) for name in LINE}


LINE = tuple(Line.__dataclass_fields__)


@dataclass(frozen=True, slots=True)
class Lacking:
    """没有列入申请的项目及其所缺：各条件的代码与说明。"""

    project: str
    title: str
    community: str
    audited: int | None
    terms: tuple[str, ...]
    lacks: tuple[str, ...]
    before: str = ""

    def plain(self) -> dict[str, Any]:
        """写进台账的样子。"""
        known = {name: getattr(self, name) for name in LACKING}
        return {**known, "terms": list(self.terms), "lacks": list(self.lacks)}


LACKING = tuple(Lacking.__dataclass_fields__)


@dataclass(frozen=True, slots=True)
class Claim:
    """一镇一季的申请：各行，没有列入的，须人工核对的条件。"""

    year: int
    lines: tuple[Line, ...]
    lacking: tuple[Lacking, ...] = ()
    by_hand: tuple[str, ...] = ()

    @property
    def city(self) -> int:
        """申请市级资金合计。"""
        return sum(line.city for line in self.lines)

    @property
    def town(self) -> int:
        """镇街承担合计。"""
        return sum(line.town for line in self.lines)

    def plain(self) -> dict[str, Any]:
        """写进台账的内容。"""
        return {
            "year": self.year,
            "lines": [line.plain() for line in self.lines],
            "lacking": [item.plain() for item in self.lacking],
            "by_hand": list(self.by_hand),
            "city": self.city,
            "town": self.town,
        }


def claim_of(
    rulebook: Rulebook, fund: Fund, candidates: Iterable[Candidate], year: int
) -> Claim | Refusal:
    """一镇一季的申请：条件齐全的列入，其余的逐项写明所缺；已认定而后来审减的扣回。

    Args:
        rulebook: 规则手册。
        fund: 申请哪笔资金。
        candidates: 本镇街截止时点的全部项目。
        year: 申请所属的年度，比例按它查。
    """
    lines: list[Line] = []
    lacking: list[Lacking] = []
    reversals: list[Line] = []
    shared = sharing(rulebook, fund, {YEAR: year})
    for candidate in candidates:
        evidence = _evidence(fund, candidate, shared)
        if isinstance(evidence, Refusal):
            return evidence
        if candidate.recognised is not None:
            reversals.extend(_reversal(evidence))
            continue
        missing = missing_terms(fund, evidence)
        if missing or evidence.shares.payer <= 0:
            lacking.append(_lacking(evidence, missing))
        else:
            lines.append(_line(evidence, evidence.shares))
    lines.extend(_affordable(reversals, sum(line.city for line in lines)))
    by_hand = tuple(_label(item) for item in fund.requires if not _is_known(item))
    return Claim(year, tuple(lines), tuple(lacking), by_hand)


def missing_terms(fund: Fund, evidence: Evidence) -> tuple[Term, ...]:
    """还缺哪些条件；没有判断办法的不算。"""
    return tuple(
        item
        for item in fund.requires
        if item.term in PREDICATES and not PREDICATES[item.term](evidence)
    )


def _is_known(item: Term) -> bool:
    return item.term in PREDICATES or item.term in DECIDED_LATER


def _evidence(
    fund: Fund, candidate: Candidate, shared: Callable[[int], Split] | Refusal
) -> Evidence | Refusal:
    if candidate.audited is None:
        return Evidence(candidate)
    if isinstance(shared, Refusal):
        return shared
    apart = candidate.sources
    excluded = candidate.other + excluded_of(fund, candidate)
    base = max(candidate.audited - excluded, 0)
    left = max(candidate.paid - candidate.other - sum(apart.values()), 0)
    matched = matching(fund, {**apart, TOWN_MONEY: left})
    return Evidence(candidate, excluded, base, shared(base), matched)


def excluded_of(fund: Fund, candidate: Candidate) -> int:
    """不得计入的来源支出了多少；计算基数为审定金额中的财政资金再剔除它。"""
    apart = candidate.sources
    return sum(apart.get(item.term, 0) for item in fund.excludes) if apart else 0


def _line(evidence: Evidence, shares: Split, reverses: str = "") -> Line:
    candidate = evidence.candidate
    return Line(
        project=candidate.number,
        title=candidate.title,
        community=candidate.community,
        audited=candidate.audited or 0,
        excluded=evidence.excluded,
        base=evidence.base,
        city=shares.payer,
        town=shares.rest,
        matched=evidence.matched,
        reverses=reverses,
        before=candidate.before,
    )


def _reversal(evidence: Evidence) -> Iterator[Line]:
    """已认定的多于现在应得的，多出的扣回；原来的那一行从不改动。"""
    candidate = evidence.candidate
    more = (candidate.recognised or 0) - evidence.shares.payer
    if more > 0:
        yield _line(evidence, Split(-more, 0), reverses=candidate.claimed)


def _affordable(reversals: Iterable[Line], total: int) -> Iterator[Line]:
    """扣回以本季申请为限，不够扣的留待下季。"""
    for line in reversals:
        if total + line.city >= 0:
            total += line.city
            yield line


def _lacking(evidence: Evidence, missing: tuple[Term, ...]) -> Lacking:
    candidate = evidence.candidate
    lacks = tuple(f"{_label(item)}{_detail(item.term, evidence)}" for item in missing)
    return Lacking(
        project=candidate.number,
        title=candidate.title,
        community=candidate.community,
        audited=candidate.audited,
        terms=tuple(item.term for item in missing),
        lacks=lacks or (NO_SHARE,),
        before=candidate.before,
    )


def _label(item: Term) -> str:
    return item.label or item.term


def _detail(term: str, evidence: Evidence) -> str:
    """缺的条件附上的数或编号。"""
    candidate = evidence.candidate
    if term == "not_claimed_before":
        return f"（已列入{candidate.claimed}）"
    if term == "matching_in_place":
        return f"（已付{yuan(evidence.matched)}，应承担{yuan(evidence.shares.rest)}）"
    return ""


def _has(name: str) -> Callable[[Evidence], bool]:
    return lambda evidence: name in evidence.candidate.has


PREDICATES: Mapping[str, Callable[[Evidence], bool]] = {
    "audit_concluded": lambda evidence: evidence.candidate.audited is not None,
    "survey_measured": _has(milestones.MEASURED),
    "result_publicized": _has(milestones.PUBLISHED),
    "archive_complete": _has(milestones.ARCHIVED),
    "not_claimed_before": lambda evidence: not evidence.candidate.claimed,
    # 没有审定金额的，应承担多少还算不出，只说没有审计结论。
    "matching_in_place": lambda evidence: (
        evidence.candidate.audited is None or evidence.matched >= evidence.shares.rest
    ),
}
