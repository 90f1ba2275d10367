"""``battuta run --devices sunspec``: the command really crosses sockets, others may read along, a lost site is told."""

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from pymodbus.client import ModbusTcpClient

from battuta.adapters.devices.simulated.sunspec_server import METER_UNIT
from battuta.app.replay import replay


@pytest.fixture
def start(tmp_path):
    """Start the command; what it says on stderr can be read line by line."""
    started = []

    def begin(*words):
        process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "battuta",
                "run",
                "--devices",
                "sunspec",
                "--json",
                "--runs-dir",
                str(tmp_path),
                *words,
            ],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process

    yield begin
    for process in started:
        if process.poll() is None:
            process.kill()
        process.communicate()


def ports_of(process) -> list[int]:
    for line in process.stderr:
        found = re.search(r"ports ([\d, ]+) \(ports.json\)", line)
        if found:
            return [int(each) for each in found[1].split(",")]
    return pytest.fail("the command ended without saying where its sites listen")


def test_another_client_reads_along_and_the_journal_replays(start):
    process = start("--sites", "2", "--duration", "12s")
    port, other = ports_of(process)
    with ModbusTcpClient("127.0.0.1", port=port) as client:
        answer = client.read_holding_registers(40000, count=2, device_id=METER_UNIT)
        assert not answer.isError()
        assert bytes(b for word in answer.registers for b in word.to_bytes(2, "big")) == b"SunS"
    told = json.loads(process.communicate(timeout=90)[0])
    assert process.returncode == 0
    assert json.loads((Path(told["run"]) / "ports.json").read_text(encoding="utf-8")) == {"0": port, "1": other}
    lived_s = round(told["simulated_hours"] * 3600)
    assert (told["sites"], 12 <= lived_s <= 14) == (2, True), "a busy machine may see its last second late"
    assert not [each for each in told["alarms"] if each["calls_out"]]
    again = replay(Path(told["run"]))
    assert again.differences == 0
    assert 9 <= again.seconds_replayed <= 12, "a busy machine may miss a second, which is counted all the same"
    assert again.setpoints > 2 * 12 * 10


def test_a_world_that_dies_ends_in_the_safe_state_and_is_told(start):
    process = start("--sites", "1", "--duration", "12s")
    ports_of(process)
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    if not children.exists():
        pytest.skip("the kernel does not list the children of a process")
    (world,) = map(int, children.read_text(encoding="utf-8").split())
    os.kill(world, signal.SIGKILL)
    told = json.loads(process.communicate(timeout=120)[0])
    assert process.returncode == 1
    assert any(each["cause"] == "WORLD_ENDED" for each in told["alarms"])
    assert any(each["cause"].startswith("DEVICE_LOST") for each in told["alarms"])
