"""A lock is held by one, and by nobody who is gone."""

import os
import signal
import subprocess
import sys
import time

import pytest

from battuta.app.folder_lock import folder_lock, holder, sign, taken
from battuta.domain.errors import StorageError, UsageError
from unit.app.job_case import until

HOLD = "import sys, time; from pathlib import Path; from battuta.app.folder_lock import folder_lock\n"
HOLD += "with folder_lock(Path(sys.argv[1])): print('held', flush=True); time.sleep(60)"


def test_a_lock_says_who_holds_it_and_lets_nobody_else_in(tmp_path):
    path = tmp_path / "lock"
    assert holder(path) is None
    with folder_lock(path):
        assert holder(path) == os.getpid()
        began = time.monotonic()
        with (
            pytest.raises(StorageError, match=rf"held by process {os.getpid()} 20.*0\.1 s were waited"),
            folder_lock(path, 0.1),
        ):
            pass
        assert time.monotonic() - began >= 0.1
    assert holder(path) is None
    with folder_lock(path):
        pass


def test_a_process_that_is_killed_gives_its_lock_back(tmp_path):
    path = tmp_path / "lock"
    with subprocess.Popen([sys.executable, "-c", HOLD, str(path)], stdout=subprocess.PIPE) as process:
        assert process.stdout.readline() == b"held\n"
        assert holder(path) == process.pid
        process.send_signal(signal.SIGKILL)
    assert holder(path) is None
    with folder_lock(path, 1.0):
        assert holder(path) == os.getpid()


def test_a_process_that_is_started_may_hold_on_to_a_lock(tmp_path):
    path = tmp_path / "lock"
    with taken(path, 1.0) as lock:
        process = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE, pass_fds=(lock,))
        sign(lock, process.pid)
    with process:
        assert holder(path) == process.pid
        process.kill()
    until(lambda: holder(path) is None)


def test_a_place_where_there_can_be_no_lock_is_named(tmp_path):
    with (
        pytest.raises(StorageError, match="No such file or directory; jobs need a folder"),
        folder_lock(tmp_path / "no" / "lock"),
    ):
        pass
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match="Not a directory"):
        holder(tmp_path / "file" / "lock")


def test_a_system_without_such_locks_says_so(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "fcntl", None)
    with pytest.raises(UsageError, match="without --job"), folder_lock(tmp_path / "lock"):
        pass
