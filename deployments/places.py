"""运行场所: where one installation keeps its records, documents and Prefect, and which is in use.

There are two under the project's own folder: `office` (正式运行) and `demo` (演示). A marker file
names the one in use, so that every command looks at the same records as the running server.
"""

import json
import os
from dataclasses import dataclass
from pathlib import Path

from deployments.defaults import demonstrated_versions

HOME = "MINSHENG_HOME"
RECORDS_URL = "MINSHENG_RECORDS_URL"
FILES = "MINSHENG_FILES"
DESK = "MINSHENG_DESK"
HEARTBEAT = "MINSHENG_HEARTBEAT"
VERSIONS = "MINSHENG_VERSIONS"
PROJECT = Path(__file__).resolve().parent.parent
OFFICE = "office"
DEMO = "demo"


@dataclass(frozen=True, slots=True)
class Place:
    """运行场所: one folder with everything in it."""

    name: str
    folder: Path

    @property
    def prefect(self) -> Path:
        """Prefect's own folder."""
        return self.folder / "prefect"

    @property
    def files(self) -> Path:
        """Attachments and issued documents."""
        return self.folder / "files"

    @property
    def inbox(self) -> Path:
        """Workbooks that towns have sent."""
        return self.folder / "inbox"

    @property
    def heartbeat(self) -> Path:
        """The file by which the driver shows that it lives."""
        return self.folder / "driver.beat"

    def environment(self) -> dict[str, str]:
        """What a process needs to know to work in this place; given settings stay."""
        records = f"sqlite:///{(self.folder / 'records.sqlite').absolute()}"
        return {
            RECORDS_URL: os.environ.get(RECORDS_URL, records),
            FILES: os.environ.get(FILES, str(self.files.absolute())),
            DESK: "tasks.office:open_desk",
            HEARTBEAT: str(self.heartbeat.absolute()),
            **self._choices(),
        }

    def _choices(self) -> dict[str, str]:
        """The versions of the rulebooks; the demonstration chooses its own where none are given."""
        if self.name != DEMO or VERSIONS in os.environ:
            return {}
        return {VERSIONS: json.dumps(demonstrated_versions())}

    def enter(self) -> None:
        """Make this process work in this place."""
        self.folder.mkdir(parents=True, exist_ok=True)
        os.environ.update(self.environment())

    def mark(self) -> None:
        """Make this the place in use."""
        home().mkdir(parents=True, exist_ok=True)
        (home() / "current").write_text(self.name, encoding="utf-8")


def home() -> Path:
    """The folder of all places: in the project's own, unless the environment names another.

    Not in the folder where the command is typed: from another one, the same records are meant.
    """
    return Path(os.environ.get(HOME) or PROJECT / ".minsheng")


def place(name: str) -> Place:
    """The place called `name`."""
    return Place(name, home() / name)


def current() -> Place:
    """The place in use; the office where none was ever marked."""
    marker = home() / "current"
    name = marker.read_text(encoding="utf-8").strip() if marker.exists() else OFFICE
    return place(name if name in (OFFICE, DEMO) else OFFICE)
