"""A small town for the records' tests: its organisations, people, and a project's life."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from records.acting.acts import act
from records.acting.opening import open_case
from records.acting.ticks import tick
from records.cases.commands import Accepted, Command, Opening, Refused
from records.database.store import Store
from records.people.implementers import Implementer
from records.people.implementers import add as add_implementer
from records.people.organisations import (
    Appointment,
    Organisation,
    add_organisation,
    add_person,
    appoint,
)
from rulebooks.days.working_days import BEIJING

CITY = "zhangjiagang"
TOWN = "杨舍镇"
COMMUNITY = "城西社区"
OTHER_COMMUNITY = "东莱社区"
MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=BEIJING)
SINCE = date(2020, 1, 1)

ROLES: Mapping[str, tuple[str, str]] = {
    "community_clerk": ("chengxi", "陈晓"),
    "community_party_secretary": ("chengxi", "李梅"),
    "council_convener": ("chengxi", "王建国"),
    "review_convener": ("chengnan", "赵敏"),
    "office_clerk": ("chengnan", "孙立"),
    "town_clerk": ("yangshe", "周燕"),
    "town_reviewer": ("yangshe", "吴刚"),
    "town_finance": ("yangshe", "郑丽"),
    "town_leader": ("yangshe", "冯涛"),
    "city_clerk": (CITY, "何静"),
}

# Donglai has no office, so the town reviews what its council proposes.
ELSEWHERE = (
    ("community_clerk", "donglai"),
    ("council_convener", "donglai"),
    ("review_convener", "yangshe"),
)

FACTS: Mapping[str, Any] = {
    "title": "城西社区凉亭修缮",
    "kind": "works",
    "category": "environment",
    "content": "更换凉亭座椅八组，修补地面",
    "place": "城西社区中心广场",
    "schedule": "2026年4月至6月",
    "budget": 4_800_000,
    "community": COMMUNITY,
    "town": TOWN,
}


@dataclass(slots=True)
class SteppedClock:
    """A clock that stands still until a test moves it."""

    moment: datetime = MONDAY

    def now(self) -> datetime:
        return self.moment

    def forward(self, **by: float) -> None:
        self.moment += timedelta(**by)


def settle_town(store: Store) -> None:
    """One city, one town, one office, two communities, the second without an office above it."""
    with store.write() as connection:
        for organisation in (
            Organisation(CITY, "张家港市", "city", document_code="张民发"),
            Organisation("yangshe", TOWN, "town", CITY, document_code="杨政民"),
            Organisation("chengnan", "城南办事处", "subdistrict_office", "yangshe"),
            Organisation("chengxi", COMMUNITY, "community", "chengnan"),
            Organisation("donglai", OTHER_COMMUNITY, "community", "yangshe"),
        ):
            add_organisation(connection, replace(organisation, city=CITY))
        for role, (organisation_id, name) in ROLES.items():
            add_person(connection, role, name)
            appoint(connection, Appointment(role, role, organisation_id, SINCE))
        for role, where in ELSEWHERE:
            appoint(connection, Appointment(role, role, where, SINCE))
        add_person(connection, "second_reviewer", "钱勇")
        appoint(connection, Appointment("second_reviewer", "town_reviewer", "yangshe", SINCE))
        add_implementer(connection, Implementer("S-1", "暨阳园林有限公司", CITY, TOWN, SINCE))


def opening(key: str = "open-1", **facts: Any) -> Opening:
    return Opening(CITY, {**FACTS, **facts}, "community_clerk", "portal", key)


def opened(store: Store, key: str = "open-1", **facts: Any) -> str:
    """Opens a case and gives its number."""
    answer = open_case(store, opening(key, **facts))
    assert isinstance(answer, Accepted), answer
    return answer.case


VOTE = {"members": 30, "present": 24, "agree": 20, "against": 2, "abstain": 2, "opinion": "同意"}
CHECKS = ("other_party_duty", "duplicate_investment", "already_funded", "budget_unreasonable")
ARCHIVE = (
    "suggestion_source", "council_resolution", "review_opinion", "publicity_evidence",
    "contract_text", "audit_report", "survey_report", "payment_voucher",
    "result_publicity_evidence",
)  # fmt: skip

AUDIT = {
    "submitted": 4_700_000,
    "audited": 4_600_000,
    "auditor": "town",
    "auditor_name": "镇审计办",
    "opinion": "属实",
}
SURVEY = {
    "surveyor": "民意调查中心",
    "samples": 50,
    "satisfied": 48,
    "groups": ["社区党组织", "居委会", "党员", "居民群众"],
}
CONTRACT = {
    "amount": 4_700_000,
    "contract": "合同一",
    "clauses": {"maintenance_unit": "居委会"},
}
# The reason is only needed once the community has spent its year's share.
APPROVAL = {"opinion": "同意立项", "override_reason": "确需立项"}
SELECTION = {"implementer": "S-1", "reason": "经验丰富"}
PROMINENT = {"channel": "prominent_place", "evidence": "照片一"}
ELECTRONIC = {"channel": "electronic_media", "evidence": "链接一"}

# A works project under 50,000 yuan, from its collection to its archive: who does what.
STEPS: tuple[tuple[str, str, str, Mapping[str, Any]], ...] = (
    ("collect", "submit", "community_clerk", {"summary": "汇总居民建议三条"}),
    ("deliberate", "vote", "council_convener", {**VOTE, "demands": {"expert_heard": True}}),
    ("review", "vote", "review_convener", {**VOTE, "checks": dict.fromkeys(CHECKS, False)}),
    ("approve", "approve", "town_reviewer", APPROVAL),
    ("publicize_project", "post", "community_clerk", PROMINENT),
    ("publicize_project", "post", "community_clerk", ELECTRONIC),
    ("select_implementer", "select", "office_clerk", SELECTION),
    ("contract", "sign", "office_clerk", CONTRACT),
    ("begin_works", "perform", "office_clerk", {"evidence": "开工令"}),
    ("finish_works", "perform", "office_clerk", {"evidence": "完工照片"}),
    ("audit_works", "audit", "town_clerk", AUDIT),
    ("survey", "measure", "town_clerk", SURVEY),
    ("pay", "pay", "town_finance", {"amount": 4_600_000, "voucher": "凭证一"}),
    ("publicize_result", "post", "community_clerk", PROMINENT),
    ("publicize_result", "post", "community_clerk", ELECTRONIC),
    ("archive", "archive", "community_clerk", {"contains": dict.fromkeys(ARCHIVE, "档案柜三")}),
)


def command(number: str, step: int, **changes: Any) -> Command:
    """The command of one step of the project's life."""
    stage, action, actor, content = STEPS[step]
    fields: dict[str, Any] = {
        "case": number,
        "action": action,
        "stage": stage,
        "round": 1,
        "content": dict(content),
        "actor": actor,
        "occurred_at": None,
        "door": "portal",
        "key": f"{number}/step-{step}",
    }
    return Command(**{**fields, **changes})


def accepted(answer: Accepted | Refused) -> Accepted:
    assert isinstance(answer, Accepted), answer
    return answer


def refusal(answer: Accepted | Refused) -> Refused:
    assert isinstance(answer, Refused), answer
    return answer


def live(
    store: Store, clock: SteppedClock, number: str, upto: int = len(STEPS), since: int = 0
) -> None:
    """Takes the case through its steps; after a posting, time passes until the publicity ended."""
    for step in range(since, upto):
        accepted(act(store, command(number, step)))
        stage = STEPS[step][0]
        if STEPS[step][1] == "post" and STEPS[step - 1][0] == stage:
            clock.forward(days=12)
            tick(store)
        else:
            clock.forward(hours=1)
