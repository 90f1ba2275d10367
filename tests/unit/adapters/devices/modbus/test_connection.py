"""A connection always comes to an end: an answer, or an error that says who was silent."""

import asyncio
import time

import pytest

from battuta.adapters.devices.modbus.connection import ModbusConnection, deadline
from battuta.adapters.devices.simulated.sunspec_server import CHILLER_UNIT, CONVERTER_UNIT, SunSpecServer
from battuta.domain.errors import DeviceError, DeviceUnavailableError
from conformance.tank import Tank


def run_against(use, **options):
    async def steps():
        async with SunSpecServer([Tank()]) as server:
            connection = ModbusConnection("127.0.0.1", server.ports[0], **options)
            try:
                return await use(connection, server)
            finally:
                connection.close()

    return asyncio.run(steps())


def test_more_registers_than_a_request_holds_are_read_in_several():
    async def use(connection, server):
        return await connection.read(CONVERTER_UNIT, 40000, 300), server.sites[0].images[CONVERTER_UNIT]

    registers, image = run_against(use)
    assert registers == image.registers[:300]


def test_a_refusal_says_where_and_why():
    async def use(connection, server):
        with pytest.raises(DeviceError, match=r"unit 1, reading register 7: .* \(illegal data address\)") as refused:
            await connection.read(CONVERTER_UNIT, 7, 1)
        assert not isinstance(refused.value, DeviceUnavailableError)
        with pytest.raises(DeviceError, match="unit 1, writing register 40000"):
            await connection.write(CONVERTER_UNIT, 40000, [1])

    run_against(use)


def test_a_unit_that_is_not_there_is_unavailable():
    async def use(connection, server):
        with pytest.raises(DeviceUnavailableError, match="gateway target"):
            await connection.read(77, 0, 1)

    run_against(use)


def test_a_silent_unit_costs_one_wait_and_others_go_on():
    async def use(connection, server):
        server.sites[0].silent_units.add(CHILLER_UNIT)
        start_s = time.perf_counter()
        with pytest.raises(DeviceUnavailableError, match=f"unit {CHILLER_UNIT}"):
            await connection.read(CHILLER_UNIT, 0, 1)
        took_s = time.perf_counter() - start_s
        return took_s, await connection.read(CONVERTER_UNIT, 40000, 2)

    took_s, marker = run_against(use, timeout_s=0.05)
    assert 0.05 <= took_s < 0.5
    assert marker == [0x5375, 0x6E53]


def test_a_connection_without_answers_is_opened_anew():
    async def use(connection, server):
        await connection.read(CONVERTER_UNIT, 40000, 1)
        server.sites[0].silent_units.add(CONVERTER_UNIT)
        for _ in range(3):
            with pytest.raises(DeviceUnavailableError):
                await connection.read(CONVERTER_UNIT, 40000, 1)
        server.sites[0].silent_units.clear()
        await connection.read(CONVERTER_UNIT, 40000, 1)
        return connection.generation

    assert run_against(use, timeout_s=0.02) == 2


def test_a_write_meant_for_an_older_connection_is_not_done():
    async def use(connection, server):
        await connection.open()
        old = connection.generation
        connection.close()
        address = server.sites[0].converter.controls.address("WSetEna")
        with pytest.raises(DeviceUnavailableError, match="nothing was written"):
            await connection.write(CONVERTER_UNIT, address, [1], generation=old)
        await connection.write(CONVERTER_UNIT, address, [1], generation=connection.generation)
        return server.sites[0].converter.controls.value("WSetEna")

    assert run_against(use) == 1.0


def test_nobody_listening_is_said():
    async def steps():
        async with SunSpecServer([Tank()]) as server:
            port = server.ports[0]
        connection = ModbusConnection("127.0.0.1", port)
        with pytest.raises(DeviceUnavailableError, match=f"127.0.0.1:{port}"):
            await connection.open()

    asyncio.run(steps())


def test_a_deadline_names_who_was_late():
    async def steps():
        async with deadline(0.01, "the meter"):
            await asyncio.Event().wait()

    with pytest.raises(DeviceUnavailableError, match=r"the meter: no answer within 0\.01 s"):
        asyncio.run(steps())


def test_the_error_of_a_silent_device_passes_a_deadline_unchanged():
    message = "the meter is off"

    async def steps():
        async with deadline(1.0, "the site"):
            raise DeviceUnavailableError(message)

    with pytest.raises(DeviceUnavailableError, match=message):
        asyncio.run(steps())


def test_an_answer_that_comes_too_late_is_not_taken_for_the_next_one():
    """The first request is answered only when the second arrives, just before the second's own answer."""

    async def steps():
        waiting, writers = [], []

        async def serve(reader, writer):
            writers.append(writer)
            while frame := await reader.read(12):
                waiting.append(frame)
                if len(waiting) == 2:
                    for value, asked in enumerate(waiting, start=111):
                        writer.write(asked[:4] + bytes([0, 5]) + asked[6:8] + bytes([2, 0, value]))

        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        connection = ModbusConnection("127.0.0.1", server.sockets[0].getsockname()[1], timeout_s=0.05)
        with pytest.raises(DeviceUnavailableError):
            await connection.read(1, 0, 1)
        registers = await connection.read(1, 1, 1)
        connection.close()
        server.close()
        for writer in writers:
            writer.close()
            await writer.wait_closed()
        return registers

    assert asyncio.run(steps()) == [112]


def test_a_call_that_was_given_up_leaves_the_connection_usable():
    async def use(connection, server):
        server.sites[0].silent_units.add(CHILLER_UNIT)
        with pytest.raises(DeviceUnavailableError, match="the chiller"):
            async with deadline(0.02, "the chiller"):
                await connection.read(CHILLER_UNIT, 0, 1)
        return await connection.read(CONVERTER_UNIT, 40000, 2), connection.generation

    assert run_against(use, timeout_s=5.0) == ([0x5375, 0x6E53], 1)
