"""整批决定：一批项目一次决定，一个事务记下每一件批准与否、批给多少；须表决的写明表决人数。"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from records.acting.rivals import DECIDE_BATCH
from records.acting.together import Step, Together, called, named, together
from records.cases.commands import BatchDecision, Refused
from records.cases.dossiers import Dossier, Hearing
from records.database.store import Store
from rulebooks.vocabulary.model import Stage

BATCH = "batch"


def decide_batch(
    store: Store, decision: BatchDecision, *, dry_run: bool = False
) -> Together | Refused:
    """一次整批决定：表决、各件的金额与批次限额都守住才记，全部记入或全部不记。

    Args:
        store: 台账。
        decision: 批次、各件的决定、表决人数。
        dry_run: 只看结果，不记入。

    Raises:
        BusyRecordsError: 等待写入超时，什么也没有记。
    """
    return together(store, decision, partial(_plan, decision), dry_run=dry_run)


def _plan(decision: BatchDecision, hearing: Hearing) -> Sequence[Step] | Refused:
    found, unknown, elsewhere = [], [], []
    for number in sorted(decision.verdicts):
        dossier = called(hearing, decision, number)
        if dossier is None or dossier.state.rulebook.city != decision.city:
            unknown.append(number)
        elif _stage(dossier, decision.stage) is None:
            elsewhere.append(dossier)
        else:
            found.append(dossier)
    refusal = _problem(decision, unknown, elsewhere)
    if refusal is not None:
        return refusal
    return [_step(decision, dossier) for dossier in found]


def _stage(dossier: Dossier, stage: str) -> Stage | None:
    """正在办理的这个整批决定的环节；不在此处的为 None。"""
    if dossier.state.stage_open(stage) is None:
        return None
    entry = dossier.state.rulebook.stages[stage]
    return entry if entry.kind == BATCH else None


def _problem(
    decision: BatchDecision, unknown: Sequence[str], elsewhere: Sequence[Dossier]
) -> Refused | None:
    """空的批次，没有的编号，不在该环节的：一句话全部指明。"""
    if not decision.verdicts:
        return Refused("empty_batch", "没有列出项目，请逐件写明是否批准。")
    parts = [f"没有这个编号的：{'、'.join(unknown)}"] if unknown else []
    parts += [f"不在“{decision.stage}”的：{named(elsewhere)}"] if elsewhere else []
    if not parts:
        return None
    sentence = f"批次“{decision.batch}”整批没有登记，{'；'.join(parts)}；请去掉后再登记。"
    return Refused("not_in_batch", sentence)


def _step(decision: BatchDecision, dossier: Dossier) -> Step:
    verdict = decision.verdicts[dossier.number]
    content = {
        "batch": decision.batch,
        "decided": verdict.decided,
        "amount": verdict.amount,
        "opinion": verdict.opinion,
        **decision.vote,
    }
    return Step(dossier, DECIDE_BATCH, content)
