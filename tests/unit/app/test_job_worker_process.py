"""A worker is a process of its own, and known to live by its lock."""

import os

import pytest

from battuta.app.folder_lock import holder, taken
from battuta.app.job_worker_process import LOG, WORKER_LOCK, start_worker, worker_command
from battuta.domain.errors import StorageError
from unit.app.job_case import until


def test_a_worker_lives_in_a_session_of_its_own_until_it_is_gone(tmp_path):
    (tmp_path / "a1").mkdir()
    start_worker(tmp_path, "a1", 1)  # there is no such job: it says so and ends
    lock = tmp_path / "a1" / WORKER_LOCK
    pid = holder(lock)
    assert os.getsid(pid) == pid != os.getsid(0)
    until(lambda: holder(lock) is None)
    assert "E100" in (tmp_path / "a1" / LOG).read_text()


def test_none_is_started_beside_one_that_lives(tmp_path, monkeypatch):
    monkeypatch.setattr("battuta.app.job_worker_process._EXIT_WAIT_S", 0.1)
    (tmp_path / "a1").mkdir()
    with taken(tmp_path / "a1" / WORKER_LOCK, 1.0), pytest.raises(StorageError, match=f"held by process {os.getpid()}"):
        start_worker(tmp_path, "a1", 1)
    assert not (tmp_path / "a1" / LOG).exists()


def test_a_worker_whose_log_cannot_be_written_is_not_started(tmp_path):
    (tmp_path / "a1" / LOG).mkdir(parents=True)
    with pytest.raises(StorageError, match="Is a directory"):
        start_worker(tmp_path, "a1", 1)
    assert holder(tmp_path / "a1" / WORKER_LOCK) is None


def test_the_command_is_one_of_battuta(tmp_path):
    assert worker_command(tmp_path, "a1", 2)[1:] == [
        "-m", "battuta", "jobs", "work", "a1", "--attempt", "2", "--jobs-dir", str(tmp_path)
    ]  # fmt: skip
