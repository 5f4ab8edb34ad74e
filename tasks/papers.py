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
from notices.parts import FundUse
from rulebooks.position import Effect
from tasks.passages import (
    COMMUNITY,
    Dossier,
    audit_of,
    basis_of,
    channels_of,
    contact_of,
    content_of,
    days_of,
    decider_of,
    effect_of_work,
    handling_of,
    imprint_of,
    last_publicity,
    period_of,
    posted_on,
    project_of,
    readings_of,
    reasons_of,
    requests_of,
    result_of,
    step_of,
    steps_of,
    survey_of,
)


def write(dossier: Dossier, effect: Effect) -> Document:
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
        projects=(project_of(state),),
        steps=tuple(steps_of(dossier)),
        period=period_of(state, effect, stage),
        channels=channels_of(state, stage, {}),
        contact=contact_of(dossier, COMMUNITY),
        handling=handling_of(state, stage),
        readings=readings_of(state, stage),
    )


def _result_publicity(dossier: Dossier, effect: Effect) -> Document:
    state = dossier.state
    stage = state.rulebook.stages[effect.stage]
    selected = content_of(state, "select")
    paid = state.amounts.get("paid", 0)
    other = min(int(state.facts.get("other_funds", 0)), paid)
    return ResultPublicity(
        imprint=imprint_of(dossier, effect, dossier.offices[COMMUNITY]),
        basis=basis_of(state, stage),
        project=project_of(state),
        implementer=str(selected["implementer_name"]),
        funds=FundUse(fiscal=paid - other, social=other),
        effect=effect_of_work(state),
        period=period_of(state, effect, stage),
        channels=channels_of(state, stage, {}),
        contact=contact_of(dossier, COMMUNITY),
        audit=audit_of(state),
        survey=survey_of(state),
        handling=handling_of(state, stage),
        readings=readings_of(state, stage),
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
    stage = state.rulebook.stages[effect.stage]
    return NotSelected(
        imprint=imprint_of(dossier, effect, dossier.offices[COMMUNITY]),
        basis=basis_of(state, stage.then[result.outcome]),
        project=str(state.facts["title"]),
        proposer=state.number,
        decision=step_of(dossier, result),
        reasons=reasons_of(state, result),
        contact=contact_of(dossier, COMMUNITY),
    )


def _not_passed(dossier: Dossier, effect: Effect) -> Document:
    state = dossier.state
    result = result_of(state, effect)
    stage = state.rulebook.stages[effect.stage]
    issuer = decider_of(dossier, stage)
    return NotPassed(
        imprint=imprint_of(dossier, effect, issuer),
        basis=basis_of(state, stage.then[result.outcome]),
        recipient=f"{dossier.offices[COMMUNITY].name}党组织",
        project=project_of(state),
        decision=step_of(dossier, result),
        reasons=reasons_of(state, result),
        contact=contact_of(dossier, issuer.level),
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
        registry=f"{state.facts['town']}{state.rulebook.programme}项目实施主体库",
        project=project_of(state),
        requests=requests_of(state, result),
        contact=contact_of(dossier, issuer.level),
        publicity=last_publicity(state),
        grounds=str(result.content["reason"]),
        copies=(dossier.offices[COMMUNITY].name,),
        readings=readings_of(state, stage),
    )


WRITERS: Mapping[str, Callable[[Dossier, Effect], Document]] = {
    "project_publicity": _project_publicity,
    "result_publicity": _result_publicity,
    "publicity_period": _publicity_period,
    "not_selected": _not_selected,
    "not_passed": _not_passed,
    "implementer_notice": _implementer_notice,
}
