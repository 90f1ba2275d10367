"""A converter, battery or meter that speaks SunSpec over Modbus TCP: find its models, read them, write setpoints.

Each write renews the device's own reversion timer: when the controller dies, the device goes to its safe power by
itself.

References
----------
.. [1] SunSpec Alliance, DER Information Model Specification, version 1.2 (2022): models 701 to 715.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from battuta.adapters.devices.modbus.connection import ModbusConnection, deadline
from battuta.adapters.devices.modbus.stamps import stamps
from battuta.adapters.devices.sunspec import cells, controls, functions, mapping, storage, volt_var
from battuta.adapters.devices.sunspec.chain import Block, Model, scan
from battuta.adapters.devices.sunspec.mapping import Conventions
from battuta.domain.command import DeviceCommand
from battuta.domain.errors import DeviceChangedError, DeviceError, DeviceUnavailableError
from battuta.physics.grid_connection import ReactiveLaw
from battuta.ports.device import CellReadings, Readings

READS_PER_IDENTITY = 10
"""On each so-manieth reading the device is asked who it is, and whenever the connection was opened anew."""
HEARTBEAT_PERIOD_NS = 1_000_000_000
_IDENTITY = ("Mn", "Md", "SN")
_WANTED = frozenset({mapping.COMMON, mapping.CONTROLS, mapping.DC_SIDE, *functions.FUNCTIONS, *mapping.POINTS})


class SunSpecDevice:
    """`battuta.ports.device.Device` by SunSpec Modbus TCP: all models of one unit.

    Parameters
    ----------
    connection : ModbusConnection
        The way to it; several devices may share one.
    unit : int
        Modbus unit id.
    now_ns : callable
        Says the time that readings are stamped with. [ns]
    deadline_s : float
        Longest time that one call may take. [s]
    scan_deadline_s : float, optional
        Longest time for `open` and `read_cells`, which take hundreds of requests where there are many modules; ten
        times `deadline_s` unless given. [s]
    conventions : Conventions
        Signs, nominal voltage and reversion that the models leave open.
    """

    def __init__(
        self,
        connection: ModbusConnection,
        unit: int = 1,
        *,
        now_ns: Callable[[], int],
        deadline_s: float = 1.0,
        scan_deadline_s: float | None = None,
        conventions: Conventions | None = None,
    ) -> None:
        self.connection = connection
        self.unit = unit
        self.deadline_s = deadline_s
        self.scan_deadline_s = 10.0 * deadline_s if scan_deadline_s is None else scan_deadline_s
        self.conventions = conventions or Conventions()
        self.identity: tuple[str, ...] = ()
        """Maker, model and serial number, once it is open."""
        self.models: tuple[Model, ...] = ()
        """The models that it has and that are understood here, in its order."""
        self._now_ns = now_ns
        self._where = f"SunSpec device {connection} unit {unit}"
        self._common: Block | None = None
        self._blocks: dict[int, list[Block]] = {}
        self._cells: cells.CellBlocks | None = None
        self._power: controls.Controls | None = None
        self._volt_var: volt_var.VoltVar | None = None
        self._frequency: Block | None = None
        self._changed: DeviceChangedError | None = None
        self._generation = 0
        self._n_reads = 0
        self._heartbeat = 0
        self._heartbeat_ns = -HEARTBEAT_PERIOD_NS

    async def open(self) -> None:
        """Connect, find its models, remember who it is; again after it was exchanged.

        Raises
        ------
        DeviceUnavailableError
            If it does not answer in time.
        DeviceError
            If it is no SunSpec device.
        """
        async with deadline(self.scan_deadline_s, self._where):
            await self.connection.open()
            self.models = await scan(self._read, wanted=_WANTED, where=self._where)
            by_number = self._by_number()
            if mapping.COMMON not in by_number:
                message = f"{self._where}: it has no common model (1), so nobody can tell who it is"
                raise DeviceError(message)
            self._common = Block(by_number[mapping.COMMON][0], _IDENTITY)
            await self._common.read(self._read)
            self.identity = self._who(self._common)
            self._plan(by_number)
            self._power = await controls.prepare(by_number, self._read, self._write, self._where)
            self._volt_var = volt_var.prepare(by_number, self._read, self._write, self._where)
            self._cells = await cells.prepare(by_number, self._read)
            for number in (mapping.CONTROLLER, mapping.ENTER_SERVICE, mapping.CAPACITY):
                for block in self._blocks.get(number, []):
                    await block.read(self._read)
        self._generation = self.connection.generation
        self._changed = None
        self._n_reads = 0

    def _by_number(self) -> dict[int, list[Model]]:
        by_number: dict[int, list[Model]] = {}
        for model in self.models:
            by_number.setdefault(model.number, []).append(model)
        return by_number

    def _plan(self, by_number: dict[int, list[Model]]) -> None:
        """Choose what is read on each round."""
        temperatures = mapping.temperature_points(by_number)
        skipped = {mapping.BANK, mapping.STRING, mapping.MODULE} - set(temperatures)
        self._blocks = {
            number: [Block(model, points) for model in by_number[number]]
            for number, points in mapping.POINTS.items()
            if number in by_number and number not in skipped
        }
        sources = [number for number in (*mapping.METERS, mapping.CONVERTER) if number in by_number]
        self._frequency = Block(by_number[sources[0]][0], ("Hz",)) if sources else None

    async def read(self) -> Readings:
        """Read all signals once."""
        time_ns = self._now_ns()
        async with deadline(self.deadline_s, self._where):
            await self._same_device(is_due=self._n_reads % READS_PER_IDENTITY == 0)
            self._n_reads += 1
            for blocks in self._blocks.values():
                for block in blocks:
                    await block.read(self._read)
            if self._power is None:
                await self._beat()
        values = mapping.signals(self._blocks, self.conventions)
        return Readings(values=values, measured_ns=stamps(values, time_ns))

    async def read_frequency_hz(self) -> float:
        """Read the frequency alone, in one request. [Hz]"""
        if self._frequency is None:
            self._must_be_open()
            return math.nan
        async with deadline(self.deadline_s, self._where):
            await self._same_device()
            await self._frequency.read(self._read)
        return self._frequency.value("Hz")

    async def read_cells(self) -> tuple[CellReadings, ...]:
        """Read cell voltages and temperatures, one entry per string, in the order of the strings' numbers."""
        async with deadline(self.scan_deadline_s, self._where):
            await self._same_device()
            if self._cells is None:
                return ()
            return await self._cells.read(self._read, self.conventions)

    async def write(self, command: DeviceCommand) -> None:
        """Write a command and renew the reversion timer; returns when the device acknowledged it.

        Parameters
        ----------
        command : DeviceCommand
            Absolute setpoints: written twice, they do what they do once. What this device does not have, like the
            setpoint of a chiller, is left to others.

        Raises
        ------
        DeviceError
            If the device is in local control, may not enter service, refuses, or cannot express the power. Strings are
            opened all the same.
        """
        async with deadline(self.deadline_s, self._where):
            await self._same_device()
            refusal = None if self._power is None else controls.refusal(self._blocks, command)
            if self._power is not None and refusal is None:
                await self._power.write(command, self.conventions)
                await self._beat()
            if command.open_strings:
                for battery in self._blocks.get(mapping.BATTERY, []):
                    await controls.write_point(battery.model, "SetOp", controls.DISCONNECT, self._write)
        if refusal is not None:
            message = f"{self._where}: {refusal}"
            raise DeviceError(message)

    async def _beat(self) -> None:
        """Count up the controller's heartbeat, at most once a second.

        A device with setpoints hears it when they are written, another, such as a battery, when it is read.
        """
        time_ns = self._now_ns()
        if abs(time_ns - self._heartbeat_ns) < HEARTBEAT_PERIOD_NS:
            return
        self._heartbeat = self._heartbeat % 0xFFFF + 1
        self._heartbeat_ns = time_ns
        for number, name in ((mapping.CONTROLLER, "ControllerHb"), (mapping.BATTERY, "CtrlHb")):
            for block in self._blocks.get(number, []):
                await controls.write_point(block.model, name, self._heartbeat, self._write)

    async def read_setpoint(self) -> DeviceCommand | None:
        """Read back what the device holds as its setpoint now; None if it takes none."""
        async with deadline(self.deadline_s, self._where):
            await self._same_device()
            return None if self._power is None else await self._power.read()

    async def read_functions(self) -> functions.DeviceFunctions:
        """Read what the device does of its own: models 705 to 712 as adopted and enabled."""
        async with deadline(self.scan_deadline_s, self._where):
            await self._same_device()
            return await functions.read_functions(self._by_number(), self._read)

    async def read_storage(self) -> storage.StorageCapacity | None:
        """Read energy, state of charge and health by model 713; None if the device has none."""
        async with deadline(self.deadline_s, self._where):
            await self._same_device()
            return await storage.read_storage(self._by_number(), self._read)

    async def read_dc_ports(self) -> tuple[storage.DcPort, ...]:
        """Read the DC side by model 714; empty if the device has none."""
        async with deadline(self.deadline_s, self._where):
            await self._same_device()
            return await storage.read_dc_ports(self._by_number(), self._read)

    async def adopt_volt_var(self, law: ReactiveLaw) -> None:
        """Hand a Q(V) law over to the device, which then holds the voltage itself; takes back a Q that was commanded.

        Parameters
        ----------
        law : ReactiveLaw
            A law of mode ``q_of_v``. Its Q is per unit of the device's own rated apparent power, its voltage per unit
            of the nominal voltage that is read here.

        Raises
        ------
        UsageError
            If the law is no curve, or does not fit the device's curves.
        DeviceError
            If the device has no model 705, is in local control, refuses, or holds another curve afterwards.
        """
        async with deadline(self.scan_deadline_s, self._where):
            await self._same_device()
            await self._volt_var_of_remote().adopt(law, nominal_ratio=self._nominal_ratio())
            if self._power is not None:
                await self._power.take_back_reactive()

    async def leave_volt_var(self) -> None:
        """Let the device follow its Q(V) curve no longer; the curve stays in it."""
        async with deadline(self.deadline_s, self._where):
            await self._same_device()
            await self._volt_var_of_remote().leave()

    def _volt_var_of_remote(self) -> volt_var.VoltVar:
        if self._volt_var is None:
            message = f"{self._where}: it has no model 705, so it cannot hold a Q(V) curve; command Q instead"
            raise DeviceError(message)
        if (reason := controls.local_control(self._blocks)) is not None:
            message = f"{self._where}: {reason}"
            raise DeviceError(message)
        return self._volt_var

    def _nominal_ratio(self) -> float:
        """Nominal voltage that is read here over that of the device's curves; 1 unless both are known."""
        own_v = mapping.nominal_voltage_v(self._blocks)
        ratio = self.conventions.nominal_voltage_v / own_v
        return 1.0 if math.isnan(ratio) else ratio

    async def close(self) -> None:
        """Let go; writes nothing."""
        self.connection.close()

    def _must_be_open(self) -> Block:
        if self._changed is not None:
            raise self._changed
        if self._common is None:
            message = f"{self._where}: it was not opened yet; await open() first"
            raise DeviceUnavailableError(message)
        return self._common

    async def _same_device(self, *, is_due: bool = False) -> None:
        """See that the device is the one that was opened."""
        common = self._must_be_open()
        await self.connection.open()
        generation = self.connection.generation
        if not is_due and generation == self._generation:
            return
        await common.read(self._read)
        found = self._who(common)
        if found != self.identity:
            before, after = " ".join(self.identity), " ".join(found)
            message = f"{self._where}: it was {before!r} and is {after!r} now; check the exchange and open it anew"
            self._changed = DeviceChangedError(message)
            raise self._changed
        self._generation = generation

    @staticmethod
    def _who(common: Block) -> tuple[str, ...]:
        return tuple(common.text(name) for name in _IDENTITY)

    async def _read(self, address: int, n_registers: int) -> list[int]:
        return await self.connection.read(self.unit, address, n_registers)

    async def _write(self, address: int, values: list[int]) -> None:
        await self.connection.write(self.unit, address, values, generation=self._generation)
