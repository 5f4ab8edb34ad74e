"""A city whose second version differs in deadlines, publicity and stages, for tests only."""

import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from rulebooks.reading import loader
from tests.rulebooks.lives import CITY

NEWER, OLDER = "2023", "2020-draft"
PAGE = f"versions/{NEWER}.yaml"
# Longer to deliberate, shorter to publicize.
OTHER_PERIODS = """
stages:
  deliberate: {within: {count: 5}}
  publicize_project: {lasts: {count: 1}}
clocks:
  review_and_approval: {count: 20}
"""
# Stages that cannot be joined to what was done before.
OTHER_WAYS: Mapping[str, str] = {
    "a stage is gone": """
stages:
  amend: null
  approve: {then: {return: null}}
clocks:
  review_and_approval: {covers: [review, consult_department, approve]}
""",
    "a stage is put between": """
stages:
  approve: {then: {approve: second_look}}
  second_look:
    label: 复核
    waits: 待复核
    kind: decide
    by: {role: town_leader}
    then: {approve: publicize_project}
""",
    "a channel is gone": """
stages:
  publicize_project: {channels: [prominent_place]}
""",
    "a category is gone": """
categories: {resident_care: null}
""",
    "a source is gone": """
suggestion_sources: {delegates: null}
""",
    "a channel is new": """
stages:
  publicize_project: {channels: [prominent_place, electronic_media, service_platform]}
terms: {service_platform: 服务平台}
""",
    "a yes or no decides": """
facts:
  night: {label: 是否夜间施工, kind: boolean}
stages:
  select_implementer:
    then:
      selected:
        to: null
        choose: [{when: {night: false}, to: contract, reading: 试}, {to: archive}]
""",
    "a fact is required": """
facts:
  households: {label: 受益户数, kind: integer, required: true}
""",
    "a passed stage records a fact": """
facts:
  households: {label: 受益户数, kind: integer, required: true}
stages:
  collect: {records: [households]}
""",
}


def with_version(folder: Path, page: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Reads the city from a copy whose second version is this page."""
    copy = Path(shutil.copytree(loader.CITIES / CITY, folder / CITY))
    (copy / PAGE).write_text(page, encoding="utf-8")
    monkeypatch.setattr(loader, "CITIES", folder)
    loader.forget_rulebooks()
    yield
    loader.forget_rulebooks()
