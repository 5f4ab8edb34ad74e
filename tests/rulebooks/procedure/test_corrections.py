"""更正：记错的内容改正而原条保留；其后有以它为依据的，等裁定保留或重办。"""

import pytest

from rulebooks.procedure.corrections import correctable
from rulebooks.vocabulary.events import ACTIONS, TIMED
from tests.rulebooks.lives import Life, life

REASON = {"reason": "登记时笔误"}


def sequence(case: Life, kind: str) -> int:
    """The journal number of the last event of a kind."""
    return next(event.sequence for event in reversed(case.state.history) if event.kind == kind)


def corrected(case: Life, kind: str, **content: object) -> Life:
    return case.do("correct", {"sequence": sequence(case, kind), "content": content, **REASON})


def settled(case: Life, *, keep: bool) -> Life:
    return case.wait().do("settle_correction", {"keep": keep, "reason": "已核实"})


def test_a_correction_on_which_nothing_rests_takes_effect_at_once() -> None:
    case = corrected(life().reach("review"), "voted", agree=7, against=1)
    assert case.stages == ["review"]
    result = case.state.result_of("deliberate")
    assert result is not None
    assert result.content["agree"] == 7


def test_the_journal_keeps_what_was_first_written() -> None:
    case = corrected(life().reach("review"), "voted", agree=7, against=1)
    number = sequence(case, "voted")
    assert case.state.history[number - 1].content["agree"] == 6
    assert case.state.content_of(number)["agree"] == 7
    assert case.state.history[-1].kind == "corrected"


def test_a_corrected_vote_that_would_have_failed_waits_for_a_decision() -> None:
    case = corrected(life().reach("approve"), "voted", agree=3, against=5)
    assert case.position.waits_for == "待裁定更正"
    (duty,) = case.position.duties
    assert (duty.role, duty.actions) == ("town_leader", ("settle_correction",))
    assert case.refusal("approve", {"opinion": "同意"}).code == "request_pending"


def test_keeping_what_followed_changes_the_record_and_nothing_else() -> None:
    case = corrected(life().reach("approve"), "voted", agree=3, against=5)
    settled(case, keep=True)
    assert case.stages == ["approve"]
    result = case.state.result_of("review")
    assert result is not None
    assert (result.outcome, result.content["agree"]) == ("pass", 3)


def test_doing_it_again_closes_the_case_that_should_have_failed() -> None:
    case = corrected(life().reach("publicize_project"), "voted", agree=3, against=5)
    settled(case, keep=False)
    assert case.position.outcome == "not_passed"
    assert ("review", 1, "fail") in case.results
    assert "issue/not_passed/review/1" in case.effects


def test_a_case_closed_by_a_miscounted_vote_is_opened_again_only_by_decision() -> None:
    case = life().reach("deliberate").answer("deliberate", agree=4, against=4)
    assert case.position.outcome == "not_selected"
    corrected(case.wait(), "voted", agree=5, against=3)
    assert (case.position.open, case.position.waits_for) == (False, "待裁定更正")
    settled(case, keep=False)
    assert (case.position.open, case.stages) == (True, ["review"])
    assert ("deliberate", 1, "pass") in case.results
    assert case.finish().position.outcome == "archived"


def test_a_withdrawn_case_stays_withdrawn_whatever_is_corrected() -> None:
    case = life().reach("deliberate").do("request_withdrawal", {"reason": "改主意"})
    corrected(case.wait(), "opened", budget=900_000)
    assert case.position.outcome == "withdrawn"
    assert case.state.facts["budget"] == 900_000
    assert case.position.waits_for == "已撤销"


def test_a_corrected_fact_that_a_result_rests_on_waits_and_then_goes_back() -> None:
    case = corrected(life().reach("contract"), "opened", content="划设货车泊位十个")
    assert case.position.waits_for == "待裁定更正"
    settled(case, keep=False)
    assert case.stages == ["review"]
    assert case.state.facts["content"] == "划设货车泊位十个"
    assert case.finish().position.outcome == "archived"


def test_a_corrected_fact_may_be_kept_and_then_stands_in_later_documents() -> None:
    case = corrected(life().reach("contract"), "opened", title="塘市花苑停车整治")
    settled(case, keep=True)
    assert case.stages == ["contract"]
    assert case.state.facts["title"] == "塘市花苑停车整治"


def test_a_corrected_budget_that_changes_the_path_waits_for_a_decision() -> None:
    case = corrected(life().reach("deliberate"), "opened", budget=999_999)
    assert case.position.waits_for == "待裁定更正"
    assert settled(case, keep=False).stages == ["quick_determine"]


def test_a_correction_to_the_text_on_the_board_restarts_the_publicity() -> None:
    case = life().reach("publicize_project").post("publicize_project")
    corrected(case, "opened", schedule="2026年9月")
    assert [(item.stage, item.round) for item in case.state.open] == [("publicize_project", 2)]


def test_a_corrected_contract_amount_moves_the_ceiling_of_the_audit() -> None:
    case = corrected(life().reach("begin_works"), "signed", amount=4_000_000)
    assert case.stages == ["begin_works"]
    assert case.state.amounts["contract"] == 4_000_000
    case.reach("audit_works")
    wrong = case.ordinary("audit_works") | {"submitted": 4_000_001, "audited": 4_000_001}
    assert case.refusal("audit", wrong).code == "audited_over_contract"


def test_a_contract_amount_on_which_the_audit_rests_waits_and_the_survey_survives() -> None:
    case = life().reach("audit_works").answer("audit_works", audited=4_700_000)
    corrected(case.answer("survey").wait(), "signed", amount=4_799_999)
    assert case.refusal("pay", case.ordinary("pay")).code == "request_pending"
    settled(case, keep=True)
    assert case.stages == ["pay"]


def test_an_audit_redone_leaves_the_other_branch_alone() -> None:
    case = life().reach("audit_works").answer("audit_works").answer("survey").answer("pay").wait()
    assert case.stages == ["publicize_result"]
    refusal = case.refusal(
        "correct",
        {"sequence": sequence(case, "audited"), "content": {"audited": 4_700_000}, **REASON},
    )
    assert refusal.code == "amounts_disagree"
    corrected(case, "paid", amount=4_700_000)
    corrected(case, "audited", audited=4_700_000)
    assert case.position.waits_for == "待裁定更正"
    settled(case, keep=False)
    assert case.stages == ["pay"]
    assert case.state.join == ("publicize_result", 1)
    assert ("survey", 1, "measured") in case.results
    assert case.answer("pay", amount=0).stages == ["publicize_result"]
    assert case.state.amounts["paid"] == 4_700_000


def test_a_payment_that_was_not_the_last_opens_the_stage_again() -> None:
    case = life().reach("audit_works").answer("audit_works").answer("survey")
    case.answer("pay", amount=4_000_000).wait()
    assert case.stages == ["publicize_result"]
    corrected(case, "paid", final=False)
    settled(case, keep=False)
    assert [(item.stage, item.round) for item in case.state.open] == [("pay", 2)]
    assert case.state.amounts["paid"] == 4_000_000
    case.answer("pay")
    assert case.stages == ["publicize_result"]
    assert case.state.amounts["paid"] == 4_800_000


def test_a_correction_is_itself_corrected_by_another() -> None:
    case = corrected(life().reach("review"), "voted", agree=7, against=1)
    corrected(case, "voted", agree=8, against=0)
    result = case.state.result_of("deliberate")
    assert result is not None
    assert result.content["agree"] == 8


def test_a_corrected_amount_holds_when_a_change_goes_back_over_it() -> None:
    case = corrected(life().reach("finish_works"), "signed", amount=4_000_000)
    case.do("request_change", {"changes": {"permit": True}, "reason": "占道"})
    case.do("approve_change", {"reason": "属实"})
    assert "contract" not in case.state.amounts
    assert case.reach("begin_works").state.amounts["contract"] == 4_800_000


def test_an_answer_to_an_objection_may_be_reworded_without_touching_the_result() -> None:
    case = life().reach("publicize_project").post("publicize_project")
    case.do("object", {"objection": "甲", "substance": "噪声"}).until_ended("publicize_project")
    case.do("answer_objection", {"objection": "甲", "upheld": False, "reply": "以解释"})
    corrected(case, "objection_answered", reply="已解释")
    assert case.stages == ["select_implementer"]
    result = case.state.result_of("publicize_project")
    assert result is not None
    assert result.content["objections"] == 1


@pytest.mark.parametrize(
    ("kind", "content", "code"),
    [
        ("opened", {"town": "塘桥镇"}, "not_correctable"),
        ("opened", {"number": "ZJG-2026-0002"}, "not_correctable"),
        ("opened", {"budget": 10_000_001}, "over_project_cap"),
        ("opened", {"kind": "goods"}, "unknown_choice"),
        ("opened", {"title": "塘市花苑货车停放整治"}, "nothing_changed"),
        ("posted", {"channel": "electronic_media"}, "not_correctable"),
        ("posted", {"period": {"opens": "2026-01-01T00:00:00+08:00"}}, "not_correctable"),
        ("voted", {"agree": "很多"}, "bad_correction"),
        ("voted", {"agree": 9}, "bad_correction"),
        ("voted", {"checks": {}}, "check_missing"),
        ("voted", {"votes": 9}, "not_correctable"),
        ("publicity_ended", {"deadline": "x"}, "not_correctable"),
        ("selected", {"implementer": "I2"}, "not_correctable"),
        ("signed", {"amount": 4_800_001}, "amounts_disagree"),
    ],
)
def test_a_correction_that_cannot_be_is_refused(
    kind: str, content: dict[str, object], code: str
) -> None:
    case = life().reach("begin_works")
    proposal = {"sequence": sequence(case, kind), "content": content, **REASON}
    refusal = case.refusal("correct", proposal)
    assert refusal.code == code
    assert "请" in refusal.sentence


def test_a_correction_of_a_line_that_is_not_there_names_the_last_one() -> None:
    case = life()
    refusal = case.refusal("correct", {"sequence": 9, "content": {"title": "x"}, **REASON})
    assert (refusal.code, "第1条" in refusal.sentence) == ("unknown_sequence", True)


def test_what_the_machine_wrote_and_what_names_things_cannot_be_corrected() -> None:
    for kind, model in (*ACTIONS.values(), *TIMED.items()):
        extras = {name: info.json_schema_extra for name, info in model.model_fields.items()}
        marked = {
            name
            for name, extra in extras.items()
            if isinstance(extra, dict) and {"machine", "fixed"}.intersection(extra)
        }
        assert marked.isdisjoint(correctable(kind)), kind
    assert all(not correctable(kind) for kind in TIMED)
