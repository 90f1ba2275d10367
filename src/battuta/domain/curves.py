"""Piecewise-linear curves: tapers, wear over depth and the value of stored energy are all of this shape."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from battuta.domain.errors import UsageError
from battuta.numerics.arrays import FloatArray


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """A continuous piecewise-linear curve, constant beyond its ends.

    Attributes
    ----------
    x : tuple of float
        Breakpoints, strictly ascending.
    y : tuple of float
        Values at the breakpoints.

    Examples
    --------
    >>> taper = Curve(x=(0.0, 0.9, 1.0), y=(1.0, 1.0, 0.2))
    >>> float(taper(0.95))
    0.6
    >>> taper.is_concave
    True
    """

    x: tuple[float, ...]
    y: tuple[float, ...]

    def __post_init__(self) -> None:
        """Refuse curves that are not functions."""
        if len(self.x) != len(self.y) or not self.x:
            message = f"a curve needs as many x as y, at least one of each; got {len(self.x)} and {len(self.y)}"
            raise UsageError(message)
        if not np.all(np.isfinite(self.x)) or not np.all(np.isfinite(self.y)):
            message = "a curve needs finite numbers"
            raise UsageError(message)
        if np.any(np.diff(self.x) <= 0):
            message = f"the x of a curve must ascend strictly; got {self.x}"
            raise UsageError(message)

    def __call__(self, at: FloatArray | float) -> FloatArray:
        """Value of the curve at one or many places, shape of `at`."""
        return np.round(np.interp(at, self.x, self.y), 15)

    @property
    def slopes(self) -> FloatArray:
        """Slope of each piece, shape (n_points - 1,)."""
        return np.diff(np.asarray(self.y)) / np.diff(np.asarray(self.x))

    @property
    def is_concave(self) -> bool:
        """True when slopes never rise."""
        return bool(np.all(np.diff(self.slopes) <= 1e-9 * (1.0 + np.abs(self.slopes[:-1]))))

    @property
    def is_convex(self) -> bool:
        """True when slopes never fall."""
        return bool(np.all(np.diff(self.slopes) >= -1e-9 * (1.0 + np.abs(self.slopes[:-1]))))

    def spanning(self, low: float, high: float) -> Curve:
        """Return the same curve with its level ends written out as far as `low` and `high`.

        Engines that take a curve as a set of straight lines would otherwise run its first and last piece on beyond the
        ends, and a curve may be concave between its points but not where it turns level.

        Examples
        --------
        >>> Curve(x=(0.8, 1.0), y=(0.5, 0.1)).spanning(0.0, 1.0)
        Curve(x=(0.0, 0.8, 1.0), y=(0.5, 0.5, 0.1))
        """
        before = ((low, self.y[0]),) if low < self.x[0] else ()
        after = ((high, self.y[-1]),) if high > self.x[-1] else ()
        points = (*before, *zip(self.x, self.y, strict=True), *after)
        return Curve(x=tuple(x for x, _ in points), y=tuple(y for _, y in points))

    def convexified(self) -> tuple[Curve, float]:
        """Lower convex hull of the curve and the largest gap that it opens.

        Returns
        -------
        tuple of (Curve, float)
            The hull on a subset of the breakpoints, and ``max(curve - hull)`` in units of y.
        """
        hull: list[int] = []
        for k in range(len(self.x)):
            while len(hull) > 1 and self._turns_down(hull[-2], hull[-1], k):
                hull.pop()
            hull.append(k)
        convex = Curve(x=tuple(self.x[k] for k in hull), y=tuple(self.y[k] for k in hull))
        gap = float(np.max(np.asarray(self.y) - np.interp(self.x, convex.x, convex.y)))
        return convex, gap

    def _turns_down(self, a: int, b: int, c: int) -> bool:
        left = (self.y[b] - self.y[a]) * (self.x[c] - self.x[a])
        return left >= (self.y[c] - self.y[a]) * (self.x[b] - self.x[a])
