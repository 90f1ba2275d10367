"""What a container's telemetry of a day says of its capacity, resistance, cooling and converter losses.

Each is a line fitted by recursive least squares: charge against the state of charge, steps of the voltage against steps
of the current, warming against heat and distance to the ambient, losses against power. The estimates are those of the
container's own sensors: a gain error of the current sensor cancels in the state of health, which is a ratio.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from battuta.domain.errors import DataError
from battuta.numerics.arrays import FloatArray
from battuta.twin.field_fit import RecursiveFit, first_fit

WINDOW_S = 3.0 * 3600.0
"""Length over which charge is set against the state of charge: long against the noise of the latter."""
WARMING_S = 3600.0
"""The same for warming against heat."""
KEPT_CAPACITY, KEPT_RESISTANCE, KEPT_THERMAL, KEPT_LOSS = 0.93, 0.9, 0.9, 0.95
SOC_ERROR, VOLTAGE_ERROR_SHARE, TEMPERATURE_ERROR_K, POWER_ERROR_SHARE = 0.01, 1e-3, 0.1, 2e-3


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FieldPlate:
    """What the data sheets of a container say, where the estimates begin.

    Attributes
    ----------
    capacity_ah : float
        Capacity. [Ah]
    voltage_v : float
        Nominal voltage. [V]
    resistance_ohm : float
        Resistance of the whole string. [ohm]
    power_kw_max : float
        Power of the converter. [kW]
    heat_capacity_kwh_per_k : float
        Heat capacity of the cells. [kWh/K]
    conductance_kw_per_k : float
        Thermal conductance to the ambient. [kW/K]
    resistance_temperature_k : float
        Rise of the logarithm of the resistance over the inverse temperature. [K]
    """

    capacity_ah: float
    voltage_v: float
    resistance_ohm: float
    power_kw_max: float
    heat_capacity_kwh_per_k: float
    conductance_kw_per_k: float
    resistance_temperature_k: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FieldDay:
    """Telemetry of a day, NaN where it is missing.

    Attributes
    ----------
    step_s : float
        Length of a step. [s]
    ac_power_kw : ndarray, shape (n_times,)
        Power at the meter, discharge positive. [kW]
    current_a : ndarray, shape (n_times,)
        Direct current, discharge positive. [A]
    voltage_v : ndarray, shape (n_times,)
        Direct voltage. [V]
    soc : ndarray, shape (n_times,)
        State of charge of the battery's own computer, at the end of each step. [-]
    temperature_c, ambient_c : ndarray, shape (n_times,)
        Of the cells at the end of each step, and of the air outside. [degC]
    """

    step_s: float
    ac_power_kw: FloatArray
    current_a: FloatArray
    voltage_v: FloatArray
    soc: FloatArray
    temperature_c: FloatArray
    ambient_c: FloatArray

    def __post_init__(self) -> None:
        """Refuse columns of different lengths."""
        shape = self.current_a.shape
        for name in ("ac_power_kw", "voltage_v", "soc", "temperature_c", "ambient_c"):
            other = getattr(self, name).shape
            if other != shape:
                message = f"telemetry of a day: {name} has shape {other}, current_a {shape}; give one value a step"
                raise DataError(message)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FieldState:
    """What is known of a container.

    Attributes
    ----------
    plate : FieldPlate
        Its data sheets.
    capacity : RecursiveFit
        Inverse of the capacity [1/Ah] and drift by the current sensor's offset [1/h].
    resistance : RecursiveFit
        Resistance at 25 degC [ohm] and slope of the voltage over the state of charge [V].
    thermal : RecursiveFit
        Warming per heat [K/kWh] and per distance to the ambient [1/h].
    loss : RecursiveFit
        Converter losses: constant [kW], per power [-], per square of the power over the rating [kW]; and what the
        gain of the direct current sensor adds to the power [-].
    """

    plate: FieldPlate
    capacity: RecursiveFit
    resistance: RecursiveFit
    thermal: RecursiveFit
    loss: RecursiveFit

    @property
    def capacity_ah(self) -> float:
        """Capacity now, by the container's own current sensor. [Ah]"""
        return 1.0 / float(self.capacity.coefficients[0])

    @property
    def deviation_ah(self) -> float:
        """Standard deviation of it. [Ah]"""
        return float(self.capacity.deviations[0]) * self.capacity_ah**2

    @property
    def resistance_ohm(self) -> float:
        """Resistance at 25 degC. [ohm]"""
        return float(self.resistance.coefficients[0])

    @property
    def conductance_kw_per_k(self) -> float:
        """Thermal conductance to the ambient. [kW/K]"""
        per_heat, per_distance = self.thermal.coefficients
        return float(per_distance / per_heat)

    def ac_power_kw(self, dc_power_kw: FloatArray) -> FloatArray:
        """Power at the meter for a direct power, both discharge positive. [kW]"""
        return dc_power_kw - _loss_design(dc_power_kw, self.plate.power_kw_max) @ self.loss.coefficients

    def temperatures(self, day: FieldDay, start_c: float) -> FloatArray:
        """Cell temperatures of a day from its currents and ambient, shape (n_times,). [degC]"""
        per_heat, per_distance = (float(each) for each in self.thermal.coefficients)
        hours, now_c = day.step_s / 3600.0, start_c
        path_c = np.empty(day.current_a.shape)
        for step in range(path_c.size):
            warmth = np.exp(_warmth(self.plate, np.float64(now_c)))
            heat_kw = day.current_a[step] ** 2 * self.resistance_ohm * warmth / 1000.0
            rest_c = day.ambient_c[step] + per_heat * heat_kw / per_distance
            now_c = rest_c + (now_c - rest_c) * np.exp(-per_distance * hours)
            path_c[step] = now_c
        return path_c


def field_state(plate: FieldPlate) -> FieldState:
    """What is known before the first day: the data sheets, and wide.

    Parameters
    ----------
    plate : FieldPlate
        Data sheets.

    Returns
    -------
    FieldState
        The start.
    """
    inverse, warming = 1.0 / plate.capacity_ah, 1.0 / plate.heat_capacity_kwh_per_k
    cooling = plate.conductance_kw_per_k * warming
    return FieldState(
        plate=plate,
        capacity=first_fit(np.array([inverse, 0.0]), np.array([0.1 * inverse, 0.01])),
        resistance=first_fit(
            np.array([plate.resistance_ohm, 0.1 * plate.voltage_v]),
            np.array([plate.resistance_ohm, 0.2 * plate.voltage_v]),
        ),
        thermal=first_fit(np.array([warming, cooling]), np.array([0.3 * warming, 0.5 * cooling])),
        loss=first_fit(
            np.array([0.01 * plate.power_kw_max, 0.0, 0.02 * plate.power_kw_max, 0.0]),
            np.array([0.05 * plate.power_kw_max, 0.05, 0.05 * plate.power_kw_max, 0.01]),
        ),
    )


def observed(state: FieldState, day: FieldDay) -> FieldState:
    """Take in a day.

    Parameters
    ----------
    state : FieldState
        What was known.
    day : FieldDay
        Telemetry of the day.

    Returns
    -------
    FieldState
        What is known after it.
    """
    plate, hours = state.plate, day.step_s / 3600.0
    lag = max(round(WINDOW_S / day.step_s), 1)
    moved_ah = _windows(day.current_a[1:], lag) * hours  # a gap makes the windows over it NaN: they are not counted
    charge = np.stack((-moved_ah, np.full(moved_ah.size, lag * hours)), axis=1)[::6]
    warmth = np.exp(_warmth(plate, day.temperature_c))
    steps = np.stack((-np.diff(day.current_a * warmth), np.diff(day.soc)), axis=1)
    heat_kw = (day.current_a**2 * state.resistance_ohm * warmth / 1000.0)[1:]
    distance_k = day.temperature_c[:-1] - day.ambient_c[1:]
    slow = max(round(WARMING_S / day.step_s), 1)
    warming = np.stack((_windows(heat_kw, slow), -_windows(distance_k, slow)), axis=1) * hours
    warmed_k = day.temperature_c[slow:] - day.temperature_c[:-slow]
    dc_power_kw = day.current_a * day.voltage_v / 1000.0
    losses_kw = dc_power_kw - day.ac_power_kw
    volts = VOLTAGE_ERROR_SHARE * plate.voltage_v
    return FieldState(
        plate=plate,
        capacity=state.capacity.updated(charge, (day.soc[lag:] - day.soc[:-lag])[::6], SOC_ERROR, kept=KEPT_CAPACITY),
        resistance=state.resistance.updated(steps, np.diff(day.voltage_v), volts, kept=KEPT_RESISTANCE),
        thermal=state.thermal.updated(warming, warmed_k, TEMPERATURE_ERROR_K, kept=KEPT_THERMAL),
        loss=state.loss.updated(
            _loss_design(dc_power_kw, plate.power_kw_max),
            losses_kw,
            POWER_ERROR_SHARE * plate.power_kw_max,
            kept=KEPT_LOSS,
        ),
    )


def _windows(values: FloatArray, lag: int) -> FloatArray:
    """Sums over windows of some steps, NaN where one is missing, shape (n_times - lag + 1,)."""
    return np.asarray(np.lib.stride_tricks.sliding_window_view(values, lag).sum(axis=1), dtype=np.float64)


def _loss_design(dc_power_kw: FloatArray, power_kw_max: float) -> FloatArray:
    """What the numbers of the losses multiply, shape (n_times, 4)."""
    size = np.abs(dc_power_kw)
    return np.stack((np.ones(size.size), size, (size / power_kw_max) ** 2, dc_power_kw), axis=1)


def _warmth(plate: FieldPlate, temperature_c: FloatArray | np.float64) -> FloatArray:
    """Logarithm of the resistance over that at 25 degC. [-]"""
    return np.asarray(plate.resistance_temperature_k * (1.0 / (temperature_c + 273.15) - 1.0 / 298.15))
