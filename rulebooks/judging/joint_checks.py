"""合办的核对：按票排序的与合并计票的结果相符，批次决定的表决、金额与批次限额都守住。"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rulebooks.days.working_days import BEIJING
from rulebooks.judging.asking import Ask
from rulebooks.judging.caps import over_cap_when_established
from rulebooks.judging.counting import Candidate, Sitting, count
from rulebooks.judging.outside import Established
from rulebooks.policy.conditions import holds
from rulebooks.policy.limits import Given, assess, yuan
from rulebooks.policy.lookups import YEAR
from rulebooks.policy.ranking import RankingError
from rulebooks.procedure.verdicts import passed
from rulebooks.vocabulary.model import Limit
from rulebooks.vocabulary.refusals import Refusal

APPROVED = "approved"
BATCH = ("batch",)
PROJECTS = "projects"
# 计票得出的各项：人不填；填了而与结果不符的不收。
COUNTED = ("place", "layer", "chosen")
BY_HAND = {"place": "名次", "chosen": "是否入选", "reason": "依据与说明"}
VOTE = ("members", "present", "agree")


def rank_problem(ask: Ask) -> Refusal | None:
    """名次、是否入选由同一批的票数一起得出；没有写排法的环节由人登记。"""
    if ask.stage.ranking is None:
        return _by_hand(ask) or _established(ask)
    if ask.outside.counted is None and ask.outside.rivals:
        named = "、".join(ask.outside.rivals)
        sentence = (
            f"同在“{ask.stage.label}”的还有{named}，须合在一起计票；"
            "请用 minsheng case rank 一并登记各件得票。"
        )
        return ask.refuse("count_together", sentence)
    try:
        counted = counted_content(ask)
    except RankingError as error:
        return ask.refuse("cannot_rank", str(error))
    for name in COUNTED:
        if ask.content[name] not in (None, "", counted[name]):
            sentence = (
                "所填的名次或是否入选与合并计票的结果不符；"
                "请用 minsheng case rank 合并计票，只登记得票。"
            )
            return ask.refuse("contradicts_count", sentence)
    return _established(ask) if counted["chosen"] else None


def counted_content(ask: Ask) -> Mapping[str, Any]:
    """计票所得的内容：合并计票的取其结果，只有这一件的就在此算出。

    Raises:
        RankingError: 无从排序。
    """
    if ask.outside.counted is not None:
        return ask.outside.counted
    rule, state = ask.stage.ranking, ask.state
    if rule is None:
        raise RankingError("这个环节没有写明怎样排序，请由经办人登记名次与是否入选。")
    alone = Candidate(
        state.number,
        str(state.facts.get("title", "")),
        state.facts,
        state.amounts["budget"],
        ask.content["votes"],
    )
    sitting = Sitting(ask.occurred_at.astimezone(BEIJING).year, taken=ask.outside.taken)
    return count(state.rulebook, rule, (alone,), sitting)[0].content(ask.content["ballots"])


def counted_of(ask: Ask) -> Mapping[str, Any]:
    """由系统写入的计票结果；不是按排法计票的没有。"""
    counts = ask.action == "rank" and ask.stage.ranking is not None
    return counted_content(ask) if counts else {}


def corrected_rank_problem(ask: Ask) -> Refusal | None:
    """由计票得出的不能单件更正：一票之差可能改变别的项目的结果。"""
    if ask.stage.ranking is None:
        return _by_hand(ask)
    opened = ask.opened
    before = ask.state.content_of(opened.sequence) if opened is not None else {}
    changed = [name for name in (*COUNTED, "votes", "reason") if ask.content[name] != before[name]]
    if not changed:
        return None
    sentence = "得票、名次与是否入选由合并计票得出，不能单件更正；请申请变更或撤销后重新计票。"
    return ask.refuse("counted_together", sentence)


def _by_hand(ask: Ask) -> Refusal | None:
    missing = [label for name, label in BY_HAND.items() if ask.content[name] in (None, "")]
    if not missing:
        return None
    return ask.refuse("bad_content", f"排序结果缺少{'、'.join(missing)}，请补填。")


def batch_problem(ask: Ask) -> Refusal | None:
    """批次决定：表决达到通过条件，批准额不超过预算，批次限额与立项限额都守住。"""
    refusal = corrected_batch_problem(ask)
    if refusal is not None or not ask.content["decided"]:
        return refusal
    return next(_over_batch(ask), None) or _established(ask)


def corrected_batch_problem(ask: Ask) -> Refusal | None:
    """表决与金额；更正后也照此核对。"""
    return _vote_problem(ask) or _amount_problem(ask)


def _vote_problem(ask: Ask) -> Refusal | None:
    rule, content = ask.stage.passes, ask.content
    if rule is None:
        return None
    if any(content[name] is None for name in VOTE):
        sentence = "本环节须经表决，请填写应到、实到、同意人数。"
        return ask.refuse("vote_missing", sentence, rule.majority)
    if content["decided"] and not passed(ask.stage, content):
        sentence = "表决没有达到通过条件，不能批准；请改为不批准，或重新表决后再登记。"
        return ask.refuse("vote_failed", sentence, rule.majority)
    return None


def _amount_problem(ask: Ask) -> Refusal | None:
    amount, budget = ask.content["amount"], ask.state.amounts["budget"]
    if amount is None or not ask.content["decided"] or amount <= budget:
        return None
    sentence = f"批准金额{yuan(amount)}超过预算{yuan(budget)}，请调减批准金额。"
    return ask.refuse("approved_over_budget", sentence)


def _over_batch(ask: Ask) -> Iterator[Refusal]:
    """`per: batch` 的限额：连同本批此前已批准的；“原则上”的以所写意见与理由越过。"""
    state, day = ask.state, ask.occurred_at.astimezone(BEIJING)
    amount = ask.content["amount"]
    mine = state.amounts["budget"] if amount is None else amount
    whole = (*ask.outside.batched, Established(state.facts, {**state.amounts, APPROVED: mine}))
    for limit in state.rulebook.limits.values():
        if limit.per != BATCH or limit.severity != "must":
            continue
        measured = _measured(limit, whole)
        if measured is None:
            continue
        facts = {YEAR: day.year, **state.facts}
        found = assess(state.rulebook, limit, measured, Given(facts, amounts=state.amounts))
        if found.applies and not found.held:
            words = f"批准后批次“{ask.content['batch']}”{found.sentence}"
            yield ask.refuse("over_batch", words, limit)


def _measured(limit: Limit, whole: tuple[Established, ...]) -> int | None:
    """一批之中适用这项限额的合计或件数；度量的不是这两样的为 None。"""
    counted = [item for item in whole if holds(limit.only, item.facts, item.amounts)]
    if limit.limit.money:
        return sum(item.amounts.get(limit.of or APPROVED, 0) for item in counted)
    return len(counted) if limit.limit.count == PROJECTS else None


def _established(ask: Ask) -> Refusal | None:
    """立项的限额；“原则上”的，以所写的意见、计票的依据为理由。"""
    chosen = ask.content.get("chosen", True) is not False
    if not ask.stage.establishes or not chosen:
        return None
    return over_cap_when_established(ask.state, ask.outside, overridden=True)
