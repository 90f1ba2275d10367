"""The simulated converter: SunSpec 1, 701 to 712, 714 and 715, with reversion timers that really revert.

Reactive power is what was asked last: the setpoint of 704, or the Q(V) curve of 705 that was enabled after it.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from battuta.adapters.devices.simulated.enter_service import EnterService
from battuta.adapters.devices.simulated.own_functions import add_own_functions
from battuta.adapters.devices.simulated.site_plant import NamePlate
from battuta.adapters.devices.simulated.unit_image import ServedModel, SunSpecImage
from battuta.adapters.devices.simulated.volt_var_curves import VoltVarCurves
from battuta.domain.image import Signal
from battuta.numerics.arrays import FloatArray
from battuta.ports.device import CellReadings

_ENABLED = 1
_OFF, _STARTING, _RUNNING = 0, 2, 3
_STORAGE_PORT = 1
_DC_VOLTAGE_V_MIN = 50.0
"""DC voltage at which the rated power must still fit the register of the current. [V]"""
_WATTS = 1
_NS_PER_S = 1_000_000_000
_POWER = (
    "WSetEna",
    "WSetMod",
    "WSet",
    "WSetRvrt",
    "WSetPct",
    "WSetPctRvrt",
    "WSetEnaRvrt",
    "WSetRvrtTms",
)
_REACTIVE = (
    "VarSetEna",
    "VarSetMod",
    "VarSetPri",
    "VarSet",
    "VarSetRvrt",
    "VarSetPct",
    "VarSetPctRvrt",
    "VarSetEnaRvrt",
    "VarSetRvrtTms",
)


def add_common(image: SunSpecImage, plate: NamePlate, kind: str) -> ServedModel:
    """Append the common model: who the device is."""
    common = image.add(1)
    common.set_text("Mn", plate.maker)
    common.set_text("Md", f"{plate.model} {kind}")
    common.set_text("Vr", "1")
    common.set_text("SN", f"{plate.serial}-{kind[0].upper()}")
    common.set_value("DA", 1)
    return common


class ConverterUnit:
    """Registers of the converter and the timers behind them.

    Parameters
    ----------
    plate : NamePlate
        Ratings.
    now_ns : callable
        Says the time that the reversion timers run by. [ns]
    """

    def __init__(self, plate: NamePlate, now_ns: Callable[[], int]) -> None:
        self.image = SunSpecImage()
        self._now_ns = now_ns
        exponent = plate.power_exponent(0x7FFF)
        self.common = add_common(self.image, plate, "converter")
        self.measured = self.image.add(701, {"W_SF": exponent, "Var_SF": exponent, "Hz_SF": -3})
        self.measured.set_value("ACType", 2)
        self.capacity = self.image.add(
            702, {"W_SF": exponent, "VA_SF": exponent, "V_SF": self._voltage_exponent(plate)}
        )
        for name in ("WMaxRtg", "WMax", "WChaRteMaxRtg", "WChaRteMax", "WDisChaRteMaxRtg", "WDisChaRteMax"):
            self.capacity.set_value(name, 1000.0 * plate.power_kw_rated)
        for name in ("VNomRtg", "VNom"):
            self.capacity.set_value(name, plate.nominal_voltage_v)
        for name in ("VAMaxRtg", "VAMax"):
            self.capacity.set_value(name, 1000.0 * plate.power_kw_rated)
        self._apparent_power_kva = plate.power_kw_rated
        self.service = EnterService(self.image)
        self.controls = self.image.add(704, {"WSet_SF": 0, "VarSet_SF": 0})
        for prefix in ("W", "Var"):
            for name in ("SetEna", "SetMod", "Set", "SetRvrt", "SetEnaRvrt", "SetRvrtTms", "SetRvrtRem"):
                self.controls.set_value(prefix + name, 0)
        self.controls.set_value("VarSetPri", 0)
        self.controls.allow_writing(*_POWER, *_REACTIVE)
        self.volt_var = VoltVarCurves(self.image)
        self.own_functions = add_own_functions(self.image)
        self.dc_side = self._add_dc_side(plate)
        self.controller = self.image.add(715)
        for name in ("LocRemCtl", "DERHb", "ControllerHb"):
            self.controller.set_value(name, 0)
        self.controller.set_value("OpCtl", 1)
        self.controller.allow_writing("ControllerHb", "OpCtl")
        self._expiry_ns = {"W": 0, "Var": 0}
        self._is_curve_newer = False

    def _add_dc_side(self, plate: NamePlate) -> ServedModel:
        current_a_max = 1500.0 * plate.power_kw_rated / _DC_VOLTAGE_V_MIN
        scales = {
            "DCA_SF": max(-2, math.ceil(math.log10(max(current_a_max, 1e-3) / 0x7FFF))),
            "DCV_SF": -1,
            "DCW_SF": plate.power_exponent(0x7FFF),
        }
        model = self.image.add(714, scales, {"Prt": 1})
        model.set_value("NPrt", 1)
        model.set_value("Prt.PrtTyp", _STORAGE_PORT)
        model.set_value("Prt.ID", 1)
        model.set_text("Prt.IDStr", "battery")
        return model

    @staticmethod
    def _voltage_exponent(plate: NamePlate) -> int:
        return max(-1, math.ceil(math.log10(max(plate.nominal_voltage_v, 1.0) / 60000.0)))

    @property
    def power_kw(self) -> float:
        """The active power that it is asked; 0 if none is, or while it is not in service. [kW]"""
        asks = self.controls.value("WSetEna") == _ENABLED and self.controls.value("WSetMod") == _WATTS
        return self.controls.value("WSet") / 1000.0 if asks and self.service.is_in_service else 0.0

    @property
    def reactive_kvar(self) -> float:
        """The reactive power that it is asked, or its Q(V) curve makes it give; 0 if neither. [kvar]"""
        if not self.service.is_in_service:
            return 0.0
        is_asked = self.controls.value("VarSetEna") == _ENABLED
        if self.volt_var.is_enabled and (self._is_curve_newer or not is_asked):
            return self.volt_var.reactive_pu * self._apparent_power_kva
        return self.controls.value("VarSet") / 1000.0 if is_asked else 0.0

    def written(self, address: int, n_registers: int) -> None:
        """Start the timers of the groups that a client wrote to, and remember which law of Q is the newer."""
        if self.service.model.is_touched(address, n_registers):
            self.service.written()
        if self.volt_var.model.is_touched(address, n_registers):
            self._is_curve_newer |= self.volt_var.written(address, n_registers)
        for prefix, names in (("W", _POWER), ("Var", _REACTIVE)):
            first = self.controls.address(names[0])
            last = self.controls.address(names[-1]) + 1
            if address <= last and address + n_registers > first:
                duration_s = self.controls.value(f"{prefix}SetRvrtTms")
                is_running = duration_s > 0.0 and self.controls.value(f"{prefix}SetEna") == _ENABLED
                self._expiry_ns[prefix] = self._now_ns() + int(duration_s * _NS_PER_S) if is_running else 0
                self.controls.set_value(f"{prefix}SetRvrtRem", duration_s if is_running else 0.0)
                self._is_curve_newer &= prefix != "Var"

    def follow(self, readings: FloatArray) -> bool:
        """Let its own laws act on what is measured, shape (n_signals,); true if that changed the power it asks for."""
        before = (self.power_kw, self.reactive_kvar)
        voltage_pu, time_ns = float(readings[Signal.METER_VOLTAGE_PU]), self._now_ns()
        self.service.follow(voltage_pu, time_ns)
        self.volt_var.follow(voltage_pu, time_ns)
        return before != (self.power_kw, self.reactive_kvar)

    def revert(self) -> bool:
        """Let timers run on; true if one ran out, so that the setpoints are the reversion's now."""
        is_reverted = False
        time_ns = self._now_ns()
        for prefix, expiry_ns in self._expiry_ns.items():
            if not expiry_ns:
                continue
            remaining_s = math.ceil((expiry_ns - time_ns) / _NS_PER_S)
            if time_ns >= expiry_ns:
                self.controls.set_value(f"{prefix}Set", self.controls.value(f"{prefix}SetRvrt"))
                self.controls.set_value(f"{prefix}SetEna", self.controls.value(f"{prefix}SetEnaRvrt"))
                self._expiry_ns[prefix] = 0
                is_reverted = True
                remaining_s = 0
            self.controls.set_value(f"{prefix}SetRvrtRem", remaining_s)
        return is_reverted

    def show(self, readings: FloatArray) -> None:
        """Put what was measured into the registers, readings of shape (n_signals,)."""
        power_kw = float(readings[Signal.CONVERTER_POWER_KW])
        reactive_kvar = float(readings[Signal.CONVERTER_REACTIVE_KVAR])
        self.measured.set_value("W", 1000.0 * power_kw)
        self.measured.set_value("Var", 1000.0 * reactive_kvar)
        self.measured.set_value("Hz", float(readings[Signal.FREQUENCY_HZ]))
        is_running, is_starting = self.service.is_in_service, self.service.is_permitted
        self.measured.set_value("St", is_running)
        self.measured.set_value("InvSt", _RUNNING if is_running else _STARTING if is_starting else _OFF)
        self.measured.set_value("ConnSt", is_running)
        self.controller.set_value("DERHb", self._now_ns() // _NS_PER_S % 0xFFFFFFFF)

    def show_cells(self, cells: tuple[CellReadings, ...]) -> None:
        """Put what the strings deliver into the registers of the DC side; a missing cell makes the sum missing."""
        current_a = np.array([string.current_a for string in cells])
        voltage_v = np.array([float(np.sum(string.voltage_v)) if len(string.voltage_v) else np.nan for string in cells])
        totals = {"DCA": float(np.sum(current_a)), "DCW": float(np.sum(current_a * voltage_v))}
        for name, value in totals.items():
            self.dc_side.set_value(name, value)
            self.dc_side.set_value(f"Prt.{name}", value)
        self.dc_side.set_value("Prt.DCV", float(np.mean(voltage_v)) if len(cells) else math.nan)
        self.dc_side.set_value("Prt.DCSta", self.service.is_in_service)
