"""A living run: simulated sites conducted through the last days of a price series, with what they earned."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from battuta.app.living import LivingSystem, Moment, battery_power_kw
from battuta.app.living_journal import LivingJournal, LivingSettings
from battuta.app.runs import run_folder
from battuta.domain.asset import Battery, Site
from battuta.domain.command import Mandate, Owner, Reservation
from battuta.domain.errors import UsageError
from battuta.domain.image import Signal
from battuta.domain.prices import PriceSeries
from battuta.domain.product_catalogue import product, reserved_energy_kwh
from battuta.domain.time import NS_PER_HOUR, NS_PER_S, from_ns
from battuta.domain.wear import Wear
from battuta.numerics.arrays import FloatArray, IntArray
from battuta.site.limits import SiteLimits
from battuta.studies.day_plans import DayPlanner

KWH_PER_CELL = 1.027
"""Energy of a cell of the simulated cabinet. [kWh]"""

RESPONSE_SHARE = 0.25
"""Share of the sites that answer frequency, unless told otherwise."""

TICKS_PER_S = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRequest:
    """What a living run is asked to be.

    Attributes
    ----------
    n_sites : int
        Number of sites.
    seed : int
        Seed of the world.
    duration_s : int
        How long it lives, up to a year. [s]
    strategy : str
        Which strategy trades.
    response : str
        Product that some sites answer to; empty for none.
    response_share : float
        Share of the sites that do. [-]
    has_journal : bool
        Whether everything is kept.
    ticks_per_block : int
        Answers of the guard that are given at once.
    """

    n_sites: int = 20
    seed: int = 1
    duration_s: int = 7 * 86_400
    strategy: str = "similar_day"
    response: str = "ce_fcr"
    response_share: float = RESPONSE_SHARE
    has_journal: bool = True
    ticks_per_block: int = TICKS_PER_S

    def __post_init__(self) -> None:
        """Refuse runs of nothing."""
        if not 1 <= self.n_sites <= 10_000:
            message = f"sites = {self.n_sites} must lie between 1 and 10000"
            raise UsageError(message)
        if not 1 <= self.duration_s <= 366 * 86_400:
            message = f"duration = {self.duration_s} s must lie between 1 s and 366 days"
            raise UsageError(message)
        if not 0.0 <= self.response_share <= 1.0:
            message = f"response share = {self.response_share:g} must lie between 0 and 1"
            raise UsageError(message)


def living_site(currency: str = "EUR", timezone: str = "Europe/Berlin") -> Site:
    """Return the site that a living run is made of when no asset file is given: 100 kW / 205 kWh, wear priced."""
    battery = Battery(
        power_kw=100.0,
        energy_kwh=205.0,
        efficiency_charge=0.95,
        efficiency_discharge=0.95,
        soc_min=0.05,
        soc_max=0.95,
        soc_start=0.5,
        auxiliary_power_kw=0.2,
        wear=Wear(price_per_mwh=6.0),
    )
    return Site(battery=battery, timezone=timezone, currency=currency, name="simulated 100 kW / 205 kWh cabinet")


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
        self.settings = _settings(request, site, start_ns)
        battery = site.battery
        self.settings.laws()  # a product that does not exist is refused before anything is kept
        self.folder = run_folder(runs_dir, request.seed)
        self.n_cells = max(1, round(battery.energy_kwh / KWH_PER_CELL))
        self.now_ns = start_ns
        self.journal = LivingJournal(self.folder / "journal" if request.has_journal else None, self.settings)
        self.system = LivingSystem(self.settings, self.journal)
        self.system.award(start_ns, _reservations(self.settings, site, request, start_ns))
        self._step_ns = round(prices.step_h * NS_PER_HOUR)
        self._plan_kw: FloatArray = np.zeros((request.n_sites, 0))
        self._price: FloatArray = np.zeros(0)
        self._starts_ns: IntArray = np.zeros(0, dtype=np.int64)
        self._interval: int = -1
        n_steps = math.ceil(request.duration_s * NS_PER_S / self._step_ns) + len(self._days) + 1
        self._delivered_kwh: FloatArray = np.zeros((n_steps, request.n_sites))
        self._first_step = int(np.searchsorted(prices.time_ns, start_ns))
        self.wear_per_site: FloatArray = np.zeros(request.n_sites)
        self.discharged_kwh: FloatArray = np.zeros(request.n_sites)
        self.price_per_mwh = math.nan
        self.revenue = 0.0
        self.seconds_done = 0

    @property
    def net(self) -> float:
        """Money so far, less wear, fees left out. [currency]"""
        return self.revenue - float(self.wear_per_site.sum())

    @property
    def n_steps(self) -> int:
        """Number of price intervals that the run has touched."""
        return math.ceil(self.seconds_done * NS_PER_S / self._step_ns)

    @property
    def steps(self) -> IntArray:
        """Their places in the price series, shape (n_steps,)."""
        return self._first_step + np.arange(self.n_steps, dtype=np.int64)

    @property
    def delivered_kw(self) -> FloatArray:
        """Mean power that each battery added at its connection, shape (n_steps, n_sites). [kW]"""
        return self._delivered_kwh[: self.n_steps] / self.prices.step_h

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
        moment = self.system.look(values, measured_ns, now_ns, steady_ns)
        if any(each.cause.startswith("CLOCK_STEP") for each in moment.alarms):
            self._interval = -1  # the conductor dropped all that was timed: post it again
        step = min(self.seconds_done * NS_PER_S // self._step_ns, self._delivered_kwh.shape[0] - 1)
        power_kw = battery_power_kw(moment.image)
        energy_kwh = np.where(np.isnan(power_kw), 0.0, power_kw) / 3600.0
        self._delivered_kwh[step] += energy_kwh
        out_kwh = np.fmax(moment.image[Signal.CONVERTER_POWER_KW], 0.0) / 3600.0  # of a missing power: none
        self.discharged_kwh += out_kwh
        self.wear_per_site += self.site.battery.wear.price_per_mwh * out_kwh / 1000.0
        if not math.isnan(self.price_per_mwh):
            self.revenue += self.price_per_mwh * float(energy_kwh.sum()) / 1000.0
        self.seconds_done += 1
        return moment

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
            self._plan_kw = self.planner.plan_kw(day, start)
            self._price, self._starts_ns = self.planner.price_per_mwh(day), self.planner.time_ns(day)
            self._interval = -1
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

    def finish(self) -> str:
        """Close the journal; returns its root hash."""
        return self.journal.close()


def _settings(request: RunRequest, site: Site, start_ns: int) -> LivingSettings:
    battery = site.battery
    limits = SiteLimits(
        power_kw=battery.power_kw,
        apparent_power_kva=1.1 * battery.power_kw,
        energy_kwh=battery.energy_kwh,
        import_power_kw_max=site.import_power_kw_max,
        export_power_kw_max=site.export_power_kw_max,
        soc_min=battery.soc_min,
        soc_max=battery.soc_max,
        efficiency_charge=battery.efficiency_charge,
        efficiency_discharge=battery.efficiency_discharge,
        mode_ramp_kw_per_s=0.1 * battery.power_kw,
    )
    mandate = Mandate(charge_kw_max=battery.power_kw, discharge_kw_max=battery.power_kw)
    n_answering = round(request.n_sites * request.response_share) if request.response else 0
    spread = {round(k * request.n_sites / n_answering) for k in range(n_answering)} if n_answering else set[int]()
    return LivingSettings(
        seed=request.seed,
        start_ns=start_ns,
        ticks_per_s=TICKS_PER_S,
        ticks_per_block=request.ticks_per_block,
        sites=(limits,) * request.n_sites,
        mandates=(mandate,) * request.n_sites,
        products=tuple(request.response if k in spread else "" for k in range(request.n_sites)),
        products_on=from_ns(start_ns).date().isoformat(),
    )


def _reservations(settings: LivingSettings, site: Site, request: RunRequest, start_ns: int) -> tuple[Reservation, ...]:
    """Reserve a fifth of the rated power of each answering site, for the whole run; local, and not paid for."""
    power_kw = 0.2 * site.battery.power_kw
    end_ns = start_ns + (request.duration_s + 60) * NS_PER_S
    found: list[Reservation] = []
    for number, name in enumerate(settings.products):
        if name:
            rules = product(name, from_ns(start_ns).date())
            energy_kwh = reserved_energy_kwh(rules, power_kw)
            found.append(
                Reservation(
                    site=number,
                    product=name,
                    up_kw=power_kw,
                    down_kw=power_kw,
                    energy_up_kwh=energy_kwh,
                    energy_down_kwh=energy_kwh,
                    start_ns=start_ns,
                    end_ns=end_ns,
                    award="local, unpaid",
                )
            )
    return tuple(found)
