"""How fast and how exact the container model is: cell steps, energy, step invariance, frost, and SimSES on one duty.

`python benchmarks/physics.py --json` prints one object and ends with 1 where a goal is not met. SimSES runs where its
environment was built (`make bench-peers NAME=simses`), else its figures print `not run`; with the fine tables of its
cell at hand (`BATTUTA_DATA`) both pack models solve the same equations, else ours takes the coarse ones that ship.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path
from time import perf_counter, process_time

import numpy as np
from figures import DATA, NOT_RUN, Figure, answer, questions, say

from battuta.numerics.arrays import FloatArray
from battuta.physics.container import ContainerState, resting, step_container
from battuta.physics.container_parameters import container_parameters
from battuta.physics.container_walk import walk_container
from battuta.physics.pcs import MeasuredPcs, NottonPcs, notton_pcs
from peers.environments import environment_python
from peers.sony_pack import BIAS_DC, POWER_KW_MAX, STEP_S, Life, duty, live, sony_pack

REPEATS = 7
THREADS = 2
SITES = 8
DAYS = 90
SIGNAL = ((1200.0, 30.0), (0.0, 30.0), (-1500.0, 10.0), (700.0, 5.0))
"""Steady powers [kW] and ambients [degC], an hour each."""


def main() -> int:
    """Measure everything and print it."""
    parser = questions(__doc__)
    parser.add_argument("--no-peers", action="store_true", help="leave the peers out")
    options = parser.parse_args()
    figures = [*speed(), *invariance(), *conservation(), *frost()]
    if not options.no_peers:
        figures += simses()
    return answer(figures, as_json=bool(options.json))


def speed() -> list[Figure]:
    """Steps of one second of whole containers, every cell by itself, power changing each second."""
    say("cell steps a second")
    parameters = container_parameters("lfp_314ah")
    state = resting(parameters, n_sites=SITES, soc=0.5)
    rng = np.random.default_rng([2026, 314])
    state.cells.capacity_ah[:] *= rng.normal(1.0, 0.01, state.cells.soc.size)
    ambient_c, power_kw = np.full(SITES, 25.0), rng.uniform(200.0, 2500.0, (60, SITES))
    rates: dict[int, float] = {}
    cores = 0.0
    for threads in (1, THREADS):
        bounds = np.linspace(0, SITES, threads + 1).astype(int)
        ranges = [(int(low), int(high)) for low, high in pairwise(bounds)]

        def run(sites: tuple[int, int]) -> None:
            for wanted in power_kw:
                step_container(state, wanted, ambient_c, 1.0, sites=sites)

        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(run, ranges))
            seconds: list[float] = []
            busy_s = process_time()
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
        Figure(name="power_delivered_off_request", value=missed, unit="-"),
    ]


def driven(state: ContainerState, step_s: float) -> FloatArray:
    """Drive the signal; energy delivered in each of its hours. [kWh]"""
    delivered: list[float] = []
    for power_kw, ambient_c in SIGNAL:
        energy_kwh = 0.0
        for _ in range(round(3600.0 / step_s)):
            step_container(state, np.array([power_kw]), np.array([ambient_c]), step_s)
            energy_kwh += float(state.sites.power_kw[0]) * step_s / 3600.0
        delivered.append(energy_kwh)
    return np.array(delivered)


def invariance() -> list[Figure]:
    """The same piecewise constant signal in steps of a second, and of a minute, a quarter-hour and an hour."""
    say("step invariance")
    parameters = container_parameters("lfp_314ah").coarse(8, 2)
    fine = resting(parameters)
    energy_kwh = driven(fine, 1.0)
    figures: list[Figure] = []
    for name, step_s in (("1min", 60.0), ("15min", 900.0), ("1h", 3600.0)):
        state = resting(parameters)
        energy_off = float(np.max(np.abs(driven(state, step_s) - energy_kwh)))
        soc_off, voltage_off, temperature_off = (
            float(np.max(np.abs(ours - theirs)))
            for ours, theirs in (
                (state.cells.soc, fine.cells.soc),
                (state.cells.voltage_v, fine.cells.voltage_v),
                (state.cells.temperature_c, fine.cells.temperature_c),
            )
        )
        figures += [
            Figure(name=f"step_1s_to_{name}_soc_off", value=soc_off, unit="-"),
            Figure(name=f"step_1s_to_{name}_voltage_off", value=1000.0 * voltage_off, unit="mV"),
            Figure(name=f"step_1s_to_{name}_temperature_off", value=temperature_off, unit="K"),
            Figure(name=f"step_1s_to_{name}_energy_off_per_hour", value=energy_off, unit="kWh"),
        ]
    return figures


def books_open(state: ContainerState, pcs: NottonPcs, signal: tuple[tuple[float, float], ...], step_s: float) -> float:
    """Share of the energy through the meter that is neither stored nor heat nor used by the machines. [-]

    The meter sees the converter and the auxiliaries. What it counts in has to be stored in the cells, heat of cells and
    converter, or the electricity of pump, chiller, heater and controls.
    """
    sites, before_j = state.sites, float(state.stored_j()[0])
    metered_j, spent_j, through_j = 0.0, 0.0, 0.0
    for ac_kw, ambient_c in signal:
        for _ in range(round(3600.0 / step_s)):
            wanted_kw, _ = pcs.dc_power_kw(np.array([ac_kw]))
            step_container(state, wanted_kw, np.array([ambient_c]), step_s)
            at_grid_kw, loss_kw = pcs.ac_power_kw(sites.power_kw)
            into_kw = float(sites.auxiliary_power_kw[0] - at_grid_kw[0])
            heat_kw = float(sites.heat_kw[0] + sites.hysteresis_kw[0] + sites.leak_kw[0] + loss_kw[0])
            metered_j += 1000.0 * into_kw * step_s
            spent_j += 1000.0 * (heat_kw + float(sites.auxiliary_power_kw[0])) * step_s
            through_j += 1000.0 * abs(into_kw) * step_s
    gained_j = float(state.stored_j()[0]) - before_j
    return abs(metered_j - spent_j - gained_j) / through_j


def conservation() -> list[Figure]:
    """Energy from the AC meter to heat plus stored, in steps of a second, a quarter-hour and an hour."""
    say("conservation of energy")
    pcs = notton_pcs("sungrow_sc1000tl_field", 2500.0)
    figures: list[Figure] = []
    for name, step_s in (("1s", 1.0), ("15min", 900.0), ("1h", 3600.0)):
        state = resting(container_parameters("lfp_314ah").coarse(8, 2), soc=0.7)
        state.cells.leak_a[3] = 1.0
        share = books_open(state, pcs, ((1500.0, 20.0), (-2000.0, 20.0), (0.0, 20.0), (800.0, 20.0)), step_s)
        figures.append(Figure(name=f"energy_not_conserved_{name}", value=share, unit="-", goal=1e-9))
    return figures


def frost() -> list[Figure]:
    """At -20 degC and in steps of an hour: charge is refused, discharge goes on, books stay closed."""
    say("frost")
    parameters = container_parameters("lfp_314ah").coarse(8, 2)
    state = resting(parameters, soc=0.5, temperature_c=-20.0)
    state.sites.mode_request[:] = 0  # no heater: the cells stay cold
    step_container(state, np.array([-1000.0]), np.array([-20.0]), 3600.0)
    charged_kw = max(-float(state.sites.power_kw[0]), 0.0)
    step_container(state, np.array([200.0]), np.array([-20.0]), 3600.0)
    discharged_kw = float(state.sites.power_kw[0])
    cold = resting(parameters, soc=0.5, temperature_c=-20.0)
    pcs = notton_pcs("sungrow_sc1000tl_field", 2500.0)
    signal = ((-1000.0, -20.0), (200.0, -20.0), (-1000.0, -20.0), (0.0, -20.0), (500.0, -20.0), (-500.0, -20.0))
    share = books_open(cold, pcs, signal, 3600.0)
    finite = all(bool(np.isfinite(each).all()) for each in (*cold.cells, *state.cells))
    return [
        Figure(name="charge_accepted_at_minus_20c", value=charged_kw, unit="kW", goal=0.0),
        Figure(name="discharge_given_at_minus_20c_of_200_kw", value=discharged_kw, unit="kW"),
        Figure(name="states_finite_after_frost_1h_steps", value=float(finite), unit="-", goal=1.0, is_more_better=True),
        Figure(name="energy_not_conserved_frost_1h", value=share, unit="-", goal=1e-9),
    ]


def walk_step_s(folder: Path | None, n_sites: int, n_steps: int) -> float:
    """Time of one step of one pack in one call for all steps, on SimSES's duty. [s]"""
    parameters = sony_pack(folder)
    power_kw, ambient_c = (np.repeat(each[:, None], n_sites, axis=1) for each in duty(n_steps, BIAS_DC))
    seconds = 0.0
    for _ in range(2):  # the first call may compile
        state = resting(parameters, n_sites=n_sites, soc=0.5, temperature_c=22.0)
        started = perf_counter()
        walk_container(state, power_kw, ambient_c, STEP_S)
        seconds = perf_counter() - started
    return seconds / n_steps / n_sites


def table_of(pcs: NottonPcs) -> MeasuredPcs:
    """SimSES's reading of Notton's law: the power that goes in, 101 nodes each way, no loss at 0."""
    p = np.linspace(0.0, 1.0, 101)[1:]
    stored = p * p / (p + pcs.no_load_charge_pu + pcs.quadratic_charge_pu * p**2)
    drawn = p + pcs.no_load_discharge_pu + pcs.quadratic_discharge_pu * p**2
    ac, dc = np.concatenate((-p[::-1], [0.0], p)), np.concatenate((-stored[::-1], [0.0], drawn))
    return MeasuredPcs(
        rated_power_kw=pcs.rated_power_kw, ac_share=tuple(ac.tolist()), dc_share=tuple(dc.tolist()), source=pcs.source
    )


def simses() -> list[Figure]:
    """SimSES's own battery, ambient and converter for 90 days at 60 s, and the same duty here, in one run."""
    say("peer simses")
    python = environment_python("simses")
    script = Path(__file__).parent / "peers" / "simses_duty.py"
    done = (
        subprocess.run([python, script, str(DAYS)], capture_output=True, text=True, check=False, timeout=1800)
        if python
        else None
    )
    if done is None or done.returncode:
        return [Figure(name="simses_step_ratio_one_pack_on_its_duty", value=NOT_RUN, unit="x")]
    peer = json.loads(done.stdout)
    folder = DATA / "health" if (DATA / "health" / "sony_lfp_us26650_OCV.csv").is_file() else None
    say(f"the same duty here, tables of the cell {'fine' if folder else 'coarse'}")
    pcs = notton_pcs("sungrow_sc1000tl_field", POWER_KW_MAX)
    theirs_s = float(peer["battery"]["seconds"]) / float(peer["battery"]["steps"])
    with_pcs_s = float(peer["with_converter"]["seconds"]) / float(peer["with_converter"]["steps"])
    one_s, many_s = walk_step_s(folder, 1, 20_000), walk_step_s(folder, 1000, 200)
    dc, ac = live(sony_pack(folder), DAYS), live(sony_pack(folder), DAYS, table_of(pcs))
    own_law = live(sony_pack(folder), DAYS, pcs)
    version = str(peer["version"])
    return [
        Figure(name=f"simses_{version}_step_microseconds", value=1e6 * theirs_s, unit="us"),
        Figure(name=f"simses_{version}_step_microseconds_with_converter", value=1e6 * with_pcs_s, unit="us"),
        Figure(name="pack_step_microseconds_one_in_a_walk", value=1e6 * one_s, unit="us"),
        Figure(name="pack_step_microseconds_1000_in_a_walk", value=1e6 * many_s, unit="us"),
        Figure(name="pack_step_microseconds_one_by_calls_from_python", value=1e6 * dc.seconds / DAYS / 1440, unit="us"),
        Figure(name="simses_step_ratio_one_pack_on_its_duty", value=theirs_s / one_s, unit="x"),
        Figure(name="simses_step_ratio_1000_packs_on_its_duty", value=theirs_s / many_s, unit="x"),
        Figure(name="simses_tables", value="fine" if folder else "coarse", unit="-"),
        *_apart("dc_90_days", dc, peer["battery"]),
        *_apart("ac_90_days", ac, peer["with_converter"]),
        Figure(
            name="ac_90_days_soc_off_by_notton_over_the_power_that_comes_out",
            value=float(np.max(np.abs(own_law.daily[:, 0] - ac.daily[:, 0]))),
            unit="-",
        ),
    ]


def _apart(name: str, ours: Life, peer: dict[str, list[list[float]] | float]) -> list[Figure]:
    """How far two runs are apart at the ends of their days, and the energy that either makes."""
    off = np.max(np.abs(ours.daily - np.array(peer["daily_soc_voltage_temperature"])), axis=0)
    through_kwh = np.array(peer["ac_throughput_kwh"]).item()
    return [
        Figure(name=f"simses_{name}_soc_off", value=float(off[0]), unit="-"),
        Figure(name=f"simses_{name}_voltage_off", value=1000.0 * float(off[1]), unit="mV"),
        Figure(name=f"simses_{name}_temperature_off", value=float(off[2]), unit="K"),
        Figure(name=f"simses_{name}_throughput_off", value=abs(ours.ac_throughput_kwh / through_kwh - 1.0), unit="-"),
        Figure(name=f"simses_{name}_energy_it_makes", value=np.array(peer["energy_made_kwh"]).item(), unit="kWh"),
        Figure(name=f"simses_{name}_energy_made_here", value=ours.energy_made_kwh, unit="kWh"),
    ]


if __name__ == "__main__":
    sys.exit(main())
