"""How long a day of 200,000 cells takes from files to findings, and how much memory and disk.

`python benchmarks/health_scale.py --json` writes a SYNTHETIC record to a temporary folder, scans its last day as
`battuta health scan --state` does, and prints one object; it ends with 1 where a goal is not met. 834 strings of 240
cells have a row a minute. One string of a foreign fleet (`battuta.world.foreign`) is lived for some weeks; the others
are that string under other names with noise of their own of a millivolt on the last day, which costs a scan as much as
strings of their own. The state of the weeks before is likewise that of one string, so that filter and decisions do all
they do on any day; reading and writing it is in the figure.
"""

from __future__ import annotations

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # the strings run side by side

import json
import subprocess
import sys
import tempfile
from argparse import Namespace
from dataclasses import replace
from pathlib import Path
from time import perf_counter

import numpy as np
from figures import Figure, answer, questions, say

from battuta.adapters.telemetry.parquet import write_block
from battuta.adapters.telemetry.scan_states import StateFile
from battuta.health.scan_state import save_state
from battuta.health.string_scan import settings_hash
from battuta.physics.cell_parameters import cell_parameters
from battuta.studies.string_watch import ScanSettings, StringWatch
from battuta.world.foreign.foreign_fleet import FleetPlan, StringLife

N_STRINGS, N_CELLS, WEEKS = 834, 240, 5
SEED = 2000
GOAL_S, GOAL_RSS_BYTES = 30.0, 2e9
CELL = "lfp_314ah"
CHILD = """
import json, resource, sys
from pathlib import Path
from time import perf_counter
started = perf_counter()
from battuta.app.health_scan import open_stated, scan_with_state
folder, state = map(Path, sys.argv[1:])
timed = scan_with_state(lambda seen: open_stated(folder, seen_ns=seen).source, state)
used = resource.getrusage(resource.RUSAGE_SELF)
rss = used.ru_maxrss * 1024
refused = sum(bool(each.refused) for each in timed.scan.strings) + len(timed.scan.refused)
days = sorted({each.n_days for each in timed.scan.strings})
print(json.dumps({
    "seconds": perf_counter() - started, "cpu": used.ru_utime + used.ru_stime, "rss": rss,
    "cells": timed.scan.n_cells, "refused": refused,
    "days": days, "findings": len(timed.scan.findings), "left_out": sum(each.n_left_out for each in timed.scan.strings),
}))
"""


def main(asked: Namespace) -> int:
    """Write the record, scan it in a process of its own, and say what it took."""
    with tempfile.TemporaryDirectory() as place:
        folder, state = Path(place) / "day", Path(place) / "state.npz"
        started = perf_counter()
        n_samples = write_record(folder, state, asked.strings, asked.weeks, is_compact=not asked.lists)
        say(f"a SYNTHETIC day of {asked.strings} strings in {perf_counter() - started:.0f} s")
        n_bytes = sum(each.stat().st_size for each in folder.rglob("*.parquet"))
        n_bytes_state = state.stat().st_size
        first = scanned(folder, state)
    if first["refused"] or first["left_out"]:
        say(f"{first['refused']} strings were refused, {first['left_out']} rows left out: the figures are of no use")
        return 1
    whole = asked.strings == N_STRINGS
    seconds = float(first["seconds"])
    figures = [
        Figure(name="scan_of_a_day", value=round(seconds, 2), unit="s", goal=GOAL_S if whole else None),
        Figure(name="processor_time", value=round(float(first["cpu"]), 2), unit="s"),
        Figure(name="peak_rss", value=first["rss"], unit="B", goal=GOAL_RSS_BYTES),
        Figure(name="cells", value=first["cells"], unit="-"),
        Figure(name="samples_per_second", value=round(n_samples / seconds), unit="1/s"),
        Figure(name="record", value=n_bytes, unit="B"),
        Figure(name="record_per_sample", value=round(n_bytes / n_samples, 3), unit="B"),
        Figure(name="state", value=n_bytes_state, unit="B"),
        Figure(name="days_in_state", value=7 * asked.weeks, unit="d"),
    ]
    return answer(
        figures,
        as_json=asked.json,
        told={"data": "SYNTHETIC", "layout": "lists" if asked.lists else "compact", "days_decided": first["days"]},
    )


def write_record(folder: Path, state: Path, n_strings: int, weeks: int, *, is_compact: bool) -> int:
    """Write a day of a fleet, and the state of its weeks before, and return its samples."""
    life = StringLife(FleetPlan(seed=SEED, n_strings=1, n_cells=N_CELLS, has_events=False), 0)
    settings = ScanSettings(parameters=cell_parameters(CELL))
    watch = StringWatch(string_id=life.string_id)
    for _ in range(7 * weeks):
        watch.take(life.block(1), (), settings)
    watch.save()  # decides on the last day, if it is full
    if watch.scan is not None:
        watch.findings += watch.scan.close()
    day, rng = life.block(1), np.random.default_rng(SEED)
    n_samples = 0
    with StateFile(state, settings_hash(cell_parameters(CELL))) as states:
        for at in range(n_strings):
            name = f"synthetic-{at:04d}"
            noise_v = 1e-3 * rng.integers(-1, 2, day.voltage_v.shape)
            write_block(
                replace(day, string_id=name, voltage_v=np.round(day.voltage_v + noise_v, 3)),
                folder,
                is_compact=is_compact,
            )
            n_samples += day.voltage_v.size
            watch.string_id = name
            if watch.scan is not None:
                watch.scan.string_id = watch.scan.checks.string_id = watch.scan.plain.string_id = name
            states.keep(name, save_state(watch), watch.last_ns)
    return n_samples


def scanned(folder: Path, state: Path) -> dict[str, float]:
    """Scan in a process of its own, which knows how much memory it took."""
    command = [sys.executable, "-c", CHILD, str(folder), str(state)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


if __name__ == "__main__":
    parser = questions(__doc__)
    parser.add_argument("--strings", type=int, default=N_STRINGS, help="strings of 240 cells")
    parser.add_argument("--weeks", type=int, default=WEEKS, help="weeks of history in the state")
    parser.add_argument("--lists", action="store_true", help="voltages as lists of float32, not whole millivolts")
    sys.exit(main(parser.parse_args()))
