"""体检：读得进读不进都能查，缺什么按次序列出，种下的错找得到，干净的手册不乱报。"""

import re
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from rulebooks.lint import Finding, lint, lint_city
from rulebooks.lint.citing import CASES
from rulebooks.lint.naming import AWAITED, EACH, FIRST, names_office, readable
from rulebooks.lint.quantities import in_force, quantities
from rulebooks.reading import loader
from rulebooks.vocabulary.defects import KINDS, defects
from tests.rulebooks.mutants import Mutant, mutants, written

CITY = "zhangjiagang"
MOST_FALSE_ALARMS = 2
SLOWEST = 2.0
LEAST_FOUND = 0.9
SEED = 20_260_302
# What a question names: the drafter is to know it, so never a code, a key or a number.
QUOTED = re.compile(r"“([^”]*)”")

Planting = Callable[[str, str, str], list[Finding]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(loader.CITIES / CITY, tmp_path / CITY))


@pytest.fixture
def plant(folder: Path) -> Planting:
    """Replace some words of one page, and look again."""

    def replaced(page: str, old: str, new: str) -> list[Finding]:
        text = (folder / page).read_text(encoding="utf-8")
        assert old in text
        (folder / page).write_text(text.replace(old, new, 1), encoding="utf-8")
        return faults(folder)

    return replaced


def faults(folder: Path) -> list[Finding]:
    return [finding for finding in lint(folder) if finding.group != "source"]


@pytest.mark.parametrize("city", loader.cities())
def test_a_clean_rulebook_has_hardly_a_false_alarm_and_is_checked_at_once(city: str) -> None:
    begun = time.perf_counter()
    found = [finding for finding in lint_city(city) if finding.group != "source"]
    assert time.perf_counter() - begun < SLOWEST
    assert len(found) <= MOST_FALSE_ALARMS, [(item.place, item.says) for item in found]


@pytest.mark.parametrize("city", loader.cities())
def test_every_finding_says_where_what_and_whom_to_ask(city: str) -> None:
    for finding in lint_city(city):
        assert finding.place, finding
        assert finding.says, finding
        assert finding.question.endswith("？"), finding


@pytest.mark.parametrize(
    ("city", "kind", "rule"),
    [
        ("zhangjiagang", "blank_date", "ZJG-34a"),
        ("zhangjiagang", "undivided", "ZJG-09d"),
        ("zhangjiagang", "unit", "ZJG-09e"),
        ("zhangjiagang", "overlap", "ZJG-11a"),
        ("zhangjiagang", "undefined", "ZJG-25d"),
        ("zhangjiagang", "undefined", "ZJG-11d"),
        ("zhengfang", "overlap", "ZF-15"),
        ("zhengfang", "missing_text", "ZF-22"),
        ("shenyang", "missing_annex", "SY-05"),
        ("nanshan", "undefined", "NS-14"),
    ],
)
def test_the_real_defects_of_the_sources_are_found(city: str, kind: str, rule: str) -> None:
    found = [item for item in lint_city(city) if item.group == "source" and item.kind == kind]
    assert [item for item in found if rule in item.rule], found


@pytest.mark.parametrize(
    ("kind", "rule"),
    [
        ("blank_date", "ZJG-34a"),
        ("undivided", "ZJG-09d"),
        ("unit", "ZJG-09e"),
        ("overlap", "ZJG-11a"),
        ("undefined", "ZJG-11d"),
    ],
)
def test_a_defect_that_shows_in_the_text_is_found_though_nobody_wrote_it_down(
    folder: Path, kind: str, rule: str
) -> None:
    (folder / "defects.yaml").unlink()
    found = [(item.kind, item.rule) for item in lint(folder) if item.group == "source"]
    assert (kind, rule) in found


def test_every_recorded_defect_has_a_kind_with_a_name() -> None:
    for city in loader.cities():
        for name, defect in defects(city).items():
            assert KINDS[defect.kind], name
            assert defect.question.endswith("？"), name


@pytest.mark.parametrize(
    ("page", "old", "new", "kind"),
    [
        ("project.yaml", "count: 3, unit: working_days, ", "count: 3, ", "without_unit"),
        ("project.yaml", "to: begin_services}", "to: begin_works}", "unreachable"),
        ("project.yaml", "ended: archive\n", "ended: publicize_result\n", "no_way_out"),
        ("project.yaml", "    by: {role: council_convener}\n", "", "without_owner"),
        ("duties.yaml", "  to: [civil_affairs_bureau]\n", "", "without_recipient"),
        ("duties.yaml", "  from: town\n", "", "without_owner"),
        ("limits.yaml", "  at_most: 100000\n", "", "without_comparison"),
        ("limits.yaml", "at_most: 100000\n", "at_most: 200000\n", "number_without_ground"),
        ("limits.yaml", "at_most: 100000\n", "at_least: 100000\n", "comparison_differs"),
        ("limits.yaml", "不超过10万元", "不超过20万元", "quote_differs"),
        (
            "project.yaml",
            "    fields: [name, content, place, time, budget]\n",
            "",
            "without_fields",
        ),
        ("project.yaml", "place, time, budget]\n", "time, budget]\n", "field_left_out"),
        ("project.yaml", "title, content, place, s", "content, place, s", "fact_not_rested_on"),
        ("readings.yaml", "A01:\n", "A01x:\n", "bad_reference"),
        ("articles.yaml", "article: 第七条", "article: 第六条", "without_verdict"),
        ("towns/example.yaml", "  simplified:\n", "  other:\n", "not_supplied"),
        ("rulebook.yaml", "  not_passed: 未通过告知\n", "", "refused"),
    ],
)
def test_a_planted_fault_is_found_and_named(
    plant: Planting, page: str, old: str, new: str, kind: str
) -> None:
    found = plant(page, old, new)
    assert kind in {finding.kind for finding in found}
    for finding in found:
        assert all(readable(name) for name in QUOTED.findall(finding.question)), finding


def test_a_tier_that_is_never_reached_is_found(plant: Planting) -> None:
    branch = "          - {when: {kind: works}, to: begin_works}\n"
    found = plant("project.yaml", branch, branch + branch)
    assert "branch_never_taken" in {finding.kind for finding in found}


def test_a_case_with_no_branch_to_take_is_found(plant: Planting) -> None:
    found = plant("project.yaml", "          - to: deliberate\n", "")
    assert "gap" in {finding.kind for finding in found}


def test_an_encoded_rule_without_a_law_case_is_found(folder: Path, tmp_path: Path) -> None:
    policies = tmp_path / "policies" / CITY
    policies.mkdir(parents=True)
    shutil.copy(CASES / CITY / "votes.yaml", policies)
    assert "without_case" in {finding.kind for finding in lint(folder, policies.parent)}


def test_without_any_law_case_only_their_absence_is_said(folder: Path, tmp_path: Path) -> None:
    before = len(faults(folder))
    found = [item for item in lint(folder, tmp_path) if item.group != "source"]
    assert [item.place for item in found if item.group == "missing"] == [f"tests/policies/{CITY}/"]
    assert len(found) == before + 1


def test_a_verdict_that_points_to_a_page_of_no_known_name_is_found(plant: Planting) -> None:
    found = plant("articles.yaml", "limits.yaml: project_cap", "limit.yaml: project_cap")
    assert any(item.kind == "bad_reference" and "limit.yaml" in item.says for item in found)


def test_a_page_that_cannot_be_read_does_not_hide_the_others(folder: Path) -> None:
    (folder / "limits.yaml").write_text("cap: [\n", encoding="utf-8")
    duties = folder / "duties.yaml"
    text = duties.read_text(encoding="utf-8").replace("  from: town\n", "", 1)
    duties.write_text(text, encoding="utf-8")
    found = faults(folder)
    assert any("不是合格的 YAML" in item.says for item in found)
    assert "without_owner" in {item.kind for item in found}


def test_a_half_done_folder_lists_what_is_missing_in_the_order_to_supply_it(
    folder: Path,
) -> None:
    for page in ("project.yaml", "rulebook.yaml", "readings.yaml", "duties.yaml"):
        (folder / page).unlink()
    missing = [item.place.rpartition("/")[2] for item in lint(folder) if item.group == "missing"]
    assert missing == ["readings.yaml", "rulebook.yaml", "project.yaml", "duties.yaml"]


@pytest.mark.parametrize(
    ("page", "asked"), [("articles.yaml", "原文共有哪几条"), ("readings.yaml", "以谁的解释为准")]
)
def test_what_only_follows_from_a_missing_page_is_held_back(
    folder: Path, page: str, asked: str
) -> None:
    before = {(item.kind, item.place) for item in faults(folder)}
    (folder / page).unlink()
    found = faults(folder)
    missing = [item for item in found if item.group == "missing"]
    assert found[: len(missing)] == missing
    assert missing[-1].place == f"{CITY}/{page}"
    assert asked in missing[-1].question
    assert {(item.kind, item.place) for item in found[len(missing) :]} <= before


def test_a_source_that_is_not_registered_is_said_once_for_all_its_rules(folder: Path) -> None:
    page = folder / "articles.yaml"
    text = page.read_text(encoding="utf-8")
    page.write_text(text.replace("source: implementation_measures", "source: lost"), "utf-8")
    found = [item for item in faults(folder) if "没有登记在 sources.yaml" in item.says]
    assert len(found) == 1


@pytest.mark.parametrize(
    ("page", "old", "new", "named"),
    [
        ("project.yaml", "    kind: vote\n", "    kind: ballot\n", "居民议事会商议"),
        ("limits.yaml", "  per: project\n", "  per: [projects]\n", "单个项目资金上限"),
        ("rulebook.yaml", "  count: 3\n", "  count: some\n", "补记"),
    ],
)
def test_a_refused_line_is_asked_about_by_the_name_of_its_rule(
    plant: Planting, page: str, old: str, new: str, named: str
) -> None:
    refused = [item for item in plant(page, old, new) if item.group == "refused"]
    assert refused
    assert {f"“{named}”原文怎样规定？"} == {item.question for item in refused}


def test_a_level_before_a_noun_is_not_the_office_of_that_level() -> None:
    assert names_office(AWAITED, "村", "待村报送")
    assert names_office(FIRST, "镇", "镇经办人")
    assert names_office(EACH, "社区", "原则上每个社区每年不超过三个")
    assert not names_office(AWAITED, "村", "待村级票选")
    assert not names_office(AWAITED, "村", "待村民代表会议表决")
    assert not names_office(FIRST, "村", "村级监督员")
    assert not names_office(EACH, "村", "每个村级项目")


def test_the_number_that_an_amendment_replaces_is_not_asked_for() -> None:
    amended = in_force("将县财政补助比例由结算金额的60%调整为70%，上限由5万元提高到8万元。")
    assert [str(item.value) for item in quantities(amended)] == ["7/10", "80000"]
    assert in_force("自3月1日起不超过5万元") == "自3月1日起不超过5万元"


def test_an_empty_folder_is_told_to_begin_with_the_source(tmp_path: Path) -> None:
    (tmp_path / "new").mkdir()
    first = lint(tmp_path / "new", tmp_path / "nowhere")[0]
    assert first.place == "new/sources/sources.yaml"


def survivors(folder: Path, count: int) -> list[Mutant]:
    """The planted faults that neither the loader nor the lint finds."""
    before = faults(folder)
    # A rulebook that is refused already would hide what is planted in it.
    assert {item.group for item in before} <= {"fault"}, before
    clean = {(item.kind, item.says) for item in before}
    unseen = []
    for mutant in mutants(folder, count, SEED):
        page = folder / mutant.page
        kept = page.read_text(encoding="utf-8")
        written(mutant, folder)
        if not {(item.kind, item.says) for item in faults(folder)} - clean:
            unseen.append(mutant)
        page.write_text(kept, encoding="utf-8")
    return unseen


def told(unseen: list[Mutant]) -> str:
    return "Not found:\n" + "\n".join(str(mutant) for mutant in unseen)


def test_nearly_every_fault_planted_by_rule_is_found(folder: Path) -> None:
    count = 32
    unseen = survivors(folder, count)
    assert count - len(unseen) >= count * LEAST_FOUND, told(unseen)


@pytest.mark.slow
@pytest.mark.parametrize("city", loader.cities())
def test_a_sweep_of_planted_faults_finds_nine_of_ten_in_every_city(
    tmp_path: Path, city: str
) -> None:
    folder = Path(shutil.copytree(loader.CITIES / city, tmp_path / city))
    count = 250
    unseen = survivors(folder, count)
    assert count - len(unseen) >= count * LEAST_FOUND, told(unseen)
