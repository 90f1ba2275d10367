"""What strings are asked to do: a day of arbitrage, frequency regulation, solar shifting, peak shaving or idling.

A duty says, minute by minute, to which state of charge a string is to go and how fast; the string's controller does
what its weakest cell allows. All times, depths and rates are invented, of the order that operators report.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
from numpy.random import Generator

from battuta.numerics.arrays import FloatArray

MINUTES = 1440
"""Minutes of a day."""


class Duty(StrEnum):
    """What a string earns its money with."""

    ARBITRAGE = "arbitrage"
    """One or two deep cycles a day."""
    REGULATION = "regulation"
    """Noise around half charge, day and night."""
    SOLAR = "solar"
    """Charged by the sun, as far as it shines, emptied in the evening."""
    PEAK_SHAVING = "peak_shaving"
    """Kept high, emptied in part when a load peaks, on working days."""
    STANDBY = "standby"
    """Kept at a level, moved once a week."""


UNSEEN: Mapping[Duty, float] = MappingProxyType(
    {
        Duty.ARBITRAGE: 0.002,
        Duty.REGULATION: 0.10,
        Duty.SOLAR: 0.02,
        Duty.PEAK_SHAVING: 0.01,
        Duty.STANDBY: 0.002,
    }
)
"""How unsteady the current is within a minute, over the rate of the string. [-]"""


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyCharacter:
    """How a string carries out its duty.

    Attributes
    ----------
    duty : Duty
        What it does.
    rate_c : float
        Current of its cycles, per hour of the capacity. [1/h]
    soc_low, soc_high : float
        Window of its ordinary days. [-]
    full_every_days : int
        Days from one full charge to the next. [-]
    hold_h : float
        How long the string stands full after it, a little more or less. [h]
    """

    duty: Duty
    rate_c: float
    soc_low: float
    soc_high: float
    full_every_days: int
    hold_h: float = 2.0


class DayPlan(NamedTuple):
    """A day, minute by minute, each shape (1440,).

    Attributes
    ----------
    target_soc, rate_c : ndarray
        State of charge to go to [-], and how fast. [1/h]
    noise_c : ndarray
        Current on top, discharge positive. [1/h]
    unseen_c : ndarray
        Mean current of a minute less the one at its end: what a log of each minute does not show. [1/h]
    """

    target_soc: FloatArray
    rate_c: FloatArray
    noise_c: FloatArray
    unseen_c: FloatArray


def day_plan(character: DutyCharacter, day: int, phase: int, rng: Generator) -> DayPlan:
    """Draw a day of a duty.

    Parameters
    ----------
    character : DutyCharacter
        How the string works.
    day : int
        Number of the day. [-]
    phase : int
        Shifts the days of full charges and the weekend. [-]
    rng : Generator
        Source of chance, fresh for this string and day.

    Returns
    -------
    DayPlan
        What is asked.

    Examples
    --------
    >>> character = DutyCharacter(duty=Duty.SOLAR, rate_c=0.25, soc_low=0.1, soc_high=0.9, full_every_days=7)
    >>> plan = day_plan(character, day=3, phase=0, rng=np.random.default_rng(1))
    >>> float(plan.target_soc.max()) <= 0.9
    True
    """
    target = np.full(MINUTES, np.nan)
    rate_c, noise_c = np.full(MINUTES, character.rate_c), np.zeros(MINUTES)
    if character.duty is Duty.ARBITRAGE:
        _arbitrage(target, character, rng)
    elif character.duty is Duty.REGULATION:
        noise_c = _regulation(target, rate_c, character, rng)
    elif character.duty is Duty.SOLAR:
        _solar(target, rate_c, character, rng)
    elif character.duty is Duty.PEAK_SHAVING:
        _peaks(target, rate_c, character, (day + phase) % 7, rng)
    else:
        _standby(target, rate_c, character, (day + phase) % 7, rng)
    if (day + phase) % character.full_every_days == 0:
        _full_charge(target, rate_c, noise_c, character.hold_h)
    unseen = UNSEEN[character.duty] * character.rate_c * rng.standard_normal(MINUTES)
    unseen[rate_c <= 0.0] = 0.0
    return DayPlan(_held(target), rate_c, noise_c, unseen)


def idle_plan(level_soc: float) -> DayPlan:
    """Return a day on which a string is kept at a level and otherwise left alone."""
    return DayPlan(np.full(MINUTES, level_soc), np.full(MINUTES, 0.1), np.zeros(MINUTES), np.zeros(MINUTES))


def _held(target: FloatArray) -> FloatArray:
    """Hold each target until the next one; what comes before the first holds it already."""
    known = np.flatnonzero(~np.isnan(target))
    where = np.maximum(np.searchsorted(known, np.arange(target.size), side="right") - 1, 0)
    return target[known[where]]


def _minute(rng: Generator, hour: float, spread_h: float = 0.5) -> int:
    """Minute of the day about an hour."""
    return int(np.clip(60.0 * (hour + spread_h * rng.standard_normal()), 0, MINUTES - 1))


def _arbitrage(target: FloatArray, character: DutyCharacter, rng: Generator) -> None:
    low, high = character.soc_low, character.soc_high
    target[_minute(rng, 1.5)] = high - 0.02 * rng.random()
    target[_minute(rng, 7.0)] = low + 0.1 * rng.random() if rng.random() < 0.55 else high
    target[_minute(rng, 12.0)] = high - 0.02 * rng.random()
    target[_minute(rng, 18.5)] = low + 0.05 * rng.random()


def _regulation(target: FloatArray, rate_c: FloatArray, character: DutyCharacter, rng: Generator) -> FloatArray:
    target[0] = 0.5 + 0.03 * rng.standard_normal()
    rate_c[:] = 0.06
    draws = rng.standard_normal(MINUTES + 16)
    smooth = np.convolve(draws, np.exp(-np.arange(16) / 6.0), mode="valid")[:MINUTES] / np.sqrt(3.0)
    return 0.22 * character.rate_c * (smooth + 0.5 * draws[16:])


def _solar(target: FloatArray, rate_c: FloatArray, character: DutyCharacter, rng: Generator) -> None:
    share = rng.beta(3.0, 1.2)
    dawn, dusk = _minute(rng, 8.0, 0.3), _minute(rng, 18.0, 0.4)
    target[dawn] = character.soc_low + share * (character.soc_high - character.soc_low)
    target[dusk] = character.soc_low + 0.08 * rng.random()
    minutes = np.arange(dawn, dusk)
    cloud = np.repeat(rng.uniform(0.4, 1.0, MINUTES // 20 + 1), 20)[: minutes.size]
    rate_c[dawn:dusk] *= np.sin(np.pi * (minutes - dawn) / max(dusk - dawn, 1)) * cloud


def _peaks(target: FloatArray, rate_c: FloatArray, character: DutyCharacter, weekday: int, rng: Generator) -> None:
    high = character.soc_high - 0.05
    target[0] = high
    if weekday >= 5:
        return
    for hour in (8.5, 13.5, 18.0):
        if rng.random() < 0.6:
            start = _minute(rng, hour)
            target[start] = max(high - rng.uniform(0.1, 0.45), character.soc_low)
            target[min(start + int(rng.integers(40, 120)), MINUTES - 1)] = high
    rate_c *= rng.uniform(0.8, 1.2)


def _standby(target: FloatArray, rate_c: FloatArray, character: DutyCharacter, weekday: int, rng: Generator) -> None:
    level = 0.5 * (character.soc_low + character.soc_high)
    target[0] = level
    rate_c[:] = 0.15
    if weekday == 0:
        target[_minute(rng, 9.0)] = character.soc_low + 0.1
        target[_minute(rng, 14.0)] = level


def _full_charge(target: FloatArray, rate_c: FloatArray, noise_c: FloatArray, hold_h: float) -> None:
    """Charge fully in place of what the night was for, which takes five hours from empty, and let the string stand."""
    hold = min(round(60.0 * (5.0 + hold_h)), MINUTES - 60)
    later = np.flatnonzero(~np.isnan(target[:hold]))
    after = target[later[-1]] if later.size else 0.6
    target[:hold] = np.nan
    target[0] = 1.05
    if np.isnan(target[hold]):
        target[hold] = after
    rate_c[:hold] = np.minimum(0.22, np.maximum(rate_c[:hold], 0.2))
    noise_c[:hold] = 0.0
