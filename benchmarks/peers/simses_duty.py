"""SimSES 2 on a made-up duty: 90 days at 60 s of a Sony pack, ambient model, and once more with a converter.

Runs in SimSES's own environment (`make bench-peers`), prints one JSON object: sums, daily samples, seconds.
The duty is a formula, so that whoever runs it gets the same numbers without a file: see `duty`.
"""

from __future__ import annotations

import json
import math
import sys
import time
from importlib.metadata import version

STEP_S = 60.0
SERIAL, PARALLEL = 100, 10
POWER_W_MAX = 0.5 * 3.0 * PARALLEL * 3.2 * SERIAL
BIAS = 0.0036  # makes good what the pack loses, so that it stays off its limits for all 90 days


def duty(step: int) -> tuple[float, float]:
    """Power, charge positive as SimSES counts it [W], and ambient temperature [degC] of a step."""
    t = step * STEP_S
    daily = math.sin(2.0 * math.pi * t / 86_400.0)
    fast = math.sin(2.0 * math.pi * t / 5_400.0) + math.sin(2.0 * math.pi * t / 1_260.0)
    ambient_c = (
        22.0 + 6.0 * math.sin(2.0 * math.pi * t / (30.0 * 86_400.0)) + 4.0 * math.sin(2.0 * math.pi * t / 86_400.0)
    )
    return POWER_W_MAX * (BIAS - 0.08 * daily + 0.40 * fast), ambient_c


def run(n_days: int, *, with_converter: bool = False, inner: int = 1) -> dict[str, object]:
    """Step SimSES through the duty, each step of it cut into inner ones of constant power."""
    from simses.battery.battery import Battery  # noqa: PLC0415
    from simses.converter.converter import Converter  # noqa: PLC0415
    from simses.model.cell.sony_lfp import SonyLFP  # noqa: PLC0415
    from simses.model.converter.sungrow import SungrowSC1000TL  # noqa: PLC0415
    from simses.thermal.ambient import AmbientThermalModel  # noqa: PLC0415

    battery = Battery(SonyLFP(), (SERIAL, PARALLEL), {"start_soc": 0.5, "start_T": 22.0})
    ambient = AmbientThermalModel(22.0, [battery])
    front = Converter(SungrowSC1000TL(), POWER_W_MAX, battery) if with_converter else battery
    daily, energy_j, loss_j = [], 0.0, 0.0
    steps = round(n_days * 86_400.0 / STEP_S)
    started = time.perf_counter()
    for step in range(steps):
        power_w, ambient.T_ambient = duty(step)
        for _ in range(inner):
            front.step(power_w, STEP_S / inner)
            ambient.step(STEP_S / inner)
            energy_j += abs(battery.state.power) * STEP_S / inner
            loss_j += battery.state.loss * STEP_S / inner
        if (step + 1) % 1440 == 0:
            daily.append([battery.state.soc, battery.state.v / SERIAL, battery.state.T])
    seconds = time.perf_counter() - started
    return {
        "days": n_days, "steps": steps, "seconds": seconds, "throughput_kwh": energy_j / 3.6e6,
        "loss_kwh": loss_j / 3.6e6, "daily_soc_voltage_temperature": [[round(x, 9) for x in row] for row in daily],
    }  # fmt: skip


def main() -> int:
    """Run and print: days, and by how much finer steps a second run takes, from the command line."""
    n_days = int(sys.argv[1]) if len(sys.argv) > 1 else 90
    inner = int(sys.argv[2]) if len(sys.argv) > 2 else 0
    result = {
        "version": version("simses"), "step_s": STEP_S,
        "battery": run(n_days), "with_converter_seconds": run(n_days, with_converter=True)["seconds"],
    }  # fmt: skip
    if inner:
        result["finer"] = {"step_s": STEP_S / inner, **run(n_days, inner=inner)}
    print(json.dumps(result))
    return 0


if __name__ == "__main__":
    sys.exit(main())
