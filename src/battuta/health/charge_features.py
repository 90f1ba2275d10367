"""What a slow steady charge says of each cell: steps of its voltage curve, plateaus, and the capacity in between.

The curve of the string's middle is smooth, as hundreds of cells draw it; each cell is told by how the middle's curve
has to be shifted to lie on its own. Where a step comes early the cell is ahead in charge; where two features come
closer together than those of the string, the cell has less capacity, whatever its charge, resistance and offset.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from battuta.domain.errors import InvalidQuantityError
from battuta.domain.telemetry import Block
from battuta.health.charge_features_curve import ChargeCurve, CurvePlace, places_of, slow_charge
from battuta.health.charge_features_kernels import (
    COUNT,
    HEIGHT_SHARE,
    LEAD_AH,
    N_PLACED,
    SQUARES_V,
    place_cells,
)
from battuta.health.string_kernels import MIDDLE_CLIP_V, READ_V, middle_of_string
from battuta.numerics.arrays import FloatArray, IntArray

LEAD_SHARE_MAX = 0.1
"""Cells that are ahead or behind by more of the capacity are not compared. [-]"""
WANDER_V, WANDER_S = 4e-4, 1200.0
"""How far a voltage channel wanders, and for how long it stays there. [V], [s]"""
GAIN_SHARE = 0.005
"""Error of the counted charge as a share of it. [-]"""
SEEN_SHARE_MIN = 0.8
HEIGHT_LOW, HEIGHT_HIGH = 0.5, 2.0
"""A cell whose curve is this much lower or higher than the middle's has no such step there. [-]"""
ROWS_MIN = 3
"""Least rows in which a step or a plateau is told; two draw a line, and nothing says how well. [-]"""
TOLD_TIMES = 3.0
"""The slope of a plateau is told where it is this many of its deviations. [-]"""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ChargeFeatures:
    """What the longest slow steady charge says; arrays of shape (n_cells,), NaN where it says nothing.

    Attributes
    ----------
    lower_lead_ah, lower_lead_deviation_ah : ndarray
        Charge by which a cell is ahead of the string's middle at the lower edge, and its standard deviation. [Ah]
    upper_lead_ah, upper_lead_deviation_ah : ndarray
        The same at the upper step. [Ah]
    upper_height_share : ndarray
        Height of a cell's upper step over that of the string's middle; uneven electrodes flatten it. [-]
    between_ah, between_deviation_ah : ndarray
        Capacity between lower edge and upper step, and its standard deviation, the current sensor's gain included. [Ah]
    between_share, between_share_deviation : ndarray
        The same over that of the string's middle, which no sensor of current touches. [-]
    below_ah_per_v, below_deviation_ah_per_v, below_v : ndarray
        Height of the incremental capacity's peak below the upper step, its standard deviation [Ah/V], and place [V].
    above_ah_per_v, above_deviation_ah_per_v, above_v : ndarray
        The same above it.
    n_rows : ndarray of int
        Rows of the charge in which the cell was read; 0 where nothing of it is told. [-]
    charge_ah, rate : float
        Charge that was put in and read [Ah], and its mean current over capacity [1/h]; NaN without a charge.
    lower_ah, upper_ah : float
        Where the string's lower edge and upper step lie, from the beginning of what was read; NaN where not seen. [Ah]
    """

    lower_lead_ah: FloatArray
    lower_lead_deviation_ah: FloatArray
    upper_lead_ah: FloatArray
    upper_lead_deviation_ah: FloatArray
    upper_height_share: FloatArray
    between_ah: FloatArray
    between_deviation_ah: FloatArray
    between_share: FloatArray
    between_share_deviation: FloatArray
    below_ah_per_v: FloatArray
    below_deviation_ah_per_v: FloatArray
    below_v: FloatArray
    above_ah_per_v: FloatArray
    above_deviation_ah_per_v: FloatArray
    above_v: FloatArray
    n_rows: IntArray
    charge_ah: float
    rate: float
    lower_ah: float
    upper_ah: float


def charge_features(block: Block, capacity_ah: float, middle_v: FloatArray | None = None) -> ChargeFeatures:
    """Read a day's longest slow steady charge.

    Parameters
    ----------
    block : Block
        Rows of a string, usually of a day; a charge that is cut off by its ends is read as far as it goes.
    capacity_ah : float
        Capacity of a cell. [Ah]
    middle_v : ndarray, shape (n_times,), or None
        Middle of the string, if it is known already. [V]

    Returns
    -------
    ChargeFeatures
        NaN in all but `charge_ah` and `rate` where the charge does not go through the upper step.

    Raises
    ------
    InvalidQuantityError
        If the capacity is not above 0.

    Notes
    -----
    Slopes of the middle are those of straight lines over 1.5 % of the capacity on either side, about 9 rows at C/5 and
    a row a minute, of plateaus over 4 %. A cell is placed by least squares of ``v - [V(q + lead) + shift]`` from
    plateau to plateau, five steps of Gauss and Newton. Deviations allow for white noise as it is seen, and for a
    channel that wanders by 0.4 mV over 20 minutes.
    """
    if not capacity_ah > 0.0:
        raise InvalidQuantityError(
            "capacity_ah", capacity_ah, 0.0, np.inf, "Ah", where=f"string {block.string_id}", above_low=True
        )
    if middle_v is None:
        middle_v = np.empty(block.n_times)
        middle_of_string(block.voltage_v, MIDDLE_CLIP_V, middle_v)
    time_s = (block.time_ns - block.time_ns[:1]) / 1e9
    curve = slow_charge(block.current_a, time_s, middle_v, capacity_ah)
    if curve is None:
        return _features(block.n_cells, None, {})
    places = places_of(curve, capacity_ah)
    if places.upper is None:
        return _features(block.n_cells, curve, {})
    reader = _Reader(curve, block.voltage_v[curve.rows] - curve.unsteady_v[:, None], time_s[curve.rows], capacity_ah)
    told = dict[str, FloatArray]()
    told["upper_lead_ah"], told["upper_lead_deviation_ah"], told["upper_height_share"] = reader.place(places.upper)
    if places.lower is not None:
        told["lower_lead_ah"], told["lower_lead_deviation_ah"], _ = reader.place(places.lower)
        string_ah = places.upper.charge_ah - places.lower.charge_ah
        between_ah = string_ah - (told["upper_lead_ah"] - told["lower_lead_ah"])
        deviation_ah = np.hypot(told["upper_lead_deviation_ah"], told["lower_lead_deviation_ah"])
        told["between_ah"], told["between_share"] = between_ah, between_ah / string_ah
        told["between_share_deviation"] = deviation_ah / string_ah
        told["between_deviation_ah"] = np.hypot(deviation_ah, GAIN_SHARE * between_ah)
    for name, place in (("below", places.below), ("above", places.above)):
        if place is not None:
            height, deviation, place_v = reader.plateau(place)
            told[f"{name}_ah_per_v"], told[f"{name}_deviation_ah_per_v"], told[f"{name}_v"] = height, deviation, place_v
    return _features(
        block.n_cells, curve, told,
        n_rows=np.isfinite(reader.voltage_v).sum(axis=0),
        lower_ah=np.nan if places.lower is None else places.lower.charge_ah,
        upper_ah=places.upper.charge_ah,
    )  # fmt: skip


class _Reader:
    """Holds the cells of one charge against its curve."""

    def __init__(self, curve: ChargeCurve, voltage_v: FloatArray, time_s: FloatArray, capacity_ah: float) -> None:
        self.curve, self.voltage_v, self.time_s, self.capacity_ah = curve, voltage_v, time_s, capacity_ah

    def place(self, at: CurvePlace) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Charge by which each cell is ahead, its deviation [Ah], and the height of its curve [-]."""
        curve = self.curve
        placed = np.empty((N_PLACED, self.voltage_v.shape[1]))
        place_cells(
            curve.charge_ah, curve.middle_v, curve.slope, self.voltage_v, at.first, at.stop,
            LEAD_SHARE_MAX * self.capacity_ah, placed,
        )  # fmt: skip
        rows = np.arange(at.first, at.stop)
        rows = rows[np.isfinite(curve.slope[rows])]
        if rows.size < ROWS_MIN:
            return self._unknown()
        x = curve.slope[rows] - curve.slope[rows].mean()
        deviation_ah = self._deviation(x / (x @ x), rows, placed[SQUARES_V], placed[COUNT])
        height = np.nan_to_num(placed[HEIGHT_SHARE])
        is_told = (placed[COUNT] >= SEEN_SHARE_MIN * rows.size) & (height > HEIGHT_LOW) & (height < HEIGHT_HIGH)
        told = np.where(is_told, placed, np.nan)
        return told[LEAD_AH], np.where(is_told, deviation_ah, np.nan), told[HEIGHT_SHARE]

    def plateau(self, at: CurvePlace) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Height of a cell's peak of incremental capacity, its deviation [Ah/V], and the voltage there [V]."""
        curve, rows = self.curve, np.arange(at.first, at.stop)
        if rows.size < ROWS_MIN:
            return self._unknown()
        away_v = self.voltage_v[rows] - curve.middle_v[rows, None]
        known = np.isfinite(away_v)
        away_v = np.where(known, away_v, 0.0)
        count = known.sum(axis=0)
        shift_v = away_v.sum(axis=0) / np.maximum(count, 1)
        charge_ah = curve.charge_ah[rows] - curve.charge_ah[rows].mean()
        to_slope = charge_ah / (charge_ah @ charge_ah)
        middle_slope = float(to_slope @ curve.middle_v[rows])
        left_v = np.where(known, away_v - shift_v, 0.0)
        slope_off = to_slope @ left_v
        squares_v = np.maximum(np.sum(left_v**2, axis=0) - slope_off**2 * (charge_ah @ charge_ah), 0.0)
        deviation = self._deviation(to_slope, rows, squares_v, count.astype(np.float64))
        slope = middle_slope + slope_off
        is_told = (count >= SEEN_SHARE_MIN * rows.size) & (slope > TOLD_TIMES * deviation)
        slope = np.where(is_told, slope, np.nan)
        place_v = float(np.interp(at.charge_ah, curve.charge_ah, curve.middle_v)) + shift_v
        return 1.0 / slope, deviation / slope**2, np.where(is_told, place_v, np.nan)

    def _unknown(self) -> tuple[FloatArray, FloatArray, FloatArray]:
        """What too few rows say of each cell."""
        unknown = np.full(self.voltage_v.shape[1], np.nan)
        return unknown, unknown, unknown

    def _deviation(self, weight: FloatArray, rows: IntArray, squares_v: FloatArray, count: FloatArray) -> FloatArray:
        """Deviation of a weighted sum of voltages, each cell's own white noise and the wander of channels together."""
        apart_s = np.abs(self.time_s[rows][:, None] - self.time_s[rows])
        by_wander = float(weight @ np.exp(-apart_s / WANDER_S) @ weight)
        white = np.maximum(squares_v / np.maximum(count - 2.0, 1.0), READ_V**2 / 3.0)
        return np.sqrt(white * float(weight @ weight) + by_wander * WANDER_V**2)


def _features(
    n_cells: int,
    curve: ChargeCurve | None,
    told: dict[str, FloatArray],
    *,
    n_rows: IntArray | None = None,
    lower_ah: float = np.nan,
    upper_ah: float = np.nan,
) -> ChargeFeatures:
    """Lay out what was told; all else is NaN."""
    unknown = np.full(n_cells, np.nan)

    def of(name: str) -> FloatArray:
        return told.get(name, unknown)

    return ChargeFeatures(
        lower_lead_ah=of("lower_lead_ah"),
        lower_lead_deviation_ah=of("lower_lead_deviation_ah"),
        upper_lead_ah=of("upper_lead_ah"),
        upper_lead_deviation_ah=of("upper_lead_deviation_ah"),
        upper_height_share=of("upper_height_share"),
        between_ah=of("between_ah"),
        between_deviation_ah=of("between_deviation_ah"),
        between_share=of("between_share"),
        between_share_deviation=of("between_share_deviation"),
        below_ah_per_v=of("below_ah_per_v"),
        below_deviation_ah_per_v=of("below_deviation_ah_per_v"),
        below_v=of("below_v"),
        above_ah_per_v=of("above_ah_per_v"),
        above_deviation_ah_per_v=of("above_deviation_ah_per_v"),
        above_v=of("above_v"),
        n_rows=np.zeros(n_cells, dtype=np.int64) if n_rows is None else n_rows,
        charge_ah=np.nan if curve is None else float(curve.charge_ah[-1]),
        rate=np.nan if curve is None else curve.rate,
        lower_ah=lower_ah,
        upper_ah=upper_ah,
    )
