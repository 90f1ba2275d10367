"""Plans of a living site: what a strategy asks of a delivery day, from the state of charge that it really has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import numpy as np

from battuta.domain.asset import Site
from battuta.domain.health import Derating
from battuta.domain.prices import History, PriceSeries
from battuta.numerics.arrays import FloatArray, IntArray
from battuta.studies.backtest import gate_context, split_days
from battuta.studies.strategies.registry import strategies_by_name
from battuta.studies.strategies.strategy import StudyInputs
from battuta.trading.accounts import energy_path_kwh, revenue, wear
from battuta.trading.derated_site import derated_site
from battuta.trading.execution import follow
from battuta.trading.problem import storage_problem
from battuta.trading.schedule import Engine


class DayPlanner:
    """Plans the last days of a price series, one at a time.

    A plan sees the prices known at the gate of the day before, and the state of charge at the start of delivery.

    Parameters
    ----------
    prices : PriceSeries
        Prices, history included.
    site : Site
        The asset that is planned for.
    strategy : str
        Which strategy plans.
    n_days : int
        Number of last delivery days.

    Raises
    ------
    StaleDataError
        If there are fewer days than asked for.
    """

    def __init__(self, prices: PriceSeries, site: Site, strategy: str, n_days: int) -> None:
        self._history = History(prices)
        self.days, self.skipped = split_days(self._history, n_days)
        self._inputs = StudyInputs(
            history=self._history, site=site, test_days=self.days, forecast_per_mwh=None, engine=Engine.AUTO
        )
        self._decide = strategies_by_name([strategy])[0].make(self._inputs)

    def date(self, day: int) -> date:
        """Date of a delivery day."""
        return self._history.days.dates[day]

    def time_ns(self, day: int) -> IntArray:
        """Starts of the intervals of a delivery day, shape (n_steps,). [ns]"""
        return self._history.series.time_ns[self._history.days.steps(day)]

    def price_per_mwh(self, day: int) -> FloatArray:
        """Prices at which a delivery day cleared, shape (n_steps,). [currency/MWh]"""
        return self._history.series.price_per_mwh[self._history.days.steps(day)]

    def plan_kw(self, day: int, soc: FloatArray, deratings: Sequence[Derating | None] = ()) -> FloatArray:
        """Plan a day for sites of the same kind.

        Parameters
        ----------
        day : int
            Number of the delivery day, one of `days`.
        soc : ndarray, shape (n_sites,)
            State of charge of each at the start of the day. [-]
        deratings : sequence of (Derating or None)
            What findings leave of each site, None for all of it; left out, all of every site.

        Returns
        -------
        ndarray, shape (n_sites, n_steps)
            Power that its market cleared, as far as the battery can follow. [kW]
        """
        price = self.price_per_mwh(day)
        plans = np.zeros((soc.shape[0], price.shape[0]))
        for site, (start, left) in enumerate(zip(soc, deratings or (None,) * soc.shape[0], strict=True)):
            asset = self._inputs.site if left is None else derated_site(self._inputs.site, left)
            if asset is None:
                continue  # nothing can be traded with what is left
            context = gate_context(replace(self._inputs, site=asset), day, float(start), 0.0)
            request_kw = self._decide(context).power_kw(price, asset.battery.power_kw)
            problem = context.delivery(price)
            if left is not None:  # charge that lies outside what is left is there all the same
                problem = replace(problem, energy_kwh_start=float(start) * problem.capacity_kwh)
            plans[site] = follow(problem, request_kw, previous_power_kw=0.0)[0]
        return plans

    def value(self, day: int, soc: float, power_kw: FloatArray) -> float:
        """Money of a plan at the prices that a day cleared at, less wear; what is stored at its end is not valued.

        Parameters
        ----------
        day : int
            Number of the delivery day.
        soc : float
            State of charge at its start. [-]
        power_kw : ndarray, shape (n_steps,)
            The plan. [kW]

        Returns
        -------
        float
            [currency]
        """
        price, step_h = self.price_per_mwh(day), self._history.series.step_h
        problem = storage_problem(self._inputs.site, price, step_h, soc_start=soc)
        paid = wear(problem, power_kw, energy_path_kwh(problem, power_kw))
        return float((revenue(problem, power_kw) - paid).sum())
