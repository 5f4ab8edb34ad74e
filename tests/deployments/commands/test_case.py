"""事项命令: what `minsheng case list` and `minsheng case show` tell people and programs."""

from datetime import timedelta

import pytest

from records.acting.acts import act
from records.database import clock
from records.database.store import Store
from tests.deployments.commands.conftest import Minsheng, let_pass
from tests.records.world import MONDAY, STEPS, accepted, command, opened

DAY = timedelta(days=1)


def live(store: Store, number: str, steps: int) -> None:
    for step in range(steps):
        accepted(act(store, command(number, step)))
        if STEPS[step][1] == "post" and STEPS[step - 1][0] == STEPS[step][0]:
            let_pass(store, store.clock.now() + 12 * DAY)


def test_an_empty_office_says_how_suggestions_come_in(minsheng: Minsheng) -> None:
    said = minsheng("case", "list")
    assert said.code == 0
    assert "minsheng import" in said.out


def test_the_list_tells_a_program_whose_duty_is_due_when(minsheng: Minsheng, store: Store) -> None:
    number = opened(store)
    live(store, number, 1)
    [row] = minsheng("case", "list", "--json").json
    assert row["number"] == number
    assert row["budget_fen"] == 4_800_000
    assert row["waits_for"] == "待居民议事会商议"
    assert row["due"] == "2026-03-05"
    assert row["overdue"] is False
    [duty] = row["duties"]
    assert duty["role"] == "council_convener"
    assert duty["role_label"] == "居民议事会召集人"
    assert duty["at"] == "城西社区"
    assert duty["actions"] == ["vote"]


def test_the_list_tells_people_what_is_left_of_the_time(minsheng: Minsheng, store: Store) -> None:
    live(store, opened(store), 1)
    said = minsheng("case", "list").out
    assert "待居民议事会商议" in said
    assert "03-05 还有3个工作日" in said
    assert "共1件" in said


def test_a_narrow_terminal_gets_lines_instead_of_a_table(
    minsheng: Minsheng, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    live(store, opened(store), 1)
    monkeypatch.setenv("COLUMNS", "44")
    lines = minsheng("case", "list").out.splitlines()
    assert lines[0] == "ZJG-2026-0001　城西社区凉亭修缮"
    assert lines[1] == "  城西社区　48,000.00元"
    assert lines[2].startswith("  待居民议事会商议　03-05")


def test_the_list_can_be_narrowed_to_one_town_or_one_person(
    minsheng: Minsheng, store: Store
) -> None:
    first = opened(store)
    second = opened(store, "open-2", title="道路照明", place="北门")
    live(store, second, 1)
    assert len(minsheng("case", "list", "--town", "杨舍镇", "--json").json) == 2
    assert minsheng("case", "list", "--town", "塘桥镇", "--json").json == []
    numbers = {
        person: [row["number"] for row in minsheng("case", "list", "--mine", person, "--json").json]
        for person in ("陈晓", "council_convener", "吴刚")
    }
    assert numbers == {"陈晓": [first], "council_convener": [second], "吴刚": []}


def test_nobody_of_that_name_is_said_so(minsheng: Minsheng) -> None:
    said = minsheng("case", "list", "--mine", "查无此人")
    assert said.code == 2
    assert said.err.strip() == "没有登记名为“查无此人”的经办人员，请核对 --mine。"


def test_only_what_is_overdue_is_listed_when_asked_for(minsheng: Minsheng, store: Store) -> None:
    late = opened(store)
    live(store, late, 1)
    assert minsheng("case", "list", "--overdue", "--json").json == []
    let_pass(store, MONDAY + 4 * DAY)
    opened(store, "open-2", title="道路照明", place="北门")
    [row] = minsheng("case", "list", "--overdue", "--json").json
    assert row["number"] == late
    assert row["overdue"] is True
    assert "已逾期1日" in minsheng("case", "list", "--overdue").out


def test_closed_cases_are_listed_only_when_all_are_asked_for(
    minsheng: Minsheng, store: Store
) -> None:
    number = opened(store)
    live(store, number, 1)
    refused = {**STEPS[1][3], "agree": 3}
    accepted(act(store, command(number, 1, content=refused)))
    assert minsheng("case", "list", "--json").json == []
    assert "没有符合的事项" in minsheng("case", "list").out
    [row] = minsheng("case", "list", "--all", "--json").json
    assert row["outcome"] == "not_selected"


def test_a_case_is_shown_with_its_facts_its_past_its_duty_and_the_reason_of_its_date(
    minsheng: Minsheng, store: Store
) -> None:
    number = opened(store)
    live(store, number, 1)
    said = minsheng("case", "show", number).out
    for words in (
        "ZJG-2026-0001　城西社区凉亭修缮",
        "杨舍镇 · 城西社区 · 工程类 · 社区环境整治",
        "金额　预算 48,000.00元",
        "✓ 2026-03-02  征集项目建议：已提交  第七条 ZJG-07a",
        "▶ 居民议事会商议",
        "由城西社区 居民议事会召集人（王建国）",
        "2026年3月5日到期，还有3个工作日",
        "自2026年3月2日起3个工作日，首日不计。",
        "依据：第八条 ZJG-08a（应/不得）“在收到社区提交的项目建议后3个工作日内”",
        "下一步　项目审议",
        "办理：minsheng case act ZJG-2026-0001",
    ):
        assert words in said


def test_the_rest_days_within_a_period_are_named(minsheng: Minsheng, store: Store) -> None:
    number = opened(store)
    let_pass(store, MONDAY + 3 * DAY)
    live(store, number, 1)
    said = minsheng("case", "show", number).out
    assert "自2026年3月5日起3个工作日，首日不计，周六、周日不计。" in said


def test_the_journal_is_shown_entry_by_entry_when_asked_for(
    minsheng: Minsheng, store: Store
) -> None:
    number = opened(store)
    live(store, number, 2)
    assert "台账" not in minsheng("case", "show", number).out
    said = minsheng("case", "show", number, "--journal").out
    assert "  1  2026-03-02 09:00  立卷" in said
    assert "  3  2026-03-02 09:00  居民议事会商议：登记表决结果" in said


def test_what_is_due_but_not_yet_recorded_is_shown_as_it_is(
    minsheng: Minsheng, store: Store
) -> None:
    number = opened(store)
    for step in range(6):
        accepted(act(store, command(number, step)))
    assert minsheng("case", "show", number, "--json").json["waits_for"] == "公示至3月5日"
    with store.write() as connection:
        clock.advance(connection, MONDAY + 5 * DAY, store.machine.now())
    shown = minsheng("case", "show", number, "--json").json
    assert shown["waits_for"] == "待确定实施主体"
    kept = store.states.get(number)
    assert kept is not None
    assert len(kept[1].history) == 7


def test_a_program_gets_the_whole_position_of_a_case(minsheng: Minsheng, store: Store) -> None:
    number = opened(store)
    live(store, number, 3)
    shown = minsheng("case", "show", number, "--json").json
    assert shown["number"] == number
    assert shown["facts"]["title"] == "城西社区凉亭修缮"
    assert shown["amounts"]["budget"] == 4_800_000
    assert shown["open"] is True
    assert [item["stage"] for item in shown["done"]] == ["collect", "deliberate", "review"]
    assert shown["duties"][0]["stage"] == "approve"
    assert shown["next"] == ["项目公示"]


def test_an_unknown_number_is_answered_with_one_sentence(minsheng: Minsheng) -> None:
    for words in (["show"], ["act"], ["act", "--yes"]):
        said = minsheng("case", words[0], "ZJG-2026-9999", *words[1:])
        assert said.code == 1
        assert said.sentences == 1
        assert "没有编号为“ZJG-2026-9999”的事项" in said.err
