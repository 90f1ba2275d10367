"""The simulated converter: SunSpec 1, 701, 702, 704 and 715, with a reversion timer that really reverts."""

from __future__ import annotations

import math
from collections.abc import Callable

from battuta.adapters.devices.simulated.site_plant import NamePlate
from battuta.adapters.devices.simulated.unit_image import ServedModel, SunSpecImage
from battuta.domain.image import Signal
from battuta.numerics.arrays import FloatArray

_ENABLED = 1
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
        self.controls = self.image.add(704, {"WSet_SF": 0, "VarSet_SF": 0})
        for prefix in ("W", "Var"):
            for name in ("SetEna", "SetMod", "Set", "SetRvrt", "SetEnaRvrt", "SetRvrtTms", "SetRvrtRem"):
                self.controls.set_value(prefix + name, 0)
        self.controls.set_value("VarSetPri", 0)
        self.controls.allow_writing(*_POWER, *_REACTIVE)
        self.controller = self.image.add(715)
        for name in ("LocRemCtl", "DERHb", "ControllerHb"):
            self.controller.set_value(name, 0)
        self.controller.set_value("OpCtl", 1)
        self.controller.allow_writing("ControllerHb", "OpCtl")
        self._expiry_ns = {"W": 0, "Var": 0}

    @staticmethod
    def _voltage_exponent(plate: NamePlate) -> int:
        return max(-1, math.ceil(math.log10(max(plate.nominal_voltage_v, 1.0) / 60000.0)))

    @property
    def power_kw(self) -> float:
        """The active power that it is asked; 0 if none is. [kW]"""
        asks = self.controls.value("WSetEna") == _ENABLED and self.controls.value("WSetMod") == _WATTS
        return self.controls.value("WSet") / 1000.0 if asks else 0.0

    @property
    def reactive_kvar(self) -> float:
        """The reactive power that it is asked; 0 if none is. [kvar]"""
        return self.controls.value("VarSet") / 1000.0 if self.controls.value("VarSetEna") == _ENABLED else 0.0

    def written(self, address: int, n_registers: int) -> None:
        """Start the timers of the groups that a client wrote to."""
        for prefix, names in (("W", _POWER), ("Var", _REACTIVE)):
            first = self.controls.address(names[0])
            last = self.controls.address(names[-1]) + 1
            if address <= last and address + n_registers > first:
                duration_s = self.controls.value(f"{prefix}SetRvrtTms")
                is_running = duration_s > 0.0 and self.controls.value(f"{prefix}SetEna") == _ENABLED
                self._expiry_ns[prefix] = self._now_ns() + int(duration_s * _NS_PER_S) if is_running else 0
                self.controls.set_value(f"{prefix}SetRvrtRem", duration_s if is_running else 0.0)

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
        self.measured.set_value("St", 1)
        self.measured.set_value("InvSt", 3)
        self.measured.set_value("ConnSt", 1)
        self.controller.set_value("DERHb", self._now_ns() // _NS_PER_S % 0xFFFFFFFF)
