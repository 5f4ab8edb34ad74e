"""付款期限：三十日、约定至多六十日，逢休假顺延，逾期一日万分之五，不等审计。"""

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rulebooks.accounting.payment_clock import (
    Arrears,
    PaymentClock,
    arrears,
    delivered_on,
    interest,
    payment_clock,
)
from rulebooks.days.working_days import PeriodError
from rulebooks.judging.demands import demanded
from rulebooks.judging.payment_terms import Terms, terms_of, terms_text
from rulebooks.reading.payment_law import payment_law
from rulebooks.vocabulary.refusals import Refusal
from tests.rulebooks.law_cases import LawCase, played
from tests.rulebooks.lives import CALENDAR, FEN, Life, life

ACCEPTED = date(2026, 3, 2)
OWED = 46_000 * FEN


def clock(started: date = ACCEPTED, terms: Terms | None = None) -> PaymentClock:
    found = payment_clock(CALENDAR, started, terms or Terms())
    assert isinstance(found, PaymentClock), found
    return found


def owing(case: Life, day: date) -> Arrears:
    found = arrears(case.state, CALENDAR, day)
    assert isinstance(found, Arrears), found
    return found


# Counted by hand from the text and the State Council's notices: 30 days after the day itself; the
# 10th of October 2026 is a Saturday that is worked.
@pytest.mark.parametrize(
    ("started", "agreed", "due"),
    [
        (date(2026, 3, 2), None, date(2026, 4, 1)),
        (date(2026, 3, 5), None, date(2026, 4, 7)),
        (date(2026, 9, 3), None, date(2026, 10, 8)),
        (date(2026, 9, 10), None, date(2026, 10, 10)),
        (date(2026, 3, 2), 45, date(2026, 4, 16)),
        (date(2026, 3, 2), 60, date(2026, 5, 6)),
        (date(2026, 3, 2), 61, date(2026, 5, 6)),
        (date(2026, 3, 2), 10, date(2026, 3, 12)),
    ],
)
def test_the_money_is_due_thirty_days_after_acceptance_or_as_agreed_but_never_after_sixty(
    started: date, agreed: int | None, due: date
) -> None:
    assert clock(started, Terms(days=agreed)).due == due


def test_an_agreement_beyond_the_law_is_cut_and_said_to_be() -> None:
    assert clock(terms=Terms(days=90)).note == "合同约定90日，超过最长60日，按60日计"
    assert clock(terms=Terms(days=60)).note == ""


def test_every_day_of_the_period_is_explained() -> None:
    days = clock(date(2026, 3, 5)).explain(CALENDAR)
    assert days[0].reason.startswith("起算日不计入")
    assert sum(day.counted for day in days) == 30
    assert "末日休假顺延至本日" in days[-1].reason


@pytest.mark.parametrize(
    ("day", "version", "article"),
    [
        (date(2020, 9, 1), "2020", "保障中小企业款项支付条例第八条"),
        (date(2025, 5, 31), "2020", "保障中小企业款项支付条例第八条"),
        (date(2025, 6, 1), "2025", "保障中小企业款项支付条例第九条"),
    ],
)
def test_the_regulation_in_force_when_the_period_began_is_the_one_cited(
    day: date, version: str, article: str
) -> None:
    found = clock(day)
    assert found.version is not None
    assert (found.version.id, found.article) == (version, article)


def test_before_the_regulation_there_is_only_the_contract() -> None:
    found = payment_clock(CALENDAR, date(2020, 8, 31))
    assert isinstance(found, Refusal)
    assert "尚未施行（2020-09-01起），请按合同" in found.sentence


def test_an_agreement_of_no_days_is_refused() -> None:
    with pytest.raises(PeriodError, match="从1算起"):
        payment_clock(CALENDAR, ACCEPTED, Terms(days=0))


def test_the_versions_follow_each_other_without_a_gap_and_the_numbers_stand_in_the_file() -> None:
    versions = payment_law().versions
    for older, newer in pairwise(versions):
        assert older.until == newer.since - timedelta(days=1)
    assert versions[-1].until is None
    for version in versions:
        assert f"{version.due.count}日" in version.due.quote
        assert f"{version.agreed.count}日" in version.agreed.quote
        assert version.interest.daily == Fraction(5, 10_000)
        assert "万分之五" in version.interest.quote


# 46,000 yuan at 0.0005 a day is 23 yuan a day.
@pytest.mark.parametrize(("late", "fen"), [(-1, 0), (0, 0), (1, 2_300), (30, 69_000)])
def test_interest_runs_from_the_day_after_the_money_was_due(late: int, fen: int) -> None:
    assert interest(clock(), OWED, [], clock().due + timedelta(days=late)) == fen


def test_each_payment_bears_interest_for_the_days_it_was_late() -> None:
    due = clock().due
    payments = [(due - timedelta(days=3), 6_000 * FEN), (due + timedelta(days=10), 20_000 * FEN)]
    on = due + timedelta(days=20)
    assert interest(clock(), OWED, payments, on) == 10 * 1_000 + 20 * 1_000
    assert interest(clock(), OWED, payments, due + timedelta(days=5)) == 5 * 2_000


def test_an_agreed_rate_counts_unless_it_is_below_the_market_rate_of_the_contract() -> None:
    agreed = Terms(annual_rate=Fraction(73, 1000), market_rate=Fraction(3, 100))
    assert interest(clock(terms=agreed), OWED, [], clock().due + timedelta(days=10)) == 9_200
    low = clock(terms=Terms(annual_rate=Fraction(1, 100), market_rate=Fraction(365, 10_000)))
    assert low.daily_rate == Fraction(1, 10_000)
    assert "按报价利率计" in low.note
    assert low.rate_article.endswith("第十七条")


@given(
    st.integers(1, 10**9), st.integers(0, 400),
    st.lists(st.tuples(st.integers(-40, 400), st.integers(1, 10**9)), max_size=5),
)  # fmt: skip
def test_interest_never_falls_as_days_pass_and_paying_never_raises_it(
    owed: int, late: int, paid: list[tuple[int, int]]
) -> None:
    due = clock().due
    day = due + timedelta(days=late)
    payments = [(due + timedelta(days=when), amount) for when, amount in paid]
    found = interest(clock(), owed, payments, day)
    assert 0 <= found <= interest(clock(), owed, payments, day + timedelta(days=1))
    assert found <= interest(clock(), owed, [], day)
    # Whole 分, within half of the exact sum.
    exact = Fraction(owed * late, 2_000)
    assert abs(interest(clock(), owed, [], day) - exact) <= Fraction(1, 2)


def test_the_clock_begins_with_the_acceptance_where_the_procedure_has_one() -> None:
    project = {"town": "示例甲街道", "project": {"kind": "services"}}
    case, refusal = played(LawCase("nanshan", "", ACCEPTED, project, {}, ""))
    assert refusal is None
    case.reach("accept")
    assert delivered_on(case.state) is None
    day = case.now.date()
    case.answer("accept").wait(3)
    assert delivered_on(case.state) == day


def test_the_clock_begins_with_the_completion_where_there_is_no_acceptance() -> None:
    case = life().reach("finish_works")
    assert delivered_on(case.state) is None
    day = case.now.date()
    case.answer("finish_works").wait(20)
    assert delivered_on(case.state) == day


def test_the_clock_runs_while_the_audit_is_not_done_and_says_that_it_does_not_wait() -> None:
    case = life().reach("contract").answer("contract", amount=OWED).reach("audit_works")
    started = delivered_on(case.state)
    assert started is not None
    found = owing(case, started + timedelta(days=60))
    assert (found.owed, found.paid, found.unpaid) == (OWED, 0, OWED)
    assert found.late_days == (started + timedelta(days=60) - found.clock.due).days > 0
    assert found.interest == found.late_days * 2_300
    assert "不得以等待决算审计拖付（保障中小企业款项支付条例第十四条）" in found.sentence
    assert "万分之5" in found.sentence


def test_once_audited_the_audited_amount_is_owed_and_once_paid_nothing_is() -> None:
    case = life().reach("audit_works").answer("audit_works", submitted=OWED, audited=40_000 * FEN)
    day = case.now.date()
    assert owing(case, day).unpaid == 40_000 * FEN
    case.reach("pay").answer("pay", amount=39_000 * FEN, final=True)
    paid = owing(case, case.now.date())
    assert (paid.unpaid, paid.late_days) == (0, 0)
    assert paid.sentence.endswith("，已付清。")


def test_nothing_is_owed_before_there_is_anything_to_accept() -> None:
    assert arrears(life().reach("begin_works").state, CALENDAR, date(2026, 12, 1)) is None


def contracted(**agreed: object) -> Life:
    return life().reach("contract").answer("contract", amount=OWED, **agreed)


def test_the_clock_runs_as_the_contract_agreed() -> None:
    case = contracted(pay_within=45, late_rate="7.3", market_rate="3", small_enterprise=True)
    case.reach("audit_works")
    started = delivered_on(case.state)
    assert started is not None
    found = owing(case, started + timedelta(days=90))
    assert (found.clock.count, found.clock.agreed) == (45, True)
    assert found.interest == found.late_days * 920
    assert "起45日内付款（合同约定），应于" in found.sentence
    assert terms_text(terms_of(case.state)) == "45日内付款，逾期年利率7.3%"


def test_a_correction_of_the_contract_moves_the_clock_and_is_held_to_the_law() -> None:
    case = contracted().reach("audit_works")
    signed = next(event.sequence for event in case.state.history if event.kind == "signed")
    started = delivered_on(case.state)
    assert started is not None
    before = owing(case, started).clock
    said = {"sequence": signed, "content": {"pay_within": 90}, "reason": "漏记付款期限"}
    refused = case.refusal("correct", said)
    assert refused.rule == "LAW-3"
    assert "约定90日内付款，超过法定最长的60日" in refused.sentence
    assert refused.sentence.endswith("（保障中小企业款项支付条例第九条）。")
    case.do("correct", said | {"content": {"pay_within": 45}})
    after = owing(case, started).clock
    assert (before.count, after.count) == (30, 45)
    assert after.due > before.due


def test_an_old_contract_that_says_nothing_of_payment_has_thirty_days() -> None:
    case = contracted().reach("audit_works")
    names = {"pay_within", "late_rate", "market_rate", "small_enterprise"}
    mended = tuple(
        replace(item, content={key: item.content[key] for key in item.content if key not in names})
        for item in case.state.results
    )
    assert terms_of(replace(case.state, results=mended)) == Terms()


def test_a_large_enterprise_is_paid_as_its_contract_says() -> None:
    plain = payment_clock(CALENDAR, ACCEPTED, Terms(small=False))
    assert isinstance(plain, Refusal)
    assert "不适用《保障中小企业款项支付条例》，合同也没有约定付款期限" in plain.sentence
    agreed = clock(terms=Terms(days=90, small=False))
    assert (agreed.count, agreed.article) == (90, "合同约定")
    assert not agreed.daily_rate
    case = contracted(pay_within=90, small_enterprise=False).reach("audit_works")
    started = delivered_on(case.state)
    assert started is not None
    late = owing(case, started + timedelta(days=100))
    assert late.interest == 0
    assert "计息" not in late.sentence
    assert "拖付" not in late.sentence


def test_the_form_says_how_each_agreement_is_written_and_under_which_article() -> None:
    fields = {
        item.name: item for item in demanded(life().reach("contract").state, "contract", "sign")
    }
    version = payment_law().versions[-1]
    days = fields["pay_within"]
    assert (days.kind, days.required) == ("integer", False)
    assert f"按{version.due.count}日，约定的至多{version.agreed.count}日" in days.help
    assert days.article == "保障中小企业款项支付条例第九条"
    assert fields["small_enterprise"].article.endswith("第三条")
    assert "按每日万分之5" in fields["late_rate"].help
    assert fields["amount"].help == ""


@pytest.mark.parametrize("written", ["3.45%", "\uff13.45", 3.45, "3.450"])
def test_a_rate_is_kept_as_plain_percent(written: object) -> None:
    case = contracted(late_rate=written, market_rate="3")
    assert terms_of(case.state).annual_rate == Fraction(345, 10_000)


@pytest.mark.parametrize("written", ["百分之三", "-1", "100", ""])
def test_what_is_no_percent_is_refused_with_an_example(written: str) -> None:
    case = life().reach("contract")
    said = case.refusal("sign", case.ordinary("contract") | {"late_rate": written})
    assert "请写作百分数，如 3.45" in said.sentence
