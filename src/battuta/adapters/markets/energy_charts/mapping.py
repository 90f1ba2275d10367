"""From the answer of energy-charts to prices: what it must hold, and what each deviation is called."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from battuta.adapters.markets.bidding_zones import BiddingZone
from battuta.adapters.markets.regular_grid import regular_step, require_whole
from battuta.domain.errors import DataError
from battuta.domain.json_answer import JsonAnswer, reason_in
from battuta.domain.time import from_ns
from battuta.numerics.arrays import FloatArray, IntArray

SOURCE = "energy-charts"
UNIT = "EUR/MWh"
UNSTATED_UNIT = "No Unit"
_KEYS = ("license_info", "unix_seconds", "price", "unit")
_PRICE_PER_MWH_MAX = 1e6


@dataclass(frozen=True, slots=True, kw_only=True)
class DayAheadAnswer:
    """What an answer says about the range that was asked for.

    Attributes
    ----------
    time_ns : ndarray, shape (n_times,)
        Interval starts. [ns]
    price_per_mwh : ndarray, shape (n_times,)
        Day-ahead prices. [EUR/MWh]
    step : timedelta
        Market time unit.
    licence : str
        Terms of use in the words of the source.
    is_deprecated : bool
        True when the source says that this address will go away.
    """

    time_ns: IntArray
    price_per_mwh: FloatArray
    step: timedelta
    licence: str
    is_deprecated: bool


def read_day_ahead(
    body: bytes, zone: BiddingZone, start_ns: int, end_ns: int, *, allow_unstated_unit: bool = False
) -> DayAheadAnswer:
    """Read an answer of ``/price``.

    Parameters
    ----------
    body : bytes
        The answer.
    zone : BiddingZone
        Zone that was asked for.
    start_ns, end_ns : int
        Range that was asked for; what lies outside is dropped. [ns]
    allow_unstated_unit : bool
        Take an answer whose unit is the source's ``No Unit`` for EUR/MWh.

    Returns
    -------
    DayAheadAnswer
        Complete prices of the range.

    Raises
    ------
    SourceUnavailableError
        If the answer is not in the documented format.
    DataError
        If prices are missing, not in EUR/MWh, or change their resolution.
    """
    answer = JsonAnswer.read(SOURCE, body)
    answer.require(_KEYS)
    said = answer.fields
    _check_unit(said["unit"], allow_unstated_unit=allow_unstated_unit)
    time_ns = answer.times_ns(said["unix_seconds"], "unix_seconds")
    prices = answer.numbers(said["price"], "price", _PRICE_PER_MWH_MAX)
    if time_ns.size != prices.size:
        answer.refuse(f"{time_ns.size} times but {prices.size} prices")
    if time_ns.size == 0:
        message = (
            f"{SOURCE} has no prices of {zone.name} between {from_ns(start_ns):%Y-%m-%d} and {from_ns(end_ns):%Y-%m-%d}"
        )
        raise DataError(message)
    inside = (time_ns >= start_ns) & (time_ns < end_ns)
    if not inside.any():
        first, last = (f"{from_ns(int(at)):%Y-%m-%dT%H:%MZ}" for at in (time_ns[0], time_ns[-1]))
        message = f"{SOURCE} answered {first} to {last} only, nothing of what was asked for"
        raise DataError(message)
    time_ns, prices = time_ns[inside], prices[inside]
    step = regular_step(time_ns, zone.timezone, SOURCE)
    missing = np.flatnonzero(np.isnan(prices))
    if missing.size:
        first = from_ns(int(time_ns[missing[0]]))
        message = (
            f"{SOURCE}: {missing.size} prices are null, the first at {first:%Y-%m-%dT%H:%MZ}; ask for days without it"
        )
        raise DataError(message)
    require_whole(time_ns, step, start_ns, end_ns, SOURCE)
    return DayAheadAnswer(
        time_ns=time_ns,
        price_per_mwh=prices,
        step=step,
        licence=" ".join(str(said["license_info"]).split()) or "no licence stated",
        is_deprecated=said.get("deprecated") is True,
    )


def reason_of_refusal(body: bytes) -> str:
    """Find the reason in the body of an error, `{"detail": ...}` by its documentation."""
    return reason_in(body, "detail")


def _check_unit(unit: object, *, allow_unstated_unit: bool) -> None:
    if isinstance(unit, str) and unit.replace(" ", "") == UNIT:
        return
    if unit == UNSTATED_UNIT and allow_unstated_unit:
        return
    hint = "; allow_unstated_unit=True takes it for EUR/MWh" if unit == UNSTATED_UNIT else ""
    message = f"{SOURCE}: the unit is {unit!r}, not {UNIT}{hint}"
    raise DataError(message)
