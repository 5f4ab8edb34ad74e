"""样例：同一种子逐字节相同，读回即所写，标明合成，各镇写法不同；一期总数与公布的分毫不差。"""

import hashlib
from collections import Counter
from pathlib import Path

import pytest

from schemas.findings import check_workbook
from schemas.programme import programme
from schemas.reading import read_grids
from schemas.sample_material import load_material, places_of
from schemas.samples import rows_of_town, sample_rows, sample_workbook, sample_workbooks
from tests.schemas.workbooks import choices

CITY = "zhangjiagang"
SEED = 20_260_302


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_the_same_seed_gives_the_same_bytes_and_another_seed_does_not(tmp_path):
    for name, seed in [("a", 1), ("b", 1), ("c", 2)]:
        sample_workbook(tmp_path / f"{name}.xlsx", CITY, seed=seed)
    first, second, other = (digest(tmp_path / f"{name}.xlsx") for name in "abc")
    assert first == second
    assert first != other


def test_each_town_writes_in_its_own_way_and_every_way_is_read_back_exactly(tmp_path):
    rows = sample_rows(CITY, seed=SEED, projects=40)
    for path in sample_workbooks(tmp_path, CITY, seed=SEED):
        checked = check_workbook(path, choices())
        sent = rows_of_town(rows, CITY, path.stem)
        assert checked.findings == ()
        assert [row.budget for row in checked.suggestions] == [
            row["budget"] for row in sent["suggestions"]
        ]
        assert [row.proposed_on for row in checked.suggestions] == [
            row["proposed_on"] for row in sent["suggestions"]
        ]
        assert [row.households for row in checked.organisations] == [
            row["households"] for row in sent["organisations"]
        ]
        assert len(checked.under_way) == 1


def test_the_town_files_together_hold_forty_projects_in_twelve_communities(tmp_path):
    checked = [check_workbook(p, choices()) for p in sample_workbooks(tmp_path, CITY, seed=SEED)]
    assert sum(len(each.suggestions) + len(each.under_way) for each in checked) == 40
    communities = [o for each in checked for o in each.organisations if o.level == "community"]
    assert len(communities) == len(places_of(CITY)) == 12
    kinds = Counter(row.kind for each in checked for row in each.suggestions)
    assert kinds["works"] > 5
    assert kinds["services"] > 5


def test_amounts_lie_between_three_thousand_and_a_hundred_thousand_yuan():
    budgets = [row["budget"] for row in sample_rows(CITY, seed=SEED, projects=200)["suggestions"]]
    assert len(budgets) == 197
    assert min(budgets) >= 300_000
    assert max(budgets) <= 10_000_000


@pytest.mark.parametrize("seed", range(2))
def test_any_seed_gives_a_workbook_without_findings(tmp_path, seed):
    sample_workbook(tmp_path / "a.xlsx", CITY, seed=seed, projects=60)
    checked = check_workbook(tmp_path / "a.xlsx", choices())
    assert checked.findings == ()
    assert len(checked.under_way) == 3
    assert [row.stage for row in checked.under_way] == [
        "publicize_project", "finish_works", "audit_in_bundle",
    ]  # fmt: skip


def test_every_role_has_an_official_wherever_the_rulebook_puts_it(tmp_path):
    sample_workbook(tmp_path / "a.xlsx", CITY, seed=SEED)
    checked = check_workbook(tmp_path / "a.xlsx", choices())
    posts = Counter(official.role for official in checked.officials)
    assert set(posts) == set(choices().roles)
    assert posts["community_clerk"] == 12
    assert posts["office_clerk"] == 4
    assert posts["town_clerk"] == 3
    assert posts["city_clerk"] == 1
    offices = {o.organisation for o in checked.officials if o.role == "review_convener"}
    assert offices == {"塘市办事处", "乘航办事处", "塘桥镇", "大新镇"}


def test_every_sheet_says_that_the_data_are_made_up_and_people_carry_made_up_names(tmp_path):
    sample_workbook(tmp_path / "a.xlsx", CITY, seed=SEED)
    for grid in read_grids(tmp_path / "a.xlsx"):
        assert load_material(CITY)["label"] in str(grid.rows[1][0])
    checked = check_workbook(tmp_path / "a.xlsx", choices())
    people = [row.proposer for row in checked.suggestions]
    people += [row.name for row in checked.officials]
    people += [row.name for row in checked.council_members]
    assert all(name.startswith("示例") for name in people)
    assert all(str(row.phone).startswith("0512-0000") for row in checked.suggestions)
    assert all("EXAMPLE" in row.credit_code for row in checked.implementers)


def test_a_programme_has_exactly_the_published_totals():
    rows = programme(CITY, SEED)
    selected = [row for row in rows if row.selected]
    assert len(rows) == 1448
    assert Counter(row.kind for row in selected) == {"works": 618, "services": 306}
    assert len(selected) == 924
    assert sum(row.budget for row in selected) == 4_329_670_000
    covered = {row.community for row in selected}
    communities = {row.community for row in rows}
    assert len(covered) * 100 == len(communities) * 98


def test_no_project_of_the_programme_is_over_a_hundred_thousand_yuan():
    assert all(0 < row.budget <= 10_000_000 for row in programme(CITY, SEED))


def test_no_community_year_of_the_programme_is_over_its_usual_cap():
    spent: Counter[tuple[str, int]] = Counter()
    for row in programme(CITY, SEED):
        spent[row.community, row.year] += row.budget if row.selected else 0
    assert max(spent.values()) <= 16_500_000


def test_a_programme_is_the_same_for_the_same_seed_only():
    assert programme(CITY, 1) == programme(CITY, 1)
    assert programme(CITY, 1) != programme(CITY, 2)
