"""Ingest: raw readings become the process image, in the resolution that the journal keeps."""

from __future__ import annotations

import numpy as np

from battuta.domain.image import SiteImage, counts_of, values_of
from battuta.numerics.arrays import CountArray, FloatArray, IntArray

AGE_STEP_S = 0.01
"""Ages are kept in whole numbers of this."""

AGE_LIMIT_S = 300.0
"""Ages beyond this are kept as this."""

FUTURE_S = 0.5
"""A value from further ahead than this was stamped by a clock that is wrong: its age is not known. [s]"""


def frozen_image(values: FloatArray, measured_ns: IntArray, now_ns: int) -> tuple[SiteImage, CountArray, CountArray]:
    """Freeze what the instruments said into an image.

    Parameters
    ----------
    values : ndarray, shape (n_signals, n_sites)
        Values in the units of their signals; NaN and infinities are missing.
    measured_ns : ndarray of int64, shape (n_sources, n_sites)
        When each instrument was read; 0 if it never was. [ns]
    now_ns : int
        Time of the image. [ns]

    Returns
    -------
    image : SiteImage
        Exactly what its counts say: what a replay reads is what was decided on.
    counts : ndarray of int32, shape (n_signals, n_sites)
        The values as counts.
    age_counts : ndarray of int32, shape (n_sources, n_sites)
        The ages as counts. [`AGE_STEP_S`]
    """
    age_s = (now_ns - measured_ns) * 1e-9
    age_s = np.where((measured_ns > 0) & (age_s >= -FUTURE_S), age_s, AGE_LIMIT_S)
    age_counts = np.rint(np.clip(age_s, 0.0, AGE_LIMIT_S) / AGE_STEP_S).astype(np.int32)
    counts = counts_of(values)
    return image_of_counts(counts, age_counts, now_ns), counts, age_counts


def image_of_counts(counts: CountArray, age_counts: CountArray, time_ns: int) -> SiteImage:
    """Read an image back from its counts, as a replay does.

    Parameters
    ----------
    counts : ndarray of int32, shape (n_signals, n_sites)
        Values. [resolution of the signal]
    age_counts : ndarray of int32, shape (n_sources, n_sites)
        Ages. [`AGE_STEP_S`]
    time_ns : int
        Time of the image. [ns]

    Returns
    -------
    SiteImage
        The image.
    """
    return SiteImage(time_ns=time_ns, values=values_of(counts), age_s=age_counts.astype(np.float64) * AGE_STEP_S)
