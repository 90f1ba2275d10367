"""How fast and how exact the container model is: cell steps, step invariance, energy, and SimSES on the same duty.

`python benchmarks/physics.py --json` prints one object and ends with 1 where a goal is not met. SimSES runs where its
environment was built (`make bench-peers`), else its ratio prints `not run`.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from time import perf_counter, process_time

import numpy as np

from battuta.physics.container import ContainerState, resting, step_container
from battuta.physics.container_parameters import container_parameters
from peers.environments import environment_python

REPEATS = 5
THREADS = 2
SITES = 8


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One measured figure; `goal` is an upper bound, or a lower bound where `is_more_better`."""

    name: str
    value: float | str
    unit: str
    goal: float | None = None
    is_more_better: bool = False

    @property
    def met(self) -> bool | None:
        """Whether the goal is met; None where there is none or the figure was not measured."""
        if self.goal is None or isinstance(self.value, str):
            return None
        return self.value >= self.goal if self.is_more_better else self.value <= self.goal

    def row(self) -> dict[str, object]:
        """Return the figure as the benchmark prints it."""
        return {"name": self.name, "value": self.value, "unit": self.unit, "goal": self.goal, "met": self.met}


def main() -> int:
    """Measure everything and print it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object on stdout")
    parser.add_argument("--no-peers", action="store_true", help="leave the peers out")
    options = parser.parse_args()
    figures = [*speed(), *invariance(), *conservation()]
    if not options.no_peers:
        figures += simses(float(figures[0].value))
    result = {"figures": [each.row() for each in figures], "machine": machine()}
    if options.json:
        print(json.dumps(result))
    else:
        for each in figures:
            print(f"{each.name:<48} {each.value!s:>24} {each.unit:<8} goal {each.goal} met {each.met}")
    return 1 if any(each.met is False for each in figures) else 0


def speed() -> list[Figure]:
    """Steps of one second of whole containers, every cell by itself, power changing each second."""
    say("cell steps a second")
    parameters = container_parameters("lfp_314ah")
    state = resting(parameters, n_sites=SITES, soc=0.5)
    rng = np.random.default_rng([2026, 314])
    state.cells.capacity_ah[:] *= rng.normal(1.0, 0.01, state.cells.soc.size)
    ambient_c, power_kw = np.full(SITES, 25.0), rng.uniform(200.0, 2500.0, (60, SITES))
    rates, cores = {}, 0.0
    for threads in (1, THREADS):
        bounds = np.linspace(0, SITES, threads + 1).astype(int)
        ranges = [(int(low), int(high)) for low, high in pairwise(bounds)]

        def run(sites: tuple[int, int]) -> None:
            for wanted in power_kw:
                step_container(state, wanted, ambient_c, 1.0, sites=sites)

        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(run, ranges))
            seconds, busy_s = [], process_time()
            for _ in range(REPEATS):
                started = perf_counter()
                list(pool.map(run, ranges))
                seconds.append(perf_counter() - started)
        cores = (process_time() - busy_s) / sum(seconds)
        rates[threads] = len(power_kw) * state.cells.soc.size / statistics.median(seconds)
    missed = float(np.max(np.abs(state.sites.power_kw / power_kw[-1] - 1.0)))
    return [
        Figure(name="cell_steps_per_second_1_thread", value=rates[1], unit="1/s"),
        Figure(
            name="cell_steps_per_second_2_threads", value=rates[THREADS], unit="1/s", goal=30e6, is_more_better=True
        ),
        Figure(name="cores_that_2_threads_got", value=cores, unit="cores"),
        Figure(name="cell_steps_per_core_second_2_threads", value=rates[THREADS] / cores, unit="1/s"),
        Figure(name="power_delivered_off_request", value=missed, unit="-", goal=1e-4),
    ]


def duty(state: ContainerState, step_s: float) -> np.ndarray:
    """Drive four hours of steady powers and ambients; energy delivered in each hour. [kWh]"""
    delivered = []
    for power_kw, ambient_c in ((1200.0, 30.0), (0.0, 30.0), (-1500.0, 10.0), (700.0, 5.0)):
        energy_kwh = 0.0
        for _ in range(round(3600.0 / step_s)):
            step_container(state, np.array([power_kw]), np.array([ambient_c]), step_s)
            energy_kwh += float(state.sites.power_kw[0]) * step_s / 3600.0
        delivered.append(energy_kwh)
    return np.array(delivered)


def invariance() -> list[Figure]:
    """The same piecewise constant signal at steps of a second, a minute, a quarter-hour and an hour."""
    say("step invariance")
    parameters = container_parameters("lfp_314ah").coarse(8, 2)
    fine = resting(parameters)
    energy_kwh = duty(fine, 1.0)
    off = {"soc": 0.0, "voltage_v": 0.0, "temperature_c": 0.0}
    energy_off = 0.0
    for step_s in (60.0, 900.0, 3600.0):
        state = resting(parameters)
        energy_off = max(energy_off, float(np.max(np.abs(duty(state, step_s) - energy_kwh))))
        for name, before in off.items():
            difference = np.max(np.abs(getattr(state.cells, name) - getattr(fine.cells, name)))
            off[name] = max(before, float(difference))
    return [
        Figure(name="step_1s_to_1h_soc_off", value=off["soc"], unit="-", goal=1e-5),
        Figure(name="step_1s_to_1h_voltage_off", value=1000.0 * off["voltage_v"], unit="mV", goal=0.5),
        Figure(name="step_1s_to_1h_temperature_off", value=off["temperature_c"], unit="K", goal=0.1),
        Figure(name="step_1s_to_1h_energy_off_per_hour", value=energy_off, unit="kWh", goal=0.05),
    ]


def conservation() -> list[Figure]:
    """Energy at the terminals against what the stores lose less heat, at steps of a second and of an hour."""
    say("conservation of energy")
    figures = []
    for name, step_s in (("1s", 1.0), ("1h", 3600.0)):
        state = resting(container_parameters("lfp_314ah").coarse(8, 2), soc=0.7)
        state.cells.leak_a[3] = 1.0
        before, moved, through = float(state.stored_j()[0]), 0.0, 0.0
        for power_kw in (1500.0, -2000.0, 0.0, 800.0):
            for _ in range(round(3600.0 / step_s)):
                step_container(state, np.array([power_kw]), np.array([20.0]), step_s)
                sites = state.sites
                heat_kw = sites.heat_kw[0] + sites.hysteresis_kw[0] + sites.leak_kw[0]
                moved += float(sites.power_kw[0] + heat_kw) * step_s * 1000.0
                through += abs(float(sites.power_kw[0])) * step_s * 1000.0
        share = abs(before - float(state.stored_j()[0]) - moved) / through
        figures.append(Figure(name=f"energy_not_conserved_{name}", value=share, unit="-", goal=1e-9))
    return figures


def simses(cell_steps_per_s: float) -> list[Figure]:
    """Time of a step: SimSES's battery and ambient, ours of a lumped container, and of one cell among many."""
    say("peer simses")
    python = environment_python("simses")
    if python is None:
        return [Figure(name="simses_step_ratio", value="not run", unit="x")]
    script = Path(__file__).parent / "peers" / "simses_duty.py"
    done = subprocess.run([python, script, "30"], capture_output=True, text=True, check=False, timeout=900)
    if done.returncode:
        return [Figure(name="simses_step_ratio", value="not run", unit="x")]
    answer = json.loads(done.stdout)
    theirs_s = answer["battery"]["seconds"] / answer["battery"]["steps"]
    n_sites = 1000
    state = resting(container_parameters("lfp_314ah").coarse(1, 1), n_sites=n_sites)
    power_kw, ambient_c = np.linspace(-1000.0, 1000.0, n_sites), np.full(n_sites, 20.0)
    step_container(state, power_kw, ambient_c, 60.0)
    started = perf_counter()
    for _ in range(20):
        power_kw = -power_kw
        step_container(state, power_kw, ambient_c, 60.0)
    ours_s = (perf_counter() - started) / 20 / n_sites
    return [
        Figure(name=f"simses_{answer['version']}_step_microseconds", value=1e6 * theirs_s, unit="us"),
        Figure(name="container_lumped_step_microseconds", value=1e6 * ours_s, unit="us"),
        Figure(name="simses_step_ratio", value=theirs_s / ours_s, unit="x"),
        Figure(name="simses_step_over_cell_step_ratio", value=theirs_s * cell_steps_per_s, unit="x"),
    ]


def machine() -> dict[str, object]:
    """Describe the machine, for the reader of the figures."""
    return {
        "python": platform.python_version(),
        "system": platform.platform(),
        "cores": os.cpu_count(),
        "load_1min": os.getloadavg()[0],
    }


def say(text: str) -> None:
    """Show progress on stderr."""
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
