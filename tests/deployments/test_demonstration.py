"""Every city's sample projects live their whole life, without Prefect, as their stories tell."""

import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from deployments.commands.importing import choices_in
from deployments.demonstration import player
from deployments.demonstration.player import Player
from deployments.demonstration.run import Demonstration, stopped
from deployments.demonstration.stories import STORIES, script, stories
from deployments.demonstration.summary import Outcome, outcomes, troubles
from deployments.driving.prefect_runs import tags
from records.acting import intake, overview
from records.database import clock
from records.database.store import Store, open_store
from records.files import attachments
from records.migrate import migrate
from records.running import effects, machine
from rulebooks.days.working_days import next_workday
from rulebooks.reading.loader import cities, load_rulebook
from schemas import sample_material
from schemas.findings import check_workbook
from schemas.sample_material import MADE_UP, MATERIAL, load_material
from schemas.samples import sample_rows, sample_workbooks
from tasks import makers
from tasks.office import OfficeDesk
from tests.records.conftest import sqlite_settings

SEED = 1
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

# Each story's end, and the stages that make it this story, in their order.
FATES: Mapping[str, Mapping[str, tuple[str, tuple[str, ...]]]] = {
    "nanshan": {
        "示例荔香台风倒伏树木抢险清理": (
            "已归档",
            ("emergency_assign:by_street", "emergency_evaluation:measured", "emergency_pay:paid"),
        ),
        "示例荔香办公用房空调更新": ("未通过评议", ("deliberate:fail",)),
        "示例前湾消防设施改造": (
            "已归档",
            ("street_determine:approve", "leadership_vote:fail", "leadership_vote:pass"),
        ),
        "示例荔香至沙河慢行道夜间照明": (
            "已归档",
            ("street_determine:approve", "joint_accept:passed", "street_evaluation:measured"),
        ),
        "示例甲街道民生微实事全流程督导": ("已归档", ("street_determine:approve",)),
        "示例沙河独居老人居家安全用品": (
            "已归档",
            ("street_approval:return", "street_amend:submitted", "street_approval:approve"),
        ),
        "示例沙河困境儿童假期陪伴": ("已归档", ("accept:mending", "accept:passed")),
        "示例沙河口袋花园补种": ("已归档", ("daily_evaluation:failed",)),
        "示例桂湾儿童游乐设施更新": ("停住", ("design:submitted",)),
    },
    "zhengfang": {
        "示例洪源村口照明灯更换": ("已归档", ("village_determines:approve",)),
        "示例枫林灌溉渠清淤": ("已归档", ("village_determines:approve",)),
        "示例洪源便民座椅与公示栏": (
            "已归档",
            ("village_determines_then_files:approve", "file_with_town:filed"),
        ),
        "示例西山健身器材更新": ("已归档", ("town_reviews:approve",)),
        "示例洪源文化广场建设": (
            "已归档",
            ("town_determines:approve", "file_with_district:filed", "engineering_review:approve"),
        ),
        "示例枫林图书角": ("未纳入备选事项库", ("discuss:fail",)),
        "示例枫林便桥水毁抢修": ("已归档", ("report:submitted", "town_reviews:approve")),
        "示例石桥村史馆布展": ("已归档", ("town_reviews:reject", "town_reviews:approve")),
        "示例洪源进村道路修补": ("已归档", ("publicize_item:upheld", "publicize_item:ended")),
        "示例西山儿童托管点": (
            "已归档",
            ("accept_by_village:mending", "accept_by_village:passed"),
        ),
    },
    "shenyang": {
        "示例和平社区专项资金使用方案": ("已归档", ("file_plan_with_city:filed",)),
        "示例泉园社区专项资金使用方案": (
            "已归档",
            ("draft_plan:submitted", "draft_plan:submitted", "file_plan_with_district:filed"),
        ),
        "示例和平高龄老人助浴": (
            "已归档",
            ("publicize_resolution:upheld", "choose_revote:council", "publicize_resolution:ended"),
        ),
        "示例泉园儿童四点半课堂": (
            "已归档",
            ("collect_needs:submitted", "collect_needs:submitted", "propose:submitted"),
        ),
        "示例泉园社区社会组织孵化": ("已归档", ("street_review:return", "street_review:approve")),
        "示例泉园文明新风宣讲": ("未获选", ("council:fail", "publicize_rejection:ended")),
        "示例新村志愿者培育": (
            "已归档",
            ("final_evaluation:failed", "final_evaluation:measured", "pay:paid"),
        ),
        "示例和平社区议事厅共治行动": (
            "已归档",
            ("party_proposal:submitted", "street_party_review:approve", "file_project:filed"),
        ),
        "示例北塔社区专项资金使用方案": ("停住", ()),
    },
}


@dataclass
class Lived:
    """A city's demonstration after its last day."""

    city: str
    store: Store
    found: list[Outcome]

    def of(self, title: str) -> Outcome:
        return next(item for item in self.found if item.title == title)


@pytest.fixture(scope="module", params=cities())
def lived(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Lived]:
    folder = tmp_path_factory.mktemp(request.param)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(makers, "write_pdf", lambda html: html.encode())
        patch.setattr(player, "WORK_DAYS", 5)
        store = setting_out(folder, (request.param,))
        prepare(store, folder, request.param)
        live(store)
        yield Lived(request.param, store, outcomes(store))
        store.close()


def setting_out(folder: Path, names: tuple[str, ...]) -> Store:
    """Empty records on the morning after the last suggestion of these cities."""
    days: list[date] = [
        row["proposed_on"] for city in names for row in sample_rows(city, seed=SEED)["suggestions"]
    ]
    store = open_store(sqlite_settings(folder))
    migrate(store)
    morning = Demonstration.morning(next_workday(store.calendar, max(days)))
    with store.write() as connection:
        clock.advance(connection, morning, store.machine.now())
    store.close()
    # Opened again: the clock's row was only just written.
    return open_store(sqlite_settings(folder))


def prepare(store: Store, folder: Path, city: str) -> None:
    """All workbooks of the city taken in, without a finding."""
    for path in sample_workbooks(folder, city, seed=SEED):
        with store.glance() as connection:
            known = overview.organisation_levels(connection)
        checked = check_workbook(path, choices_in(city, store), known=known)
        assert not checked.findings, [item.sentence for item in checked.findings]
        evidence = attachments.keep(store, path.read_bytes(), path.name, XLSX)
        for taken in intake.take_in(store, intake.Inbox(city, checked, evidence), lambda _: None):
            assert taken.number, taken.sentence


def live(store: Store) -> None:
    """Let days pass until nobody has anything to do; the documents are made as they are owed."""
    show = Demonstration(store, Player(store), lambda: None, follow=machine_of(store))
    for _ in show.days():
        continue


def machine_of(store: Store) -> Callable[[], None]:
    """Whoever carries out what the machine owes, here and now."""

    def follow() -> None:
        for row in machine.due(store, 1000):
            state = machine.state_of(store, row["number"])
            with store.glance() as connection:
                settled = effects.settled(connection, row["number"], store.machine.now())
            for effect in state.effects:
                if effect.key not in settled:
                    effects.begin(store, row["number"], effect)
                    if effect.kind == "issue":
                        makers.make(store, row["number"], effect)
                    effects.finish(store, effect.key, {})
            machine.drive_to(store, row["number"], len(state.history))

    return follow


def test_every_project_ends_or_waits_for_a_rule_that_is_missing(lived: Lived) -> None:
    assert troubles(lived.store) == []
    waiting = stopped(lived.store)
    assert {item.number for item in lived.found if item.outcome == "停住"} == set(waiting)
    sent = sample_rows(lived.city, seed=SEED)
    assert len(lived.found) == len(sent["suggestions"]) + len(sent["under_way"])


def test_every_story_is_told_of_a_project_and_to_its_end(lived: Lived) -> None:
    titles = {item.title for item in lived.found}
    assert titles.issuperset(story.title for story in stories(lived.city))
    assert lived.city not in FATES or len(FATES[lived.city]) >= len(stories(lived.city))


def test_every_project_that_goes_through_is_told_in_documents(lived: Lived) -> None:
    for item in lived.found:
        state = overview.state_of(lived.store, item.number)
        owed = [effect for effect in state.effects if effect.kind == "issue"]
        assert item.notices == len(owed), item.title


def test_the_stories_of_a_city_end_as_they_must(lived: Lived) -> None:
    for title, (end, ways) in FATES.get(lived.city, {}).items():
        found = lived.of(title)
        assert found.outcome == end, title
        gone = [
            f"{result.stage}:{result.outcome}"
            for result in overview.state_of(lived.store, found.number).results
        ]
        assert [way for way in gone if way in ways] == list(ways), title


def test_no_document_of_one_city_speaks_of_another(lived: Lived) -> None:
    others = {load_rulebook(name).label for name in cities() if name != lived.city}
    for path in (lived.store.files).rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        assert not [label for label in others if label in text], path.name


def test_all_cities_live_side_by_side_in_one_set_of_records(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(makers, "write_pdf", lambda html: html.encode())
    store = setting_out(tmp_path, cities())
    for city in cities():
        (tmp_path / city).mkdir()
        prepare(store, tmp_path / city, city)
    found = outcomes(store)
    assert {item.city for item in found} == set(cities())
    prefixes = {item.city: item.number.partition("-")[0] for item in found}
    assert len(set(prefixes.values())) == len(cities())
    desk = OfficeDesk(store)
    for item in found:
        assert load_rulebook(item.city).label in tags(desk.read(item.number))
    store.close()


def test_every_city_has_a_sample_and_stories_of_its_own() -> None:
    assert {path.stem for path in MATERIAL.glob("*.yaml")} == {"common", *cities()}
    assert {path.stem for path in STORIES.glob("*.yaml")} == set(cities())


@pytest.fixture
def without_samples(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """No city has a sample or stories of its own; documents are not set."""
    shutil.copy(MATERIAL / "common.yaml", tmp_path)
    monkeypatch.setattr(sample_material, "MATERIAL", tmp_path)
    monkeypatch.setattr("deployments.demonstration.stories.STORIES", tmp_path)
    monkeypatch.setattr(makers, "write_pdf", lambda html: html.encode())
    for kept in (load_material, script):
        kept.cache_clear()
    yield tmp_path
    for kept in (load_material, script):
        kept.cache_clear()


@pytest.mark.parametrize("projects", [1, 5, 30])
def test_a_city_without_a_sample_of_its_own_has_as_many_projects_as_asked_for(
    without_samples: Path, projects: int
) -> None:
    assert without_samples.is_dir()
    rows = sample_rows("zhangjiagang", seed=1, projects=projects)["suggestions"]
    assert len({row["title"] for row in rows}) == len(rows) == projects


def test_the_people_of_a_made_up_city_carry_the_name_of_their_level_once(
    without_samples: Path,
) -> None:
    assert without_samples.is_dir()
    for city in cities():
        names = [row["name"] for row in sample_rows(city, seed=1)["officials"]]
        levels = load_rulebook(city).levels.values()
        assert not [name for name in names for level in levels if level * 2 in name]


def test_a_city_without_a_sample_of_its_own_is_played_with_made_up_ones(
    without_samples: Path,
) -> None:
    city = "zhangjiagang"
    store = setting_out(without_samples, (city,))
    prepare(store, without_samples, city)
    live(store)
    found = outcomes(store)
    assert troubles(store) == []
    assert {item.kind for item in found} == set(load_rulebook(city).kinds.values())
    assert all(item.title.startswith(MADE_UP) for item in found)
    # The made-up town has made no rules of its own: what the city leaves to it waits for them.
    assert {item.outcome for item in found} == {"已归档", "停住"}
    store.close()
