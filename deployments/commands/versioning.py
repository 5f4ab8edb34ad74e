"""版本命令: what `minsheng rulebook show --on` lists, and `minsheng rulebook migrate`."""

from dataclasses import asdict
from datetime import date

from rich.console import Console
from rich.markup import escape

from deployments.commands.linting import STATUSES
from deployments.office import office
from deployments.terminal.acting import Turn, Typed, actor_of
from deployments.terminal.console import REFUSED, chinese, console, print_json, refuse
from deployments.terminal.periods import SEVERITIES
from records.acting.foresight import state_now
from records.acting.migration import Migration, Shift, foresee_migration, migrate_case
from records.acting.overview import UnknownCaseError
from records.cases.commands import Command, Door, Refused
from records.database.settings import RecordsSettings
from rulebooks.procedure.migration import ACTION
from rulebooks.reading.loader import load_rulebook
from rulebooks.reading.versions import usable_versions, version_on
from rulebooks.showing.inventory import Listed, inventory
from rulebooks.vocabulary.model import Rulebook, Version
from rulebooks.vocabulary.refusals import OWN_READING

DOOR: Door = "command_line"


def rulebook_shown(city: str, on: date | None, version: str | None, town: str | None) -> Rulebook:
    """The version named, else the one of that day, else the one that new cases use.

    Raises:
        BrokenRulebookError: it cannot be used, or the settings name one that is not there.
    """
    known = load_rulebook(city).versions
    if version is None and on is not None:
        found = next((item for item in known if item.covers(on)), None)
        if found is None:
            listed = "、".join(f"{item.id}（{lasting(item)}）" for item in known)
            refuse(f"{chinese(on)}没有施行的版本，现有：{listed}。")
        version = found.id
    if version is None:
        version = usable_versions(known, _chosen(city))[-1].id
    return load_rulebook(city, version, town)


def _chosen(city: str) -> str | None:
    return RecordsSettings().versions.get(city)


def lasting(version: Version) -> str:
    """From when to when."""
    return f"{version.since.isoformat()}至{version.until.isoformat() if version.until else '今'}"


def show_versions(out: Console, rulebook: Rulebook, on: date | None) -> None:
    """Every version with its days and standing, and which of them new cases use."""
    usual = version_on(rulebook.versions, on, _chosen(rulebook.city)) if on else None
    for version in rulebook.versions:
        mark = "▶" if version.id == rulebook.version.id else "　"
        standing = STATUSES[version.status]
        out.print(f"{mark}版本　{version.id}　{version.label}（{standing}，{lasting(version)}）")
    if usual is not None and usual.id != rulebook.version.id:
        out.print(
            f"本版依据{STATUSES[rulebook.version.status]}，设置没有选定；"
            f"当日立卷用的是{usual.label}（{usual.id}）。",
            style="yellow",
        )


def show_inventory(out: Console, rulebook: Rulebook) -> None:
    """Every ruled place, one after another: value, ground, words of the source, our reading."""
    out.print("\n[bold]逐项规定[/bold]")
    for item in inventory(rulebook):
        out.print(f"[bold cyan]{escape(item.name)}[/bold cyan]　{escape(item.value)}".rstrip("　 "))
        for line in _grounds(item):
            out.print(f"  {escape(line)}")


def _grounds(item: Listed) -> list[str]:
    status = f"（{STATUSES[item.status]}）" if item.status in STATUSES else ""
    weight = f"，{SEVERITIES[item.severity]}" if item.severity else ""
    lines = [f"{item.article or OWN_READING}{status}{weight}"]
    if item.quote:
        lines.append(f"“{item.quote}”")
    if item.explained:
        lines.append(f"我方解释 {item.reading}：{item.explained}")
    elif item.reading:
        lines.append(f"我方解释：{item.reading}")
    return lines


def inventory_mapping(rulebook: Rulebook) -> list[dict[str, str]]:
    """The same for machines."""
    return [asdict(item) for item in inventory(rulebook)]


def migrate(typed: Typed, version: str, reason: str | None, *, dry: bool, as_json: bool) -> None:
    """Moves a case to another version, or says what that would change."""
    store = office()
    try:
        state = state_now(store, typed.number)
    except UnknownCaseError as error:
        refuse(str(error))
    if dry:
        _answer(foresee_migration(store, typed.number, version), as_json=as_json)
        return
    if not reason:
        refuse("转用须写明理由，请用 --reason 写明；先看变动请加 --dry-run。")
    turn = Turn(ACTION, None, None, None)
    person = actor_of(store, state, turn, typed)
    content = {"version": version, "reason": reason}
    key = typed.key or f"{typed.number}/{ACTION}/{version}/{len(state.history)}"
    command = Command(typed.number, ACTION, None, None, content, person, None, DOOR, key)
    _answer(migrate_case(store, command), as_json=as_json)


def _answer(found: Migration | Refused, *, as_json: bool) -> None:
    if isinstance(found, Refused):
        refuse(found.sentence, code=REFUSED)
    if as_json:
        print_json(asdict(found))
        return
    out = console()
    done = "已" if found.sequence is not None else "若"
    out.print(
        f"事项{found.case}：{done}由版本{found.version_before}转用{found.version}。", soft_wrap=True
    )
    for shift in found.shifts:
        out.print(f"  {_shift_text(shift)}", soft_wrap=True, markup=False)
    out.print(f"转用后：{found.waits_for}。", markup=False)
    if found.sequence is None:
        out.print("以上为预演，没有记入；去掉 --dry-run 即转用。")


def _shift_text(shift: Shift) -> str:
    what = f"{shift.label}（{shift.duty}，{shift.role}）"
    if shift.gone:
        return f"{what}：原{_day(shift.before)}，转用后没有这一项"
    if shift.new:
        return f"{what}：转用后新增，{_day(shift.after)}"
    moved = "不变" if shift.before == shift.after else f"转用后{_day(shift.after)}"
    return f"{what}：原{_day(shift.before)}，{moved}"


def _day(day: date | None) -> str:
    return f"{chinese(day)}到期" if day else "没有期限"
