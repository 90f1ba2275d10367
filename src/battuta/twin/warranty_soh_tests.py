"""Capacity tests of a site against the floor of its warranty."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from battuta.domain.time import from_ns
from battuta.domain.warranty import Warranty
from battuta.numerics.arrays import FloatArray, IntArray
from battuta.twin import warranty_log_kernels as kernels
from battuta.twin.warranty_log_kernels import LogState
from battuta.twin.warranty_logged import LoggedClause
from battuta.twin.warranty_outcome import ClauseKind, at_limit
from battuta.twin.warranty_words import capacity_text
from battuta.twin.warranty_years import WarrantyYears


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SohTests:
    """Capacity tests, in time.

    Attributes
    ----------
    time_ns : ndarray, shape (n_tests,)
        When each was done. [ns]
    soh_capacity : ndarray, shape (n_tests,)
        What it measured. [-]
    """

    time_ns: IntArray = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    soh_capacity: FloatArray = field(default_factory=lambda: np.zeros(0))

    def with_one(self, time_ns: int, soh_capacity: float) -> SohTests:
        """Tests with one more; one at the same time is replaced."""
        keep = self.time_ns != time_ns
        times = np.append(self.time_ns[keep], np.int64(time_ns))
        order = np.argsort(times, kind="stable")
        return SohTests(time_ns=times[order], soh_capacity=np.append(self.soh_capacity[keep], soh_capacity)[order])


def logged_capacity(
    warranty: Warranty, tests: SohTests, state: LogState, years: WarrantyYears, opened_ns: int, now_ns: int
) -> LoggedClause:
    """Judge all tests within the term by the floor of their day.

    The band follows the mean use up to the test; within a year, use counts as evenly spread over what of it is logged.

    Parameters
    ----------
    warranty : Warranty
        The contract; it has a promise on capacity.
    tests : SohTests
        What was measured.
    state : LogState
        Memory of the log.
    years : WarrantyYears
        Years of the term.
    opened_ns, now_ns : int
        When the log was opened, and as of when is judged. [ns]

    Returns
    -------
    LoggedClause
        Margin of the worst test; NaN without a test to which a floor applies.
    """
    assert warranty.soh is not None, "a promise on capacity"
    edge = years.edge_ns
    inside = (tests.time_ns > edge[0]) & (tests.time_ns <= min(int(edge[-1]), now_ns))
    time_ns, soh = tests.time_ns[inside], tests.soh_capacity[inside]
    logged_ns = np.clip(edge, opened_ns, max(min(now_ns, int(edge[-1])), opened_ns))
    used = np.concatenate(([0.0], np.cumsum(state.by_year[kernels.CYCLES_YEAR])))
    cycles = np.interp(time_ns, logged_ns, used)
    age = years.age(time_ns)
    spent = np.maximum(age - float(years.age(np.array([opened_ns]))[0]), 1e-6)
    floor = np.array(
        [
            float(warranty.soh.floor(np.array([year]), np.array([per_year]))[0])
            for year, per_year in zip(age, cycles / spent, strict=True)
        ]
    )
    margin = at_limit(soh + warranty.soh.allowance - floor, floor)
    judged = np.flatnonzero(~np.isnan(margin))
    broken = judged[margin[judged] < 0.0]
    worst = int(judged[np.argmin(margin[judged])]) if judged.size else -1
    return LoggedClause(
        name="soh_capacity",
        kind=ClauseKind.PROMISE,
        text=capacity_text(warranty.soh),
        limit=float(floor[worst]) if judged.size else np.nan,
        unit="-",
        margin=float(margin[worst]) if judged.size else np.nan,
        first_breach=from_ns(int(time_ns[broken[0]])) if broken.size else None,
        by_year=_lowest(time_ns, soh, edge),
    )


def _lowest(time_ns: IntArray, soh_capacity: FloatArray, edge_ns: IntArray) -> FloatArray:
    lowest = np.full(edge_ns.size - 1, np.inf)
    np.minimum.at(lowest, np.searchsorted(edge_ns, time_ns, side="left") - 1, soh_capacity)
    return np.where(np.isinf(lowest), np.nan, lowest)
