"""The trace of a living run: what is worth looking at afterwards, in steps few enough for a figure and for memory."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from battuta.domain.command import N_OWNERS, Owner
from battuta.domain.image import Signal
from battuta.domain.time import NS_PER_S
from battuta.numerics.arrays import FloatArray, IntArray

if TYPE_CHECKING:
    from battuta.app.living import Moment

KeptArray: TypeAlias = np.ndarray[tuple[int, ...], np.dtype[np.float32]]
"""Numbers that are kept, not computed with."""

STEPS_S = (10, 60, 300, 900, 3_600, 10_800, 86_400)
"""Steps that a trace may have; the first that is long enough is taken. [s]"""
STEPS_MAX = 3_000
"""Most steps: two days of minutes, a year of three hours."""
VALUES_MAX = 3_000_000
"""Most steps times sites, so that ten thousand sites take some hundred megabytes and not more."""
QUARTER_HOUR_S = 900
_BLOCK_S, _BLOCK_S_MANY, _MANY_SITES = 60, 10, 1_000

MEANS = (
    Signal.CONVERTER_POWER_KW,
    Signal.METER_POWER_KW,
    Signal.SOC,
    Signal.CHILLER_SETPOINT_C,
    Signal.AMBIENT_TEMPERATURE_C,
)
"""Signals that are kept as the mean of a step."""
_POWER, _METER = 0, 1
_ROWS = np.array(
    [*MEANS, Signal.CELL_TEMPERATURE_C_MIN, Signal.CELL_TEMPERATURE_C_MAX, Signal.FREQUENCY_HZ], dtype=np.int64
)
_COLDEST, _HOTTEST, _FREQUENCY = range(len(MEANS), len(MEANS) + 3)


def trace_step_s(duration_s: int, n_sites: int) -> int:
    """Choose how long the steps of a trace are, before the run begins.

    Parameters
    ----------
    duration_s : int
        How long the run lives. [s]
    n_sites : int
        Number of sites.

    Returns
    -------
    int
        Length of a step. [s]

    Examples
    --------
    >>> [trace_step_s(days * 86_400, 20) for days in (1, 7, 366)]
    [60, 300, 10800]
    """
    for step_s in STEPS_S:
        n_steps = -(-duration_s // step_s)
        if n_steps <= STEPS_MAX and n_steps * n_sites <= VALUES_MAX:
            return step_s
    return STEPS_S[-1]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Trace:
    """A run in steps; discharge and export are positive, NaN is missing.

    Attributes
    ----------
    time_ns : ndarray of int64, shape (n_steps,)
        Starts of the steps, by the seconds that the run lived, however clocks were set. [ns]
    step_s : int
        Length of a step; the last one may be shorter. [s]
    price_per_mwh : ndarray, shape (n_steps,)
        Mean price. [currency/MWh]
    frequency_hz_min, frequency_hz_max : ndarray, shape (n_steps,)
        Extremes within the step of what the median meter said each second. [Hz]
    owner_s : ndarray of int64, shape (n_steps, n_owners)
        Images, one a second, in which each `Owner` had the base power, summed over all sites. [s]
    power_kw, meter_power_kw : ndarray of float32, shape (n_steps, n_sites)
        Mean power of the converter and at the meter. [kW]
    soc : ndarray of float32, shape (n_steps, n_sites)
        Mean state of charge. [-]
    chiller_setpoint_c, ambient_temperature_c : ndarray of float32, shape (n_steps, n_sites)
        Mean coolant temperature asked of the chiller, and mean of the air outside. [degC]
    cell_temperature_c_min, cell_temperature_c_max : ndarray of float32, shape (n_steps, n_sites)
        Coldest and hottest cell within the step. [degC]
    owner : ndarray of int8, shape (n_steps, n_sites)
        `Owner` that had the base power longest; -1 for a step without an image.
    reason : ndarray of int32, shape (n_steps, n_sites)
        Bits of `Reason` that held at any second of the step.
    energy_out_kwh : ndarray, shape (n_sites,)
        Energy that left each converter over the whole run. [kWh]
    import_kw_max : ndarray, shape (n_sites,)
        Highest mean import at the meter over a quarter hour that was lived to its end, NaN without one. [kW]
    """

    time_ns: IntArray
    step_s: int
    price_per_mwh: FloatArray
    frequency_hz_min: FloatArray
    frequency_hz_max: FloatArray
    owner_s: IntArray
    power_kw: KeptArray
    meter_power_kw: KeptArray
    soc: KeptArray
    chiller_setpoint_c: KeptArray
    ambient_temperature_c: KeptArray
    cell_temperature_c_min: KeptArray
    cell_temperature_c_max: KeptArray
    owner: np.ndarray[tuple[int, ...], np.dtype[np.int8]]
    reason: np.ndarray[tuple[int, ...], np.dtype[np.int32]]
    energy_out_kwh: FloatArray
    import_kw_max: FloatArray

    @property
    def n_sites(self) -> int:
        """Number of sites."""
        return self.soc.shape[1]


class RunTrace:
    """Hears every moment of a run and keeps a `Trace` of it.

    Seconds are buffered by the block and folded at once, which costs some microseconds a second at twenty sites.

    Parameters
    ----------
    n_sites : int
        Number of sites.
    duration_s : int
        How long the run lives; moments beyond are not kept. [s]
    start_ns : int
        Its first instant. [ns]
    """

    def __init__(self, n_sites: int, duration_s: int, start_ns: int) -> None:
        self.step_s = trace_step_s(duration_s, n_sites)
        n_steps = -(-duration_s // self.step_s)
        self._start_ns = start_ns
        self._kept: KeptArray = np.full((len(MEANS) + 2, n_steps, n_sites), np.nan, dtype=np.float32)
        self._kept_owner = np.full((n_steps, n_sites), -1, dtype=np.int8)
        self._kept_reason = np.zeros((n_steps, n_sites), dtype=np.int32)
        self._kept_owner_s: IntArray = np.zeros((n_steps, N_OWNERS), dtype=np.int64)
        self._kept_grid: FloatArray = np.full((3, n_steps), np.nan)
        self._n_buffered = self._step = self._quarter_number = 0
        self._last_second = -1
        block_s = min(self.step_s, _BLOCK_S if n_sites <= _MANY_SITES else _BLOCK_S_MANY)
        self._values: FloatArray = np.empty((block_s, _ROWS.size, n_sites))
        self._owner: IntArray = np.empty((block_s, n_sites), dtype=np.int64)
        self._reason: IntArray = np.empty((block_s, n_sites), dtype=np.int64)
        self._price: FloatArray = np.empty(block_s)
        self._owners: IntArray = np.arange(N_OWNERS, dtype=np.int64)[:, None, None]
        self._energy_out_kwh: FloatArray = np.zeros(n_sites)
        self._import_kw_max: FloatArray = np.full(n_sites, np.nan)
        self._quarter: FloatArray = np.zeros((2, n_sites))
        self._open_step(n_sites)

    def add(self, moment: Moment, price_per_mwh: float, second: int) -> None:
        """Hear one image; each counts the same within its step.

        Parameters
        ----------
        moment : Moment
            Image and decision.
        price_per_mwh : float
            Price that holds, NaN for none. [currency/MWh]
        second : int
            Seconds that the run had lived before; never less than last time. [s]
        """
        if second // self.step_s != self._step or second // QUARTER_HOUR_S != self._quarter_number:
            self._pass_to(second)
        self._last_second = second
        k = self._n_buffered
        np.take(moment.image.values, _ROWS, axis=0, out=self._values[k], mode="clip")
        self._owner[k] = moment.dispatch.owner
        self._reason[k] = moment.dispatch.reason
        self._price[k] = price_per_mwh
        self._n_buffered = k + 1
        if self._n_buffered == self._price.size:
            self._fold()

    def finish(self) -> Trace:
        """Close the step that runs, and give what was kept; nothing is to be added afterwards."""
        self._fold()
        self._close_step()
        if (self._last_second + 1) % QUARTER_HOUR_S == 0:
            self._close_quarter()
        kept = slice(0, min(self._last_second // self.step_s + 1, self._kept_owner.shape[0]))
        power, meter, soc, setpoint, ambient, coldest, hottest = self._kept[:, kept]
        price, lowest, highest = self._kept_grid[:, kept]
        steps: IntArray = np.arange(price.size, dtype=np.int64)
        return Trace(
            time_ns=self._start_ns + steps * self.step_s * NS_PER_S,
            step_s=self.step_s,
            price_per_mwh=price,
            frequency_hz_min=lowest,
            frequency_hz_max=highest,
            owner_s=self._kept_owner_s[kept],
            power_kw=power,
            meter_power_kw=meter,
            soc=soc,
            chiller_setpoint_c=setpoint,
            ambient_temperature_c=ambient,
            cell_temperature_c_min=coldest,
            cell_temperature_c_max=hottest,
            owner=self._kept_owner[kept],
            reason=self._kept_reason[kept],
            energy_out_kwh=self._energy_out_kwh,
            import_kw_max=self._import_kw_max,
        )

    def _pass_to(self, second: int) -> None:
        """Fold what is buffered, and close the step and the quarter hour that this second no longer belongs to."""
        self._fold()
        if second // self.step_s != self._step:
            self._close_step()
            self._step = second // self.step_s
        if second // QUARTER_HOUR_S != self._quarter_number:
            self._close_quarter()
            self._quarter_number = second // QUARTER_HOUR_S

    def _open_step(self, n_sites: int) -> None:
        self._sum: FloatArray = np.zeros((len(MEANS), n_sites))
        self._count: IntArray = np.zeros((len(MEANS), n_sites), dtype=np.int64)
        self._extremes: FloatArray = np.full((2, n_sites), np.nan)
        self._site_owner_s: IntArray = np.zeros((N_OWNERS, n_sites), dtype=np.int64)
        self._reasons: IntArray = np.zeros(n_sites, dtype=np.int64)
        self._price_sum, self._price_count = 0.0, 0
        self._frequency_hz_low = self._frequency_hz_high = np.nan

    def _fold(self) -> None:
        """Add the buffered images, which lie within one step and one quarter hour, to them."""
        n = self._n_buffered
        if n == 0:
            return
        self._n_buffered = 0
        values = self._values[:n]
        means = values[:, : len(MEANS)]
        is_known = ~np.isnan(means)
        sums, counts = np.where(is_known, means, 0.0).sum(axis=0), is_known.sum(axis=0)
        self._sum += sums
        self._count += counts
        self._extremes[0] = np.fmin(self._extremes[0], np.fmin.reduce(values[:, _COLDEST], axis=0))
        self._extremes[1] = np.fmax(self._extremes[1], np.fmax.reduce(values[:, _HOTTEST], axis=0))
        seen_hz = _median_known(values[:, _FREQUENCY])
        self._frequency_hz_low = np.fmin(self._frequency_hz_low, np.fmin.reduce(seen_hz))
        self._frequency_hz_high = np.fmax(self._frequency_hz_high, np.fmax.reduce(seen_hz))
        self._site_owner_s += (self._owners == self._owner[:n]).sum(axis=1)
        self._reasons |= np.bitwise_or.reduce(self._reason[:n], axis=0)
        price = self._price[:n]
        priced = price[~np.isnan(price)]
        self._price_sum += float(priced.sum())
        self._price_count += priced.size
        self._energy_out_kwh += np.fmax(values[:, _POWER], 0.0).sum(axis=0) / 3600.0  # of a missing power: none
        self._quarter[0] += sums[_METER]
        self._quarter[1] += counts[_METER]

    def _close_quarter(self) -> None:
        self._import_kw_max = np.fmax(self._import_kw_max, -_quotient(self._quarter[0], self._quarter[1]))
        self._quarter[:] = 0.0

    def _close_step(self) -> None:
        k = self._step
        if self._site_owner_s[:, 0].any() and k < self._kept_owner.shape[0]:
            self._kept[: len(MEANS), k] = _quotient(self._sum, self._count)
            self._kept[len(MEANS) :, k] = self._extremes
            self._kept_owner[k] = self._site_owner_s.argmax(axis=0)
            self._kept_owner_s[k] = self._site_owner_s.sum(axis=1)
            self._kept_reason[k] = self._reasons
            price_per_mwh = self._price_sum / self._price_count if self._price_count else np.nan
            self._kept_grid[:, k] = price_per_mwh, self._frequency_hz_low, self._frequency_hz_high
        self._open_step(self._reasons.size)


def owner_names() -> list[str]:
    """Names of the owners as people read them, in their order.

    Examples
    --------
    >>> owner_names()[:3]
    ['safety', 'system operator', 'grid code']
    """
    return [each.name.lower().replace("_", " ") for each in Owner]


def _median_known(values: FloatArray) -> FloatArray:
    """Lower median of the known values of each row, NaN where none is; `numpy.nanmedian` takes ten times as long."""
    ordered = np.sort(values, axis=1)  # NaN last
    n_known = (~np.isnan(values)).sum(axis=1)
    return ordered[np.arange(values.shape[0]), np.maximum((n_known - 1) // 2, 0)]


def _quotient(total: FloatArray, count: FloatArray | IntArray) -> FloatArray:
    return np.divide(total, count, out=np.full(total.shape, np.nan), where=count > 0)
