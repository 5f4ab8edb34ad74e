"""程序图：每个环节写明条款与时限，每条去向写明结果，编号只用英文，标签都加引号。"""

import re

import pytest

from rulebooks.policy.phrases import condition_text, period_text
from rulebooks.reading.loader import load_rulebook
from rulebooks.showing.diagram import diagram
from rulebooks.vocabulary.events import OUTCOME_LABELS
from rulebooks.vocabulary.model import Condition, Within
from tests.rulebooks.lives import CITY, TOWN

RULEBOOK = load_rulebook(CITY, None, TOWN)
DRAWN = diagram(RULEBOOK)
NODE = re.compile(r'^\s*(\w+) \[label="(.*?)",', re.MULTILINE)
EDGE = re.compile(r'^\s*(\w+) -> (\w+) \[label="(.*?)"', re.MULTILINE)


def node(name: str) -> str:
    drawn: dict[str, str] = dict(NODE.findall(DRAWN))
    return drawn[name].replace("\\ ", " ")


def edges() -> dict[tuple[str, str], str]:
    return {(start, end): label.strip() for start, end, label in EDGE.findall(DRAWN)}


def test_every_stage_is_drawn_with_its_label_role_and_article() -> None:
    for name, stage in RULEBOOK.stages.items():
        assert stage.label in node(name)
        assert RULEBOOK.article(stage) in node(name)
        assert RULEBOOK.roles[stage.by.role].label in node(name)


def test_limits_and_publicity_days_stand_on_their_stages() -> None:
    assert "3个工作日内" in node("deliberate")
    assert "原则上5个工作日内" in node("select_implementer")
    assert "公示3个工作日" in node("publicize_project")
    assert "原则上6个月内" in node("finish_works")
    assert "审议、审核合计时限：原则上12个工作日" in DRAWN


def test_every_way_out_of_a_stage_is_drawn_and_named_by_its_outcome() -> None:
    drawn = edges()
    assert drawn["deliberate", "review"] == "通过"
    assert drawn["deliberate", "close_not_selected"] == "未通过"
    assert drawn["publicize_project", "review"] == "意见成立，退回"
    assert drawn["review", "consult_department"] == "通过，涉及行政许可审批"
    assert drawn["collect", "deliberate"] == "已提交，其余"
    assert drawn["finish_works", "survey"] == drawn["finish_works", "audit_works"] == "已完成，并行"
    assert drawn["pay", "publicize_result"] == "已付清，会合"
    assert drawn["archive", "close_archived"] == "已归档"
    for name, stage in RULEBOOK.stages.items():
        labels = [label for (start, _), label in drawn.items() if start == name]
        for outcome in stage.then:
            assert any(label.startswith(OUTCOME_LABELS[outcome]) for label in labels), name


def test_the_towns_procedure_has_its_own_frame_and_its_own_endings() -> None:
    assert "subgraph cluster_simplified" in DRAWN
    assert "杨舍镇自行规定：简化流程（随报随审）" in DRAWN
    start, _, rest = DRAWN.partition("subgraph cluster_simplified")
    assert "quick_determine [" not in start
    assert "quick_archive [" in rest
    words = edges()["collect", "quick_determine"].replace("\\n", "").replace(" ", "")
    assert words == "已提交，资金预算低于10,000元或急办"
    assert edges()["quick_archive", "close_simplified_archived"] == "已归档"


def test_a_procedure_nobody_has_written_is_drawn_as_what_is_missing() -> None:
    drawn = diagram(load_rulebook(CITY))
    assert "collect -> delegated_simplified" in drawn
    assert "由镇(区)自行规定\\n（尚无规定）" in drawn
    assert "cluster_simplified" not in drawn


def test_names_are_ascii_and_everything_chinese_stands_in_quotes() -> None:
    outside = re.sub(r'"(?:[^"\\]|\\.)*"', "", DRAWN)
    assert outside.isascii()
    assert outside.count("{") == outside.count("}")
    assert "Noto Sans CJK SC" in DRAWN


def test_the_picture_is_the_same_every_time() -> None:
    assert diagram(RULEBOOK) == DRAWN


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        ({"permit": True}, "涉及行政许可审批"),
        ({"urgent": False}, "不急办"),
        ({"kind": "works"}, "工程类"),
        (
            {"amount": {"at_least": 50000, "of": ["contract", "submitted"]}},
            "合同额或送审额不少于50,000.00元",
        ),
        ({"amount": {"more_than": 1, "of": ["audited"]}}, "审定额超过1.00元"),
        ({"amount": {"at_most": 1, "of": ["total"]}}, "总资金不超过1.00元"),
        ({"all": [{"kind": "services"}, {"urgent": True}]}, "服务类且急办"),
        ({"not": {"category": "environment"}}, "非（社区环境整治）"),
    ],
)
def test_conditions_read_as_the_law_writes_them(condition: dict[str, object], words: str) -> None:
    assert condition_text(RULEBOOK, Condition.model_validate(condition)) == words


def test_periods_read_as_the_law_writes_them() -> None:
    within = [
        stage.within for stage in RULEBOOK.stages.values() if isinstance(stage.within, Within)
    ]
    assert {period_text(item) for item in within} >= {
        "3个工作日", "原则上5个工作日", "原则上1周", "原则上6个月", "原则上1个月", "30日",
    }  # fmt: skip
