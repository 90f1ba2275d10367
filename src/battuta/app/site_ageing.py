"""How a living run ages its batteries: the state of charge and the temperature it saw, through one ageing model."""

from __future__ import annotations

import numpy as np

from battuta.domain.image import Signal, SiteImage
from battuta.numerics.arrays import FloatArray
from battuta.physics.ageing.naumann import aged, naumann, new_cells, soh_capacity

MODEL = "naumann_lfp"
SAMPLE_S = 60
BLOCK_SAMPLES = 60
TURN_SOC = 0.005
"""Turns of the state of charge smaller than this are noise. [-]"""


class SiteAgeing:
    """Capacity that the mean cell of each new site has lost since the run began.

    Parameters
    ----------
    n_sites : int
        Number of sites.
    """

    def __init__(self, n_sites: int) -> None:
        self._model = naumann(MODEL)
        self._age: FloatArray = new_cells(n_sites)
        self._soc: FloatArray = np.empty((BLOCK_SAMPLES, n_sites))
        self._temperature_c: FloatArray = np.empty((BLOCK_SAMPLES, n_sites))
        self._n_images = self._n_samples = 0

    def add(self, image: SiteImage) -> None:
        """Hear an image; one of a minute is kept, an hour is aged at once."""
        self._n_images += 1
        if self._n_images % SAMPLE_S:
            return
        self._soc[self._n_samples] = image[Signal.SOC]
        self._temperature_c[self._n_samples] = image[Signal.CELL_TEMPERATURE_C_MEAN]
        self._n_samples += 1
        if self._n_samples == BLOCK_SAMPLES:
            self._fold()

    def capacity_lost(self) -> FloatArray:
        """Share of its new capacity that each site has lost, shape (n_sites,). [-]"""
        self._fold()
        return 1.0 - soh_capacity(self._age)

    def _fold(self) -> None:
        kept = slice(0, self._n_samples)
        self._age = aged(
            self._model, self._soc[kept], self._temperature_c[kept], float(SAMPLE_S), self._age, turn_soc=TURN_SOC
        )
        self._n_samples = 0
