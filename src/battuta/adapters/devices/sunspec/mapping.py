"""What the points of SunSpec models mean here: which signal, which unit, which sign.

Signs: 701 counts generation positive, as here. The models of meters do not say a sign; their counters of energy are
named after the load's side (import in the first quadrant), so a positive power is taken for import and turned round,
unless the meter was mounted the other way. The battery models do not say the sign of a current either.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from battuta.adapters.devices.sunspec.chain import Block
from battuta.domain.errors import UsageError
from battuta.domain.image import N_SIGNALS, Signal
from battuta.numerics.arrays import FloatArray

W_PER_KW = 1000.0
COMMON = 1
CONVERTER = 701
CAPACITY = 702
ENTER_SERVICE = 703
CONTROLS = 704
VOLT_VAR = 705
STORAGE = 713
DC_SIDE = 714
CONTROLLER = 715
BATTERY = 802
BANK = 803
STRING = 804
MODULE = 805
METERS = (201, 202, 203, 204, 211, 212, 213, 214)
_SINGLE_PHASE_METERS = (201, 211)

POINTS: Mapping[int, tuple[str, ...]] = {
    CONVERTER: ("W", "Var", "Hz"),
    CAPACITY: ("WChaRteMax", "WDisChaRteMax", "WChaRteMaxRtg", "WDisChaRteMaxRtg", "VNom", "VNomRtg"),
    STORAGE: ("SoC",),
    CONTROLLER: ("LocRemCtl",),
    ENTER_SERVICE: ("ES",),
    BATTERY: ("SoC", "CellVMin", "CellVMax", "WChaRteMax", "WDisChaRteMax"),
    BANK: ("ModTmpMin", "ModTmpAvg", "ModTmpMax"),
    STRING: ("ModTmpMin", "ModTmpAvg", "ModTmpMax"),
    MODULE: ("CellTmpMin", "CellTmpAvg", "CellTmpMax"),
    **dict.fromkeys(METERS, ("W", "VAR", "Hz", "PPV", "PhV")),
}
"""Points that are read on each round, by the number of the model."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Conventions:
    """What the models leave open and the site knows.

    Attributes
    ----------
    meter_import_is_positive : bool
        Whether the meter counts power drawn from the grid as positive.
    charge_current_is_positive : bool
        Whether the battery counts a charging current as positive.
    nominal_voltage_v : float
        Line-to-line voltage of the connection (of a single-phase one, to neutral) that is one per unit; NaN takes the
        converter's own. [V]
    reversion_s : int
        Time after the last write when the device goes to its safe power by itself. [s]
    safe_power_kw : float
        That power, discharge positive. [kW]
    """

    meter_import_is_positive: bool = True
    charge_current_is_positive: bool = False
    nominal_voltage_v: float = math.nan
    reversion_s: int = 10
    safe_power_kw: float = 0.0

    def __post_init__(self) -> None:
        """Refuse a reversion that never happens."""
        if self.reversion_s < 1:
            message = f"reversion_s = {self.reversion_s}: a device must let go of a dead controller; give 1 s or more"
            raise UsageError(message)


def _first(*values: float) -> float:
    """First that is not missing."""
    return next((value for value in values if not math.isnan(value)), math.nan)


def _over(blocks: list[Block], name: str, reduce: Callable[[FloatArray], np.float64]) -> float:
    """One number of several models, those that say nothing left out."""
    values = np.array([block.value(name) for block in blocks], dtype=np.float64)
    known = values[~np.isnan(values)]
    return float(reduce(known)) if known.size else math.nan


def _meter(values: FloatArray, meter: Block, conventions: Conventions, nominal_voltage_v: float) -> None:
    sign = -1.0 if conventions.meter_import_is_positive else 1.0
    values[Signal.METER_POWER_KW] = sign * meter.value("W") / W_PER_KW
    values[Signal.METER_REACTIVE_KVAR] = sign * meter.value("VAR") / W_PER_KW
    values[Signal.FREQUENCY_HZ] = meter.value("Hz")
    if meter.model.number in _SINGLE_PHASE_METERS:
        voltage_v = meter.value("PhV")
    else:
        voltage_v = _first(meter.value("PPV"), meter.value("PhV") * math.sqrt(3.0))
    if nominal_voltage_v > 0.0:
        values[Signal.METER_VOLTAGE_PU] = voltage_v / nominal_voltage_v


def _battery(values: FloatArray, blocks: Mapping[int, list[Block]]) -> None:
    for battery in blocks.get(BATTERY, [])[:1]:
        values[Signal.SOC] = battery.value("SoC") / 100.0
        values[Signal.CELL_VOLTAGE_V_MIN] = battery.value("CellVMin")
        values[Signal.CELL_VOLTAGE_V_MAX] = battery.value("CellVMax")
        values[Signal.CHARGE_POWER_KW_MAX] = battery.value("WChaRteMax") / W_PER_KW
        values[Signal.DISCHARGE_POWER_KW_MAX] = battery.value("WDisChaRteMax") / W_PER_KW
    for number, names in temperature_points(blocks).items():
        for signal, name, reduce in zip(
            (Signal.CELL_TEMPERATURE_C_MIN, Signal.CELL_TEMPERATURE_C_MEAN, Signal.CELL_TEMPERATURE_C_MAX),
            names,
            (np.min, np.mean, np.max),
            strict=True,
        ):
            values[signal] = _over(blocks[number], name, reduce)


def temperature_points(models: Mapping[int, object]) -> dict[int, tuple[str, ...]]:
    """Choose the one model that cell temperatures are taken from on each round: the one with the fewest registers.

    Parameters
    ----------
    models : mapping with int keys
        Numbers of the models of the device.

    Returns
    -------
    dict of int to tuple of str
        The model, and its points for the lowest, mean and highest temperature; empty if there is none.
    """
    for number in (BANK, STRING, MODULE):
        if models.get(number):
            return {number: POINTS[number]}
    return {}


def nominal_voltage_v(blocks: Mapping[int, list[Block]]) -> float:
    """Nominal voltage that the device names in model 702, as last read; NaN if it names none. [V]"""
    for capacity in blocks.get(CAPACITY, [])[:1]:
        return _first(capacity.value("VNom"), capacity.value("VNomRtg"))
    return math.nan


def signals(blocks: Mapping[int, list[Block]], conventions: Conventions) -> FloatArray:
    """Translate what was read into the rows of the image.

    Parameters
    ----------
    blocks : mapping of int to list of Block
        Blocks as last read, by number of model.
    conventions : Conventions
        What the models leave open.

    Returns
    -------
    ndarray, shape (n_signals,)
        One value per signal; NaN where the device has none.
    """
    values = np.full(N_SIGNALS, np.nan)
    nominal_v = _first(conventions.nominal_voltage_v, nominal_voltage_v(blocks))
    for capacity in blocks.get(CAPACITY, [])[:1]:
        if STORAGE in blocks and BATTERY not in blocks:
            for signal, names in (
                (Signal.CHARGE_POWER_KW_MAX, ("WChaRteMax", "WChaRteMaxRtg")),
                (Signal.DISCHARGE_POWER_KW_MAX, ("WDisChaRteMax", "WDisChaRteMaxRtg")),
            ):
                values[signal] = _first(*map(capacity.value, names)) / W_PER_KW
    for converter in blocks.get(CONVERTER, [])[:1]:
        values[Signal.CONVERTER_POWER_KW] = converter.value("W") / W_PER_KW
        values[Signal.CONVERTER_REACTIVE_KVAR] = converter.value("Var") / W_PER_KW
        values[Signal.FREQUENCY_HZ] = converter.value("Hz")
    for storage in blocks.get(STORAGE, [])[:1]:
        values[Signal.SOC] = storage.value("SoC") / 100.0
    _battery(values, blocks)
    meters = [block for number in METERS for block in blocks.get(number, [])]
    for meter in meters[:1]:
        _meter(values, meter, conventions, nominal_v)
    return values
