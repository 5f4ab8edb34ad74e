"""公文内容: what each document says; the parts they share are in `tasks.passages`."""

from collections.abc import Callable, Mapping

from notices.documents import (
    Document,
    ImplementerNotice,
    NotPassed,
    NotSelected,
    ProjectPublicity,
    PublicityPeriod,
    ResultPublicity,
)
from notices.drafting import OfficialDocument
from notices.letters import DecisionNotice, FilingReport
from rulebooks.procedure.position import Effect
from rulebooks.vocabulary.events import outcome_label
from rulebooks.vocabulary.model import Stage
from tasks.elements import COMMUNITY, project_of, wording_of
from tasks.passages import (
    Dossier,
    basis_of,
    channels_of,
    contact_of,
    days_of,
    decider_of,
    decision_of,
    handling_of,
    imprint_of,
    last_publicity,
    period_of,
    posted_on,
    reasons_of,
    registry_of,
    requests_of,
    result_of,
    sender_of,
    step_of,
    steps_of,
)
from tasks.project_forms import FORM_WRITERS
from tasks.results import audit_of, effect_of_work, funds_of, implementer_of, survey_of
from tasks.silences import readings_behind, readings_of

# What a publicity of results may be told to show; one that names none of them shows all.
RESULTS = frozenset({"audit_result", "fund_use", "effect", "evaluation_result"})


def write(dossier: Dossier, effect: Effect) -> Document | OfficialDocument:
    """The document that `effect` asks for.

    Raises:
        KeyError: no document of that name is known here.
    """
    return WRITERS[effect.content["document"]](dossier, effect)


def _project_publicity(dossier: Dossier, effect: Effect) -> Document:
    state = dossier.state
    stage = state.rulebook.stages[effect.stage]
    return ProjectPublicity(
        imprint=imprint_of(dossier, effect, dossier.offices[COMMUNITY]),
        basis=basis_of(state, stage),
        projects=(project_of(state, stage),),
        steps=tuple(steps_of(dossier)),
        period=period_of(state, effect, stage),
        channels=channels_of(state, stage, {}),
        contact=contact_of(dossier, COMMUNITY),
        handling=handling_of(state, stage),
        readings=readings_of(state, stage),
        wording=wording_of(state),
    )


def _shows(stage: Stage, result: str) -> bool:
    """Whether a publicity of results is to show this one."""
    named = RESULTS.intersection(stage.fields)
    return not named or result in named


def _result_publicity(dossier: Dossier, effect: Effect) -> Document:
    state = dossier.state
    stage = state.rulebook.stages[effect.stage]
    return ResultPublicity(
        imprint=imprint_of(dossier, effect, dossier.offices[COMMUNITY]),
        basis=basis_of(state, stage),
        project=project_of(state, stage),
        effect=effect_of_work(state),
        period=period_of(state, effect, stage),
        channels=channels_of(state, stage, {}),
        contact=contact_of(dossier, COMMUNITY),
        implementer=implementer_of(state),
        funds=funds_of(state) if _shows(stage, "fund_use") else None,
        audit=audit_of(state) if _shows(stage, "audit_result") else None,
        survey=survey_of(state) if _shows(stage, "evaluation_result") else None,
        handling=handling_of(state, stage),
        readings=readings_of(state, stage),
        wording=wording_of(state),
    )


def _publicity_period(dossier: Dossier, effect: Effect) -> Document:
    state = dossier.state
    stage = state.rulebook.stages[effect.stage]
    notice_key = f"{state.number}/issue/{stage.issues}/{effect.stage}/{effect.round}"
    issued = dossier.issued[notice_key]
    posted = posted_on(state, effect)
    latest = max(posted.values(), default=dossier.issued_at)
    return PublicityPeriod(
        imprint=imprint_of(dossier, effect, dossier.offices[COMMUNITY]),
        basis=basis_of(state, stage),
        subject=project_of(state).titled,
        notice=issued.title,
        of_number=issued.number,
        of_code=issued.code,
        period=period_of(state, effect, stage),
        channels=channels_of(state, stage, posted),
        days=days_of(dossier, stage, latest),
        contact=contact_of(dossier, COMMUNITY),
        readings=readings_of(state, stage),
    )


def _not_selected(dossier: Dossier, effect: Effect) -> Document:
    state = dossier.state
    result = result_of(state, effect)
    decision = decision_of(state, result)
    stage = state.rulebook.stages[effect.stage]
    return NotSelected(
        imprint=imprint_of(dossier, effect, dossier.offices[COMMUNITY]),
        basis=basis_of(state, stage.then[result.outcome]),
        project=str(state.facts["title"]),
        proposer=state.number,
        decision=step_of(dossier, decision),
        reasons=reasons_of(state, decision),
        contact=contact_of(dossier, COMMUNITY),
        readings=readings_behind(state, decision),
        wording=wording_of(state),
    )


def _not_passed(dossier: Dossier, effect: Effect) -> Document:
    state = dossier.state
    result = result_of(state, effect)
    stage = state.rulebook.stages[effect.stage]
    issuer = decider_of(dossier, stage)
    decision = decision_of(state, result)
    return NotPassed(
        imprint=imprint_of(dossier, effect, issuer),
        basis=basis_of(state, stage.then[result.outcome]),
        recipient=f"{dossier.offices[COMMUNITY].name}党组织",
        project=project_of(state),
        decision=step_of(dossier, decision),
        reasons=reasons_of(state, decision),
        contact=contact_of(dossier, issuer.level),
        readings=readings_behind(state, decision),
        wording=wording_of(state),
    )


def _implementer_notice(dossier: Dossier, effect: Effect) -> Document:
    state = dossier.state
    result = result_of(state, effect)
    stage = state.rulebook.stages[effect.stage]
    issuer = decider_of(dossier, stage)
    return ImplementerNotice(
        imprint=imprint_of(dossier, effect, issuer),
        basis=basis_of(state, stage),
        implementer=str(result.content["implementer_name"]),
        registry=registry_of(state),
        project=project_of(state),
        requests=requests_of(state, result),
        contact=contact_of(dossier, issuer.level),
        publicity=last_publicity(state),
        grounds=str(result.content["reason"]),
        copies=(dossier.offices[COMMUNITY].name,),
        readings=readings_of(state, stage),
        wording=wording_of(state),
    )


def _filing_report(dossier: Dossier, effect: Effect) -> Document:
    state = dossier.state
    stage = state.rulebook.stages[effect.stage]
    recipient = decider_of(dossier, stage)
    sender = sender_of(dossier, recipient)
    return FilingReport(
        imprint=imprint_of(dossier, effect, sender),
        basis=basis_of(state, stage),
        recipient=recipient.name,
        project=project_of(state),
        steps=tuple(steps_of(dossier)),
        contact=contact_of(dossier, sender.level),
        readings=readings_of(state, stage),
        wording=wording_of(state),
    )


def _decision_notice(dossier: Dossier, effect: Effect) -> Document:
    state = dossier.state
    result = result_of(state, effect)
    stage = state.rulebook.stages[effect.stage]
    target = stage.then[result.outcome]
    issuer = decider_of(dossier, stage)
    following = state.rulebook.stages.get(result.to)
    decision = decision_of(state, result)
    return DecisionNotice(
        imprint=imprint_of(dossier, effect, issuer),
        basis=basis_of(state, target if target.cites else stage),
        recipient=dossier.offices[COMMUNITY].name,
        project=project_of(state),
        decision=step_of(dossier, decision),
        outcome=outcome_label(state.rulebook, stage, result.outcome),
        reasons=reasons_of(state, decision),
        contact=contact_of(dossier, issuer.level),
        following=f"其后办理：{following.label}。" if following else None,
        readings=readings_behind(state, decision),
        wording=wording_of(state),
    )


WRITERS: Mapping[str, Callable[[Dossier, Effect], Document | OfficialDocument]] = {
    "project_publicity": _project_publicity,
    "result_publicity": _result_publicity,
    "publicity_period": _publicity_period,
    "not_selected": _not_selected,
    "not_passed": _not_passed,
    "implementer_notice": _implementer_notice,
    "filing_report": _filing_report,
    "decision_notice": _decision_notice,
    **FORM_WRITERS,
}
