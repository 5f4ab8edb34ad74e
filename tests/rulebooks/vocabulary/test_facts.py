"""本市另设的事实：立卷时核对，折叠后与各地都有的并列，可作条件、可以变更。"""

from typing import Any

import pytest

from rulebooks.judging.demands import demanded
from rulebooks.judging.judgement import Fact, Refusal, judge_opening
from rulebooks.policy.conditions import holds
from rulebooks.policy.phrases import condition_text
from rulebooks.vocabulary.model import Condition
from tests.rulebooks.altered import altered, told
from tests.rulebooks.lives import FIRST_DAY as DAY
from tests.rulebooks.lives import WORKS, Life, moment

FACTS: dict[str, Any] = {
    "star_grade": {
        "label": "上一年度星级",
        "kind": "choice",
        "choices": {"five": "五星级", "four": "四星级"},
        "required": True,
    },
    "households": {"label": "居民户数", "kind": "integer", "required": True},
    "asked": {"label": "征求户数", "kind": "integer"},
    "donated": {"label": "捐赠金额", "kind": "amount"},
    "emergency": {"label": "是否应急", "kind": "boolean"},
    "benefit": {"label": "受益情况", "kind": "text"},
}
DETAILS: dict[str, Any] = {"star_grade": "five", "households": 300}
RULEBOOK = altered({}, facts=FACTS)


def judged(**details: Any) -> Fact | Refusal:
    return judge_opening(RULEBOOK, {**WORKS, "details": {**DETAILS, **details}}, moment(DAY))


def opened(**details: Any) -> Life:
    return Life(RULEBOOK).open(WORKS, details={**DETAILS, **details})


def test_the_citys_own_facts_stand_beside_the_common_ones() -> None:
    facts = opened(donated=5_000_00, benefit="惠及三百户").state.facts
    assert (facts["star_grade"], facts["households"], facts["donated"]) == ("five", 300, 5_000_00)
    assert facts["title"] == WORKS["title"]
    assert "details" not in facts


def test_a_yes_or_no_that_is_not_answered_counts_as_no() -> None:
    assert opened().state.facts["emergency"] is False
    assert opened(emergency=True).state.facts["emergency"] is True


@pytest.mark.parametrize(
    ("details", "code", "words"),
    [
        (
            {"star_grade": "six"},
            "bad_fact",
            "“上一年度星级”填的是“six”，须从中选择：五星级、四星级",
        ),
        ({"households": "三百"}, "bad_fact", "“居民户数”填的是“三百”，须为不小于零的整数"),
        ({"households": True}, "bad_fact", "须为不小于零的整数"),
        ({"households": -1}, "bad_fact", "须为不小于零的整数"),
        ({"households": 3.5}, "bad_fact", "“居民户数”填的是“3.5”，须为不小于零的整数"),
        ({"donated": 3.5}, "bad_fact", "须为不小于零的金额"),
        ({"emergency": 0.5}, "bad_fact", "须为是或否"),
        ({"benefit": 0.5}, "bad_fact", "须为文字"),
        ({"emergency": "是"}, "bad_fact", "“是否应急”填的是“是”，须为是或否"),
        ({"donated": -1}, "bad_fact", "须为不小于零的金额"),
        ({"colour": "红"}, "unknown_fact", "没有“colour”这一项事实，本市另设的有："),
    ],
)
def test_a_fact_that_does_not_fit_is_refused_with_what_would(
    details: dict[str, Any], code: str, words: str
) -> None:
    refusal = judged(**details)
    assert isinstance(refusal, Refusal)
    assert refusal.code == code
    assert words in refusal.sentence


def test_a_required_fact_that_is_missing_is_named() -> None:
    refusal = judge_opening(RULEBOOK, {**WORKS, "details": {"households": 3}}, moment(DAY))
    assert isinstance(refusal, Refusal)
    assert "立卷缺少“上一年度星级”，请补填后再提交" in refusal.sentence


def test_an_unknown_fact_is_refused_and_the_citys_own_are_named() -> None:
    refusal = judge_opening(altered({}), {**WORKS, "details": {"star": 5}}, moment(DAY))
    assert isinstance(refusal, Refusal)
    assert "没有“star”这一项事实，本市另设的有：其中社区党组织为民服务专项经费" in refusal.sentence


def test_the_citys_own_facts_may_be_changed_and_are_asked_for_by_their_kind() -> None:
    case = opened().reach("review")
    fields = {field.name: field for field in demanded(case.state, None, "request_change")}
    assert fields["changes.star_grade"].kind == "choice"
    assert fields["changes.star_grade"].choices == {"five": "五星级", "four": "四星级"}
    assert fields["changes.donated"].kind == "amount"
    assert not fields["changes.households"].required
    case.do("request_change", {"changes": {"star_grade": "four"}, "reason": "公布结果更正"})
    assert case.do("approve_change", {"reason": "属实"}).state.facts["star_grade"] == "four"


def test_a_change_to_a_value_that_does_not_fit_is_refused() -> None:
    case = opened().reach("review")
    change = {"changes": {"star_grade": "six"}, "reason": "更正"}
    assert case.refusal("request_change", change).code == "bad_fact"


def test_a_changed_fact_voids_what_rested_on_it() -> None:
    rulebook = altered({"deliberate": {"rests_on": ["households"]}}, facts=FACTS)
    case = Life(rulebook).open(WORKS, details=DETAILS).reach("review")
    case.do("request_change", {"changes": {"households": 20}, "reason": "重新统计"})
    assert case.do("approve_change", {"reason": "属实"}).stages == ["deliberate"]


@pytest.mark.parametrize(
    ("condition", "facts", "expected"),
    [
        ({"star_grade": "five"}, {"star_grade": "five"}, True),
        ({"households": 300}, {"households": 300}, True),
        ({"households": 300}, {"households": 301}, False),
        ({"emergency": True}, {}, False),
        ({"amount": {"at_least": 300, "of": ["donated"]}}, {"donated": 300_00}, True),
        ({"amount": {"at_least": 300, "of": ["donated"]}}, {"donated": 299_99}, False),
        ({"amount": {"below": 300, "of": ["donated"]}}, {}, False),
        (
            {"number": {"fact": "donated", "at_least": {"share": "1/3", "of": "budget"}}},
            {"donated": 100_00, "budget": 300_00},
            True,
        ),
        ({"number": {"fact": "households", "at_least": 300}}, {"households": 300}, True),
        ({"number": {"fact": "households", "at_least": 300}}, {"households": 299}, False),
        ({"number": {"fact": "households", "below": 300}}, {"households": 300}, False),
        ({"number": {"fact": "households", "at_most": 300}}, {"households": 300}, True),
        ({"number": {"fact": "households", "more_than": 300}}, {"households": 300}, False),
        ({"number": {"fact": "households", "more_than": 300}}, {"households": 301}, True),
        ({"number": {"fact": "households", "below": 1}}, {}, True),
    ],
)
def test_conditions_on_own_facts_hold_to_the_word(
    condition: dict[str, Any], facts: dict[str, Any], *, expected: bool
) -> None:
    assert holds(Condition.model_validate(condition), facts, {}) is expected


@pytest.mark.parametrize(("asked", "short"), [(29, True), (30, False), (31, False)])
def test_a_bound_may_be_a_share_of_another_fact_and_is_exact(asked: int, *, short: bool) -> None:
    few = {"number": {"fact": "asked", "below": {"share": "3/10", "of": "households"}}}
    condition = Condition.model_validate(few)
    assert holds(condition, {"asked": asked, "households": 100}, {}) is short
    assert condition_text(RULEBOOK, condition) == "征求户数低于居民户数的3/10"


def test_conditions_on_own_facts_read_in_chinese() -> None:
    def text(condition: dict[str, Any]) -> str:
        return condition_text(RULEBOOK, Condition.model_validate(condition))

    assert text({"star_grade": "five"}) == "五星级"
    assert text({"emergency": True}) == "应急"
    assert text({"number": {"fact": "households", "at_least": 4}}) == "居民户数不少于4"


@pytest.mark.parametrize(
    ("when", "words"),
    [
        ({"star_grade": "six"}, "star_grade 没有“six”这个值，可用的有：five、four"),
        ({"emergency": "yes"}, "emergency 的值“yes”不合要求，须为true 或 false"),
        ({"households": True}, "households 的值“True”不合要求，须为整数"),
        ({"colour": "red"}, "“colour”不是事实，可用的有："),
        (
            {"number": {"fact": "benefit", "below": 3}},
            "“benefit”不是整数类的事实，可用的有：households、asked",
        ),
    ],
)
def test_a_condition_no_fact_can_meet_is_found_when_the_rulebook_is_read(
    when: dict[str, Any], words: str
) -> None:
    ways = {"choose": [{"when": when, "to": "approve"}, {"to": "deliberate"}]}
    assert words in told(altered({"collect": {"then": {"submitted": ways}}}, facts=FACTS))


def test_facts_that_cannot_be_are_found_when_the_rulebook_is_read() -> None:
    assert "种类已定，只写名称" in told(
        altered({}, facts={"title": {"label": "名称", "required": True}})
    )
    assert "事实不能叫“details”" in told(altered({}, facts={"details": {"label": "其他"}}))
    with pytest.raises(ValueError, match="须列出可选的值"):
        altered({}, facts={"star": {"label": "星级", "kind": "choice"}})


def test_what_is_counted_when_collecting_is_asked_there_and_kept_with_the_facts() -> None:
    ways = {
        "choose": [
            {
                "when": {
                    "number": {"fact": "asked", "below": {"share": "3/10", "of": "households"}}
                },
                "to": "collect",
            },
            {"to": "deliberate"},
        ]
    }
    collect = {"records": ["asked"], "then": {"submitted": ways}}
    case = Life(altered({"collect": collect}, facts=FACTS)).open(WORKS, details=DETAILS)
    fields = {field.name: field for field in demanded(case.state, "collect", "submit")}
    assert (fields["records.asked"].label, fields["records.asked"].required) == ("征求户数", True)
    assert case.refusal("submit", {"summary": "汇总"}).code == "fact_missing"
    wrong = {"summary": "汇总", "records": {"asked": "九十"}}
    assert case.refusal("submit", wrong).code == "bad_fact"
    more = {"summary": "汇总", "records": {"asked": 90, "households": 1}}
    assert case.refusal("submit", more).code == "unknown_fact"
    case.do("submit", {"summary": "汇总", "records": {"asked": 89}})
    assert case.stages == ["collect"]
    case.do("submit", {"summary": "汇总", "records": {"asked": 90}})
    assert (case.stages, case.state.facts["asked"]) == (["deliberate"], 90)


@pytest.mark.parametrize(
    ("when", "words"),
    [
        ({"amount": {"below": 3, "of": ["donated"]}}, ""),
        ({"amount": {"below": 3, "of": ["households"]}}, "“households”不是金额，可用的有："),
        ({"number": {"fact": "donated", "below": 3}}, "“donated”是金额，请写成金额比较"),
        (
            {"number": {"fact": "donated", "below": {"share": "1/3", "of": "households"}}},
            "“donated”是金额，请写成金额比较",
        ),
        ({"number": {"fact": "donated", "below": {"share": "1/3", "of": "donated"}}}, ""),
    ],
)
def test_money_is_compared_with_money(when: dict[str, Any], words: str) -> None:
    ways = {"choose": [{"when": when, "to": "approve"}, {"to": "deliberate"}]}
    found = told(altered({"collect": {"then": {"submitted": ways}}}, facts=FACTS))
    assert words in found if words else "donated" not in found


def test_a_comparison_of_the_citys_own_amounts_reads_in_chinese() -> None:
    donated = Condition.model_validate({"amount": {"at_least": 300, "of": ["donated", "budget"]}})
    assert condition_text(RULEBOOK, donated) == "捐赠金额或资金预算不少于300.00元"
