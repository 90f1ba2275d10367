"""The sharer: setpoints of sites whose modules have a converter each become powers of modules, once a second; pure.

A module gives what its cells, its window, its temperature and its findings leave of it; the others take what it may
not, so that the site keeps its setpoint as long as they can. Where they cannot, `SharingNote.SHORT` says so.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np

from battuta.domain.module_image import MODULE_STEP_KW, ModuleSignal
from battuta.health.module_deratings import ModuleTerms
from battuta.health.module_sharing import ModuleSharing, SharingLaw, SharingNote
from battuta.health.module_sharing_limits import PowerLimits
from battuta.numerics.arrays import CountArray, FloatArray

SOC_LEAN = 1.0
"""How much more of a discharge, and less of a charge, a module takes for each full charge it is above its site. [-]"""
WARM_K = 5.0
"""Below the highest temperature of a finding power goes to nothing over this. [K]"""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SharerState:
    """What the sharer remembers; the tables within `sharings` are written in place.

    Attributes
    ----------
    sharings : tuple of ModuleSharing
        One for each site.
    capacity_kwh : ndarray, shape (n_sites, n_modules)
        What each module holds when new. [kWh]
    terms : ModuleTerms
        What each module may do now.
    limits : PowerLimits
        What bounds every module.
    """

    sharings: tuple[ModuleSharing, ...]
    capacity_kwh: FloatArray
    terms: ModuleTerms
    limits: PowerLimits

    @classmethod
    def even(
        cls,
        power_kw: FloatArray,
        energy_kwh: FloatArray,
        n_modules: int,
        terms: ModuleTerms,
        law: SharingLaw | None = None,
    ) -> SharerState:
        """Return the state of sites whose power and energy are shared evenly over equal modules.

        Parameters
        ----------
        power_kw, energy_kwh : ndarray, shape (n_sites,)
            Ratings of the sites. [kW], [kWh]
        n_modules : int
            Modules at each site.
        terms : ModuleTerms
            What each module may do.
        law : SharingLaw or None
            How they share.
        """
        chosen = law or SharingLaw()
        return cls(
            sharings=tuple(ModuleSharing.of(np.full(n_modules, each / n_modules), law=chosen) for each in power_kw),
            capacity_kwh=np.repeat(energy_kwh[:, None] / n_modules, n_modules, axis=1),
            terms=terms,
            limits=PowerLimits(),
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TermsSet:
    """What findings leave of the modules, and what they weigh, in place of what held before."""

    terms: ModuleTerms


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SetpointsGiven:
    """Setpoints are there to be shared.

    Attributes
    ----------
    seen : ndarray, shape (4, n_sites, n_modules)
        What the modules say, one row per `ModuleSignal`, NaN where missing. [units of the signals]
    power_kw : ndarray, shape (n_sites,)
        Mean setpoint of each site over the second that begins. [kW]
    """

    seen: FloatArray
    power_kw: FloatArray


SharerEvent: TypeAlias = TermsSet | SetpointsGiven


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ModulesAsked:
    """What has to reach the modules.

    Attributes
    ----------
    counts : ndarray of int32, shape (n_sites, n_modules)
        Powers, discharge positive. [`MODULE_STEP_KW`]
    notes : ndarray of int32, shape (n_sites,)
        Bits of `SharingNote`.
    """

    counts: CountArray
    notes: CountArray

    @property
    def power_kw(self) -> FloatArray:
        """Powers, shape (n_sites, n_modules). [kW]"""
        return self.counts.astype(np.float64) * MODULE_STEP_KW


def step(state: SharerState, event: SharerEvent) -> tuple[SharerState, tuple[ModulesAsked, ...]]:
    """Take one event.

    Parameters
    ----------
    state : SharerState
        What is remembered.
    event : SharerEvent
        What happened.

    Returns
    -------
    tuple of (SharerState, tuple of ModulesAsked)
        What is remembered now, and what has to be written.
    """
    match event:
        case TermsSet():
            return replace(state, terms=event.terms), ()
        case SetpointsGiven():
            return state, (_shared(state, event),)


def carried_kw(state: SharerState, seen: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Say what the modules of each site carry together now; one of which something is missing carries nothing.

    Parameters
    ----------
    state : SharerState
        What is remembered.
    seen : ndarray, shape (4, n_sites, n_modules)
        What the modules say, one row per `ModuleSignal`, NaN where missing. [units of the signals]

    Returns
    -------
    discharge_kw_max, charge_kw_max : ndarray, shape (n_sites,)
        Magnitudes. [kW]
    """
    discharge_kw_max, charge_kw_max = _limits_kw(state, seen)
    return np.nansum(discharge_kw_max, axis=1), np.nansum(charge_kw_max, axis=1)


def _shared(state: SharerState, event: SetpointsGiven) -> ModulesAsked:
    discharge_kw_max, charge_kw_max = _limits_kw(state, event.seen)
    weight = _leaning(state.terms.weight, event.seen[ModuleSignal.SOC], event.power_kw)
    power_kw, notes = np.empty(weight.shape), np.empty(weight.shape[0], dtype=np.int32)
    for site, sharing in enumerate(state.sharings):
        sharing.set_limits(discharge_kw_max[site], charge_kw_max[site])
        sharing.set_weights(weight[site])
        power_kw[site], notes[site] = sharing.step(float(event.power_kw[site]), dt_s=1.0)
    return ModulesAsked(counts=np.rint(power_kw / MODULE_STEP_KW).astype(np.int32), notes=notes)


def _limits_kw(state: SharerState, seen: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Most out of and into each module, NaN where something is missing, shape (n_sites, n_modules) each. [kW]"""
    terms = state.terms
    hottest_c = seen[ModuleSignal.CELL_TEMPERATURE_C_MAX]
    rated_kw = np.array([each.table[0] for each in state.sharings])
    cool = np.where(
        np.isfinite(terms.temperature_c_max), np.clip((terms.temperature_c_max - hottest_c) / WARM_K, 0.0, 1.0), 1.0
    )
    discharge_kw, charge_kw = state.limits.of(
        rated_power_kw=rated_kw * terms.power_share_max * cool,
        capacity_kwh=state.capacity_kwh,
        soc=seen[ModuleSignal.SOC],
        soc_min=terms.soc_min,
        soc_max=terms.soc_max,
        temperature_c=hottest_c,
        soh_resistance=np.ones_like(hottest_c),
    )
    return (
        np.minimum(discharge_kw, seen[ModuleSignal.DISCHARGE_POWER_KW_MAX]),
        np.minimum(charge_kw, seen[ModuleSignal.CHARGE_POWER_KW_MAX]),
    )


def _leaning(weight: FloatArray, soc: FloatArray, power_kw: FloatArray) -> FloatArray:
    """Weigh those more that bring the states of charge of a site together; nothing else ever would."""
    known = ~np.isnan(soc)
    held = np.where(known, soc, 0.0)
    mean = held.sum(axis=1) / np.maximum(known.sum(axis=1), 1)
    above = np.where(known, held - mean[:, None], 0.0)
    return weight * np.maximum(1.0 + SOC_LEAN * np.sign(power_kw)[:, None] * above, 0.1)


SHORT = int(SharingNote.SHORT)
"""Bit of the notes of a site whose modules together may not carry its setpoint."""
