"""Modules with a converter each: what a finding leaves of one module, what that leaves of its site, and what it weighs.

Only the module that is bad is held back; its site loses a share, not the whole. Weights are those of
`battuta.health.module_sharing.life_weights`, from what findings measured; a module that nobody found anything of counts
as new, so that all share evenly before the first diagnosis.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from battuta.domain.errors import UsageError
from battuta.domain.health import Derating
from battuta.domain.work_order import WorkOrder
from battuta.health.derating import strictest
from battuta.health.module_sharing import life_weights
from battuta.numerics.arrays import FloatArray

STEERING = 0.2
"""How far weights go from equal depth to life left: the whole way costs a string that is emptied daily life. [-]"""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ModuleTerms:
    """What each module may do beside the others, and how much of the power it is to take.

    Attributes
    ----------
    weight : ndarray, shape (n_sites, n_modules)
        Weights of the sharing, NaN where unknown. [-]
    power_share_max : ndarray, shape (n_sites, n_modules)
        Share of the rated power that findings leave. [-]
    soc_min, soc_max : ndarray, shape (n_sites, n_modules)
        Window of the state of charge. [-]
    temperature_c_max : ndarray, shape (n_sites, n_modules)
        Highest temperature of a cell, infinite where no finding says one. [degC]
    """

    weight: FloatArray
    power_share_max: FloatArray
    soc_min: FloatArray
    soc_max: FloatArray
    temperature_c_max: FloatArray

    def __post_init__(self) -> None:
        """Refuse terms of different sites."""
        shapes = {np.shape(getattr(self, name)) for name in self.__slots__}
        if len(shapes) != 1 or len(next(iter(shapes))) != 2:
            message = f"terms of modules need one value for each site and module; they have the shapes {shapes}"
            raise UsageError(message)

    @classmethod
    def of(
        cls,
        deratings: Sequence[Sequence[Derating | None]],
        weight: FloatArray,
        *,
        soc_min: float,
        soc_max: float,
    ) -> ModuleTerms:
        """Write deratings as terms.

        Parameters
        ----------
        deratings : sequence of sequence of (Derating or None)
            What findings leave of each module of each site, None for all of it.
        weight : ndarray, shape (n_sites, n_modules)
            Weights. [-]
        soc_min, soc_max : float
            Window of a module when nothing is wrong with it. [-]

        Returns
        -------
        ModuleTerms
            The terms.
        """
        rows = np.array([[_row(each, soc_min, soc_max) for each in modules] for modules in deratings])
        return cls(
            weight=weight,
            power_share_max=rows[:, :, 0],
            soc_min=rows[:, :, 1],
            soc_max=rows[:, :, 2],
            temperature_c_max=rows[:, :, 3],
        )


def site_derating(
    site_id: str, modules: Sequence[Derating | None], *, soc_min: float, soc_max: float
) -> Derating | None:
    """Say what is left of a site of equal modules when only the bad ones are held back.

    Parameters
    ----------
    site_id : str
        The site.
    modules : sequence of (Derating or None)
        What is left of each module, None for all of it.
    soc_min, soc_max : float
        Window of a module when nothing is wrong with it. [-]

    Returns
    -------
    Derating or None
        Means over the modules, None where all are whole. Temperatures are kept module by module, not here. A module
        through which no current may flow stops its site: somebody has to look before anything is switched on beside it.

    Examples
    --------
    >>> bad = Derating(
    ...     string_id="site-0/module-2",
    ...     power_share_max=0.5,
    ...     soc_min=0.1,
    ...     soc_max=0.7,
    ...     temperature_c_max=40.0,
    ...     reason="leak",
    ... )
    >>> left = site_derating("site-0", [None, None, bad, None], soc_min=0.1, soc_max=0.9)
    >>> left.power_share_max, left.soc_min, round(left.soc_max, 3), left.reason
    (0.875, 0.1, 0.85, 'module 2 of 4: leak')
    """
    if not any(modules):
        return None
    rows = np.array([_row(each, soc_min, soc_max) for each in modules])
    power_share, low, high = (float(each) for each in rows[:, :3].mean(axis=0))
    named = [
        f"module {number} of {len(modules)}: {each.reason}" for number, each in enumerate(modules) if each is not None
    ]
    return Derating(
        string_id=site_id,
        power_share_max=0.0 if (rows[:, 0] == 0.0).any() else power_share,
        soc_min=min(low, high),
        soc_max=high,
        temperature_c_max=math.inf,
        reason="; ".join(named),
    )


def both(site: Derating | None, modules: Derating | None) -> Derating | None:
    """Combine what is left of a site as a whole with what its modules leave of it; None for all of it."""
    found = [each for each in (site, modules) if each is not None]
    return strictest(found) if found else None


def module_weights(
    orders: Iterable[WorkOrder], place: Mapping[str, tuple[int, int]], shape: tuple[int, int], resistance_ohm: float
) -> FloatArray:
    """Weigh modules by the life that open findings leave them.

    Parameters
    ----------
    orders : iterable of WorkOrder
        What was found; closed ones do not count, since somebody was there.
    place : mapping of str to tuple of int
        Site and module of each string.
    shape : tuple of int
        Sites, and modules at each.
    resistance_ohm : float
        Resistance of a sound cell. [ohm]

    Returns
    -------
    ndarray, shape (n_sites, n_modules)
        Weights. Capacity is that of a module's smallest cell; its rate of ageing the multiple of a sound cell's
        resistance that its worst cell has, the heat that the same current makes in it: an assumption. [-]
    """
    capacity, rate = np.ones(shape), np.ones(shape)
    for each in orders:
        if not each.is_open or each.string_id not in place:
            continue
        at, median = place[each.string_id], each.evidence.get("others_median", 0.0)
        if "capacity_share" in each.evidence:
            lacking = min(abs(each.evidence["capacity_share"] - median), 0.9)
            capacity[at] = min(capacity[at], 1.0 - lacking)
        if "resistance_ohm" in each.evidence:
            rise_ohm = max(each.evidence["resistance_ohm"] - median, 0.0)
            rate[at] = max(rate[at], 1.0 + rise_ohm / resistance_ohm)
    return life_weights(capacity, rate, steering=STEERING)


def _row(left: Derating | None, soc_min: float, soc_max: float) -> tuple[float, float, float, float]:
    if left is None:
        return 1.0, soc_min, soc_max, math.inf
    high = min(soc_max, left.soc_max)
    return left.power_share_max, min(max(soc_min, left.soc_min), high), high, left.temperature_c_max
