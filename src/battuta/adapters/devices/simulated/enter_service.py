"""Whether the simulated converter may run: SunSpec 703, its delay counting only while the voltage is in its window.

It looks at the voltage and not at the frequency: its name plate does not say whether it is a 50 Hz or a 60 Hz machine,
so those limits are not implemented. What is in service leaves it only when the permission is taken away.
"""

from __future__ import annotations

import math

from battuta.adapters.devices.simulated.unit_image import ServedModel, SunSpecImage

_PERMITTED = 1
_NS_PER_S = 1_000_000_000
_PERCENT = 100.0


class EnterService:
    """Registers of model 703 and the delay behind them.

    Parameters
    ----------
    image : SunSpecImage
        The unit that the model is appended to; it begins permitted and in service.
    """

    def __init__(self, image: SunSpecImage) -> None:
        self.model: ServedModel = image.add(703, {"V_SF": -1, "Hz_SF": -2})
        for name, value in {"ES": _PERMITTED, "ESVHi": 110.0, "ESVLo": 85.0, "ESDlyTms": 60, "ESDlyRemTms": 0}.items():
            self.model.set_value(name, value)
        self.model.allow_writing("ES", "ESVHi", "ESVLo", "ESDlyTms")
        self.is_in_service = True
        self._since_ns: int | None = None

    @property
    def is_permitted(self) -> bool:
        """Whether it may enter service."""
        return self.model.value("ES") == _PERMITTED

    def written(self) -> None:
        """Leave service at once where it is not permitted any more."""
        if not self.is_permitted:
            self.is_in_service = False
            self._since_ns = None
            self.model.set_value("ESDlyRemTms", 0)

    def follow(self, voltage_pu: float, time_ns: int) -> None:
        """Let the delay run on, and enter service when it is over.

        Parameters
        ----------
        voltage_pu : float
            Voltage at the meter per unit of nominal; while it is unknown nobody connects. [-]
        time_ns : int
            Time by the clock of the device's timers. [ns]
        """
        if self.is_in_service or not self.is_permitted:
            return
        delay_s = self.model.value("ESDlyTms")
        if not self.model.value("ESVLo") <= _PERCENT * voltage_pu <= self.model.value("ESVHi"):
            self._since_ns = None
            self.model.set_value("ESDlyRemTms", delay_s)
            return
        if self._since_ns is None:
            self._since_ns = time_ns
        remaining_s = delay_s - (time_ns - self._since_ns) / _NS_PER_S
        self.is_in_service = remaining_s <= 0.0
        self.model.set_value("ESDlyRemTms", max(0, math.ceil(remaining_s)))
