"""Modules of a living run that have a converter each: setpoints shared second by second, kept, and counted."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from battuta.app.living_journal import LivingJournal
from battuta.app.living_settings import LivingSettings
from battuta.domain.image import RESOLUTION, Signal
from battuta.domain.module_image import module_counts, module_values
from battuta.domain.work_order import DeratingCost
from battuta.health.module_deratings import STEERING, ModuleTerms
from battuta.health.module_sharing import life_weights
from battuta.numerics.arrays import FloatArray
from battuta.services import module_sharer
from battuta.services.module_sharer import SHORT, SetpointsGiven, SharerState, TermsSet


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedCost:
    """What a finding of one module costs, priced as the plan of a day.

    Attributes
    ----------
    order_id : str
        Its work order.
    cost : DeratingCost
        Where the others share what it may not carry.
    amount_unshared : float
        Where the whole site is held back like its module, over the same time. [currency]
    """

    order_id: str
    cost: DeratingCost
    amount_unshared: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ModulesTold:
    """How the modules of a run shared its setpoints.

    Attributes
    ----------
    energy_share : ndarray, shape (n_sites, n_modules)
        Share of the energy, in and out, that was asked of each module of a site; NaN where none was. [-]
    weight : ndarray, shape (n_sites, n_modules)
        Weights at the end, over their mean at the site. [-]
    power_share_max : ndarray, shape (n_sites, n_modules)
        Share of its rated power that findings left of each at the end. [-]
    short_s : float
        Time of all sites in which modules together could not carry the setpoint. [s]
    missing_kwh : float
        What they did not carry of it. [kWh]
    costs : tuple of SharedCost
        What findings of modules cost, with and without sharing.
    """

    energy_share: FloatArray
    weight: FloatArray
    power_share_max: FloatArray
    short_s: float
    missing_kwh: float
    costs: tuple[SharedCost, ...]


class LivingModules:
    """Shares the setpoints of the sites of a run over their modules.

    Parameters
    ----------
    settings : LivingSettings
        What the run is made of.
    journal : LivingJournal
        Where it is kept.
    """

    def __init__(self, settings: LivingSettings, journal: LivingJournal) -> None:
        self.n_modules = settings.n_modules
        self._journal = journal
        self._state = sharer_of(settings)
        shape = settings.n_sites, settings.n_modules
        self._energy_kwh: FloatArray = np.zeros(shape)
        self._short_s = self._missing_kwh = 0.0

    def set_terms(self, now_ns: int, terms: ModuleTerms) -> None:
        """Take what findings leave of the modules, and what they weigh; it holds from the next second on."""
        self._journal.module_terms(now_ns, terms)
        self._state, _ = module_sharer.step(self._state, TermsSet(terms=terms))

    def bounded(self, values: FloatArray, seen: FloatArray) -> FloatArray:
        """Let the powers that batteries allow be no more than their modules carry, so that nobody promises more.

        Parameters
        ----------
        values : ndarray, shape (n_signals, n_sites)
            What the instruments of the sites say. [units of the signals]
        seen : ndarray, shape (4, n_sites, n_modules)
            What the modules say. [units of the signals]

        Returns
        -------
        ndarray, shape (n_signals, n_sites)
            The same, bounded, in whole steps of the image.
        """
        discharge_kw, charge_kw = module_sharer.carried_kw(self._state, module_values(module_counts(seen)))
        told = values.copy()
        for signal, carried_kw in (
            (Signal.DISCHARGE_POWER_KW_MAX, discharge_kw),
            (Signal.CHARGE_POWER_KW_MAX, charge_kw),
        ):
            whole_kw = np.floor(carried_kw / RESOLUTION[signal] + 1e-9) * RESOLUTION[signal]
            told[signal] = np.minimum(values[signal], whole_kw)
        return told

    def share(self, now_ns: int, seen: FloatArray, setpoint_kw: FloatArray) -> FloatArray:
        """Share the setpoints of a second.

        Parameters
        ----------
        now_ns : int
            When it begins. [ns]
        seen : ndarray, shape (4, n_sites, n_modules)
            What the modules say, rows of `battuta.domain.module_image.ModuleSignal`. [units of the signals]
        setpoint_kw : ndarray, shape (n_sites, n_ticks)
            Setpoints in the ticks of the second; their mean is shared. [kW]

        Returns
        -------
        ndarray, shape (n_sites, n_modules)
            Power asked of each module. [kW]
        """
        counts, power_kw = module_counts(seen), setpoint_kw.mean(axis=1)
        given = SetpointsGiven(seen=module_values(counts), power_kw=power_kw)
        self._state, (asked,) = module_sharer.step(self._state, given)
        self._journal.modules(now_ns, counts, asked)
        carried_kw = np.abs(asked.power_kw)
        self._energy_kwh += carried_kw / 3600.0
        is_short = (asked.notes & SHORT) != 0
        if is_short.any():
            self._short_s += float(is_short.sum())
            missing_kw = np.abs(power_kw) - carried_kw.sum(axis=1)
            self._missing_kwh += float(np.maximum(missing_kw[is_short], 0.0).sum()) / 3600.0
        return asked.power_kw

    def told(self, costs: tuple[SharedCost, ...]) -> ModulesTold:
        """Say how the modules shared until now, and what findings of them cost."""
        total, terms = self._energy_kwh.sum(axis=1, keepdims=True), self._state.terms
        return ModulesTold(
            energy_share=np.where(total > 0.0, self._energy_kwh / np.where(total > 0.0, total, 1.0), np.nan),
            weight=terms.weight / terms.weight.mean(axis=1, keepdims=True),
            power_share_max=terms.power_share_max,
            short_s=self._short_s,
            missing_kwh=self._missing_kwh,
            costs=costs,
        )


def sharer_of(settings: LivingSettings) -> SharerState:
    """Return what the sharer of a run begins with: modules that nobody found anything of.

    Parameters
    ----------
    settings : LivingSettings
        What the run is made of.

    Returns
    -------
    SharerState
        The state.
    """
    sites, shape = settings.sites, (settings.n_sites, settings.n_modules)
    whole = np.ones(shape)
    terms = ModuleTerms(
        weight=life_weights(whole, whole, steering=STEERING),
        power_share_max=whole,
        soc_min=whole * np.array([[each.soc_min] for each in sites]),
        soc_max=whole * np.array([[each.soc_max] for each in sites]),
        temperature_c_max=np.full(shape, np.inf),
    )
    power_kw, energy_kwh = np.array([each.power_kw for each in sites]), np.array([each.energy_kwh for each in sites])
    return SharerState.even(power_kw, energy_kwh, settings.n_modules, terms)
