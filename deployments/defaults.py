"""缺省: what a command takes when nothing was said; kept as data beside it."""

from functools import cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

DEFAULTS = Path(__file__).with_name("defaults.yaml")


@cache
def default_city() -> str:
    """The city that commands mean when none is named."""
    return str(_defaults()["city"])


def demonstrated_versions() -> dict[str, str]:
    """The versions of the rulebooks that the demonstration's settings choose, by city."""
    return {
        str(city): str(version) for city, version in _defaults()["demonstrated_versions"].items()
    }


def _defaults() -> dict[str, Any]:
    return dict(YAML(typ="safe", pure=True).load(DEFAULTS))
