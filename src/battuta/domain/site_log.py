"""What a site logs beside its cells: insulation, coolant, contactors, joints, air, supplies and the fire panel."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from types import MappingProxyType

import numpy as np

from battuta.domain.errors import DataError
from battuta.domain.time import from_ns
from battuta.numerics.arrays import FloatArray, IntArray


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteColumn:
    """One column of a site's log.

    Attributes
    ----------
    unit : str
        Its unit, ``-`` for shares and for flags that are 0 or 1.
    low, high : float
        What an instrument can have measured; what lies outside is missing. [unit]
    is_wide : bool
        Whether it holds a value per string, joint, contactor, sensor or supply, and so has two dimensions.
    """

    unit: str
    low: float
    high: float
    is_wide: bool = False


SITE_COLUMNS: Mapping[str, SiteColumn] = MappingProxyType(
    {
        "insulation_ohm": SiteColumn(unit="ohm", low=0.0, high=1e9),
        "coolant_flow_l_per_min": SiteColumn(unit="l/min", low=0.0, high=1e5),
        "coolant_pressure_bar": SiteColumn(unit="bar", low=-1.0, high=100.0),
        "coolant_level": SiteColumn(unit="-", low=0.0, high=1.0),
        "coolant_in_c": SiteColumn(unit="degC", low=-50.0, high=120.0),
        "coolant_out_c": SiteColumn(unit="degC", low=-50.0, high=120.0),
        "pump_command": SiteColumn(unit="-", low=0.0, high=1.0),
        "pump_speed": SiteColumn(unit="-", low=0.0, high=1.5),
        "contactor_command": SiteColumn(unit="-", low=0.0, high=1.0, is_wide=True),
        "contactor_state": SiteColumn(unit="-", low=0.0, high=1.0, is_wide=True),
        "contactor_open_current_a": SiteColumn(unit="A", low=-1e5, high=1e5, is_wide=True),
        "precharge_s": SiteColumn(unit="s", low=0.0, high=600.0),
        "precharge_share": SiteColumn(unit="-", low=0.0, high=1.5),
        "string_current_a": SiteColumn(unit="A", low=-1e5, high=1e5, is_wide=True),
        "string_voltage_v": SiteColumn(unit="V", low=0.0, high=5000.0, is_wide=True),
        "bus_voltage_v": SiteColumn(unit="V", low=0.0, high=5000.0),
        "joint_c": SiteColumn(unit="degC", low=-50.0, high=300.0, is_wide=True),
        "humidity": SiteColumn(unit="-", low=0.0, high=1.0),
        "air_c": SiteColumn(unit="degC", low=-50.0, high=120.0),
        "surface_c": SiteColumn(unit="degC", low=-50.0, high=120.0),
        "water": SiteColumn(unit="-", low=0.0, high=1.0, is_wide=True),
        "auxiliary_voltage_v": SiteColumn(unit="V", low=0.0, high=1000.0, is_wide=True),
        "ups_test_voltage_v": SiteColumn(unit="V", low=0.0, high=1000.0),
        "fire_panel_fault": SiteColumn(unit="-", low=0.0, high=1.0),
        "fire_panel_disabled": SiteColumn(unit="-", low=0.0, high=1.0),
        "ambient_c": SiteColumn(unit="degC", low=-60.0, high=60.0),
    }
)
"""Every column of a site's log by its name."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SiteLog:
    """What a site logs beside its cells, rows in time; None is not logged at all, NaN is a value that is missing.

    Flags are 1 where they are on and 0 where they are off. Values of an event stand in the row in which it ended, and
    NaN stands in all others.

    Attributes
    ----------
    site_id : str
        The site, or the container of it.
    time_ns : ndarray, shape (n_times,)
        When each row was measured, strictly ascending. [ns]
    insulation_ohm : ndarray, shape (n_times,), or None
        Resistance between the DC side and earth. [ohm]
    coolant_flow_l_per_min, coolant_pressure_bar, coolant_level : ndarray, shape (n_times,), or None
        Flow, static pressure, and how full its tank is. [l/min, bar, -]
    coolant_in_c, coolant_out_c : ndarray, shape (n_times,), or None
        Coolant before and behind the cells. [degC]
    pump_command, pump_speed : ndarray, shape (n_times,), or None
        Speed that was asked of the pump, and that it has, as shares of its full speed. [-]
    contactor_command, contactor_state : ndarray, shape (n_times, n_contactors), or None
        Whether each is told to be closed, and whether its auxiliary contact says that it is. [-]
    contactor_open_current_a : ndarray, shape (n_times, n_contactors), or None
        Current that a contactor broke, an event. [A]
    precharge_s, precharge_share : ndarray, shape (n_times,), or None
        Time constant of a pre-charge, and the bus voltage it reached as a share of the string's, events. [s, -]
    string_current_a, string_voltage_v : ndarray, shape (n_times, n_strings), or None
        Current, discharge positive, and voltage of each string. [A, V]
    bus_voltage_v : ndarray, shape (n_times,), or None
        Voltage of the DC bus. [V]
    joint_c : ndarray, shape (n_times, n_joints), or None
        Temperatures of DC joints, in the order of the strings, as many for each. [degC]
    humidity, air_c, surface_c : ndarray, shape (n_times,), or None
        Relative humidity and temperature of the air inside, temperature of the coldest surface in it. [-, degC]
    water : ndarray, shape (n_times, n_sensors), or None
        Whether a sensor on the floor is wet. [-]
    auxiliary_voltage_v : ndarray, shape (n_times, n_supplies), or None
        Supplies of the controls. [V]
    ups_test_voltage_v : ndarray, shape (n_times,), or None
        Lowest voltage of the battery of the controls in a test, an event. [V]
    fire_panel_fault, fire_panel_disabled : ndarray, shape (n_times,), or None
        Whether the panel reports a fault, and whether part of it is switched off. [-]
    ambient_c : ndarray, shape (n_times,), or None
        Air outside. [degC]
    """

    site_id: str
    time_ns: IntArray
    insulation_ohm: FloatArray | None = None
    coolant_flow_l_per_min: FloatArray | None = None
    coolant_pressure_bar: FloatArray | None = None
    coolant_level: FloatArray | None = None
    coolant_in_c: FloatArray | None = None
    coolant_out_c: FloatArray | None = None
    pump_command: FloatArray | None = None
    pump_speed: FloatArray | None = None
    contactor_command: FloatArray | None = None
    contactor_state: FloatArray | None = None
    contactor_open_current_a: FloatArray | None = None
    precharge_s: FloatArray | None = None
    precharge_share: FloatArray | None = None
    string_current_a: FloatArray | None = None
    string_voltage_v: FloatArray | None = None
    bus_voltage_v: FloatArray | None = None
    joint_c: FloatArray | None = None
    humidity: FloatArray | None = None
    air_c: FloatArray | None = None
    surface_c: FloatArray | None = None
    water: FloatArray | None = None
    auxiliary_voltage_v: FloatArray | None = None
    ups_test_voltage_v: FloatArray | None = None
    fire_panel_fault: FloatArray | None = None
    fire_panel_disabled: FloatArray | None = None
    ambient_c: FloatArray | None = None

    def __post_init__(self) -> None:
        """Check shapes and the order of time."""
        for name, values in self.logged().items():
            n_dims = 2 if SITE_COLUMNS[name].is_wide else 1
            if values.ndim != n_dims or values.shape[0] != self.n_times:
                wanted = f"({self.n_times}, n)" if n_dims == 2 else f"({self.n_times},)"
                message = f"site {self.site_id}: {name} has shape {values.shape}, {wanted} is needed"
                raise DataError(message)
        back = np.flatnonzero(np.diff(self.time_ns) <= 0)
        if back.size:
            at = from_ns(int(self.time_ns[back[0] + 1])).isoformat()
            message = f"site {self.site_id}: time does not ascend at {at}; sort the rows and drop what is doubled"
            raise DataError(message)

    @property
    def n_times(self) -> int:
        """Number of rows."""
        return int(self.time_ns.shape[0])

    def logged(self) -> dict[str, FloatArray]:
        """Columns that are logged, by name."""
        found = {each.name: getattr(self, each.name) for each in fields(self) if each.name in SITE_COLUMNS}
        return {name: values for name, values in found.items() if values is not None}

    def rows(self, rows: slice) -> SiteLog:
        """Return the same site restricted to a range of rows."""
        cut = {name: values[rows] for name, values in self.logged().items()}
        return SiteLog(site_id=self.site_id, time_ns=self.time_ns[rows], **cut)
