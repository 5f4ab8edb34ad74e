"""清单：每一处带出处的规定都列出；没有补充的数不印出来。"""

import pytest

from rulebooks.reading.loader import cities, load_rulebook
from rulebooks.showing.inventory import inventory


@pytest.mark.parametrize("city", cities())
def test_every_place_is_listed_once_with_its_ground_or_our_reading(city: str) -> None:
    for version in load_rulebook(city).versions:
        found = list(inventory(load_rulebook(city, version.id)))
        places = [item.place for item in found]
        assert len(set(places)) == len(places)
        assert {f"limits.{name}" for name in load_rulebook(city, version.id).limits} <= set(places)
        for item in found:
            assert item.name
            assert not item.explained or item.reading


@pytest.mark.parametrize("city", cities())
def test_every_cited_stage_is_listed_with_its_article_and_quote(city: str) -> None:
    rulebook = load_rulebook(city)
    found = {item.place: item for item in inventory(rulebook)}
    for name, stage in rulebook.stages.items():
        if stage.cites is not None:
            item = found[f"stages.{name}"]
            assert item.article.startswith(rulebook.article(stage))
            assert item.quote == (stage.quote or "")
            assert item.status or stage.article


@pytest.mark.parametrize("city", cities())
def test_a_number_nobody_supplied_is_not_printed(city: str) -> None:
    rulebook = load_rulebook(city)
    short = [name for name, stage in rulebook.stages.items() if stage.missing]
    for item in inventory(rulebook):
        section, _, rest = item.place.partition(".")
        if section == "stages" and rest.partition(".")[0] in short:
            assert not item.value or item.value.startswith("待补充")
