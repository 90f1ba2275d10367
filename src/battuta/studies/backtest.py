"""Strategies on history: decided with what was known at the gate, executed as the battery can, priced as it cleared."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

import numpy as np

from battuta.domain.asset import Site
from battuta.domain.errors import CurrencyError, StaleDataError, UsageError
from battuta.domain.market import Binding, Settlement
from battuta.domain.prices import History, PriceSeries
from battuta.domain.time import local_instant_ns
from battuta.numerics.arrays import FloatArray, IntArray
from battuta.numerics.rainflow import rainflow
from battuta.ports.compute import Compute
from battuta.studies.serial_compute import SerialCompute
from battuta.studies.strategies.registry import STRATEGIES, strategies_by_name
from battuta.studies.strategies.strategy import DayContext, Decide, Decision, Strategy, StudyInputs
from battuta.trading import accounts
from battuta.trading.execution import follow
from battuta.trading.problem import StorageProblem, storage_problem
from battuta.trading.schedule import Engine
from battuta.trading.settle import settle

DAYS_PER_YEAR = 365.0
REFERENCE = "oracle_day"
FULL_RANGE_LABEL = "full SoC range, no auxiliaries, fees or wear"
_CLIPPED_KW = 1e-3

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class StrategyResult:
    """What one strategy did and earned.

    Attributes
    ----------
    name : str
        The strategy.
    is_oracle : bool
        True when it saw the future.
    power_kw, soc : ndarray, shape (n_times,)
        Delivered power, discharge positive [kW]; state of charge at the end of each interval [-].
    revenue, wear : ndarray, shape (n_times,)
        Money of each interval. [currency]
    binding : tuple of Binding
        What held each interval.
    marginal_value_per_mwh, at_stake : ndarray, shape (n_times,)
        From the plan, NaN for rules. [currency/MWh], [currency]
    efc : float
        Equivalent full cycles by independent rainflow count. [-]
    notes : dict of str to int
        What its decisions had to do without, and on how many days, the commonest first.
    """

    name: str
    is_oracle: bool
    power_kw: FloatArray
    soc: FloatArray
    revenue: FloatArray
    wear: FloatArray
    binding: tuple[Binding, ...]
    marginal_value_per_mwh: FloatArray
    at_stake: FloatArray
    efc: float
    notes: dict[str, int] = field(default_factory=dict[str, int])

    @property
    def net(self) -> float:
        """Revenue less wear. [currency]"""
        return float(self.revenue.sum() - self.wear.sum())


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class BacktestResult:
    """All strategies over the same test days.

    Attributes
    ----------
    site : Site
        The asset.
    prices : PriceSeries
        The whole series.
    steps : ndarray, shape (n_times,)
        Indices of the tested intervals.
    test_days : tuple of date
        The tested days.
    skipped_days : tuple of date
        Days of the window that were left out because a price is missing.
    results : dict of str to StrategyResult
        By name, in the order asked for; ``oracle_day`` is always there.
    """

    site: Site
    prices: PriceSeries
    steps: IntArray
    test_days: tuple[date, ...]
    skipped_days: tuple[date, ...]
    results: dict[str, StrategyResult] = field(default_factory=dict[str, StrategyResult])

    @property
    def is_benchmark(self) -> bool:
        """True when the money is a benchmark figure and not revenue."""
        return self.prices.is_benchmark

    @property
    def money_label(self) -> str:
        """What must stand beside the money; empty for real prices in real time."""
        label = self.prices.money_label
        return f"{label}; {FULL_RANGE_LABEL}" if self.is_benchmark and is_plain(self.site) else label

    def settlement(self, name: str) -> Settlement:
        """Settle what one strategy delivered, to the cent; raises as `battuta.trading.settle.settle`."""
        return settle(self.prices, self.site, self.results[name].power_kw, self.steps)

    def captured(self, name: str) -> float:
        """Net as a share of ``oracle_day``; NaN where the oracle earns nothing. [-]"""
        reference = self.results[REFERENCE].net
        return self.results[name].net / reference if reference > 0.0 else float("nan")

    def per_mw_year(self, name: str) -> float:
        """Net per MW of rated power and year of 365 tested days. [currency/(MW year)]"""
        years = len(self.test_days) / DAYS_PER_YEAR
        return self.results[name].net / (self.site.battery.power_kw / 1000.0) / years

    def uplift(self, name: str) -> dict[str, float]:
        """Gain over each baseline as a share of that baseline: fitted hours, persistence and the best simple rule.

        Parameters
        ----------
        name : str
            The strategy.

        Returns
        -------
        dict of str to float
            Absent baselines and baselines that lose money are left out. [-]
        """
        mine = self.results[name].net
        rules = {
            rule: self.results[rule].net
            for rule, known in STRATEGIES.items()
            if known.is_simple_rule and rule in self.results
        }
        baselines = {base: base for base in ("fixed_time_fitted", "persistence") if base in self.results}
        if rules:
            best = max(rules, key=lambda rule: rules[rule])
            baselines[f"best_simple_rule ({best})"] = best
        return {
            said: mine / self.results[base].net - 1.0
            for said, base in baselines.items()
            if self.results[base].net > 0.0 and base != name
        }


def is_plain(site: Site) -> bool:
    """True when a site has the whole SoC range and neither auxiliaries, fees nor wear."""
    battery = site.battery
    has_wear = battery.wear.price_per_mwh > 0.0 or battery.wear.depth or battery.wear.calendar_per_hour
    has_costs = battery.auxiliary_power_kw > 0.0 or site.import_fee_per_mwh > 0.0 or site.export_fee_per_mwh > 0.0
    return not has_wear and not has_costs and battery.soc_min == 0.0 and battery.soc_max == 1.0


def run_backtest(
    prices: PriceSeries,
    site: Site,
    strategies: Iterable[str | Strategy],
    test_days: int,
    *,
    forecast_per_mwh: FloatArray | None = None,
    engine: Engine = Engine.AUTO,
    temperature_c: float | None = None,
    compute: Compute | None = None,
    progress: Progress | None = None,
) -> BacktestResult:
    """Run strategies over the last days of a price series.

    Parameters
    ----------
    prices : PriceSeries
        Prices, history included.
    site : Site
        The asset, in the same currency.
    strategies : iterable of str or Strategy
        Which ones; ``oracle_day`` is added as the yardstick.
    test_days : int
        Number of last delivery days to test.
    forecast_per_mwh : ndarray, shape (n_times,), or None
        Forecast for ``day_ahead``, on the grid of the prices; left out, it makes its own. [currency/MWh]
    engine : Engine
        Which engine plans.
    temperature_c : float or None
        Cell temperature for the tapers. [degC]
    compute : Compute or None
        Where forecasts are calibrated; left out, piece by piece.
    progress : callable or None
        Called with strategy, days done and days in all; before that with what of the forecasts is done.

    Returns
    -------
    BacktestResult
        Every strategy over the same days.

    Raises
    ------
    CurrencyError
        If prices and site differ in currency.
    StaleDataError
        If there are fewer days than asked for.
    """
    if prices.currency != site.currency:
        message = f"prices are in {prices.currency}, the site counts in {site.currency}; state a conversion first"
        raise CurrencyError(message)
    chosen = strategies_by_name([*strategies, REFERENCE])
    history = History(prices)
    tested, skipped = split_days(history, test_days)
    inputs = StudyInputs(
        history=history,
        site=site,
        test_days=tested,
        forecast_per_mwh=forecast_per_mwh,
        engine=engine,
        temperature_c=temperature_c,
        compute=compute or SerialCompute(),
        progress=progress,
    )
    prepared = [(strategy, strategy.make(inputs)) for strategy in chosen]  # what is missing is said before any runs
    steps = np.concatenate([np.arange(*history.days.steps(day).indices(prices.n_times)) for day in tested])
    whole = storage_problem(site, prices.price_per_mwh[steps], prices.step_h, temperature_c=temperature_c)
    return BacktestResult(
        site=site,
        prices=prices,
        steps=steps,
        test_days=tuple(history.days.dates[day] for day in tested),
        skipped_days=tuple(history.days.dates[day] for day in skipped),
        results={strategy.name: _run_one(strategy, decide, inputs, whole, progress) for strategy, decide in prepared},
    )


def split_days(history: History, test_days: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Last delivery days of the series, the complete ones and those left out; a broken first or last day is no day."""
    if test_days < 1:
        message = f"test_days = {test_days} must be at least 1"
        raise UsageError(message)
    last = len(history.days.dates)
    while last > 0 and not history.is_complete(last - 1):
        last -= 1
    first = last - test_days
    if first < 0:
        message = f"{test_days} test days were asked for, the prices cover {last} complete days; ask for fewer"
        raise StaleDataError(message)
    complete = [history.is_complete(day) for day in range(first, last)]
    tested = tuple(first + k for k, is_complete in enumerate(complete) if is_complete)
    skipped = tuple(first + k for k, is_complete in enumerate(complete) if not is_complete)
    return tested, skipped


def _run_one(
    strategy: Strategy, decide: Decide, inputs: StudyInputs, whole: StorageProblem, progress: Progress | None
) -> StrategyResult:
    series = inputs.history.series
    rated_kw = inputs.site.battery.power_kw
    power_kw, energy_kwh = np.empty(whole.n_times), np.empty(whole.n_times)
    reasons: list[Binding] = []
    notes = Counter[str]()
    value, stake = np.full(whole.n_times, np.nan), np.full(whole.n_times, np.nan)
    stored, before, done = whole.energy_kwh_start, 0.0, 0
    budget_kwh = whole.discharge_energy_kwh_max  # planned pro rata by day, owed by everyone over the whole window
    for count, day in enumerate(inputs.test_days):
        context = gate_context(inputs, day, stored / whole.capacity_kwh, before)
        decision = decide(context)
        notes.update(dict.fromkeys(decision.notes, 1))
        price = series.price_per_mwh[context.steps]
        here = slice(done, done + price.shape[0])
        request = decision.power_kw(price, rated_kw)
        delivery = replace(
            context.delivery(price), energy_kwh_start=stored, discharge_energy_kwh_max=max(budget_kwh, 0.0)
        )
        power_kw[here], energy_kwh[here] = follow(delivery, request, previous_power_kw=before)
        budget_kwh -= float(np.maximum(power_kw[here], 0.0).sum()) * whole.step_h
        _note(decision, request, power_kw[here], reasons, value[here], stake[here])
        stored, before, done = float(energy_kwh[here.stop - 1]), float(power_kw[here.stop - 1]), here.stop
        if progress is not None:
            progress(strategy.name, count + 1, len(inputs.test_days))
    soc = energy_kwh / whole.capacity_kwh
    cycles = rainflow(np.concatenate(([whole.energy_kwh_start / whole.capacity_kwh], soc)))
    return StrategyResult(
        name=strategy.name,
        is_oracle=strategy.is_oracle,
        power_kw=power_kw,
        soc=soc,
        revenue=accounts.revenue(whole, power_kw),
        wear=accounts.wear(whole, power_kw, energy_kwh),
        binding=tuple(reasons),
        marginal_value_per_mwh=value,
        at_stake=stake,
        efc=cycles.total(cycles.depth),
        notes=dict(notes.most_common()),
    )


def gate_context(inputs: StudyInputs, day: int, soc_start: float, previous_power_kw: float) -> DayContext:
    """What a strategy is given at the gate of one delivery day, the start clipped into the window of the battery."""
    history = inputs.history
    steps = history.days.steps(day)
    gate_day = history.days.dates[day] - timedelta(days=1)
    battery = inputs.site.battery
    return DayContext(
        inputs=inputs,
        view=history.view(local_instant_ns(gate_day, history.series.gate, history.series.zone)),
        day=day,
        steps=steps,
        minutes=history.minutes[steps],
        time_ns=history.series.time_ns[steps],
        soc_start=min(max(soc_start, battery.soc_min), battery.soc_max),
        previous_power_kw=previous_power_kw,
    )


def _note(
    decision: Decision,
    request: FloatArray,
    delivered: FloatArray,
    reasons: list[Binding],
    value: FloatArray,
    stake: FloatArray,
) -> None:
    """Keep the reason of each interval: the plan's own, else that a rule asked for it, or that it was clipped."""
    own = (Binding.RULE,) * delivered.shape[0]
    if decision.schedule is not None:
        own = decision.schedule.binding
        value[:] = decision.schedule.marginal_value_per_mwh
        stake[:] = decision.schedule.at_stake
    clipped = np.abs(request - delivered) > _CLIPPED_KW
    reasons.extend(Binding.CLIPPED if is_clipped else reason for is_clipped, reason in zip(clipped, own, strict=True))
