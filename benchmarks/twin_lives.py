"""How fast and true twenty years are: one life as SimSES counts it, a thousand from shared tables, full rate beside.

`python benchmarks/twin_lives.py --json` prints one object and ends with 1 where a goal is not met. SimSES runs where
its environment was built (`make bench-peers NAME=simses`) and the fine tables of its cell are at hand
(`BATTUTA_DATA`), else its figures print `not run`. The duty of the thousand lives is SYNTHETIC.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from time import perf_counter, process_time

import numpy as np
from figures import DATA, NOT_RUN, ROOT, Figure, answer, peak_memory_mb, questions, say

from battuta.adapters.compute.local import LocalCompute
from battuta.numerics.arrays import FloatArray
from battuta.physics.ageing.ageing_law import AgeingLaw, ageing_law, ageing_law_names
from battuta.physics.cell_parameters import cell_parameters
from battuta.physics.life_pack import ChargeKeeping, LifePack, PackClimate
from battuta.physics.life_pack_simses import live_as_simses
from battuta.physics.life_pack_walk import PackDuty, walk_pack
from battuta.physics.pcs import notton_pcs
from battuta.twin.lives import Lives
from battuta.twin.lives_days import life_days
from battuta.twin.lives_full_rate import live_full_rate
from battuta.twin.lives_shared import LifeDraws, live, scattered_draws
from battuta.twin.near_tables import near_tables
from battuta.twin.stress_tables import stress_tables
from peers.environments import environment_python
from peers.sony_ageing import simses_duty, simses_pack

N_LIVES, N_YEARS, WORKERS, SEED, DEVIATION = 1000, 20, 2, 2026, 0.15
SIMSES_DAYS = 90
DAYS = life_days(dt.date(2027, 1, 1), N_YEARS, [365])
COLD = "import sys; sys.path.insert(0, sys.argv[1]); import twin_lives; twin_lives.cold()"


def main() -> int:
    """Measure everything and print it."""
    parser = questions(__doc__)
    parser.add_argument("--full-rate-lives", type=int, default=16, help="lives that are lived at full rate too")
    parser.add_argument("--no-peers", action="store_true", help="leave SimSES out")
    options = parser.parse_args()
    figures = measured(peers=not options.no_peers, n_full_rate=options.full_rate_lives)
    return answer(figures, as_json=bool(options.json))


def measured(*, peers: bool, n_full_rate: int = 16) -> list[Figure]:
    """All figures of this file."""
    figures = [*speed_of_a_walk(), *one_life(peers=peers), *many_lives(n_full_rate)]
    return [*figures, *cold_start(), *step_invariance()]


def container() -> LifePack:
    """A 314 Ah container that answers regulation and steers its charge back."""
    return LifePack(
        cell=cell_parameters("lfp_314ah"), cells_in_series=416, strings=12,
        pcs=notton_pcs("sungrow_sc1000tl_field", 2500.0),
        climate=PackClimate(
            wall_w_per_k=60.0, structure_j_per_k=2.7e6, cooling_kw_max=60.0, heating_kw_max=20.0, running_kw=2.2,
            controls_kw=0.8,
        ),
        keeping=ChargeKeeping(power_kw_max=600.0),
    )  # fmt: skip


def regulation_year() -> PackDuty:
    """SYNTHETIC: a request with a memory of eight minutes at one minute, and a climate of three sines."""
    minutes = 365 * 1440
    weights = np.exp(-np.arange(64) / 8.0)
    noise = np.random.default_rng(SEED).normal(0.0, 1.0, minutes + weights.size - 1)
    signal = np.convolve(noise, weights / np.sqrt(np.sum(weights**2)), mode="valid")
    day = np.arange(minutes) / 1440.0
    ambient_c = 12.0 - 10.0 * np.cos(2.0 * np.pi * (day - 20.0) / 365.0) - 5.0 * np.cos(2.0 * np.pi * day)
    return PackDuty(power_kw=np.clip(700.0 * signal, -2500.0, 2500.0), ambient_c=ambient_c, step_s=60.0)


def all_laws() -> list[AgeingLaw]:
    """Every ageing model there is."""
    return [ageing_law(each) for each in ageing_law_names()]


def draws_of(laws: list[AgeingLaw]) -> LifeDraws:
    """A thousand lives of scattered rates."""
    return scattered_draws(laws, N_LIVES, SEED, DEVIATION)


def speed_of_a_walk() -> list[Figure]:
    """Time of a step of the walk that the tables are made of."""
    say("a year of a pack at one minute")
    pack, duty, best = container(), regulation_year(), np.inf
    for _ in range(6):
        started = process_time()
        walk_pack(pack, duty, keep_power=False)
        best = min(best, process_time() - started)
    return [Figure(name="lives_walk_step", value=1e9 * best / duty.power_kw.size, unit="ns", goal=95.0)]


def one_life(*, peers: bool) -> list[Figure]:
    """Twenty years at one minute as SimSES counts, its accuracy and its time beside SimSES in the same run."""
    say("one life of twenty years as SimSES counts it")
    fine = (DATA / "health" / "sony_lfp_us26650_OCV.csv").is_file()
    pack, year = simses_pack(DATA / "health" if fine else None), simses_duty(365)
    live_as_simses(pack, simses_duty(2))
    started = process_time(), perf_counter()
    life = live_as_simses(pack, year, n_years=N_YEARS)
    own_s, wall_s = process_time() - started[0], perf_counter() - started[1]
    figures = [
        Figure(name="lives_one_life_20_years_1min_cpu", value=own_s, unit="s", goal=1.0),
        Figure(name="lives_one_life_20_years_1min_wall", value=wall_s, unit="s"),
        Figure(name="lives_one_life_soh_capacity_at_the_end", value=float(life.soh_capacity[-1]), unit="-"),
    ]
    python = environment_python("simses") if peers and fine else None
    if python is None:
        return [*figures, Figure(name="lives_simses_ratio_one_life", value=NOT_RUN, unit="x")]
    say(f"peer simses, {SIMSES_DAYS} days")
    make = ROOT / "tests" / "validation" / "simses_ageing" / "make.py"
    done = subprocess.run([python, make, str(SIMSES_DAYS)], capture_output=True, text=True, check=True, timeout=1800)
    peer = json.loads(done.stdout)
    daily = np.array(peer["daily"])
    ours = live_as_simses(pack, simses_duty(SIMSES_DAYS))
    step_s = float(peer["seconds"]) / float(peer["steps"])
    ratio = step_s / (own_s / (N_YEARS * year.power_kw.size))
    off = np.abs(np.column_stack((ours.soh_capacity, ours.soh_resistance)) - daily[:, 2:4]).max()
    return [
        *figures,
        Figure(name="lives_simses_step", value=1e6 * step_s, unit="us"),
        Figure(name="lives_simses_ratio_one_life", value=ratio, unit="x", goal=150.0, is_more_better=True),
        Figure(name="lives_simses_soh_off_90_days", value=float(off), unit="-", goal=1e-5),
        Figure(
            name="lives_simses_temperature_off_90_days",
            value=float(np.abs(ours.temperature_c - daily[:, 1]).max()),
            unit="K",
            goal=1e-3,
        ),
    ]


def thousand(workers: int) -> tuple[Lives, float, float]:
    """Tables and a thousand lives; wall and processor time. [s]"""
    pack, duty, laws, spread = container(), regulation_year(), all_laws(), LocalCompute(workers)
    started = perf_counter(), process_time()
    draws = draws_of(laws)
    tables = near_tables(pack, [duty], laws, draws, DAYS, spread=spread)
    lives = live(tables, laws, draws, DAYS, spread=spread)
    return lives, perf_counter() - started[0], process_time() - started[1]


def many_lives(n_full_rate: int) -> list[Figure]:
    """A thousand lives from shared tables on one and two workers, against full rate."""
    say(f"{N_LIVES} lives of {N_YEARS} years")
    thousand(WORKERS)
    alone, alone_s, alone_cpu_s = thousand(1)
    lives, both_s, both_cpu_s = thousand(WORKERS)
    same = all(
        np.array_equal(getattr(alone, name), getattr(lives, name))
        for name in ("soh_capacity", "soh_resistance", "soh_energy", "discharged_mwh", "loss_by_cause")
    )
    peak_gb = peak_memory_mb() / 1e3
    ends = 100.0 * lives.soh_capacity[:, -1]
    figures = [
        Figure(name="lives_1000_x_20_years_2_workers", value=both_s, unit="s", goal=5.0),
        Figure(name="lives_1000_x_20_years_2_workers_cpu", value=both_cpu_s, unit="s"),
        Figure(name="lives_1000_x_20_years_1_worker", value=alone_s, unit="s"),
        Figure(name="lives_1000_x_20_years_1_worker_cpu", value=alone_cpu_s, unit="s"),
        Figure(name="lives_workers_give_identical_results", value=float(same), unit="-", goal=1.0, is_more_better=True),
        Figure(name="lives_cores_that_2_workers_got", value=both_cpu_s / both_s, unit="cores"),
        Figure(name="lives_peak_memory", value=peak_gb, unit="GB", goal=1.0),
        *(
            Figure(name=f"lives_soh_year_20_p{each}", value=float(np.percentile(ends, each)), unit="%")
            for each in (10, 50, 90)
        ),
    ]
    return [*figures, *full_rate(lives, n_full_rate)]


def full_rate(lives: Lives, n_lives: int) -> list[Figure]:
    """Largest difference of health from the same lives lived step by step."""
    pack, duty, laws = container(), regulation_year(), all_laws()
    draws = draws_of(laws)
    chosen = np.sort(np.random.default_rng(SEED).choice(N_LIVES, n_lives, replace=False))
    off, started = np.zeros((n_lives, 2)), process_time()
    for number, life in enumerate(chosen):
        say(f"full rate: life {number + 1} of {n_lives}")
        law = laws[draws.law_of_life[life]]
        ends = live_full_rate(pack, [duty], law, draws.rate[life, : len(law.terms)], DAYS)
        ours = np.column_stack((lives.soh_capacity[life], lives.soh_resistance[life]))
        off[number] = np.abs(ours - ends).max(axis=0)
    if n_lives == 0:
        return [Figure(name="lives_soh_capacity_off_full_rate", value=NOT_RUN, unit="-")]
    return [
        Figure(
            name=f"lives_soh_capacity_off_full_rate_{n_lives}_lives", value=float(off[:, 0].max()), unit="-", goal=1e-3
        ),
        Figure(name=f"lives_soh_resistance_off_full_rate_{n_lives}_lives", value=float(off[:, 1].max()), unit="-"),
        Figure(name="lives_full_rate_cpu_a_life", value=(process_time() - started) / n_lives, unit="s"),
    ]


def cold() -> None:
    """Live a thousand lives in a new process."""
    thousand(WORKERS)


def cold_start() -> list[Figure]:
    """A new process with kernels kept from an earlier one, and one that compiles all of them."""
    figures: list[Figure] = []
    with tempfile.TemporaryDirectory() as folder:
        for name, goal in (("compiled_afresh", None), ("kernels_kept", 15.0)):
            say(f"a new process, {name}")
            started = perf_counter()
            subprocess.run(
                [sys.executable, "-c", COLD, str(Path(__file__).parent)],
                check=True, timeout=600, env={**os.environ, "NUMBA_CACHE_DIR": folder},
            )  # fmt: skip
            figures.append(Figure(name=f"lives_cold_{name}", value=perf_counter() - started, unit="s", goal=goal))
    return figures


def step_invariance() -> list[Figure]:
    """The same quarter-hourly schedule in steps of a second to a quarter-hour: health after twenty years."""
    say("steps from a second to a quarter-hour")
    pack, laws = replace(container(), keeping=ChargeKeeping()), all_laws()
    quarter = np.random.default_rng(SEED).normal(0.0, 900.0, 7 * 96)
    quarter -= np.convolve(quarter, np.ones(8) / 8.0, mode="same")  # what goes out comes back within hours
    quarter -= np.convolve(np.abs(quarter), np.ones(96) / 96.0, mode="same") * 0.03
    days, ends = life_days(dt.date(2027, 1, 1), N_YEARS, [7]), dict[float, FloatArray]()
    draws = LifeDraws(
        law_of_life=np.arange(len(laws)), rate=np.ones((len(laws), max(len(each.terms) for each in laws)))
    )
    for step_s in (1.0, 60.0, 300.0, 900.0):
        each = round(900.0 / step_s)
        duty = PackDuty(
            power_kw=np.repeat(quarter, each), ambient_c=np.full(quarter.size * each, 20.0), step_s=step_s,
            is_schedule=True,
        )  # fmt: skip
        nodes = np.array([0.7, 0.85, 1.0]), np.array([1.0, 1.5, 2.0])
        ends[step_s] = live(stress_tables(pack, [duty], laws, *nodes), laws, draws, days).soh_capacity[:, -1]
    return [
        Figure(
            name=f"lives_soh_off_steps_of_{step_s:g}_s",
            value=100.0 * float(np.abs(ends[step_s] - ends[1.0]).max()),
            unit="points",
            goal=0.1,
        )
        for step_s in (60.0, 300.0, 900.0)
    ]


if __name__ == "__main__":
    sys.exit(main())
