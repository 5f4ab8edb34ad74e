"""卷宗一览的内容: done, now and next of one case in Markdown, for administrators in Prefect."""

from collections.abc import Sequence
from datetime import datetime

from rulebooks.policy.limits import yuan
from rulebooks.procedure.deadlines import local_day
from rulebooks.procedure.position import Done, Duty, Position, blocked_sentence
from rulebooks.procedure.state import State
from rulebooks.vocabulary.events import ACTION_LABELS
from rulebooks.vocabulary.model import Rulebook
from tasks.wording import plain

TEXT_LIMIT = 120


def paint(state: State, position: Position, now: datetime, papers: Sequence[str] = ()) -> str:
    """The page: the case, what is open until when and under which article, what was done.

    `papers` are the names of its issued files.
    """
    rulebook, facts = state.rulebook, state.facts
    lines = [
        f"## {state.number} {_cell(str(facts['title']))}",
        "",
        " · ".join(_cell(part) for part in _about(state)),
        "",
        *_now(state, position),
        "",
        *_next(position),
        "",
        *_done(position),
        "",
        *_papers(state, papers),
        f"截至{now:%Y-%m-%d %H:%M}（北京时间）。规则：{rulebook.version.label}。",
    ]
    notices = [text for text in (rulebook.version.notice, rulebook.town_notice) if text]
    return "\n".join([*lines, *(f"> {_cell(text)}" for text in notices)])


def _about(state: State) -> tuple[str, ...]:
    """A project: where, of what kind, how much; a submission: who reports what to whom, by when."""
    rulebook, facts = state.rulebook, state.facts
    if rulebook.submission is None:
        budget = f"预算{yuan(state.amounts['budget'])}"
        return (facts["town"], facts["community"], rulebook.kinds[facts["kind"]], budget)
    cut_off = datetime.fromisoformat(facts["cut_off"])
    return (
        facts["organisation"],
        f"最迟{facts['due']}报送",
        f"数据截至{cut_off:%Y-%m-%d %H:%M}",
    )


def _now(state: State, position: Position) -> list[str]:
    if not position.open:
        return [f"### 已办结：{position.outcome_label}"]
    lines = [f"### 在办：{_cell(position.waits_for)}", ""]
    blocked = blocked_sentence(state)
    if blocked:
        return [*lines, _cell(blocked)]
    if not position.duties:
        return [*lines, "现在不须人办理；公示期满后自动往下走，期间可登记意见。"]
    lines += ["| 须办 | 由谁办 | 何日前 | 依据 |", "|---|---|---|---|"]
    lines += [_duty(state.rulebook, duty) for duty in position.duties]
    return [*lines, "", f"办理：终端执行 `minsheng case act {state.number}`。"]


def _duty(rulebook: Rulebook, duty: Duty) -> str:
    actions = "、".join(ACTION_LABELS[name] for name in duty.actions)
    due = f"{duty.due:%Y-%m-%d}" if duty.due else "未定期限"
    late = " **逾期**" if duty.overdue else ""
    unsure = "（暂定）" if duty.provisional else ""
    role = rulebook.roles[duty.role].label
    return f"| {duty.label}：{actions} | {role} | {due}{unsure}{late} | {duty.article} |"


def _next(position: Position) -> list[str]:
    return [f"### 下一步：{'、'.join(position.next)}"] if position.next else []


def _done(position: Position) -> list[str]:
    if not position.done:
        return ["### 已办：尚无"]
    lines = ["### 已办", "", "| 环节 | 轮次 | 结果 | 日期 | 依据 |", "|---|---|---|---|---|"]
    return [*lines, *(_done_row(done) for done in position.done)]


def _done_row(done: Done) -> str:
    mark = "（已失效）" if done.void else "（补录）" if done.backfilled else ""
    day = local_day(done.at)
    return f"| {done.label} | {done.round} | {done.outcome_label}{mark} | {day} | {done.article} |"


def _papers(state: State, papers: Sequence[str]) -> list[str]:
    """The issued files by name, and the folder below the place's `files` that holds them."""
    if not papers:
        return []
    listed = [f"- {_cell(name)}" for name in papers]
    return [f"### 文件（notices/{state.number}/）", "", *listed, ""]


def _cell(text: str) -> str:
    return plain(text, TEXT_LIMIT).replace("|", "、")
