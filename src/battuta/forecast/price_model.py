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
LINEAR = "linear"
KERNEL = "kernel"
TREES = "trees"
FAMILIES = (LINEAR, KERNEL, TREES)
_PARTS = {LINEAR: (LEAR, BENT)}
"""Families that are the mean of two."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceModel:
    """One configuration for all markets.

    Attributes
    ----------
    families : tuple of str
        Which families of models are mixed: ``lear`` as published, ``bent`` with residual load in it, ``linear`` as the
        mean of these two, ``kernel``, ``trees``.
    """

    families: tuple[str, ...] = FAMILIES

    def __post_init__(self) -> None:
        """Check the names."""
        known = (LEAR, BENT, *FAMILIES)
        unknown = [name for name in self.families if name not in known]
        if unknown or not self.families:
            what = f"family {unknown[0]!r} is not known" if unknown else "no family is named"
            message = f"{what}; choose from {', '.join(known)}"
            raise UsageError(message)

    @property
    def name(self) -> str:
        """Name that a report prints, such as ``linear+kernel+trees``."""
        return "+".join(self.families)

    def members(self) -> list[Member]:
        """Make the members, fresh."""
        wanted = {part for name in self.families for part in _PARTS.get(name, (name,))}
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
        One forecast per family that said anything; a mean of two families only where both did. [currency/MWh]
    """
    families: dict[str, list[FloatArray]] = {}
    for name, each in values.items():
        families.setdefault(name.split("_")[0], []).append(each)
    said: dict[str, FloatArray] = {family: np.mean(each, axis=0) for family, each in families.items()}
    whole = {name: parts for name, parts in _PARTS.items() if all(part in said for part in parts)}
    return {**said, **{name: np.mean([said[part] for part in parts], axis=0) for name, parts in whole.items()}}
