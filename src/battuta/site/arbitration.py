"""Arbitration: what everybody wants and what the site may do, turned into one base per site.

Order: limits of the site > mandate > safety > system operator > grid code > reservations > owners by priority > rest.
The first owner with a preference decides, within what those before it left.
"""

from __future__ import annotations

import numpy as np

from battuta.domain.command import Owner, Reason
from battuta.domain.image import AGE_LIMIT_S, Signal, SiteImage, Source
from battuta.numerics.arrays import BoolArray, FloatArray, IntArray
from battuta.site.arbitration_kernels import arbitrate_sites, lost_power_kw
from battuta.site.dispatch import ArbitrationState, Dispatch
from battuta.site.limits import Limit, LimitTable, Loss
from battuta.site.proposals import ProposalBoard

NEEDED = (
    (Loss.METER, Source.METER, (Signal.METER_POWER_KW, Signal.LOAD_KW, Signal.AUXILIARY_POWER_KW, Signal.PV_KW)),
    (Loss.BATTERY, Source.BATTERY, (Signal.SOC, Signal.CHARGE_POWER_KW_MAX, Signal.DISCHARGE_POWER_KW_MAX)),
    (Loss.CONVERTER, Source.CONVERTER, (Signal.CONVERTER_POWER_KW,)),
)
"""Instruments and values without which a site goes to its safe state."""

_LOSSES = np.array([loss for loss, _, _ in NEEDED], dtype=np.int64)
_INSTRUMENTS = np.array([source for _, source, _ in NEEDED], dtype=np.int64)
_ROWS = tuple(np.array(signals, dtype=np.int64) for _, _, signals in NEEDED)


def arbitrate(
    image: SiteImage,
    limits: LimitTable,
    board: ProposalBoard,
    reserves: FloatArray,
    state: ArbitrationState,
    *,
    reactive_kvar: FloatArray | None = None,
    chiller_setpoint_c: FloatArray | None = None,
    step_s: float = 1.0,
    is_clock_lost: bool = False,
    stopped: BoolArray | None = None,
) -> Dispatch:
    """Decide all sites for one second.

    Parameters
    ----------
    image : SiteImage
        What the instruments said.
    limits : LimitTable
        What each site may do.
    board : ProposalBoard
        What owners want.
    reserves : ndarray, shape (n_reserves, n_sites)
        What awards keep free, see `battuta.site.reservations.reserve_table`. [kW, kWh]
    state : ArbitrationState
        What the second before left; moved in place.
    reactive_kvar : ndarray, shape (n_sites,), optional
        Reactive power asked, injection positive; it comes before active power. Left out, as before. [kvar]
    chiller_setpoint_c : ndarray, shape (n_sites,), optional
        Coolant temperature asked of each chiller, NaN to leave it. [degC]
    step_s : float
        Time since the decision before. [s]
    is_clock_lost : bool
        True while the clock cannot be trusted: no timed command counts.
    stopped : ndarray of bool, shape (n_sites,), optional
        Sites that the fast lane stopped: when they go on they begin at 0, without response.

    Returns
    -------
    Dispatch
        The decision, owning its arrays.
    """
    n_sites, apparent_kva = image.n_sites, limits[Limit.APPARENT_POWER_KVA]
    if reactive_kvar is not None:
        state.rows[2] = np.clip(reactive_kvar, -apparent_kva, apparent_kva)
    safe_kw, lost = safe_power_kw(image, limits)
    only_clock = np.isnan(safe_kw) & is_clock_lost
    if is_clock_lost:
        safe_kw = np.where(only_clock, limits.safe_power_kw[Loss.CLOCK], safe_kw)
        lost |= 1 << Loss.CLOCK
    bounds_kw, reason = np.empty((4, n_sites)), np.empty(n_sites, dtype=np.int64)
    arbitrate_sites(
        image.values, limits.rows, board.wanted_kw, board.expires_ns, reserves, safe_kw, lost, image.time_ns, step_s,
        state.rows, state.owner, bounds_kw, reason,
    )  # fmt: skip
    reason[only_clock] ^= int(Reason.STALE_TELEMETRY | Reason.CLOCK_STEP)
    if stopped is not None and stopped.any():
        state.rows[:, stopped] = 0.0
        state.owner[stopped] = Owner.SAFETY
        bounds_kw[2:, stopped] = 0.0
        reason[stopped] |= int(Reason.FAST_LANE)
    return Dispatch(
        time_ns=image.time_ns,
        base_kw=state.rows[0].copy(),
        bounds_kw=bounds_kw,
        reactive_kvar=state.rows[2].copy(),
        chiller_setpoint_c=np.full(n_sites, np.nan) if chiller_setpoint_c is None else chiller_setpoint_c.copy(),
        owner=state.owner.copy(),
        reason=reason,
    )


def safe_power_kw(image: SiteImage, limits: LimitTable) -> tuple[FloatArray, IntArray]:
    """Where each site has to ramp to because an instrument is silent or older than `AGE_LIMIT_S`.

    Parameters
    ----------
    image : SiteImage
        What the instruments said, and how old it was.
    limits : LimitTable
        Safe power for each loss.

    Returns
    -------
    safe_kw : ndarray, shape (n_sites,)
        Safe power of the first loss in the order meter, battery, converter; NaN where nothing is lost. [kW]
    lost : ndarray of int64, shape (n_sites,)
        A bit for each `battuta.site.limits.Loss`.
    """
    is_missing = np.isnan(image.values)
    missing: BoolArray = np.array([is_missing[rows].any(axis=0) for rows in _ROWS])
    out_kw, lost = np.empty(image.n_sites), np.empty(image.n_sites, dtype=np.int64)
    lost_power_kw(image.age_s[_INSTRUMENTS], missing, limits.safe_power_kw[_LOSSES], AGE_LIMIT_S, out_kw, lost)
    return out_kw, lost
