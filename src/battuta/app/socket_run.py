"""A living run over real sockets: the world is another process, each site has its own tasks, none waits."""

from __future__ import annotations

import asyncio
import json
import logging
import math
import sys
from collections.abc import Awaitable, Callable
from time import monotonic_ns

import numpy as np

from battuta.adapters.devices.modbus.site import ModbusSite
from battuta.adapters.devices.simulated.site_client import simulated_site
from battuta.adapters.devices.simulated.site_plant import NamePlate
from battuta.adapters.devices.simulated.world_clock import WorldClock
from battuta.adapters.devices.sunspec.mapping import Conventions
from battuta.app.device_conflicts import conflicts
from battuta.app.living import Moment
from battuta.app.living_run import LivingRun
from battuta.app.pace import refuse_speed
from battuta.app.warm_up import warm_up
from battuta.domain.command import DeviceCommand
from battuta.domain.errors import DeviceError, DeviceUnavailableError
from battuta.domain.image import N_SIGNALS, N_SOURCES
from battuta.domain.time import NS_PER_S
from battuta.services.conductor import Alarm
from battuta.services.guard import WriteSetpoints

FREQUENCY_AGE_S = 0.25
"""A frequency older than this is missing."""

PORTS_TOLD = 20
START_DELAY_S = 0.5
DEADLINE_S = 0.2
RETRY_S = 2.0


class SocketSites:
    """The latest word of each site's devices, kept by a task per site; reading it never waits.

    Parameters
    ----------
    devices : list of ModbusSite
        One per site.
    clock : WorldClock
        Time that values are stamped with.
    report : callable
        Called with site and words when a site is lost and when it is back.
    inspect : callable, optional
        Called with a site that was opened, and its number: what the operator should know of its devices.
    """

    def __init__(
        self,
        devices: list[ModbusSite],
        clock: WorldClock,
        report: Callable[[int, str], None],
        inspect: Callable[[ModbusSite, int], Awaitable[tuple[str, ...]]] | None = None,
    ) -> None:
        n_sites = len(devices)
        self.devices = devices
        self.clock = clock
        self._report = report
        self._inspect = inspect
        self.values = np.full((N_SIGNALS, n_sites), np.nan)
        self.measured_ns = np.zeros((N_SOURCES, n_sites), dtype=np.int64)
        self._frequency_hz = np.full(n_sites, np.nan)
        self._frequency_ns = np.zeros(n_sites, dtype=np.int64)
        self._commands: list[DeviceCommand | None] = [None] * n_sites
        self._wanted = [asyncio.Event() for _ in devices]

    def frequency_hz(self) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
        """Newest frequency of each site, NaN where it is too old, shape (n_sites, 1). [Hz]"""
        old = self.clock.now_ns() - self._frequency_ns > FREQUENCY_AGE_S * NS_PER_S
        return np.where(old, np.nan, self._frequency_hz)[:, None]

    def write(self, written: WriteSetpoints) -> None:
        """Hand the newest setpoint to the writer of each site; one that was not written yet is replaced."""
        power_kw = written.block.power_kw[:, -1]
        for site, wanted in enumerate(self._wanted):
            asked_c, unwritten = float(written.chiller_setpoint_c[site]), self._commands[site]
            if math.isnan(asked_c) and unwritten is not None:
                asked_c = unwritten.chiller_setpoint_c  # said once: it must not get lost behind a newer power
            self._commands[site] = DeviceCommand(
                power_kw=float(power_kw[site]),
                reactive_kvar=float(written.reactive_kvar[site]),
                chiller_setpoint_c=asked_c,
                open_strings=bool(written.stopped[site]),
            )
            wanted.set()

    async def keep(self, site: int) -> None:
        """Read all of a site's devices again and again, once a second."""
        device = self.devices[site]
        is_open, is_lost = False, False
        while True:
            begun_ns = monotonic_ns()
            try:
                if not is_open:
                    await device.open()
                    is_open = True
                    for words in () if self._inspect is None else await self._inspect(device, site):
                        self._report(site, f"DEVICE_CONFLICT {words}")
                readings = await device.read()
            except DeviceError as error:
                if not is_lost:
                    self._report(site, f"DEVICE_LOST {error.code}: {error}")
                is_lost, is_open = True, False
                await asyncio.sleep(RETRY_S)
                continue
            if is_lost:
                self._report(site, "DEVICE_BACK")
            is_lost = False
            self.values[:, site] = readings.values
            self.measured_ns[:, site] = readings.measured_ns
            elapsed_s = (monotonic_ns() - begun_ns) / NS_PER_S
            await asyncio.sleep(max(0.02, 0.5 - elapsed_s))

    async def listen(self, site: int) -> None:
        """Read a site's frequency again and again, as fast as a tick."""
        device = self.devices[site]
        while True:
            begun_ns = monotonic_ns()
            try:
                read_hz = await device.read_frequency_hz()
            except DeviceError:
                await asyncio.sleep(RETRY_S / 4.0)
            else:
                self._frequency_hz[site] = read_hz
                self._frequency_ns[site] = self.clock.now_ns()
            await asyncio.sleep(max(0.002, 0.04 - (monotonic_ns() - begun_ns) / NS_PER_S))

    async def drive(self, site: int) -> None:
        """Write the newest setpoint of a site whenever there is one."""
        device, wanted = self.devices[site], self._wanted[site]
        while True:
            await wanted.wait()
            wanted.clear()
            command, self._commands[site] = self._commands[site], None
            if command is None:
                continue
            try:
                await device.write(command)
            except DeviceError:
                await asyncio.sleep(RETRY_S / 4.0)


def live_over_sockets(
    run: LivingRun, speed: float, tell: Callable[[Moment], None], note: Callable[[str], None]
) -> None:
    """Let a run live on simulated sites in another process, reached over Modbus sockets on loopback.

    Parameters
    ----------
    run : LivingRun
        The run.
    speed : float
        Factor of real time, at most `battuta.app.pace.SOCKET_SPEED_MAX`.
    tell : callable
        Called with each moment.
    note : callable
        Called with what the user should know.

    Raises
    ------
    UsageError
        If it cannot go that fast.
    """
    refuse_speed(speed)
    logging.getLogger("pymodbus").setLevel(
        logging.CRITICAL
    )  # each packet of a lost connection; the run tells its alarms
    asyncio.run(_live(run, speed, tell, note))


async def _live(run: LivingRun, speed: float, tell: Callable[[Moment], None], note: Callable[[str], None]) -> None:
    world = await _start_world(run, speed)
    tasks: list[asyncio.Task[None]] = []
    devices: list[ModbusSite] = []
    try:
        ports = await _ports(world)
        (run.folder / "ports.json").write_text(json.dumps(dict(enumerate(ports))), encoding="utf-8")
        told = ", ".join(map(str, ports[:PORTS_TOLD])) + (", ..." if len(ports) > PORTS_TOLD else "")
        warm_up(run)
        note(f"sites listen on 127.0.0.1, ports {told} (ports.json); any Modbus client may read along")
        steady_start_ns = monotonic_ns() + int(START_DELAY_S * NS_PER_S)
        clock = WorldClock(run.settings.start_ns, steady_start_ns, speed)
        assert world.stdin is not None, "it was opened with a pipe"
        world.stdin.write(f"{steady_start_ns}\n".encode())
        await world.stdin.drain()
        devices += [
            simulated_site(
                "127.0.0.1",
                port,
                now_ns=clock.now_ns,
                deadline_s=DEADLINE_S,
                retry_s=RETRY_S,
                conventions=Conventions(nominal_voltage_v=NamePlate().nominal_voltage_v),
            )
            for port in ports
        ]

        def report(site: int, words: str) -> None:
            run.system.tell(clock.now_ns(), Alarm(site=site, cause=words, calls_out=False))

        def inspect(device: ModbusSite, site: int) -> Awaitable[tuple[str, ...]]:
            return conflicts(device, site, run.settings, run.system.nominal_hz)

        sites = SocketSites(devices, clock, report, inspect)
        tasks += [
            asyncio.create_task(work(site))
            for site in range(len(devices))
            for work in (sites.keep, sites.listen, sites.drive)
        ]
        await _conduct(run, sites, tell, world)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for device in devices:
            await device.close()
        await _stop_world(world)


async def _conduct(
    run: LivingRun, sites: SocketSites, tell: Callable[[Moment], None], world: asyncio.subprocess.Process
) -> None:
    """Guard every tick, conductor every second, by the clock; a late tick is not made up for."""
    tick_ns = NS_PER_S // run.settings.ticks_per_s
    start_ns = run.settings.start_ns
    is_world_lost = False
    tick, last_second = run.settings.ticks_per_s, 0  # the first second is for the devices to speak
    while run.seconds_done < run.request.duration_s:
        await asyncio.sleep(max(0.0, sites.clock.real_s(start_ns + tick * tick_ns)))
        if world.returncode is not None and not is_world_lost:
            is_world_lost = True  # the sites go to their safe states, as they would if their devices had died
            run.system.tell(sites.clock.now_ns(), Alarm(site=-1, cause="WORLD_ENDED", calls_out=False))
        now_ns = sites.clock.now_ns()
        if tick // run.settings.ticks_per_s > last_second:  # a late tick may have left out the first of its second
            last_second = tick // run.settings.ticks_per_s
            tell(run.look(sites.values.copy(), sites.measured_ns.copy(), now_ns, now_ns))
        sites.write(run.system.answer(sites.frequency_hz(), now_ns, now_ns))
        tick = max(tick + 1, (now_ns - start_ns) // tick_ns)
    if is_world_lost:
        message = f"the simulated world ended by itself (code {world.returncode}) before the run was over"
        raise DeviceUnavailableError(message)


async def _start_world(run: LivingRun, speed: float) -> asyncio.subprocess.Process:
    battery = run.site.battery
    words = {
        "seed": run.request.seed,
        "sites": run.request.n_sites,
        "start-s": run.settings.start_ns // NS_PER_S,
        "cells": run.n_cells,
        "power-kw": battery.power_kw,
        "energy-kwh": battery.energy_kwh,
        "soc-start": battery.soc_start,
        "ticks-per-s": run.settings.ticks_per_s,
        "speed": speed,
        "duration-s": run.request.duration_s,
        **({"recording": run.request.frequency} if run.request.frequency is not None else {}),
    }
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "battuta.adapters.devices.simulated.world_process",
        *(f"--{name}={value}" for name, value in words.items()),
        *(f"--fault={each}" for each in run.request.faults),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        start_new_session=True,
    )


async def _ports(world: asyncio.subprocess.Process) -> list[int]:
    assert world.stdout is not None, "it was opened with a pipe"
    line = await asyncio.wait_for(world.stdout.readline(), timeout=180.0)
    if not line:
        message = "the simulated world ended before its sites listened; what it said stands above"
        raise DeviceUnavailableError(message)
    return [int(port) for port in json.loads(line)["ports"]]


async def _stop_world(world: asyncio.subprocess.Process) -> None:
    """Close its input, which ends it; insist where it does not listen."""
    if world.stdin is not None:
        world.stdin.close()
    try:
        await asyncio.wait_for(world.wait(), timeout=5.0)
    except TimeoutError:
        world.kill()
        await world.wait()
