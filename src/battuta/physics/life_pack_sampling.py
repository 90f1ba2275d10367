"""Whether a duty is sampled finely enough to count its cycles, and what to do about its gaps."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from battuta.domain.errors import DataError
from battuta.numerics.arrays import FloatArray

if TYPE_CHECKING:
    from battuta.physics.life_pack_walk import PackDuty

COARSE_S = 300.0
"""Step above which a duty of quick reversals is refused. [s]"""
QUICK_SHARE = 0.10
"""Share of the throughput lost by every second sample from which reversals are quick. [-]"""


@dataclass(frozen=True, slots=True, kw_only=True)
class SamplingCheck:
    """What a duty loses when only every second sample of its stored energy is seen, and every second of these again.

    Attributes
    ----------
    step_s : float
        Length of a step. [s]
    lost_share, lost_share_next : float
        Share of the throughput lost by the first and by the second thinning. [-]
    """

    step_s: float
    lost_share: float
    lost_share_next: float

    @property
    def is_quick(self) -> bool:
        """Whether it turns within a few steps, as frequency response does: both thinnings lose more than a tenth."""
        return min(self.lost_share, self.lost_share_next) > QUICK_SHARE


def sampling_of(duty: PackDuty) -> SamplingCheck:
    """Compare the throughput of a duty with that of the same duty thinned twice.

    Parameters
    ----------
    duty : PackDuty
        The duty.

    Returns
    -------
    SamplingCheck
        What it loses.

    Raises
    ------
    DataError
        If it turns so quickly that its steps, longer than five minutes, hide cycles. Where the power does stand still
        within each step, as in a schedule, ``is_schedule`` of the duty says so.

    Examples
    --------
    >>> from battuta.physics.life_pack_walk import PackDuty
    >>> hours = np.arange(24)
    >>> power_kw = np.where(hours < 6, -100.0, np.where(hours >= 18, 95.0, 0.0))
    >>> sampling_of(PackDuty(power_kw=power_kw, ambient_c=np.full(24, 20.0), step_s=3600.0)).lost_share
    0.0
    """
    stored = np.concatenate(([0.0], np.cumsum(duty.power_kw)))
    moved = [float(np.abs(np.diff(stored[::every])).sum()) for every in (1, 2, 4)]
    lost = [1.0 - fewer / more if more > 0.0 else 0.0 for more, fewer in pairwise(moved)]
    check = SamplingCheck(step_s=duty.step_s, lost_share=lost[0], lost_share_next=lost[1])
    if check.is_quick and duty.step_s > COARSE_S and not duty.is_schedule:
        message = (
            f"the duty has steps of {duty.step_s:g} s and loses {100.0 * lost[0]:.0f} % of its throughput when every "
            f"second sample is left out, and another {100.0 * lost[1]:.0f} % when this is done again: it turns more "
            f"quickly than it is sampled, so its cycles are undercounted. Give it in steps of at most {COARSE_S:g} s; "
            "if its power does stand still within a step, say is_schedule = true"
        )
        raise DataError(message)
    return check


def held_gaps(values: FloatArray, step_s: float, *, gap_s_max: float = 3600.0) -> tuple[FloatArray, int]:
    """Hold the last value through short gaps of a series; long ones, and one at the start, are refused.

    Parameters
    ----------
    values : ndarray, shape (n_times,)
        Series, NaN where missing; left as it is.
    step_s : float
        Length of a step. [s]
    gap_s_max : float
        Longest gap that is held. [s]

    Returns
    -------
    values : ndarray, shape (n_times,)
        Series without gaps.
    n_held : int
        Steps that were held: say it where the series is used.

    Examples
    --------
    >>> held_gaps(np.array([1.0, np.nan, 3.0]), 60.0)
    (array([1., 1., 3.]), 1)
    """
    missing = ~np.isfinite(values)
    n_held = int(np.count_nonzero(missing))
    if n_held == 0:
        return values.copy(), 0
    if missing[0]:
        message = "the series begins with a gap, and there is nothing to hold: begin it at its first value"
        raise DataError(message)
    edges = np.flatnonzero(np.diff(np.concatenate(([0], missing.astype(np.int8), [0]))))
    begins, ends = edges[::2], edges[1::2]
    longest = int(np.argmax(ends - begins))
    length_s = float(ends[longest] - begins[longest]) * step_s
    if length_s > gap_s_max:
        message = (
            f"the series misses {ends[longest] - begins[longest]} steps from step {begins[longest]} on, {length_s:g} "
            f"s; at most {gap_s_max:g} s are held: mend it, or cut the days with it"
        )
        raise DataError(message)
    last = np.maximum.accumulate(np.where(missing, 0, np.arange(values.size)))
    return values[last], n_held
