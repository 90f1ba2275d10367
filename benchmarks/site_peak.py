"""Peak shaving against perfect foresight: 20 sites, 30 days each, by the second, with a market that wants the battery.

`python benchmarks/site_peak.py --json` prints one object and ends with 1 where a goal is not met. The loads are planted
by `battuta.world.site_load` (synthetic), the prices are synthetic too. The controller sees forecasts that do not know
the peaks to come, and measures with a second's delay. Perfect foresight is a linear program over the whole month.

A quarter-hour mean under the limit may need full discharge before the peak that fills it has begun, which takes
foresight. So breaches are counted 2 percent above the least limit that perfect foresight holds in every minute and,
with the same goal, at that limit itself and 2 percent above the least that it holds in quarter-hour means.

Rows `own_history_*` have the same goals and no forecast of the planted world: the service's own, from what the meter
said in the 28 days before and since.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import dataclass, replace

import numpy as np
from figures import Figure, machine, say

from battuta._jit import jit
from battuta.domain.time import NS_PER_DAY, NS_PER_HOUR, NS_PER_S, from_ns, zone_of
from battuta.numerics.arrays import FloatArray, IntArray
from battuta.numerics.linear_program import LinearProgram, Solver
from battuta.numerics.sampling import generator
from battuta.site.demand_history import PEAK_GROWTH, DemandHistory, is_workday
from battuta.site.peak_shaving import (
    HOLD_SHARE,
    LANDING_S,
    DemandState,
    ShavingSites,
    learned_margin,
    new_period,
    plan_floor,
)
from battuta.site.peak_shaving_interval import IntervalPlan, learn_margins, plan_interval
from battuta.site.peak_shaving_kernels import least_limit_kw, shave
from battuta.world.site_load import SiteLoad

FIRST_DAY = 20_515
"""A Tuesday of March 2026, in days since 1970."""
HISTORY_DAYS = 28
QUARTERS = 96
HORIZON = 144
ENERGY_KWH, POWER_KW, EFFICIENCY, AUXILIARY_KW = 600.0, 500.0, 0.95, 4.0
SOC_MIN, SOC_MAX = 0.05, 0.95
DEMAND_PRICE_PER_KW = 8.0


@dataclass(frozen=True, kw_only=True, eq=False)
class Planted:
    """Loads of all sites, prices, and forecasts as they were issued."""

    second_kw: list[FloatArray]
    quarter_kw: FloatArray
    price_per_mwh: FloatArray
    median_kw: FloatArray
    error_kw: FloatArray
    past_median_kw: FloatArray
    past_actual_kw: FloatArray
    peak_error_kw: FloatArray


def plant(n_sites: int, n_days: int, seed: int = 2026) -> Planted:
    """Make the loads: `second_kw` per day (86400, n_sites), forecasts issued each hour for 36 hours."""
    loads = [SiteLoad(seed, site) for site in range(n_sites)]
    days = range(FIRST_DAY, FIRST_DAY + n_days)
    seconds = np.arange(86_400, dtype=np.int64) * NS_PER_S
    second_kw = [
        np.stack([load.load_kw(day * NS_PER_DAY + seconds) for load in loads], axis=1) + AUXILIARY_KW for day in days
    ]
    quarter_kw = np.concatenate([day.reshape(QUARTERS, 900, n_sites).mean(axis=1) for day in second_kw])
    past_actual, past_median = np.empty((HISTORY_DAYS, QUARTERS, n_sites)), np.empty((HISTORY_DAYS, QUARTERS, n_sites))
    peak_error = np.empty_like(past_actual)
    middle = np.arange(QUARTERS, dtype=np.int64) * (NS_PER_HOUR // 4) + NS_PER_HOUR // 8
    tens = np.arange(8_640, dtype=np.int64) * 10 * NS_PER_S
    for index in range(HISTORY_DAYS):
        start = (FIRST_DAY - HISTORY_DAYS + index) * NS_PER_DAY
        for site, load in enumerate(loads):
            minute_kw = load.load_kw(start + tens).reshape(QUARTERS, 15, 6).mean(axis=2)
            past_actual[index, :, site] = minute_kw.mean(axis=1)
            past_median[index, :, site] = load.load_forecast_kw(start + middle, start)
            peak_error[index, :, site] = minute_kw.max(axis=1) - past_median[index, :, site]
    past_actual += AUXILIARY_KW
    past_median += AUXILIARY_KW
    ahead = np.arange(HORIZON, dtype=np.int64) * (NS_PER_HOUR // 4) + NS_PER_HOUR // 8
    hours = [FIRST_DAY * NS_PER_DAY + hour * NS_PER_HOUR for hour in range(24 * n_days)]
    median = AUXILIARY_KW + np.stack(
        [np.stack([load.load_forecast_kw(hour + ahead, hour) for load in loads], axis=1) for hour in hours]
    )
    return Planted(
        second_kw=second_kw, quarter_kw=quarter_kw, price_per_mwh=prices(n_days + 2, seed), median_kw=median,
        error_kw=past_actual - past_median, past_median_kw=past_median, past_actual_kw=past_actual,
        peak_error_kw=peak_error,
    )  # fmt: skip


def errors_ahead(error_kw: FloatArray, quarter: int, n_times: int) -> FloatArray:
    """Past errors for the quarters ahead, those of workdays on workdays, shape (n_paths, n_times, n_sites). [kW]"""
    days = np.arange(FIRST_DAY - HISTORY_DAYS, FIRST_DAY)
    work, free = error_kw[is_workday(days)], error_kw[~is_workday(days)]
    free = free[np.arange(len(work)) % len(free)]
    ahead = max(quarter, 0) + np.arange(n_times)
    is_work = is_workday(FIRST_DAY + ahead // QUARTERS)
    return np.where(is_work[:, None], work[:, ahead % QUARTERS], free[:, ahead % QUARTERS])


def prices(n_days: int, seed: int) -> FloatArray:
    """Synthetic day-ahead prices: cheap nights and noons, dear mornings and evenings. [1/MWh]"""
    hour = np.arange(n_days * QUARTERS) / 4.0
    rng = generator(seed, "benchmark.peak.prices")
    level = np.repeat(rng.normal(70.0, 12.0, n_days), QUARTERS)
    swing = np.repeat(rng.uniform(0.6, 1.4, n_days), QUARTERS)
    shape = 35.0 * np.cos(4.0 * np.pi * (hour - 7.5) / 24.0) + 12.0 * np.cos(2.0 * np.pi * (hour - 19.0) / 24.0)
    return level + swing * shape


def batteries(n_sites: int) -> ShavingSites:
    """The same battery at each site."""
    one = np.ones(n_sites)
    return ShavingSites(
        energy_kwh=ENERGY_KWH * one, charge_kw_max=POWER_KW * one, discharge_kw_max=POWER_KW * one,
        efficiency_charge=EFFICIENCY * one, efficiency_discharge=EFFICIENCY * one, soc_min=SOC_MIN * one,
        soc_max=SOC_MAX * one,
    )  # fmt: skip


def market_plan(
    net_kw: FloatArray,
    price: FloatArray,
    limit_kw: float,
    stored_kwh: float,
    demand_price: float,
    floor_kwh: FloatArray | None = None,
) -> tuple[FloatArray, float]:
    """Cheapest battery power for a course of net load; a price on demand makes the limit a choice.

    Returns the power [kW] and the limit that was held [kW]. Without a demand price excess is possible at a high price.
    """
    n, lp = net_kw.shape[0], LinearProgram()
    charge = lp.variables(n, 0.0, POWER_KW, -price * 0.25 / 1000.0 - 1e-6)
    discharge = lp.variables(n, 0.0, POWER_KW, price * 0.25 / 1000.0 - 1e-6)
    energy = lp.variables(n, SOC_MIN * ENERGY_KWH, SOC_MAX * ENERGY_KWH)
    if floor_kwh is not None:
        short = lp.variables(n, 0.0, ENERGY_KWH, -1.0)
        kept = lp.rows(n, floor_kwh, np.inf)
        lp.add(kept, energy, 1.0)
        lp.add(kept, short, 1.0)
    top = lp.variables(1, limit_kw if demand_price == 0.0 else 0.0, np.inf, -(demand_price or 1e3))
    balance = lp.rows(n, np.r_[stored_kwh, np.zeros(n - 1)], np.r_[stored_kwh, np.zeros(n - 1)])
    lp.add(balance, energy, 1.0)
    lp.add(balance[1:], energy[:-1], -1.0)
    lp.add(balance, charge, -0.25 * EFFICIENCY)
    lp.add(balance, discharge, 0.25 / EFFICIENCY)
    import_ = lp.rows(n, -np.inf, -net_kw)
    lp.add(import_, charge, 1.0)
    lp.add(import_, discharge, -1.0)
    lp.add(import_, np.repeat(top, n), -1.0)
    end = lp.rows(1, min(stored_kwh, 0.5 * ENERGY_KWH), np.inf)
    lp.add(end, energy[-1:], 1.0)
    answer = Solver(lp).solve()
    assert answer.is_optimal, answer.status
    return answer.x[discharge] - answer.x[charge], float(answer.x[top[0]])


@jit
def run_quarter(
    net_kw: FloatArray, soc: FloatArray, wish_kw: FloatArray, limit_kw: FloatArray, floor_start: FloatArray,
    floor_end: FloatArray, energy_kwh: FloatArray, charge_kw: FloatArray, discharge_kw: FloatArray,
    efficiency: FloatArray, peak_kw: FloatArray, landing_s: float, before_kw: FloatArray, import_kwh: FloatArray,
    charged_kwh: FloatArray,
) -> None:  # fmt: skip
    """Run 900 seconds of all sites: the interval of peak shaving, the wish of the market within it, the battery."""
    n_sites = soc.shape[0]
    low, high, preferred = np.empty(n_sites), np.empty(n_sites), np.empty(n_sites)
    import_kwh[:] = 0.0
    charged_kwh[:] = 0.0
    for second in range(net_kw.shape[0]):
        shave(
            before_kw, soc, float(second), 900.0, import_kwh, limit_kw, floor_start, floor_end, energy_kwh, charge_kw,
            discharge_kw, efficiency, efficiency, peak_kw, landing_s, low, high, preferred,
        )  # fmt: skip
        for site in range(n_sites):
            power = min(max(wish_kw[site], low[site]), high[site])
            power = min(max(power, -charge_kw[site]), discharge_kw[site])
            room = (0.95 - soc[site]) * energy_kwh[site] * 3600.0 / efficiency[site]
            left = (soc[site] - 0.05) * energy_kwh[site] * 3600.0 * efficiency[site]
            power = min(max(power, -max(room, 0.0)), max(left, 0.0))
            inner = power / efficiency[site] if power > 0.0 else power * efficiency[site]
            soc[site] -= inner / 3600.0 / energy_kwh[site]
            import_kwh[site] += (net_kw[second, site] - power) / 3600.0
            charged_kwh[site] -= power / 3600.0
            before_kw[site] = net_kw[second, site]


class PlantedForecast:
    """Plans from the forecasts of the planted world and from how far they were off on past days."""

    def __init__(self, planted: Planted, limit_kw: FloatArray) -> None:
        self.planted, self.sites = planted, batteries(len(limit_kw))
        work = is_workday(np.arange(FIRST_DAY - HISTORY_DAYS, FIRST_DAY))
        self.margin = learned_margin(
            self.sites, limit_kw, planted.past_median_kw[work], planted.past_actual_kw[work]
        )  # fmt: skip

    def plan(self, quarter: int, demand: DemandState, soc: FloatArray, measured_kw: FloatArray) -> IntervalPlan:
        """Plan the quarter that begins."""
        hour, row, planted = quarter // 4, quarter % 4, self.planted
        median = planted.median_kw[hour, row:]
        errors = errors_ahead(planted.error_kw, quarter, HORIZON - row)
        plan = plan_floor(self.sites, demand, median, errors, self.margin, soc, measured_kw=measured_kw)
        around = [errors_ahead(planted.peak_error_kw, quarter + shift, 1)[:, 0].max(axis=0) for shift in range(-6, 7)]
        peak_kw = median[0] + PEAK_GROWTH * np.max(around, axis=0)
        return IntervalPlan(demand=plan.demand, floor_soc=plan.floor_soc, median_kw=median, peak_kw=peak_kw)


class OwnHistory:
    """Plans as the service does: from the 28 days that the meter saw before, and what it has seen since."""

    def __init__(self, planted: Planted, limit_kw: FloatArray) -> None:
        self.planted, self.sites = planted, batteries(len(limit_kw))
        self.history, self.margin = DemandHistory.empty(len(limit_kw)), np.empty(0)
        highest_kw = planted.past_median_kw + planted.peak_error_kw
        for quarter in range(-HISTORY_DAYS * QUARTERS, 0):
            at = quarter // QUARTERS, quarter % QUARTERS
            self.history.record(*self._when(quarter), planted.past_actual_kw[at], highest_kw[at])

    def plan(self, quarter: int, demand: DemandState, soc: FloatArray, measured_kw: FloatArray) -> IntervalPlan:
        """Learn the quarter that ended, then plan the one that begins."""
        if quarter > 0:
            inside = (quarter - 1) % QUARTERS * 900
            second_kw = self.planted.second_kw[(quarter - 1) // QUARTERS][inside : inside + 900]
            highest_kw = second_kw.reshape(15, 60, -1).mean(axis=1).max(axis=0)
            self.history.record(*self._when(quarter - 1), measured_kw, highest_kw)
        start_s, offset_s = self._when(quarter)
        if quarter % QUARTERS == 0:
            every = np.arange(len(soc))
            self.margin = learn_margins(self.sites, demand.limit_kw, self.history, start_s, offset_s, every)
        return plan_interval(
            self.sites, demand, self.history, self.margin, soc, measured_kw, start_s, offset_s
        )  # fmt: skip

    def _when(self, quarter: int) -> tuple[int, IntArray]:
        start_s = FIRST_DAY * 86_400 + quarter * 900
        offset = from_ns(start_s * NS_PER_S).astimezone(zone_of("Europe/Berlin")).utcoffset()
        assert offset is not None
        return start_s, np.full(len(self.sites.soc_min), int(offset.total_seconds()), dtype=np.int64)


def simulate(
    planted: Planted, demand: DemandState, n_days: int, source: type[PlantedForecast | OwnHistory] = PlantedForecast
) -> tuple[FloatArray, FloatArray, DemandState]:
    """Run the month; returns mean import per quarter [kW], stored energy at the end [kWh], what was settled."""
    n_sites = planted.quarter_kw.shape[1]
    sites, soc, planner = batteries(n_sites), np.full(n_sites, SOC_MAX), source(planted, demand.limit_kw)
    before, import_kwh, charged = planted.second_kw[0][0].copy(), 0.25 * planted.median_kw[0, 0], np.zeros(n_sites)
    mean_kw = np.empty((n_days * QUARTERS, n_sites))
    efficiency = sites.efficiency_charge
    for quarter in range(n_days * QUARTERS):
        plan = planner.plan(quarter, demand, soc, 4.0 * (import_kwh - charged))
        demand = plan.demand
        if quarter % 16 == 0:
            wish = wishes(planted.price_per_mwh[quarter:], plan, soc)
        inside = quarter % QUARTERS * 900
        run_quarter(
            planted.second_kw[quarter // QUARTERS][inside : inside + 900], soc, wish[quarter % 16],
            demand.limit_kw * HOLD_SHARE, plan.floor_soc[0], plan.floor_soc[1], sites.energy_kwh,
            sites.charge_kw_max, sites.discharge_kw_max, efficiency, plan.peak_kw, LANDING_S, before, import_kwh,
            charged,
        )  # fmt: skip
        mean_kw[quarter] = import_kwh * 4.0
        demand = replace(demand, billed_kw=np.maximum(demand.billed_kw, mean_kw[quarter]))
    return mean_kw, soc * ENERGY_KWH, demand


def wishes(price_per_mwh: FloatArray, plan: IntervalPlan, soc: FloatArray) -> FloatArray:
    """What the market wants of each battery for the next four hours, shape (16, n_sites). [kW]"""
    columns: list[FloatArray] = []
    for site in range(soc.shape[0]):
        median, floor = plan.median_kw[:, site], plan.floor_soc[1:, site] * ENERGY_KWH
        stored = float(np.clip(soc[site], SOC_MIN, SOC_MAX)) * ENERGY_KWH
        limit_kw = float(plan.demand.limit_kw[site])
        columns.append(market_plan(median, price_per_mwh[: len(median)], limit_kw, stored, 0.0, floor)[0][:16])
    return np.stack(columns, axis=1)


def perfect(planted: Planted, site: int) -> tuple[float, float]:
    """Cost of a month with perfect foresight, and its least limit [kW]."""
    net, price = planted.quarter_kw[:, site], planted.price_per_mwh[: planted.quarter_kw.shape[0]]
    stored = SOC_MAX * ENERGY_KWH
    power, top = market_plan(net, price, 0.0, stored, DEMAND_PRICE_PER_KW)
    usable = (SOC_MAX - SOC_MIN) * ENERGY_KWH
    least = least_limit_kw(np.ascontiguousarray(net), 0.25, usable, usable, POWER_KW, POWER_KW, EFFICIENCY, EFFICIENCY)
    inner = np.where(power > 0.0, power / EFFICIENCY, power * EFFICIENCY)
    left = stored - float(inner.sum()) * 0.25
    return cost(net - power, price, left) if top >= least - 1e-3 else np.nan, least


def least_by_minute(planted: Planted, site: int) -> float:
    """Least limit that perfect foresight holds in every minute, so that no peak must be met before it begins. [kW]"""
    minute = np.concatenate([day[:, site].reshape(-1, 60).mean(axis=1) for day in planted.second_kw])
    usable = (SOC_MAX - SOC_MIN) * ENERGY_KWH
    return least_limit_kw(minute, 1.0 / 60.0, usable, usable, POWER_KW, POWER_KW, EFFICIENCY, EFFICIENCY)


def past_least(planted: Planted, site: int) -> FloatArray:
    """Least limit of each past day, begun full, shape (n_days,). [kW]"""
    usable = (SOC_MAX - SOC_MIN) * ENERGY_KWH
    return np.array([
        least_limit_kw(day, 0.25, usable, usable, POWER_KW, POWER_KW, EFFICIENCY, EFFICIENCY)
        for day in np.ascontiguousarray(planted.past_actual_kw[:, :, site])
    ])  # fmt: skip


def cost(mean_kw: FloatArray, price: FloatArray, left_kwh: float) -> float:
    """Energy at its prices and demand at its price, less what is stored at the end beyond a full start."""
    stored = (left_kwh - SOC_MAX * ENERGY_KWH) * EFFICIENCY * float(price.mean()) / 1000.0
    return float(mean_kw @ price) * 0.25 / 1000.0 + DEMAND_PRICE_PER_KW * float(mean_kw.max()) - stored


def main() -> int:
    """Measure everything and print it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object on stdout")
    parser.add_argument("--seeds", type=int, default=20, help="number of sites")
    parser.add_argument("--days", type=int, default=30, help="days of each")
    parser.add_argument("--seed", type=int, default=2026, help="seed of loads and prices")
    options = parser.parse_args()
    say("planting loads and forecasts")
    planted = plant(options.seeds, options.days, options.seed)
    say("perfect foresight")
    known = [perfect(planted, site) for site in range(options.seeds)]
    figures = measured(planted, np.array(known), options.days)
    if options.json:
        print(json.dumps({"figures": [each.row() for each in figures], "machine": machine()}))
    else:
        for each in figures:
            print(f"{each.name:<56} {each.value!s:>24} {each.unit:<8} goal {each.goal} met {each.met}")
    return 1 if any(each.met is False for each in figures) else 0


def measured(planted: Planted, known: FloatArray, n_days: int) -> list[Figure]:
    """Breaches at limits that perfect foresight holds, then the saving where the limit is learned, of both sources."""
    n_sites, least = known.shape[0], known[:, 1]
    figures = [Figure(name="sites", value=n_sites, unit="-"), Figure(name="days_each", value=n_days, unit="d")]
    by_minute = np.array([least_by_minute(planted, site) for site in range(n_sites)])
    trials = {"1.02_minute": 1.02 * by_minute, "1.00_minute": by_minute, "1.02_quarter": 1.02 * least}
    for family, source in (("", PlantedForecast), ("own_history_", OwnHistory)):
        for name, held_kw in trials.items():
            say(f"limit that perfect foresight holds: {family}{name}")
            demand = replace(new_period(held_kw), is_raised=np.ones(n_sites, dtype=bool))
            mean_kw, _, _ = simulate(planted, demand, n_days, source)
            over_kw = mean_kw.max(axis=0) - held_kw
            count, at = int((over_kw > 0.0).sum()), f"at_least_by_{name}"
            figures += [
                Figure(name=f"{family}sites_with_a_breach_{at}", value=count, unit="-", goal=0.0),
                Figure(name=f"{family}largest_breach_{at}", value=max(float(over_kw.max()), 0.0), unit="kW"),
            ]
        say(f"limit learned from the month before, raised once at most: {family or 'planted'}")
        figures += saving(planted, known, n_days, family, source)
    figures.append(Figure(name="least_by_minute_over_quarter_mean", value=float((by_minute / least).mean()), unit="-"))
    return figures


def saving(
    planted: Planted, known: FloatArray, n_days: int, family: str, source: type[PlantedForecast | OwnHistory]
) -> list[Figure]:
    """Cost and demand with a limit learned from the month before, against perfect foresight."""
    n_sites, least = known.shape[0], known[:, 1]
    price = planted.price_per_mwh[: planted.quarter_kw.shape[0]]
    limit = np.array([np.quantile(past_least(planted, site), 0.95) for site in range(n_sites)])
    mean_kw, left_kwh, demand = simulate(planted, new_period(limit), n_days, source)
    saved, possible, shaved, shavable = (np.empty(n_sites) for _ in range(4))
    for site in range(n_sites):
        net = planted.quarter_kw[:, site]
        without = cost(net, price, SOC_MAX * ENERGY_KWH)
        saved[site] = without - cost(mean_kw[:, site], price, float(left_kwh[site]))
        possible[site] = without - known[site, 0]
        shaved[site], shavable[site] = net.max() - mean_kw[:, site].max(), net.max() - least[site]
    share = float(saved.sum() / possible.sum())
    return [
        Figure(name=f"{family}saving_of_perfect_mean", value=float(possible.mean()), unit="EUR"),
        Figure(name=f"{family}share_of_perfect_saving", value=share, unit="-", goal=0.85, is_more_better=True),
        Figure(
            name=f"{family}share_of_perfect_saving_worst_site", value=float((saved / possible).min()), unit="-"
        ),
        Figure(name=f"{family}share_of_perfect_demand_cut", value=float(shaved.sum() / shavable.sum()), unit="-"),
        Figure(name=f"{family}limits_raised", value=int(demand.is_raised.sum()), unit="-"),
    ]  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
