"""固定的截止日：每年某月某日，或一项日期事实；到期日、提醒、逾期、督办、图与说明都照它。"""

import shutil
from datetime import date
from pathlib import Path

import pytest
from pydantic import ValidationError

from deployments.terminal.periods import allowed_text, grounds
from rulebooks.judging.judgement import Fact, judge_opening
from rulebooks.policy.phrases import deadline_text
from rulebooks.reading.loader import CITIES, read_rulebook
from rulebooks.showing.inventory import value_text
from rulebooks.vocabulary.model import ByDate, Rulebook, Stage, Submission
from rulebooks.vocabulary.submissions import serving
from tests.rulebooks.altered import altered, told
from tests.rulebooks.lives import CALENDAR, CITY, WORKS, Life, moment

DAYS = {"promised": {"label": "承诺完成日期", "kind": "date"}}


def book(**within: object) -> Rulebook:
    """The council deliberates by a fixed day."""
    return altered({"deliberate": {"within": within}}, facts=DAYS)


def due_when_opened(rulebook: Rulebook, day: date, **details: object) -> date | None:
    case = Life(rulebook, day).open(WORKS, details=details).answer("collect")
    return case.position.duties[0].due


@pytest.mark.parametrize(
    ("written", "opened", "due"),
    [
        ({"date": "06-30"}, date(2026, 3, 2), date(2026, 6, 30)),
        # The day itself still counts, to midnight.
        ({"date": "06-30"}, date(2026, 6, 30), date(2026, 6, 30)),
        ({"date": "06-30"}, date(2026, 7, 1), date(2027, 6, 30)),
        # 31 May 2026 is a Sunday.
        ({"date": "05-31"}, date(2026, 3, 2), date(2026, 5, 31)),
        ({"date": "05-31", "rolls": True}, date(2026, 3, 2), date(2026, 6, 1)),
        ({"date": "05-31", "rolls": True}, date(2026, 6, 1), date(2026, 6, 1)),
        ({"date": "05-31", "rolls": True}, date(2026, 6, 2), date(2027, 5, 31)),
    ],
)
def test_a_stage_may_be_due_by_a_day_of_the_year(
    written: dict[str, object], opened: date, due: date
) -> None:
    assert due_when_opened(book(**written), opened) == due


def test_a_stage_may_be_due_by_a_day_the_case_names() -> None:
    rules = book(until="promised")
    assert due_when_opened(rules, date(2026, 3, 2), promised="2026-04-18") == date(2026, 4, 18)
    assert due_when_opened(rules, date(2026, 3, 2)) is None
    rolling = book(until="promised", rolls=True)
    assert due_when_opened(rolling, date(2026, 3, 2), promised="2026-04-18") == date(2026, 4, 20)


def test_a_fixed_day_reminds_falls_overdue_and_escalates() -> None:
    case = Life(book(date="06-30"), date(2026, 6, 22)).open().answer("collect")
    assert [(timer.kind, f"{timer.at:%m-%d}") for timer in case.position.timers] == [
        ("reminded", "06-29"), ("fell_overdue", "07-01"), ("escalated", "07-03"),
    ]  # fmt: skip
    case.until(date(2026, 7, 6))
    assert case.position.duties[0].overdue
    kinds = [event.kind for event in case.state.history[-3:]]
    assert kinds == ["reminded", "fell_overdue", "escalated"]


def test_a_day_promised_in_the_past_is_overdue_at_once() -> None:
    case = Life(book(until="promised")).open(details={"promised": "2026-02-27"}).answer("collect")
    assert case.position.duties[0].overdue


@pytest.mark.parametrize("written", ["2026-2-30", "2026-02-30", "明年", "2099-01-01", 20260302])
def test_a_date_fact_must_be_a_day_of_the_calendar(written: object) -> None:
    case = Life(book(until="promised")).open()
    refusal = case.refusal("request_change", {"changes": {"promised": written}, "reason": "顺延"})
    assert (refusal.code, "须为日期" in refusal.sentence) == ("bad_fact", True)


@pytest.mark.parametrize(
    ("within", "text", "why"),
    [
        ({"date": "06-30"}, "6月30日前", "截止日为2026年6月30日，当日24时止"),
        ({"date": "05-31", "rolls": True}, "5月31日（逢休息日顺延）前", "截止日为2026年6月1日"),
        ({"until": "promised", "severity": "should"}, "原则上承诺完成日期前", "“承诺完成日期”为"),
    ],
)
def test_a_fixed_day_is_written_out_wherever_periods_are(
    within: dict[str, object], text: str, why: str
) -> None:
    rules = book(**within)
    rule = rules.stages["deliberate"].within
    assert isinstance(rule, ByDate)
    assert (deadline_text(rules, rule), value_text(rules, rule)) == (text, text)
    assert allowed_text(rules, rule).startswith(text.removeprefix("原则上"))
    case = Life(rules).open(details={"promised": "2026-04-20"}).answer("collect")
    assert why in next(grounds(case.state, case.position.duties[0], CALENDAR))


def test_a_promised_day_not_yet_given_is_said_to_be_missing() -> None:
    case = Life(book(until="promised")).open().answer("collect")
    assert list(grounds(case.state, case.position.duties[0], CALENDAR)) == [
        "以“承诺完成日期”为限，日期还没有填。"
    ]


@pytest.mark.parametrize(
    "written",
    [
        {"date": "02-30"},
        {"date": "06-30", "until": "promised"},
        {"rolls": True},
        {"date": "06-30", "count": 3},
        {"date": "06-30", "unit": "weeks"},
        {"count": 3},
    ],
)
def test_a_period_is_either_counted_or_fixed(written: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Stage.model_validate(
            {"label": "x", "waits": "x", "kind": "decide", "by": {"role": "r"}, "then": {}}
            | {"within": written}
        )


def test_a_day_must_be_a_date_fact() -> None:
    assert told(book(until="promised")) == ""
    assert "“title”不是日期类的事实，可用的有：promised" in told(book(until="title"))


def test_a_submission_is_due_on_the_day_it_was_opened_with() -> None:
    check = {
        "label": "核对",
        "waits": "待核对",
        "kind": "decide",
        "by": {"role": "town_clerk"},
        "within": {"until": "due"},
        "then": {"approve": {"close": "withdrawn"}},
    }
    submission = Submission.model_validate({"start": "check", "stages": {"check": check}})
    rules = serving(altered({}, submissions={"monthly_report": submission}), "monthly_report")
    facts = {
        "number": "ZJG-B-1", "title": "十月月报", "duty": "monthly_report", "period": "2026-10",
        "first": "2026-10-01", "last": "2026-10-31", "cut_off": "2026-11-01T00:00:00+08:00",
        "due": "2026-11-05", "organisation": "yangshe",
    }  # fmt: skip
    fact = judge_opening(rules, facts, moment(date(2026, 11, 2)))
    assert isinstance(fact, Fact), fact
    case = Life(rules, date(2026, 11, 2))
    case.record(fact)
    assert case.position.duties[0].due == date(2026, 11, 5)
    assert told(rules.model_copy(update={"submissions": {}})).count("“due”") == 0


@pytest.mark.parametrize(
    "written",
    [
        "{date: {parameter: latest_day}, severity: must, reading: 由镇规定。}",
        "{date: {parameter: latest_day}}",
        "{count: 3, unit: {parameter: latest_day}}",
        "{parameter: latest_day}",
    ],
)
def test_a_day_left_to_the_town_stops_the_case_until_it_is_given(
    tmp_path: Path, written: str
) -> None:
    folder = Path(shutil.copytree(CITIES / CITY, tmp_path / CITY))
    book_page, project_page = folder / "rulebook.yaml", folder / "project.yaml"
    named = "parameters: {latest_day: {label: 商议截止日, supplied_by: town, cites: ZJG-09a}}"
    book_page.write_text(f"{book_page.read_text(encoding='utf-8')}\n{named}\n", encoding="utf-8")
    lines = project_page.read_text(encoding="utf-8").splitlines()
    place = lines.index("  deliberate:")
    order = next(n for n, line in enumerate(lines) if n > place and "within:" in line)
    lines[order] = f"    within: {written}"
    project_page.write_text("\n".join(lines), encoding="utf-8")
    assert read_rulebook(folder).stages["deliberate"].missing == ("latest_day",)
