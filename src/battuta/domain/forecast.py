"""What a forecast says: a value per interval, how sure it is, when it was made, and what it had to do without."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np

from battuta.domain.errors import DataError
from battuta.domain.time import from_ns
from battuta.numerics.arrays import FloatArray, IntArray
from battuta.numerics.quantile_function import quantiles_at

N_LEVELS = 99


def percent_levels() -> FloatArray:
    """Return the levels of 99 quantiles, 0.01 to 0.99, shape (99,). [-]"""
    return np.arange(1, N_LEVELS + 1) / (N_LEVELS + 1.0)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Quantiles:
    """A distribution for each interval.

    Attributes
    ----------
    levels : ndarray, shape (n_levels,)
        Shares of the outcomes that lie at or below, ascending in (0, 1). [-]
    values : ndarray, shape (n_times, n_levels)
        The quantiles, never falling along a row. [unit of what is forecast]
    """

    levels: FloatArray
    values: FloatArray

    def __post_init__(self) -> None:
        """Check shape, levels and order."""
        if self.values.ndim != 2 or self.values.shape[1] != self.levels.shape[0]:
            message = f"quantiles have shape {self.values.shape} for {self.levels.shape[0]} levels"
            raise DataError(message)
        if np.any(np.diff(self.levels) <= 0.0) or not 0.0 < float(self.levels[0]) <= float(self.levels[-1]) < 1.0:
            message = "levels of quantiles must ascend inside (0, 1)"
            raise DataError(message)
        crossing = np.flatnonzero(np.any(np.diff(self.values, axis=1) < 0.0, axis=1))
        if crossing.size:
            message = f"quantiles cross in {crossing.size} intervals, first in interval {int(crossing[0])}; sort them"
            raise DataError(message)

    def at(self, level: float) -> FloatArray:
        """Quantile of a level, linear between those there, shape (n_times,). [unit of what is forecast]"""
        return quantiles_at(self.levels, self.values, np.clip([level], self.levels[0], self.levels[-1]))[:, 0]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Forecast:
    """One issue of a forecast: a vintage.

    Attributes
    ----------
    time_ns : ndarray, shape (n_times,)
        Starts of the intervals. [ns]
    known_at_ns : int
        Instant up to which anything was looked at; the forecast could be used from then on. [ns]
    point : ndarray, shape (n_times,)
        Best single value. [unit]
    quantiles : Quantiles
        How sure it is. [unit]
    unit : str
        Unit of the values, such as EUR/MWh.
    model : str
        What made it.
    members : mapping of str to ndarray, shape (n_times,)
        What each part of the model said. [unit]
    notes : tuple of str
        What it had to do without, and why its width was raised.
    is_synthetic : bool
        True when what it learned from was generated.
    """

    time_ns: IntArray
    known_at_ns: int
    point: FloatArray
    quantiles: Quantiles
    unit: str
    model: str
    members: Mapping[str, FloatArray] = field(default_factory=lambda: MappingProxyType({}))
    notes: tuple[str, ...] = ()
    is_synthetic: bool = False

    def __post_init__(self) -> None:
        """Check shapes."""
        n_times = self.time_ns.shape[0]
        shapes = {"point": self.point.shape, **{name: each.shape for name, each in self.members.items()}}
        for name, shape in shapes.items():
            if shape != (n_times,):
                message = f"{name} of a forecast has shape {shape}, time_ns has {(n_times,)}"
                raise DataError(message)
        if self.quantiles.values.shape[0] != n_times:
            message = f"a forecast of {n_times} intervals has quantiles for {self.quantiles.values.shape[0]}"
            raise DataError(message)

    def __repr__(self) -> str:
        """Say in a line what it is for, a notebook shows it for the bare name."""
        label = "SYNTHETIC " if self.is_synthetic else ""
        first, known = from_ns(int(self.time_ns[0])), from_ns(self.known_at_ns)
        return (
            f"<{label}Forecast by {self.model}: {self.time_ns.shape[0]} intervals from {first.isoformat()}"
            f", {self.unit}, known at {known.isoformat()}>"
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Paths:
    """Joint courses of what is forecast, equally likely.

    Attributes
    ----------
    time_ns : ndarray, shape (n_times,)
        Starts of the intervals. [ns]
    values : ndarray, shape (n_paths, n_times)
        One course per row. [unit of what is forecast]
    """

    time_ns: IntArray
    values: FloatArray

    def __post_init__(self) -> None:
        """Check shapes."""
        if self.values.ndim != 2 or self.values.shape[1] != self.time_ns.shape[0]:
            message = f"paths have shape {self.values.shape}, time_ns has {self.time_ns.shape}"
            raise DataError(message)
