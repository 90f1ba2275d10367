"""Asks PyBaMM for the discharge curves of the BPX files beside this one; run in PyBaMM's own environment.

`.../benchmarks/peers/.envs/pybamm/bin/python tests/validation/bpx/make.py` writes `pybamm.json`.
"""

import copy
import json
import sys
import warnings
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pybamm

HERE = Path(__file__).resolve().parent
RATES = (0.1, 0.5, 1.0)
SOC = np.round(np.linspace(0.0, 1.0, 101), 10)
SHARES = np.round(np.linspace(0.0, 1.0, 101), 10)


def open_circuit_v(parameters: pybamm.ParameterValues, given: dict) -> list[float]:
    """Open-circuit voltage on a grid of soc, stoichiometries straight between the ends of their windows."""
    sections = given["Parameterisation"]
    curves = []
    for name, sign in (("Positive electrode", -1.0), ("Negative electrode", 1.0)):
        low, high = (sections[name][f"{end} stoichiometry"] for end in ("Minimum", "Maximum"))
        stoichiometry = low + SOC * (high - low) if sign > 0.0 else high - SOC * (high - low)
        ocp = parameters[f"{name} OCP [V]"]
        curves.append(np.array([float(np.ravel(ocp(pybamm.Scalar(x)).evaluate())[0]) for x in stoichiometry]))
    return np.round(curves[0] - curves[1], 7).tolist()


def discharge(model_name: str, parameters: pybamm.ParameterValues, capacity_ah: float, rate: float) -> dict:
    """One constant-current discharge from full to the lower cut-off at the file's temperature."""
    values = parameters.copy()
    values["Current function [A]"] = rate * capacity_ah
    model = {"SPM": pybamm.lithium_ion.SPM, "SPMe": pybamm.lithium_ion.SPMe, "DFN": pybamm.lithium_ion.DFN}[
        model_name
    ]()
    points = {"x_n": 40, "x_s": 20, "x_p": 40, "r_n": 60, "r_p": 60}
    solver = pybamm.IDAKLUSolver(rtol=1e-8, atol=1e-10)
    simulation = pybamm.Simulation(model, parameter_values=values, var_pts=points, solver=solver)
    solution = simulation.solve([0.0, 3600.0 * 1.3 / rate])
    time_s, volts = solution["Time [s]"].entries, solution["Voltage [V]"].entries
    discharged_ah = rate * capacity_ah * time_s / 3600.0
    places_s = SHARES * time_s[-1]
    fine = solution["Voltage [V]"](places_s)
    assert abs(volts[-1] - parameters["Lower voltage cut-off [V]"]) < 5e-3
    return {
        "model": model_name,
        "rate": rate,
        "current_a": rate * capacity_ah,
        "discharged_ah": round(float(discharged_ah[-1]), 6),
        "share_of_discharge_101_points": "0, 0.01, ... 1",
        "voltage_v": np.round(fine, 6).tolist(),
    }


def main() -> int:
    """Run each file with each model and rate."""
    warnings.simplefilter("ignore")
    cases = {}
    for path in sorted(HERE.glob("made_up_*.json")):
        given = json.loads(path.read_text(encoding="utf-8"))
        for name in ("Negative electrode", "Positive electrode"):  # optional in BPX, asked for by PyBaMM
            given["Parameterisation"][name].setdefault("Entropic change coefficient [V.K-1]", 0.0)
        parameters = pybamm.ParameterValues.create_from_bpx_obj(copy.deepcopy(given))
        capacity_ah = given["Parameterisation"]["Cell"]["Nominal cell capacity [A.h]"]
        cases[path.stem] = {
            "open_circuit_v_at_101_soc": open_circuit_v(parameters, given),
            "discharges": [
                discharge(model, parameters, capacity_ah, rate) for model in ("SPMe", "DFN") for rate in RATES
            ],
        }
    answer = {
        "peer": f"PyBaMM {version('pybamm')}, bpx {version('bpx')}",
        "made": "create_from_bpx_obj of the files beside, isothermal, IDAKLU rtol 1e-8, by make.py",
        "cases": cases,
    }
    (HERE / "pybamm.json").write_text(json.dumps(answer, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
