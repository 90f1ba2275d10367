"""What devices hand over: frozen readings."""

import dataclasses

import numpy as np
import pytest

from battuta.domain.image import N_SIGNALS, N_SOURCES
from battuta.ports.device import Readings


def test_readings_cannot_be_swapped() -> None:
    readings = Readings(values=np.full(N_SIGNALS, np.nan), measured_ns=np.zeros(N_SOURCES, dtype=np.int64))
    with pytest.raises(dataclasses.FrozenInstanceError):
        readings.values = np.zeros(N_SIGNALS)
