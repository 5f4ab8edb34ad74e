"""转用：办过的照旧，公示不缩短，接不上的不予转用；退回原来的版本是另一次转用。"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from rulebooks.days.calendars import load_calendar
from rulebooks.days.working_days import Calendar
from rulebooks.judging.judgement import who_may
from rulebooks.procedure.migration import ACTION, founding_version
from rulebooks.procedure.position import fold, lengthened
from rulebooks.procedure.publicizing import announced
from rulebooks.procedure.state import Publicity
from rulebooks.reading.loader import forget_rulebooks, load_rulebook
from tests.rulebooks.lives import CITY, TOWN, Life, life
from tests.rulebooks.migrating import NEWER, OLDER, OTHER_PERIODS, OTHER_WAYS, with_version


@pytest.fixture
def page() -> str:
    return OTHER_PERIODS


@pytest.fixture(autouse=True)
def _other_city(page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    yield from with_version(tmp_path, page, monkeypatch)


def moved(case: Life, version: str = NEWER) -> Life:
    return case.do(ACTION, {"version": version, "reason": "分管领导同意"})


def refused(case: Life, version: str = NEWER) -> str:
    return case.refusal(ACTION, {"version": version, "reason": "试"}).sentence


def due(case: Life) -> list[str]:
    return [str(duty.due) for duty in case.position.duties]


def test_open_deadlines_follow_the_version_from_the_day_it_is_used() -> None:
    case = life().reach("deliberate")
    before = due(case)
    assert due(moved(case)) > before
    assert case.state.rulebook.version.id == NEWER
    assert due(moved(case, OLDER)) == before


def test_a_running_publicity_keeps_the_end_that_was_announced() -> None:
    case = life().reach("publicize_project").post("publicize_project")
    before = case.state.open[0].publicity
    moved(case)
    assert case.state.open[0].publicity == before
    assert before is not None
    assert before.opens is not None
    case.until(before.opens.replace(hour=0))
    assert case.stages == ["select_implementer"]


def test_a_running_objection_still_must_be_answered_by_the_announced_end() -> None:
    case = life().reach("publicize_project").post("publicize_project")
    case.do("object", {"objection": "一", "substance": "意见"})
    before = [(duty.due, duty.actions) for duty in case.position.duties]
    moved(case)
    assert [(duty.due, duty.actions) for duty in case.position.duties] == before


def test_a_shared_clock_keeps_running_from_where_it_began() -> None:
    case = life().reach("review")
    since = case.state.clocks[0].since
    assert moved(case).state.clocks[0].since == since


def test_what_was_done_and_owed_before_stays_as_it_was() -> None:
    case = life().reach("contract")
    results, effects = case.state.results, case.state.effects
    moved(case)
    assert (case.state.results, case.state.effects) == (results, effects)
    assert case.answer("contract").stages == ["begin_works"]


def test_the_journal_folds_to_the_same_state_from_the_first_version() -> None:
    case = moved(life().reach("review"))
    moved(case.answer("review"), OLDER).answer("approve")
    first = founding_version(case.state.history, case.state.rulebook.version.id)
    assert first == OLDER
    assert fold(load_rulebook(CITY, first, TOWN), case.state.history) == case.state


def test_the_opening_says_under_which_version_whatever_the_opener_wrote() -> None:
    (first,) = life(rulebook_version="1999").state.history
    assert first.content["rulebook_version"] == OLDER
    assert founding_version([first], NEWER) == OLDER


def test_a_journal_written_before_openings_said_so_still_folds_and_is_still_found() -> None:
    case = moved(life().reach("review"))
    first = case.state.history[0]
    content = {name: value for name, value in first.content.items() if name != "rulebook_version"}
    old = (replace(first, content=content), *case.state.history[1:])
    assert founding_version(old, NEWER) == OLDER
    assert founding_version(old[:1], OLDER) == OLDER
    again = fold(load_rulebook(CITY, OLDER, TOWN), old)
    assert (again.results, again.open) == (case.state.results, case.state.open)


def test_the_event_says_from_which_version_to_which_and_why() -> None:
    event = moved(life()).state.history[-1]
    assert event.kind == "rulebook_migrated"
    assert event.content == {
        "version": NEWER,
        "version_before": OLDER,
        "reason": "分管领导同意",
    }


def test_only_who_settles_corrections_may_decide_it() -> None:
    case = life()
    assert who_may(case.state, ACTION, None) == case.state.rulebook.corrections.settled_by


@pytest.mark.parametrize("version", [OLDER, "1999"])
def test_the_same_or_an_unknown_version_is_refused_with_the_others(version: str) -> None:
    assert "可以转用的有：2023" in refused(life(), version)


def test_a_version_that_has_not_begun_is_refused_with_its_first_day(
    tmp_path: Path,
) -> None:
    path = tmp_path / CITY / "rulebook.yaml"
    text = path.read_text(encoding="utf-8")
    text = text.replace("until: 2022-12-31", "until: 2030-12-31")
    path.write_text(text.replace("since: 2023-01-01", "since: 2031-01-01"), encoding="utf-8")
    forget_rulebooks()
    assert "自2031-01-01起施行" in refused(life())


def test_a_closed_case_and_one_with_a_pending_request_are_not_moved() -> None:
    assert "已办结" in refused(life().finish())
    waiting = life().reach("review")
    waiting.do("request_change", {"changes": {"place": "别处"}, "reason": "试"})
    assert "请先完成审查变更" in refused(waiting)


@pytest.mark.parametrize("page", [OTHER_WAYS["a stage is put between"]], ids=["between"])
def test_a_case_past_a_stage_the_version_puts_in_between_is_not_moved() -> None:
    case = moved(life().reach("approve"))
    assert case.answer("approve").stages == ["second_look"]
    assert "已办的“项目审核”在其中接着去往别处" in refused(life().reach("publicize_project"))


@pytest.mark.parametrize("page", [OTHER_WAYS["a stage is put between"]], ids=["between"])
def test_going_back_is_refused_where_the_older_version_has_no_such_stage() -> None:
    case = moved(life().reach("approve")).answer("approve")
    assert "没有正在办理的“复核”" in refused(case, OLDER)


@pytest.mark.parametrize("page", [OTHER_WAYS["a category is gone"]], ids=["category"])
def test_a_project_of_a_category_the_version_does_not_know_is_not_moved() -> None:
    assert "其中没有本项目的项目类别" in refused(life(category="resident_care"))
    assert moved(life()).state.rulebook.version.id == NEWER


def revised_calendar(folder: Path) -> Calendar:
    """The calendar once the new year's holiday turns out to last until the fifth of January."""
    notice = folder / "2027.yaml"
    notice.write_text(
        """
year: 2027
notices: [{number: 测试用文号, title: 测试用通知, issued: 2026-11-30}]
days_off:
  - {name: 元旦, first: 2027-01-01, last: 2027-01-05}
  - {name: 春节, first: 2027-02-05, last: 2027-02-11}
  - {name: 清明节, first: 2027-04-03, last: 2027-04-05}
  - {name: 劳动节, first: 2027-05-01, last: 2027-05-05}
  - {name: 端午节, first: 2027-06-09, last: 2027-06-09}
  - {name: 中秋节, first: 2027-09-15, last: 2027-09-15}
  - {name: 国庆节, first: 2027-10-01, last: 2027-10-07}
workdays: []
""",
        encoding="utf-8",
    )
    return load_calendar(notice)


def publicized_at_the_years_end() -> Life:
    case = life(day=date(2026, 12, 1)).reach("publicize_project")
    return case.until(date(2026, 12, 30)).post("publicize_project")


def test_a_calendar_revision_lengthens_by_the_count_that_was_announced(tmp_path: Path) -> None:
    revised = revised_calendar(tmp_path)
    case = publicized_at_the_years_end()
    expected = list(lengthened(case.state, revised))
    assert [item.period["last"] for item in expected] == ["2027-01-07"]
    assert list(lengthened(moved(case).state, revised)) == expected


@pytest.mark.parametrize(
    "page", ["stages:\n  publicize_project: {lasts: {count: 10}}\n"], ids=["longer"]
)
def test_a_version_with_longer_publicities_does_not_lengthen_one_that_runs() -> None:
    case = moved(life().reach("publicize_project").post("publicize_project"))
    assert list(lengthened(case.state, case.calendar)) == []


def test_an_announcement_from_before_counts_were_kept_follows_its_stage(tmp_path: Path) -> None:
    case = publicized_at_the_years_end()
    expected = [item.period["last"] for item in lengthened(case.state, revised_calendar(tmp_path))]
    (opened,) = case.state.open
    assert opened.publicity is not None
    assert opened.publicity.period is not None
    kept = {key: opened.publicity.period[key] for key in ("since", "first", "last", "opens")}
    older = replace(opened, publicity=replace(opened.publicity, period=kept))
    state = replace(case.state, open=(older,))
    found = lengthened(state, revised_calendar(tmp_path))
    assert [item.period["last"] for item in found] == expected


@pytest.mark.parametrize(
    "page",
    [OTHER_WAYS["a channel is gone"], OTHER_WAYS["a channel is new"]],
    ids=["gone", "new"],
)
def test_a_publicity_with_anything_posted_keeps_its_channels_until_it_ends() -> None:
    case = life().reach("publicize_project")
    case.do("post", {"channel": "prominent_place", "evidence": "照片"})
    assert "公示渠道不同，请待公示结束再转用" in refused(case)
    case.post("publicize_project")
    assert "公示渠道不同，请待公示结束再转用" in refused(case)
    assert moved(case.until_ended("publicize_project")).state.rulebook.version.id == NEWER


@pytest.mark.parametrize("page", [OTHER_WAYS["a channel is gone"]], ids=["gone"])
def test_a_publicity_nobody_has_posted_takes_the_channels_of_the_version() -> None:
    case = moved(life().reach("publicize_project"))
    case.do("post", {"channel": "prominent_place", "evidence": "照片"})
    assert case.position.waits_for.startswith("公示至")


def test_a_channel_posted_beside_those_that_are_needed_does_not_hold_the_days_back() -> None:
    case = life().reach("publicize_project")
    (opened,) = case.state.open
    posted = {"loudspeaker": case.now, "prominent_place": case.now}
    hanging = replace(opened, publicity=Publicity(posted=posted))
    period = announced(case.state, hanging, "electronic_media", case.now, case.calendar)
    assert period["since"] == case.now.date().isoformat()


@pytest.mark.parametrize("page", [OTHER_WAYS["a yes or no decides"]], ids=["boolean"])
def test_a_yes_or_no_the_version_adds_is_no_where_nobody_was_asked() -> None:
    case = moved(life().reach("select_implementer"))
    assert case.state.facts["night"] is False
    assert case.answer("select_implementer").stages == ["contract"]
    assert fold(load_rulebook(CITY, OLDER, TOWN), case.state.history) == case.state


@pytest.mark.parametrize("page", [OTHER_WAYS["a fact is required"]], ids=["required"])
def test_a_project_without_a_fact_the_version_requires_is_not_moved() -> None:
    assert "立卷须写明“受益户数”，本项目没有，请按原版本办完" in refused(life())


@pytest.mark.parametrize("page", [OTHER_WAYS["a passed stage records a fact"]], ids=["recorded"])
def test_a_fact_recorded_by_a_stage_already_passed_is_missed() -> None:
    assert "已办的“征集项目建议”在其中另记“受益户数”" in refused(life().reach("deliberate"))
    assert moved(life()).state.rulebook.version.id == NEWER


@pytest.mark.parametrize("page", [OTHER_WAYS["a source is gone"]], ids=["source"])
def test_a_project_from_a_source_the_version_does_not_know_is_not_moved() -> None:
    assert "其中没有本项目的建议来源" in refused(life(source="delegates"))
    assert moved(life()).state.rulebook.version.id == NEWER


@pytest.mark.parametrize("page", [OTHER_WAYS["a stage is gone"]], ids=["stage"])
def test_a_stage_that_was_passed_must_be_there_still() -> None:
    case = life().reach("approve").do("return", {"opinion": "补图纸"})
    assert "没有正在办理的“补正材料”" in refused(case)
    assert "没有已办的“补正材料”" in refused(case.answer("amend"))
