"""What a site does of its own every second: shave peaks, follow its load, bring energy back, hold the voltage.

Each posts what it wants on the board, or moves the reactive power; who wins is for arbitration to say. All of it
follows from the image and from plans made now and then, so a replay needs no record of it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from battuta.domain.command import Owner
from battuta.domain.image import AGE_LIMIT_S, Signal, SiteImage, Source
from battuta.numerics.arrays import BoolArray, FloatArray, IntArray
from battuta.physics.grid_connection import ReactiveLaw
from battuta.physics.grid_connection_kernels import reactive_step
from battuta.site.limits import Limit, LimitTable
from battuta.site.own_functions_kernels import recover
from battuta.site.peak_shaving import HOLD_SHARE, LANDING_S
from battuta.site.peak_shaving_kernels import shave
from battuta.site.peak_shaving_meter import metered_kw
from battuta.site.proposals import HIGH, LOW, PREFERRED, ProposalBoard
from battuta.site.self_consumption import follow_load_kw

HEARD_NS = 1_500_000_000
"""How long such a wish counts: until the next second posts it again. [ns]"""

REACTIVE_FADING_S = 30.0
"""Time constant with which reactive power fades while the meter is silent. [s]"""

DEMAND_LIMIT, FLOOR_START, FLOOR_END, PEAK = 0, 1, 2, 3
"""Rows of a plan to shave peaks."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class OwnFunctions:
    """What the functions of all sites are set to and remember; arrays are moved in place.

    Attributes
    ----------
    reactive_rows : ndarray, shape (n_sites, 25)
        Law of the reactive power, see `battuta.physics.grid_connection.ReactiveLaw.parameters`.
    reactive_pu : ndarray, shape (n_sites,)
        Reactive power per unit of the apparent power, injection positive. [-]
    follows_load : ndarray of bool, shape (n_sites,)
        Sites that keep their meter near zero.
    shaving : ndarray, shape (4, n_sites)
        Demand limit [kW], state of charge kept at both ends of the interval [-], peak that may come [kW].
    shaving_ns : ndarray of int64, shape (2,)
        The billed interval that the plan is for; 0 before the first. [ns]
    import_kwh : ndarray, shape (n_sites,)
        Import within that interval so far, NaN before its first second. [kWh]
    import_kw : ndarray, shape (n_sites,)
        Import when the meter last spoke: what nobody sees counts as this, or as the limit where that is more. [kW]
    recovery : ndarray, shape (2, n_sites)
        Whether energy is being brought back (1 charges, -1 discharges) and the power it has ramped to. [-], [kW]
    """

    reactive_rows: FloatArray
    reactive_pu: FloatArray
    follows_load: BoolArray
    shaving: FloatArray
    shaving_ns: IntArray
    import_kwh: FloatArray
    import_kw: FloatArray
    recovery: FloatArray

    @classmethod
    def set_to(cls, laws: Sequence[ReactiveLaw], follows_load: Sequence[bool]) -> OwnFunctions:
        """Begin, with a reactive law and a choice of following the load for each site."""
        n_sites = len(laws)
        shaving = np.zeros((4, n_sites))
        shaving[DEMAND_LIMIT] = np.inf
        return cls(
            reactive_rows=np.stack([law.parameters() for law in laws]),
            reactive_pu=np.zeros(n_sites),
            follows_load=np.array(follows_load, dtype=np.bool_),
            shaving=shaving,
            shaving_ns=np.zeros(2, dtype=np.int64),
            import_kwh=np.zeros(n_sites),
            import_kw=np.zeros(n_sites),
            recovery=np.zeros((2, n_sites)),
        )

    def plan_shaving(self, start_ns: int, end_ns: int, rows: Sequence[FloatArray]) -> None:
        """Take the plan of a billed interval: limit [kW], floors of the state of charge [-], highest peak [kW]."""
        if start_ns != self.shaving_ns[0]:
            self.import_kwh[:] = np.nan
        self.shaving_ns[:] = start_ns, end_ns
        for row, values in enumerate(rows):
            self.shaving[row] = values


def propose(
    image: SiteImage,
    limits: LimitTable,
    reserves: FloatArray,
    functions: OwnFunctions,
    board: ProposalBoard,
    step_s: float,
    pause_s: float | None = None,
) -> FloatArray:
    """Let the functions of all sites post what they want of this second.

    Parameters
    ----------
    image : SiteImage
        What the instruments said.
    limits : LimitTable
        What each site may do.
    reserves : ndarray, shape (n_reserves, n_sites)
        What awards keep free, see `battuta.site.reservations.reserve_table`. [kW, kWh]
    functions : OwnFunctions
        Moved in place.
    board : ProposalBoard
        Where they post.
    step_s : float
        Time since the image before, as the ramps count it. [s]
    pause_s : float, optional
        The same, however long; left out, `step_s`. [s]

    Returns
    -------
    ndarray, shape (n_sites,)
        Reactive power, injection positive. [kvar]
    """
    _shave_peaks(image, limits, functions, board, step_s, step_s if pause_s is None else pause_s)
    if functions.follows_load.any():
        _follow_load(image, limits, functions, board)
    if reserves.any() or functions.recovery.any():
        is_short, wanted_kw = functions.recovery[0], functions.recovery[1]
        recover(image[Signal.SOC], limits.rows, reserves, step_s, is_short, wanted_kw)
        board.wanted_kw[LOW, Owner.RECOVERY] = np.where(wanted_kw > 0.0, wanted_kw, -np.inf)
        board.wanted_kw[HIGH, Owner.RECOVERY] = np.where(wanted_kw < 0.0, wanted_kw, np.inf)
        board.expires_ns[Owner.RECOVERY] = np.where(wanted_kw != 0.0, image.time_ns + HEARD_NS, 0)
    apparent_kva = limits[Limit.APPARENT_POWER_KVA]
    power_pu = np.nan_to_num(image[Signal.CONVERTER_POWER_KW]) / apparent_kva
    is_silent = ~(image.age_s[Source.METER] <= AGE_LIMIT_S)
    voltage_pu = np.where(is_silent, np.nan, image[Signal.METER_VOLTAGE_PU])
    reactive_step(voltage_pu, power_pu, step_s, functions.reactive_rows, functions.reactive_pu)
    if is_silent.any():  # what was right for a voltage that nobody sees any more fades
        functions.reactive_pu[is_silent] *= math.exp(-step_s / REACTIVE_FADING_S)
    return functions.reactive_pu * apparent_kva


def _times(power_kw: FloatArray, duration_s: float) -> FloatArray:
    """Energy of a power that may be infinite; none of no time at all. [kWh]"""
    return power_kw * duration_s / 3600.0 if duration_s > 0.0 else np.zeros(power_kw.shape)


def _shave_peaks(
    image: SiteImage,
    limits: LimitTable,
    functions: OwnFunctions,
    board: ProposalBoard,
    step_s: float,
    pause_s: float,
) -> None:
    """Hold the demand limits of the billed interval that runs."""
    start_ns, end_ns = int(functions.shaving_ns[0]), int(functions.shaving_ns[1])
    if not start_ns <= image.time_ns < end_ns:
        return
    limit_kw, floor_start, floor_end, peak_kw = functions.shaving
    has_limit = np.isfinite(limit_kw)
    elapsed_s = (image.time_ns - start_ns) * 1e-9
    is_new = np.isnan(functions.import_kwh)
    net_load_kw, seen_kw, _ = metered_kw(image)
    functions.import_kw[:] = np.where(np.isnan(seen_kw), functions.import_kw, seen_kw)
    unseen_kw = np.maximum(limit_kw, np.fmax(functions.import_kw, net_load_kw))
    begun_s = max(elapsed_s - step_s, 0.0)  # of an interval that was under way before the first look at it
    functions.import_kwh[:] = np.where(is_new, _times(unseen_kw, begun_s), functions.import_kwh)
    gap_s = max(min(elapsed_s, pause_s) - step_s, 0.0)
    functions.import_kwh[:] += _times(unseen_kw, gap_s)
    functions.import_kwh[:] += _times(np.where(np.isnan(seen_kw), unseen_kw, seen_kw), min(step_s, elapsed_s))
    low_kw, high_kw, preferred_kw = np.empty((3, image.n_sites))
    power_kw, held_kw, interval_s = limits[Limit.POWER_KW], limit_kw * HOLD_SHARE, (end_ns - start_ns) * 1e-9
    shave(
        net_load_kw, image[Signal.SOC], elapsed_s, interval_s, functions.import_kwh, held_kw, floor_start,
        floor_end, limits[Limit.ENERGY_KWH], power_kw, power_kw, limits[Limit.EFFICIENCY_CHARGE],
        limits[Limit.EFFICIENCY_DISCHARGE], peak_kw, LANDING_S, low_kw, high_kw, preferred_kw,
    )  # fmt: skip
    board.wanted_kw[LOW, Owner.PEAK_SHAVING] = low_kw
    board.wanted_kw[HIGH, Owner.PEAK_SHAVING] = high_kw
    board.expires_ns[Owner.PEAK_SHAVING] = np.where(has_limit, image.time_ns + HEARD_NS, 0)


def _follow_load(image: SiteImage, limits: LimitTable, functions: OwnFunctions, board: ProposalBoard) -> None:
    """Bring the meters of the sites that want it to zero."""
    wanted_kw = follow_load_kw(
        image[Signal.LOAD_KW], image[Signal.PV_KW], image[Signal.AUXILIARY_POWER_KW], image[Signal.SOC],
        limits[Limit.ENERGY_KWH], image[Signal.CHARGE_POWER_KW_MAX], image[Signal.DISCHARGE_POWER_KW_MAX],
        limits[Limit.SOC_MIN], limits[Limit.SOC_MAX],
    )  # fmt: skip
    board.wanted_kw[PREFERRED, Owner.SELF_CONSUMPTION] = np.where(functions.follows_load, wanted_kw, np.nan)
    board.expires_ns[Owner.SELF_CONSUMPTION] = np.where(functions.follows_load, image.time_ns + HEARD_NS, 0)
