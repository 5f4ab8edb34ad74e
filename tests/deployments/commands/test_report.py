"""报送命令: a report is opened when its period is over, written to files, traced to projects."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from records.database.store import Store
from records.database.tables import organisations
from rulebooks.days.working_days import BEIJING
from tests.deployments.commands.conftest import Minsheng, let_pass
from tests.deployments.commands.test_case import live
from tests.records.world import COMMUNITY, OTHER_COMMUNITY, STEPS, TOWN, opened

MAY = datetime(2026, 5, 1, 9, tzinfo=BEIJING)
DECEMBER = datetime(2026, 12, 1, 9, tzinfo=BEIJING)
APRIL = ("--place", TOWN, "--period", "2026-04")


@pytest.fixture
def in_may(store: Store) -> str:
    """The small town has one finished project, and April is over."""
    number = opened(store)
    live(store, number, len(STEPS))
    let_pass(store, MAY)
    return number


def test_a_months_report_is_opened_and_its_files_are_written_where_asked(
    minsheng: Minsheng, in_may: str, tmp_path: Path
) -> None:
    said = minsheng("report", "monthly", *APRIL, "--to", str(tmp_path / "out"))
    assert said.code == 0, said.err
    assert "杨舍镇2026年4月项目月报" in said.out
    assert "待核对月报" in said.out
    assert "最迟2026年5月6日" in said.out
    names = sorted(path.suffix for path in (tmp_path / "out").iterdir())
    assert names == [".docx", ".pdf", ".xlsx"]
    again = minsheng("report", "monthly", *APRIL, "--to", str(tmp_path / "again"))
    assert "早已开立" in again.out
    first, second = (
        [path.read_bytes() for path in sorted((tmp_path / name).iterdir())]
        for name in ("out", "again")
    )
    assert first == second, "made again it is the same to the byte"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--place", TOWN, "--period", "2026-05"), "自2026年6月1日起开立"),
        (("--place", "没有镇", "--period", "2026-04"), "没有登记“没有镇”"),
        (("--place", TOWN, "--period", "四月"), "期次“四月”读不懂"),
    ],
)
def test_what_cannot_be_reported_is_refused_in_one_sentence(
    minsheng: Minsheng, in_may: str, words: tuple[str, ...], said: str
) -> None:
    answer = minsheng("report", "monthly", *words)
    assert answer.code
    assert said in answer.err
    assert answer.sentences == 1


def test_a_kind_of_report_that_the_place_does_not_have_names_those_it_has(
    minsheng: Minsheng, in_may: str
) -> None:
    answer = minsheng("report", "of", "midterm_report", *APRIL)
    assert "monthly_report（项目月报）" in answer.err


def test_a_figure_is_traced_to_its_projects_and_they_add_up(
    minsheng: Minsheng, in_may: str
) -> None:
    paid = minsheng("report", "drill", "paid_fen", *APRIL, "--json").json
    assert [row["case"] for row in paid["rows"]] == [in_may]
    assert paid["total"] == sum(row["amount_fen"] for row in paid["rows"]) > 0
    shown = minsheng("report", "drill", "paid_fen", *APRIL)
    assert in_may in shown.out
    assert "合计" in shown.out


def test_a_figure_without_projects_says_what_to_try(minsheng: Minsheng, in_may: str) -> None:
    shown = minsheng("report", "drill", "withdrawn", *APRIL)
    assert "没有项目" in shown.out
    assert "--kind" in shown.out


def test_an_unknown_figure_lists_those_there_are(minsheng: Minsheng, in_may: str) -> None:
    answer = minsheng("report", "drill", "wishes", *APRIL)
    assert "可写：期初在办（opening）" in answer.err


def test_a_figure_and_a_cell_may_be_named_as_they_are_printed(
    minsheng: Minsheng, in_may: str
) -> None:
    coded = minsheng("report", "drill", "paid_fen", *APRIL, "--kind", "works", "--json").json
    named = minsheng("report", "drill", "本年拨付金额", *APRIL, "--kind", "工程类", "--json").json
    assert named == coded
    assert coded["total"] > 0


@pytest.mark.parametrize(
    ("option", "listed"), [("--kind", "工程类（works）"), ("--category", "（environment）")]
)
def test_an_unknown_kind_or_category_lists_those_there_are(
    minsheng: Minsheng, in_may: str, option: str, listed: str
) -> None:
    answer = minsheng("report", "drill", "new", *APRIL, option, "xx")
    assert answer.code != 0
    assert "没有“xx”" in answer.err
    assert listed in answer.err


@pytest.mark.parametrize(
    ("place", "count"),
    [("张家港市", 2), (TOWN, 2), ("城南办事处", 1), (COMMUNITY, 1), (OTHER_COMMUNITY, 1)],
)
def test_a_place_has_the_projects_of_everything_below_it_and_no_others(
    minsheng: Minsheng, in_may: str, store: Store, place: str, count: int
) -> None:
    opened(store, key="open-2", title="东莱社区路灯修缮", community=OTHER_COMMUNITY)
    let_pass(store, MAY + timedelta(hours=1))
    found = minsheng(
        "report", "drill", "collected", "--place", place, "--period", "2026-05", "--json"
    ).json
    assert found["total"] == count


def test_a_figure_is_traced_as_it_was_known_when_its_report_closed(
    minsheng: Minsheng, in_may: str, store: Store
) -> None:
    year = ("--place", TOWN, "--period", "2026")
    let_pass(store, DECEMBER)
    assert minsheng("report", "annual", *year).code == 0
    let_pass(store, DECEMBER + timedelta(days=4))
    opened(store, key="open-2", title="东莱社区路灯修缮", community=OTHER_COMMUNITY)
    for place in (TOWN, COMMUNITY):
        words = ("report", "drill", "collected", "--place", place, "--period", "2026", "--json")
        found = minsheng(*words).json
        assert found["total"] == 1
        assert found["as_of"].startswith("2026-12-01")


def test_an_office_without_a_code_for_its_documents_is_told_before_anybody_signs(
    minsheng: Minsheng, in_may: str, store: Store, tmp_path: Path
) -> None:
    said = minsheng("report", "monthly", *APRIL, "--to", str(tmp_path))
    assert "机关代字" not in said.out
    with store.write() as connection:
        connection.execute(update(organisations).values(document_code=None))
    said = minsheng("report", "monthly", *APRIL, "--to", str(tmp_path))
    assert "提示：杨舍镇没有登记机关代字" in said.out


def test_a_folder_that_cannot_be_written_is_named_and_the_report_stays_opened(
    minsheng: Minsheng, in_may: str, tmp_path: Path
) -> None:
    taken = tmp_path / "占用"
    taken.write_text("不是文件夹")
    said = minsheng("report", "monthly", *APRIL, "--to", str(taken))
    assert said.code == 1
    assert "文件写不进" in said.err + said.out
    assert "--to" in said.err + said.out
    assert "早已开立" in minsheng("report", "monthly", *APRIL, "--to", str(tmp_path)).out
