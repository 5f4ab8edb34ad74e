"""机关代字：报送件签发之后要编文号，由签发的机关编；没有登记代字的，签发之前就说明。"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from records.acting.authority import Authority
from records.cases.commands import Refused
from records.cases.dossiers import Dossier
from records.people.organisations import Organisation
from rulebooks.vocabulary.model import Rulebook


def issuing_office(
    rulebook: Rulebook, chain: Iterable[Organisation], stage: str
) -> Organisation | None:
    """一个环节的公文由哪个机关编文号：办理该环节的机关；此地没有该级机关则为 None。"""
    by_level = {office.level: office for office in chain}
    levels = rulebook.levels_of(rulebook.stages[stage].by)
    return next((by_level[level] for level in levels if level in by_level), None)


def without_code(rulebook: Rulebook, chain: Iterable[Organisation]) -> tuple[Organisation, ...]:
    """一件报送件里要编文号而没有登记机关代字的机关，按环节的次序。"""
    offices = tuple(chain)
    signing = (
        issuing_office(rulebook, offices, name)
        for name, stage in rulebook.stages.items()
        if any(target.issue is not None for target in stage.then.values())
    )
    found = (office for office in signing if office and office.document_code is None)
    return tuple(dict.fromkeys(found))


def code_wanted(office: Organisation) -> str:
    """没有登记机关代字的一句说明，写明怎样补。"""
    return (
        f"{office.name}没有登记机关代字，签发之后编不了文号；"
        "请在“机构与社区”表补“机关代字”一栏，用 minsheng import 重新收件，再行签发。"
    )


def unsigned_for_code(before: Dossier, after: Dossier, authority: Authority) -> Refused | None:
    """报送件的这一步签发了公文，而签发的机关没有登记机关代字：不予受理。"""
    if not any(_signed(before, after)):
        return None
    offices = (link.organisation for link in after.chain)
    office = next(office for office in offices if office.id == authority.organisation)
    if office.document_code is not None:
        return None
    return Refused("no_document_code", code_wanted(office))


def _signed(before: Dossier, after: Dossier) -> Iterator[bool]:
    """这一步新欠的公文，是否由所办的环节签发；环节开启时的送审稿不编文号。"""
    if after.state.rulebook.submission is None:
        return
    decided = after.state.history[-1]
    for effect in after.state.effects[len(before.state.effects) :]:
        place = (effect.stage, effect.round)
        yield effect.kind == "issue" and place == (decided.stage, decided.round)
