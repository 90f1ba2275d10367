"""What a megawatt-hour costs the battery: a flat price, depth segments, and calendar wear by state of charge.

A flat price per MWh is a benchmark constant. The price that a real project should use is the loss of project value per
MWh from ageing and from the warranty's throughput; it enters here as data, whoever computed it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from battuta.domain.curves import Curve
from battuta.domain.errors import InvalidQuantityError


@dataclass(frozen=True, slots=True, kw_only=True)
class DepthWear:
    """Marginal wear price of equal depth segments, shallow first.

    Attributes
    ----------
    price_per_mwh : tuple of float
        Price of one MWh discharged (AC) out of each segment, never falling with depth. [currency/MWh]
    convexification_gap : float
        Largest difference between the ageing curve given and the convex one used, as a share of the cost of one
        full cycle. [-]
    """

    price_per_mwh: tuple[float, ...]
    convexification_gap: float = 0.0

    @property
    def n_segments(self) -> int:
        """Number of equal segments of the energy window."""
        return len(self.price_per_mwh)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wear:
    """All wear prices of a battery.

    Attributes
    ----------
    price_per_mwh : float
        Flat price of each MWh discharged (AC). [currency/MWh]
    depth : DepthWear or None
        Depth-dependent price, in place of the flat one or on top of it.
    calendar_per_hour : Curve or None
        Cost of one hour at a state of charge: x is soc [-], y is [currency/h].
    """

    price_per_mwh: float = 0.0
    depth: DepthWear | None = field(default=None)
    calendar_per_hour: Curve | None = field(default=None)

    def __post_init__(self) -> None:
        """Refuse negative wear."""
        if not self.price_per_mwh >= 0.0:
            raise InvalidQuantityError("wear_per_mwh", self.price_per_mwh, 0.0, np.inf, "currency/MWh")


def convexification_notes(wear: Wear) -> list[str]:
    """Say where an ageing curve was not convex, and how far the convex one lies below it.

    Parameters
    ----------
    wear : Wear
        All wear prices.

    Returns
    -------
    list of str
        One sentence per curve that had to give way; empty when none had.
    """
    notes: list[str] = []
    if wear.depth is not None and wear.depth.convexification_gap > 0.0:
        share = 100.0 * wear.depth.convexification_gap
        notes.append(
            "depth_wear: the stress curve is not convex; its convex hull is used, "
            f"at most {share:.2g} % of a full cycle's wear below it"
        )
    if wear.calendar_per_hour is not None:
        _, gap = wear.calendar_per_hour.convexified()
        if gap > 0.0:
            notes.append(
                "calendar_wear_per_hour is not convex; engine milp uses its convex hull, "
                f"at most {gap:.3g} per hour below it (engine dynamic takes it as it is)"
            )
    return notes


def depth_segments(
    stress: Curve, n_segments: int, *, replacement_cost: float, energy_kwh: float, efficiency_discharge: float
) -> DepthWear:
    """Turn a cycle depth stress curve into marginal wear prices of equal depth segments.

    Parameters
    ----------
    stress : Curve
        Share of life lost by one cycle (x: depth in [0, 1], y: share). A curve that is not convex is replaced by its
        convex hull, and the gap is kept in the result.
    n_segments : int
        Number of equal segments J.
    replacement_cost : float
        Cost of the cells R. [currency]
    energy_kwh : float
        Stored energy E of the whole window. [kWh]
    efficiency_discharge : float
        One-way efficiency of discharge. [-]

    Returns
    -------
    DepthWear
        ``c_j = R J (phi(j/J) - phi((j-1)/J)) / (eta_d E)``. [currency/MWh]

    References
    ----------
    .. [1] B. Xu et al., "Factoring the cycle aging cost of batteries participating in electricity markets",
       IEEE Trans. Power Systems 33(2), 2018, arXiv:1707.04567.

    Examples
    --------
    >>> quadratic = Curve(x=(0.0, 0.5, 1.0), y=(0.0, 0.25e-3, 1.0e-3))
    >>> depth_segments(
    ...     quadratic, 2, replacement_cost=400_000.0, energy_kwh=2000.0, efficiency_discharge=1.0
    ... ).price_per_mwh
    (100.0, 300.0)
    """
    edges = np.linspace(0.0, 1.0, n_segments + 1)
    sampled = Curve(x=tuple(edges), y=tuple(np.asarray(stress(edges))))
    convex, gap = sampled.convexified()
    growth = np.diff(np.interp(edges, convex.x, convex.y))
    prices = replacement_cost * n_segments * growth / (efficiency_discharge * energy_kwh / 1000.0)
    full = float(sampled.y[-1]) or 1.0
    return DepthWear(price_per_mwh=tuple(float(round(price, 9)) for price in prices), convexification_gap=gap / full)
