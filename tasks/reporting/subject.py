"""报送的对象: one submission, its office and area, and the figures as known at its cut-off."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any

from notices.measures import Figures
from notices.plain_text import full_width
from records.database.store import Store
from records.people import organisations
from records.people.areas import Area, area_of
from records.people.organisations import Organisation, person_name
from records.reporting.figures import drill, figures
from records.reporting.hindsight import states_as_of
from rulebooks.policy.duties import MONTHS_A_YEAR, Period
from rulebooks.procedure.position import Position, look
from rulebooks.procedure.state import State
from rulebooks.vocabulary.model import Duty, Rulebook, Submission
from schemas.measures import CELL, MEASURES

TOWN, COMMUNITY = "town", "community"


@dataclass(frozen=True)
class Subject:
    """报送的对象: the submission and what it reports on, read once.

    Figures and states are as known before `cut_off`. `told` is what the registers of offices and
    people answered, by question, as JSON: kept with the document, it makes the same one again
    whatever has been renamed since.
    """

    store: Store
    state: State
    told: dict[str, Any] = field(default_factory=dict)

    @property
    def rulebook(self) -> Rulebook:
        """The rulebook that the submission follows."""
        return self.state.rulebook

    @property
    def name(self) -> str:
        """The duty's name in the rulebook."""
        return str(self.rulebook.submission)

    @property
    def duty(self) -> Duty:
        """The duty that the submission fulfils."""
        return self.rulebook.duties[self.name]

    @property
    def submission(self) -> Submission:
        """How the submission is handled, and its tables and charts."""
        return self.rulebook.submissions[self.name]

    @property
    def period(self) -> Period:
        """The period reported on."""
        first, last = (date.fromisoformat(self.state.facts[key]) for key in ("first", "last"))
        return Period(first, last)

    @property
    def yearly(self) -> bool:
        """Whether the period is the year itself, so that 本年 and 本期 are the same."""
        return self.period.months == MONTHS_A_YEAR

    @property
    def cut_off(self) -> datetime:
        """The moment before which something must have been recorded to count."""
        return datetime.fromisoformat(self.state.facts["cut_off"])

    @cached_property
    def chain(self) -> tuple[Organisation, ...]:
        """The reporting office and those above it."""

        def find(connection: Any) -> list[dict[str, Any]]:
            place = organisations.place_of(connection, self.state.number)
            return [asdict(office) for office in organisations.chain_of(connection, place)]

        return tuple(Organisation(**office) for office in self._ask("chain", find))

    @property
    def office(self) -> Organisation:
        """The reporting office."""
        return self.chain[0]

    @property
    def reporter(self) -> str:
        """The reporting office's name; a bureau's own where a bureau of it reports."""
        return str(self.state.facts["organisation"])

    @cached_property
    def area(self) -> Area:
        """Everything below the office."""

        def find(connection: Any) -> dict[str, Any]:
            area = area_of(connection, self.office, tuple(self.rulebook.levels))
            return {**asdict(area), "places": sorted(area.places)}

        told = self._ask("area", find)
        places = frozenset((town, community) for town, community in told["places"])
        return Area(told["everything"], tuple(told["towns"]), places)

    @cached_property
    def figures(self) -> list[dict[str, Any]]:
        """The cells of the office's own area, with kinds and categories by their names."""
        return self.figures_of(self.period, self.cut_off)

    @cached_property
    def figures_of_every_town(self) -> Sequence[Figures]:
        """The cells, and a line of nothing for every registered town without a project."""
        here = {row[TOWN] for row in self.figures}
        nothing = {**dict.fromkeys(CELL, ""), **dict.fromkeys(MEASURES, 0)}
        empty = ({**nothing, TOWN: name} for name in self.area.towns if name not in here)
        return sorted([*self.figures, *empty], key=lambda row: str(row[TOWN]))

    def figures_of(self, period: Period, as_of: datetime) -> list[dict[str, Any]]:
        """The cells of any period as known at any moment."""
        found = figures(self.store, self.rulebook.city, period, as_of)
        return [self.named(row) for row in self.area.among(found).to_dicts()]

    def rows(self, measure: str) -> list[dict[str, Any]]:
        """What one figure is made of, row by row."""
        city = self.rulebook.city
        found = drill(self.store, city, self.period, self.cut_off, measure)
        return self.area.among(found).to_dicts()

    def states(self, measure: str) -> Iterator[State]:
        """The projects behind one figure, each as it was known at the cut-off."""
        numbers = dict.fromkeys(row["case"] for row in self.rows(measure))
        return states_as_of(self.store, numbers, self.cut_off)

    def position(self, state: State) -> Position:
        """Where a project stood at the cut-off."""
        return look(state, self.store.calendar, self.cut_off)

    def who(self, stage: str) -> str:
        """Who decided a stage of the submission last; blank before anybody did."""
        result = self.state.result_of(stage)
        actor = self.state.history[result.sequence - 1].actor if result else None
        if actor is None:
            return ""
        name = self._ask(f"person/{actor}", lambda connection: person_name(connection, actor))
        return str(name or "")

    def offices_of(self, number: str) -> Mapping[str, str]:
        """The names of the offices above a project, by level."""

        def find(connection: Any) -> dict[str, str]:
            place = organisations.place_of(connection, number)
            above = organisations.offices(connection, place)
            return {level: office.name for level, office in above.items()}

        named: Mapping[str, str] = self._ask(f"offices/{number}", find)
        return named

    def _ask(self, question: str, find: Callable[[Any], Any]) -> Any:
        """What the registers say; asked again it is what was told the first time."""
        if question not in self.told:
            with self.store.glance() as connection:
                self.told[question] = find(connection)
        return self.told[question]

    def named(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """A line with its kind and category by their names."""
        book = self.rulebook
        kind, category = row["kind"], row["category"]
        named = {
            "kind": full_width(book.kinds.get(kind, kind)),
            "category": full_width(book.categories.get(category, category)),
        }
        return {**row, **named}
