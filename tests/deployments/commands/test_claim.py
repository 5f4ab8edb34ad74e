"""认定申请命令: a claim is built, seen, recognised and paid from the terminal."""

from datetime import datetime
from pathlib import Path

import pytest

from records.acting.overview import state_of
from records.database.store import Store
from rulebooks.days.working_days import BEIJING
from tests.deployments.commands.conftest import Minsheng, let_pass
from tests.deployments.commands.test_case import live
from tests.records.claiming import settle_city, step
from tests.records.world import STEPS, TOWN, accepted, opened

JULY = datetime(2026, 7, 1, 9, tzinfo=BEIJING)
WHICH = ("--place", TOWN, "--period", "2026-Q2")
VOTE = (
    "--set", "resolution=第1号", "--set", "members=9", "--set", "present=9", "--set", "agree=9",
)  # fmt: skip
CLAIM = "ZJG-BS-2026-0001"


@pytest.fixture
def in_july(store: Store) -> str:
    """One project is done, another has only been suggested, and the quarter is over."""
    settle_city(store)
    number = opened(store)
    live(store, number, len(STEPS))
    opened(store, key="open-2", title="东莱社区路灯修缮", community="东莱社区")
    let_pass(store, JULY)
    return number


def test_a_claim_is_carried_from_the_terminal_to_its_payment(
    minsheng: Minsheng, store: Store, in_july: str
) -> None:
    built = minsheng("claim", "build", *WHICH, "--yes")
    assert built.code == 0, built.err
    assert f"已开立：{CLAIM}" in built.out
    seen = minsheng("claim", "show", *WHICH)
    assert "申请市级　23,000.00元，共1个项目" in seen.out
    assert "尚未满足：审计结论已出" in seen.out
    assert "余额10,000,000.00元" in seen.out
    for stage in ("sign", "review"):
        accepted(step(store, CLAIM, stage))
    recognised = minsheng("claim", "recognise", *WHICH, *VOTE, "--yes")
    assert recognised.code == 0, recognised.err
    paid = minsheng(
        "claim", "pay", *WHICH, "--yes",
        "--set", "amount=23000", "--set", "voucher=财指1", "--set", "final=是",
    )  # fmt: skip
    assert paid.code == 0, paid.err
    assert state_of(store, CLAIM).outcome == "settled"
    told = minsheng("claim", "show", *WHICH, "--json").json
    assert told["recognised"]["total"] == 2_300_000
    assert told["envelope"]["left"] == 1_000_000_000 - 2_300_000
    assert told["drafts"] == {}
    ledger = minsheng("ledger", "--check")
    assert ledger.code == 0, ledger.out
    shown = minsheng("ledger", "--fund", "市级民生微实事专项引导资金").out
    assert "10,000,000.00" in shown
    town = next(line for line in shown.splitlines() if TOWN in line)
    assert town.split()[-3:] == ["23,000.00", "23,000.00", "/"]
    assert "没有合于所选条件的资金" in minsheng("ledger", "--year", "1900").out
    moved = minsheng("ledger", "--case", CLAIM).out
    assert "拨给镇街" in moved
    assert in_july in moved


def test_a_claim_that_cannot_be_is_not_offered_to_be_built(
    minsheng: Minsheng, in_july: str
) -> None:
    said = minsheng("claim", "show", "--place", TOWN, "--period", "2026-06")
    assert "不能按2026年6月办" in said.err
    assert "claim build" not in said.err
    said = minsheng("claim", "show", "--place", "张家港市", "--period", "2026-Q2")
    assert "一级的机关办" in said.err


def test_amounts_by_the_conference_are_typed_in_yuan(
    minsheng: Minsheng, store: Store, in_july: str
) -> None:
    minsheng("claim", "build", *WHICH, "--yes")
    for stage in ("sign", "review"):
        accepted(step(store, CLAIM, stage))
    said = minsheng("claim", "recognise", *WHICH, *VOTE, "--yes",
                    "--set", f"amounts={in_july}=100")  # fmt: skip
    assert said.code
    assert "够用，按申请的金额认定" in said.err


def test_the_quarters_report_is_the_claim_with_its_files(
    minsheng: Minsheng, in_july: str, tmp_path: Path
) -> None:
    said = minsheng("report", "quarterly", *WHICH, "--to", str(tmp_path / "out"))
    assert said.code == 0, said.err
    assert "待编制认定申请" in said.out
    names = sorted(path.suffix for path in (tmp_path / "out").iterdir())
    assert names == [".docx", ".pdf", ".xlsx"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--place", TOWN, "--period", "2026-Q3"), "还没有开立"),
        (("--place", "没有镇", "--period", "2026-Q2"), "没有登记“没有镇”"),
        (("--place", TOWN, "--period", "第二季"), "期次“第二季”读不懂"),
        ((*WHICH, "--city", "nanshan"), "不在城市“nanshan”"),
    ],
)
def test_what_cannot_be_shown_is_refused_in_one_sentence(
    minsheng: Minsheng, in_july: str, words: tuple[str, ...], said: str
) -> None:
    answer = minsheng("claim", "show", *words)
    assert answer.code
    assert said in answer.err
    assert answer.sentences == 1


def test_a_quarter_that_is_not_over_cannot_be_built(minsheng: Minsheng, in_july: str) -> None:
    answer = minsheng("claim", "build", "--place", TOWN, "--period", "2026-Q3", "--yes")
    assert answer.code
    assert "自2026年10月1日起开立" in answer.err
