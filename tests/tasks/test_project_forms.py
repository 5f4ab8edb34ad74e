"""The flows of the cities issue acceptance, rectification, recommendation and filing forms."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from notices.completeness import IncompleteDocumentError
from notices.drafting import OfficialDocument
from notices.official import FormBlock, render_official
from notices.project_forms import FORMS
from records.people.organisations import Organisation
from rulebooks.procedure.position import Effect
from rulebooks.reading.loader import cities, load_rulebook
from tasks.papers import WRITERS, write
from tasks.passages import Dossier
from tests.notices.test_documents import text_of
from tests.rulebooks.law_cases import LawCase, played
from tests.rulebooks.lives import CALENDAR, Life

TOWNS = {
    "nanshan": "示例甲街道",
    "shenyang": "示例星光街道",
    "zhengfang": "郑坊镇",
    "zhangjiagang": "杨舍镇",
}
FAULT = {"signatures": ["社区党委"], "opinion": "2026年03月查看，护栏松动，详见附件"}
OFFICE = Organisation("", "", "", phone="0512-58000000", address="某路1号")


def opened(city: str, **project: Any) -> Life:
    given = {"town": TOWNS[city], "project": project}
    life, refusal = played(LawCase(city, "", date(2026, 3, 2), given, {}, ""))
    assert refusal is None, refusal
    return life


def dossier(life: Life, **offices: Organisation) -> Dossier:
    """The file as the records hand it over: one office for each level of the city."""
    every = {
        level: replace(OFFICE, id=level, level=level, name=f"某{label}")
        for level, label in life.rulebook.levels.items()
    }
    return Dossier(life.state, {**every, **offices}, CALENDAR, life.now, {})


def owed(life: Life, document: str) -> Effect:
    """The latest effect that owes this document."""
    return [e for e in life.state.effects if e.content.get("document") == document][-1]


def written(life: Life, document: str) -> OfficialDocument:
    made = write(dossier(life), owed(life, document))
    assert isinstance(made, OfficialDocument)
    return made


def told(life: Life, document: str) -> str:
    return text_of(render_official(written(life, document)).html)


def entries(document: OfficialDocument) -> Mapping[str, str]:
    form = next(block for block in document.blocks if isinstance(block, FormBlock))
    return {entry.label: entry.text for line in form.lines for entry in line}


def kinds(life: Life) -> list[str]:
    issued = [effect.content["document"] for effect in life.state.effects if effect.kind == "issue"]
    return [kind for kind in issued if kind in FORMS]


def test_every_paper_that_a_rulebook_names_can_be_written() -> None:
    named = {name for city in cities() for name in load_rulebook(city).documents}
    assert FORMS.keys() <= WRITERS.keys()
    assert FORMS.keys() <= named


def test_nanshan_accepts_and_files_on_paper() -> None:
    life = opened("nanshan").finish()
    assert kinds(life) == ["acceptance_form", "filing_form"]
    form = entries(written(life, "acceptance_form"))
    assert form["合同金额"].endswith("元整）")
    assert "人民币" in form["合同金额"]
    filed = told(life, "filing_form")
    assert "日常评价" in filed
    assert "集中评价" in filed
    assert "本件依据第六部分（三）出具。" in filed


def test_a_failed_acceptance_tells_the_implementer_what_to_mend_until_when_and_why() -> None:
    life = opened("nanshan").reach("accept")
    life.do("order_mending", FAULT | {"mend_by": "2026-08-31"})
    notice = written(life, "rectification_notice")
    assert notice.recipients == ("顺达工程队",)
    assert entries(notice)["存在问题"] == FAULT["opinion"]
    text = text_of(render_official(notice).html)
    assert "某社区对下表所列项目进行验收，结论为不合格" in text
    assert "第三部分（二）3，现将发现的问题通知如下" in text
    assert "请于2026年8月31日前（含当日）完成整改" in text
    assert "验收不合格：2026年03月查看" in told(life.wait().finish(), "acceptance_form")


def test_a_day_for_mending_that_has_passed_is_refused() -> None:
    life = opened("nanshan").reach("accept")
    refusal = life.refusal("order_mending", FAULT | {"mend_by": "2026-03-01"})
    assert refusal.code == "mended_before_ordered"
    assert "整改期限2026-03-01早于责令整改之日" in refusal.sentence


def test_an_emergency_is_accepted_on_paper_with_its_budget_for_want_of_a_contract() -> None:
    life = opened("nanshan", urgent=True).reach("emergency_accept").do("order_mending", FAULT)
    notice = written(life, "rectification_notice")
    assert notice.recipients[0].endswith("项目实施单位")
    assert "请抓紧完成整改" in text_of(render_official(notice).html)
    assert "资金预算" in entries(written(life.wait().finish(), "acceptance_form"))


@pytest.mark.parametrize(
    ("budget", "forms"),
    [
        (5_000, ["acceptance_form"]),
        (20_000, ["filing_form", "acceptance_form"]),
        (50_000, ["recommendation_form", "acceptance_form"]),
        (120_000, ["filing_form", "acceptance_form"]),
    ],
)
def test_zhengfang_recommends_and_files_by_the_tier_of_the_amount(
    budget: int, forms: list[str]
) -> None:
    assert kinds(opened("zhengfang", budget=budget).finish()) == forms


def test_what_is_settled_after_the_acceptance_does_not_stand_on_its_form() -> None:
    life = opened("zhengfang", budget=20_000).reach("audit")
    at_once = written(life, "acceptance_form")
    effect = owed(life, "acceptance_form")
    life.finish()
    late = write(replace(dossier(life), issued_at=life.now), effect)
    assert isinstance(late, OfficialDocument)
    assert late.blocks == at_once.blocks
    assert "审定金额" not in entries(late)


def test_shenyang_sends_a_project_up_with_votes_and_publicity_and_gets_its_receipt() -> None:
    life = opened("shenyang").reach("street_review")
    assert kinds(life) == ["recommendation_form"]
    text = told(life, "recommendation_form")
    assert "公示，期满。" in text
    assert "受理单位意见某街道（盖章）年月日" in text
    assert "本件依据第三部分（一）2（2）出具。" in text
    life.reach("choose_procurement")
    assert kinds(life) == ["recommendation_form", "filing_form"]
    assert "某区、县(市)（盖章）2026年" in told(life, "filing_form")


def test_a_project_sent_back_goes_up_again_with_a_form_of_its_own() -> None:
    life = opened("shenyang").reach("street_review")
    life.do("return", {"opinion": "示意图不清"}, stage="street_review").wait()
    assert kinds(life.reach("street_review")) == ["recommendation_form"] * 2


def test_an_evaluation_that_failed_is_told_to_the_implementer_with_its_scores() -> None:
    life = opened("shenyang").reach("final_evaluation")
    life.answer("final_evaluation", qualified=False, effect="培训场次不足").wait()
    life.do("pick", {"choice": "mend", "reason": "补足四场培训"}).wait()
    notice = written(life, "rectification_notice")
    assert notice.recipients == ("顺达工程队",)
    found = entries(notice)
    assert "培训场次不足" in found["终期评估"]
    assert found["整改要求"] == "补足四场培训"
    assert set(notice.copies) == {"某街道", "某社区"}


def test_zhangjiagang_hands_what_the_council_chose_to_the_office_that_examines_it() -> None:
    life = opened("zhangjiagang").reach("review")
    form = written(life, "recommendation_form")
    assert form.issuer == "某社区"
    opinions = next(b for b in form.blocks if isinstance(b, FormBlock)).opinions
    assert opinions[0].text == life.state.results[-1].content["opinion"]
    assert opinions[1].signature == "某办事处（盖章）"
    assert "居民议事会商议（应到" in entries(form)["履行程序"]
    assert form.readings[0].text == "社区报请审议，随附推荐表。"


def test_a_telephone_that_no_office_gave_stops_the_notice_and_is_named() -> None:
    life = opened("nanshan").reach("accept").do("order_mending", FAULT)
    silent = {
        level: replace(OFFICE, id=level, level=level, name=label, phone=None)
        for level, label in life.rulebook.levels.items()
    }
    with pytest.raises(IncompleteDocumentError, match="公文缺少“联系电话”"):
        write(dossier(life, **silent), owed(life, "rectification_notice"))


def test_no_name_of_a_resident_stands_on_the_papers() -> None:
    life = opened("nanshan", proposer="居民甲").finish()
    assert life.state.facts["proposer"] == "居民甲"
    for document in set(kinds(life)):
        assert "居民甲" not in told(life, document)
