"""季度认定: over random ledgers, who claims how much, and what every other project lacks."""

from collections.abc import Callable, Mapping
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rulebooks.judging.claims import NO_SHARE, PREDICATES, Candidate, Claim, claim_of
from rulebooks.judging.outside import Envelope
from rulebooks.judging.recognition import drafts, fund_of
from rulebooks.procedure import milestones
from rulebooks.reading.loader import load_rulebook
from rulebooks.reading.stage_soundness import stage_problems
from rulebooks.vocabulary.model import Fund, Rulebook
from rulebooks.vocabulary.policies import Term
from tests.rulebooks.lives import CITY

BOOK = load_rulebook(CITY, "2020-draft", None, "quarterly_claim")
LATER = load_rulebook(CITY, "2023", None, "quarterly_claim")
FUND = fund_of(BOOK)
YEAR = 2026
DONE = frozenset({milestones.MEASURED, milestones.PUBLISHED, milestones.ARCHIVED})
APART = "community_service_fund"
FULL = Candidate("P-1", "凉亭修缮", "城西社区", audited=10_000_001, paid=10_000_001, has=DONE)

WITHOUT: Mapping[str, Callable[[Candidate], Candidate]] = {
    "audit_concluded": lambda item: replace(item, audited=None),
    "survey_measured": lambda item: replace(item, has=item.has - {milestones.MEASURED}),
    "result_publicized": lambda item: replace(item, has=item.has - {milestones.PUBLISHED}),
    "archive_complete": lambda item: replace(item, has=item.has - {milestones.ARCHIVED}),
    "not_claimed_before": lambda item: replace(item, claimed="另一件申请"),
    "matching_in_place": lambda item: replace(item, paid=0),
}


def built(candidates: list[Candidate], book: Rulebook = BOOK) -> Claim:
    found = claim_of(book, fund_of(book), candidates, YEAR)
    assert isinstance(found, Claim), found
    return found


@st.composite
def candidate(draw: st.DrawFn, place: int) -> Candidate:
    """A project with some of its evidence, paid in part or in full, from one source or several."""
    audited = draw(st.one_of(st.none(), st.integers(1, 10_000_000)))
    most = audited or 1_000_000
    paid = draw(st.one_of(st.just(most), st.integers(0, most)))
    other = draw(st.integers(0, most // 4))
    apart = draw(st.integers(0, most // 4))
    return Candidate(
        number=f"P-{place}",
        title=f"项目{place}",
        community="城西社区",
        audited=audited,
        other=other,
        sources={APART: apart} if apart else {},
        paid=paid,
        has=draw(st.one_of(st.just(DONE), st.frozensets(st.sampled_from(sorted(DONE))))),
        claimed=draw(st.sampled_from(["", "", "另一件申请"])),
    )


LEDGERS = st.integers(0, 12).flatmap(
    lambda count: st.tuples(*(candidate(place) for place in range(count))).map(list)
)


@settings(max_examples=500)
@given(LEDGERS)
def test_every_project_stands_once_and_the_town_bears_no_less_than_the_city(
    ledger: list[Candidate],
) -> None:
    claim = built(ledger)
    told = [line.project for line in claim.lines] + [item.project for item in claim.lacking]
    assert sorted(told) == sorted(item.number for item in ledger)
    known = {item.number: item for item in ledger}
    for line in claim.lines:
        assert 0 < line.city <= line.town
        assert line.city + line.town == line.base
        assert line.base + line.excluded == line.audited
        assert line.matched >= line.town
        assert not known[line.project].claimed
    assert claim.city == sum(line.city for line in claim.lines)


@settings(max_examples=500)
@given(LEDGERS, st.data())
def test_one_piece_of_evidence_less_removes_exactly_that_project_with_that_reason(
    ledger: list[Candidate], data: st.DataObject
) -> None:
    whole = built(ledger)
    if not whole.lines:
        return
    chosen = data.draw(st.sampled_from([line.project for line in whole.lines]))
    term = data.draw(st.sampled_from(sorted(WITHOUT)))
    less = [WITHOUT[term](item) if item.number == chosen else item for item in ledger]
    claim = built(less)
    assert {line.project for line in whole.lines} - {line.project for line in claim.lines} == {
        chosen
    }
    [lacking] = [item for item in claim.lacking if item.project == chosen]
    assert set(lacking.terms) == {term}


@settings(max_examples=500)
@given(LEDGERS, st.integers(0, 20_000_000))
def test_no_draft_gives_more_than_is_left_or_more_than_was_asked(
    ledger: list[Candidate], left: int
) -> None:
    claim = built(ledger)
    waiting = {line.project: line.city for line in claim.lines}
    assert FUND.envelope is not None
    found = drafts(BOOK, Envelope(YEAR, FUND.envelope.at_most, left, 0, waiting))
    assert (found is None) == (claim.city <= left)
    for draft in found.drafts.values() if found is not None else ():
        assert sum(draft.values()) == left
        assert all(0 <= draft[name] <= waiting[name] for name in waiting)


def test_the_odd_fen_falls_to_the_town_and_the_later_ratio_is_three_to_seven() -> None:
    [line] = built([FULL]).lines
    assert (line.city, line.town) == (5_000_000, 5_000_001)
    [line] = built([FULL], LATER).lines
    assert (line.city, line.town) == (3_000_000, 7_000_001)


def test_the_community_fund_is_neither_in_the_base_nor_in_the_match() -> None:
    apart = replace(FULL, sources={APART: 4_000_001})
    [line] = built([apart]).lines
    assert (line.base, line.city, line.town) == (6_000_000, 3_000_000, 3_000_000)
    [line] = built([apart], LATER).lines
    assert line.base == FULL.audited
    short = replace(apart, paid=4_000_001 + 2_999_999)
    [lacking] = built([short]).lacking
    assert lacking.lacks == ("镇级配套到位（已付29,999.99元，应承担30,000.00元）",)


def test_a_project_wholly_from_donations_has_nothing_to_share() -> None:
    [lacking] = built([replace(FULL, other=10_000_001)]).lacking
    assert lacking.lacks == (NO_SHARE,)


def test_what_was_recognised_and_later_cut_is_taken_back_from_what_is_asked() -> None:
    cut = replace(FULL, number="P-0", audited=8_000_000, claimed="早先的申请", recognised=5_000_000)
    claim = built([cut, FULL])
    assert [(line.project, line.city, line.reverses) for line in claim.lines] == [
        ("P-1", 5_000_000, ""),
        ("P-0", -1_000_000, "早先的申请"),
    ]
    assert claim.city == 4_000_000
    assert built([cut]).lines == (), "there is nothing yet to take it from"
    whole = replace(cut, audited=10_000_000)
    assert built([whole, FULL]).lines == built([FULL]).lines


def test_a_claim_without_a_fund_is_found_when_the_rulebook_is_read() -> None:
    duty = BOOK.duties["quarterly_claim"].model_copy(update={"fund": None})
    poor = BOOK.model_copy(update={"duties": {**BOOK.duties, "quarterly_claim": duty}})
    found = {sentence for stage in poor.stages.values()
             for _, sentence in stage_problems(poor, (), stage)}  # fmt: skip
    assert any("须在 duties.yaml 写明申请哪笔资金（fund）" in sentence for sentence in found)
    assert not [item for stage in BOOK.stages.values() for item in stage_problems(BOOK, (), stage)]


def test_a_project_has_no_stage_that_claims_or_recognises() -> None:
    build = BOOK.stages["build"]
    book = load_rulebook(CITY)
    found = [sentence for _, sentence in stage_problems(book, (), build)]
    assert any("claim 只用于报送件" in sentence for sentence in found)


def test_a_condition_nobody_can_judge_is_left_to_people_by_name() -> None:
    asked = (*FUND.requires, Term(term="seen_on_site", label="现场核实"))
    fund: Fund = FUND.model_copy(update={"requires": asked})
    claim = claim_of(BOOK, fund, [FULL], YEAR)
    assert isinstance(claim, Claim)
    assert claim.by_hand == ("现场核实",)
    assert len(claim.lines) == 1


@pytest.mark.parametrize("term", [item.term for item in FUND.requires[1:]])
def test_every_condition_of_the_fund_can_be_judged(term: str) -> None:
    assert term in PREDICATES
