"""开工前检查: refuses to start anything on a rulebook or calendar that cannot be used."""

from collections.abc import Iterator

from notices.documents import DOCUMENTS
from notices.project_forms import FORMS
from records.database.settings import RecordsSettings
from rulebooks.days.calendars import load_calendar
from rulebooks.reading import loader
from rulebooks.reading.loader import cities, load_rulebook
from rulebooks.reading.pages import BrokenRulebookError, read_page
from rulebooks.reading.versions import usable_versions
from rulebooks.vocabulary.model import Rulebook
from rulebooks.vocabulary.submissions import DRAFT
from tasks.elements import FACT_OF
from tasks.papers import RESULTS
from tasks.reporting.claim_papers import PAPERS
from tasks.reporting.sheets import CHARTS, TABLES


def check_rules() -> None:
    """Read every city's rulebook with every town's rules, and the calendar.

    Raises:
        BrokenRulebookError: one cannot be used, names a document that cannot be made, or the
            settings choose a version that is not there; the sentence names file and key.
        BrokenCalendarError: a holiday file is broken.
    """
    load_calendar()
    # What the settings choose must be there.
    for city, version in RecordsSettings().versions.items():
        usable_versions(load_rulebook(city).versions, version)
    for city in cities():
        for rulebook in rulebooks_of(city):
            check_documents(rulebook)


def check_documents(rulebook: Rulebook) -> None:
    """Every document the rulebook names can be made, and shows every field it is to show.

    Raises:
        BrokenRulebookError: one has no template, or a publicity is to show what no document
            prints; the sentence names those there are.
    """
    forms = (form for name in rulebook.submissions for form in (name, name + DRAFT))
    known = {*DOCUMENTS, *FORMS, *forms, *PAPERS}
    unknown = [name for name in rulebook.documents if name not in known]
    if unknown:
        raise BrokenRulebookError(
            f"规则手册 {rulebook.city}/rulebook.yaml：documents 中的“{unknown[0]}”没有公文模板，"
            f"可用的有：{'、'.join((*DOCUMENTS, *FORMS))}；要新的文种，请先在 notices/ 加模板。"
        )
    for name, submission in rulebook.submissions.items():
        for key, named, able in (
            ("tables", submission.tables, TABLES),
            ("charts", submission.charts, CHARTS),
        ):
            absent = [item for item in named if item not in able]
            if absent:
                raise BrokenRulebookError(
                    f"规则手册 {rulebook.city}/submissions.yaml：“{name}”的 {key} 中的"
                    f"“{absent[0]}”编不出，可用的有：{'、'.join(able)}。"
                )
    printed = {**dict.fromkeys((*FACT_OF, *sorted(RESULTS))), **rulebook.facts}
    for name, stage in rulebook.stages.items():
        lost = [field for field in stage.fields if field not in printed]
        if lost:
            raise BrokenRulebookError(
                f"规则手册 {rulebook.city}：环节“{stage.label}”（{name}）的 fields 中的"
                f"“{lost[0]}”印不到公示上，可用的有：{'、'.join(printed)}。"
            )


def rulebooks_of(city: str) -> Iterator[Rulebook]:
    """A city's own rulebook, every version, each also with the rules of every town that made some.

    Raises:
        BrokenRulebookError: one cannot be used, or the city has none.
    """
    towns = list(_towns(city))
    for version in load_rulebook(city).versions:
        yield load_rulebook(city, version.id)
        for town in towns:
            yield load_rulebook(city, version.id, town)


def _towns(city: str) -> Iterator[str]:
    for page in sorted((loader.CITIES / city / "towns").glob("*.yaml")):
        # Towns that share one file share one procedure: the first stands for all.
        for town in (read_page(page).plain().get("applies_to") or [])[:1]:
            yield str(town)
