"""成文: the command for the records: its form, the moment it happened, what proves it."""

import mimetypes
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, time
from pathlib import Path
from typing import Any
from uuid import uuid4

from deployments.terminal.acting import CORRECT, Turn, Typed
from deployments.terminal.forms import DAY, BadAnswerError, corrected, read
from records.acting.acts import today
from records.cases.commands import Command
from records.database.store import Store
from records.files import attachments
from records.people import implementers
from rulebooks.days.working_days import BEIJING
from rulebooks.judging.demands import Field, demanded
from rulebooks.judging.recognition import RECOGNIZE
from rulebooks.procedure.state import OpenStage, State

OFFICE_HOUR = time(9)
SELECT, IMPLEMENTER = "select", "implementer"
AMOUNTS = "amounts"


def moment_of(text: str | None, opened: OpenStage | None, now: datetime) -> datetime | None:
    """发生时刻，北京时间: a day alone means office hours, not before the stage opened that day.

    Raises:
        BadAnswerError: it is neither a day nor a moment.
    """
    if text is None or not text.strip():
        return None
    found = DAY.fullmatch(text.strip())
    if found is not None:
        return _on(text, [int(part) for part in found.groups()], opened, now)
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise BadAnswerError(_unreadable(text)) from error
    return moment if moment.tzinfo else moment.replace(tzinfo=BEIJING)


def _on(text: str, parts: list[int], opened: OpenStage | None, now: datetime) -> datetime:
    try:
        day = date(*parts)
    except ValueError as error:
        raise BadAnswerError(_unreadable(text)) from error
    moment = datetime.combine(day, OFFICE_HOUR, BEIJING)
    since = opened.since.astimezone(BEIJING) if opened else moment
    earliest = max(moment, since) if since.date() == day else moment
    return min(earliest, now) if now.astimezone(BEIJING).date() == day else earliest


def _unreadable(text: str) -> str:
    return f"发生时间“{text}”读不懂，请写成 2026-03-05 或 2026-03-05T15:00。"


def kept(store: Store, paths: tuple[Path, ...], actor: str) -> tuple[str, ...]:
    """存入凭证: their digests."""
    return tuple(
        attachments.keep(
            store,
            path.read_bytes(),
            path.name,
            mimetypes.guess_type(path.name)[0] or "application/octet-stream",
            actor or None,
        )
        for path in paths
    )


def readable(text: str) -> Path:
    """凭证文件的路径.

    Raises:
        BadAnswerError: there is no such file.
    """
    path = Path(text).expanduser()
    if not path.is_file():
        raise BadAnswerError(f"没有凭证文件 {text}，请核对路径。")
    return path


def form_of(store: Store, state: State, turn: Turn, *, asks: bool) -> tuple[Field, ...]:
    """要填的各项; at a terminal the implementer is one of those that may be chosen today."""
    fields = tuple(demanded(state, turn.opened, turn.action))
    if turn.action != SELECT or not asks:
        return fields
    able = _able(store, str(state.facts["town"]))
    return tuple(
        replace(field, kind="choice", choices=able) if field.name == IMPLEMENTER and able else field
        for field in fields
    )


def _able(store: Store, town: str) -> dict[str, str]:
    """The town's implementers that are registered today and not suspended: number to name."""
    day = today(store)
    with store.glance() as connection:
        return {
            item.id: item.name
            for item in implementers.on_day(connection, town, day)
            if (known := implementers.find(connection, item.id, day)) and known.active
        }


def content_of(store: Store, state: State, turn: Turn, filled: dict[str, Any]) -> dict[str, Any]:
    """The filled form as the records take it.

    An implementer may be given by name; a correction's parts get the kinds they correct.
    """
    if turn.action == SELECT and IMPLEMENTER in filled:
        with store.glance() as connection:
            town, name = str(state.facts["town"]), filled[IMPLEMENTER]
            found = implementers.by_name(connection, town, name)
        return {**filled, IMPLEMENTER: found or name}
    if turn.action == CORRECT and "content" in filled:
        sequence = filled.get("sequence", 0)
        return {**filled, "content": corrected(state, sequence, filled["content"])}
    if turn.action == RECOGNIZE and AMOUNTS in filled:
        return {**filled, AMOUNTS: _amounts(turn, filled[AMOUNTS])}
    return filled


def _amounts(turn: Turn, typed: Mapping[str, str]) -> dict[str, Any]:
    """逐项的金额: typed in 元, kept in 分."""
    return {name: read("amount", f"{turn.label}：{name}", text) for name, text in typed.items()}


def command_of(typed: Typed, turn: Turn, actor: str, content: dict[str, Any]) -> Command:
    """办理的请求, without moment and evidence."""
    return Command(
        case=typed.number,
        action=turn.action,
        stage=turn.stage,
        round=turn.round,
        content=content,
        actor=actor,
        occurred_at=None,
        door="command_line",
        key=typed.key or f"command_line/{uuid4()}",
    )
