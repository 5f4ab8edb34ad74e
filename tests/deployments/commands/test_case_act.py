"""办理: `minsheng case act` by options: accepted, refused, repeated, late, by the wrong person."""

from datetime import timedelta
from pathlib import Path

import pytest

from records.acting.acts import act
from records.acting.overview import state_of
from records.database.store import Store
from records.people.organisations import Appointment, add_person, appoint
from tests.deployments.commands.conftest import Minsheng, let_pass
from tests.records.world import MONDAY, SINCE, STEPS, accepted, command, opened

VOTE = (
    "--set", "members=30", "--set", "present=24", "--set", "agree=20",
    "--set", "demands.expert_heard=是", "--set", "opinion=同意",
)  # fmt: skip


@pytest.fixture
def number(store: Store) -> str:
    """A case that waits for its council."""
    case = opened(store)
    accepted(act(store, command(case, 0)))
    return case


def go_on(store: Store, number: str, since: int, upto: int) -> None:
    for step in range(since, upto):
        accepted(act(store, command(number, step)))


def test_a_vote_is_recorded_and_the_next_duty_is_told(
    minsheng: Minsheng, store: Store, number: str
) -> None:
    said = minsheng("case", "act", number, *VOTE)
    assert said.code == 0
    assert "已记入台账第3条。" in said.out
    assert "现状　待办事处审议" in said.out
    assert "▶ 项目审议　由城南办事处 审议会召集人（赵敏）" in said.out
    assert "2026年3月18日到期" in said.out
    event = state_of(store, number).history[-1]
    assert event.actor == "council_convener"
    assert event.content["agree"] == 20


def test_a_program_gets_the_sequence_and_the_next_duties(minsheng: Minsheng, number: str) -> None:
    answer = minsheng("case", "act", number, *VOTE, "--json").json
    assert answer["case"] == number
    assert answer["sequence"] == 3
    assert answer["repeated"] is False
    assert answer["waits_for"] == "待办事处审议"
    assert answer["outcome"] is None
    assert answer["duties"][0]["stage"] == "review"
    assert answer["duties"][0]["due"] == "2026-03-18"


def test_fields_actions_and_stages_may_be_named_in_chinese(minsheng: Minsheng, number: str) -> None:
    words = (
        "--action", "登记表决结果", "--stage", "居民议事会商议", "--as", "王建国",
        "--set", "应到人数=\uff13\uff10", "--set", "实到人数=24", "--set", "同意人数=20",
        "--set", "表决前已充分听取项目专家意见=是", "--set", "意见=同意",
    )  # fmt: skip
    assert minsheng("case", "act", number, *words).code == 0


def test_all_that_is_missing_is_named_at_once(minsheng: Minsheng, number: str) -> None:
    said = minsheng("case", "act", number, "--set", "members=30")
    assert said.code == 2
    assert said.sentences == 1
    assert "还缺4项：present（实到人数）、agree（同意人数）" in said.err
    assert "--set present=…" in said.err


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--set", "members=九"), "“应到人数”填的是“九”，请填整数。"),
        (("--set", "quorum=9"), "没有“quorum”这一项，可填的有：members（应到人数）"),
        (("--set", "members"), "“members”缺少等号，请写成 --set 名称=内容。"),
        (("--occurred", "昨天"), "发生时间“昨天”读不懂"),
        (("--occurred", "2026-02-30"), "发生时间“2026-02-30”读不懂"),
        (("--evidence", "no/such.pdf"), "没有凭证文件 no/such.pdf，请核对路径。"),
        (("--action", "vota"), "没有“vota”这个动作"),
        (("--stage", "nowhere"), "没有“nowhere”这个环节"),
        (("--as", "查无此人"), "没有登记名为“查无此人”的经办人员"),
    ],
)
def test_what_cannot_be_read_is_told_with_how_to_write_it(
    minsheng: Minsheng, number: str, words: tuple[str, ...], sentence: str
) -> None:
    given = VOTE if words[0] != "--set" else VOTE[2:]
    said = minsheng("case", "act", number, *given, *words)
    assert said.code == 2
    assert sentence in said.err
    assert said.out == ""


def test_votes_that_do_not_add_up_are_refused_with_the_article(
    minsheng: Minsheng, number: str, store: Store
) -> None:
    said = minsheng("case", "act", number, *VOTE[2:], "--set", "members=20")
    assert said.code == 1
    assert "实到24人多于应到20人" in said.err
    assert "第八条 ZJG-08a" in said.err
    assert len(state_of(store, number).history) == 2


def test_a_program_gets_the_code_and_the_article_of_a_refusal(
    minsheng: Minsheng, number: str
) -> None:
    said = minsheng("case", "act", number, *VOTE[2:], "--set", "members=20", "--json")
    assert said.code == 1
    refused = said.json["refused"]
    assert refused["code"] == "bad_content"
    assert refused["rule"] == "ZJG-08a"
    assert refused["sentence"] == said.err.strip()


def test_the_same_key_for_other_content_is_refused(
    minsheng: Minsheng, store: Store, number: str
) -> None:
    assert minsheng("case", "act", number, *VOTE, "--key", "vote-1").code == 0
    said = minsheng("case", "act", number, *VOTE[:-1], "opinion=不同", "--key", "vote-1")
    assert said.code == 1
    assert "这个提交编号已用于" in said.err
    assert len(state_of(store, number).history) == 3


def test_the_same_key_twice_records_once_and_answers_the_same(
    minsheng: Minsheng, store: Store, number: str
) -> None:
    first = minsheng("case", "act", number, *VOTE, "--key", "vote-1", "--json").json
    again = minsheng("case", "act", number, *VOTE, "--key", "vote-1", "--json")
    assert again.code == 0
    assert again.json["sequence"] == first["sequence"]
    assert again.json["repeated"] is True
    assert len(state_of(store, number).history) == 3
    told = minsheng("case", "act", number, *VOTE, "--key", "vote-1")
    assert "已记入台账第3条（此前已记过，未重复记）。" in told.out


def test_who_comes_second_is_told_who_decided_and_when(
    minsheng: Minsheng, store: Store, number: str
) -> None:
    go_on(store, number, 1, 3)
    words = ("--action", "approve", "--set", "opinion=同意")
    assert minsheng("case", "act", number, *words, "--as", "吴刚").code == 0
    second = minsheng("case", "act", number, *words, "--as", "钱勇")
    assert second.code == 1
    assert "“项目审核”已由吴刚于2026年3月2日09:00办结" in second.err
    assert "您的提交没有记入" in second.err


def test_where_several_hold_the_office_somebody_must_be_named(
    minsheng: Minsheng, store: Store, number: str
) -> None:
    go_on(store, number, 1, 3)
    words = ("--action", "approve", "--set", "opinion=同意")
    said = minsheng("case", "act", number, *words)
    assert said.code == 2
    assert "杨舍镇的镇(区)审核人有2人在任，请用 --as 指明：钱勇、吴刚。" in said.err


def test_namesakes_are_told_apart_by_their_number(
    minsheng: Minsheng, store: Store, number: str
) -> None:
    go_on(store, number, 1, 3)
    with store.write() as connection:
        add_person(connection, "third_reviewer", "吴刚")
        appoint(connection, Appointment("third_reviewer", "town_reviewer", "yangshe", SINCE))
    words = ("--action", "approve", "--set", "opinion=同意")
    said = minsheng("case", "act", number, *words, "--as", "吴刚")
    assert said.code == 2
    assert "名为“吴刚”的有2人，请用 --as 写编号：third_reviewer、town_reviewer。" in said.err
    assert minsheng("case", "act", number, *words, "--as", "third_reviewer").code == 0


def test_where_several_actions_are_open_one_must_be_named(
    minsheng: Minsheng, store: Store, number: str
) -> None:
    go_on(store, number, 1, 3)
    said = minsheng("case", "act", number, "--set", "opinion=同意")
    assert said.code == 2
    assert "approve（项目审核：同意）、return（项目审核：退回补正）" in said.err


def test_the_wrong_role_is_told_whose_duty_it_is(minsheng: Minsheng, number: str) -> None:
    said = minsheng("case", "act", number, *VOTE, "--as", "陈晓")
    assert said.code == 1
    assert "须由城西社区的居民议事会召集人办理" in said.err
    assert "今日没有这项任职" in said.err


def test_an_office_nobody_holds_today_is_said_so(
    minsheng: Minsheng, store: Store, number: str
) -> None:
    with store.write() as connection:
        ended = Appointment(
            "council_convener", "council_convener", "chengxi", SINCE, MONDAY.date() - timedelta(1)
        )
        appoint(connection, ended)
    said = minsheng("case", "act", number, *VOTE)
    assert said.code == 1
    assert "城西社区的居民议事会召集人今日没有人在任" in said.err


def test_what_is_recorded_too_late_needs_something_that_proves_it(
    minsheng: Minsheng, store: Store, number: str, tmp_path: Path
) -> None:
    let_pass(store, MONDAY + timedelta(days=9))
    words = (*VOTE, "--occurred", "2026年3月3日")
    refused = minsheng("case", "act", number, *words)
    assert refused.code == 1
    assert "补记超过3个工作日，请附凭证" in refused.err
    minutes = tmp_path / "会议记录.txt"
    minutes.write_text("三月三日会议记录", encoding="utf-8")
    assert minsheng("case", "act", number, *words, "--evidence", minutes).code == 0
    event = state_of(store, number).history[-1]
    assert event.occurred_at.isoformat() == "2026-03-03T09:00:00+08:00"


def test_a_day_alone_is_never_earlier_than_the_opening_of_the_stage(
    minsheng: Minsheng, store: Store
) -> None:
    let_pass(store, MONDAY + timedelta(hours=6))
    number = opened(store)
    said = minsheng("case", "act", number, "--set", "summary=汇总", "--occurred", "2026-03-02")
    assert said.code == 0
    assert state_of(store, number).history[-1].occurred_at == MONDAY + timedelta(hours=6)


def test_what_has_not_happened_yet_cannot_be_recorded(minsheng: Minsheng, number: str) -> None:
    said = minsheng("case", "act", number, *VOTE, "--occurred", "2026-03-09")
    assert said.code == 1
    assert "发生时间晚于现在" in said.err


def test_amounts_are_typed_in_yuan(minsheng: Minsheng, store: Store, number: str) -> None:
    go_on(store, number, 1, 6)
    let_pass(store, MONDAY + timedelta(days=12))
    go_on(store, number, 6, 7)
    words = (
        "--set",
        "amount=4.7万",
        "--set",
        "clauses.maintenance_unit=居委会",
        "--set",
        "contract=一",
    )
    assert minsheng("case", "act", number, *words).code == 0
    assert state_of(store, number).amounts["contract"] == 4_700_000


def test_an_implementer_is_named_by_number_or_name_and_must_be_registered(
    minsheng: Minsheng, store: Store, number: str
) -> None:
    go_on(store, number, 1, 6)
    let_pass(store, MONDAY + timedelta(days=12))
    refused = minsheng("case", "act", number, "--set", "implementer=查无此家", "--set", "reason=无")
    assert refused.code == 1
    assert "“查无此家”不在杨舍镇实施主体库中" in refused.err
    words = ("--set", "implementer=暨阳园林有限公司", "--set", "reason=经验丰富")
    assert minsheng("case", "act", number, *words).code == 0
    assert state_of(store, number).history[-1].content["implementer"] == "S-1"


def test_during_publicity_nothing_is_owed_and_what_may_be_done_is_named(
    minsheng: Minsheng, store: Store, number: str
) -> None:
    go_on(store, number, 1, 6)
    said = minsheng("case", "act", number, "--set", "reason=无")
    assert said.code == 1
    assert f"事项{number}现在没有待办：公示至3月5日。" in said.err
    assert "object（登记意见）" in said.err
    assert "request_change（申请变更）" in said.err
    told = minsheng(
        "case",
        "act",
        number,
        "--action",
        "object",
        "--set",
        "objection=一",
        "--set",
        "substance=太吵",
    )
    assert told.code == 0
    assert "现状　待答复公示意见" in told.out


def test_a_change_is_requested_reviewed_and_refused_by_whoever_comes_second(
    minsheng: Minsheng, store: Store, number: str
) -> None:
    go_on(store, number, 1, 3)
    asked = minsheng(
        "case", "act", number, "--action", "申请变更",
        "--set", "changes.budget=45000", "--set", "reason=居民自筹一部分",
    )  # fmt: skip
    assert asked.code == 0
    words = ("--action", "approve_change", "--set", "reason=情况属实")
    assert minsheng("case", "act", number, *words).code == 0
    assert state_of(store, number).amounts["budget"] == 4_500_000
    again = minsheng("case", "act", number, *words)
    assert again.code == 1
    assert "由孙立于2026年3月2日09:00办结" in again.err


def test_a_correction_reads_amounts_and_numbers_as_the_entry_it_corrects_holds_them(
    minsheng: Minsheng, store: Store, number: str
) -> None:
    go_on(store, number, 1, 2)
    said = minsheng(
        "case", "act", number, "--action", "correct",
        "--set", "sequence=3", "--set", "content=同意人数=19；opinion=一致同意",
        "--set", "reason=笔误",
    )  # fmt: skip
    assert said.code == 0
    assert state_of(store, number).content_of(3)["agree"] == 19
    assert state_of(store, number).content_of(3)["opinion"] == "一致同意"


def test_a_closed_case_says_what_may_still_be_done(
    minsheng: Minsheng, store: Store, number: str
) -> None:
    refused = {**STEPS[1][3], "agree": 3}
    accepted(act(store, command(number, 1, content=refused)))
    said = minsheng("case", "act", number, "--action", "submit")
    assert said.code == 1
    assert "已办结（未获选）" in said.err or "办结，您的提交没有记入" in said.err
    shown = minsheng("case", "show", number).out
    assert "【已办结：未获选】" in shown
    assert "办理：" not in shown


def test_personal_numbers_never_reach_the_journal(
    minsheng: Minsheng, store: Store, number: str
) -> None:
    said = minsheng("case", "act", number, *VOTE[:-2], "--set", "opinion=联系13800138000")
    assert said.code == 1
    assert "台账不存个人信息" in said.err
    assert len(state_of(store, number).history) == 2
