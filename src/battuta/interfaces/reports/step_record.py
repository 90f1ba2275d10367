"""What is shown of each step of a strategy or schedule, gathered once for figures and tables alike."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

import numpy as np

from battuta.domain.asset import Site
from battuta.domain.errors import UsageError
from battuta.domain.market import Binding, Schedule
from battuta.domain.prices import PriceSeries
from battuta.domain.time import duration_ns
from battuta.interfaces.reports.wall_clock import WallClock
from battuta.interfaces.reports.wording import step_sentence
from battuta.numerics.arrays import FloatArray, IntArray
from battuta.studies.backtest import BacktestResult
from battuta.trading import accounts
from battuta.trading.problem import storage_problem


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class StepRecord:
    """The steps of one strategy or schedule with everything that is said about them.

    Attributes
    ----------
    name : str
        Strategy or engine.
    site : Site
        The asset.
    clock : WallClock
        How times are shown.
    label : str
        What must stand beside the money, or nothing.
    money : str
        What amounts are counted in: the currency, or ``benchmark`` and the currency.
    is_planned : bool
        True when value and stake come from a plan made before the price was known.
    step : timedelta
        Length of a step.
    time_ns : ndarray, shape (n_times,)
        Starts of the steps; days that were not tested are missing. [ns]
    price_per_mwh, power_kw : ndarray, shape (n_times,)
        Price [currency/MWh] and delivered power, discharge positive [kW].
    soc_before, soc : ndarray, shape (n_times,)
        State of charge at the start (NaN where not known) and at the end of each step. [-]
    binding : tuple of Binding
        What held each step.
    marginal_value_per_mwh, at_stake : ndarray, shape (n_times,)
        NaN where nobody planned. [currency/MWh], [currency]
    wear, net, net_so_far : ndarray, shape (n_times,)
        Wear, money less wear, and its running sum over all steps of the study. [currency]
    """

    name: str
    site: Site
    clock: WallClock
    label: str
    money: str
    is_planned: bool
    step: timedelta
    time_ns: IntArray
    price_per_mwh: FloatArray
    power_kw: FloatArray
    soc_before: FloatArray
    soc: FloatArray
    binding: tuple[Binding, ...]
    marginal_value_per_mwh: FloatArray
    at_stake: FloatArray
    wear: FloatArray
    net: FloatArray
    net_so_far: FloatArray

    @property
    def n_times(self) -> int:
        """Number of steps."""
        return int(self.time_ns.shape[0])

    @property
    def end_ns(self) -> IntArray:
        """End of each step, of shape (n_times,), in ns."""
        return self.time_ns + duration_ns(self.step)

    def breaks(self) -> IntArray:
        """Index of each step that is not followed by the next in time; the last step among them."""
        is_last = np.append(self.time_ns[1:] != self.end_ns[:-1], True)
        return np.flatnonzero(is_last)

    def between(self, start_ns: int, stop_ns: int) -> StepRecord:
        """Keep the steps that start in ``[start_ns, stop_ns)``.

        Raises
        ------
        UsageError
            If there is none; the message names what there is.
        """
        first, last = np.searchsorted(self.time_ns, [start_ns, stop_ns])
        if first >= last:
            covered = " to ".join(self.clock.texts(self.time_ns[[0, -1]]))
            message = f"no step starts in the window asked for; the steps run from {covered} ({self.clock.words})"
            raise UsageError(message)
        return self._cut(slice(int(first), int(last)))

    def last(self, duration: timedelta) -> StepRecord:
        """Keep the steps of the last stretch of time."""
        stop_ns = int(self.end_ns[-1])
        return self.between(stop_ns - duration_ns(duration), stop_ns)

    def _cut(self, steps: slice) -> StepRecord:
        return replace(
            self,
            time_ns=self.time_ns[steps],
            price_per_mwh=self.price_per_mwh[steps],
            power_kw=self.power_kw[steps],
            soc_before=self.soc_before[steps],
            soc=self.soc[steps],
            binding=self.binding[steps],
            marginal_value_per_mwh=self.marginal_value_per_mwh[steps],
            at_stake=self.at_stake[steps],
            wear=self.wear[steps],
            net=self.net[steps],
            net_so_far=self.net_so_far[steps],
        )

    def sentences(self) -> list[str]:
        """Reason of each step in one sentence."""
        return [
            step_sentence(
                power_kw=float(self.power_kw[t]),
                price_per_mwh=float(self.price_per_mwh[t]),
                binding=self.binding[t],
                marginal_value_per_mwh=float(self.marginal_value_per_mwh[t]),
                at_stake=float(self.at_stake[t]),
                wear=float(self.wear[t]),
                currency=self.site.currency,
                money=self.money,
                is_planned=self.is_planned,
            )
            for t in range(self.n_times)
        ]


def money_name(prices: PriceSeries) -> str:
    """Name what amounts of a series are counted in; benchmark money is never plain money."""
    return f"benchmark {prices.currency}" if prices.is_benchmark else prices.currency


def strategy_record(result: BacktestResult, name: str) -> StepRecord:
    """Gather what is shown of one strategy of a backtest.

    Parameters
    ----------
    result : BacktestResult
        The study.
    name : str
        One of its strategies.

    Returns
    -------
    StepRecord
        All tested steps.

    Raises
    ------
    UsageError
        If the study has no such strategy; the message lists those it has.
    """
    if name not in result.results:
        message = f"the backtest has no strategy {name!r}; it has {', '.join(result.results)}"
        raise UsageError(message)
    chosen = result.results[name]
    net = chosen.revenue - chosen.wear
    return StepRecord(
        name=name,
        site=result.site,
        clock=WallClock.of(result.prices),
        label=result.money_label,
        money=money_name(result.prices),
        is_planned=not chosen.is_oracle,
        step=result.prices.step,
        time_ns=result.prices.time_ns[result.steps],
        price_per_mwh=result.prices.price_per_mwh[result.steps],
        power_kw=chosen.power_kw,
        soc_before=np.concatenate(([result.site.battery.soc_start], chosen.soc[:-1])),
        soc=chosen.soc,
        binding=chosen.binding,
        marginal_value_per_mwh=chosen.marginal_value_per_mwh,
        at_stake=chosen.at_stake,
        wear=chosen.wear,
        net=net,
        net_so_far=np.cumsum(net),
    )


def schedule_record(schedule: Schedule, site: Site, prices: PriceSeries) -> StepRecord:
    """Gather what is shown of a single schedule.

    Parameters
    ----------
    schedule : Schedule
        The schedule.
    site : Site
        The asset it was made for.
    prices : PriceSeries
        The series it was made for: its clock, zone, source and labels.

    Returns
    -------
    StepRecord
        All its steps, money counted at the interconnection point with fees and auxiliaries.
    """
    problem = storage_problem(site, schedule.price_per_mwh, prices.step_h)
    net = accounts.revenue(problem, schedule.power_kw) - schedule.wear
    return StepRecord(
        name=f"best schedule ({schedule.engine})",
        site=site,
        clock=WallClock.of(prices),
        label=prices.money_label,
        money=money_name(prices),
        is_planned=False,
        step=schedule.step,
        time_ns=schedule.time_ns,
        price_per_mwh=schedule.price_per_mwh,
        power_kw=schedule.power_kw,
        soc_before=np.concatenate(([np.nan], schedule.soc[:-1])),
        soc=schedule.soc,
        binding=schedule.binding,
        marginal_value_per_mwh=schedule.marginal_value_per_mwh,
        at_stake=schedule.at_stake,
        wear=schedule.wear,
        net=net,
        net_so_far=np.cumsum(net),
    )
