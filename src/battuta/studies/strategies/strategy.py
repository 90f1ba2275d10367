"""What a strategy is: a name, an information set, a gate, and a decision for each delivery day."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from battuta.domain.asset import Site
from battuta.domain.errors import UsageError
from battuta.domain.market import Schedule
from battuta.domain.prices import History, PriceView
from battuta.numerics.arrays import FloatArray, IntArray
from battuta.ports.compute import Compute
from battuta.studies.serial_compute import SerialCompute
from battuta.trading.problem import StorageProblem, storage_problem
from battuta.trading.rules import PriceLimits
from battuta.trading.schedule import Engine


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyInputs:
    """What a strategy is given once, before the first test day.

    Attributes
    ----------
    history : History
        All prices. Only strategies that say so may look past a view.
    site : Site
        The asset.
    test_days : tuple of int
        Numbers of the complete delivery days that are tested.
    forecast_per_mwh : ndarray, shape (n_times,), or None
        A forecast given from outside, on the grid of the prices; None where strategies make their own. [currency/MWh]
    engine : Engine
        Which engine plans.
    temperature_c : float or None
        Cell temperature for the tapers. [degC]
    compute : Compute
        Where heavy preparation is done; piece by piece unless somebody gives a better place.
    progress : callable or None
        Told what of the preparation is done, how much of it, and how much there is.
    """

    history: History
    site: Site
    test_days: tuple[int, ...]
    forecast_per_mwh: FloatArray | None
    engine: Engine
    temperature_c: float | None = None
    compute: Compute = field(default_factory=SerialCompute)
    progress: Callable[[str, int, int], None] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DayContext:
    """What a strategy is given at the gate of one delivery day.

    Attributes
    ----------
    inputs : StudyInputs
        The study.
    view : PriceView
        What is known at the gate.
    day : int
        Number of the delivery day.
    steps : slice
        Its intervals.
    minutes : ndarray, shape (n_steps,)
        Wall-clock minute at which each interval starts.
    time_ns : ndarray, shape (n_steps,)
        Interval starts. [ns]
    soc_start : float
        State of charge at the start of the day: known, because it follows from schedules already made. [-]
    previous_power_kw : float
        Power of the interval before the day, known for the same reason. [kW]
    """

    inputs: StudyInputs
    view: PriceView
    day: int
    steps: slice
    minutes: IntArray
    time_ns: IntArray
    soc_start: float
    previous_power_kw: float = 0.0

    def problem(self, price_per_mwh: FloatArray) -> StorageProblem:
        """Write the planning problem of a series of prices from this day's start.

        Where the ramp is limited, the plan leaves the power before it no faster, and ends within one ramp of rest, so
        that the next day can always begin.
        """
        problem = self.delivery(price_per_mwh)
        ramp_kw = problem.ramp_kw
        if math.isinf(ramp_kw):
            return problem
        before_kw = min(max(self.previous_power_kw, -ramp_kw), ramp_kw)  # rest is always in reach: energy comes first
        charge_kw, discharge_kw = problem.charge_power_kw_max.copy(), problem.discharge_power_kw_max.copy()
        lost_kw = (1.0 - problem.retention) * float(problem.energy_kwh_min[0]) / problem.step_h
        hold_kw = 1.01 * lost_kw / float(problem.charge_pieces[:, 1].min())  # standing loss at the lower bound
        first = ((charge_kw, max(ramp_kw - before_kw, hold_kw)), (discharge_kw, ramp_kw + before_kw))
        for limit_kw, first_kw in first:
            limit_kw[0] = min(limit_kw[0], first_kw)
            limit_kw[-1] = min(limit_kw[-1], ramp_kw)
        return replace(problem, charge_power_kw_max=charge_kw, discharge_power_kw_max=discharge_kw)

    def delivery(self, price_per_mwh: FloatArray) -> StorageProblem:
        """Write what the battery can do from this day's start, at a series of prices."""
        return storage_problem(
            self.inputs.site,
            price_per_mwh,
            self.inputs.history.series.step_h,
            soc_start=self.soc_start,
            temperature_c=self.inputs.temperature_c,
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Decision:
    """What was decided at the gate: a power profile, or price limits that clear later.

    Attributes
    ----------
    request_kw : ndarray, shape (n_steps,), or None
        Power profile. [kW]
    limits : PriceLimits or None
        Limit orders, in place of a profile.
    schedule : Schedule or None
        The explained plan behind the profile, step by step, where there is one.
    notes : tuple of str
        What it had to do without.
    """

    request_kw: FloatArray | None = None
    limits: PriceLimits | None = None
    schedule: Schedule | None = None
    notes: tuple[str, ...] = ()

    def power_kw(self, price_per_mwh: FloatArray, rated_kw: float) -> FloatArray:
        """Power that the market clears at the realised prices, before SoC bounds. [kW]"""
        if self.request_kw is not None:
            if self.request_kw.shape != price_per_mwh.shape:
                message = f"request_kw has shape {self.request_kw.shape}, the day has {price_per_mwh.shape}"
                raise UsageError(message)
            return self.request_kw
        if self.limits is None:
            message = "a decision needs a power profile or price limits"
            raise UsageError(message)
        return self.limits.cleared_kw(price_per_mwh, rated_kw)


Decide: TypeAlias = Callable[[DayContext], Decision]


Make: TypeAlias = Callable[[StudyInputs], Decide]
"""Prepares a strategy for a study."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Strategy:
    """A documented strategy.

    Attributes
    ----------
    name : str
        As the command line spells it.
    information : str
        What it looks at.
    gate : str
        When it decides.
    formula : str
        What it does, in one sentence.
    make : Make
        Prepares it.
    is_oracle : bool
        True when it sees prices that nobody could know: a yardstick, never a product.
    is_simple_rule : bool
        True for what needs no forecast but past prices: the rules that an uplift is measured against.
    """

    name: str
    information: str
    gate: str
    formula: str
    make: Make
    is_oracle: bool = False
    is_simple_rule: bool = False
