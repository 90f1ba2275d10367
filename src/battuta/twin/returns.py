"""What money is worth over the years: net present value, and every internal rate of return."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from battuta.domain.errors import DataError
from battuta.numerics.arrays import FloatArray, IntArray
from battuta.twin.dated_rates import log_growth_roots
from battuta.twin.returns_kernels import rates_of_return

_DAYS_PER_YEAR = 365.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Rates:
    """All rates of return of several flows.

    Attributes
    ----------
    rate : ndarray, shape (n_flows,)
        The rate nearest to zero, as spreadsheets give it; NaN where a flow has none. [-]
    count : ndarray, shape (n_flows,)
        How many rates a flow has: 0 where it never changes sign or no rate makes it worth nothing, more than 1 where
        the rate alone says little.
    all : ndarray, shape (n_flows, count_max)
        All of them, nearest to zero first, NaN after them. [-]
    """

    rate: FloatArray
    count: IntArray
    all: FloatArray


def irr(flows: FloatArray) -> Rates:
    """Find every internal rate of return of each row of yearly flows.

    Parameters
    ----------
    flows : ndarray, shape (n_flows, n_years) or (n_years,)
        Cash flows, one a year, the first one now. [currency]

    Returns
    -------
    Rates
        Rates above -1 at which the flows are worth nothing; two that doubles cannot tell apart, some 1e-5 points, are
        one. [-]

    Raises
    ------
    DataError
        If a flow is not finite.

    References
    ----------
    .. [1] R. T. Farouki, "The Bernstein polynomial basis: a centennial retrospective", Computer Aided Geometric Design
       29 (2012).

    Examples
    --------
    >>> irr(np.array([-100.0, 60.0, 60.0])).rate.round(6)
    array([0.130662])
    >>> irr(np.array([-100.0, 230.0, -132.0])).all.round(6)
    array([[0.1, 0.2]])
    >>> irr(np.array([100.0, 10.0])).count
    array([0])
    """
    rows = np.ascontiguousarray(np.atleast_2d(flows), dtype=np.float64)
    _finite(rows)
    found = np.empty(rows.shape)
    count = np.empty(rows.shape[0], dtype=np.int64)
    rates_of_return(rows, found, count)
    for row in np.flatnonzero(count < 0):  # two rates fall together, or nearly do
        rates = _between_turning_points(rows[row], np.arange(rows.shape[1], dtype=np.float64))
        found[row, : rates.size], count[row] = rates, rates.size
    return _rates(found, count)


def xirr(flows: FloatArray, dates: NDArray[np.datetime64]) -> Rates:
    """Find the rates of return of dated flows, in years of 365 days.

    Parameters
    ----------
    flows : ndarray, shape (n_dates,)
        Cash flows. [currency]
    dates : ndarray, shape (n_dates,)
        Day of each, the earliest first or not.

    Returns
    -------
    Rates
        All rates between -99.9994 and 1.6e7 % a year; two that doubles cannot tell apart, some 1e-5 points, are one.

    Raises
    ------
    DataError
        If a flow is not finite, or the lengths differ.

    Examples
    --------
    >>> days = np.array(["2026-01-01", "2027-01-01", "2028-01-01"], dtype="datetime64[D]")
    >>> xirr(np.array([-100.0, 60.0, 60.0]), days).rate.round(6)
    array([0.130662])
    """
    flows = np.asarray(flows, dtype=np.float64)
    if flows.shape != dates.shape or flows.ndim != 1:
        message = f"xirr needs one date for each flow: {flows.size} flows, {dates.size} dates"
        raise DataError(message)
    _finite(flows[None, :])
    days = dates.astype("datetime64[D]").astype(np.int64).astype(np.float64)
    years = (days - days.min()) / _DAYS_PER_YEAR
    rates = _between_turning_points(flows, years)
    padded = np.full((1, max(rates.size, 1)), np.nan)
    padded[0, : rates.size] = rates
    return _rates(padded, np.array([rates.size]))


def npv(flows: FloatArray, rate: float | FloatArray) -> FloatArray:
    """Value yearly flows at their first year.

    Parameters
    ----------
    flows : ndarray, shape (..., n_years)
        Cash flows, the first one now. [currency]
    rate : float or ndarray, shape (...)
        Discount rate. [-]

    Returns
    -------
    ndarray, shape (...)
        Net present value. [currency]

    Examples
    --------
    >>> npv(np.array([-100.0, 60.0, 60.0]), 0.1).round(4)
    np.float64(4.1322)
    """
    return (flows * discount_factors(rate, flows.shape[-1])).sum(axis=-1)


def discount_factors(rate: float | FloatArray, n_years: int) -> FloatArray:
    """Return what one unit of money of each year is worth in year 0.

    Parameters
    ----------
    rate : float or ndarray, shape (...)
        Discount rate. [-]
    n_years : int
        Number of years, year 0 among them.

    Returns
    -------
    ndarray, shape (..., n_years)
        Factors, 1 in year 0. [-]

    Examples
    --------
    >>> discount_factors(0.25, 3)
    array([1.  , 0.8 , 0.64])
    """
    return (1.0 + np.asarray(rate, dtype=np.float64)[..., None]) ** -np.arange(n_years)


def _between_turning_points(flows: FloatArray, years: FloatArray) -> FloatArray:
    rates = np.expm1(log_growth_roots(flows, years))
    return rates[np.argsort(np.abs(rates), kind="stable")]


def _rates(found: FloatArray, count: IntArray) -> Rates:
    width = max(int(count.max(initial=0)), 1)
    return Rates(rate=found[:, 0].copy(), count=count, all=found[:, :width].copy())


def _finite(rows: FloatArray) -> None:
    bad = np.argwhere(~np.isfinite(rows))
    if bad.size:
        row, year = bad[0]
        message = f"flow {row} is {rows[row, year]} in year {year}: a rate of return needs a number for each year"
        raise DataError(message)
