"""How far off a site forecast was at each lead, as quantiles, and widened or narrowed by how often they held."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from battuta.domain.forecast import percent_levels
from battuta.forecast.site_regression import between_nodes, weighted_quantiles
from battuta.numerics.arrays import FloatArray, IntArray

LEVELS: FloatArray = percent_levels()
LEVELS.setflags(write=False)
_LOW, _MIDDLE, _HIGH = 4, 49, 94
_MISSES_MEANT = 0.1
_GAIN = 1.0
_SCALE_MIN, _SCALE_MAX = 0.6, 3.0
_ENOUGH = 96.0
_N_KEPT = 3


@dataclass(frozen=True, slots=True, eq=False)
class ErrorBands:
    """Quantiles of standardised errors at lead nodes, and a scale for each that follows what came.

    Attributes
    ----------
    nodes : ndarray, shape (n_nodes,)
        Leads. [steps]
    quantiles : ndarray, shape (n_nodes, n_classes, n_levels)
        Quantiles of errors over their usual size, at `LEVELS`, for each class of forecast. [-]
    scales : ndarray, shape (3, n_nodes)
        Factor on their distance from the median: of today, of yesterday and of the day before. [-]
    """

    nodes: IntArray
    quantiles: FloatArray
    scales: FloatArray

    @classmethod
    def of(cls, nodes: IntArray, error: FloatArray, weight: FloatArray, number: IntArray, n_classes: int) -> ErrorBands:
        """Learn the quantiles of past errors.

        Parameters
        ----------
        nodes : ndarray, shape (n_nodes,)
            Leads. [steps]
        error : ndarray, shape (n_nodes, n_times)
            Errors over their usual size, NaN where unknown. [-]
        weight : ndarray, shape (n_times,)
            How much each interval counts. [-]
        number : ndarray, shape (n_nodes, n_times)
            Class of each forecast.
        n_classes : int
            Number of classes.

        Returns
        -------
        ErrorBands
            With a scale of 1.
        """
        quantiles = np.empty((nodes.size, n_classes, LEVELS.size))
        for node in range(nodes.size):
            whole = weighted_quantiles(error[node], weight, LEVELS)
            quantiles[node] = whole
            for each in range(n_classes if n_classes > 1 else 0):
                inside = np.isfinite(error[node]) & (number[node] == each)
                share = float(inside.sum()) / (float(inside.sum()) + _ENOUGH)
                own = weighted_quantiles(error[node][inside], weight[inside], LEVELS)
                quantiles[node, each] = share * own + (1.0 - share) * whole
        return cls(nodes, quantiles, np.ones((_N_KEPT, nodes.size)))

    @property
    def scale(self) -> FloatArray:
        """Factor of today, shape (n_nodes,). [-]"""
        return self.scales[0]

    def with_scale(self, scale: FloatArray, before: ErrorBands | None = None) -> ErrorBands:
        """Return the same quantiles with the scale of a new day, after those of the days before.

        Parameters
        ----------
        scale : ndarray, shape (n_nodes,)
            Scale of the new day. [-]
        before : ErrorBands, optional
            Bands of the day before; left out, its scale was the same.
        """
        kept = np.broadcast_to(scale, (_N_KEPT - 1, scale.size)) if before is None else before.scales[:-1]
        return replace(self, scales=np.concatenate([scale[None], kept]))

    def needed(self, error: FloatArray, number: IntArray) -> FloatArray:
        """Scale at which the 90 % band would just have held each error, shape (n_nodes, n_times). [-]"""
        rows = np.arange(self.nodes.size)[:, None]
        low: FloatArray = self.quantiles[rows, number, _LOW]
        middle: FloatArray = self.quantiles[rows, number, _MIDDLE]
        high: FloatArray = self.quantiles[rows, number, _HIGH]
        return np.abs(error - middle) / np.maximum(np.where(error > middle, high - middle, middle - low), 1e-9)

    def scaled_to(self, error: FloatArray, number: IntArray) -> FloatArray:
        """Scales at which 90 % of errors that were not learned from would have been held, shape (n_nodes,). [-]"""
        needed, scale = self.needed(error, number), np.ones(self.nodes.size)
        for node in range(self.nodes.size):
            known = needed[node][np.isfinite(needed[node])]
            if known.size:
                share = known.size / (known.size + _ENOUGH)
                scale[node] = 1.0 + share * (float(np.quantile(known, 1.0 - _MISSES_MEANT)) - 1.0)
        return np.clip(scale, _SCALE_MIN, _SCALE_MAX)

    def scaled_after(self, error: FloatArray, number: IntArray, n_per_day: int) -> FloatArray:
        """Scales after intervals that came: wider where the 90 % band was left too often, else narrower.

        What was forecast a day or two before is held against the scale of then, as after a bad day today's is wide and
        would have missed less than was missed. What comes so late moves the scale by less, or it would swing.

        Parameters
        ----------
        error : ndarray, shape (n_nodes, n_times)
            Errors over their usual size of intervals that were not learned from. [-]
        number : ndarray, shape (n_nodes, n_times)
            Class of each forecast.
        n_per_day : int
            Intervals of a day.

        Returns
        -------
        ndarray, shape (n_nodes,)
            New scales. [-]

        References
        ----------
        .. [1] I. Gibbs, E. Candes, "Adaptive conformal inference under distribution shift", NeurIPS (2021).
        """
        needed = self.needed(error, number)
        known = np.isfinite(needed)
        ago = np.minimum(np.rint(self.nodes / n_per_day).astype(np.int64), _N_KEPT - 1)
        held: FloatArray = self.scales[ago, np.arange(self.nodes.size)]
        missed = (known & (needed > held[:, None])).sum(axis=1)
        excess = (missed - _MISSES_MEANT * known.sum(axis=1)) / n_per_day
        return np.clip(self.scale * np.exp(_GAIN / (1.0 + ago) * excess), _SCALE_MIN, _SCALE_MAX)

    def at(self, lead: IntArray, number: IntArray, widening: FloatArray) -> FloatArray:
        """Quantiles of errors at leads, shape (n_times, n_levels). [-]

        Parameters
        ----------
        lead : ndarray, shape (n_times,)
            Leads. [steps]
        number : ndarray, shape (n_times,)
            Class of each forecast.
        widening : ndarray, shape (n_times,)
            Further factor on the distance from the median. [-]
        """
        below, share = between_nodes(self.nodes, lead)
        quantiles = self.quantiles[below, number] * (1.0 - share)[:, None]
        quantiles += self.quantiles[below + 1, number] * share[:, None]
        scale = self.scale[below] * (1.0 - share) + self.scale[below + 1] * share
        middle = quantiles[:, _MIDDLE : _MIDDLE + 1]
        return middle + (quantiles - middle) * (scale * widening)[:, None]
