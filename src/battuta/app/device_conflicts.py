"""Where a device and the guard would both answer to the same thing: told when the device is opened."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from battuta.adapters.devices.modbus.site import ModbusSite
from battuta.adapters.devices.sunspec.functions import DeviceFunctions
from battuta.app.living_settings import LivingSettings
from battuta.domain.errors import DeviceError
from battuta.physics.grid_connection import ReactiveMode


@runtime_checkable
class TellsFunctions(Protocol):
    """A device that says what it does of its own."""

    async def read_functions(self) -> DeviceFunctions:
        """Read what is adopted and enabled."""
        ...


async def conflicts(device: ModbusSite, site: int, settings: LivingSettings, nominal_hz: float) -> tuple[str, ...]:
    """Read what the devices of a site do of their own, and say where that fights with what it is asked.

    Parameters
    ----------
    device : ModbusSite
        The site, opened.
    site : int
        Its number.
    settings : LivingSettings
        What it is armed with.
    nominal_hz : float
        Nominal frequency. [Hz]

    Returns
    -------
    tuple of str
        One sentence each, with what to do; empty where there is none, or where a device does not say.
    """
    sets_reactive = bool(settings.reactive) and settings.reactive[site].mode is not ReactiveMode.FIXED_Q
    found: list[str] = []
    for part in device.parts:
        if not isinstance(part.device, TellsFunctions):
            continue
        try:
            functions = await part.device.read_functions()
        except DeviceError:
            continue
        found += functions.warnings(
            guard_follows_frequency=bool(settings.products[site]),
            guard_sets_reactive=sets_reactive,
            nominal_hz=nominal_hz,
        )
    return tuple(found)
