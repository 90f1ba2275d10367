"""A battery that is a tank: enough of a plant to test devices, and nothing like a model of one."""

import numpy as np

from battuta.domain.command import DeviceCommand
from battuta.domain.image import N_SIGNALS, Signal
from battuta.ports.device import CellReadings


class Tank:
    """Empties by what it gives; instruments are exact."""

    def __init__(self, *, energy_kwh=2000.0, n_strings=2, n_cells=20, n_sensors=6):
        self.energy_kwh = energy_kwh
        self.soc = 0.5
        self.command = DeviceCommand(power_kw=0.0)
        self.n_applied = 0
        self.values = np.full(N_SIGNALS, np.nan)
        self.frequency_hz = 50.0
        self.n_strings, self.n_cells, self.n_sensors = n_strings, n_cells, n_sensors

    def apply(self, command: DeviceCommand) -> None:
        self.command = command
        self.n_applied += 1

    def advance(self, duration_s: float) -> None:
        self.soc -= self.command.power_kw * duration_s / 3600.0 / self.energy_kwh

    def readings(self):
        values = self.values.copy()
        asked = {
            Signal.METER_POWER_KW: self.command.power_kw - 5.0,
            Signal.METER_REACTIVE_KVAR: self.command.reactive_kvar,
            Signal.METER_VOLTAGE_PU: 1.01,
            Signal.FREQUENCY_HZ: self.frequency_hz,
            Signal.CONVERTER_POWER_KW: self.command.power_kw,
            Signal.CONVERTER_REACTIVE_KVAR: self.command.reactive_kvar,
            Signal.SOC: self.soc,
            Signal.CELL_VOLTAGE_V_MIN: 3.2,
            Signal.CELL_VOLTAGE_V_MAX: 3.4,
            Signal.CELL_TEMPERATURE_C_MIN: 21.0,
            Signal.CELL_TEMPERATURE_C_MEAN: 22.5,
            Signal.CELL_TEMPERATURE_C_MAX: 24.0,
            Signal.CHARGE_POWER_KW_MAX: 900.0,
            Signal.DISCHARGE_POWER_KW_MAX: 950.0,
            Signal.AUXILIARY_POWER_KW: 5.0,
            Signal.COOLANT_TEMPERATURE_C: 18.5,
            Signal.CHILLER_SETPOINT_C: 18.0 if np.isnan(self.command.chiller_setpoint_c) else np.nan,
            Signal.CHILLER_POWER_KW: 3.25,
            Signal.AMBIENT_TEMPERATURE_C: -4.5,
            Signal.GAS: 0.0,
            Signal.SMOKE: 0.0,
            Signal.COOLANT_LEAK: 0.0,
        }
        if not np.isnan(self.command.chiller_setpoint_c):
            asked[Signal.CHILLER_SETPOINT_C] = self.command.chiller_setpoint_c
        for signal, value in asked.items():
            if np.isnan(values[signal]):
                values[signal] = value
        return values

    def cells(self):
        def one(string):
            voltage_v = 3.3 + 0.001 * np.arange(self.n_cells) + 0.1 * string
            temperature_c = 20.0 + 0.5 * np.arange(self.n_sensors)
            return CellReadings(current_a=100.0 + string, voltage_v=voltage_v, temperature_c=temperature_c)

        return tuple(one(string) for string in range(self.n_strings))
