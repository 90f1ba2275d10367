"""Modules with converters of their own share a setpoint so that they age alike, within what each may give.

A module that has much life left for the rate at which it ages takes more, at most three tenths more than its even
share; limits of state of charge, temperature and resistance hold whatever the law wants. The setpoint stands above the
band, the limits above the setpoint. What cannot be known is not guessed: without weights the modules share evenly, a
module whose limit is missing rests, and both are said.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntFlag

import numpy as np

from battuta.domain.errors import DataError, InvalidQuantityError
from battuta.health import module_sharing_kernels as kernels
from battuta.numerics.arrays import BoolArray, FloatArray

_REM_FLOOR = 0.01
_OWED_H = 4.0
"""Nobody is owed more than so many hours at its rating: an absence is not made up for in one day."""


class SharingNote(IntFlag):
    """What had to be done otherwise than by the law; several bits may hold at once."""

    NONE = 0
    NO_SETPOINT = kernels.NO_SETPOINT
    """The setpoint is missing: all rest."""
    WEIGHT_UNKNOWN = kernels.WEIGHT_UNKNOWN
    """A weight is missing, zero or negative: all share in proportion to their ratings."""
    LIMIT_UNKNOWN = kernels.LIMIT_UNKNOWN
    """The limit of a module is missing or negative: that module rests."""
    BAND_GAVE_WAY = kernels.BAND_GAVE_WAY
    """Some take more than the band allows, since others may not."""
    SHORT = kernels.SHORT
    """All limits together are less than the setpoint."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SharingLaw:
    """How modules share.

    Attributes
    ----------
    band_share : float
        How far a module may lie from its even share, as a share of it. [-]
    loss_share : float
        Part of the objective that is conversion loss rather than wear: 0 looks at wear alone, 1 at loss. [-]
    may_sleep : bool
        Whether modules may rest at part load, where their no-load loss costs more than the others' extra load.
    stay_h : float
        A module at work stays until another is owed more, by this many hours at its rating. [h]
    """

    band_share: float = 0.3
    loss_share: float = 0.1
    may_sleep: bool = False
    stay_h: float = 0.25

    def __post_init__(self) -> None:
        """Refuse what is no share."""
        for name, value in (("band_share", self.band_share), ("loss_share", self.loss_share)):
            if not 0.0 <= value <= 1.0:
                raise InvalidQuantityError(name, value, 0.0, 1.0, "-", where="SharingLaw")
        if not 0.0 <= self.stay_h <= _OWED_H:
            raise InvalidQuantityError("stay_h", self.stay_h, 0.0, _OWED_H, "h", where="SharingLaw")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ModuleSharing:
    """Sharing of one string or site, second by second; the memory is moved in place.

    Attributes
    ----------
    law : SharingLaw
        The law.
    table : ndarray, shape (6, n_modules)
        Rows of `module_sharing_kernels`: ratings and losses stand, limits and weights are written as they change.
    is_awake : ndarray of bool, shape (n_modules,)
        Modules at work.
    owed_kwh : ndarray, shape (n_modules,)
        Energy by which each was used less than its share. [kWh]

    Examples
    --------
    >>> sharing = ModuleSharing.of(np.full(3, 100.0), law=SharingLaw(loss_share=0.0))
    >>> sharing.set_weights(np.array([1.0, 1.1, 0.9]))
    >>> power_kw, notes = sharing.step(150.0, dt_s=1.0)
    >>> power_kw.round(3).tolist(), notes
    ([50.0, 55.0, 45.0], <SharingNote.NONE: 0>)
    """

    law: SharingLaw
    table: FloatArray
    is_awake: BoolArray
    owed_kwh: FloatArray

    @classmethod
    def of(
        cls,
        rated_power_kw: FloatArray,
        *,
        law: SharingLaw,
        no_load_pu: float = 0.002,
        quadratic_pu: float = 0.01,
    ) -> ModuleSharing:
        """Modules that may give their ratings and are all alike.

        Parameters
        ----------
        rated_power_kw : ndarray, shape (n_modules,)
            Ratings, both ways. [kW]
        law : SharingLaw
            The law.
        no_load_pu, quadratic_pu : float
            Losses of each converter, per unit of its rating: ``P0 + K p^2``. [-]

        Returns
        -------
        ModuleSharing
            With an empty memory.
        """
        rated = np.asarray(rated_power_kw, dtype=np.float64)
        if rated.ndim != 1 or rated.size == 0 or not np.all((rated > 0.0) & np.isfinite(rated)):
            message = f"ratings of modules must be a list of powers above 0 kW; got {rated_power_kw}"
            raise DataError(message)
        for name, value in (("no_load_pu", no_load_pu), ("quadratic_pu", quadratic_pu)):
            if not 0.0 <= value <= 0.5:
                raise InvalidQuantityError(name, value, 0.0, 0.5, "-", where="ModuleSharing")
        ones = np.ones_like(rated)
        table = np.array([rated, rated, rated, ones, no_load_pu * ones, quadratic_pu * ones])
        return cls(law=law, table=table, is_awake=np.ones(rated.size, dtype=np.bool_), owed_kwh=np.zeros(rated.size))

    def set_limits(self, discharge_kw_max: FloatArray, charge_kw_max: FloatArray) -> None:
        """Write what each module may give and take now, magnitudes, shape (n_modules,); NaN is unknown. [kW]"""
        self.table[kernels.DISCHARGE_KW_MAX] = discharge_kw_max
        self.table[kernels.CHARGE_KW_MAX] = charge_kw_max

    def set_weights(self, weight: FloatArray) -> None:
        """Write the weights, shape (n_modules,); once a day is enough. [-]"""
        self.table[kernels.WEIGHT] = weight

    def step(self, power_kw: float, *, dt_s: float) -> tuple[FloatArray, SharingNote]:
        """Share one setpoint.

        Parameters
        ----------
        power_kw : float
            Setpoint of all, discharge positive. [kW]
        dt_s : float
            Time until the next one, over which who is owed what is counted. [s]

        Returns
        -------
        power_kw : ndarray, shape (n_modules,)
            Discharge positive; adds up to the setpoint unless the notes say `SharingNote.SHORT`. [kW]
        notes : SharingNote
            What had to be done otherwise.
        """
        law, out_kw = self.law, np.empty(self.owed_kwh.size)
        if not law.may_sleep:
            notes = kernels.share(power_kw, self.table, law.band_share, law.loss_share, self.is_awake, out_kw)
            return out_kw, SharingNote(notes)
        kernels.choose_awake(power_kw, self.table, self.owed_kwh, law.stay_h, self.is_awake)
        notes = kernels.share(power_kw, self.table, law.band_share, law.loss_share, self.is_awake, out_kw)
        fair_kw, everybody = np.empty_like(out_kw), np.ones_like(self.is_awake)
        kernels.share(power_kw, self.table, law.band_share, law.loss_share, everybody, fair_kw)
        bound = _OWED_H * self.table[kernels.RATED_KW]
        self.owed_kwh[:] = np.clip(self.owed_kwh + (abs(fair_kw) - abs(out_kw)) * dt_s / 3600.0, -bound, bound)
        return out_kw, SharingNote(notes)


def life_weights(
    soh_capacity: FloatArray, ageing_rate: FloatArray, *, soh_end: float = 0.7, steering: float = 1.0
) -> FloatArray:
    """Life left over the rate at which it goes, ``rem_m / k_m``, or part of the way there from equal depth.

    Parameters
    ----------
    soh_capacity : ndarray, shape (n_modules,)
        Capacity left, share of the new one. [-]
    ageing_rate : ndarray, shape (n_modules,)
        How fast each ages by use beside the others, any unit. [-]
    soh_end : float
        Where a module's own life ends. A module at or below it keeps a hundredth of capacity to live by. [-]
    steering : float
        0 is equal depth, 1 the whole law, between them ``soh^(1 - s) (rem / k)^s``. A string that is emptied every day
        has no room for the whole law: deep cycles of the strong cost more than shallow ones of the weak save. [-]

    Returns
    -------
    ndarray, shape (n_modules,)
        Weights; NaN where something is not known, which makes the sharing even. [-]

    Examples
    --------
    >>> soh, rate = np.array([0.9, 0.9, 0.8]), np.array([1.0, 2.0, 1.0])
    >>> life_weights(soh, rate).round(2).tolist(), life_weights(soh, rate, steering=0.0).tolist()
    ([0.2, 0.1, 0.1], [0.9, 0.9, 0.8])
    """
    if not 0.0 <= steering <= 1.0:
        raise InvalidQuantityError("steering", steering, 0.0, 1.0, "-", where="life_weights")
    known = np.isfinite(soh_capacity) & (soh_capacity > 0.0) & (ageing_rate > 0.0)
    held = np.where(known, soh_capacity, 1.0)
    ratio = np.maximum(held - soh_end, _REM_FLOOR) / np.where(known, ageing_rate, 1.0)
    return np.where(known, held ** (1.0 - steering) * ratio**steering, np.nan)


def share_windows(
    energy_kwh: float,
    capacity_kwh: FloatArray,
    weight: FloatArray,
    *,
    soc_min: float,
    soc_max: float,
    band_share: float = 0.3,
    anchor: float = 0.0,
) -> tuple[FloatArray, FloatArray, SharingNote]:
    """Share the energy that a day needs into windows of state of charge, by the same law as the power.

    Parameters
    ----------
    energy_kwh : float
        Energy between the windows' ends, of all. [kWh]
    capacity_kwh, weight : ndarray, shape (n_modules,)
        What each holds, and the weights of `life_weights`. [kWh], [-]
    soc_min, soc_max : float
        Outer window. [-]
    band_share : float
        How far a window may be from the even one, as a share of it. [-]
    anchor : float
        Where in the outer window the windows lie: 0 at its foot, where cells age least at rest, 1 at its top. [-]

    Returns
    -------
    soc_low, soc_high : ndarray, shape (n_modules,)
        The windows. [-]
    notes : SharingNote
        What had to be done otherwise.

    Examples
    --------
    >>> low, high, notes = share_windows(150.0, np.full(3, 100.0), np.array([1.0, 1.1, 0.9]), soc_min=0.1, soc_max=0.9)
    >>> low.tolist(), high.round(2).tolist(), notes
    ([0.1, 0.1, 0.1], [0.6, 0.65, 0.55], <SharingNote.NONE: 0>)
    """
    if not 0.0 <= soc_min < soc_max <= 1.0:
        raise InvalidQuantityError("soc_max", soc_max, max(soc_min, 0.0), 1.0, "-", where="share_windows")
    if not 0.0 <= anchor <= 1.0:
        raise InvalidQuantityError("anchor", anchor, 0.0, 1.0, "-", where="share_windows")
    if energy_kwh < 0.0:
        raise InvalidQuantityError("energy_kwh", energy_kwh, 0.0, np.inf, "kWh", where="share_windows")
    if not np.all(capacity_kwh > 0.0):
        message = f"windows are shared over modules that hold something; got {capacity_kwh} kWh"
        raise DataError(message)
    width = soc_max - soc_min
    sharing = ModuleSharing.of(capacity_kwh, law=SharingLaw(band_share=band_share, loss_share=0.0))
    sharing.set_limits(width * capacity_kwh, width * capacity_kwh)
    sharing.set_weights(weight)
    share_kwh, notes = sharing.step(energy_kwh, dt_s=0.0)
    own = share_kwh / capacity_kwh
    low = soc_min + anchor * (width - own)
    return low, low + own, notes
