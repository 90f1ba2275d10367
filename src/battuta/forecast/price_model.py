"""Which members make a price forecast, and how what they say becomes one number per slot."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from battuta.domain.errors import UsageError
from battuta.forecast.boosted_trees import BoostedTrees
from battuta.forecast.kernel_regression import KernelRegression
from battuta.forecast.lear import BENT_WINDOWS_DAYS, WINDOWS_DAYS, Lear
from battuta.forecast.member import Member
from battuta.numerics.arrays import FloatArray

LEAR = "lear"
BENT = "bent"
KERNEL = "kernel"
TREES = "trees"
FAMILIES = (BENT, KERNEL, TREES)


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceModel:
    """One configuration for all markets.

    Attributes
    ----------
    families : tuple of str
        Which families of models are mixed: ``lear`` as published, ``bent``, ``kernel``, ``trees``.
    yardsticks : tuple of str
        Families that are run beside them and not mixed.
    """

    families: tuple[str, ...] = FAMILIES
    yardsticks: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Check the names."""
        known = (LEAR, *FAMILIES)
        unknown = [name for name in (*self.families, *self.yardsticks) if name not in known]
        if unknown or not self.families:
            what = f"family {unknown[0]!r} is not known" if unknown else "no family is named"
            message = f"{what}; choose from {', '.join(known)}"
            raise UsageError(message)

    @property
    def name(self) -> str:
        """Name that a report prints, such as ``bent+kernel+trees``."""
        return "+".join(self.families)

    def members(self) -> list[Member]:
        """Make the members, fresh, those of the yardsticks among them."""
        wanted = dict.fromkeys((*self.families, *self.yardsticks))
        made: list[Member] = []
        if LEAR in wanted:
            made += [Lear(window_days) for window_days in WINDOWS_DAYS]
        if BENT in wanted:
            made += [Lear(window_days, is_bent=True) for window_days in BENT_WINDOWS_DAYS]
        if KERNEL in wanted:
            made.append(KernelRegression())
        if TREES in wanted:
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
