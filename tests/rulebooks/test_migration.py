"""转用：办过的照旧，公示不缩短，接不上的不予转用；退回原来的版本是另一次转用。"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from rulebooks.judgement import who_may
from rulebooks.loader import load_rulebook
from rulebooks.migration import ACTION, founding_version
from rulebooks.position import fold
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
    load_rulebook.cache_clear()
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


@pytest.mark.parametrize("page", [OTHER_WAYS["a channel is gone"]], ids=["channel"])
def test_a_publicity_posted_halfway_waits_for_its_channels() -> None:
    case = life().reach("publicize_project")
    case.do("post", {"channel": "prominent_place", "evidence": "照片"})
    assert "公示渠道不同" in refused(case)
    case.post("publicize_project")
    assert moved(case).state.rulebook.version.id == NEWER


@pytest.mark.parametrize("page", [OTHER_WAYS["a stage is gone"]], ids=["stage"])
def test_a_stage_that_was_passed_must_be_there_still() -> None:
    case = life().reach("approve").do("return", {"opinion": "补图纸"})
    assert "没有正在办理的“补正材料”" in refused(case)
    assert "没有已办的“补正材料”" in refused(case.answer("amend"))
