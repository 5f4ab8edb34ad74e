"""函告: what one office tells another of a project: a report for the file, a decision."""

from dataclasses import dataclass, field
from typing import ClassVar

from notices.parts import USUAL, Basis, Contact, Imprint, Project, Reading, Step, Wording, label


@dataclass(frozen=True, slots=True)
class FilingReport:
    """备案报告: reports a project with what was decided to the office that keeps the file."""

    KIND: ClassVar[str] = "filing_report"

    imprint: Imprint
    basis: Basis
    recipient: str = field(metadata=label("备案机关"))
    project: Project
    steps: tuple[Step, ...]
    contact: Contact
    readings: tuple[Reading, ...] = ()
    wording: Wording = USUAL

    @property
    def title(self) -> tuple[str, ...]:
        """标题：its parts; a line is broken between parts only."""
        return ("关于", *self.project.titled, "备案的报告")


@dataclass(frozen=True, slots=True)
class DecisionNotice:
    """办理结果告知: tells the community what became of a project, by whom and why."""

    KIND: ClassVar[str] = "decision_notice"

    imprint: Imprint
    basis: Basis
    recipient: str = field(metadata=label("告知单位"))
    project: Project
    decision: Step
    outcome: str = field(metadata=label("办理结果"))
    reasons: tuple[str, ...] = field(metadata=label("理由"))
    contact: Contact
    following: str | None = None
    readings: tuple[Reading, ...] = ()
    wording: Wording = USUAL

    @property
    def title(self) -> tuple[str, ...]:
        """标题：its parts; a line is broken between parts only."""
        return ("关于", *self.project.titled, "办理结果的告知")
