"""One Modbus TCP connection that always comes to an end: an answer, or an error that says which device was silent.

References
----------
.. [1] Modbus Organization, MODBUS Application Protocol Specification V1.1b3 (2012).
.. [2] Modbus Organization, MODBUS Messaging on TCP/IP Implementation Guide V1.0b (2006).
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Awaitable, Sequence

from pymodbus.client import AsyncModbusTcpClient
from pymodbus.exceptions import ModbusException
from pymodbus.pdu import ModbusPDU

from battuta.domain.errors import DeviceError, DeviceUnavailableError

READ_HOLDING = 3
READ_INPUT = 4
READ_REGISTERS_MAX = 125
WRITE_REGISTERS_MAX = 123
SILENCES_MAX = 3
"""So many requests without an answer in a row, and the connection is opened anew."""

_EXCEPTIONS = {
    1: "illegal function",
    2: "illegal data address",
    3: "illegal data value",
    4: "device failure",
    5: "acknowledge",
    6: "device busy",
    8: "memory parity error",
    10: "gateway path unavailable",
    11: "gateway target did not respond",
}
_UNAVAILABLE = {6, 10, 11}


@contextlib.asynccontextmanager
async def deadline(duration_s: float, what: str) -> AsyncGenerator[None]:
    """Let what is inside take so long and no longer.

    Parameters
    ----------
    duration_s : float
        The time it has. [s]
    what : str
        Who would be late, for the error.

    Raises
    ------
    DeviceUnavailableError
        If the time is over.
    """
    try:
        async with asyncio.timeout(duration_s):
            yield
    except TimeoutError as error:
        if isinstance(error, DeviceUnavailableError):
            raise
        message = f"{what}: no answer within {duration_s:g} s; check the device and its network, or raise its deadline"
        raise DeviceUnavailableError(message) from None


class ModbusConnection:
    """A connection to a Modbus TCP device or gateway; opens itself when it is used, and again when it broke.

    Parameters
    ----------
    host : str
        Name or address.
    port : int
        TCP port.
    timeout_s : float
        Longest wait for one answer; the deadline of a whole call is its caller's. [s]
    """

    def __init__(self, host: str, port: int = 502, *, timeout_s: float = 0.5) -> None:
        self.host = host
        self.port = port
        self.timeout_s = timeout_s
        self.generation = 0
        """How often it was opened: a device behind a new connection may be another one."""
        self._client: AsyncModbusTcpClient | None = None
        self._opening = asyncio.Lock()
        self._silences = 0

    def __str__(self) -> str:
        """Say where it leads."""
        return f"{self.host}:{self.port}"

    async def open(self) -> None:
        """Connect if it is not connected.

        Raises
        ------
        DeviceUnavailableError
            If nobody answers.
        """
        await self._connected()

    async def _connected(self) -> AsyncModbusTcpClient:
        async with self._opening:
            client = self._client
            if client is not None and client.connected:
                return client
            self.close()
            client = AsyncModbusTcpClient(
                self.host, port=self.port, timeout=self.timeout_s, retries=0, reconnect_delay=0
            )
            if not await client.connect():
                client.close()
                message = f"{self}: connection refused or no answer; check address, port and whether the device is on"
                raise DeviceUnavailableError(message)
            self._client = client
            self._silences = 0
            self.generation += 1
            return client

    async def read(self, unit: int, address: int, n_registers: int, *, function: int = READ_HOLDING) -> list[int]:
        """Read registers that follow each other.

        Parameters
        ----------
        unit : int
            Modbus unit id.
        address : int
            First register, counted from 0.
        n_registers : int
            How many, at most 125 in one request; more are read in several.
        function : int
            3 for holding registers, 4 for input registers.

        Returns
        -------
        list of int
            Unsigned 16 bit registers.
        """
        registers: list[int] = []
        while len(registers) < n_registers:
            client = await self._connected()
            ask = client.read_input_registers if function == READ_INPUT else client.read_holding_registers
            count = min(READ_REGISTERS_MAX, n_registers - len(registers))
            where = f"{self} unit {unit}, reading register {address + len(registers)}"
            answer = await self._answer(ask(address + len(registers), count=count, device_id=unit), where)
            if len(answer.registers) != count:
                message = f"{where}: {len(answer.registers)} registers came instead of {count}"
                raise DeviceError(message)
            registers.extend(answer.registers)
        return registers

    async def write(self, unit: int, address: int, values: Sequence[int], *, generation: int | None = None) -> None:
        """Write registers that follow each other in one request, so that the device takes all or none.

        Parameters
        ----------
        unit : int
            Modbus unit id.
        address : int
            First register, counted from 0.
        values : sequence of int
            Unsigned 16 bit registers, at most 123.
        generation : int, optional
            Write only if the connection was not opened anew since: behind a new one may stand another device.
        """
        client = await self._connected()
        where = f"{self} unit {unit}, writing register {address}"
        if generation not in {None, self.generation}:
            message = f"{where}: the connection broke meanwhile and nothing was written; write again"
            raise DeviceUnavailableError(message)
        await self._answer(client.write_registers(address, list(values), device_id=unit), where)

    async def _answer(self, request: Awaitable[ModbusPDU], where: str) -> ModbusPDU:
        try:
            answer = await request
        except (asyncio.CancelledError, ModbusException, OSError) as error:
            self._silences += 1
            if self._silences >= SILENCES_MAX:
                self.close()
            if isinstance(error, asyncio.CancelledError):
                raise
            message = f"{where}: no answer; check that the device is on and the unit id is right"
            raise DeviceUnavailableError(message) from error
        self._silences = 0
        if answer.isError():
            code = answer.exception_code
            message = f"{where}: refused with Modbus exception {code} ({_EXCEPTIONS.get(code, 'unknown')})"
            raise (DeviceUnavailableError if code in _UNAVAILABLE else DeviceError)(message)
        return answer

    def close(self) -> None:
        """Let go; it opens itself again when it is used."""
        client, self._client = self._client, None
        if client is not None:
            client.close()
