"""补录：项目已走过的路照实补记，机器不补办早已过去的公文与提醒。"""

from datetime import date

from rulebooks.judging.judgement import Fact
from rulebooks.reading.loader import load_rulebook
from tests.rulebooks.lives import TOWN, Life, life, moment

TODAY = date(2026, 9, 1)


def past_until(stage: str) -> Life:
    """A project entered today whose past began in March."""
    case = Life(load_rulebook("zhangjiagang", None, TOWN), date(2026, 3, 2))
    case.open()
    while not case.state.stage_open(stage):
        case.wait()
        name = case.stages[0]
        if case.rulebook.stages[name].kind != "publicize":
            case.answer_in_the_past(name)
            continue
        for channel in case.rulebook.stages[name].channels:
            case.do("post", {"channel": channel, "evidence": "存档照片"}, backfilled=True)
        (opened,) = case.state.open
        assert opened.publicity is not None
        assert opened.publicity.opens is not None
        case.now = opened.publicity.opens
        ended = Fact("publicity_ended", name, opened.round, {"deadline": "publicity"}, case.now)
        case.record(ended, backfilled=True)
    return case


def test_a_backfilled_past_owes_only_what_is_open_now() -> None:
    case = past_until("contract")
    assert case.effects == ["open_stage/contract/1"]
    assert all(result.backfilled for result in case.state.results)
    assert [done.backfilled for done in case.position.done] == [True] * 6


def test_a_backfilled_past_may_be_older_than_the_allowance_without_being_late() -> None:
    case = life()
    opened = case.now
    case.until(TODAY)
    fact = case.propose("submit", {"summary": "汇总"}, at=opened, backfilled=True)
    assert isinstance(fact, Fact)
    assert not fact.late


def test_a_backfilled_posting_owes_no_notice_for_a_board_that_hung_long_ago() -> None:
    case = past_until("publicize_project")
    assert "issue/project_publicity/publicize_project/1" in case.effects
    for channel in ("prominent_place", "electronic_media"):
        case.do("post", {"channel": channel, "evidence": "存档照片"}, backfilled=True)
    assert case.effects == ["open_stage/publicize_project/1"]


def test_backfilled_reminders_are_not_sent() -> None:
    case = past_until("deliberate")
    timer = case.position.timers[0]
    content = {"deadline": timer.deadline, "to": timer.to}
    case.record(Fact("fell_overdue", "deliberate", 1, content, timer.at), backfilled=True)
    assert case.effects == ["open_stage/deliberate/1"]
    assert ("fell_overdue", "deliberate", 1, "within") in case.state.fired


def test_what_is_overdue_on_the_day_of_entry_is_chased_from_then_on() -> None:
    case = past_until("finish_works").until(date(2027, 1, 20))
    assert [event.kind for event in case.state.history][-3:] == [
        "reminded", "fell_overdue", "escalated",
    ]  # fmt: skip
    assert case.position.duties[0].overdue


def test_a_backfilled_project_goes_on_like_any_other() -> None:
    case = past_until("audit_works").until(moment(TODAY))
    assert case.finish().position.outcome == "archived"
    assert "issue/result_publicity/publicize_result/1" in case.effects
