"""The simulated meter at the interconnection point: SunSpec 1 and 213 (floats); import is positive, as meters count."""

from __future__ import annotations

import math

from battuta.adapters.devices.simulated.converter_unit import add_common
from battuta.adapters.devices.simulated.site_plant import NamePlate
from battuta.adapters.devices.simulated.unit_image import SunSpecImage
from battuta.domain.image import Signal
from battuta.numerics.arrays import FloatArray


class MeterUnit:
    """Registers of the meter.

    Parameters
    ----------
    plate : NamePlate
        Ratings.
    """

    def __init__(self, plate: NamePlate) -> None:
        self.image = SunSpecImage()
        self._nominal_voltage_v = plate.nominal_voltage_v
        add_common(self.image, plate, "meter")
        self.meter = self.image.add(213)

    def show(self, readings: FloatArray) -> None:
        """Put what was measured into the registers, readings of shape (n_signals,)."""
        voltage_v = float(readings[Signal.METER_VOLTAGE_PU]) * self._nominal_voltage_v
        self.meter.set_value("W", -1000.0 * float(readings[Signal.METER_POWER_KW]))
        self.meter.set_value("VAR", -1000.0 * float(readings[Signal.METER_REACTIVE_KVAR]))
        self.meter.set_value("Hz", float(readings[Signal.FREQUENCY_HZ]))
        self.meter.set_value("PPV", voltage_v)
        self.meter.set_value("PhV", voltage_v / math.sqrt(3.0))
