"""How true and fast the ageing models are: BLAST-Lite's lives, a thousand of them, the calendar data, rainflow.

`python benchmarks/twin_ageing.py --json` prints one object and ends with 1 where a goal is not met. Duties, climates
and calendar data are read from the data folder (`BATTUTA_DATA`); without them their figures print `not run`.
BLAST-Lite's numbers lie in `tests/validation/blast_lite/reference.json`, made by `peers/blast_lite_lives.py`.
"""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterable
from time import perf_counter, process_time

import numpy as np
import rainflow as package
from figures import DATA, NOT_RUN, ROOT, Figure, answer, questions, say

from battuta.numerics.rainflow import rainflow
from battuta.physics.ageing.ageing_law import ageing_law, ageing_law_names, term_arrays
from battuta.physics.ageing.blast_compat import blast_lives
from battuta.physics.ageing.duty_days import duty_days
from battuta.physics.ageing.life_kernels import advance_day, losses

sys.path.insert(0, str(ROOT / "tests"))
from validation.blast_lite.blast_case import profile

REFERENCE = ROOT / "tests" / "validation" / "blast_lite" / "reference.json"
CALENDAR = DATA / "twin" / "naumann_lfp_calendar_14_conditions.csv"
PARTS = ("soh_capacity", "soh_resistance", "full_cycles")
N_LIVES, DEVIATION, REPEATS = 1000, 0.15, 7
MODELS = ("lfp_250ah", "sony_lfp_3ah")


def main() -> int:
    """Measure everything and print it."""
    options = questions(__doc__).parse_args()
    return answer(measured(), as_json=bool(options.json))


def measured() -> list[Figure]:
    """All figures of this file."""
    return [*blast_parity(), *thousand_lives(), *counted_cycles(), *calendar_errors()]


def blast_parity() -> Iterable[Figure]:
    """Largest distances to BLAST-Lite over all its lives that were kept; NaN where it ends in NaN counts as equal."""
    if not (DATA / "twin" / "duty").is_dir():
        return [Figure(name="ageing_blast_lite_apart", value=NOT_RUN, unit="-", goal=1e-9)]
    say("BLAST-Lite's lives")
    apart, broken = dict.fromkeys(PARTS, 0.0), 0
    cases = json.loads(REFERENCE.read_text(encoding="utf-8"))["cases"]
    for case in cases:
        found = blast_lives(
            case["model"], *profile(DATA / "twin", case["duty"], case["climate"], case["step_s"]),
            keeps_throughput=case["conserve"], scalars=np.array([case["scalar"]]),
        )  # fmt: skip
        broken += None in case["soh_capacity"]
        for part in PARTS:
            theirs, ours = np.array(case[part], dtype=np.float64), getattr(found, part)[0, 1:]
            if not np.array_equal(np.isnan(theirs), np.isnan(ours)):
                apart[part] = np.inf
            apart[part] = max(apart[part], float(np.nanmax(np.abs(theirs - ours), initial=0.0)))
    return [
        *(Figure(name=f"ageing_blast_lite_{part}_apart", value=apart[part], unit="-", goal=1e-9) for part in PARTS),
        Figure(name="ageing_blast_lite_lives", value=len(cases), unit="-"),
        Figure(name="ageing_blast_lite_lives_that_end_in_nan", value=broken, unit="-"),
    ]


def thousand_lives() -> Iterable[Figure]:
    """Time of a thousand lives of twenty years in BLAST-Lite's own walk, rates scattered, on one thread."""
    names = [f"ageing_1000_lives_{model}{kept}" for model in MODELS for kept in ("", "_throughput_kept")]
    if not (DATA / "twin" / "duty").is_dir():
        return [Figure(name=name, value=NOT_RUN, unit="s", goal=1.0) for name in names]
    say("a thousand lives as BLAST-Lite walks them")
    scalars = np.exp(DEVIATION * np.random.default_rng(1).normal(size=N_LIVES))
    year = profile(DATA / "twin", "frequency_containment_reserve", "honolulu", 3600)
    figures: list[Figure] = []
    for model in MODELS:
        for keeps in (False, True):
            best = np.inf
            for _ in range(3):
                started = process_time()
                blast_lives(model, *year, keeps_throughput=keeps, scalars=scalars, shares_table=keeps)
                best = min(best, process_time() - started)
            name = f"ageing_1000_lives_{model}{'_throughput_kept' if keeps else ''}"
            figures.append(Figure(name=name, value=best, unit="s", goal=1.0))
    return figures


def counted_cycles() -> Iterable[Figure]:
    """Cycles of 52,560 points beside the rainflow package: the same ones, in how much less time."""
    say("rainflow")
    soc = np.clip(0.5 + np.cumsum(np.random.default_rng(3).normal(0.0, 0.02, 52_560)) % 0.9 - 0.45, 0.0, 1.0)
    ours = rainflow(soc)
    theirs = np.array([each[:3] for each in package.extract_cycles(soc)])
    mine = np.column_stack((ours.depth, ours.mean, ours.count))
    order, other = (np.lexsort(np.round(rows, 12).T) for rows in (mine, theirs))
    same = mine.shape == theirs.shape and np.allclose(mine[order], theirs[other], atol=1e-12)
    own_s, peer_s = timed(lambda: rainflow(soc)), timed(lambda: list(package.extract_cycles(soc)))
    return [
        Figure(name="ageing_rainflow_cycles_differ", value=float(not same), unit="-", goal=0.0),
        Figure(name="ageing_rainflow_ratio", value=peer_s / own_s, unit="x", goal=50.0, is_more_better=True),
        Figure(name="ageing_rainflow_time", value=1e3 * own_s, unit="ms"),
    ]


def calendar_errors() -> Iterable[Figure]:
    """Error of each model at the published calendar conditions, nothing refitted. [points of capacity]"""
    names = {law: f"ageing_calendar_rmse_{law}" for law in ageing_law_names()}
    if not CALENDAR.is_file():
        return [Figure(name=name, value=NOT_RUN, unit="point") for name in names.values()]
    say("calendar data")
    with CALENDAR.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    figures: list[Figure] = []
    for law, name in names.items():
        gaps = [
            np.interp(float(row["elapsed_days"]), np.arange(loss.size), loss) - float(row["capacity_loss_pct"])
            for condition in {row["condition_id"] for row in rows}
            for loss in [resting_loss(law, next(row for row in rows if row["condition_id"] == condition))]
            for row in rows
            if row["condition_id"] == condition and row["capacity_loss_pct"]
        ]
        figures.append(Figure(name=name, value=float(np.sqrt(np.mean(np.square(gaps)))), unit="point"))
    return figures


def resting_loss(name: str, condition: dict[str, str], n_days: int = 886) -> np.ndarray:
    """Capacity that a resting cell has lost at the end of each day, from day 0 on. [points]"""
    law = ageing_law(name)
    soc = np.full(24, float(condition["storage_soc_fraction"]))
    day = duty_days(soc, np.full(24, float(condition["temperature_c"])), np.zeros(24), 3600.0)
    slots, arrays = law.stresses(day)[0], term_arrays(law)
    state, lost = np.zeros(len(law.terms)), [0.0]
    for _ in range(n_days):
        advance_day(state, slots, np.ones(state.size), *arrays)
        lost.append(100.0 * losses(state, arrays.kinds, arrays.quantities, arrays.powers)[0])
    return np.array(lost)


def timed(work) -> float:
    """Shortest time of some runs. [s]"""
    work()
    best = np.inf
    for _ in range(REPEATS):
        started = perf_counter()
        work()
        best = min(best, perf_counter() - started)
    return best


if __name__ == "__main__":
    sys.exit(main())
