"""问答: `minsheng case act` at a terminal asks for what the duty demands, until it can be used."""

import os
import pty
import select
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from time import monotonic

import pytest

from records.acting.acts import act
from records.acting.overview import state_of
from records.database.store import Store
from tests.deployments.commands.conftest import Minsheng, Typist, let_pass
from tests.records.world import MONDAY, accepted, command, opened

VOTE = ("30", "24", "20", "2", "2", "是", "", "同意列入")
NOW = ""
PATIENCE = 60.0


@pytest.fixture
def number(store: Store) -> str:
    """A case that waits for its council."""
    case = opened(store)
    accepted(act(store, command(case, 0)))
    return case


def test_the_dialogue_shows_duty_deadline_article_and_consequence_before_it_records(
    minsheng: Minsheng, store: Store, number: str, typist: Typist
) -> None:
    typist.types(*VOTE, NOW, "是")
    said = minsheng("case", "act", number)
    assert said.code == 0
    told = [
        "▶ 居民议事会商议",
        "2026年3月5日到期，还有3个工作日",
        "“在收到社区提交的项目建议后3个工作日内”",
        "\n登记表决结果\n应到人数（整数）",
        "表决前已充分听取项目专家意见 第十四条 ZJG-14a（是/否）",
        "将记入",
        "应到人数　30",
        "表决前已充分听取项目专家意见　是",
        "发生时间　此刻",
        "提交后",
        "现状　待办事处审议",
        "▶ 项目审议　由城南办事处 审议会召集人（赵敏）",
        "已记入台账第3条。",
    ]
    places = [said.out.find(words) for words in told]
    assert -1 not in places, told[places.index(-1)]
    assert places == sorted(places)
    assert state_of(store, number).history[-1].content["agree"] == 20


def test_a_wrong_answer_is_asked_again_with_the_reason(
    minsheng: Minsheng, number: str, typist: Typist
) -> None:
    typist.types("三十", "", *VOTE[:5], "也许", *VOTE[5:], "昨天", NOW, "好", "是")
    said = minsheng("case", "act", number)
    assert said.code == 0
    assert "“应到人数”填的是“三十”，请填整数。" in said.out
    assert "“应到人数”必须填写。" in said.out
    assert "填的是“也许”，请填是/否。" in said.out
    assert "发生时间“昨天”读不懂" in said.out
    assert "请填 是 或 否。" in said.out


def test_a_form_the_records_would_refuse_is_asked_again_keeping_the_answers(
    minsheng: Minsheng, store: Store, number: str, typist: Typist
) -> None:
    kept = [""] * 7
    typist.types("20", *VOTE[1:], NOW, "30", *kept, "是")
    said = minsheng("case", "act", number)
    assert said.code == 0
    assert "实到24人多于应到20人" in said.out
    assert "应到人数（整数）（回车：20）" in said.out
    content = state_of(store, number).history[-1].content
    assert (content["members"], content["present"]) == (30, 24)


def test_what_is_late_is_asked_for_its_proof(
    minsheng: Minsheng, store: Store, number: str, typist: Typist, tmp_path: Path
) -> None:
    let_pass(store, MONDAY + timedelta(days=9))
    minutes = tmp_path / "会议记录.txt"
    minutes.write_text("三月三日会议记录", encoding="utf-8")
    typist.types(*VOTE, "2026-03-03", "nowhere.pdf", str(minutes), "是")
    said = minsheng("case", "act", number)
    assert said.code == 0
    assert "请附凭证" in said.out
    assert "没有凭证文件 nowhere.pdf，请核对路径。" in said.out
    assert "补记超过宽限，将标记为迟录。" in said.out
    assert "凭证　会议记录.txt" in said.out


def test_a_time_that_cannot_be_is_asked_again(
    minsheng: Minsheng, number: str, typist: Typist
) -> None:
    typist.types(*VOTE, "2026-03-09", NOW, "是")
    said = minsheng("case", "act", number)
    assert said.code == 0
    assert "发生时间晚于现在" in said.out


def test_nothing_is_recorded_unless_it_is_agreed_to(
    minsheng: Minsheng, store: Store, number: str, typist: Typist
) -> None:
    typist.types(*VOTE, NOW, "否")
    said = minsheng("case", "act", number)
    assert said.code == 1
    assert said.err.strip() == "没有提交，台账没有变动。"
    assert len(state_of(store, number).history) == 2


def test_leaving_in_the_middle_is_said_without_a_traceback(
    minsheng: Minsheng, store: Store, number: str, typist: Typist
) -> None:
    typist.types("30")
    said = minsheng("case", "act", number)
    assert said.code == 130
    assert said.err.strip() == "已中断，没有提交的不作数。"
    assert len(state_of(store, number).history) == 2


def test_of_several_actions_and_people_one_is_chosen_by_number_or_name(
    minsheng: Minsheng, store: Store, number: str, typist: Typist
) -> None:
    for step in (1, 2):
        accepted(act(store, command(number, step)))
    typist.types("9", "项目审核：同意", "1", "同意立项", "", NOW, "是")
    said = minsheng("case", "act", number)
    assert said.code == 0
    assert "  2  项目审核：退回补正" in said.out
    assert "请填1至3的序号，或照抄其中一项。" in said.out
    assert "杨舍镇的镇(区)审核人，由谁办理：" in said.out
    assert "将出具　项目公示" in said.out
    assert state_of(store, number).history[-1].actor in ("second_reviewer", "town_reviewer")


def test_what_is_no_duty_may_be_chosen_when_nothing_is_owed(
    minsheng: Minsheng, store: Store, number: str, typist: Typist
) -> None:
    for step in range(1, 6):
        accepted(act(store, command(number, step)))
    typist.types("项目公示：登记意见", "一", "太吵", NOW, "是")
    said = minsheng("case", "act", number)
    assert said.code == 0
    assert "现状　待答复公示意见" in said.out


def test_an_implementer_is_chosen_by_name_from_those_that_may_be(
    minsheng: Minsheng, store: Store, number: str, typist: Typist
) -> None:
    for step in range(1, 6):
        accepted(act(store, command(number, step)))
    let_pass(store, MONDAY + timedelta(days=5))
    typist.types("查无此家", "暨阳园林有限公司", "经验丰富", NOW, "是")
    said = minsheng("case", "act", number)
    assert said.code == 0
    assert "填的是“查无此家”，可选：暨阳园林有限公司。" in said.out
    assert state_of(store, number).history[-1].content["implementer"] == "S-1"


def test_a_change_shows_what_each_fact_is_now(
    minsheng: Minsheng, store: Store, number: str, typist: Typist
) -> None:
    typist.types(*["" for _ in range(6)], "4.5万", "", "", "", "居民自筹一部分", NOW, "是")
    said = minsheng("case", "act", number, "--action", "request_change")
    assert said.code == 0
    assert "（元，如 12000 或 1.2万，可不填；现为48,000.00元）" in said.out
    request = state_of(store, number).request
    assert request is not None
    assert request.content["changes"] == {"budget": 4_500_000}


def test_who_is_overtaken_while_typing_is_told_by_whom(
    minsheng: Minsheng, store: Store, number: str, typist: Typist
) -> None:
    typist.types(*VOTE, NOW, "是", meanwhile=lambda: act(store, command(number, 1)))
    said = minsheng("case", "act", number)
    assert said.code == 1
    assert "“居民议事会商议”已由王建国于2026年3月2日09:00办结，您的提交没有记入" in said.err


def test_the_dialogue_works_at_a_real_terminal(home: Path, store: Store, number: str) -> None:
    screen, keyboard = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "deployments", "case", "act", number],
        stdin=keyboard,
        stdout=keyboard,
        stderr=keyboard,
        env={**os.environ, "TERM": "xterm-256color"},
        start_new_session=True,
    ) as clerk:
        os.close(keyboard)
        os.write(screen, "\n".join([*VOTE, NOW, "是", ""]).encode())
        shown = _everything(screen)
    assert clerk.returncode == 0, shown
    assert "已记入台账第3条" in shown
    assert home.is_dir()
    store.states.clear()
    assert state_of(store, number).history[-1].kind == "voted"


def _everything(screen: int) -> str:
    """What appears on the screen until the program ends."""
    seen, until = b"", monotonic() + PATIENCE
    while monotonic() < until:
        if not select.select([screen], [], [], 1)[0]:
            continue
        try:
            part = os.read(screen, 4096)
        except OSError:
            break
        if not part:
            break
        seen += part
    os.close(screen)
    return seen.decode(errors="replace")
