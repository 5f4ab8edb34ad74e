"""合办: `minsheng case rank` and `minsheng case batch`, from a table or by options."""

from pathlib import Path

import pytest

from records.acting.overview import state_of
from records.database.store import Store
from rulebooks.vocabulary.model import Rulebook
from tests.deployments.commands.conftest import Minsheng, Typist
from tests.records.test_counting_together import proposed, ranking_rulebook

VOTE = ("--set", "应到人数=9", "--set", "present=8", "--set", "同意人数=5")


@pytest.fixture
def rulebook(monkeypatch: pytest.MonkeyPatch) -> Rulebook:
    return ranking_rulebook(monkeypatch)


@pytest.fixture
def numbers(store: Store, rulebook: Rulebook) -> list[str]:
    """Two projects that wait for the ballot; both cannot be paid for."""
    return proposed(store, 60_000, 50_000)


def options(numbers: list[str], *votes: int) -> list[str]:
    pairs = zip(numbers, votes, strict=True)
    return [word for number, count in pairs for word in ("--votes", f"{number}={count}")]


def test_a_count_is_foreseen_as_a_table_before_it_is_recorded(
    minsheng: Minsheng, store: Store, numbers: list[str]
) -> None:
    words = ("case", "rank", "--ballots", "2026年票选", *options(numbers, 50, 40))
    foreseen = minsheng(*words, "--dry-run")
    assert foreseen.code == 0
    assert "以上为预演，没有记入" in foreseen.out
    assert "未入选" in foreseen.out
    assert state_of(store, numbers[0]).stage_open("ballot") is not None
    recorded = minsheng(*words)
    assert "已全部记入台账。" in recorded.out
    assert state_of(store, numbers[1]).outcome == "not_selected"


def test_votes_may_stand_in_a_table_and_a_program_reads_the_outcome(
    minsheng: Minsheng, numbers: list[str], tmp_path: Path
) -> None:
    table = tmp_path / "票数.csv"
    lines = ["编号,项目,得票", f"{numbers[0]},甲,50", f"{numbers[1]},乙,60"]
    table.write_text("\n".join(lines), encoding="gb18030")
    answer = minsheng("case", "rank", table, "--ballots", "2026年票选", "--json").json
    assert [(item["case"], item["chosen"]) for item in answer["outcomes"]] == [
        (numbers[1], True),
        (numbers[0], False),
    ]


def test_a_tie_is_refused_in_one_sentence_until_the_lots_are_told(
    minsheng: Minsheng, numbers: list[str]
) -> None:
    words = ("case", "rank", "--ballots", "2026年票选", *options(numbers, 50, 50))
    refused = minsheng(*words)
    assert refused.code == 1
    assert "当众抽签" in refused.err
    assert refused.sentences == 1
    drawn = minsheng(*words, "--order", f"{numbers[1]},{numbers[0]}")
    assert drawn.code == 0


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (["项目,得票", "甲,1"], "第一行没有“编号”这一列"),
        (["编号,得票", "X-1,1", "X-1,2"], "编号X-1写了两次"),
        (["编号,得票", ",1"], "有一行没有写编号"),
        (["编号,得票", "X-1,多"], "没有编号为“X-1”的事项"),
    ],
)
def test_a_table_that_cannot_be_used_is_told_in_a_sentence(
    minsheng: Minsheng, tmp_path: Path, lines: list[str], words: str
) -> None:
    table = tmp_path / "票数.csv"
    table.write_text("\n".join(lines), encoding="utf-8")
    said = minsheng("case", "rank", table, "--ballots", "2026年票选")
    assert said.code != 0
    assert words in said.err


def test_a_batch_is_agreed_to_at_the_terminal_before_it_is_recorded(
    minsheng: Minsheng, store: Store, typist: Typist, numbers: list[str], tmp_path: Path
) -> None:
    minsheng("case", "rank", "--ballots", "票选", *options(numbers, 50, 40))
    table = tmp_path / "批次.csv"
    table.write_text(f"编号,是否批准,批准金额\n{numbers[0]},批准,4.5万\n", encoding="utf-8")
    words = (
        "case",
        "batch",
        table,
        "--batch",
        "第一批",
        "--opinion",
        "同意",
        "--as",
        "吴刚",
        *VOTE,
    )
    typist.types("否")
    declined = minsheng(*words)
    assert declined.code == 1
    assert "45,000.00元" in declined.out
    assert state_of(store, numbers[0]).stage_open("sitting") is not None
    typist.types("是")
    assert minsheng(*words).code == 0
    assert state_of(store, numbers[0]).amounts["approved"] == 45_000_00


def test_a_case_that_does_not_wait_for_a_count_is_told_so(
    minsheng: Minsheng, numbers: list[str]
) -> None:
    said = minsheng(
        "case", "batch", "--batch", "一", "--decide", f"{numbers[0]}=批准", "--opinion", "可"
    )
    assert said.code == 1
    assert "不在待整批决定的环节" in said.err
