"""Refuses a BPX cell that cannot exist although each of its numbers could: sections that contradict one another.

A simulation of such a cell would run and mean nothing, so each check names the keys that disagree, by how much, and
what to look at first. The limits are wide: no cell known comes near them.
"""

from __future__ import annotations

import numpy as np

from battuta.adapters.files.bpx_circuit import ElectrodeSide
from battuta.adapters.files.bpx_schema import Cell
from battuta.domain.errors import DataError
from battuta.numerics.arrays import FloatArray
from battuta.physics.cell_parameters import CellParameters

NOMINAL_FACTOR = 2.0
"""Nominal capacity and that of the stoichiometry windows may differ by this factor. [-]"""
_FALL_V, _FALL_V_NAMED = 0.010, 1e-6
_OCV_V_MAX = 10.0
_BRANCHES_V_MAX = 2.0
_ENTROPY_V_PER_K_MAX = 0.01


def check_nominal(nominal_ah: float, window_ah: float) -> None:
    """Refuse a nominal capacity that the stoichiometry windows cannot hold, or hold many times.

    Parameters
    ----------
    nominal_ah : float
        Nominal capacity of the file. [Ah]
    window_ah : float
        Charge between the stoichiometries of the smaller electrode. [Ah]

    Examples
    --------
    >>> check_nominal(5.0, 5.2)
    """
    if not nominal_ah / NOMINAL_FACTOR <= window_ah <= nominal_ah * NOMINAL_FACTOR:
        message = (
            f"Nominal cell capacity [A.h] is {nominal_ah:.4g} Ah, the stoichiometry windows hold {window_ah:.4g} Ah: "
            f"more than a factor of {NOMINAL_FACTOR:g} apart; mend it, the electrode area or the number of pairs"
        )
        raise DataError(message)


def check_open_circuit(negative: ElectrodeSide, positive: ElectrodeSide, cell: Cell, grid: FloatArray) -> list[str]:
    """Refuse an open-circuit voltage that is not above 0, does not rise with charge or lies outside the cut-offs.

    Parameters
    ----------
    negative, positive : ElectrodeSide
        Both electrodes.
    cell : Cell
        Section with the cut-offs.
    grid : ndarray, shape (n_soc,)
        State of charge, ascending. [-]

    Returns
    -------
    list of str
        What is odd but possible, in words.
    """
    upper_v = positive.curve("OCP [V]", positive.given.ocp_v, grid)
    lower_v = negative.curve("OCP [V]", negative.given.ocp_v, grid)
    ocv_v = upper_v - lower_v
    for at in (int(np.argmin(ocv_v)), int(np.argmax(ocv_v))):
        if not 0.0 < ocv_v[at] <= _OCV_V_MAX:
            asked = "are the electrodes exchanged?" if np.mean(ocv_v) <= 0.0 else "mend OCP [V] or the stoichiometries"
            message = (
                f"open-circuit voltage is {ocv_v[at]:.4g} V at soc {grid[at]:.3g} (OCP of the Positive electrode "
                f"{upper_v[at]:.4g} V less {lower_v[at]:.4g} V of the Negative); it should be above 0 and at most "
                f"{_OCV_V_MAX:g} V: {asked}"
            )
            raise DataError(message)
    low_v, high_v = float(np.min(ocv_v)), float(np.max(ocv_v))
    if cell.voltage_v_min >= high_v or cell.voltage_v_max <= low_v:
        message = (
            f"open-circuit voltage runs from {low_v:.4g} to {high_v:.4g} V, the cut-offs from "
            f"{cell.voltage_v_min:g} to {cell.voltage_v_max:g} V: they do not overlap; "
            "mend the cut-offs (of one cell?) or OCP [V]"
        )
        raise DataError(message)
    return _rising(grid, ocv_v, "Positive" if _fall(upper_v)[0] >= _fall(-lower_v)[0] else "Negative")


def _rising(grid: FloatArray, ocv_v: FloatArray, suspect: str) -> list[str]:
    fall_v, at = _fall(ocv_v)
    if fall_v > _FALL_V:
        message = (
            f"open-circuit voltage falls by {1000.0 * fall_v:.4g} mV while soc rises to {grid[at]:.3g}; charging "
            f"should raise it: mend OCP [V] of the {suspect} electrode, which should fall with x"
        )
        raise DataError(message)
    if fall_v > _FALL_V_NAMED:
        return [f"open-circuit voltage falls by {1000.0 * fall_v:.2g} mV on the way to soc {grid[at]:.3g}; kept so"]
    return []


def _fall(curve_v: FloatArray) -> tuple[float, int]:
    """Largest fall below any earlier value, and where it ends."""
    below = np.maximum.accumulate(curve_v) - curve_v
    at = int(np.argmax(below))
    return float(below[at]), at


def branch_width_v(side: ElectrodeSide, middle: FloatArray, notes: list[str]) -> float | None:
    """Mean width between the branches of one electrode.

    Parameters
    ----------
    side : ElectrodeSide
        The electrode.
    middle : ndarray, shape (n_soc,)
        State of charge over which the mean is taken. [-]
    notes : list of str
        Gains a line where only one branch is given.

    Returns
    -------
    float or None
        Delithiation less lithiation [V]; None without both. Exchanged branches are refused.
    """
    upper, lower = side.given.ocp_delithiation_v, side.given.ocp_lithiation_v
    if upper is None and lower is None:
        return None
    if upper is None or lower is None:
        given, lacking = ("lithiation", "delithiation") if upper is None else ("delithiation", "lithiation")
        notes.append(
            f"{side.name} gives OCP ({given}) [V] but not OCP ({lacking}) [V]: the one is not used, no hysteresis of it"
        )
        return None
    width_v = side.curve("OCP (delithiation) [V]", upper, middle) - side.curve("OCP (lithiation) [V]", lower, middle)
    mean_v = float(np.mean(width_v))
    if not 0.0 <= mean_v <= _BRANCHES_V_MAX:
        message = (
            f"{side.name}: OCP (delithiation) [V] is {mean_v:.4g} V above OCP (lithiation) [V] in the mean; it should "
            f"be 0 to {_BRANCHES_V_MAX:g} V above: are the two exchanged?"
        )
        raise DataError(message)
    return mean_v


def check_entropy(side: ElectrodeSide, entropy_v_per_k: FloatArray) -> None:
    """Refuse an entropic change that is no volt per kelvin.

    Parameters
    ----------
    side : ElectrodeSide
        The electrode.
    entropy_v_per_k : ndarray, shape (n_soc,)
        Its entropic change. [V/K]
    """
    largest = float(np.max(np.abs(entropy_v_per_k)))
    if largest > _ENTROPY_V_PER_K_MAX:
        message = (
            f"{side.name}.Entropic change coefficient [V.K-1] reaches {largest:.4g} V/K; it should stay within "
            f"{_ENTROPY_V_PER_K_MAX:g} V/K: is it in mV/K?"
        )
        raise DataError(message)


def check_losses(parameters: CellParameters, current_a: float) -> None:
    """Refuse a cell whose values are not finite, or that loses its whole voltage at a usual current.

    Parameters
    ----------
    parameters : CellParameters
        The cell.
    current_a : float
        A usual current. [A]
    """
    each = {
        "resistance_ohm": parameters.resistance_ohm,
        "relaxation": parameters.relaxation,
        "heat_capacity_j_per_k": np.array([parameters.heat_capacity_j_per_k]),
        "air_w_per_k": np.array([parameters.air_w_per_k]),
    }
    endless = [name for name, values in each.items() if not np.isfinite(values).all()]
    if endless:
        message = f"{', '.join(endless)} would be infinite; a number of the file is too large or too small: mend it"
        raise DataError(message)
    loss_v = current_a * float(np.min(parameters.resistance_ohm) + np.sum(parameters.relaxation[:, 0]))
    mean_v = float(np.mean(parameters.ocv_v))
    if loss_v > mean_v:
        kinds = ("reaction, electrolyte and solid", "diffusion in the electrolyte", "diffusion in particles")
        ohm = (float(np.min(parameters.resistance_ohm)), *parameters.relaxation[:, 0].tolist())
        message = (
            f"the cell would lose {loss_v:.4g} V at {current_a:.4g} A, of {mean_v:.4g} V that it has, most in "
            f"{kinds[int(np.argmax(ohm))]}: mend rate constants, diffusivities or conductivities"
        )
        raise DataError(message)
