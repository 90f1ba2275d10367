"""Which members make a price forecast, and how what they say becomes one number per slot."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from battuta.forecast.boosted_trees import BoostedTrees
from battuta.forecast.kernel_regression import KernelRegression
from battuta.forecast.lear import WINDOWS_DAYS, Lear
from battuta.forecast.member import Member
from battuta.numerics.arrays import FloatArray

LEAR = "lear"
KERNEL = "kernel"
TREES = "trees"
FAMILIES = (LEAR, KERNEL, TREES)


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceModel:
    """One configuration for all markets.

    Attributes
    ----------
    families : tuple of str
        Which families of models are asked: ``lear``, ``kernel``, ``trees``.
    windows_days : tuple of int
        Calibration windows of LEAR.
    """

    families: tuple[str, ...] = FAMILIES
    windows_days: tuple[int, ...] = field(default=WINDOWS_DAYS)

    @property
    def name(self) -> str:
        """Name that a report prints, such as ``lear+kernel+trees``."""
        return "+".join(self.families)

    def members(self) -> list[Member]:
        """Make the members, fresh."""
        made: list[Member] = []
        if LEAR in self.families:
            made += [Lear(window_days) for window_days in self.windows_days]
        if KERNEL in self.families:
            made.append(KernelRegression())
        if TREES in self.families:
            made.append(BoostedTrees())
        return made


def by_family(values: Mapping[str, FloatArray]) -> dict[str, FloatArray]:
    """Mean of the members of each family.

    Parameters
    ----------
    values : mapping of str to ndarray, shape (n_slots,)
        What each member said. [currency/MWh]

    Returns
    -------
    dict of str to ndarray, shape (n_slots,)
        One forecast per family that said anything. [currency/MWh]
    """
    families: dict[str, list[FloatArray]] = {}
    for name, each in values.items():
        families.setdefault(name.split("_")[0], []).append(each)
    return {family: np.mean(each, axis=0) for family, each in families.items()}
