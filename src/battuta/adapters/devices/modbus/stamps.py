"""Which instruments spoke in a reading, and when."""

from __future__ import annotations

import math

import numpy as np

from battuta.domain.image import N_SOURCES, SOURCE_OF_SIGNAL
from battuta.numerics.arrays import FloatArray, IntArray


def stamps(values: FloatArray, time_ns: int) -> IntArray:
    """Stamp each instrument that has a value, shape (n_sources,); 0 for one that has none. [ns]"""
    stamped = np.zeros(N_SOURCES, dtype=np.int64)
    for source, value in zip(SOURCE_OF_SIGNAL, values, strict=True):
        if not math.isnan(value):
            stamped[source] = time_ns
    return stamped
