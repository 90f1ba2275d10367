"""A living run: simulated sites conducted through the last days of a price series, with what they earned."""

from __future__ import annotations

import math
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from battuta.adapters.devices.simulated.in_process import past_demand, planted
from battuta.adapters.devices.simulated.recordings import recorded_grid
from battuta.app.living import LivingSystem, Moment
from battuta.app.living_deratings import CELL, LivingDeratings, resistance_ohm_of
from battuta.app.living_journal import LivingJournal
from battuta.app.living_modules import LivingModules
from battuta.app.living_request import RunRequest
from battuta.app.living_setup import cabinet_of, refuse_other_grids, reservations_of, settings_of
from battuta.app.orders import parse_orders
from battuta.app.run_trace import RunTrace
from battuta.app.runs import run_folder
from battuta.app.site_ageing import SiteAgeing
from battuta.app.site_owners import SiteOwners
from battuta.domain.asset import Site
from battuta.domain.command import Owner, Proposal
from battuta.domain.errors import StorageError
from battuta.domain.health import Finding
from battuta.domain.image import AGE_LIMIT_S, Signal, SiteImage, Source
from battuta.domain.prices import PriceSeries
from battuta.domain.time import NS_PER_HOUR, NS_PER_S
from battuta.numerics.arrays import FloatArray, IntArray
from battuta.services.diagnosis import Diagnosis
from battuta.site.demand_history import KEPT_DAYS
from battuta.studies.day_plans import DayPlanner

SYNTHETIC_HZ = 50.0
"""Nominal frequency of the grid that simulated sites stand in, unless one is recorded. [Hz]"""


class LivingRun:
    """A living run, second by second.

    Parameters
    ----------
    request : RunRequest
        What it is asked to be.
    prices : PriceSeries
        Prices; the run covers the last days of them.
    site : Site
        What each site is like.
    runs_dir : Path
        Where runs are kept; a new folder is made there once all that was asked for is known to exist.
    """

    def __init__(self, request: RunRequest, prices: PriceSeries, site: Site, runs_dir: Path) -> None:
        self.request, self.site, self.prices = request, site, prices
        n_days = math.ceil(request.duration_s / 86_400)
        self.planner = DayPlanner(prices, site, request.strategy, n_days)
        self._days = list(self.planner.days)
        start_ns = int(self.planner.time_ns(self._days[0])[0])
        self.settings = settings_of(request, site, start_ns)
        cabinet = cabinet_of(site)
        self.n_cells = cabinet.n_cells
        self._orders = list(parse_orders(request.orders, request.n_sites))
        self.faults = planted(request.faults, request.seed, request.n_sites, self.n_cells, float(request.duration_s))
        self.grid = None if request.frequency is None else recorded_grid(request.frequency, start_ns)
        nominal_hz = SYNTHETIC_HZ if self.grid is None else self.grid.nominal_hz
        refuse_other_grids(self.settings, nominal_hz)  # what cannot be is refused before anything is kept
        self.folder = run_folder(runs_dir, request.seed)
        self.now_ns = start_ns
        self.journal = LivingJournal(self.folder / "journal" if request.has_journal else None, self.settings)
        self.system = LivingSystem(self.settings, self.journal, nominal_hz)
        awards = reservations_of(self.settings, site, request, start_ns)
        self.system.award(start_ns, awards)
        past = past_demand(request.seed, request.n_sites, start_ns, KEPT_DAYS)
        self.owners = SiteOwners(request, site, cabinet, past, awards, start_ns)
        self.system.owners = self.owners
        self.ageing = SiteAgeing(request.n_sites)
        self.trace = RunTrace(request.n_sites, request.duration_s, start_ns)
        self._follows = np.array(self.settings.follows_load, dtype=np.bool_)
        self.modules = LivingModules(self.settings, self.journal) if request.n_modules > 1 else None
        """How the modules of each site share its setpoint; None where a site has one converter."""
        self.deratings = LivingDeratings(
            site, resistance_ohm_of(CELL), self.planner, self.system, self.journal, self.folder, ~self._follows,
            self.modules,
        )  # fmt: skip
        self._step_ns = round(prices.step_h * NS_PER_HOUR)
        self._plan_kw: FloatArray = np.zeros((request.n_sites, 0))
        self._price: FloatArray = np.zeros(0)
        self._starts_ns: IntArray = np.zeros(0, dtype=np.int64)
        self._interval: int = -1
        n_steps = math.ceil(request.duration_s * NS_PER_S / self._step_ns) + len(self._days) + 1
        self._delivered_kwh: FloatArray = np.zeros((n_steps, request.n_sites))
        self._converted_kwh: FloatArray = np.zeros((n_steps, request.n_sites))
        self._first_step = int(np.searchsorted(prices.time_ns, start_ns))
        self.wear_per_site: FloatArray = np.zeros(request.n_sites)
        self.discharged_kwh: FloatArray = np.zeros(request.n_sites)
        self.auxiliary_kwh: FloatArray = np.zeros(request.n_sites)
        self.price_per_mwh = math.nan
        self.revenue = 0.0
        self.unmetered_s: FloatArray = np.zeros(request.n_sites)
        """Time in which nobody knew what a site delivered: it is not counted as delivered. [s]"""
        self.soc_start = self.soc_end = math.nan
        """Mean state of charge of the sites that said one, at the first and the last image. [-]"""
        self.diagnosis: Diagnosis | None = None
        """What watches the cells; None where devices tell nothing of single cells."""
        self.journal_error: StorageError | None = None
        self.lived_s, self._last_steady_ns = 0.0, -1

    @property
    def seconds_done(self) -> int:
        """Whole seconds that the run has lived."""
        return round(self.lived_s)

    @property
    def net(self) -> float:
        """Money so far, less wear, fees left out. [currency]"""
        return self.revenue - float(self.wear_per_site.sum())

    @property
    def n_steps(self) -> int:
        """Number of price intervals that the run has touched; after the last price, as on a day of 23 h, is none."""
        touched = math.ceil(round(self.lived_s * NS_PER_S) / self._step_ns)
        return min(touched, self.prices.n_times - self._first_step)

    @property
    def steps(self) -> IntArray:
        """Their places in the price series, shape (n_steps,)."""
        return self._first_step + np.arange(self.n_steps, dtype=np.int64)

    @property
    def delivered_kw(self) -> FloatArray:
        """Mean power that each battery added at its connection, shape (n_steps, n_sites). [kW]"""
        return self._delivered_kwh[: self.n_steps] / self.prices.step_h

    @property
    def converted_kw(self) -> FloatArray:
        """Mean power of each converter, auxiliaries apart, shape (n_steps, n_sites). [kW]"""
        return self._converted_kwh[: self.n_steps] / self.prices.step_h

    def look(self, values: FloatArray, measured_ns: IntArray, now_ns: int, steady_ns: int) -> Moment:
        """Plan what has to be planned, decide on what the instruments say, and count a second of money.

        Parameters
        ----------
        values, measured_ns, now_ns, steady_ns
            As for `battuta.app.living.LivingSystem.look`.

        Returns
        -------
        Moment
            Image and decision.
        """
        self.now_ns = now_ns
        self._look_ahead(values[Signal.SOC])
        self._give_orders()
        moment = self.system.look(values, measured_ns, now_ns, steady_ns)
        if any(each.cause.startswith("CLOCK_STEP") for each in moment.alarms):
            self._interval = -1  # the conductor dropped all that was timed: post it again
        self.trace.add(moment, self.price_per_mwh, self.seconds_done)
        self._count(moment.image, steady_ns)
        return moment

    def _count(self, image: SiteImage, steady_ns: int) -> None:
        """Count energy, wear and money of the time since the image before; what is silent or stale is not delivered."""
        passed_s = (steady_ns - self._last_steady_ns) / NS_PER_S if self._last_steady_ns >= 0 else 1.0
        self._last_steady_ns = steady_ns
        step = min(round(self.lived_s * NS_PER_S) // self._step_ns, self._delivered_kwh.shape[0] - 1)
        self.lived_s += passed_s
        hours = min(passed_s, AGE_LIMIT_S) / 3600.0  # a value stands for no longer than it is believed
        is_known = image.age_s[Source.CONVERTER] <= AGE_LIMIT_S
        converter_kw = np.where(is_known, image[Signal.CONVERTER_POWER_KW], np.nan)
        is_known &= ~np.isnan(converter_kw)
        auxiliary_kw = np.where(image.age_s[Source.METER] <= AGE_LIMIT_S, image[Signal.AUXILIARY_POWER_KW], np.nan)
        auxiliary_kw = np.where(np.isnan(auxiliary_kw), self.site.battery.auxiliary_power_kw, auxiliary_kw)
        converted_kwh = np.where(is_known, converter_kw, 0.0) * hours
        energy_kwh = converted_kwh - auxiliary_kw * hours
        self.unmetered_s += np.where(is_known, passed_s - hours * 3600.0, passed_s)
        self._delivered_kwh[step] += energy_kwh
        self._converted_kwh[step] += converted_kwh
        out_kwh = np.maximum(converted_kwh, 0.0)
        self.discharged_kwh += out_kwh
        self.auxiliary_kwh += auxiliary_kw * hours
        self.wear_per_site += self.site.battery.wear.price_per_mwh * out_kwh / 1000.0
        self.ageing.add(image)
        said = image[Signal.SOC][~np.isnan(image[Signal.SOC])]
        if said.size:
            self.soc_end = float(said.sum()) / said.size
            self.soc_start = self.soc_end if math.isnan(self.soc_start) else self.soc_start
        if not math.isnan(self.price_per_mwh):
            self.revenue += self.price_per_mwh * float(energy_kwh.sum()) / 1000.0

    def _give_orders(self) -> None:
        """Post the orders that begin now; they last for as long as they were given for."""
        while self._orders and self._orders[0].start_s <= self.lived_s:
            order = self._orders.pop(0)
            until_ns = self.now_ns + round((order.end_s - self.lived_s) * NS_PER_S)
            given = Proposal(
                site=order.site, owner=Owner.SYSTEM_OPERATOR, low_kw=order.power_kw, high_kw=order.power_kw,
                preferred_kw=order.power_kw, expires_ns=until_ns, reason="order",
            )  # fmt: skip
            self.system.propose(self.now_ns, (given,))

    def _look_ahead(self, soc: FloatArray) -> None:
        """Plan a day that begins, and post what the market bought of an interval that begins."""
        now_ns = self.now_ns
        if self._starts_ns.size == 0 or now_ns >= int(self._starts_ns[-1]) + self._step_ns:
            while self._days and now_ns > int(self.planner.time_ns(self._days[0])[-1]) + self._step_ns - 1:
                self._days.pop(0)
            if not self._days or now_ns < int(self.planner.time_ns(self._days[0])[0]):
                self.price_per_mwh = math.nan
                self._interval = -1
                return
            day = self._days.pop(0)
            start = np.where(np.isnan(soc), self.site.battery.soc_start, soc)
            self._plan_kw = self.deratings.plan_kw(now_ns, day, start)
            self._plan_kw[self._follows] = np.nan  # those sell nothing
            self._price, self._starts_ns = self.planner.price_per_mwh(day), self.planner.time_ns(day)
            self._interval = -1
            self.owners.plan(int(self._starts_ns[0]), self._step_ns / NS_PER_S, np.nan_to_num(self._plan_kw.T))
        interval = int(np.searchsorted(self._starts_ns, now_ns, side="right")) - 1
        if interval < 0:  # the wall clock was set back to before the day: there is no price yet
            self.price_per_mwh = math.nan
            self._interval = -1
            return
        if interval != self._interval:
            self._interval = interval
            self.price_per_mwh = float(self._price[interval])
            until_ns = int(self._starts_ns[interval]) + self._step_ns
            self.system.wish(now_ns, Owner.MARKET, until_ns, np.ascontiguousarray(self._plan_kw[:, interval]))

    def hear(self, findings: Iterable[Finding]) -> None:
        """Act on findings, by whichever detector: work orders are opened, and sites derated from the next second on."""
        self.deratings.hear(self.now_ns, findings)

    def close_work_order(self, order_id: str, by: str, note: str = "") -> None:
        """Close a work order, as `battuta.app.living_deratings.LivingDeratings.close` does, now."""
        self.deratings.close(self.now_ns, order_id, by, note)

    def finish(self) -> str:
        """Close the journal; returns its root hash, empty where it could not be closed: `journal_error` says why."""
        try:
            return self.journal.close()
        except StorageError as error:
            self.journal_error = error
            return ""
