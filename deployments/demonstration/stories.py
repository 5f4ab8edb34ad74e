"""故事: which project of a city meets what fate, read from `stories/<city>.yaml`."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

STORIES = Path(__file__).parent / "stories"
COUNT = "{n}"


@dataclass(frozen=True, slots=True)
class Turn:
    """转折: at stage and round of a story's project, the action taken there and its own answers.

    `wait` is how many days the office lets pass before it acts.
    """

    stage: str
    action: str
    round: int = 1
    wait: int = 0
    content: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Story:
    """故事: its name, the title of its project, and its turns."""

    name: str
    title: str
    turns: tuple[Turn, ...]


@dataclass(frozen=True, slots=True)
class Script:
    """剧本: a city's stories, and what is ordinarily filled in at a stage."""

    ordinary: Mapping[str, Mapping[str, Any]]
    stories: tuple[Story, ...]


@cache
def script(city: str) -> Script:
    """The script of a city's demonstration; a city without one has no stories."""
    path = STORIES / f"{city}.yaml"
    data = YAML(typ="safe", pure=True).load(path) if path.exists() else {}
    return Script(data.get("ordinary", {}), tuple(map(_story, data.get("stories", ()))))


def stories(city: str) -> tuple[Story, ...]:
    """All stories of a city's demonstration."""
    return script(city).stories


def story_of(city: str, title: str) -> Story | None:
    """The story of the project called `title`, if it has one."""
    return next((story for story in stories(city) if story.title == title), None)


def _story(entry: Mapping[str, Any]) -> Story:
    turns = tuple(turn for told in entry["turns"] for turn in _turns(dict(told)))
    return Story(entry["name"], entry["title"], turns)


def _turns(told: dict[str, Any]) -> Iterator[Turn]:
    """The turn, as many times as it is told to be taken, each with its number put in."""
    times, content = told.pop("times", 1), told.pop("content", None)
    for number in range(1, times + 1):
        yield Turn(**told, content=content and _numbered(content, number))


def _numbered(content: Mapping[str, Any], number: int) -> dict[str, Any]:
    return {
        name: value.replace(COUNT, str(number)) if isinstance(value, str) else value
        for name, value in content.items()
    }
