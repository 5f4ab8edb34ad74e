"""合并计票：同在一个按票排序环节的项目一起排，一个事务记下每一件的名次与是否入选。"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from records.acting.rivals import RANK, Ballots, rivals, scope, standing, taken
from records.acting.together import Step, Together, called, named, title_of, together
from records.cases.commands import Count, Refused
from records.cases.dossiers import Dossier, Hearing, peek
from records.database.store import Store
from records.people.organisations import Organisation
from rulebooks.days.working_days import BEIJING
from rulebooks.judging.counting import Candidate, Placed, Sitting, UndecidedError, count
from rulebooks.policy.ranking import RankingError
from rulebooks.vocabulary.model import RankRule


def count_ballots(store: Store, counted: Count, *, dry_run: bool = False) -> Together | Refused:
    """一次计票：范围之内的项目一件不漏，照规则手册排出名次，全部记入或全部不记。

    Args:
        store: 台账。
        counted: 各事项的得票，及同票已定的先后。
        dry_run: 只看结果，不记入。

    Raises:
        BusyRecordsError: 等待写入超时，什么也没有记。
    """
    return together(store, counted, partial(_plan, counted), dry_run=dry_run)


def scope_here(store: Store, number: str, stage: str) -> Organisation | None:
    """一个项目在哪个机关之内计票；没有此事项、环节没有写排法的为 None。"""
    with store.glance() as connection:
        dossier = peek(store, connection, number)
    return None if dossier is None else _scope(dossier, stage)


def waiting_with(store: Store, number: str, stage: str) -> tuple[str, ...]:
    """同在一个环节、同一范围等着一起办的各件，连同这一件自己，按编号。"""
    with store.glance() as connection:
        hearing = Hearing(store, connection, store.clock.now())
        dossier = peek(store, connection, number)
        if dossier is None:
            return ()
        others = [other.number for other in rivals(hearing, dossier, stage)]
    return tuple(sorted([number, *others]))


def _scope(dossier: Dossier, stage: str) -> Organisation | None:
    entry = dossier.state.rulebook.stages.get(stage)
    return None if entry is None or entry.ranking is None else scope(dossier, entry)


def _plan(counted: Count, hearing: Hearing) -> Sequence[Step] | Refused:
    dossiers = _standing_here(hearing, counted)
    refusal = _problem(counted, dossiers)
    if refusal is not None:
        return refusal
    ranked = _ranked(hearing, counted, dossiers)
    if isinstance(ranked, Refused):
        return ranked
    placed = {item.number: item.content(counted.ballots) for item in ranked}
    by_number = {dossier.number: dossier for dossier in dossiers}
    return [Step(by_number[item.number], RANK, placed[item.number], placed[item.number])
            for item in ranked]  # fmt: skip


def _standing_here(hearing: Hearing, counted: Count) -> list[Dossier]:
    """范围之内正在该环节的各件，已锁住。"""
    found = []
    for number in standing(hearing, counted.city, counted.stage):
        dossier = called(hearing, counted, number)
        if dossier is None or dossier.state.stage_open(counted.stage) is None:
            continue
        here = _scope(dossier, counted.stage)
        if here is not None and counted.place in (here.id, here.name):
            found.append(dossier)
    return found


def _problem(counted: Count, dossiers: Sequence[Dossier]) -> Refused | None:
    """没有要计的，漏了哪件，多了哪件，排法不一：一句话全部指明。"""
    if not dossiers:
        sentence = (
            f"{counted.place}没有正待“{counted.stage}”计票的项目，可能已经计过；"
            "请用 minsheng case list 核对。"
        )
        return Refused("nothing_to_count", sentence)
    numbers = {dossier.number for dossier in dossiers}
    missing = [dossier for dossier in dossiers if dossier.number not in counted.votes]
    wrong = [number for number in (*counted.votes, *counted.order) if number not in numbers]
    parts = [f"没有得票的：{named(missing)}"] if missing else []
    parts += [f"不在其中的：{'、'.join(dict.fromkeys(wrong))}"] if wrong else []
    if parts:
        return Refused(
            "votes_do_not_match",
            f"得票与{counted.place}正待计票的项目不符，整次没有登记，{'；'.join(parts)}；"
            "请补齐或去掉后再计。",
        )
    return _unlike(counted, dossiers)


def _unlike(counted: Count, dossiers: Sequence[Dossier]) -> Refused | None:
    """各件适用的排法须是同一个。"""
    first = _rule(dossiers[0], counted.stage)
    unlike = [dossier for dossier in dossiers if _rule(dossier, counted.stage) != first]
    if not unlike:
        return None
    sentence = (
        f"{named(unlike)}适用的规则手册版本不同，排法不一，不能一起计票；"
        "请先用 minsheng rulebook migrate 转用同一版本。"
    )
    return Refused("unlike_rules", sentence)


def _rule(dossier: Dossier, stage: str) -> RankRule | None:
    return dossier.state.rulebook.stages[stage].ranking


def _ranked(
    hearing: Hearing, counted: Count, dossiers: Sequence[Dossier]
) -> Sequence[Placed] | Refused:
    first = dossiers[0]
    rulebook, rule = first.state.rulebook, _rule(first, counted.stage)
    if rule is None:
        return Refused("no_ranking", "这个环节没有写明怎样排序，请逐件登记。")
    day = (counted.occurred_at or hearing.now).astimezone(BEIJING).date()
    before = taken(hearing, first, Ballots(counted.stage, counted.ballots, day))
    try:
        candidates = [_candidate(counted, dossier) for dossier in dossiers]
        return count(rulebook, rule, candidates, Sitting(day.year, counted.order, before))
    except UndecidedError as error:
        article = rulebook.article(rule.ties) or rulebook.article(rule)
        return Refused("ties_undecided", str(error), rule.ties.cites or rule.cites, article)
    except RankingError as error:
        return Refused("cannot_rank", str(error), rule.cites, rulebook.article(rule))


def _candidate(counted: Count, dossier: Dossier) -> Candidate:
    state = dossier.state
    votes, cost = counted.votes[dossier.number], state.amounts["budget"]
    return Candidate(dossier.number, title_of(dossier), state.facts, cost, votes)
