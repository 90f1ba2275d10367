"""The simulated battery: SunSpec 1, 713, 802, 803, one 804 per string and one 805 per module, down to each cell."""

from __future__ import annotations

import numpy as np

from battuta.adapters.devices.simulated.converter_unit import add_common
from battuta.adapters.devices.simulated.site_plant import NamePlate
from battuta.adapters.devices.simulated.unit_image import ServedModel, SunSpecImage
from battuta.domain.image import Signal
from battuta.numerics.arrays import FloatArray
from battuta.ports.device import CellReadings

_CONNECTED = 3
_DISCONNECTED = 1
_CONNECT = 1
_DISCONNECT = 2
_MODULE = "lithium_ion_string_module"
_CELL = "lithium-ion-module-cell"
_ENABLED_AND_CLOSED, _ENABLED_AND_OPEN = 0b11, 0b01
_OF_MODULE = ("CellVMin", "CellVAvg", "CellVMax", "CellTmpMin", "CellTmpAvg", "CellTmpMax")
_OF_STRING = tuple(f"Mod{name}" for name in _OF_MODULE)
_OF_BANK = ("CellVMin", "CellVMax", "CellVAvg", "ModTmpMin", "ModTmpMax", "ModTmpAvg")
_BANK_SCALES = {"ModTmp_SF": -1, "CellV_SF": -3, "A_SF": -1, "V_SF": -1, "SoC_SF": -2}
_STRING_SCALES = {"A_SF": -1, "CellV_SF": -3, "ModTmp_SF": -1, "V_SF": -1, "SoC_SF": -2}
_MODULE_SCALES = {"CellV_SF": -3, "Tmp_SF": -1, "V_SF": -1}


def _known(values: FloatArray) -> FloatArray:
    known = values[~np.isnan(values)]
    return known if known.size else np.full(1, np.nan)


class BatteryUnit:
    """Registers of the battery.

    Parameters
    ----------
    plate : NamePlate
        Ratings.
    cells : tuple of CellReadings
        Strings and cells that are to be served; their numbers never change.
    """

    def __init__(self, plate: NamePlate, cells: tuple[CellReadings, ...]) -> None:
        self.image = SunSpecImage()
        exponent = plate.power_exponent(0xFFFE)
        energy_exponent = max(0, int(np.ceil(np.log10(max(plate.energy_kwh_rated, 1e-3) * 1000.0 / 60000.0))))
        add_common(self.image, plate, "battery")
        self._energy_kwh_rated = plate.energy_kwh_rated
        self.storage = self.image.add(713, {"WH_SF": energy_exponent, "Pct_SF": -2})
        self.storage.set_value("WHRtg", 1000.0 * plate.energy_kwh_rated)
        self.storage.set_value("Sta", 0)
        self.bank = self.image.add(
            802,
            {"SoC_SF": -2, "CellV_SF": -3, "WChaDisChaMax_SF": exponent, "A_SF": 0, "WHRtg_SF": energy_exponent},
        )
        self.bank.set_value("WHRtg", 1000.0 * plate.energy_kwh_rated)
        self.bank.set_value("Typ", 4)
        self.bank.set_value("State", _CONNECTED)
        self.bank.set_value("LocRemCtl", 0)
        self.bank.set_value("CtrlHb", 0)
        self.bank.set_value("SetOp", _CONNECT)
        self.bank.allow_writing("SetOp", "CtrlHb")
        self.all_strings = self.image.add(803, _BANK_SCALES, {"string": len(cells)})
        self.all_strings.set_value("NStr", len(cells))
        self.strings: list[ServedModel] = []
        self.modules: list[list[tuple[ServedModel, slice, slice]]] = []
        for index, string in enumerate(cells):
            self._add_string(index, string, plate.cells_per_module)

    def _add_string(self, index: int, string: CellReadings, cells_per_module: int) -> None:
        n_cells, n_sensors = len(string.voltage_v), len(string.temperature_c)
        n_modules = -(-n_cells // cells_per_module)
        served = self.image.add(804, _STRING_SCALES, {_MODULE: n_modules})
        served.set_value("Idx", index + 1)
        served.set_value("NMod", n_modules)
        self.all_strings.set_value("string.StrNMod", n_modules, index)
        self.all_strings.set_value("string.StrEvt1", 0, index)
        self.strings.append(served)
        self.modules.append([])
        for k in range(n_modules):
            own = slice(k * cells_per_module, min(n_cells, (k + 1) * cells_per_module))
            sensors = slice(n_sensors * k // n_modules, n_sensors * (k + 1) // n_modules)
            n_own = own.stop - own.start
            sensors = slice(sensors.start, min(sensors.stop, sensors.start + n_own))
            module = self.image.add(805, _MODULE_SCALES, {_CELL: n_own})
            module.set_value("StrIdx", index + 1)
            module.set_value("ModIdx", k + 1)
            module.set_value("NCell", n_own)
            served.set_value(f"{_MODULE}.ModNCell", n_own, k)
            self.modules[-1].append((module, own, sensors))

    @property
    def wants_open_strings(self) -> bool:
        """Whether it was told to open its contactors."""
        return self.bank.value("SetOp") == _DISCONNECT

    def show(self, readings: FloatArray) -> None:
        """Put what was measured into the registers, readings of shape (n_signals,)."""
        self.storage.set_value("SoC", 100.0 * float(readings[Signal.SOC]))
        self.storage.set_value("WHAvail", 1000.0 * self._energy_kwh_rated * float(readings[Signal.SOC]))
        self.bank.set_value("SoC", 100.0 * float(readings[Signal.SOC]))
        self.bank.set_value("CellVMin", float(readings[Signal.CELL_VOLTAGE_V_MIN]))
        self.bank.set_value("CellVMax", float(readings[Signal.CELL_VOLTAGE_V_MAX]))
        self.bank.set_value("WChaRteMax", 1000.0 * float(readings[Signal.CHARGE_POWER_KW_MAX]))
        self.bank.set_value("WDisChaRteMax", 1000.0 * float(readings[Signal.DISCHARGE_POWER_KW_MAX]))
        self.bank.set_value("State", _DISCONNECTED if self.wants_open_strings else _CONNECTED)
        self.all_strings.set_value("ModTmpMin", float(readings[Signal.CELL_TEMPERATURE_C_MIN]))
        self.all_strings.set_value("ModTmpAvg", float(readings[Signal.CELL_TEMPERATURE_C_MEAN]))
        self.all_strings.set_value("ModTmpMax", float(readings[Signal.CELL_TEMPERATURE_C_MAX]))

        is_open = self.wants_open_strings
        self.all_strings.set_value("NStrCon", 0 if is_open else len(self.strings))
        for index in range(len(self.strings)):
            self.all_strings.set_value("string.StrSt", _ENABLED_AND_OPEN if is_open else _ENABLED_AND_CLOSED, index)

    def show_cells(self, cells: tuple[CellReadings, ...]) -> None:
        """Put what the cells say into the registers."""
        self._show_currents(np.array([string.current_a for string in cells]))
        for index, (string, served, modules) in enumerate(zip(cells, self.strings, self.modules, strict=True)):
            voltage_v, temperature_c = _known(string.voltage_v), _known(string.temperature_c)
            served.set_value("A", string.current_a)
            served.set_value("V", float(np.sum(voltage_v)))
            served.set_value("CellVMin", float(np.min(voltage_v)))
            served.set_value("CellVMax", float(np.max(voltage_v)))
            served.set_value("CellVAvg", float(np.mean(voltage_v)))
            served.set_value("ModTmpMin", float(np.min(temperature_c)))
            served.set_value("ModTmpMax", float(np.max(temperature_c)))
            served.set_value("ModTmpAvg", float(np.mean(temperature_c)))
            for name in _OF_BANK:
                self.all_strings.set_value(f"string.Str{name}", served.value(name), index)
            rows: list[list[float]] = []
            for module, own, sensors in modules:
                volts, degrees = string.voltage_v[own], string.temperature_c[sensors]
                module.set_values(f"{_CELL}.CellV", volts)
                module.set_values(f"{_CELL}.CellTmp", degrees)
                volts, degrees = _known(volts), _known(degrees)
                rows.append([float(reduce(each)) for each in (volts, degrees) for reduce in (np.min, np.mean, np.max)])
                for name, value in zip(_OF_MODULE, rows[-1], strict=True):
                    module.set_value(name, value)
            for name, column in zip(_OF_STRING, np.array(rows).T, strict=False):
                served.set_values(f"{_MODULE}.{name}", column)

    def _show_currents(self, current_a: FloatArray) -> None:
        """Put the currents of the strings side by side, where one that carries less than the others is seen."""
        self.all_strings.set_values("string.StrA", current_a)
        known_a = _known(current_a)
        for name, value in (("StrAMax", known_a.max()), ("StrAMin", known_a.min()), ("StrAAvg", known_a.mean())):
            self.all_strings.set_value(name, float(value))
        if not np.isnan(current_a).all():
            self.all_strings.set_value("StrAMaxStr", int(np.nanargmax(current_a)) + 1)
            self.all_strings.set_value("StrAMinStr", int(np.nanargmin(current_a)) + 1)
