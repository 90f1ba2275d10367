"""Asks PyBaMM for discharges of its LFP set Prada2013; run in PyBaMM's own environment, writes `prada2013.json`.

`.../benchmarks/peers/.envs/pybamm/bin/python tests/validation/pybamm_lfp/make.py`
"""

import json
import sys
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pybamm

RATES = (0.1, 0.5, 1.0)
MODELS = {"SPM": pybamm.lithium_ion.SPM, "SPMe": pybamm.lithium_ion.SPMe}
DEPTHS = np.round(np.linspace(0.0, 1.0, 201), 10)


def discharge(model: str, rate: float) -> dict:
    """One constant-current discharge from full to 2.0 V at 25 degC; voltage over share of the nominal capacity."""
    values = pybamm.ParameterValues("Prada2013")
    nominal_ah = values["Nominal cell capacity [A.h]"]
    values["Current function [A]"] = rate * nominal_ah
    points = {"x_n": 40, "x_s": 20, "x_p": 40, "r_n": 80, "r_p": 80}
    solver = pybamm.IDAKLUSolver(rtol=1e-8, atol=1e-10)
    simulation = pybamm.Simulation(MODELS[model](), parameter_values=values, var_pts=points, solver=solver)
    solution = simulation.solve([0.0, 3600.0 * 1.3 / rate])
    end_s = solution["Time [s]"].entries[-1]
    depth_end = rate * end_s / 3600.0
    given = DEPTHS[depth_end >= DEPTHS]
    return {
        "model": model,
        "rate": rate,
        "depth_end": round(float(depth_end), 6),
        "voltage_v": np.round(solution["Voltage [V]"](given * 3600.0 / rate), 6).tolist(),
        "open_circuit_v": np.round(solution["Bulk open-circuit voltage [V]"](given * 3600.0 / rate), 6).tolist(),
    }


def main() -> int:
    """Run all and write them."""
    answer = {
        "peer": f"PyBaMM {version('pybamm')}, parameter set Prada2013 as it ships, isothermal at its 298 K",
        "made": "make.py beside this file; IDAKLU, rtol 1e-8",
        "depth": "charge given over nominal capacity (2.3 Ah): 0, 0.005, 0.01, ... as far as the discharge goes",
        "discharges": [discharge(model, rate) for model in MODELS for rate in RATES],
    }
    path = Path(__file__).resolve().parent / "prada2013.json"
    path.write_text(json.dumps(answer) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
