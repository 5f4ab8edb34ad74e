"""故事: which project of the demonstration meets what fate, read from `stories.yaml`."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

HERE = Path(__file__).parent


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


@cache
def stories() -> tuple[Story, ...]:
    """All stories of the demonstration."""
    data = YAML(typ="safe", pure=True).load(HERE / "stories.yaml")
    return tuple(
        Story(entry["name"], entry["title"], tuple(Turn(**turn) for turn in entry["turns"]))
        for entry in data
    )


def story_of(title: str) -> Story | None:
    """The story of the project called `title`, if it has one."""
    return next((story for story in stories() if story.title == title), None)
