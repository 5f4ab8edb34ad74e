"""认定：申请的编制、联席会议的认定、认定之后的拨付，各核对什么，由系统写入什么。金额单位：分。"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rulebooks.judging.asking import Ask
from rulebooks.judging.claims import Claim
from rulebooks.judging.outside import Envelope
from rulebooks.policy.funds import Shortfall, shortfall
from rulebooks.policy.lookups import yuan
from rulebooks.procedure.amounts import PAID, RECOGNIZED
from rulebooks.procedure.state import State
from rulebooks.procedure.verdicts import passed
from rulebooks.vocabulary.model import Fund, Rulebook
from rulebooks.vocabulary.obligations import Recognition
from rulebooks.vocabulary.refusals import Refusal

CLAIM, RECOGNIZE = "claim", "recognize"
CLAIMING = frozenset({CLAIM, RECOGNIZE})
CLAIMED = "claimed"
REFUSED = "refused"
NOT_PASSED = "联席会议表决未通过"
NOT_ENOUGH = "年度额度不足"
NOTHING_LEFT = "本次认定额不足扣回，留待下季"


def fund_of(rulebook: Rulebook) -> Fund:
    """报送件申请的是哪笔资金。

    Raises:
        LookupError: 这项义务没有写资金。
    """
    code = rulebook.duties[rulebook.submission or ""].fund
    if code is None:
        raise LookupError(f"义务“{rulebook.submission}”没有写明申请哪笔资金（fund），请补上。")
    return rulebook.funds[code]


def claimed_in(state: State) -> Mapping[str, Any]:
    """报送件最近一次编制的申请；还没有编制的为空。"""
    for event in reversed(state.history):
        if event.kind == CLAIMED:
            return event.content
    return {}


def recognized_in(state: State) -> Mapping[str, Any]:
    """联席会议的认定；还没有认定的为空。"""
    for event in reversed(state.history):
        if event.kind == RECOGNIZED:
            return event.content
    return {}


def claim_problem(ask: Ask) -> Refusal | None:
    """编制申请：要有截止时点的证据，比例查得到。"""
    found = ask.outside.claim
    if found is None:
        return ask.refuse("no_evidence", "没有查到截止时点的项目，请由系统编制申请。")
    return found if isinstance(found, Refusal) else None


def recognize_problem(ask: Ask) -> Refusal | None:
    """认定：表决人数相合，所写的项目在申请之内，年度额度够用，不够的逐项写明金额。"""
    return _members(ask) or _unknown(ask) or _amounts(ask) or _envelope(ask)


def settled_problem(ask: Ask) -> Refusal | None:
    """拨付认定的资金：累计不超过认定的合计，付清与否如实写明。"""
    total, paid = ask.state.amounts.get(RECOGNIZED, 0), ask.state.amounts.get(PAID, 0)
    amount, final = ask.content["amount"], ask.content["final"]
    left = total - paid
    if not 0 < amount <= left:
        sentence = (
            f"本次拨付{yuan(amount)}，须大于零而不超过认定的{yuan(total)}中尚未拨付的"
            f"{yuan(left)}，请核对金额。"
        )
        return ask.refuse("paid_over_recognized", sentence)
    if final != (amount == left):
        what = "写“是”" if amount == left else "写“否”，或改填余下的全部"
        sentence = f"认定{yuan(total)}，连同本次拨付{yuan(paid + amount)}，是否付清请{what}。"
        return ask.refuse("final_is_wrong", sentence)
    return None


def content_of(ask: Ask) -> Mapping[str, Any]:
    """由系统写入的内容：申请的各行，或认定的各行与合计；其余的动作没有。"""
    if ask.action == CLAIM and isinstance(ask.outside.claim, Claim):
        return ask.outside.claim.plain()
    if ask.action == RECOGNIZE and ask.outside.envelope is not None:
        return _recognized(ask, ask.outside.envelope)
    return {}


def drafts(rulebook: Rulebook, envelope: Envelope) -> Shortfall | None:
    """待认定的申请合计超过年度余额时，说明与供议定的各种分法；够用的为 None。"""
    before = envelope.limit - envelope.left
    wanted = {name: amount for name, amount in envelope.waiting.items() if amount > 0}
    return shortfall(rulebook, fund_of(rulebook), before, wanted)


def _members(ask: Ask) -> Refusal | None:
    """应到人数与规则手册所写的成员单位数相符。"""
    rulebook = ask.state.rulebook
    rule: Recognition | None = rulebook.duties[rulebook.submission or ""].recognition
    if rule is None or rule.members in (None, ask.content["members"]):
        return None
    sentence = (
        f"联席会议成员单位{rule.members}个，应到填的是{ask.content['members']}，请核对应到人数。"
    )
    return ask.refuse("members_differ", sentence, rule)


def _unknown(ask: Ask) -> Refusal | None:
    lines = {line["project"]: line for line in claimed_in(ask.state).get("lines", ())}
    named = (*ask.content["refused"], *ask.content["amounts"])
    wrong = [name for name in named if name not in lines]
    if wrong:
        sentence = f"{'、'.join(wrong)}不在本件申请之内，请核对项目编号。"
        return ask.refuse("not_in_claim", sentence)
    reversed_ = [name for name in named if lines[name]["reverses"]]
    if reversed_:
        sentence = f"{'、'.join(reversed_)}是扣回，不另认定，也不改金额，请去掉。"
        return ask.refuse("reversal", sentence)
    both = [name for name in ask.content["amounts"] if name in ask.content["refused"]]
    if both:
        sentence = f"{'、'.join(both)}既写了不予认定又写了金额，请只留其一。"
        return ask.refuse("both_ways", sentence)
    return None


def _amounts(ask: Ask) -> Refusal | None:
    """逐项的金额只在额度不足时写，写了就要一项不漏，都不超过申请的。"""
    given, wanted = ask.content["amounts"], dict(_wanted(ask))
    if not given:
        return None
    envelope = ask.outside.envelope
    if envelope is not None and sum(envelope.waiting.values()) <= envelope.left:
        sentence = f"年度余额{yuan(envelope.left)}够用，按申请的金额认定，请去掉逐项的金额。"
        return ask.refuse("amounts_not_needed", sentence)
    missing = [name for name in wanted if name not in given]
    if missing:
        sentence = f"没有写明{'、'.join(missing)}的认定金额，请逐项补齐，不给的写0。"
        return ask.refuse("amount_missing", sentence)
    for name, amount in given.items():
        if amount > wanted[name]:
            sentence = f"{name}认定{yuan(amount)}，超过申请的{yuan(wanted[name])}，请调减。"
            return ask.refuse("over_claim", sentence)
    return None


def _envelope(ask: Ask) -> Refusal | None:
    """认定的合计不超过年度余额。"""
    envelope, rulebook = ask.outside.envelope, ask.state.rulebook
    if envelope is None:
        return ask.refuse("no_envelope", "没有查到年度余额，请由系统受理认定。")
    fund = fund_of(rulebook)
    asked = _recognized(ask, envelope)["total"]
    if asked <= envelope.left:
        return None
    label = fund.label
    sentence = (
        f"本件认定合计{yuan(asked)}，超过{label}{envelope.year}年度余额{yuan(envelope.left)}，"
        "请按 minsheng claim show 所列的分法议定，逐项写明认定金额。"
    )
    return ask.refuse("envelope_short", sentence, fund.envelope)


def _wanted(ask: Ask) -> Iterator[tuple[str, int]]:
    """没有不予认定的各项及申请的金额，扣回的不在内。"""
    for line in claimed_in(ask.state).get("lines", ()):
        if not line["reverses"] and line["project"] not in ask.content["refused"]:
            yield line["project"], line["city"]


def _recognized(ask: Ask, envelope: Envelope) -> dict[str, Any]:
    """认定的各行与合计；表决未通过的，一项也不认定。"""
    vote = ask.stage.passes is None or passed(ask.stage, ask.content)
    lines = [_settled(line, ask.content, vote=vote) for line in _own(ask)]
    total = sum(line["amount"] for line in lines)
    for line in claimed_in(ask.state).get("lines", ()):
        if line["reverses"]:
            taken = vote and total + line["city"] >= 0
            amount = line["city"] if taken else 0
            total += amount
            reason = "" if taken else NOTHING_LEFT
            lines.append({"project": line["project"], "amount": amount, "reason": reason})
    more = max(envelope.limit - envelope.appropriated, 0) if total > 0 else 0
    return {"year": envelope.year, "lines": lines, "total": total, "appropriates": more}


def _own(ask: Ask) -> list[Mapping[str, Any]]:
    return [line for line in claimed_in(ask.state).get("lines", ()) if not line["reverses"]]


def _settled(line: Mapping[str, Any], content: Mapping[str, Any], *, vote: bool) -> dict[str, Any]:
    project = line["project"]
    reason = content["refused"].get(project, "") if vote else NOT_PASSED
    amount = 0 if reason else content["amounts"].get(project, line["city"])
    if not amount and not reason:
        reason = NOT_ENOUGH
    return {"project": project, "amount": amount, "reason": reason}
