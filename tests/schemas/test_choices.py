"""可选项取自规则手册：环节之前必已发生的事项由程序的走向算出，出处由逐条判定给出。"""

from tests.schemas.workbooks import choices


def test_the_cap_the_categories_and_the_kinds_carry_their_articles():
    citations = choices().citations
    assert {key: citation.rule for key, citation in citations.items()} == {
        "category": "ZJG-02a",
        "kind": "ZJG-03a",
        "source": "ZJG-04a",
        "project_cap": "ZJG-03f",
    }
    assert str(citations["category"]) == "第二条（ZJG-02a）"
    assert choices().project_cap == 10_000_000


def test_what_must_have_happened_grows_along_the_procedure():
    stages = choices().stages
    assert stages["collect"].needs == set()
    assert stages["review"].needs == {"council"}
    assert stages["approve"].needs == {"council", "review"}
    assert stages["publicize_project"].needs == {"council", "review", "approval"}
    assert stages["contract"].needs == stages["publicize_project"].needs | {
        "publicity",
        "implementer",
    }
    assert stages["archive"].needs == stages["contract"].needs | {"contract", "start", "finish"}


def test_a_stage_may_have_its_own_facts_and_none_of_later_stages():
    stages = choices().stages
    assert stages["publicize_project"].may >= {"publicity"}
    assert not stages["publicize_project"].may & {"implementer", "contract", "start", "finish"}
    assert not stages["review"].may & {"approval", "publicity"}


def test_what_is_sent_back_has_not_been_approved():
    assert "approval" not in choices().stages["amend"].needs


def test_the_simplified_procedure_needs_no_votes():
    for name, stage in choices().stages.items():
        if name.startswith("quick_"):
            assert not stage.needs & {"council", "review"}, name


def test_stages_with_one_label_in_two_procedures_are_told_apart():
    labels = [stage.label for stage in choices().stages.values()]
    assert len(labels) == len(set(labels))
    assert "简化流程：项目公示" in labels
