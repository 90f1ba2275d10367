"""The arrays of a kind of cell and of many cells, as kernels take them."""

from __future__ import annotations

from typing import NamedTuple

from battuta.numerics.arrays import FloatArray


class CellTables(NamedTuple):
    """Equations of one kind of cell as arrays on uniform grids; `CellParameters.tables` makes it.

    Attributes
    ----------
    ocv_v, ocv_integral_v : ndarray, shape (n_soc,)
        Open-circuit voltage on a uniform grid of soc from 0 to 1, and its integral over soc. [V]
    entropy_v_per_k, entropy_integral_v_per_k : ndarray, shape (n_soc,)
        dU/dT and its integral over soc. [V/K]
    resistance_ohm : ndarray, shape (2, n_temperatures, n_soc)
        Series resistance in charge (0) and discharge (1). [ohm]
    temperature_c_low, temperature_per_k : float
        First node of the temperature axis [degC] and nodes per kelvin [1/K].
    relaxation : ndarray, shape (2, 2)
        Resistance [ohm] and time constant [s] of the two relaxations.
    hysteresis_v, hysteresis_rate : float
        Amplitude M [V] and rate gamma [-].
    limits_v : ndarray, shape (2,)
        Lowest and highest voltage of a cell. [V]
    limits_a : ndarray, shape (2,)
        Largest charge and discharge current, both positive. [A]
    soc_per_as : float
        Change of soc of a nominal cell by one ampere in one second. [1/(A s)]
    taper : ndarray, shape (2, n_tapers)
        Share of the largest charge (0) and discharge (1) current that a temperature allows. [-]
    taper_c_low, taper_per_k : float
        First node of the taper axis [degC] and nodes per kelvin [1/K].
    """

    ocv_v: FloatArray
    ocv_integral_v: FloatArray
    entropy_v_per_k: FloatArray
    entropy_integral_v_per_k: FloatArray
    resistance_ohm: FloatArray
    temperature_c_low: float
    temperature_per_k: float
    relaxation: FloatArray
    hysteresis_v: float
    hysteresis_rate: float
    limits_v: FloatArray
    limits_a: FloatArray
    soc_per_as: float
    taper: FloatArray
    taper_c_low: float
    taper_per_k: float


class CellArrays(NamedTuple):
    """State, properties and last answers of many cells, string after string, along the coolant; each ``(n_cells,)``.

    Attributes
    ----------
    soc, hysteresis : ndarray
        State of charge and of hysteresis. [-]
    relaxation_v_first, relaxation_v_last : ndarray
        Voltages of the two relaxations, positive after discharge. [V]
    temperature_c : ndarray
        Temperature. [degC]
    capacity_ah : ndarray
        Capacity. [Ah]
    resistance_factor : ndarray
        Factor on the series resistance. [-]
    contact_ohm : ndarray
        Extra resistance of joints; its heat goes to the cell. [ohm]
    leak_a : ndarray
        Self-discharge current. [A]
    voltage_v, voltage_v_mean : ndarray
        Terminal voltage at the end of the last step, and its mean over the step. [V]
    heat_w : ndarray
        Mean heat of the last inner step, reversible part included. [W]
    """

    soc: FloatArray
    hysteresis: FloatArray
    relaxation_v_first: FloatArray
    relaxation_v_last: FloatArray
    temperature_c: FloatArray
    capacity_ah: FloatArray
    resistance_factor: FloatArray
    contact_ohm: FloatArray
    leak_a: FloatArray
    voltage_v: FloatArray
    voltage_v_mean: FloatArray
    heat_w: FloatArray
