"""The simulated world as a process of its own: sites that can only be reached over Modbus sockets.

Started by a living run with real sockets. Prints one line with the ports when all sites listen, reads one line with the
steady time at which simulated time starts, and ends when its standard input closes.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import math
import sys
from pathlib import Path

import numpy as np

from battuta.adapters.devices.simulated.in_process import SimulatedSites, planted
from battuta.adapters.devices.simulated.recordings import recorded_grid
from battuta.adapters.devices.simulated.site_plant import NamePlate
from battuta.adapters.devices.simulated.sunspec_server import SunSpecServer
from battuta.adapters.devices.simulated.world_clock import WorldClock
from battuta.domain.command import DeviceCommand
from battuta.domain.image import Signal
from battuta.domain.time import NS_PER_S
from battuta.numerics.arrays import FloatArray
from battuta.ports.device import CellReadings


class ServedPlant:
    """One site of the world behind its registers.

    Parameters
    ----------
    world : ServedWorld
        The world.
    site : int
        Number of the site.
    """

    def __init__(self, world: ServedWorld, site: int) -> None:
        self._world = world
        self._site = site

    def readings(self) -> FloatArray:
        """Values that its instruments show, shape (n_signals,)."""
        return self._world.values[:, self._site]

    def cells(self) -> tuple[CellReadings, ...]:
        """Voltages and temperatures of its one string."""
        plants = self._world.sites.plants
        voltage_v, temperature_c = plants.cells_seen(self._site)
        return (
            CellReadings(
                current_a=float(plants.container.strings.current_a[self._site]),
                voltage_v=np.rint(voltage_v * 1000.0) / 1000.0,
                temperature_c=np.rint(temperature_c * 2.0) / 2.0,
            ),
        )

    def apply(self, command: DeviceCommand) -> None:
        """Take a command; it holds until the next."""
        self._world.take(self._site, command)


class ServedWorld:
    """All sites, advanced tick by tick.

    Parameters
    ----------
    sites : SimulatedSites
        The plants and their instruments.
    ticks_per_s : int
        Ticks in a simulated second.
    """

    def __init__(self, sites: SimulatedSites, ticks_per_s: int) -> None:
        self.sites = sites
        self.values, _ = sites.read()
        n_sites = sites.n_sites
        self._frequency_hz = sites.frequency_hz()
        self._asked_kw = np.zeros((n_sites, ticks_per_s))
        self._power_kw, self._reactive_kvar = np.zeros(n_sites), np.zeros(n_sites)
        self._opened = np.zeros(n_sites, dtype=np.bool_)
        self._tick = 0

    def take(self, site: int, command: DeviceCommand) -> None:
        """Take a command for one site; a power that is no number is not taken, the last one stands.

        Any master may write any register: what it writes must not stop the world of all others.
        """
        if math.isfinite(command.power_kw):
            self._power_kw[site] = command.power_kw
        if math.isfinite(command.reactive_kvar):
            self._reactive_kvar[site] = command.reactive_kvar
        self._opened[site] = command.open_strings
        setpoint_c = np.full(self.sites.n_sites, np.nan)
        setpoint_c[site] = command.chiller_setpoint_c
        self.sites.ask_chillers(setpoint_c)

    def advance(self) -> None:
        """Let one tick pass; a whole second moves cells, cooling and meters."""
        self._asked_kw[:, self._tick] = self._power_kw
        self._tick += 1
        if self._tick == self._asked_kw.shape[1]:
            self._tick = 0
            self.sites.advance(self._asked_kw, self._reactive_kvar, self._opened)
            self.values, _ = self.sites.read()
            self._frequency_hz = self.sites.frequency_hz()
        self.values[Signal.FREQUENCY_HZ] = self._frequency_hz[:, self._tick]


def asked_for(arguments: argparse.Namespace) -> SimulatedSites:
    """Make the world that is asked for, a second before its first; faults and recording count from the first."""
    start_ns = arguments.start_s * NS_PER_S
    return SimulatedSites(
        arguments.seed,
        arguments.sites,
        start_ns - NS_PER_S,
        n_cells=arguments.cells,
        power_kw=arguments.power_kw,
        soc_start=arguments.soc_start,
        faults=planted(arguments.fault, arguments.seed, arguments.sites, arguments.cells, arguments.duration_s),
        faults_from_ns=start_ns,
        grid=recorded_grid(arguments.recording, start_ns) if arguments.recording else None,
    )


async def serve(arguments: argparse.Namespace) -> None:
    """Serve the world until standard input closes."""
    world = ServedWorld(asked_for(arguments), arguments.ticks_per_s)
    for _ in range(arguments.ticks_per_s):
        world.advance()  # the second before the first: compiles all that is compiled on a first call
    plants = [ServedPlant(world, site) for site in range(arguments.sites)]
    plate = {"power_kw_rated": arguments.power_kw, "energy_kwh_rated": arguments.energy_kwh}
    plates = [NamePlate(serial=f"SIM-{site + 1:04d}", **plate) for site in range(arguments.sites)]
    server = SunSpecServer(plants, plates, port_first=arguments.port_first)
    async with server:
        print(json.dumps({"ports": server.ports}), flush=True)  # noqa: T201 - the one line that the parent waits for
        reader = asyncio.StreamReader()
        await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
        first = await reader.readline()
        if not first:
            return
        clock = WorldClock(arguments.start_s * NS_PER_S, int(first), arguments.speed)
        ending = asyncio.ensure_future(reader.read())
        await _run(world, server, clock, arguments, ending)


async def _run(
    world: ServedWorld,
    server: SunSpecServer,
    clock: WorldClock,
    arguments: argparse.Namespace,
    ending: asyncio.Future[bytes],
) -> None:
    tick_ns = NS_PER_S // arguments.ticks_per_s
    next_ns = arguments.start_s * NS_PER_S + tick_ns
    while not ending.done():
        wait_s = clock.real_s(next_ns)
        if wait_s > 0.0:
            await asyncio.wait([ending], timeout=wait_s)
        else:
            await asyncio.sleep(0)
        if clock.now_ns() >= next_ns:
            world.advance()
            server.refresh()
            next_ns += tick_ns


def parse(words: list[str] | None = None) -> argparse.Namespace:
    """Read the words that the parent starts this process with."""
    parser = argparse.ArgumentParser(prog="battuta simulated world", description=__doc__)
    for name, kind, default in (
        ("seed", int, 1),
        ("sites", int, 1),
        ("start-s", int, 0),
        ("cells", int, 200),
        ("power-kw", float, 100.0),
        ("energy-kwh", float, 205.0),
        ("soc-start", float, 0.5),
        ("ticks-per-s", int, 20),
        ("port-first", int, 0),
        ("speed", float, 1.0),
        ("duration-s", float, 366.0 * 86_400.0),
        ("recording", Path, None),
    ):
        parser.add_argument(f"--{name}", type=kind, default=default)
    parser.add_argument("--fault", action="append", default=[])
    return parser.parse_args(words)


if __name__ == "__main__":
    logging.getLogger("pymodbus").setLevel(logging.CRITICAL)
    asyncio.run(serve(parse()))
