"""月报: what a report says is what was known at its cut-off, and it says so in the same bytes."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from records.acting.opening import open_case
from records.acting.overview import state_of
from records.cases.commands import Opening
from records.database.store import Store
from records.files import notices
from records.files.numbering import document_number
from records.people.organisations import Organisation, add_organisation, add_person
from records.reporting.submissions import Submission, open_submission
from rulebooks.procedure.position import Effect
from rulebooks.procedure.state import State
from tasks.makers import make
from tasks.reporting.makers import made_again
from tasks.reporting.reports import Issue, Subject, write_report
from tests.records.reporting.test_submissions import decide
from tests.records.world import CITY, FACTS, TOWN, SteppedClock, accepted, live, opened

APRIL = Submission(CITY, "yangshe", "monthly_report", "2026-04")


def may(store: Store, clock: SteppedClock) -> str:
    """One project is done, a second has only been suggested; the April report is opened."""
    live(store, clock, opened(store))
    opened(store, key="open-2", title="东莱社区路灯修缮", community="东莱社区", budget=3_000_000)
    clock.moment = clock.moment.replace(month=5, day=1)
    return accepted(open_submission(store, APRIL)).case


def issues(state: State) -> list[Effect]:
    return [effect for effect in state.effects if effect.kind == "issue"]


def sent(store: Store, clock: SteppedClock, number: str) -> State:
    for stage, actor in (("check", "town_clerk"), ("sign", "town_leader")):
        clock.forward(hours=1)
        accepted(decide(store, number, "approve", stage, actor))
    return state_of(store, number)


def subject_of(store: Store, number: str) -> Subject:
    return Subject(store, state_of(store, number))


def draft(subject: Subject) -> Any:
    day = (subject.cut_off + timedelta(days=1)).date()
    return write_report(subject, Issue("ZJG-BS-2026-0001-01", None, day, draft=True))


def test_the_words_and_the_tables_tell_the_same_figures(store: Store, clock: SteppedClock) -> None:
    report = draft(subject_of(store, may(store, clock)))
    said = "".join(block.text for block in report.document.blocks)
    assert "本年累计征集2个、确定1个、实施1个、完成1个，完成率100.00%" in said
    assert "期初在办" in said
    table, funds, *_ = report.tables
    assert table.caption == "杨舍镇2026年4月实施情况表"
    place = [column.key for column in table.columns].index("collected")
    assert table.total is not None
    assert table.total[place] == 2
    assert funds.unit_note == "单位：万元"


def test_a_report_goes_to_the_bureau_as_a_letter_for_the_town_is_not_under_it(
    store: Store, clock: SteppedClock
) -> None:
    document = draft(subject_of(store, may(store, clock))).document
    assert (document.genre, document.recipients) == ("函", ("市民政局",))
    assert document.title == "关于报送民生微实事2026年4月项目月报的函"
    assert document.number is None, "a draft bears no number"


def test_a_signed_report_bears_a_number_the_signers_name_and_keeps_its_files(
    store: Store, clock: SteppedClock
) -> None:
    number = may(store, clock)
    made = [make(store, number, effect) for effect in issues(state_of(store, number))]
    assert [sorted(name.rpartition(".")[2] for name in files) for files in made] == [
        ["docx", "pdf", "xlsx"]
    ]
    final = issues(sent(store, clock, number))[-1]
    files = make(store, number, final)
    assert make(store, number, final) == files, "asked again it gives what was entered"
    workbook = next(data for name, data in files.items() if name.endswith(".xlsx"))
    sheets = CalamineWorkbook.from_filelike(BytesIO(workbook))
    first = sheets.get_sheet_by_index(0).to_python()
    assert first[0][0] == "杨舍镇2026年4月实施情况表"
    assert any("冯" in str(cell) for row in first for cell in row), "the leader who signed"


def test_a_report_made_again_is_the_same_to_the_byte_whatever_came_later(
    store: Store, clock: SteppedClock
) -> None:
    number = may(store, clock)
    state = sent(store, clock, number)
    make(store, number, issues(state)[-1])
    clock.forward(days=3)
    opened(store, key="open-3", title="杨舍镇新项目")
    files, same = made_again(store, state_of(store, number))
    assert same is True
    assert len(files) == 3


def test_a_report_made_again_names_the_office_and_the_people_as_they_were_when_it_was_issued(
    store: Store, clock: SteppedClock
) -> None:
    number = may(store, clock)
    state = sent(store, clock, number)
    make(store, number, issues(state)[-1])
    clock.forward(days=3)
    with store.write() as connection:
        changed = Organisation(
            "yangshe", "杨舍新镇", "town", CITY, "0512-00000000", city=CITY, document_code="新政"
        )
        add_organisation(connection, changed)
        add_organisation(connection, Organisation("chengxi", "新社区", "community", "chengnan"))
        add_organisation(connection, Organisation("tangqiao", "塘桥镇", "town", CITY, city=CITY))
        add_person(connection, "town_leader", "新镇长")
    files, same = made_again(store, state_of(store, number))
    assert same is True
    assert [file.name.rpartition(".")[2] for file in files] == ["pdf", "docx", "xlsx"]


def test_a_document_made_just_before_midnight_keeps_its_day_when_it_is_made_again(
    store: Store, clock: SteppedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = may(store, clock)
    final = issues(sent(store, clock, number))[-1]
    clock.moment = clock.moment.replace(hour=23, minute=59)

    enter = notices.issue_notice

    def slow(*given: Any) -> Any:
        clock.forward(minutes=2)
        return enter(*given)

    monkeypatch.setattr(notices, "issue_notice", slow)
    make(store, number, final)
    assert made_again(store, state_of(store, number))[1] is True


def test_a_report_issued_before_the_registers_were_kept_is_still_made_again(
    store: Store, clock: SteppedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = may(store, clock)
    state = sent(store, clock, number)
    make(store, number, issues(state)[-1])
    monkeypatch.setattr(notices, "registers_of", lambda *_: None)
    assert made_again(store, state_of(store, number))[1] is True


def test_before_anything_was_issued_the_draft_of_today_is_shown_and_nothing_is_entered(
    store: Store, clock: SteppedClock
) -> None:
    number = may(store, clock)
    files, same = made_again(store, state_of(store, number))
    assert same is None
    assert [file.name.rpartition(".")[2] for file in files] == ["pdf", "docx", "xlsx"]
    assert document_number(store, "the next", "yangshe", 2026).serial == 1, "no number was taken"


def test_what_came_late_changes_no_closed_period_and_stands_in_the_next_report_with_its_cause(
    store: Store, clock: SteppedClock
) -> None:
    live(store, clock, opened(store), upto=3)
    clock.moment = clock.moment.replace(month=4, day=1, hour=9)
    march = accepted(
        open_submission(store, Submission(CITY, "yangshe", "monthly_report", "2026-03"))
    ).case
    before = subject_of(store, march).figures
    late = open_case(
        store,
        Opening(
            CITY,
            {**FACTS, "title": "东莱社区凉亭修缮", "community": "东莱社区"},
            "community_clerk",
            "portal",
            "late",
            occurred_at=clock.moment - timedelta(days=2),
        ),
    )
    number = accepted(late).case
    assert subject_of(store, march).figures == before
    clock.moment = clock.moment.replace(month=5)
    april = accepted(open_submission(store, APRIL)).case
    table = next(item for item in draft(subject_of(store, april)).tables if "更正" in item.caption)
    collected = next(row for row in table.rows if row[2] == "2026年3月征集")
    assert collected[3:5] == ("0", "1")
    assert number in str(collected[-1])


@pytest.mark.parametrize("level", [CITY, "yangshe"])
def test_an_office_reports_on_everything_below_it_and_nothing_else(
    store: Store, clock: SteppedClock, level: str
) -> None:
    may(store, clock)
    duty = "monthly_bulletin" if level == CITY else "monthly_report"
    number = accepted(open_submission(store, Submission(CITY, level, duty, "2026-04"))).case
    found = subject_of(store, number).figures
    assert {row["town"] for row in found} == {TOWN}
    assert {row["community"] for row in found} == {"城西社区", "东莱社区"}


def test_a_report_prints_the_readings_it_rests_on(store: Store, clock: SteppedClock) -> None:
    readings = [item.text for item in draft(subject_of(store, may(store, clock))).document.readings]
    assert "月报次月5日前，季报季后10日前，含当日，逢休息日顺延；数据截至月末24时。" in readings
    assert any("先由经办人核对、再由负责人签发" in text for text in readings)
    assert len(readings) == len(set(readings))
