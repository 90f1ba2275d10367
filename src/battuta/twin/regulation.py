"""What frequency regulation asks of a battery in a year: powers at the interconnection point, minute by minute."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from battuta.domain.errors import DataError, UsageError
from battuta.domain.product_catalogue import products, versions
from battuta.domain.response_law import Droop
from battuta.domain.study import FrequencyRegulation
from battuta.numerics.arrays import FloatArray
from battuta.physics.response import response_pu

MINUTES_PER_YEAR = 365 * 1440
_SECONDS_PER_DAY = 86_400


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RegulationYear:
    """A year of answering frequency.

    Attributes
    ----------
    power_kw : ndarray, shape (525600,)
        Mean power asked of each minute at the interconnection point, discharge positive. [kW]
    sold_kw : float
        Power of response that is sold, all year. [kW]
    throughput_factor : float
        Throughput of the seconds over that of the minutes' means: what a minute hides. [-]
    """

    power_kw: FloatArray
    sold_kw: float
    throughput_factor: float


def regulation_year(duty: FrequencyRegulation, frequency_hz: FloatArray, *, power_kw: float) -> RegulationYear:
    """Answer a frequency for a year; how the charge is steered back is the pack's own keeping.

    Parameters
    ----------
    duty : FrequencyRegulation
        How.
    frequency_hz : ndarray, shape (n_seconds,)
        Frequency of each second, whole days, finite; it repeats until the year is full. [Hz]
    power_kw : float
        Rating at the interconnection point. [kW]

    Returns
    -------
    RegulationYear
        The powers.

    Raises
    ------
    UsageError
        If there is no such product, or it has no droop.
    DataError
        If the frequency is no whole day, has gaps, or belongs to another grid.

    Examples
    --------
    >>> year = regulation_year(FrequencyRegulation(power_share=1.0), np.full(86_400, 49.9), power_kw=1000.0)
    >>> float(year.power_kw[5]), year.throughput_factor
    (500.0, 1.0)
    """
    law = _droop(duty.product)
    _check(frequency_hz, law)
    seconds_pu = response_pu(frequency_hz, 1.0, law)
    minutes_pu = seconds_pu.reshape(-1, 60).mean(axis=1)
    coarse = 60.0 * float(np.abs(minutes_pu).sum())
    sold_kw = duty.power_share * power_kw
    return RegulationYear(
        power_kw=sold_kw * np.resize(minutes_pu, MINUTES_PER_YEAR),
        sold_kw=sold_kw,
        throughput_factor=float(np.abs(seconds_pu).sum()) / coarse if coarse > 0.0 else 1.0,
    )


def sold_share_max(name: str) -> float:
    """Share of a rating that may be sold at most: the rest brings the energy back while the battery responds.

    Parameters
    ----------
    name : str
        Name of the product.

    Returns
    -------
    float
        One over the power that the product asks for by unit sold, as its newest version has it. [-]

    Examples
    --------
    >>> sold_share_max("ce_fcr")
    0.8
    """
    return 1.0 / versions(name)[-1].power_factor


def _droop(name: str) -> Droop:
    known = {each for each in products() if any(isinstance(one.law, Droop) for one in versions(each))}
    if name not in known:
        message = f"there is no product with a droop named {name!r}; choose one of {', '.join(sorted(known))}"
        raise UsageError(message)
    law = versions(name)[-1].law
    assert isinstance(law, Droop), "the newest version of a droop is a droop"
    return law


def _check(frequency_hz: FloatArray, law: Droop) -> None:
    if frequency_hz.ndim != 1 or not frequency_hz.size or frequency_hz.size % _SECONDS_PER_DAY:
        message = (
            f"the frequency has {frequency_hz.shape} values; a study needs whole days of one value a second, "
            f"{_SECONDS_PER_DAY} a day"
        )
        raise DataError(message)
    missing = int(np.count_nonzero(~np.isfinite(frequency_hz)))
    if missing:
        message = f"{missing} of {frequency_hz.size} seconds of frequency are missing; use days without gaps"
        raise DataError(message)
    middle_hz = float(np.median(frequency_hz))
    if abs(middle_hz - law.nominal_hz) > 1.0:
        message = (
            f"the frequency is about {middle_hz:.2f} Hz and the product answers one of {law.nominal_hz:g} Hz; "
            "take the frequency and the product of one grid"
        )
        raise DataError(message)
