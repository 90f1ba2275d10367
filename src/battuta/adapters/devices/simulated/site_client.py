"""The client of a simulated site: all its units as one device, over real sockets."""

from __future__ import annotations

from collections.abc import Callable

from battuta.adapters.devices.modbus.connection import ModbusConnection
from battuta.adapters.devices.modbus.site import ModbusSite, Part
from battuta.adapters.devices.register_map.client import RegisterMapDevice
from battuta.adapters.devices.register_map.map_file import shipped
from battuta.adapters.devices.simulated.sunspec_server import (
    AUXILIARY_UNIT,
    BATTERY_UNIT,
    CHILLER_UNIT,
    CONVERTER_UNIT,
    METER_UNIT,
    PANEL_UNIT,
)
from battuta.adapters.devices.sunspec.client import SunSpecDevice
from battuta.adapters.devices.sunspec.mapping import Conventions


def simulated_site(
    host: str,
    port: int,
    *,
    now_ns: Callable[[], int],
    deadline_s: float = 1.0,
    conventions: Conventions | None = None,
    retry_s: float = 5.0,
) -> ModbusSite:
    """Compose the units of `battuta.adapters.devices.simulated.sunspec_server` to one device.

    Two connections: meter and converter do not wait behind the slower devices.

    Parameters
    ----------
    host, port : str, int
        Where the site listens.
    now_ns : callable
        Says the time that readings are stamped with. [ns]
    deadline_s : float
        Longest time that one call to one part may take. [s]
    conventions : Conventions, optional
        Nominal voltage and reversion; the signs are those of the server.
    retry_s : float
        Pause before a silent part is asked again. [s]

    Returns
    -------
    ModbusSite
        Not opened yet.
    """
    fast = ModbusConnection(host, port, timeout_s=deadline_s)
    slow = ModbusConnection(host, port, timeout_s=deadline_s / 2.0)
    required = {"meter": (fast, METER_UNIT), "battery": (slow, BATTERY_UNIT), "converter": (fast, CONVERTER_UNIT)}
    parts = [
        Part(
            name=name,
            device=SunSpecDevice(connection, unit, now_ns=now_ns, deadline_s=deadline_s, conventions=conventions),
        )
        for name, (connection, unit) in required.items()
    ]
    others = {"auxiliary_meter": AUXILIARY_UNIT, "chiller": CHILLER_UNIT, "fire_panel": PANEL_UNIT}
    parts += [
        Part(
            name=name,
            device=RegisterMapDevice(slow, unit, shipped(name), now_ns=now_ns, deadline_s=deadline_s),
            is_required=False,
        )
        for name, unit in others.items()
    ]
    return ModbusSite(parts, now_ns=now_ns, retry_s=retry_s)
