"""What is known of a kind of cell, with the source and the uncertainty of each value; the sets ship as data files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from battuta.domain.catalogue import Toml, table
from battuta.domain.errors import DataError, InvalidQuantityError
from battuta.numerics.arrays import FloatArray
from battuta.physics.cell_arrays import CellTables

_SOC_NODES = 201
_TAPER_C_LOW = -40.0
_TAPER_STEP_K = 2.5
_TAPER_NODES = 53
_Table: TypeAlias = dict[str, Toml]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """Where a value of a parameter set comes from and how far it may be off.

    Attributes
    ----------
    name : str
        Section of the parameter set.
    status : str
        ``measured`` or ``assumed``.
    source : str
        Paper, data sheet, or the reasoning of an assumption.
    deviation_share : float
        Prior: standard deviation of the logarithm of a common factor on the values; 0 where none is stated. [-]
    """

    name: str
    status: str
    source: str
    deviation_share: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class CellParameters:
    """One kind of cell.

    Attributes
    ----------
    name, label : str
        Name of the set, and what to call it on a screen (it says when values are assumed).
    capacity_ah : float
        Nominal capacity. [Ah]
    ocv_v, entropy_v_per_k : ndarray, shape (n_soc,)
        Open-circuit voltage [V] and dU/dT [V/K] on a uniform grid of soc from 0 to 1.
    resistance_ohm : ndarray, shape (2, n_temperatures, n_soc)
        Series resistance in charge (0) and discharge (1), linear between nodes, held beyond the ends. [ohm]
    temperature_c : ndarray, shape (n_temperatures,)
        Uniform temperature axis of the resistance. [degC]
    relaxation : ndarray, shape (2, 2)
        Resistance [ohm] and time constant [s] of two relaxations; resistance 0 leaves one out.
    hysteresis_v, hysteresis_rate : float
        Half the width of the hysteresis [V]; how fast it turns, per full charge [-].
    voltage_v_min, voltage_v_max : float
        Limits of a cell. [V]
    charge_rate_max, discharge_rate_max : float
        Largest current over capacity. [1/h]
    charge_taper, discharge_taper : tuple of (float, float)
        Temperature [degC] and share of the largest current [-], ascending.
    heat_capacity_j_per_k, coolant_w_per_k, air_w_per_k : float
        Heat capacity of a cell, its conductance to the coolant and to the air. [J/K], [W/K]
    facts : tuple of Fact
        Source, status and prior of each section.
    """

    name: str
    label: str
    capacity_ah: float
    ocv_v: FloatArray
    entropy_v_per_k: FloatArray
    resistance_ohm: FloatArray
    temperature_c: FloatArray
    relaxation: FloatArray
    hysteresis_v: float
    hysteresis_rate: float
    voltage_v_min: float
    voltage_v_max: float
    charge_rate_max: float
    discharge_rate_max: float
    charge_taper: tuple[tuple[float, float], ...]
    discharge_taper: tuple[tuple[float, float], ...]
    heat_capacity_j_per_k: float
    coolant_w_per_k: float
    air_w_per_k: float
    facts: tuple[Fact, ...] = ()

    def __post_init__(self) -> None:
        """Refuse shapes and values that no kernel can use."""
        shape = (2, self.temperature_c.size, self.ocv_v.size)
        if self.resistance_ohm.shape != shape or self.entropy_v_per_k.shape != self.ocv_v.shape or min(shape) < 2:
            message = (
                f"{self.name}: ocv_v {self.ocv_v.shape}, entropy_v_per_k {self.entropy_v_per_k.shape} and "
                f"resistance_ohm {self.resistance_ohm.shape} disagree; the last should be {shape}, all on one soc grid"
            )
            raise DataError(message)
        if not np.allclose(np.diff(self.temperature_c), self.temperature_c[1] - self.temperature_c[0]):
            message = (
                f"{self.name}: temperature_c {self.temperature_c.tolist()} is not evenly spaced; fill in its steps"
            )
            raise DataError(message)
        for name, value, unit in (
            ("capacity_ah", self.capacity_ah, "Ah"),
            ("hysteresis_rate", self.hysteresis_rate, "-"),
            ("heat_capacity_j_per_k", self.heat_capacity_j_per_k, "J/K"),
            ("resistance_ohm", float(self.resistance_ohm.min()), "ohm"),
        ):
            if not value > 0.0:
                raise InvalidQuantityError(name, value, np.nextafter(0.0, 1.0), np.inf, unit, where=self.name)

    def tables(self) -> CellTables:
        """Arrange the values for the kernels.

        Returns
        -------
        CellTables
            Arrays and floats.
        """
        axis = np.linspace(_TAPER_C_LOW, _TAPER_C_LOW + _TAPER_STEP_K * (_TAPER_NODES - 1), _TAPER_NODES)
        tapers = np.array([_on_grid(axis, each) for each in (self.charge_taper, self.discharge_taper)])
        return CellTables(
            ocv_v=np.ascontiguousarray(self.ocv_v, dtype=np.float64),
            ocv_integral_v=_running_integral(self.ocv_v),
            entropy_v_per_k=np.ascontiguousarray(self.entropy_v_per_k, dtype=np.float64),
            entropy_integral_v_per_k=_running_integral(self.entropy_v_per_k),
            resistance_ohm=np.ascontiguousarray(self.resistance_ohm, dtype=np.float64),
            temperature_c_low=float(self.temperature_c[0]),
            temperature_per_k=1.0 / float(self.temperature_c[1] - self.temperature_c[0]),
            relaxation=np.ascontiguousarray(self.relaxation, dtype=np.float64),
            hysteresis_v=self.hysteresis_v,
            hysteresis_rate=self.hysteresis_rate,
            limits_v=np.array([self.voltage_v_min, self.voltage_v_max]),
            limits_a=np.array([self.charge_rate_max, self.discharge_rate_max]) * self.capacity_ah,
            soc_per_as=1.0 / (3600.0 * self.capacity_ah),
            taper=tapers,
            taper_c_low=_TAPER_C_LOW,
            taper_per_k=1.0 / _TAPER_STEP_K,
        )


def cell_parameters(name: str) -> CellParameters:
    """Read a set that ships with the package.

    Parameters
    ----------
    name : str
        Name of the set, such as ``lfp_314ah``.

    Returns
    -------
    CellParameters
        The set.

    Examples
    --------
    >>> cell_parameters("lfp_314ah").label
    '314 Ah LFP, assumed with priors'
    """
    return from_table(name, table("physics", "parameter_sets", name))


def from_table(name: str, content: _Table) -> CellParameters:
    """Build a set from a parsed TOML table.

    Parameters
    ----------
    name : str
        Name of the set.
    content : dict
        Sections as the files in ``parameter_sets`` have them.

    Returns
    -------
    CellParameters
        The set, its curves interpolated on a uniform grid of soc.
    """
    grid = np.linspace(0.0, 1.0, _SOC_NODES)
    ocv, entropy, series = (_section(content, each, name) for each in ("ocv", "entropy", "series_resistance"))
    relaxation, hysteresis = _section(content, "relaxation", name), _section(content, "hysteresis", name)
    limits, heat = _section(content, "limits", name), _section(content, "heat", name)
    axis = _numbers(series, "soc")
    resistance = np.stack([_rows_on_grid(grid, axis, _rows(series, each)) for each in ("charge_ohm", "discharge_ohm")])
    return CellParameters(
        name=name,
        label=str(content["label"]),
        capacity_ah=_number(content, "capacity_ah"),
        ocv_v=np.interp(grid, _numbers(ocv, "soc"), _numbers(ocv, "voltage_v")),
        entropy_v_per_k=np.interp(grid, _numbers(entropy, "soc"), _numbers(entropy, "entropy_v_per_k")),
        resistance_ohm=resistance,
        temperature_c=_numbers(series, "temperature_c"),
        relaxation=np.column_stack((_numbers(relaxation, "resistance_ohm"), _numbers(relaxation, "time_s"))),
        hysteresis_v=_number(hysteresis, "amplitude_v"),
        hysteresis_rate=_number(hysteresis, "rate"),
        voltage_v_min=_number(limits, "voltage_v_min"),
        voltage_v_max=_number(limits, "voltage_v_max"),
        charge_rate_max=_number(limits, "charge_rate_max"),
        discharge_rate_max=_number(limits, "discharge_rate_max"),
        charge_taper=_pairs(limits, "charge_taper"),
        discharge_taper=_pairs(limits, "discharge_taper"),
        heat_capacity_j_per_k=_number(heat, "capacity_j_per_k"),
        coolant_w_per_k=_number(heat, "coolant_w_per_k"),
        air_w_per_k=_number(heat, "air_w_per_k"),
        facts=tuple(
            Fact(
                name=key,
                status=str(section["status"]),
                source=str(section["source"]),
                deviation_share=_number(section, "deviation_share") if "deviation_share" in section else 0.0,
            )
            for key, section in content.items()
            if isinstance(section, dict) and "source" in section
        ),
    )


def _running_integral(values: FloatArray) -> FloatArray:
    return np.concatenate(([0.0], np.cumsum(0.5 * (values[1:] + values[:-1])))) / (values.size - 1)


def _on_grid(grid: FloatArray, points: tuple[tuple[float, float], ...]) -> FloatArray:
    return np.interp(grid, np.array([x for x, _ in points]), np.array([y for _, y in points]))


def _rows_on_grid(grid: FloatArray, axis: FloatArray, rows: FloatArray) -> FloatArray:
    found = np.empty((rows.shape[0], grid.size))
    for number in range(rows.shape[0]):
        found[number] = np.interp(grid, axis, rows[number])
    return found


def _section(content: _Table, key: str, name: str) -> _Table:
    found = content.get(key)
    if not isinstance(found, dict):
        message = f"parameter set {name}: section [{key}] is missing; copy it from another set and fill it in"
        raise DataError(message)
    return found


def _number(content: _Table, key: str) -> float:
    value = content.get(key)
    if not isinstance(value, int | float):
        message = f"parameter set: {key} = {value!r} should be a number"
        raise DataError(message)
    return float(value)


def _numbers(content: _Table, key: str) -> FloatArray:
    value = content.get(key)
    if not isinstance(value, list):
        message = f"parameter set: {key} = {value!r} should be a list of numbers"
        raise DataError(message)
    return np.array(value, dtype=np.float64)


def _rows(content: _Table, key: str) -> FloatArray:
    return np.atleast_2d(_numbers(content, key))


def _pairs(content: _Table, key: str) -> tuple[tuple[float, float], ...]:
    return tuple((float(x), float(y)) for x, y in _rows(content, key))
