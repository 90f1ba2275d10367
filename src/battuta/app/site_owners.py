"""The owners that live with a run: peak shaving and cooling foresight hear every image and say what they want of it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import numpy as np

from battuta.app.living import OwnerEffect
from battuta.app.living_request import RunRequest
from battuta.domain.asset import Site
from battuta.domain.command import Reservation
from battuta.domain.image import SiteImage
from battuta.domain.time import NS_PER_S, from_ns, zone_of
from battuta.numerics.arrays import FloatArray
from battuta.physics.container_parameters import ContainerParameters
from battuta.services import cooler, peak_shaver
from battuta.site.cooling_foresight_nameplate import nameplate_of
from battuta.site.demand_history import DemandHistory
from battuta.site.peak_shaving import ShavingSites
from battuta.site.reservations import reserve_table

CELL_LIMIT_C = 45.0
"""Hottest cell that foresight plans for. [degC]"""

OFFSET_STEP_NS = 900 * NS_PER_S
"""Zones change their offset at whole quarter hours at most. [ns]"""


class SiteOwners:
    """Peak shaving and cooling foresight of all sites of a run.

    Parameters
    ----------
    request : RunRequest
        What the run is asked to be.
    site : Site
        What each site is like.
    cabinet : ContainerParameters
        Data sheet of its cabinet.
    past : iterable of (int, ndarray, ndarray)
        What meters said before: start of a billed interval [s], mean net load and its highest minute, each shape
        (n_sites,), auxiliaries left out [kW]. Read only where there is a demand limit.
    awards : sequence of Reservation
        What is kept free for grid services, for the whole run.
    start_ns : int
        First second of the run. [ns]
    """

    def __init__(
        self,
        request: RunRequest,
        site: Site,
        cabinet: ContainerParameters,
        past: Iterable[tuple[int, FloatArray, FloatArray]] = (),
        awards: Sequence[Reservation] = (),
        start_ns: int = 0,
    ) -> None:
        n_sites, battery = request.n_sites, site.battery
        one = np.ones(n_sites)
        self._zone = zone_of(site.timezone)
        self._offset_s, self._offset_until_ns = np.zeros(n_sites, dtype=np.int64), -1
        self.shaver: peak_shaver.ShaverState | None = None
        self.cooler: cooler.CoolerState | None = None
        if math.isfinite(request.demand_limit_kw):
            up_kw, down_kw, energy_up_kwh, energy_down_kwh, _ = reserve_table(awards, n_sites, start_ns)
            sites = ShavingSites(  # what awards keep free is not there for peaks
                energy_kwh=battery.energy_kwh * one,
                charge_kw_max=np.maximum(battery.power_kw - down_kw, 0.0),
                discharge_kw_max=np.maximum(battery.power_kw - up_kw, 0.0),
                efficiency_charge=battery.efficiency_charge * one,
                efficiency_discharge=battery.efficiency_discharge * one,
                soc_min=battery.soc_min + energy_up_kwh / (battery.energy_kwh * battery.efficiency_discharge),
                soc_max=battery.soc_max - energy_down_kwh * battery.efficiency_charge / battery.energy_kwh,
            )
            history = DemandHistory.empty(n_sites)
            for start_s, mean_kw, highest_kw in past:
                offset_s = self._zone_offset_s(start_s * NS_PER_S)
                constant_kw = battery.auxiliary_power_kw
                history.record(start_s, offset_s, mean_kw + constant_kw, highest_kw + constant_kw)
            self.shaver = peak_shaver.ShaverState.at_rest(sites, request.demand_limit_kw * one, history=history)
        if request.has_foresight:
            self.cooler = cooler.CoolerState.at_rest(
                (nameplate_of(cabinet, battery.power_kw),) * n_sites,
                limit_c=CELL_LIMIT_C * one,
                rated_kw=battery.power_kw * one,
                default_setpoint_c=cabinet.setpoint_c * one,
            )

    def plan(self, start_ns: int, step_s: float, power_kw: FloatArray) -> None:
        """Hear what the market bought of the day, shape (n_times, n_sites). [kW]"""
        if self.cooler is not None:
            planned = cooler.PowerPlanned(start_ns=start_ns, step_s=step_s, power_kw=power_kw)
            self.cooler, _ = cooler.step(self.cooler, planned)

    def __call__(self, image: SiteImage) -> list[OwnerEffect]:
        """Hear an image, and say what is wanted of it."""
        wanted: list[OwnerEffect] = []
        if self.shaver is not None:
            seen = peak_shaver.ImageSeen(image=image, zone_offset_s=self._zone_offset_s(image.time_ns))
            self.shaver, planned = peak_shaver.step(self.shaver, seen)
            wanted += planned
        if self.cooler is not None:
            self.cooler, asked = cooler.step(self.cooler, cooler.ImageSeen(image=image))
            wanted += asked
        return wanted

    def _zone_offset_s(self, now_ns: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        """Local time less UTC, shape (n_sites,). [s]"""
        if not self._offset_until_ns - OFFSET_STEP_NS <= now_ns < self._offset_until_ns:
            offset = from_ns(now_ns).astimezone(self._zone).utcoffset()
            self._offset_s[:] = 0 if offset is None else round(offset.total_seconds())
            self._offset_until_ns = (now_ns // OFFSET_STEP_NS + 1) * OFFSET_STEP_NS
        return self._offset_s
