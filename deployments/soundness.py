"""开工前检查: refuses to start anything on a rulebook or calendar that cannot be used."""

from collections.abc import Iterator

from rulebooks import loader
from rulebooks.calendars import load_calendar
from rulebooks.loader import cities, load_rulebook
from rulebooks.model import Rulebook
from rulebooks.pages import read_page


def check_rules() -> None:
    """Read every city's rulebook with every town's rules, and the calendar.

    Raises:
        BrokenRulebookError: one cannot be used; the sentence names file, line and key.
        BrokenCalendarError: a holiday file is broken.
    """
    load_calendar()
    for city in cities():
        for _ in rulebooks_of(city):
            continue


def rulebooks_of(city: str) -> Iterator[Rulebook]:
    """A city's own rulebook, then with the rules of each town that made some.

    Raises:
        BrokenRulebookError: one cannot be used, or the city has none.
    """
    yield load_rulebook(city)
    for page in sorted((loader.CITIES / city / "towns").glob("*.yaml")):
        # Towns that share one file share one procedure: the first stands for all.
        towns = read_page(page).plain().get("applies_to") or []
        for town in towns[:1]:
            yield load_rulebook(city, None, str(town))
