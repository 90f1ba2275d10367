"""What each adapter of `battuta.ports.device.Device` must pass: physics and time, not the data sheet.

An author gives a `Bench`: the device behind the adapter, and hands on the plant that it drives. In a test::

    @pytest.mark.parametrize("check", devices.CHECKS, ids=lambda check: check.__name__)
    def test_it_conforms(check):
        asyncio.run(devices.perform(check, MyBench()))

A bench that cannot do something, such as hang a real converter, raises NotImplementedError, and `perform` says so.
"""

from __future__ import annotations

import math
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Protocol, TypeVar

import numpy as np

from battuta.domain.command import DeviceCommand
from battuta.domain.errors import DeviceChangedError, DeviceUnavailableError
from battuta.domain.image import N_SIGNALS, N_SOURCES, SOURCE_OF_SIGNAL, Signal
from battuta.ports.device import Device

DEADLINE_S = 0.2
"""Deadline of a device that is about to hang. [s]"""
_SLACK_S = 0.3
_SOC_STEP = 1e-4


class Bench(Protocol):
    """A device under test and the plant behind it.

    `power_kw` is a power that the device takes in both directions; a bench that lies about `soc` or `asked_power_kw`
    proves nothing: they come from the plant, not from the adapter.
    """

    power_kw: float

    async def start(self) -> None:
        """Make the device reachable."""
        ...

    async def stop(self) -> None:
        """Take everything down."""
        ...

    def device(self, *, deadline_s: float = 1.0) -> Device:
        """Make a client of the device, not opened yet."""
        ...

    def soc(self) -> float:
        """State of charge of the plant. [-]"""
        ...

    def asked_power_kw(self) -> float:
        """Power that the device asks of the plant now, discharge positive. [kW]"""
        ...

    async def elapse(self, duration_s: float) -> None:
        """Let the plant and the device's own timers run for so long, and the device measure again. [s]"""
        ...

    async def hide(self, signal: Signal) -> None:
        """Let the device say "not implemented" for a signal."""
        ...

    async def hide_scale(self, signal: Signal) -> None:
        """Let the device have no scale factor for a signal."""
        ...

    async def hang(self) -> None:
        """Let the device take requests and never answer."""
        ...

    async def restart(self) -> None:
        """Break all connections, and be reachable again at the same place."""
        ...

    async def exchange(self) -> None:
        """Put another device of the same kind in its place."""
        ...


Check = Callable[[Bench], Awaitable[None]]
AnyBench = TypeVar("AnyBench", bound=Bench)


def _expect(condition: bool, message: str) -> None:  # noqa: FBT001 - reads as a sentence
    if not condition:
        raise AssertionError(message)


async def _moved_soc(bench: Bench, power_kw: float) -> tuple[float, float]:
    """Change of the state of charge as the device says it, and as the plant has it."""
    device = bench.device()
    await device.open()
    try:
        before, plant_before = (await device.read()).values[Signal.SOC], bench.soc()
        await device.write(DeviceCommand(power_kw=power_kw))
        # As long as a setpoint is kept without being renewed, at least twenty times.
        for _ in range(20):
            await device.write(DeviceCommand(power_kw=power_kw))
            await bench.elapse(5.0)
        after, plant_after = (await device.read()).values[Signal.SOC], bench.soc()
    finally:
        await device.close()
    return float(after - before), plant_after - plant_before


async def positive_power_lowers_soc(bench: Bench) -> None:
    """Discharge is positive: at the plant, and in what the device reports."""
    said, happened = await _moved_soc(bench, bench.power_kw)
    _expect(happened < -_SOC_STEP, f"the plant's SoC moved by {happened:+.5f} under {bench.power_kw:+g} kW")
    _expect(said < 0.0, f"the device's SoC moved by {said:+.5f} under {bench.power_kw:+g} kW")


async def negative_power_raises_soc(bench: Bench) -> None:
    """Charge is negative: at the plant, and in what the device reports."""
    said, happened = await _moved_soc(bench, -bench.power_kw)
    _expect(happened > _SOC_STEP, f"the plant's SoC moved by {happened:+.5f} under {-bench.power_kw:+g} kW")
    _expect(said > 0.0, f"the device's SoC moved by {said:+.5f} under {-bench.power_kw:+g} kW")


async def setpoint_reaches_the_plant(bench: Bench) -> None:
    """What is written is what the plant is asked, and what is measured."""
    device = bench.device()
    await device.open()
    try:
        for power_kw in (bench.power_kw, -bench.power_kw / 2.0, 0.0):
            await device.write(DeviceCommand(power_kw=power_kw))
            asked = bench.asked_power_kw()
            _expect(math.isclose(asked, power_kw, abs_tol=1e-3), f"wrote {power_kw} kW, the plant is asked {asked} kW")
            await bench.elapse(1.0)
            measured = float((await device.read()).values[Signal.CONVERTER_POWER_KW])
            tolerance = 0.01 * bench.power_kw
            _expect(abs(measured - power_kw) <= tolerance, f"wrote {power_kw} kW, the device measures {measured} kW")
    finally:
        await device.close()


async def meter_follows_the_converter(bench: Bench) -> None:
    """Export is positive: more from the converter is more at the meter."""
    device = bench.device()
    await device.open()
    try:
        seen: list[float] = []
        for power_kw in (0.0, bench.power_kw):
            await device.write(DeviceCommand(power_kw=power_kw))
            await bench.elapse(1.0)
            seen.append(float((await device.read()).values[Signal.METER_POWER_KW]))
    finally:
        await device.close()
    moved = seen[1] - seen[0]
    _expect(moved > 0.5 * bench.power_kw, f"{bench.power_kw} kW more moved the meter by {moved} kW")


async def write_is_idempotent(bench: Bench) -> None:
    """Written twice, a setpoint does what it does once."""
    device = bench.device()
    await device.open()
    try:
        for _ in range(3):
            await device.write(DeviceCommand(power_kw=bench.power_kw))
            asked = bench.asked_power_kw()
            _expect(math.isclose(asked, bench.power_kw, abs_tol=1e-3), f"after a repeated write {asked} kW is asked")
    finally:
        await device.close()


async def readings_have_their_shape(bench: Bench) -> None:
    """One value per signal, one stamp per source, and a stamp for each source that says something."""
    device = bench.device()
    await device.open()
    try:
        readings = await device.read()
    finally:
        await device.close()
    _expect(readings.values.shape == (N_SIGNALS,), f"values have shape {readings.values.shape}, not ({N_SIGNALS},)")
    _expect(readings.measured_ns.shape == (N_SOURCES,), f"stamps have shape {readings.measured_ns.shape}")
    for signal, source in zip(Signal, SOURCE_OF_SIGNAL, strict=True):
        if not math.isnan(readings.values[signal]):
            _expect(readings.measured_ns[source] > 0, f"{signal.name} has a value, but its source was never stamped")


async def stamps_move(bench: Bench) -> None:
    """Each reading is stamped anew."""
    device = bench.device()
    await device.open()
    try:
        first = (await device.read()).measured_ns
        second = (await device.read()).measured_ns
    finally:
        await device.close()
    spoke = first > 0
    _expect(bool(spoke.any()), "no source was stamped")
    _expect(bool(np.all(second[spoke] > first[spoke])), f"stamps stood still: {first.tolist()}, {second.tolist()}")


async def _value_after(bench: Bench, hide: Callable[[Signal], Awaitable[None]], signal: Signal) -> None:
    device = bench.device()
    await device.open()
    try:
        before = (await device.read()).values
        _expect(not math.isnan(before[signal]), f"{signal.name} must be there before it is hidden")
        await hide(signal)
        after = (await device.read()).values
    finally:
        await device.close()
    _expect(math.isnan(after[signal]), f"{signal.name} is {after[signal]} where the device has no number to give")


async def missing_is_nan(bench: Bench) -> None:
    """What is not implemented is NaN, never a number."""
    for signal in (Signal.SOC, Signal.CONVERTER_POWER_KW):
        await _value_after(bench, bench.hide, signal)


async def lost_scale_is_nan(bench: Bench) -> None:
    """A value whose scale is unknown is NaN, not a guess."""
    await _value_after(bench, bench.hide_scale, Signal.CONVERTER_POWER_KW)


async def frequency_is_read_alone(bench: Bench) -> None:
    """The fast reading says what the whole one says."""
    device = bench.device()
    await device.open()
    try:
        whole = float((await device.read()).values[Signal.FREQUENCY_HZ])
        alone = await device.read_frequency_hz()
    finally:
        await device.close()
    _expect(abs(alone - whole) < 0.05, f"read alone {alone} Hz, with the others {whole} Hz")


async def deadline_is_kept(bench: Bench) -> None:
    """A device that hangs costs its deadline and no more, on each kind of call."""
    device = bench.device(deadline_s=DEADLINE_S)
    await device.open()
    await device.read()
    await bench.hang()
    try:
        for name, call in (
            ("read", device.read),
            ("read_frequency_hz", device.read_frequency_hz),
            ("write", lambda: device.write(DeviceCommand(power_kw=0.0))),
        ):
            start_s = time.perf_counter()
            try:
                await call()
            except DeviceUnavailableError:
                took_s = time.perf_counter() - start_s
                _expect(took_s <= DEADLINE_S + _SLACK_S, f"{name} took {took_s:.3f} s of a deadline of {DEADLINE_S} s")
            else:
                message = f"{name} returned though the device hangs"
                raise AssertionError(message)
    finally:
        await device.close()


async def reconnects(bench: Bench) -> None:
    """After the connection broke, the same client goes on; at most a few calls are lost."""
    device = bench.device()
    await device.open()
    try:
        await device.read()
        await bench.restart()
        for _ in range(5):
            with suppress(DeviceUnavailableError):
                values = (await device.read()).values
                _expect(not bool(np.isnan(values).all()), "a reading after the reconnection is empty")
                await device.write(DeviceCommand(power_kw=bench.power_kw))
                return
    finally:
        await device.close()
    message = "the client did not come back within five readings"
    raise AssertionError(message)


async def exchange_is_noticed(bench: Bench) -> None:
    """Another device in the same place is not written to until it is opened anew."""
    device = bench.device()
    await device.open()
    try:
        await device.write(DeviceCommand(power_kw=0.0))
        await bench.exchange()
        noticed = False
        for _ in range(20):
            try:
                await device.read()
            except DeviceChangedError:
                noticed = True
                break
        _expect(noticed, "twenty readings did not notice that the device was exchanged")
        try:
            await device.write(DeviceCommand(power_kw=bench.power_kw))
        except DeviceChangedError:
            pass
        else:
            message = "a command was written to a device that nobody opened"
            raise AssertionError(message)
        await device.open()
        await device.read()
    finally:
        await device.close()


async def dead_controller_is_let_go(bench: Bench) -> None:
    """Without further writes the device goes to zero by itself; with them it does not."""
    device = bench.device()
    await device.open()
    try:
        await device.write(DeviceCommand(power_kw=bench.power_kw))
        for _ in range(4):
            await bench.elapse(5.0)
            await device.write(DeviceCommand(power_kw=bench.power_kw))
        asked = bench.asked_power_kw()
        _expect(math.isclose(asked, bench.power_kw, abs_tol=1e-3), f"renewed each 5 s, yet {asked} kW is asked")
        await bench.elapse(60.0)
        asked = bench.asked_power_kw()
        _expect(asked == 0.0, f"60 s after the last write {asked} kW is still asked")
    finally:
        await device.close()


async def close_writes_nothing(bench: Bench) -> None:
    """Letting go leaves the setpoint."""
    device = bench.device()
    await device.open()
    await device.write(DeviceCommand(power_kw=bench.power_kw))
    await device.close()
    asked = bench.asked_power_kw()
    _expect(math.isclose(asked, bench.power_kw, abs_tol=1e-3), f"after close {asked} kW is asked")


async def cells_keep_their_shape(bench: Bench) -> None:
    """Strings, cells and sensors are as many in each reading."""
    device = bench.device()
    await device.open()
    try:
        shapes = [
            [(each.voltage_v.shape, each.temperature_c.shape) for each in await device.read_cells()] for _ in range(2)
        ]
    finally:
        await device.close()
    _expect(shapes[0] == shapes[1], f"cells changed their number: {shapes[0]}, {shapes[1]}")


CHECKS: tuple[Check, ...] = (
    positive_power_lowers_soc,
    negative_power_raises_soc,
    setpoint_reaches_the_plant,
    meter_follows_the_converter,
    write_is_idempotent,
    readings_have_their_shape,
    stamps_move,
    missing_is_nan,
    lost_scale_is_nan,
    frequency_is_read_alone,
    deadline_is_kept,
    reconnects,
    exchange_is_noticed,
    dead_controller_is_let_go,
    close_writes_nothing,
    cells_keep_their_shape,
)
"""All of them; a device of a site must pass each that its bench can set up."""


async def perform(check: Callable[[AnyBench], Awaitable[None]], bench: AnyBench) -> str:
    """Run one check on a bench of its own.

    Parameters
    ----------
    check : callable
        One of `CHECKS`.
    bench : Bench
        A fresh one; it is started and stopped.

    Returns
    -------
    str
        ``passed``, or ``not possible`` with what the bench cannot do.

    Raises
    ------
    AssertionError
        If the adapter does not conform; says what was expected and what came.
    """
    await bench.start()
    try:
        await check(bench)
    except NotImplementedError as error:
        return f"not possible: {error or 'the bench cannot set it up'}"
    finally:
        await bench.stop()
    return "passed"
