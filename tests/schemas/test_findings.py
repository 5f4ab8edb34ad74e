"""入口校验：干净的文件没有问题，种下的错误一个不漏、一个不多，各自指明表、行、列与规则。"""

import subprocess
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

import schemas
from schemas.findings import check_workbook
from schemas.rows import Finding
from tests.schemas.workbooks import check, choices, clean_grids, places, plant, value_at, write

S, U, ORG = "项目建议", "在办项目", "机构与社区"
M, P, FIRM = "议事会成员", "经办人员", "实施主体"

# Every plant is alone in its cell; the under-way rows are 3 publicized, 4 being built, 5 in audit.
PLANTS = [
    (S, 3, "社区", "不存在社区", "logic.reference"),
    (S, 3, "是否急办", "也许", "form.yes_or_no"),
    (S, 4, "项目类别", "绿化", "ZJG-02a"),
    (S, 4, "社会资金", "若干", "form.money"),
    (S, 5, "项目类型", "货物类", "ZJG-03a"),
    (S, 6, "资金预算", Decimal("100000.01"), "ZJG-03f"),
    (S, 7, "资金预算", "十二万", "form.money"),
    (S, 8, "资金预算", Decimal(0), "form.money"),
    (S, 9, "资金预算", Decimal(-5), "form.money"),
    (S, 10, "资金预算", "45000.005", "form.money"),
    (S, 11, "建议来源", "市民热线", "ZJG-04a"),
    (S, 12, "提出日期", "2026-2-30", "form.day"),
    (S, 13, "联系电话", "12345", "form.phone"),
    (S, 14, "项目名称", None, "form.missing"),
    (S, 15, "项目名称", "长" * 61, "form.length"),
    (S, 16, "提议人姓名", "   ", "form.missing"),
    (S, 17, "社区", "杨舍镇", "logic.reference"),
    (U, 3, "项目类型", None, "form.missing"),
    (U, 3, "合同日期", date(2026, 3, 2), "logic.stage"),
    (U, 3, "应到", None, "logic.stage"),
    (U, 3, "审核通过日期", "去年", "form.day"),
    (U, 4, "同意", Decimal(9), "logic.votes"),
    (U, 4, "审议实到", Decimal(12), "logic.votes"),
    (U, 4, "审议日期", date(2025, 11, 1), "logic.dates"),
    (U, 4, "开工日期", None, "logic.stage"),
    (U, 4, "实施主体", "没有入库的公司", "logic.reference"),
    (U, 5, "合同金额", Decimal(99_999), "logic.contract"),
    (U, 5, "完工日期", date(2025, 9, 1), "logic.dates"),
    (U, 5, "审议应到", "十一", "form.count"),
    (ORG, 4, "电子邮箱", "没有@", "form.email"),
    (ORG, 5, "常住户数", Decimal("1200.5"), "form.count"),
    (ORG, 6, "上级", "没有这个机构", "logic.reference"),
    (ORG, 7, "上级", "汤联社区", "logic.parent"),
    (ORG, 8, "上级", None, "logic.parent"),
    (ORG, 9, "类型", "小区", "form.level"),
    (M, 3, "任期止", date(2020, 1, 1), "logic.term"),
    (M, 4, "社区", "邻市社区", "logic.reference"),
    (M, 5, "职务", None, "form.missing"),
    (P, 3, "角色", "看门人", "form.role"),
    (P, 4, "机构", "没有这个机构", "logic.reference"),
    (P, 5, "任期起", "2025.13.1", "form.day"),
    (FIRM, 3, "统一社会信用代码", "91320582EXAMPLE110", "form.credit_code"),
    (FIRM, 4, "所属镇(区)", "汤联社区", "logic.reference"),
    (FIRM, 5, "类型", "个体户", "form.implementer_type"),
    (FIRM, 6, "状态", "观察", "form.implementer_status"),
]


@pytest.fixture
def grids():
    return clean_grids()


def test_a_clean_workbook_enters_whole_and_without_findings(tmp_path, grids):
    checked = check(tmp_path, grids)
    assert checked.findings == ()
    assert checked.clean
    entered = {
        S: [row.row for row in checked.suggestions],
        U: [row.row for row in checked.under_way],
        ORG: [row.row for row in checked.organisations],
        M: [row.row for row in checked.council_members],
        P: [row.row for row in checked.officials],
        FIRM: [row.row for row in checked.implementers],
    }
    assert entered == {sheet: list(range(3, len(rows) + 1)) for sheet, rows in grids.items()}


@pytest.mark.parametrize("sheet", [S, U, ORG, M, P, FIRM])
def test_errors_planted_in_one_sheet_are_found_there_and_cause_none_elsewhere(
    tmp_path, grids, sheet
):
    planted = [plant_ for plant_ in PLANTS if plant_[0] == sheet]
    for _, row, column, value, _ in planted:
        plant(grids, sheet, row, column, value)
    assert places(check(tmp_path, grids)) == {
        (sheet, row, column, rule) for _, row, column, _, rule in planted
    }


def test_all_planted_errors_together_are_found_exactly(tmp_path, grids):
    for sheet, row, column, value, _ in PLANTS:
        plant(grids, sheet, row, column, value)
    expected = {(sheet, row, column, rule) for sheet, row, column, _, rule in PLANTS}
    assert places(check(tmp_path, grids)) == expected


def test_a_row_with_a_finding_does_not_enter_and_the_others_do(tmp_path, grids):
    plant(grids, S, 5, "资金预算", "十二万")
    checked = check(tmp_path, grids)
    assert 5 not in {row.row for row in checked.suggestions}
    assert len(checked.suggestions) == len(grids[S]) - 3


def test_rows_that_lean_on_a_refused_organisation_wait_with_it_but_are_not_blamed(tmp_path, grids):
    row = next(n for n in range(3, 30) if value_at(grids, ORG, n, "名称") == "塘市办事处")
    plant(grids, ORG, row, "电子邮箱", "没有@")
    checked = check(tmp_path, grids)
    assert places(checked) == {(ORG, row, "电子邮箱", "form.email")}
    names = {organisation.name for organisation in checked.organisations}
    assert "汤联社区" not in names
    assert "大新社区" in names
    assert {row.community for row in checked.suggestions} <= names
    assert {row.organisation for row in checked.officials} <= names


def test_a_community_whose_level_cannot_be_read_is_blamed_alone(tmp_path, grids):
    row = next(n for n in range(3, 30) if value_at(grids, ORG, n, "名称") == "汤联社区")
    plant(grids, ORG, row, "类型", "小区")
    assert places(check(tmp_path, grids)) == {(ORG, row, "类型", "form.level")}


def test_a_contract_half_entered_asks_for_the_other_half(tmp_path, grids):
    half = {
        "当前环节": "签订合同",
        "公示结束日期": date(2026, 3, 4),
        "实施主体": value_at(grids, FIRM, 3, "名称"),
        "合同日期": date(2026, 3, 9),
    }
    for column, value in half.items():
        plant(grids, U, 3, column, value)
    assert places(check(tmp_path, grids)) == {(U, 3, "合同金额", "logic.stage")}


def test_a_budget_over_the_cap_is_refused_with_the_rule_and_what_to_do(tmp_path, grids):
    plant(grids, S, 6, "资金预算", Decimal("100000.01"))
    (finding,) = check(tmp_path, grids).findings
    assert finding == Finding(
        sheet=S,
        row=6,
        column="资金预算",
        value="100000.01",
        rule="ZJG-03f",
        sentence="「资金预算」100000.01 超过单个项目上限100,000.00元，依据第三条（ZJG-03f）；"
        "请调减预算后再报，不得拆分同一项目。",
    )
    assert finding.place == "「项目建议」第6行「资金预算」"


def test_a_budget_of_exactly_the_cap_is_within_it(tmp_path, grids):
    plant(grids, S, 6, "资金预算", Decimal(100_000))
    assert check(tmp_path, grids).clean


def test_without_a_cap_in_the_rulebook_no_budget_is_too_large(tmp_path, grids):
    plant(grids, S, 6, "资金预算", Decimal(9_999_999))
    rules = choices()
    path = write(tmp_path / "a.xlsx", grids)
    capless = type(rules)(
        rules.categories, rules.kinds, rules.sources, rules.roles, rules.levels, rules.stages
    )
    assert check_workbook(path, capless).clean


def test_repeated_rows_are_reported_at_the_later_row(tmp_path, grids):
    last = {sheet: len(rows) + 1 for sheet, rows in grids.items()}
    for sheet in (S, U, ORG, M, P, FIRM):
        grids[sheet].append(list(grids[sheet][2]))
    assert places(check(tmp_path, grids)) == {
        (S, last[S], "项目名称", "logic.duplicate"),
        (U, last[U], "项目名称", "logic.duplicate"),
        (ORG, last[ORG], "名称", "logic.duplicate"),
        (ORG, last[ORG], "机关代字", "logic.duplicate"),
        (M, last[M], "姓名", "logic.duplicate"),
        (P, last[P], "姓名", "logic.duplicate"),
        (FIRM, last[FIRM], "名称", "logic.duplicate"),
        (FIRM, last[FIRM], "统一社会信用代码", "logic.duplicate"),
    }


def test_a_project_under_way_is_not_suggested_again(tmp_path, grids):
    for column in ("社区", "项目名称"):
        plant(grids, S, 8, column, value_at(grids, U, 4, column))
    assert places(check(tmp_path, grids)) == {(S, 8, "项目名称", "logic.duplicate")}


def test_a_project_in_the_simplified_procedure_needs_no_council_vote(tmp_path, grids):
    for column in ("议事会日期", "应到", "实到", "同意", "审议日期", "审议应到", "审议实到",
                   "审议同意"):  # fmt: skip
        plant(grids, U, 3, column, None)
    assert len(check(tmp_path, grids).findings) == 8
    plant(grids, U, 3, "当前环节", "简化流程：项目公示")
    checked = check(tmp_path, grids)
    assert checked.clean
    assert checked.under_way[0].stage == "quick_publicize"
    assert checked.under_way[0].council is None


def test_organisations_already_in_the_records_need_not_be_repeated(tmp_path, grids):
    only = {S: grids[S]}
    assert {place[3] for place in places(check(tmp_path, only))} == {"logic.reference"}
    known = {row[0]: "community" for row in grids[ORG][2:]}
    assert check(tmp_path, only, known=known).clean


def test_the_first_stories_enter_as_they_were_told(tmp_path, grids):
    titles = {row.title: row for row in check(tmp_path, grids).suggestions}
    lorries = titles["塘市花苑货车规范停放整治"]
    sheds = titles["府前新村自行车库安全接电"]
    assert (lorries.community, lorries.kind, lorries.budget) == ("汤联社区", "works", 8_600_000)
    assert (sheds.community, sheds.category) == ("大新社区", "safety_hazards")
    assert "53个" in sheds.content


def test_a_value_with_hidden_characters_is_shown_harmless(tmp_path, grids):
    plant(grids, S, 4, "项目类别", "绿化\u202e\n" + "长" * 90)
    (finding,) = check(tmp_path, grids).findings
    assert finding.value.startswith("绿化��长")
    assert finding.value.endswith("…")


def test_braces_in_a_cell_are_printed_literally(tmp_path, grids):
    plant(grids, S, 4, "项目类别", "{{7*7}} {column} {0}")
    (finding,) = check(tmp_path, grids).findings
    assert "{{7*7}} {column} {0}" in finding.sentence


def test_asking_for_the_shapes_alone_does_not_load_the_table_library():
    probe = "import schemas.findings, schemas.samples, sys; sys.exit('pandas' in sys.modules)"
    root = Path(schemas.__file__).parents[1]
    assert subprocess.run([sys.executable, "-c", probe], cwd=root, check=False).returncode == 0
