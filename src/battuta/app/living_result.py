"""What came of a living run: its money to the cent, its frequency events, its alarms, and where it is kept."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from battuta.app.living import FrequencyEvent
from battuta.app.living_modules import ModulesTold
from battuta.app.living_run import LivingRun
from battuta.domain.health import Finding
from battuta.domain.prices import PriceSeries
from battuta.domain.time import from_ns
from battuta.domain.work_order import WorkOrder
from battuta.numerics.arrays import FloatArray, IntArray
from battuta.services.conductor import Alarm
from battuta.studies.backtest import run_backtest
from battuta.trading.accounts import energy_path_kwh, wear
from battuta.trading.problem import storage_problem
from battuta.trading.settle import settle

BASELINES = (
    "idle",
    "fixed_time",
    "fixed_time_fitted",
    "percentile",
    "persistence",
    "similar_day",
    "median_profile_28d",
    "oracle_day",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """How the demand limits of a run were held.

    Attributes
    ----------
    limit_kw : float
        Limit of each site. [kW]
    highest_kw : float
        Highest interval mean of import that any site is billed for. [kW]
    without_kw : float
        What that would have been without batteries. [kW]
    sites_over, sites_over_without : int
        Sites that are billed for more than the limit, and that would have been.
    """

    limit_kw: float
    highest_kw: float
    without_kw: float
    sites_over: int
    sites_over_without: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LivingResult:
    """A living run that is over.

    Attributes
    ----------
    n_sites, n_cells : int
        How many.
    simulated_s : int
        How long it lived. [s]
    prices : PriceSeries
        Its prices.
    steps : ndarray of int64, shape (n_steps,)
        The intervals it touched.
    delivered_kw : ndarray, shape (n_steps, n_sites)
        Mean power that each battery added at its connection, metered. [kW]
    revenue : float
        Sales less purchases and fees of what was delivered. [currency]
    wear : float
        What cycling cost. [currency]
    settled : float or None
        Sum of what each site is paid, each rounded once; None on the clock of a benchmark. [currency]
    soc_start, soc_end : float
        Mean state of charge of the sites at the first and the last image, NaN where none was said. [-]
    n_answering, n_following : int
        Sites that answer a product, and that follow their load.
    unmetered_s : float
        Time of all sites in which nobody knew what was delivered; counted as nothing delivered. [s]
    cycles : float
        Discharged energy over the stored energy of all sites. [-]
    auxiliary_kwh : float
        Energy of cooling and controls, all sites. [kWh]
    capacity_lost : ndarray, shape (n_sites,)
        Share of the capacity of new batteries that the run has cost, by the ageing model. [-]
    demand : Demand or None
        How demand limits were held; None where there is none, or no interval has ended.
    baselines : dict of str to float
        Net of rules and of the oracle on the same days, the plain battery model times the number of sites. [currency]
    frequency_events : tuple of FrequencyEvent
        Excursions of the grid.
    alarms : tuple of (int, Alarm)
        When and what.
    findings : tuple of Finding or None
        What was found of single cells; None where devices tell nothing of them.
    work_orders : tuple of WorkOrder
        What somebody has to do because of findings, oldest first.
    setpoints : int
        Setpoints written.
    journal_root : str
        Last hash of the journal; empty without one.
    modules : ModulesTold or None
        How modules shared the setpoints; None where a site has one converter.
    """

    n_sites: int
    n_cells: int
    simulated_s: int
    prices: PriceSeries
    steps: IntArray
    delivered_kw: FloatArray
    revenue: float
    wear: float
    settled: float | None
    soc_start: float
    soc_end: float
    n_answering: int
    n_following: int
    unmetered_s: float
    cycles: float
    auxiliary_kwh: float
    capacity_lost: FloatArray
    demand: Demand | None
    baselines: dict[str, float]
    frequency_events: tuple[FrequencyEvent, ...]
    alarms: tuple[tuple[int, Alarm], ...]
    findings: tuple[Finding, ...] | None
    setpoints: int
    journal_root: str
    work_orders: tuple[WorkOrder, ...] = ()
    modules: ModulesTold | None = None

    @property
    def net(self) -> float:
        """Revenue less wear. [currency]"""
        return self.revenue - self.wear


def finish(run: LivingRun) -> LivingResult:
    """Close a run and count what came of it.

    Parameters
    ----------
    run : LivingRun
        The run, at any second.

    Returns
    -------
    LivingResult
        The outcome.
    """
    root = run.finish()
    priced = ~np.isnan(run.prices.price_per_mwh[run.steps])
    steps, delivered_kw = run.steps[priced], run.delivered_kw[priced]
    revenue, settled = _revenue(run, steps, delivered_kw)
    stored_kwh = run.site.battery.energy_kwh * run.request.n_sites
    return LivingResult(
        n_sites=run.request.n_sites,
        n_cells=run.n_cells * run.request.n_sites,
        simulated_s=run.seconds_done,
        prices=run.prices,
        steps=steps,
        delivered_kw=delivered_kw,
        revenue=revenue,
        wear=_wear(run, steps, run.converted_kw[priced]),
        soc_start=run.soc_start,
        soc_end=run.soc_end,
        n_answering=len(run.request.answering),
        n_following=len(run.request.following),
        unmetered_s=float(run.unmetered_s.sum()),
        settled=settled,
        cycles=float(run.discharged_kwh.sum()) / stored_kwh,
        auxiliary_kwh=float(run.auxiliary_kwh.sum()),
        capacity_lost=run.ageing.capacity_lost(),
        demand=_demand(run),
        baselines=_baselines(run),
        frequency_events=run.system.excursions(),
        alarms=tuple(run.system.alarms),
        findings=None if run.diagnosis is None else tuple(run.diagnosis.findings),
        work_orders=run.deratings.orders,
        setpoints=run.system.n_setpoints,
        journal_root=root,
        modules=None if run.modules is None else run.modules.told(run.deratings.shared_costs),
    )


def _demand(run: LivingRun) -> Demand | None:
    """Largest billed interval of each site of the billing period that runs, against its limit."""
    shaver = run.owners.shaver
    if shaver is None or not shaver.billed_kw.any():
        return None
    limit_kw = run.request.demand_limit_kw
    return Demand(
        limit_kw=limit_kw,
        highest_kw=float(shaver.billed_kw.max()),
        without_kw=float(shaver.without_kw.max()),
        sites_over=int((shaver.billed_kw > limit_kw).sum()),
        sites_over_without=int((shaver.without_kw > limit_kw).sum()),
    )


def _revenue(run: LivingRun, steps: IntArray, delivered_kw: FloatArray) -> tuple[float, float | None]:
    """Money of the metered energy of each site; settled exactly where the clock is real."""
    metered = replace(run.site, battery=replace(run.site.battery, auxiliary_power_kw=0.0))  # they are metered already
    price = run.prices.price_per_mwh[steps][:, None]
    fee = np.where(delivered_kw > 0.0, -metered.export_fee_per_mwh, metered.import_fee_per_mwh)
    revenue = float(((price + fee) * delivered_kw).sum() * run.prices.step_h / 1000.0)
    if run.prices.is_benchmark:
        return revenue, None
    sites = [settle(run.prices, metered, column, steps) for column in np.ascontiguousarray(delivered_kw.T)]
    return float(sum(each.exact for each in sites)), float(sum(each.total for each in sites))


def _wear(run: LivingRun, steps: IntArray, converted_kw: FloatArray) -> float:
    """What cycling cost: by the second where wear is a flat price, by the interval where depth or time have one too."""
    prices = run.site.battery.wear
    if (prices.depth is None and prices.calendar_per_hour is None) or not steps.size:
        return float(run.wear_per_site.sum())
    problem = storage_problem(run.site, run.prices.price_per_mwh[steps], run.prices.step_h)
    columns = np.ascontiguousarray(converted_kw.T)
    return sum(float(wear(problem, column, energy_path_kwh(problem, column)).sum()) for column in columns)


def _baselines(run: LivingRun) -> dict[str, float]:
    """Net of the rules over the same time; of an interval that was not lived to its end, the share that was."""
    if not run.steps.size:
        return {}
    whole = run_backtest(run.prices, run.site, BASELINES, len(run.planner.days))
    touched = np.searchsorted(whole.steps, run.steps)
    kept = touched < whole.steps.shape[0]
    touched = touched[kept][whole.steps[touched[kept]] == run.steps[kept]]
    lived_h = run.seconds_done / 3600.0 - (whole.steps[touched] - run.steps[0]) * run.prices.step_h
    share = np.clip(lived_h / run.prices.step_h, 0.0, 1.0)
    return {
        name: run.request.n_sites * float(((each.revenue - each.wear)[touched] * share).sum())
        for name, each in whole.results.items()
    }


def iso(time_ns: int) -> str:
    """Write an instant as ISO 8601 in UTC."""
    return from_ns(time_ns).isoformat()
