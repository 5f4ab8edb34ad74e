"""时限计算: what `minsheng due` prints for people and for programs."""

import json

import pytest
from cyclopts import App

from deployments.commands.due import due


@pytest.fixture
def app() -> App:
    app = App(name="minsheng", result_action="return_value")
    app.command(due)
    return app


def test_a_program_gets_exactly_the_promised_keys(
    app: App, capsys: pytest.CaptureFixture[str]
) -> None:
    app(["due", "--from", "2026-02-12", "--count", "3", "--unit", "working-days", "--json"])
    answer = json.loads(capsys.readouterr().out)
    assert list(answer) == ["first", "last", "opens", "provisional", "days"]
    assert answer["first"] == "2026-02-13"
    assert answer["last"] == "2026-02-24"
    assert answer["opens"] == "2026-02-25T00:00:00+08:00"
    assert answer["provisional"] is False
    assert answer["days"][0] == {
        "date": "2026-02-12",
        "counted": False,
        "reason": "起算日不计入（民法典第二百零一条）",
    }
    counted = [day["date"] for day in answer["days"] if day["counted"]]
    assert counted == ["2026-02-13", "2026-02-14", "2026-02-24"]


def test_a_person_reads_why_each_day_counts_and_what_is_provisional(
    app: App, capsys: pytest.CaptureFixture[str]
) -> None:
    app(["due", "--from", "2049-12-30", "--count", "3"])
    shown = capsys.readouterr().out
    assert "2049年12月30日起3个工作日" in shown
    assert "元旦（补假）（暂定）" in shown
    assert "末日2050年1月5日二十四时止。" in shown
    assert "2050年放假安排尚未公布" in shown


def test_a_person_reads_the_notice_the_answer_rests_on(
    app: App, capsys: pytest.CaptureFixture[str]
) -> None:
    app(["due", "--from", "2026-09-30", "--count", "3", "--unit", "calendar-days"])
    shown = capsys.readouterr().out
    assert "2026年放假安排：国办发明电\u30142025\u30157号。" in shown
    assert "尚未公布" not in shown
    last_row = next(line for line in shown.splitlines() if "2026-10-08" in line)
    assert "末日休假顺延至本日" in last_row


@pytest.mark.parametrize(
    ("unit", "last"),
    [
        ("working-days", "2026-10-13"),
        ("calendar-days", "2026-10-08"),
        ("weeks", "2026-11-16"),
        ("months", "2027-04-28"),
    ],
)
def test_every_unit_can_be_asked_for(
    app: App, capsys: pytest.CaptureFixture[str], unit: str, last: str
) -> None:
    app(["due", "--from", "2026-09-28", "--count", "7", "--unit", unit, "--json"])
    assert json.loads(capsys.readouterr().out)["last"] == last


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ([], "--from 请写成"),
        (["--from", "明天", "--count", "3"], "起算日“明天”不是日期"),
        (["--from", "2026-02-30", "--count", "3"], "起算日“2026-02-30”不是日期"),
        (["--from", "2026-09-28"], "--count 请写"),
        (["--from", "2026-09-28", "--count", "三"], "期限“三”不是整数"),
        (["--from", "2026-09-28", "--count", "-3"], "从1算起"),
        (["--from", "2026-09-28", "--count", "3", "--unit", "年"], "单位“年”不认识"),
        (["--from", "1999-01-01", "--count", "3"], "没有1999年"),
    ],
)
def test_bad_input_is_answered_with_one_sentence_and_exit_code_two(
    app: App, capsys: pytest.CaptureFixture[str], given: list[str], words: str
) -> None:
    with pytest.raises(SystemExit) as stopped:
        app(["due", *given])
    said = capsys.readouterr()
    assert stopped.value.code == 2
    assert words in said.err
    assert said.err.count("。") == 1
    assert said.out == ""
