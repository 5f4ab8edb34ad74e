"""规则手册体检: `minsheng rulebook lint|coverage`: what is missing or wrong in a rulebook."""

from dataclasses import asdict

from rich.console import Console

from deployments.soundness import check_documents
from deployments.terminal.console import REFUSED, console, print_json, refuse
from deployments.terminal.lines import lean_table, named, say
from rulebooks.lint import Finding, lint_city
from rulebooks.lint.findings import GROUPS
from rulebooks.reading import loader
from rulebooks.showing.citations import flaws
from rulebooks.vocabulary.articles import Article, BrokenArticlesError, articles, sources

VERDICTS = {
    "encoded": "已编入",
    "duty_of_people": "由人办理",
    "not_applicable": "不适用",
    "unclear": "不明确，附我方解释",
    "untranslatable": "无法编入",
}
STATUSES = {
    "draft": "征求意见稿",
    "unverified": "未经核实的转载稿",
    "explainer": "政策解读",
    "press": "报道",
    "in_force": "正式",
    "example": "示例",
}
STYLES = {"missing": "yellow", "refused": "red", "fault": "red", "source": "cyan"}


def lint(city: str | None, *, as_json: bool) -> None:
    """List what a rulebook lacks and gets wrong, then what its source itself leaves open."""
    names = (city,) if city else _folders()
    for name in names:
        if not (loader.CITIES / name).is_dir():
            refuse(f"没有城市“{name}”的目录，现有：{'、'.join(_folders())}。")
    found = {name: _findings(name) for name in names}
    if as_json:
        print_json({name: [_as_mapping(item) for item in items] for name, items in found.items()})
    else:
        for name, items in found.items():
            _show(console(), name, items)
    if any(item.group != "source" for items in found.values() for item in items):
        raise SystemExit(REFUSED)


def _findings(city: str) -> list[Finding]:
    """The lint's findings, and a document that has no template, which only the notices know."""
    found = lint_city(city)
    if any(item.group in ("missing", "refused") for item in found):
        return found
    try:
        check_documents(loader.load_rulebook(city))
    except loader.BrokenRulebookError as error:
        place = f"{city}/rulebook.yaml documents"
        question = "这份公文可以用现有的哪一种代替？"
        return [Finding("refused", "refused", place, "", str(error), question), *found]
    return found


def _folders() -> tuple[str, ...]:
    """Every city that has been begun, also those without a rulebook.yaml yet."""
    return tuple(sorted(path.name for path in loader.CITIES.iterdir() if path.is_dir()))


def _as_mapping(finding: Finding) -> dict[str, str]:
    return {**asdict(finding), "label": finding.label}


def _show(out: Console, name: str, items: list[Finding]) -> None:
    counts = {group: sum(item.group == group for item in items) for group in GROUPS}
    summary = "，".join(f"{GROUPS[group]}{count}处" for group, count in counts.items() if count)
    out.print(f"[bold]{name}[/bold]　{summary or '没有发现毛病。'}")
    for group, title in GROUPS.items():
        listed = [item for item in items if item.group == group]
        if listed:
            out.print(f"\n{title}", style="bold")
        for number, item in enumerate(listed, 1):
            say(out, f"{number}. {item.says}", style=STYLES[group], hang=3)
            rule = f"　条款 {item.rule}" if item.rule else ""
            say(out, f"{item.label}　{item.place}{rule}", indent=3, style="dim")
            named(out, "问", item.question, indent=3)
            if item.reading:
                named(out, "答复之前按", item.reading, indent=3)


def show_coverage(city: str | None, *, as_json: bool) -> None:
    """List every rule with its verdict, source and law case; check the quotes."""
    names = (city,) if city else loader.cities()
    for name in names:
        if name not in loader.cities():
            refuse(f"没有城市“{name}”的规则手册，现有：{'、'.join(loader.cities())}。")
    try:
        found = {name: articles(name) for name in names}
        faults = [flaw for name in names for flaw in flaws(name)]
    except BrokenArticlesError as error:
        refuse(str(error))
    if as_json:
        print_json({name: _rows_as_mapping(entries) for name, entries in found.items()})
    else:
        for name, entries in found.items():
            _show_coverage(console(), name, entries)
        console().print(f"共{sum(map(len, found.values()))}条，{len(found)}市（镇、区）。")
    if faults:
        refuse("\n".join(faults), code=REFUSED)


def _rows_as_mapping(entries: dict[str, Article]) -> dict[str, dict[str, object]]:
    known = sources()
    return {
        rule: {
            "article": entry.article,
            "verdict": entry.verdict,
            "source": entry.source,
            "status": known[entry.source].status,
            "case": list(entry.case),
        }
        for rule, entry in entries.items()
    }


def _show_coverage(out: Console, name: str, entries: dict[str, Article]) -> None:
    counts = dict.fromkeys(VERDICTS, 0)
    for entry in entries.values():
        counts[entry.verdict] += 1
    summary = "，".join(f"{VERDICTS[verdict]}{count}" for verdict, count in counts.items() if count)
    out.print(f"[bold]{name}：{len(entries)}条[/bold]　{summary}")
    known = sources()
    for source in dict.fromkeys(entry.source for entry in entries.values()):
        title, status = known[source].title, STATUSES[known[source].status]
        count = sum(entry.source == source for entry in entries.values())
        out.print(f"来源　{title}（{status}）{count}条", markup=False)
    table = lean_table("编号", "条款", "性质", "判定", "要求")
    for rule, entry in entries.items():
        status = STATUSES[known[entry.source].status]
        table.add_row(rule, entry.article, status, VERDICTS[entry.verdict], entry.says)
    out.print(table, markup=False)
