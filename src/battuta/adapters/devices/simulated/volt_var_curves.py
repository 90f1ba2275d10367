"""The simulated converter's own Q(V): SunSpec 705, curves that a client writes, lets it adopt, and enables."""

from __future__ import annotations

import math

import numpy as np

from battuta.adapters.devices.simulated.unit_image import ServedModel, SunSpecImage
from battuta.adapters.devices.sunspec.volt_var import APPARENT_POWER, COMPLETED, FAILED, LN_10, READ_ONLY
from battuta.numerics.arrays import FloatArray

N_CURVES = 3
"""The adopted one, and two that may be written."""
N_POINTS = 8
_NS_PER_S = 1e9
_PERCENT = 100.0
_OF_CURVE = ("ActPt", "DeptRef", "RspTms")
_SCALES = {"V_SF": -2, "DeptRef_SF": -2, "RspTms_SF": -2}


class VoltVarCurves:
    """Registers of model 705 and what they make of a voltage.

    Parameters
    ----------
    image : SunSpecImage
        The unit that the model is appended to; it begins with a level curve of no reactive power, not enabled.
    """

    def __init__(self, image: SunSpecImage) -> None:
        self.model: ServedModel = image.add(705, _SCALES, {"Crv": N_CURVES, "Pt": N_POINTS})
        counts = {"Ena": 0, "AdptCrvReq": 0, "AdptCrvRslt": COMPLETED, "NPt": N_POINTS, "NCrv": N_CURVES}
        for name, value in counts.items():
            self.model.set_value(name, value)
        for curve in range(N_CURVES):
            for name, value in {"ActPt": 2, "DeptRef": APPARENT_POWER, "RspTms": 5.0, "ReadOnly": curve == 0}.items():
                self.model.set_value(f"Crv.{name}", float(value), curve)
            for point, voltage_percent in enumerate((90.0, 110.0)):
                self.model.set_value("Crv.Pt.V", voltage_percent, curve * N_POINTS + point)
                self.model.set_value("Crv.Pt.Var", 0.0, curve * N_POINTS + point)
            if self.model.value("Crv.ReadOnly", curve) != READ_ONLY:
                self.model.allow_writing(*(f"Crv.{name}" for name in _OF_CURVE), index=curve)
                for point in range(N_POINTS):
                    self.model.allow_writing("Crv.Pt.V", "Crv.Pt.Var", index=curve * N_POINTS + point)
        self.model.allow_writing("Ena", "AdptCrvReq")
        self.reactive_pu = 0.0
        """Where its slow approach stands, injected positive, per unit of the rated apparent power. [-]"""
        self._time_ns: int | None = None

    @property
    def is_enabled(self) -> bool:
        """Whether it is to be followed."""
        return self.model.value("Ena") == 1.0

    def written(self, address: int, n_registers: int) -> bool:
        """Answer a request to adopt a curve; true if what is in force was enabled or replaced by this write."""
        ends = address + n_registers
        wants_adoption = address <= self.model.address("AdptCrvReq") < ends
        if wants_adoption:
            self._adopt(self.model.value("AdptCrvReq"))
        return self.is_enabled and (wants_adoption or address <= self.model.address("Ena") < ends)

    def _adopt(self, request: float) -> None:
        is_known = 1.0 <= request <= N_CURVES
        curve = int(request) - 1 if is_known else 0
        if not is_known or not self._is_sound(curve):
            self.model.set_value("AdptCrvRslt", FAILED)
            return
        for name in _OF_CURVE:
            self.model.put(f"Crv.{name}", self.model.raw(f"Crv.{name}", curve))
        for point in range(N_POINTS):
            for name in ("Crv.Pt.V", "Crv.Pt.Var"):
                self.model.put(name, self.model.raw(name, curve * N_POINTS + point), point)
        self.model.set_value("AdptCrvRslt", COMPLETED)

    def points(self, curve: int = 0) -> tuple[FloatArray, FloatArray]:
        """Voltage and Q of a curve's active points, shape (n_points,) each; the first curve is the adopted one. [-]."""
        active = self.model.value("Crv.ActPt", curve)
        n_points = 0 if math.isnan(active) else min(N_POINTS, int(active))
        indices = range(curve * N_POINTS, curve * N_POINTS + n_points)
        voltage_pu = np.array([self.model.value("Crv.Pt.V", index) for index in indices]) / _PERCENT
        return voltage_pu, np.array([self.model.value("Crv.Pt.Var", index) for index in indices]) / _PERCENT

    def _is_sound(self, curve: int) -> bool:
        """Two points at least, voltages that ascend, reactive power that never rises and is at most the rating."""
        voltage_pu, reactive_pu = self.points(curve)
        return bool(
            self.model.value("Crv.DeptRef", curve) == APPARENT_POWER
            and 2 <= self.model.value("Crv.ActPt", curve) <= N_POINTS
            and np.all(np.diff(voltage_pu) > 0.0)
            and np.all(np.diff(reactive_pu) <= 0.0)
            and np.all(np.abs(reactive_pu) <= 1.0)
            and self.model.value("Crv.RspTms", curve) >= 0.0
        )

    def follow(self, voltage_pu: float, time_ns: int) -> None:
        """Approach the curve; an unknown voltage holds the last reactive power, not being enabled ends it.

        Parameters
        ----------
        voltage_pu : float
            Voltage at the meter per unit of nominal, NaN if it is unknown. [-]
        time_ns : int
            Time by the clock of the device's timers. [ns]
        """
        before_ns, self._time_ns = self._time_ns, time_ns
        if not self.is_enabled:
            self.reactive_pu, self._time_ns = 0.0, None
        elif not math.isnan(voltage_pu):
            target_pu = float(np.interp(voltage_pu, *self.points()))
            duration_s = 0.0 if before_ns is None else (time_ns - before_ns) / _NS_PER_S
            response_s = self.model.value("Crv.RspTms")
            decay = math.exp(-LN_10 * duration_s / response_s) if response_s > 0.0 else 0.0
            self.reactive_pu = target_pu + (self.reactive_pu - target_pu) * decay
