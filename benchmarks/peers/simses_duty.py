"""SimSES 2 on a made-up duty: 90 days at 60 s of a Sony pack and ambient model, on the DC side and behind a converter.

Runs in SimSES's own environment (`make bench-peers`), prints one JSON object: sums, daily samples, seconds.
The duty is a formula, so that whoever runs it gets the same numbers without a file: see `duty`.
"""

from __future__ import annotations

import copy
import json
import math
import sys
import time
from importlib.metadata import version
from itertools import pairwise

STEP_S = 60.0
SERIAL, PARALLEL = 100, 10
POWER_W_MAX = 0.5 * 3.0 * PARALLEL * 3.2 * SERIAL
BIAS_DC, BIAS_AC = 0.0036, 0.0129  # make good what is lost, so that the pack stays off its limits for all 90 days
SOC_NODES = 20_001


def duty(step: int, bias: float) -> tuple[float, float]:
    """Power, charge positive as SimSES counts it [W], and ambient temperature [degC] of a step."""
    t = step * STEP_S
    daily = math.sin(2.0 * math.pi * t / 86_400.0)
    fast = math.sin(2.0 * math.pi * t / 5_400.0) + math.sin(2.0 * math.pi * t / 1_260.0)
    ambient_c = (
        22.0 + 6.0 * math.sin(2.0 * math.pi * t / (30.0 * 86_400.0)) + 4.0 * math.sin(2.0 * math.pi * t / 86_400.0)
    )
    return POWER_W_MAX * (bias - 0.08 * daily + 0.40 * fast), ambient_c


def stored_kwh(battery) -> float:
    """Energy between soc 0 and the battery's soc at its own open-circuit voltage. [kWh]"""
    state, volts = copy.copy(battery.state), []
    for node in range(SOC_NODES):
        state.soc = battery.state.soc * node / (SOC_NODES - 1)
        volts.append(battery.open_circuit_voltage(state))
    mean_v = sum(0.5 * (low + high) for low, high in pairwise(volts)) / (SOC_NODES - 1)
    return mean_v * battery.state.soc * battery.capacity(battery.state) / 1000.0


def run(n_days: int, *, with_converter: bool = False, inner: int = 1) -> dict[str, object]:
    """Step SimSES through the duty, each step of it cut into inner ones of constant power.

    `energy_made_kwh` is what its own books lack: gain of stored energy less (terminal energy less its loss).
    """
    from simses.battery.battery import Battery  # noqa: PLC0415
    from simses.converter.converter import Converter  # noqa: PLC0415
    from simses.model.cell.sony_lfp import SonyLFP  # noqa: PLC0415
    from simses.model.converter.sungrow import SungrowSC1000TL  # noqa: PLC0415
    from simses.thermal.ambient import AmbientThermalModel  # noqa: PLC0415

    battery = Battery(SonyLFP(), (SERIAL, PARALLEL), {"start_soc": 0.5, "start_T": 22.0})
    ambient = AmbientThermalModel(22.0, [battery])
    front = Converter(SungrowSC1000TL(), POWER_W_MAX, battery) if with_converter else battery
    bias = BIAS_AC if with_converter else BIAS_DC
    before_kwh = stored_kwh(battery)
    daily, through_j, loss_j, net_j, ac_j, ac_through_j, charge_as = [], 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    low, high = 1.0, 0.0
    steps, inner_s = round(n_days * 86_400.0 / STEP_S), STEP_S / inner
    started = time.perf_counter()
    for step in range(steps):
        power_w, ambient.T_ambient = duty(step, bias)
        for _ in range(inner):
            front.step(power_w, inner_s)
            ambient.step(inner_s)
            state = battery.state
            through_j += abs(state.power) * inner_s
            net_j += state.power * inner_s
            loss_j += state.loss * inner_s
            ac_j += front.state.power * inner_s
            ac_through_j += abs(front.state.power) * inner_s
            charge_as += state.i * inner_s
        low, high = min(low, state.soc), max(high, state.soc)
        if (step + 1) % 1440 == 0:
            daily.append([state.soc, state.v / SERIAL, state.T])
    seconds = time.perf_counter() - started
    gained_kwh = stored_kwh(battery) - before_kwh
    soc_of_charge = 0.5 + charge_as / 3600.0 / battery.capacity(battery.state)
    return {
        "days": n_days, "steps": steps, "seconds": seconds, "throughput_kwh": through_j / 3.6e6,
        "loss_kwh": loss_j / 3.6e6, "ac_net_kwh": ac_j / 3.6e6, "ac_throughput_kwh": ac_through_j / 3.6e6,
        "energy_made_kwh": gained_kwh - (net_j - loss_j) / 3.6e6, "soc_off_its_charge": state.soc - soc_of_charge,
        "soc_low": low, "soc_high": high,
        "daily_soc_voltage_temperature": [[round(x, 9) for x in row] for row in daily],
    }  # fmt: skip


def main() -> int:
    """Run and print: days, and by how much finer steps a second run takes, from the command line."""
    n_days = int(sys.argv[1]) if len(sys.argv) > 1 else 90
    inner = int(sys.argv[2]) if len(sys.argv) > 2 else 0
    result = {
        "version": version("simses"), "step_s": STEP_S,
        "battery": run(n_days), "with_converter": run(n_days, with_converter=True),
    }  # fmt: skip
    if inner:
        result["finer"] = {"step_s": STEP_S / inner, **run(n_days, inner=inner)}
        result["finer_with_converter"] = {"step_s": STEP_S / inner, **run(n_days, with_converter=True, inner=inner)}
    print(json.dumps(result))
    return 0


if __name__ == "__main__":
    sys.exit(main())
