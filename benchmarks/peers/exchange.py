"""What goes into a peer and what comes back, so that every peer is timed and checked in the same way.

A peer's script runs in an environment of its own, where Battuta is not installed: this module needs nothing
but the standard library. It reads one problem, lets the peer solve a tiny one to warm up, times the real one,
and recomputes from the peer's schedule what the schedule earns and whether a battery could follow it.
"""

from __future__ import annotations

import argparse
import functools
import json
import os
import sys
from dataclasses import dataclass, replace
from importlib import metadata
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

KW_PER_MW = 1000.0
WARM_UP_STEPS = 24
SIMULTANEOUS_KW = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One battery that takes the prices as given, with a free end.

    Parameters
    ----------
    price_per_mwh : tuple of float, length n_times
        Price of each step. [EUR/MWh]
    step_h : float
        Length of a step. [h]
    power_kw : float
        Limit of charge and of discharge, on the AC side. [kW]
    energy_kwh : float
        Energy stored when full. [kWh]
    efficiency_charge, efficiency_discharge : float
        Stored energy per energy taken, energy given per stored energy. [-]
    energy_kwh_start : float
        Energy stored before the first step. [kWh]
    """

    price_per_mwh: tuple[float, ...]
    step_h: float
    power_kw: float
    energy_kwh: float
    efficiency_charge: float
    efficiency_discharge: float
    energy_kwh_start: float

    @classmethod
    def from_file(cls, path: Path) -> Problem:
        """Read a problem from a JSON file whose keys are the names of the fields.

        Parameters
        ----------
        path : Path
            The file.

        Returns
        -------
        Problem
            The problem; a field that is missing or unknown raises TypeError.
        """
        fields = json.loads(path.read_text(encoding="utf-8"))
        prices = tuple(float(price) for price in fields.pop("price_per_mwh"))
        return cls(price_per_mwh=prices, **{name: float(value) for name, value in fields.items()})

    def shortened(self, n_times: int) -> Problem:
        """Return the same battery with the first `n_times` prices only."""
        return replace(self, price_per_mwh=self.price_per_mwh[:n_times])


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a peer proposes.

    Parameters
    ----------
    charge_kw, discharge_kw : sequence of float, length n_times
        Magnitudes on the AC side. [kW]
    objective_claimed : float
        Profit in the peer's own words. [EUR]
    status : str
        How the peer's solver says it ended.
    """

    charge_kw: Sequence[float]
    discharge_kw: Sequence[float]
    objective_claimed: float
    status: str


class SolverClock:
    """Sums the time spent inside a peer's solver by wrapping the one method that calls it."""

    def __init__(self, owner: type, method: str) -> None:
        self.seconds = 0.0
        original = getattr(owner, method)

        @functools.wraps(original)
        def timed(*args: Any, **kwargs: Any) -> Any:
            started = perf_counter()
            try:
                return original(*args, **kwargs)
            finally:
                self.seconds += perf_counter() - started

        setattr(owner, method, timed)


def profit(problem: Problem, plan: Plan) -> float:
    """Money a plan earns at the problem's prices.

    Parameters
    ----------
    problem : Problem
        Prices and step.
    plan : Plan
        Charge and discharge.

    Returns
    -------
    float
        Sum of price times energy given less energy taken. [EUR]

    Examples
    --------
    >>> problem = Problem(
    ...     price_per_mwh=(10.0, 50.0),
    ...     step_h=1.0,
    ...     power_kw=1000.0,
    ...     energy_kwh=1000.0,
    ...     efficiency_charge=1.0,
    ...     efficiency_discharge=1.0,
    ...     energy_kwh_start=0.0,
    ... )
    >>> profit(problem, Plan(charge_kw=(1000, 0), discharge_kw=(0, 1000), objective_claimed=0.0, status=""))
    40.0
    """
    flows = zip(problem.price_per_mwh, plan.charge_kw, plan.discharge_kw, strict=True)
    return sum(price * (out - into) / KW_PER_MW * problem.step_h for price, into, out in flows)


def violation_kwh(problem: Problem, plan: Plan) -> float:
    """Worst excursion of the stored energy outside the battery when it follows a plan.

    Parameters
    ----------
    problem : Problem
        The battery.
    plan : Plan
        Charge and discharge.

    Returns
    -------
    float
        Energy below empty or above full in the worst step, 0 for a plan that fits. [kWh]
    """
    stored, worst = problem.energy_kwh_start, 0.0
    for into, out in zip(plan.charge_kw, plan.discharge_kw, strict=True):
        gain = into * problem.efficiency_charge - out / problem.efficiency_discharge
        stored += gain * problem.step_h
        worst = max(worst, -stored, stored - problem.energy_kwh)
    return worst


def violation_kw(problem: Problem, plan: Plan) -> float:
    """Worst excess of a plan's charge or discharge over the limit, 0 for a plan that fits. [kW]."""
    flows = (*plan.charge_kw, *plan.discharge_kw)
    return max(0.0, max(flows) - problem.power_kw, -min(flows))


def peak_rss_mb() -> float:
    """Peak resident memory of this process alone. [MB].

    Linux hands `ru_maxrss` down from the process that started this one, so its own high-water mark is read
    first; where there is none (macOS) `ru_maxrss` counts from zero, in bytes. A solver in a process of its
    own (CBC) is not counted.
    """
    status = Path("/proc/self/status")
    if status.exists():
        lines = status.read_text(encoding="ascii", errors="replace").splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:")) / 1024
    import resource  # noqa: PLC0415 - not on every platform

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2


def answer(
    peer: str,
    solve: Callable[[Problem], Plan],
    *,
    clock: SolverClock,
    seconds_import: float,
    problem_path: Path,
    solver: str,
) -> None:
    """Time a peer on a problem and print one JSON object.

    Parameters
    ----------
    peer : str
        Name of the peer's distribution.
    solve : callable
        Solves a problem with the peer, from plain numbers to plain numbers.
    clock : SolverClock
        Wraps the peer's solver: what it sums is `seconds_solve`, all else is `seconds_build`.
    seconds_import : float
        Time the peer took to import. [s]
    problem_path : Path
        The problem's JSON file.
    solver : str
        Solver behind the peer.

    Notes
    -----
    Whatever the peer or its solver prints is led to stderr, so that stdout holds the object and nothing else.
    """
    stdout = os.dup(1)
    os.dup2(2, 1)
    problem = Problem.from_file(problem_path)
    solve(problem.shortened(WARM_UP_STEPS))

    clock.seconds = 0.0
    started = perf_counter()
    plan = solve(problem)
    seconds = perf_counter() - started

    sys.stdout.flush()
    os.dup2(stdout, 1)
    pairs = zip(plan.charge_kw, plan.discharge_kw, strict=True)
    json.dump(
        {
            "peer": peer,
            "version": metadata.version(peer),
            "solver": solver,
            "status": plan.status,
            "objective": profit(problem, plan),
            "objective_claimed": plan.objective_claimed,
            "simultaneous_steps": sum(min(pair) > SIMULTANEOUS_KW for pair in pairs),
            "violation_kwh": violation_kwh(problem, plan),
            "violation_kw": violation_kw(problem, plan),
            "seconds_build": seconds - clock.seconds,
            "seconds_solve": clock.seconds,
            "seconds_import": seconds_import,
            "peak_rss_mb": peak_rss_mb(),
            "charge_kw": list(plan.charge_kw),
            "discharge_kw": list(plan.discharge_kw),
        },
        sys.stdout,
    )
    sys.stdout.write("\n")


def arguments(description: str) -> argparse.ArgumentParser:
    """Return the command line all peers share: the path of the problem."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("problem", type=Path, help="JSON file with one problem")
    return parser
