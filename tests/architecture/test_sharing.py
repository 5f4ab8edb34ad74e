"""Several workers share the tests: what is costly to make is made by one of them only."""

from dataclasses import dataclass, field
from types import SimpleNamespace

from tests.sharing import Sharing, company

JOURNEYS = [f"tests/journeys/test_a.py::test_{number}" for number in range(3)]
SERVED = [f"tests/deployments/test_prefect_contract.py::test_{number}" for number in range(3)]
KEPT = [f"tests/records/test_b.py::test_{number}[postgres]" for number in range(3)]
REST = [f"tests/records/test_b.py::test_{number}[sqlite]" for number in range(3)]


@dataclass(eq=False)
class Worker:
    """A worker that remembers which tests it was handed, and never gets through with them."""

    gateway: SimpleNamespace = field(default_factory=lambda: SimpleNamespace(id="a worker"))
    handed: list[int] = field(default_factory=list)
    shutting_down: bool = False

    def send_runtest_some(self, places: list[int]) -> None:
        self.handed += places


def test_tests_with_one_companion_go_to_one_worker_and_the_first_ones_first() -> None:
    tests = [*JOURNEYS, *SERVED, *KEPT, *REST]
    config = SimpleNamespace(getvalue=lambda _: ["popen", "popen"], option=SimpleNamespace())
    sharing = Sharing(config, None)
    workers = [Worker(), Worker()]
    for worker in workers:
        sharing.add_node(worker)
        sharing.add_node_collection(worker, tests)
    sharing.schedule()
    handed = [[tests[place] for place in worker.handed] for worker in workers]
    assert handed == [[*JOURNEYS, *SERVED], KEPT]


def test_tests_without_a_companion_stay_with_their_file() -> None:
    assert {company(test) for test in REST} == {"tests/records/test_b.py"}
