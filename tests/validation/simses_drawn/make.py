"""Asks SimSES 2 for 30 days of each drawn duty, battery, ambient, converter and ageing; writes `reference.json`.

Run in SimSES's own environment: `benchmarks/peers/.envs/simses/bin/python tests/validation/simses_drawn/make.py`.
"""

import json
import sys
from importlib.metadata import version
from pathlib import Path

from simses.battery.battery import Battery
from simses.converter.converter import Converter
from simses.model.cell.sony_lfp import SonyLFP
from simses.model.converter.sungrow import SungrowSC1000TL
from simses.thermal.ambient import AmbientThermalModel

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
from drawn_duties import PARALLEL, POWER_W_MAX, SEEDS, SERIAL, STEP_S, duty  # noqa: E402

DIGITS = 10


def lived(seed: int) -> dict:
    """State at the end of each day, and how many steps the limits of the battery cut short."""
    battery = Battery(SonyLFP(), (SERIAL, PARALLEL), {"start_soc": 0.5, "start_T": 22.0}, degradation=True)
    ambient = AmbientThermalModel(22.0, [battery])
    front = Converter(SungrowSC1000TL(), POWER_W_MAX, battery)
    daily, through_j, n_cut = [], 0.0, 0
    for step, (power_w, ambient_c) in enumerate(zip(*duty(seed), strict=True)):
        ambient.T_ambient = ambient_c
        front.step(power_w, STEP_S)
        ambient.step(STEP_S)
        through_j += abs(front.state.power) * STEP_S
        n_cut += abs(front.state.power - power_w) > 1.0
        if (step + 1) % 1440 == 0:
            state = battery.state
            daily.append([round(each, DIGITS) for each in (state.soc, state.T, state.soh_Q, state.soh_R)])
    full_cycles = battery.degradation.cycle_detector.total_fec
    return {
        "seed": seed, "steps_cut": n_cut, "full_cycles": full_cycles, "ac_throughput_kwh": through_j / 3.6e6,
        "daily_soc_temperature_c_soh_capacity_soh_resistance": daily,
    }  # fmt: skip


def main() -> int:
    """Ask and write."""
    peer = f"SimSES {version('simses')}, by make.py beside this file"
    answer = {"peer": peer, "duties": [lived(each) for each in SEEDS]}
    (HERE / "reference.json").write_text(json.dumps(answer) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
