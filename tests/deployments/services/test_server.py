"""The local server keeps to its own folder and is found again by its process."""

import json
import os
from pathlib import Path

import pytest

from deployments.services import server


def test_a_process_is_told_of_the_local_server_and_of_no_other_folder(tmp_path: Path) -> None:
    told = server.environment(tmp_path, "http://127.0.0.1:4999/api")
    assert told["PREFECT_HOME"] == str(tmp_path)
    assert told["PREFECT_PROFILES_PATH"].startswith(str(tmp_path))
    assert told["PREFECT_API_URL"] == "http://127.0.0.1:4999/api"
    assert told["DO_NOT_TRACK"] == "1"


def test_a_reused_process_number_is_not_taken_for_the_server(tmp_path: Path) -> None:
    note = {"pid": os.getpid(), "born": "another time", "url": "http://127.0.0.1:1/api"}
    (tmp_path / "server.json").write_text(json.dumps(note))
    assert server.address(tmp_path) is None
    server.stop(tmp_path)
    assert not (tmp_path / "server.json").exists()


def test_a_worker_without_a_server_is_refused_with_the_next_step(tmp_path: Path) -> None:
    with pytest.raises(server.ServerError, match="请先启动服务"):
        server.start_worker(tmp_path, "minsheng", {})


def test_a_server_that_cannot_start_is_refused_with_the_log_to_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.executable", "/bin/false")
    with pytest.raises(server.ServerError, match=r"server\.log"):
        server.start(tmp_path)
    assert server.address(tmp_path) is None


@pytest.mark.prefect
def test_starting_a_running_server_again_returns_the_same_address(prefect_home: Path) -> None:
    assert server.start(prefect_home) == server.address(prefect_home)
