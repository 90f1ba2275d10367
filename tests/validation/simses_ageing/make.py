"""Asks SimSES 2 for 90 days of an ageing Sony pack behind its Sungrow converter; writes `reference.json`.

Run in SimSES's own environment: `benchmarks/peers/.envs/simses/bin/python tests/validation/simses_ageing/make.py`; with
a number of days behind it, it prints the same for so many days, and the seconds they took, instead of writing.
"""

import json
import sys
import time
from importlib.metadata import version
from pathlib import Path

from simses.battery.battery import Battery
from simses.converter.converter import Converter
from simses.model.cell.sony_lfp import SonyLFP
from simses.model.converter.sungrow import SungrowSC1000TL
from simses.thermal.ambient import AmbientThermalModel

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[2] / "benchmarks" / "peers"))
from simses_duty import BIAS_AC, PARALLEL, POWER_W_MAX, SERIAL, STEP_S, duty  # noqa: E402

N_DAYS = 90


def run(n_days: int) -> dict:
    """Battery, ambient, converter and ageing; state at the end of each day."""
    battery = Battery(SonyLFP(), (SERIAL, PARALLEL), {"start_soc": 0.5, "start_T": 22.0}, degradation=True)
    ambient = AmbientThermalModel(22.0, [battery])
    front = Converter(SungrowSC1000TL(), POWER_W_MAX, battery)
    daily, through_j, started = [], 0.0, time.process_time()
    for step in range(round(n_days * 86_400.0 / STEP_S)):
        power_w, ambient.T_ambient = duty(step, BIAS_AC)
        front.step(power_w, STEP_S)
        ambient.step(STEP_S)
        through_j += abs(front.state.power) * STEP_S
        if (step + 1) % 1440 == 0:
            state, age = battery.state, battery.degradation.state
            daily.append(
                [state.soc, state.T, state.soh_Q, state.soh_R, age.qloss_cal, age.qloss_cyc, age.rinc_cal, age.rinc_cyc]
            )
    return {
        "peer": f"SimSES {version('simses')}, by make.py beside this file",
        "steps": round(n_days * 86_400.0 / STEP_S),
        "seconds": time.process_time() - started,
        "full_cycles": battery.degradation.cycle_detector.total_fec,
        "ac_throughput_kwh": through_j / 3.6e6,
        "daily": [[round(each, 12) for each in row] for row in daily],
    }


def main() -> int:
    """Ask, and write or print."""
    if len(sys.argv) > 1:
        sys.stdout.write(json.dumps(run(int(sys.argv[1]))) + "\n")
        return 0
    answer = run(N_DAYS)
    del answer["seconds"]
    (HERE / "reference.json").write_text(json.dumps(answer) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
