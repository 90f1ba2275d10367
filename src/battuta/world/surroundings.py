"""What surrounds the simulated sites, drawn ahead in blocks: air, load, sun on panels, and the grid they share."""

from __future__ import annotations

from typing import Protocol

import numpy as np

from battuta.domain.time import NS_PER_S
from battuta.numerics.arrays import FloatArray
from battuta.world.grid_frequency import GridFrequency
from battuta.world.photovoltaics import Photovoltaics
from battuta.world.plant_parameters import PlantCharacter
from battuta.world.sensors import noise_key
from battuta.world.sensors_kernels import normal_noise
from battuta.world.site_load import LoadCharacter, SiteLoad
from battuta.world.weather import Weather

GOLDEN_SHARE = 0.6180339887498949
"""Spreads a share of the sites evenly over their numbers, however many there are."""

BLOCK_S = 900
"""Slow quantities are drawn for this long at once. [s]"""


class Grid(Protocol):
    """What sites need of a grid, synthetic or recorded."""

    @property
    def nominal_hz(self) -> float:
        """Nominal frequency. [Hz]"""
        ...

    def samples(self, start_s: int, n_seconds: int, rate_hz: int = 20) -> FloatArray:
        """Frequency at the start of each part of each second, shape (n_seconds, rate_hz). [Hz]"""
        ...


class Surroundings:
    """Air, load, panels and grid of all sites, second by second.

    Parameters
    ----------
    seed : int
        Seed of the world.
    n_sites : int
        Number of sites.
    character : PlantCharacter
        What sites are made of.
    grid : Grid, optional
        The grid; left out, a synthetic one like that of continental Europe.
    ticks_per_s : int
        Samples of frequency in a second.
    """

    def __init__(
        self,
        seed: int,
        n_sites: int,
        character: PlantCharacter,
        *,
        grid: Grid | None = None,
        ticks_per_s: int = 20,
    ) -> None:
        self.grid: Grid = grid or GridFrequency(seed)
        self.ticks_per_s = ticks_per_s
        self._weather = [Weather(seed, site) for site in range(n_sites)]
        has_load = [(site * GOLDEN_SHARE) % 1.0 < character.load_share for site in range(n_sites)]
        kind = LoadCharacter()
        scale = character.load_kw / kind.work_kw
        small = LoadCharacter(
            night_kw=kind.night_kw * scale,
            work_kw=kind.work_kw * scale,
            weekend_kw=kind.weekend_kw * scale,
            peak_kw=kind.peak_kw * scale,
            motor_kw=kind.motor_kw * scale,
        )
        self._loads = [SiteLoad(seed, site, small) if has_load[site] else None for site in range(n_sites)]
        self._panels = [
            Photovoltaics(self._weather[site], character.pv_kw_peak) if has_load[site] else None
            for site in range(n_sites)
        ]
        self._voltage_key = noise_key(seed, "world.grid.voltage")
        self._block = -1
        self.ambient_c: FloatArray = np.empty((BLOCK_S, n_sites))
        self.load_kw: FloatArray = np.zeros((BLOCK_S, n_sites))
        self.pv_kw: FloatArray = np.zeros((BLOCK_S, n_sites))
        self.voltage_pu: FloatArray = np.empty((BLOCK_S, n_sites))
        self._frequency_hz: FloatArray = np.empty((BLOCK_S, ticks_per_s))

    def at(self, second: int) -> int:
        """Row of the arrays that holds a second since 1970; draws its block where it is not there yet."""
        block, row = divmod(second, BLOCK_S)
        if block != self._block:
            self._draw(block)
        return row

    def net_load_kw(self, first_s: int, n_seconds: int, step_s: int = 10) -> FloatArray:
        """Load less panels at any time, past or to come, shape (n_seconds // step_s, n_sites). [kW]"""
        time_ns = (first_s + np.arange(0, n_seconds, step_s, dtype=np.int64)) * NS_PER_S
        net_kw = np.zeros((time_ns.size, len(self._loads)))
        for site, (load, panels) in enumerate(zip(self._loads, self._panels, strict=True)):
            if load is not None and panels is not None:
                net_kw[:, site] = load.load_kw(time_ns) - panels.pv_kw(time_ns)
        return net_kw

    def frequency_hz(self, second: int) -> FloatArray:
        """Frequency of the grid in the ticks of a second, shape (ticks_per_s,). [Hz]"""
        row = self.at(second)  # may draw a new block
        return self._frequency_hz[row]

    def _draw(self, block: int) -> None:
        first_s = block * BLOCK_S
        time_ns = (first_s + np.arange(BLOCK_S, dtype=np.int64)) * NS_PER_S
        self._frequency_hz = self.grid.samples(first_s, BLOCK_S, self.ticks_per_s)
        ends = np.array([0, BLOCK_S - 1])
        for site, weather in enumerate(self._weather):
            edge_c = weather.ambient_temperature_c(time_ns[ends])
            self.ambient_c[:, site] = np.interp(np.arange(BLOCK_S), ends, edge_c)
            load, panels = self._loads[site], self._panels[site]
            if load is not None and panels is not None:
                self.load_kw[:, site] = load.load_kw(time_ns)
                self.pv_kw[:, site] = np.interp(
                    np.arange(BLOCK_S), np.arange(0, BLOCK_S, 10), panels.pv_kw(time_ns[::10])
                )
        normal_noise(self._voltage_key, block, 0, noise := np.empty((2, self.voltage_pu.shape[1])))
        daily = 0.008 * np.sin(2.0 * np.pi * time_ns / (86_400 * NS_PER_S))
        self.voltage_pu[:] = 1.0 + daily[:, None]
        weight = np.linspace(0.0, 1.0, BLOCK_S, endpoint=False)[:, None]
        self.voltage_pu += 0.004 * ((1.0 - weight) * noise[0] + weight * noise[1])
        self._block = block
