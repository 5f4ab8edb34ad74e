"""收件：一行只立一卷，不论文件怎样改；立不了的说明缘由；已立的不因再报而改动。"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest

from records.acting.enrolment import person_id
from records.acting.intake import Inbox, Taken, row_key, take_in
from records.acting.overview import open_numbers, state_of
from records.database.settings import RecordsSettings
from records.database.store import Store, open_store
from records.migrate import migrate
from rulebooks.days.working_days import BEIJING
from schemas.rows import Checked, Official, Organisation, Suggestion
from tests.records.conftest import sqlite_settings
from tests.records.world import CITY, SteppedClock
from tests.rulebooks.migrating import NEWER, with_version

SPRING = datetime(2026, 4, 1, 9, 30, tzinfo=BEIJING)
SINCE = date(2025, 1, 1)
TOWN, COMMUNITY = "杨舍镇", "汤联社区"

SUGGESTION = Suggestion(
    row=3, number="1", community=COMMUNITY, title="楼道扶手加装", category="safety_hazards",
    kind="works", content="加装不锈钢扶手", place="汤联花苑", schedule="2026年5月至7月",
    budget=3_600_000, source="residents", proposer="示例居民001", phone="13800138000",
    urgent=False, permit=False, proposed_on=date(2026, 3, 20), other_funds=None,
)  # fmt: skip


def organisation(name: str, level: str, parent: str | None) -> Organisation:
    return Organisation(2, name, level, parent, None, None, None, None, None)


NOTHING = Checked((), (), (), (), (), (), ())
SENT = replace(
    NOTHING,
    suggestions=(SUGGESTION,),
    organisations=(
        organisation(COMMUNITY, "community", TOWN),
        organisation(TOWN, "town", "张家港市"),
        organisation("张家港市", "city", None),
    ),
    officials=(Official(2, "示例甲", COMMUNITY, "community_clerk", SINCE, None),),
)


@pytest.fixture(scope="session")
def bare_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with tables and nothing in them."""
    folder = tmp_path_factory.mktemp("bare")
    store = open_store(sqlite_settings(folder), SteppedClock(SPRING))
    migrate(store)
    store.close()
    return folder / "records.sqlite"


@pytest.fixture
def settings(bare_file: Path, tmp_path: Path) -> RecordsSettings:
    (tmp_path / "records.sqlite").write_bytes(bare_file.read_bytes())
    return sqlite_settings(tmp_path)


@pytest.fixture
def clock() -> SteppedClock:
    return SteppedClock(SPRING)


@pytest.fixture
def store(settings: RecordsSettings, clock: SteppedClock) -> Iterator[Store]:
    opened = open_store(settings, clock)
    yield opened
    opened.close()


def sent(store: Store, checked: Checked = SENT, evidence: str = "a file") -> list[Taken]:
    return take_in(store, Inbox(CITY, checked, evidence), lambda _: None)


def test_a_suggestion_becomes_a_case_opened_by_the_communitys_own_clerk(store: Store) -> None:
    [taken] = sent(store)
    assert taken.sentence is None
    assert not taken.repeated
    state = state_of(store, str(taken.number))
    [opened] = state.history
    assert opened.actor == person_id(store, COMMUNITY, "示例甲")
    assert opened.occurred_at == datetime(2026, 3, 20, 9, 0, tzinfo=BEIJING)
    assert state.facts["town"] == TOWN
    assert state.amounts["budget"] == 3_600_000
    assert "示例居民001" not in str(opened.content)
    assert "13800138000" not in str(opened.content)


def test_each_row_is_reported_as_soon_as_it_is_taken(store: Store) -> None:
    reported: list[Taken] = []
    taken = take_in(store, Inbox(CITY, SENT, "a file"), reported.append)
    assert reported == taken


def test_the_same_row_from_any_file_and_any_line_is_one_case(store: Store) -> None:
    [first] = sent(store)
    moved = replace(SENT, suggestions=(replace(SUGGESTION, row=9, number="7"),))
    [again] = sent(store, moved, evidence="another file")
    assert again.repeated
    assert again.number == first.number
    assert again.note is None
    assert len(open_numbers(store)) == 1


def test_a_row_that_differs_from_its_case_changes_nothing_and_says_so(store: Store) -> None:
    [first] = sent(store)
    dearer = replace(SENT, suggestions=(replace(SUGGESTION, budget=3_700_000, urgent=True),))
    [again] = sent(store, dearer)
    assert again.number == first.number
    assert again.note == (
        "本行的资金预算、是否急办与立卷时不同，没有改动；要变更的请申请变更（第三十一条 ZJG-31a）。"
    )
    assert state_of(store, str(first.number)).amounts["budget"] == 3_600_000


def test_what_differs_is_named_as_the_version_the_settings_choose_names_it(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = "facts: {budget: 项目概算}"
    chosen = replace(store, versions={CITY: NEWER})
    dearer = replace(SENT, suggestions=(replace(SUGGESTION, budget=3_700_000),))
    with contextmanager(with_version)(tmp_path / "cities", page, monkeypatch):
        sent(chosen)
        [again] = sent(chosen, dearer)
        assert "本行的项目概算与立卷时不同" in str(again.note)
        [unchosen] = sent(store, dearer)
        assert "本行的资金预算与立卷时不同" in str(unchosen.note)


def test_two_residents_proposing_the_same_are_two_suggestions(store: Store) -> None:
    other = replace(SUGGESTION, row=4, proposer="示例居民002")
    both = replace(SENT, suggestions=(SUGGESTION, other))
    assert len({taken.number for taken in sent(store, both)}) == 2
    assert row_key(store, CITY, "suggestions", SUGGESTION) != row_key(
        store, CITY, "suggestions", other
    )


def test_a_key_gives_nothing_personal_away(store: Store) -> None:
    key = row_key(store, CITY, "suggestions", SUGGESTION)
    assert key.startswith("import/suggestions/")
    assert SUGGESTION.proposer not in key


def test_a_community_without_a_clerk_opens_nothing_and_says_what_to_add(store: Store) -> None:
    [taken] = sent(store, replace(SENT, officials=()))
    assert taken.number is None
    assert taken.sentence == (
        "汤联社区没有在任的经办人可以立卷，请在「经办人员」表补上后重新收件。"
    )
    [again] = sent(store)
    assert again.number is not None
    assert not again.repeated


def test_what_the_rulebook_refuses_is_said_and_takes_no_number(store: Store) -> None:
    unknown = replace(SUGGESTION, category="palaces")
    later = replace(SUGGESTION, row=4, title="另一件")
    taken = sent(store, replace(SENT, suggestions=(unknown, later)))
    assert taken[0].sentence is not None
    assert "项目类别“palaces”不在册" in taken[0].sentence
    assert taken[1].number == "ZJG-2026-0001"
