"""合办命令: `minsheng case rank|batch`: ballots counted together, a batch decided whole.

What will be recorded is computed first and shown as a table; all of it is recorded, or nothing.
"""

import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated, Any
from uuid import uuid4

from cyclopts import Parameter

from deployments.office import office
from deployments.terminal.acting import Turn, Typed, actor_of
from deployments.terminal.composing import kept, moment_of, readable
from deployments.terminal.console import REFUSED, Json, console, print_json, refuse
from deployments.terminal.forms import NO, YES, BadAnswerError, read
from deployments.terminal.joint_tables import as_plain, show
from deployments.terminal.prompting import confirm
from deployments.terminal.rows import Row, by_number, rows_of, value_of
from records.acting.ballots import count_ballots, scope_here
from records.acting.batches import decide_batch
from records.acting.overview import UnknownCaseError
from records.acting.together import Together
from records.cases.commands import BatchDecision, Count, Refused, Verdict
from records.cases.dossiers import Dossier, peek
from records.database.store import Store
from rulebooks.procedure.state import OpenStage
from rulebooks.vocabulary.contents import BatchDecided

VOTES = ("得票", "得票数")
DECIDED = ("是否批准", "决定")
AMOUNT = "批准金额"
OPINION = ("意见", "意见与理由")
APPROVED = frozenset({"批准", "同意"})
NOT_APPROVED = frozenset({"不批准", "不同意", "未批准"})
VOTE = ("members", "present", "agree", "against", "abstain")

File = Annotated[
    Path | None, Parameter(name="文件", negative="", help=".xlsx 或 .csv，一件一行，首行为表头。")
]
Stage = Annotated[str | None, Parameter(help="环节，写名称或代号；缺省为首件正在办理的这类环节。")]
Person = Annotated[
    str | None, Parameter(name="--as", help="经办人，写姓名或编号；只有一人在任时可不填。")
]
Occurred = Annotated[str | None, Parameter(help="发生时间，如 2026-03-05T15:00；缺省为此刻。")]
Evidence = Annotated[list[str] | None, Parameter(negative="", help="凭证文件；可多次。")]
Key = Annotated[str | None, Parameter(help="提交编号；同一编号重复提交只记一次。")]
DryRun = Annotated[bool, Parameter(negative="", help="只列出结果，不记入。")]
Yes = Annotated[bool, Parameter(negative="", help="不确认，直接记入。")]


@dataclass(frozen=True, slots=True)
class Meeting:
    """一次合办: the first case, its stage, and what the options say of all."""

    store: Store
    first: Dossier
    opened: OpenStage
    typed: Typed

    @property
    def city(self) -> str:
        """The city whose rulebook applies."""
        return self.first.state.rulebook.city

    @property
    def label(self) -> str:
        """The stage in words."""
        return self.first.state.rulebook.stages[self.opened.stage].label

    def signed(self, action: str) -> dict[str, Any]:
        """Who acts, when, by what proof, under which key."""
        typed, opened = self.typed, self.opened
        turn = Turn(action, opened.stage, opened.round, opened)
        actor = actor_of(self.store, self.first.state, turn, typed)
        return {
            "city": self.city,
            "stage": opened.stage,
            "actor": actor,
            "door": "command_line",
            "key": typed.key or f"command_line/{uuid4()}",
            "occurred_at": moment_of(typed.occurred, opened, self.store.clock.now()),
            "evidence": kept(self.store, typed.evidence, actor),
        }


def rank(  # noqa: PLR0913 - every answer as an option
    table: File = None,
    /,
    *,
    ballots: Annotated[str, Parameter(name="--ballots", help="投票批次，如 2026年票选。")],
    votes: Annotated[
        list[str] | None,
        Parameter(name="--votes", negative="", help="一件的得票，写 编号=票数；可多次。"),
    ] = None,
    order: Annotated[
        str | None, Parameter(help="同票者抽签定出的先后，写编号，以逗号分开。")
    ] = None,
    at: Annotated[str | None, Parameter(help="在哪个机关之内计票；缺省为首件所在的。")] = None,
    stage: Stage = None,
    person: Person = None,
    occurred: Occurred = None,
    evidence: Evidence = None,
    key: Key = None,
    dry_run: DryRun = False,
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """合并计票：一次登记各项目的得票，照规则手册排出名次与是否入选，全部记入或全部不记。"""
    store = office()
    try:
        rows = _rows(table, votes or [], VOTES[0])
        typed = _typed(person, occurred, evidence, key)
        meeting = _meeting(store, rows, "rank", stage, typed)
        counted = Count(
            place=at or _here(meeting),
            ballots=ballots,
            votes={number: _votes(number, row) for number, row in rows.items()},
            order=tuple(part.strip() for part in (order or "").split(",") if part.strip()),
            **meeting.signed("rank"),
        )
    except BadAnswerError as error:
        refuse(str(error))
    if not dry_run and _asks(yes=yes, as_json=as_json):
        _agree(count_ballots(store, counted, dry_run=True), "rank")
    _tell(count_ballots(store, counted, dry_run=dry_run), "rank", as_json=as_json)


def batch(  # noqa: PLR0913 - every answer as an option
    table: File = None,
    /,
    *,
    name: Annotated[str, Parameter(name="--batch", help="批次，如 2026年第一季度。")],
    decide: Annotated[
        list[str] | None,
        Parameter(
            negative="", help="一件的决定，写 编号=批准 或 编号=不批准，批准金额写在表里；可多次。"
        ),
    ] = None,
    opinion: Annotated[str | None, Parameter(help="没有逐件写明意见的，一律用这一句。")] = None,
    answers: Annotated[
        list[str] | None,
        Parameter(name="--set", negative="", help="表决人数，如 --set 应到人数=9；可多次。"),
    ] = None,
    stage: Stage = None,
    person: Person = None,
    occurred: Occurred = None,
    evidence: Evidence = None,
    key: Key = None,
    dry_run: DryRun = False,
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """整批决定：一次登记一批项目批准与否、批准金额与表决人数，全部记入或全部不记。"""
    store = office()
    try:
        rows = _rows(table, decide or [], DECIDED[0])
        typed = _typed(person, occurred, evidence, key)
        meeting = _meeting(store, rows, "batch", stage, typed)
        decision = BatchDecision(
            batch=name,
            verdicts={number: _verdict(number, row, opinion) for number, row in rows.items()},
            vote=_people(answers or []),
            **meeting.signed("decide_batch"),
        )
    except BadAnswerError as error:
        refuse(str(error))
    if not dry_run and _asks(yes=yes, as_json=as_json):
        _agree(decide_batch(store, decision, dry_run=True), "batch")
    _tell(decide_batch(store, decision, dry_run=dry_run), "batch", as_json=as_json)


def _rows(table: Path | None, given: list[str], head: str) -> dict[str, Row]:
    """What the file and the options say of each case."""
    pairs = [part.partition("=") for part in given]
    lines = [["编号", head], *([number, value] for number, _, value in pairs)]
    rows = rows_of(table) if table is not None else {}
    rows |= by_number("选项", lines)
    if not rows:
        raise BadAnswerError("没有写明是哪些事项，请给出一件一行的文件，或逐件用选项写明。")
    return rows


def _typed(
    person: str | None, occurred: str | None, evidence: list[str] | None, key: str | None
) -> Typed:
    proofs = tuple(readable(path) for path in evidence or [])
    return Typed("", person=person, occurred=occurred, evidence=proofs, key=key)


def _meeting(
    store: Store, rows: Mapping[str, Row], kind: str, stage: str | None, typed: Typed
) -> Meeting:
    """The first case that can be found and where it stands; what else is wrong the records say."""
    number = next(iter(rows))
    with store.glance() as connection:
        first = peek(store, connection, number)
    if first is None:
        refuse(str(UnknownCaseError(number)), code=REFUSED)
    stages = first.state.rulebook.stages
    # Those that were decided come last: the records answer a repeated submission as before.
    over = [OpenStage(it.stage, it.round, it.opened_at, it.sequence) for it in first.state.results]
    for opened in (*first.state.open, *reversed(over)):
        entry = stages.get(opened.stage)
        named_so = entry is not None and stage in (None, opened.stage, entry.label)
        if entry is not None and named_so and entry.kind == kind:
            return Meeting(store, first, opened, typed)
    word = {"rank": "计票", "batch": "整批决定"}[kind]
    sentence = f"事项{number}不在待{word}的环节；请用 minsheng case show {number} 核对。"
    return refuse(sentence, code=REFUSED)


def _here(meeting: Meeting) -> str:
    found = scope_here(meeting.store, meeting.first.number, meeting.opened.stage)
    if found is None:
        refuse(
            f"“{meeting.label}”没有写明怎样排序，请用 minsheng case act 逐件登记。", code=REFUSED
        )
    return found.id


def _votes(number: str, row: Row) -> int:
    found: int = read("integer", f"{number}的得票", value_of(number, row, VOTES))
    return found


def _verdict(number: str, row: Row, opinion: str | None) -> Verdict:
    word = value_of(number, row, DECIDED)
    if word.lower() not in APPROVED | NOT_APPROVED | YES | NO:
        raise BadAnswerError(f"{number}的决定填的是“{word}”，请填 批准 或 不批准。")
    written = next((row[head] for head in OPINION if row.get(head)), opinion)
    if not written:
        raise BadAnswerError(f"{number}没有写意见，请在表中写明，或用 --opinion 一并写明。")
    amount = row.get(AMOUNT, "")
    return Verdict(
        decided=word.lower() in APPROVED | YES,
        opinion=written,
        amount=read("amount", f"{number}的{AMOUNT}", amount) if amount else None,
    )


def _people(answers: list[str]) -> dict[str, int]:
    fields = BatchDecided.model_fields
    names = {name: name for name in VOTE} | {str(fields[name].title): name for name in VOTE}
    found = {}
    for part in answers:
        name, _, value = part.partition("=")
        if name not in names:
            listed = "、".join(str(fields[item].title) for item in VOTE)
            raise BadAnswerError(f"没有“{name}”这一项，可填的有：{listed}。")
        found[names[name]] = read("integer", name, value)
    return found


def _asks(*, yes: bool, as_json: bool) -> bool:
    return sys.stdin.isatty() and not yes and not as_json


def _agree(foreseen: Together | Refused, kind: str) -> None:
    """Show what will be recorded; leave unless that is wanted."""
    if isinstance(foreseen, Refused):
        refuse(foreseen.sentence, code=REFUSED)
    if foreseen.repeated:
        return
    show(foreseen, kind)
    if not confirm("[bold]确认全部记入[/bold]（是/否，回车为是）"):
        raise SystemExit(REFUSED)


def _tell(answer: Together | Refused, kind: str, *, as_json: bool) -> None:
    if isinstance(answer, Refused):
        if as_json:
            print_json({"refused": asdict(answer)})
        refuse(answer.sentence, code=REFUSED)
    if as_json:
        print_json(as_plain(answer))
        return
    show(answer, kind)
    told = "[bold green]已全部记入台账。[/bold green]"
    if answer.foreseen:
        told = "以上为预演，没有记入；去掉 --dry-run 即记入。"
    elif answer.repeated:
        told = "此前已记过，未重复记。"
    console().print(told)
