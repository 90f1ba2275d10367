"""Simulated sites that answer Modbus TCP: one port per site, one unit per device, any SunSpec client can read them.

::

    unit 1  converter            SunSpec 1, 701 to 712, 714, 715
    unit 2  battery              SunSpec 1, 713, 802, 803, 804 per string, 805 per module
    unit 3  interconnection      SunSpec 1, 213
    unit 4  chiller              register map chiller.toml
    unit 5  fire alarm panel     register map fire_panel.toml
    unit 6  auxiliary meter      register map auxiliary_meter.toml
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Self, cast

from pymodbus.constants import ExcCodes
from pymodbus.server import ModbusTcpServer
from pymodbus.simulator import DataType, SimData, SimDevice

from battuta.adapters.devices.register_map.map_file import shipped
from battuta.adapters.devices.simulated.battery_unit import BatteryUnit
from battuta.adapters.devices.simulated.converter_unit import ConverterUnit
from battuta.adapters.devices.simulated.map_unit import MapUnit
from battuta.adapters.devices.simulated.meter_unit import MeterUnit
from battuta.adapters.devices.simulated.site_plant import NamePlate, SitePlant
from battuta.adapters.devices.simulated.unit_image import UnitImage
from battuta.domain.command import DeviceCommand
from battuta.domain.errors import DeviceUnavailableError, UsageError
from battuta.ports.device import CellReadings

CONVERTER_UNIT = 1
BATTERY_UNIT = 2
METER_UNIT = 3
CHILLER_UNIT = 4
PANEL_UNIT = 5
AUXILIARY_UNIT = 6
CHILLER_AUTOMATIC = 4
"""Mode in which a chiller keeps its own thermostat and is only given a setpoint, by its register map."""
_UNIT_IN_FRAME = 6
"""Position of the unit id in a Modbus TCP frame."""


class SimulatedSite:
    """The devices of one site and the server that they stand behind.

    Parameters
    ----------
    plant : SitePlant
        What they measure and drive.
    plate : NamePlate
        What is written on them.
    now_ns : callable
        Says the time that reversion timers run by. [ns]
    """

    def __init__(self, plant: SitePlant, plate: NamePlate, now_ns: Callable[[], int]) -> None:
        self.plant = plant
        self.converter = ConverterUnit(plate, now_ns)
        self.battery = BatteryUnit(plate, plant.cells())
        self.meter = MeterUnit(plate)
        self.chiller = MapUnit(shipped("chiller"), {"mode": CHILLER_AUTOMATIC})
        self.panel = MapUnit(shipped("fire_panel"))
        self.auxiliary = MapUnit(shipped("auxiliary_meter"))
        self._shown = {
            CONVERTER_UNIT: self.converter,
            BATTERY_UNIT: self.battery,
            METER_UNIT: self.meter,
            CHILLER_UNIT: self.chiller,
            PANEL_UNIT: self.panel,
            AUXILIARY_UNIT: self.auxiliary,
        }
        self.silent_units: set[int] = set()
        """Units that give no answer, to test what a client does then."""
        self.images: dict[int, UnitImage] = {unit: shown.image for unit, shown in self._shown.items()}
        self._server: ModbusTcpServer | None = None
        self._old: set[int] = set()
        self._old_cells: set[int] = set()
        self._cells: tuple[CellReadings, ...] | None = None
        self._readings = plant.readings().copy()
        self.refresh()
        self.show()

    def refresh(self) -> None:
        """Serve what the plant measures now, let timers run out, and the converter's own laws act."""
        if self.converter.revert():
            self.plant.apply(self.command)
        self._readings = self.plant.readings().copy()
        if self.converter.follow(self._readings):
            self.plant.apply(self.command)
        self._old = set(self.images)
        self._old_cells = {CONVERTER_UNIT, BATTERY_UNIT}
        self._cells = None

    def show(self) -> None:
        """Put what was measured into all registers now, not only when a client asks for them."""
        for unit in list(self._old):
            self._show(unit)

    def _show(self, unit: int) -> None:
        if unit in self._old:
            self._old.remove(unit)
            self._shown[unit].show(self._readings)

    def _show_cells(self, unit: int, address: int, n_registers: int) -> None:
        """Ask the plant for its cells once per refresh, and only where a client reads what follows from them."""
        if unit not in self._old_cells:
            return
        if unit == CONVERTER_UNIT and not self.converter.dc_side.is_touched(address, n_registers):
            return
        self._old_cells.remove(unit)
        if self._cells is None:
            self._cells = self.plant.cells()
        (self.converter if unit == CONVERTER_UNIT else self.battery).show_cells(self._cells)

    @property
    def command(self) -> DeviceCommand:
        """What its registers ask of the plant now."""
        return DeviceCommand(
            power_kw=self.converter.power_kw,
            reactive_kvar=self.converter.reactive_kvar,
            chiller_setpoint_c=self.chiller.setpoint("chiller_setpoint_c"),
            open_strings=self.battery.wants_open_strings,
        )

    async def start(self, host: str, port: int) -> int:
        """Listen; returns the port, which the machine chooses if it was 0."""
        devices = [_nobody(), *(self._device(unit, image) for unit, image in self.images.items())]
        server = ModbusTcpServer(devices, address=(host, port), trace_packet=self._packet)
        try:
            await server.serve_forever(background=True)
        except RuntimeError as error:
            message = f"{host}:{port}: the simulated site cannot listen; choose a free port, or 0"
            raise DeviceUnavailableError(message) from error
        self._server = server
        listening = cast("asyncio.Server", cast("object", server.transport))
        return int(listening.sockets[0].getsockname()[1])

    async def stop(self) -> None:
        """Hang up on all clients and listen no longer."""
        server, self._server = self._server, None
        if server is not None:
            await server.shutdown()

    def _packet(self, is_sending: bool, packet: bytes) -> bytes:  # noqa: FBT001 - pymodbus calls it so
        if is_sending and len(packet) > _UNIT_IN_FRAME and packet[_UNIT_IN_FRAME] in self.silent_units:
            return b""
        return packet

    def _device(self, unit: int, image: UnitImage) -> SimDevice:
        async def access(
            _function: int,
            start: int,
            address: int,
            count: int,
            registers: list[int],
            written: list[int] | list[bool] | None,
        ) -> ExcCodes | None:
            self._show(unit)
            if written is None:
                self._show_cells(unit, address, count)
                registers[address - start : address - start + count] = image.read(address, count)
                return None
            if not image.writable.issuperset(range(address, address + count)):
                return ExcCodes.ILLEGAL_ADDRESS
            if unit not in self.silent_units:
                image.write(address, [int(each) for each in written])
                self._written(unit, address, count)
            return None

        data = SimData(image.base, values=list(image.registers), datatype=DataType.REGISTERS)
        return SimDevice(unit, [data], action=access)

    def _written(self, unit: int, address: int, n_registers: int) -> None:
        if unit == CONVERTER_UNIT:
            self.converter.written(address, n_registers)
        elif unit == CHILLER_UNIT:
            self.chiller.written(address, n_registers)
        self.plant.apply(self.command)


def _nobody() -> SimDevice:
    """What a gateway says for units that are not there."""

    async def access(*_: object) -> ExcCodes | None:
        return ExcCodes.GATEWAY_NO_RESPONSE

    return SimDevice(0, [SimData(0, datatype=DataType.REGISTERS)], action=access)


class SunSpecServer:
    """Simulated sites on one machine, each on its own port.

    Parameters
    ----------
    plants : sequence of SitePlant
        One per site.
    plates : sequence of NamePlate, optional
        One per site; by default alike but for their serial numbers.
    host : str
        Address to listen on.
    port_first : int
        Port of the first site, the others follow; 0 lets the machine choose all.
    now_ns : callable
        Says the time that reversion timers run by. [ns]
    """

    def __init__(
        self,
        plants: Sequence[SitePlant],
        plates: Sequence[NamePlate] | None = None,
        *,
        host: str = "127.0.0.1",
        port_first: int = 0,
        now_ns: Callable[[], int] = time.monotonic_ns,
    ) -> None:
        plates = plates or [NamePlate(serial=f"SIM-{k + 1:04d}") for k in range(len(plants))]
        if len(plates) != len(plants):
            message = f"{len(plates)} name plates for {len(plants)} sites; give one for each"
            raise UsageError(message)
        self.sites = tuple(SimulatedSite(plant, plate, now_ns) for plant, plate in zip(plants, plates, strict=True))
        self.host = host
        self.ports: tuple[int, ...] = ()
        """Where each site listens, once it is started."""
        self._port_first = port_first

    async def start(self) -> None:
        """Listen on all ports; after a stop on the same ones again."""
        wanted = self.ports or [self._port_first + k if self._port_first else 0 for k in range(len(self.sites))]
        ports: list[int] = []
        try:
            for site, port in zip(self.sites, wanted, strict=True):
                ports.append(await site.start(self.host, port))
        except DeviceUnavailableError:
            await self.stop()
            raise
        self.ports = tuple(ports)

    async def stop(self) -> None:
        """Hang up on all clients."""
        for site in self.sites:
            await site.stop()

    def refresh(self) -> None:
        """Serve what the plants measure now; its owner calls it on every tick, at least each 50 ms."""
        for site in self.sites:
            site.refresh()

    async def __aenter__(self) -> Self:
        """Start."""
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop."""
        await self.stop()
