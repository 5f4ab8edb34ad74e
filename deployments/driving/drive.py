"""驱动进程: `python -m deployments.driving.drive` lets time pass and wakes the flows.

Started by `minsheng up` and `minsheng demo` with the environment of their place.
"""

import logging
import os
from pathlib import Path
from typing import Literal

from deployments.driving.driver import Driver, Pace, run
from records.acting.ticks import tick
from records.database.store import open_store
from tasks.desk import use
from tasks.office import OfficeDesk

HEARTBEAT = "MINSHENG_HEARTBEAT"
POLL = "MINSHENG_DRIVER_POLL"
BY = "MINSHENG_DRIVE_BY"
FORMAT = "%(asctime)s %(levelname)s %(name)s %(message)s"


def main() -> None:
    """Drive the cases of the records that the environment names, until told to stop."""
    logging.basicConfig(level=logging.INFO, format=FORMAT, force=True)
    # Each request and each state change would be a line; faults still are.
    for noisy in ("httpx", "prefect", "weasyprint", "fontTools"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    store = open_store()
    desk = OfficeDesk(store)
    use(desk)
    pace = Pace(poll=float(os.environ.get(POLL, "0.5")))
    by: Literal["driver", "pool"] = "pool" if os.environ.get(BY) == "pool" else "driver"
    heartbeat = Path(os.environ.get(HEARTBEAT, ".minsheng/driver.beat"))
    run(Driver(desk, lambda: tick(store), store.machine.now, heartbeat, by=by, pace=pace))


if __name__ == "__main__":
    main()
