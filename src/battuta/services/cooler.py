"""The cooler: once a minute it asks chillers for what the coming day needs, and narrows power where that is not enough.

It hears the images of the conductor and the planned power, and answers in the conductor's own words: coolant setpoints
(`ChillersAsked`), limits of the base power (`WishesPosted` of the owner cooling) and alarms. A chiller keeps its own
thermostat and is only given a setpoint; cooling is counted on only where the register moved as it was asked to.

The limits bind the base power alone. Response to frequency comes on top of it: what that warmed over the last hours,
beyond the plan, is expected to go on and taken into account. Should it be more all of a sudden, the next minutes narrow
the base; the battery's own temperature taper and the chiller's thermostat stand behind.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np

from battuta.domain.command import Owner
from battuta.domain.errors import UsageError
from battuta.domain.image import Signal, SiteImage
from battuta.domain.time import NS_PER_HOUR, NS_PER_S
from battuta.numerics.arrays import BoolArray, FloatArray
from battuta.services.conductor_events import Alarm, ChillersAsked, WishesPosted
from battuta.site.cooling_foresight import (
    GRID_C,
    OBEYED_K,
    CoolingMinute,
    CoolingPlan,
    CoolingState,
    decide,
    first_state,
    observe,
    price,
)
from battuta.site.cooling_foresight_forecast import (
    SLOT_S,
    SLOTS_OF_DAY,
    AmbientMemory,
    PowerCourse,
    ambient_forecast_c,
    remember,
    slot_of,
    slot_power_pu,
)
from battuta.site.cooling_foresight_minute import MinuteSums
from battuta.site.cooling_foresight_nameplate import CoolingNameplate
from battuta.site.cooling_foresight_register import Thermostats, register_setpoint_c, should_cool, wished_c

AGEING_KWH_PER_HOUR = 0.45
"""Worth of an hour at 30 degC for a container of 5 MWh, chosen on plants 0 to 99 of the site_cooling study. [kWh]"""

EXPIRY_S = 150.0
"""How long a limit of the power stands when no other follows. [s]"""

SAME_K = 0.05
"""Setpoints closer than this are the same to a register. [K]"""

EXCESS_MINUTES = 120.0
"""Over how long heat that was not planned is remembered. [min]"""

CHANGE_PU = 0.02
"""A planned power that changed by no more leaves the prices of a site as they are. [-]"""

WEAK_SHARE = (0.5, 0.7)
"""Learned over promised cooling below which a chiller is called weak, and above which no longer. [-]"""

_MINUTE_NS = 60 * NS_PER_S
_REACH = 12


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CoolerState:
    """What the cooler remembers; arrays of the running minute, of the air and of plans are moved in place.

    Attributes
    ----------
    foresight : CoolingState
        What was learned of the containers.
    ambient : AmbientMemory
        Air outside over the last day.
    thermostats : Thermostats
        The chillers' own controllers.
    limit_c, rated_kw, standing_kw : ndarray, shape (n_sites,)
        Limit of the hottest cell [degC], power that is 1 per unit [kW], and what the chiller's power register shows
        besides the compressor [kW].
    seen : MinuteSums
        The minute that runs.
    minute : int
        Its number since 1970; -1 before the first.
    course : PowerCourse
        Planned power.
    is_course_new : bool
        Whether it changed since prices were made.
    plan, coming : CoolingPlan or None
        Prices of this half hour, and those that are being made for the next one.
    slot, n_priced : int
        This half hour, and for how many sites the next one is priced.
    asked_c, read_back_c : ndarray, shape (n_sites,)
        Setpoints as they were written and as registers said last, NaN before. [degC]
    share : ndarray, shape (n_sites,)
        Share of the planned power that was granted last. [-]
    excess : ndarray, shape (n_sites,)
        Mean square of the power over that of the plan, less one of the plan, over the last hours. [-]
    sheet_k_per_h : ndarray, shape (n_sites,)
        Cooling that the data sheet promises at least. [K/h]
    is_cooling, is_silent, is_deaf, is_weak : ndarray of bool, shape (n_sites,)
        Where chillers should cool, say nothing, do not take what they are asked, or cool far less than their sheet.
    """

    foresight: CoolingState
    ambient: AmbientMemory
    thermostats: Thermostats
    limit_c: FloatArray
    rated_kw: FloatArray
    standing_kw: FloatArray
    seen: MinuteSums
    minute: int = -1
    course: PowerCourse
    is_course_new: bool = False
    plan: CoolingPlan | None = None
    coming: CoolingPlan | None = None
    slot: int = -1
    n_priced: int = 0
    asked_c: FloatArray
    read_back_c: FloatArray
    share: FloatArray
    excess: FloatArray
    is_cooling: BoolArray
    is_silent: BoolArray
    is_deaf: BoolArray
    is_weak: BoolArray
    sheet_k_per_h: FloatArray

    @property
    def n_sites(self) -> int:
        """Number of sites."""
        return self.limit_c.size

    @classmethod
    def at_rest(
        cls,
        nameplates: Sequence[CoolingNameplate],
        *,
        limit_c: FloatArray,
        rated_kw: FloatArray,
        default_setpoint_c: FloatArray,
        utc_offset_h: FloatArray | None = None,
        ageing_kwh_per_hour: float = AGEING_KWH_PER_HOUR,
    ) -> CoolerState:
        """Begin with the data sheets, without a plan.

        Parameters
        ----------
        nameplates : sequence of CoolingNameplate
            What they say, one per site.
        limit_c : ndarray, shape (n_sites,)
            Limit of the hottest cell. [degC]
        rated_kw : ndarray, shape (n_sites,)
            Power that is 1 per unit. [kW]
        default_setpoint_c : ndarray, shape (n_sites,)
            Coolant setpoint of the data sheet, asked for where cells are not seen. [degC]
        utc_offset_h : ndarray, shape (n_sites,), optional
            Local solar time less UTC; none where omitted. [h]
        ageing_kwh_per_hour : float
            As in `first_state`. [kWh]

        Returns
        -------
        CoolerState
            State before the first image.
        """
        n_sites = len(nameplates)
        foresight = first_state(nameplates, ageing_kwh_per_hour)
        nobody, nothing = np.zeros(n_sites, dtype=np.bool_), np.zeros((1, n_sites))
        return cls(
            foresight=foresight,
            ambient=AmbientMemory.empty(np.zeros(n_sites) if utc_offset_h is None else utc_offset_h),
            thermostats=Thermostats.of(nameplates, limit_c, default_setpoint_c),
            limit_c=limit_c,
            rated_kw=rated_kw,
            standing_kw=np.array([each.pump_kw + each.controls_kw for each in nameplates]),
            seen=MinuteSums.empty(n_sites),
            course=PowerCourse(start_ns=0, step_s=float(SLOT_S), power_kw=nothing),
            asked_c=np.full(n_sites, np.nan),
            read_back_c=np.full(n_sites, np.nan),
            share=np.ones(n_sites),
            excess=np.zeros(n_sites),
            is_cooling=nobody,
            is_silent=nobody,
            is_deaf=nobody,
            is_weak=nobody,
            sheet_k_per_h=foresight.capacity_k_per_h,
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ImageSeen:
    """An image is there."""

    image: SiteImage


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PowerPlanned:
    """What the market bought, in place of the plan before; power of shape (n_times, n_sites). [kW]"""

    start_ns: int
    step_s: float
    power_kw: FloatArray


CoolerEvent: TypeAlias = ImageSeen | PowerPlanned
CoolerEffect: TypeAlias = ChillersAsked | WishesPosted | Alarm


def step(state: CoolerState, event: CoolerEvent) -> tuple[CoolerState, tuple[CoolerEffect, ...]]:
    """Take one event.

    Parameters
    ----------
    state : CoolerState
        What is remembered.
    event : CoolerEvent
        What happened; images come each second, the cooler acts once a minute.

    Returns
    -------
    tuple of (CoolerState, tuple of CoolerEffect)
        What is remembered now, and what has to be done.
    """
    match event:
        case PowerPlanned():
            if event.power_kw.shape[1:] != (state.n_sites,) or event.power_kw.shape[0] == 0:
                message = f"power_kw has shape {event.power_kw.shape}; one column for each of {state.n_sites} sites"
                raise UsageError(message)
            course = PowerCourse(start_ns=event.start_ns, step_s=event.step_s, power_kw=event.power_kw)
            return replace(state, course=course, is_course_new=True), ()
        case ImageSeen():
            now_ns, effects = event.image.time_ns, ()
            minute = now_ns // _MINUTE_NS
            if state.minute not in (-1, minute):
                state, effects = _act(state, now_ns)
                state.seen.clear()
            state.seen.add(event.image)
            return _price_some(replace(state, minute=minute), now_ns), effects


def _act(state: CoolerState, now_ns: int) -> tuple[CoolerState, tuple[CoolerEffect, ...]]:
    """Learn from the minute that ended, and decide for the one that begins."""
    state, alarms = _listen(state)
    minute = _minute(state)
    foresight = observe(state.foresight, minute)
    weak_k_per_h = np.where(state.is_weak, WEAK_SHARE[1], WEAK_SHARE[0]) * state.sheet_k_per_h
    is_weak = foresight.capacity_k_per_h < weak_k_per_h
    effects: list[CoolerEffect] = [*alarms, *_alarms("CHILLER_WEAK", state.is_weak, is_weak, calls_out=True)]
    state = replace(
        state,
        foresight=foresight,
        ambient=remember(state.ambient, now_ns, minute.ambient_c),
        is_cooling=minute.is_on,
        is_weak=is_weak,
    )
    state, plan = _plan(_with_excess(state, minute), now_ns, minute.ambient_c)
    still_c = np.where(np.isnan(minute.coolant_c), minute.cell_c_mean, minute.coolant_c)
    air_c = np.where(np.isnan(minute.ambient_c), plan.ambient_c[0], minute.ambient_c)
    age_h = (now_ns - state.slot * SLOT_S * NS_PER_S) / NS_PER_HOUR
    decision = decide(state.foresight, plan, replace(minute, coolant_c=still_c, ambient_c=air_c), age_h, state.limit_c)
    is_blind = np.isnan(minute.cell_c_mean) | np.isnan(minute.cell_c_max)
    hottest_c = np.where(is_blind, np.nan, minute.cell_c_max)
    written_c = register_setpoint_c(state.thermostats, decision.setpoint_c, hottest_c, state.is_cooling)
    is_obeyed = minute.is_obeyed
    is_due = ~(np.abs(written_c - state.asked_c) <= SAME_K) | ~is_obeyed
    if is_due.any():
        effects.append(ChillersAsked(setpoint_c=np.where(is_due, written_c, np.nan)))
    share = np.where(is_blind, state.share, decision.power_share)
    if (share < 1.0).any() or (state.share < 1.0).any():
        cap_kw = np.where(share < 1.0, share * plan.power_pu[:_REACH].max(axis=0) * state.rated_kw, np.inf)
        expires_ns = now_ns + int(EXPIRY_S * NS_PER_S)
        effects.append(WishesPosted(owner=Owner.COOLING, expires_ns=expires_ns, low_kw=-cap_kw, high_kw=cap_kw))
    return replace(state, asked_c=written_c, share=share), tuple(effects)


def _listen(state: CoolerState) -> tuple[CoolerState, tuple[Alarm, ...]]:
    """Judge whether chillers speak and take what they are asked; a register that stood still proves nothing."""
    read_back_c, is_silent = state.seen.setpoint_c, ~state.seen.is_heard
    is_asked = np.isfinite(state.asked_c)
    is_apart = is_asked & (np.abs(read_back_c - state.asked_c) > OBEYED_K)
    has_moved = np.abs(read_back_c - state.read_back_c) > SAME_K
    is_deaf = np.where(is_silent, state.is_deaf, is_apart | (state.is_deaf & ~has_moved))
    alarms = _alarms("CHILLER_SILENT", state.is_silent, is_silent)
    alarms += _alarms("CHILLER_NOT_OBEYING", state.is_deaf, is_deaf)
    read_back_c = np.where(is_silent, state.read_back_c, read_back_c)
    return replace(state, is_silent=is_silent, is_deaf=is_deaf, read_back_c=read_back_c), alarms


def _minute(state: CoolerState) -> CoolingMinute:
    """Read the minute that ended; a chiller that was asked nothing yet counts as obeying."""
    seen = state.seen
    hottest_c = seen.mean(Signal.CELL_TEMPERATURE_C_MAX)
    asked_c = np.where(np.isnan(state.asked_c), seen.setpoint_c, state.asked_c)
    compressor_kw = np.maximum(seen.mean(Signal.CHILLER_POWER_KW) - state.standing_kw, 0.0)
    return CoolingMinute(
        power_pu=seen.mean(Signal.CONVERTER_POWER_KW) / state.rated_kw,
        cell_c_mean=seen.mean(Signal.CELL_TEMPERATURE_C_MEAN),
        cell_c_max=hottest_c,
        coolant_c=seen.mean(Signal.COOLANT_TEMPERATURE_C),
        ambient_c=seen.mean(Signal.AMBIENT_TEMPERATURE_C),
        chiller_kw=compressor_kw,
        asked_c=wished_c(state.thermostats, asked_c),
        read_back_c=wished_c(state.thermostats, seen.setpoint_c),
        is_cooling=should_cool(state.thermostats, seen.setpoint_c, hottest_c, state.is_cooling),
        is_trusted=~(state.is_silent | state.is_deaf),
    )


def _with_excess(state: CoolerState, minute: CoolingMinute) -> CoolerState:
    """Remember how much more the power warmed than planned."""
    middle_ns = np.array([(state.minute + 0.5) * _MINUTE_NS])
    planned_pu = state.course.at(middle_ns)[0] / state.rated_kw
    more = minute.power_pu**2 - planned_pu**2 - state.excess
    return replace(state, excess=state.excess + np.where(np.isfinite(more), more, 0.0) / EXCESS_MINUTES)


def _expected(state: CoolerState, now_ns: int, ambient_c: FloatArray, slot: int, value_kwh: FloatArray) -> CoolingPlan:
    """Join power and air of the day that begins with a half hour."""
    power_pu = slot_power_pu(state.course, state.rated_kw, slot, SLOTS_OF_DAY)
    return CoolingPlan(
        value_kwh=value_kwh,
        power_pu=np.sqrt(power_pu**2 + np.maximum(state.excess, 0.0)),
        ambient_c=ambient_forecast_c(state.ambient, now_ns, ambient_c, slot),
        step_h=SLOT_S / 3600.0,
    )


def _plan(state: CoolerState, now_ns: int, ambient_c: FloatArray) -> tuple[CoolerState, CoolingPlan]:
    """Take the prices that were made for this half hour, and make what is missing now."""
    slot, old = slot_of(now_ns), state.plan
    if old is not None and slot == state.slot and not state.is_course_new:
        return state, old
    if state.coming is not None and slot == state.slot + 1:
        old = state.coming
        price(state.foresight, old, state.limit_c, state.n_priced, state.n_sites)
    elif slot != state.slot:
        old = None
    value_kwh = np.empty((SLOTS_OF_DAY + 1, state.n_sites, GRID_C.size)) if old is None else old.value_kwh
    plan = _expected(state, now_ns, ambient_c, slot, value_kwh)
    if old is None:
        price(state.foresight, plan, state.limit_c, 0, state.n_sites)
    elif state.is_course_new:
        for site in np.flatnonzero((np.abs(plan.power_pu - old.power_pu) > CHANGE_PU).any(axis=0)):
            price(state.foresight, plan, state.limit_c, int(site), int(site) + 1)
    coming = _expected(state, now_ns, ambient_c, slot + 1, np.empty_like(value_kwh))
    return replace(state, plan=plan, coming=coming, slot=slot, n_priced=0, is_course_new=False), plan


def _price_some(state: CoolerState, now_ns: int) -> CoolerState:
    """Price a few sites for the next half hour, so that all are done when it begins and no second does them all."""
    if state.coming is None or state.n_priced == state.n_sites:
        return state
    passed = (now_ns - state.slot * SLOT_S * NS_PER_S) / (SLOT_S * NS_PER_S)
    n_due = min(max(int(np.ceil(state.n_sites * passed)), state.n_priced), state.n_sites)
    price(state.foresight, state.coming, state.limit_c, state.n_priced, n_due)
    return replace(state, n_priced=n_due)


def _alarms(cause: str, before: BoolArray, now: BoolArray, *, calls_out: bool = False) -> tuple[Alarm, ...]:
    """Tell once that something begins, and once that it ends."""
    return tuple(
        Alarm(site=int(site), cause=cause if now[site] else f"{cause}_BACK", calls_out=calls_out and bool(now[site]))
        for site in np.flatnonzero(before != now)
    )
