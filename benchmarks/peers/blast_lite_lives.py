"""BLAST-Lite's two lithium iron phosphate models over twenty years: its duty profiles in two climates.

Runs in BLAST-Lite's own environment (`make bench-peers`), reads the profiles from the data folder, prints one JSON
object with the state at the end of each year. Only these numbers are committed, as
tests/validation/blast_lite/reference.json.
"""

from __future__ import annotations

import json
import os
import sys
import time
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pandas as pd
from blast.models import Lfp_Gr_250AhPrismatic, Lfp_Gr_SonyMurata3Ah_Battery
from blast.utils.functions import assemble_one_year_input

N_YEARS = 20
MODELS = {"lfp_250ah": Lfp_Gr_250AhPrismatic, "sony_lfp_3ah": Lfp_Gr_SonyMurata3Ah_Battery}
STEP_S = {
    "commercial_peak_shaving": 600,
    "commercial_pv-bess_nrel": 900,
    "frequency_containment_reserve": 600,
    "residential_pv-bess_germany_aggressive": 600,
}
SCALED = 1.2  # of the rates, in one more case
SCALED_CASE = ("miami", "commercial_pv-bess_nrel")


def climates(folder: Path) -> dict[str, pd.DataFrame]:
    """Ambient temperature as BLAST-Lite takes it: seconds from the first row of the file, and degrees."""
    miami = pd.read_csv(folder / "hourly_temperature_miami.csv", encoding="utf-8-sig")
    return {
        "honolulu": pd.read_csv(folder / "nsrdb_honolulu.csv")[["Time_s", "Temperature_C"]],
        "miami": pd.DataFrame({"Time_s": miami["t_hours"] * 3600.0, "Temperature_C": miami["T_degC"]}),
    }


def life(model: str, profile: pd.DataFrame, *, conserve: bool, scalar: float = 1.0) -> dict[str, object]:
    """Run one life until `N_YEARS` are past, and keep the first state after each of its years."""
    cell = MODELS[model](degradation_scalar=scalar)
    started = time.perf_counter()
    cell.simulate_battery_life(profile, threshold_time=N_YEARS, is_conserve_energy_throughput=conserve)
    seconds = time.perf_counter() - started
    years = cell.stressors["t_days"] / 365.0
    at = [int(np.argmax(years > year)) for year in range(1, N_YEARS + 1)]
    resistance = cell.outputs.get("r", np.ones(years.size))
    return {
        "conserve": conserve,
        "scalar": scalar,
        "n_steps": int(years.size - 1),
        "soh_capacity": known(cell.outputs["q"][at]),
        "soh_resistance": known(resistance[at]),
        "full_cycles": known(cell.stressors["efc"][at]),
        "seconds": round(seconds, 3),
    }


def known(values: np.ndarray) -> list[float | None]:
    """Numbers as JSON has them; its Sony model ends in NaN where a day's end lies below the loss so far."""
    return [None if np.isnan(each) else float(each) for each in values]


def main() -> int:
    """Print all cases."""
    folder = Path(os.environ.get("BATTUTA_DATA", "../shared/data")) / "twin"
    cases: list[dict[str, object]] = []
    for duty, step_s in STEP_S.items():
        soc = pd.read_parquet(folder / "duty" / f"{duty}.parquet")[["Time_s", "SOC"]]
        for place, climate in climates(folder / "climate").items():
            profile = assemble_one_year_input(soc, climate, time_interval=step_s)
            sums = {
                "n_times": len(profile),
                "soc": profile["SOC"].sum(),
                "temperature_c": profile["Temperature_C"].sum(),
            }
            ways = [(False, 1.0), (True, 1.0)]
            if (place, duty) == SCALED_CASE:
                ways.append((True, SCALED))
            for model in MODELS:
                for conserve, scalar in ways:
                    found = life(model, profile, conserve=conserve, scalar=scalar)
                    cases.append(
                        {"duty": duty, "climate": place, "step_s": step_s, "model": model, "sums": sums, **found}
                    )
                    sys.stderr.write(f"{duty} {place} {model} {conserve} {found['seconds']} s\n")
    json.dump({"blast_lite": version("blast-lite"), "numpy": np.__version__, "cases": cases}, sys.stdout)
    sys.stdout.write("\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
