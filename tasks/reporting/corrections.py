"""报送更正: figures of earlier reports that are no longer what was sent, broken down as they were.

Each change is told once: in the first report of the same office and duty that closed after it was
recorded. What falls between a report's cut-off and the end of its period is told the same way.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from notices.measures import gathered
from records.reporting.late_facts import late_facts
from records.reporting.reported import Window, windows_before
from schemas.measures import MEASURES
from tasks.reporting.subject import Subject

Line = dict[str, Any]
Lines = Sequence[Mapping[str, Any]]


def corrected(subject: Subject, key: str) -> list[Line]:
    """更正的各行: one for each figure of each place (`key`: town, community, category)."""
    windows = windows_before(subject.store, subject.state.number)
    return [line for window in windows for line in _of_period(subject, window, key)]


def _of_period(subject: Subject, window: Window, key: str) -> Iterator[Line]:
    city = subject.rulebook.city
    late = late_facts(subject.store, city, window.period, window.since, subject.cut_off)
    rows = [subject.named(row) for row in subject.area.among(late).to_dicts()]
    if not rows:
        return
    old, new = (
        {line[key]: line for line in gathered(subject.figures_of(window.period, moment), (key,))}
        for moment in (window.since, subject.cut_off)
    )
    for (measure, place), causes in _causes(rows, key).items():
        before, after = (lines.get(place, {}).get(measure, 0) for lines in (old, new))
        # Late facts that cancel each other out within one line leave it as it was sent.
        if before != after:
            yield {
                "place": place,
                "item": f"{window.period.words}{MEASURES[measure].label}",
                "kind": "money_yuan" if MEASURES[measure].unit == "fen" else "count",
                "old": before,
                "new": after,
                "cause": f"{'；'.join(causes)}。",
            }


def _causes(rows: Lines, key: str) -> dict[tuple[str, str], list[str]]:
    """每个数的原因: in the order of the figures, each entry of the journal once."""
    found: dict[tuple[str, str], list[str]] = {}
    for row in rows:
        said = f"{row['case']} {row['title']}：{row['cause'].removesuffix('。')}"
        causes = found.setdefault((row["measure"], row[key]), [])
        if said not in causes:
            causes.append(said)
    return found
