"""项目表单内容: what a project's forms say, out of its state as it stood when each was owed."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from notices.dates import day
from notices.drafting import OfficialDocument
from notices.parts import Element
from notices.plain_text import full_width
from notices.project_forms import (
    AcceptanceForm,
    FilingForm,
    Particulars,
    RecommendationForm,
    RectificationNotice,
)
from notices.tables import Entry
from records.people.organisations import Organisation
from rulebooks.judging.payments import BASES
from rulebooks.procedure.deadlines import local_day
from rulebooks.procedure.position import Effect
from rulebooks.procedure.state import Result, State
from rulebooks.vocabulary.events import outcome_label
from rulebooks.vocabulary.model import Cited
from rulebooks.vocabulary.policies import FundBase
from tasks.elements import COMMUNITY, USUAL_FIELDS, project_showing, wording_of
from tasks.passages import (
    Dossier,
    basis_of,
    contact_of,
    decider_of,
    imprint_of,
    last_publicity,
    result_of,
    said_in,
    sender_of,
    steps_of,
)
from tasks.results import implementer_of, last_of, surveyed
from tasks.silences import reading_of

# How an inspection ends that orders mending or leads to it.
FAILED: Mapping[str, str] = {"accept": "mending", "evaluate": "failed"}
# Which stage settles which amount, the later one first.
SETTLED: Mapping[str, FundBase] = {"audit": "audited", "contract": "contract"}
# What a paper says of the project to who knows it: where it is; and what was to be done, and when.
WHERE = ("title", "place")
DONE = (*WHERE, "content", "schedule")


def acceptance_form(dossier: Dossier, effect: Effect) -> OfficialDocument:
    """验收单: on the acceptance that ended well."""
    dossier = _as_of(dossier, effect, itself=True)
    state = dossier.state
    result = result_of(state, effect)
    stage = state.rulebook.stages[effect.stage]
    terms = state.rulebook.terms
    signed = dict.fromkeys(terms.get(name, name) for name in result.content["signatures"])
    organiser = decider_of(dossier, stage)
    return AcceptanceForm(
        about=_about(dossier, effect, organiser, stage.then[result.outcome], DONE),
        opinion=result.content["opinion"],
        parties=tuple(signed),
        conclusion=outcome_label(state.rulebook, stage, result.outcome),
        accepted_on=local_day(result.at),
        amount=_owed(state),
        implementer=implementer_of(state),
        finished=_finished(state),
        mended=tuple(_mended(state)),
    ).document()


def rectification_notice(dossier: Dossier, effect: Effect) -> OfficialDocument:
    """整改通知: to who carries the project out; where nobody was chosen, to whoever does it."""
    dossier = _as_of(dossier, effect, itself=True)
    state = dossier.state
    result = result_of(state, effect)
    stages = state.rulebook.stages
    issuer = decider_of(dossier, stages[effect.stage])
    about = _about(dossier, effect, issuer, stages[effect.stage].then[result.outcome], WHERE)
    found = _inspection(state, result)
    inspected = stages[found.stage]
    mend_by = result.content.get("mend_by")
    mending = stages.get(result.to, inspected)
    others = (decider_of(dossier, mending), dossier.offices[COMMUNITY])
    told = dict.fromkeys(office.name for office in others if office != issuer)
    return RectificationNotice(
        about=about,
        recipient=implementer_of(state) or f"{about.project.called}实施单位",
        inspector=decider_of(dossier, inspected).name,
        inspection=inspected.label if inspected.kind == "evaluate" else "验收",
        found_on=local_day(found.at),
        found=tuple(_found(state, found, result)),
        contact=contact_of(dossier, issuer.level),
        mend_by=date.fromisoformat(mend_by) if mend_by else None,
        copies=tuple(told),
    ).document()


def recommendation_form(dossier: Dossier, effect: Effect) -> OfficialDocument:
    """推荐表: goes up as the stage of the office that examines the project opens."""
    dossier = _as_of(dossier, effect, itself=False)
    state = dossier.state
    stage = state.rulebook.stages[effect.stage]
    recipient = decider_of(dossier, stage)
    sender = sender_of(dossier, recipient)
    return RecommendationForm(
        about=_about(dossier, effect, sender, stage, (*USUAL_FIELDS, *stage.rests_on)),
        recipient=recipient.name,
        opinion=_opinion_of(dossier, sender),
        steps=tuple(steps_of(dossier)),
        publicity=last_publicity(state),
    ).document()


def filing_form(dossier: Dossier, effect: Effect) -> OfficialDocument:
    """备案表: once it is on file; the report that asked for it went before."""
    dossier = _as_of(dossier, effect, itself=True)
    state = dossier.state
    result = result_of(state, effect)
    stage = state.rulebook.stages[effect.stage]
    recipient = decider_of(dossier, stage)
    sender = sender_of(dossier, recipient)
    results = tuple(_evaluations(state))
    # Where evaluations are filed, how the project was decided is no longer the question.
    facts = DONE if results else (*USUAL_FIELDS, *stage.rests_on)
    return FilingForm(
        about=_about(dossier, effect, sender, stage.then[result.outcome], facts),
        recipient=recipient.name,
        receipt=said_in(result),
        filed_on=local_day(result.at),
        opinion=_opinion_of(dossier, sender),
        number=result.content["document"],
        steps=() if results else tuple(steps_of(dossier)),
        publicity=None if results else last_publicity(state),
        results=results,
    ).document()


FORM_WRITERS: Mapping[str, Callable[[Dossier, Effect], OfficialDocument]] = {
    AcceptanceForm.KIND: acceptance_form,
    RectificationNotice.KIND: rectification_notice,
    RecommendationForm.KIND: recommendation_form,
    FilingForm.KIND: filing_form,
}


def _as_of(dossier: Dossier, effect: Effect, *, itself: bool) -> Dossier:
    """The file before the stage was settled that owes the document, or with its own result."""
    results = dossier.state.results
    places = [(result.stage, result.round) for result in results]
    own = (effect.stage, effect.round)
    upto = places.index(own) + itself if own in places else len(results)
    return replace(dossier, state=replace(dossier.state, results=results[:upto]))


def _about(
    dossier: Dossier, effect: Effect, issuer: Organisation, cited: Cited, facts: Sequence[str]
) -> Particulars:
    """The particulars; `cited` is where the rulebook orders the document and says why."""
    state = dossier.state
    stage = state.rulebook.stages[effect.stage]
    return Particulars(
        title=f"{state.rulebook.programme}{effect.label}",
        imprint=imprint_of(dossier, effect, issuer),
        basis=basis_of(state, cited if cited.cites else stage),
        project=project_showing(state, facts),
        readings=reading_of(state, cited),
        wording=wording_of(state),
    )


def _owed(state: State) -> Element:
    """The amount owed as far as it is known: audited, contracted, or else budgeted."""
    for kind, name in SETTLED.items():
        # What is settled after the acceptance may be known by now, but not to who accepted.
        if last_of(state, kind) is not None:
            return Element(BASES[name], amount=state.amounts[name])
    return Element(state.rulebook.fact_labels["budget"], amount=state.amounts["budget"])


def _finished(state: State) -> str | None:
    result = last_of(state, "perform")
    if result is None:
        return None
    label = full_width(state.rulebook.stages[result.stage].label)
    return f"{day(local_day(result.at))}，{label}：{result.content['evidence']}"


def _mended(state: State) -> Iterator[str]:
    """What earlier acceptances of the project found wrong."""
    stages = state.rulebook.stages
    for result in state.results:
        if (stages[result.stage].kind, result.outcome) == ("accept", "mending") and not result.void:
            yield f"{day(local_day(result.at))}验收不合格：{said_in(result)}"


def _inspection(state: State, order: Result) -> Result:
    """The acceptance or evaluation that found what is to be mended; the order itself may be it."""
    stages = state.rulebook.stages
    failed = (
        result
        for result in reversed(state.results)
        if not result.void and result.outcome == FAILED.get(stages[result.stage].kind)
    )
    return next(failed, order)


def _found(state: State, found: Result, order: Result) -> Iterator[Entry]:
    stage = state.rulebook.stages[found.stage]
    if stage.kind == "evaluate":
        yield _evaluation(state, found)
    else:
        yield Entry("存在问题", said_in(found))
    if order is not found:
        yield Entry("整改要求", said_in(order))


def _evaluations(state: State) -> Iterator[Entry]:
    stages = state.rulebook.stages
    for result in state.results:
        if stages[result.stage].kind == "evaluate" and not result.void:
            yield _evaluation(state, result)


def _evaluation(state: State, result: Result) -> Entry:
    label = state.rulebook.stages[result.stage].label
    rows = surveyed(state, result).rows
    return Entry(label, "；".join(f"{name}：{value}" for name, value in rows))


def _opinion_of(dossier: Dossier, office: Organisation) -> str:
    """What the office wrote last in handling the project; blank where it wrote nothing."""
    stages = dossier.state.rulebook.stages
    said = (
        said_in(result)
        for result in reversed(dossier.state.results)
        if not result.void and decider_of(dossier, stages[result.stage]) == office
    )
    return next(filter(None, said), "")
