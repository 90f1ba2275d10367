"""The log of a real site against its warranty: fed as telemetry comes in, asked at any time."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime

import numpy as np

from battuta.domain.errors import DataError, InvalidQuantityError
from battuta.domain.time import from_ns, to_ns
from battuta.domain.warranty import Warranty
from battuta.numerics.arrays import FloatArray, IntArray
from battuta.twin import warranty_log_kernels as kernels
from battuta.twin.warranty_log_kernels import LogState
from battuta.twin.warranty_log_state import log_terms, new_state, take_in
from battuta.twin.warranty_logged import LoggedClause, LoggedWarranty, logged_clauses
from battuta.twin.warranty_soh_tests import SohTests, logged_capacity
from battuta.twin.warranty_years import warranty_years

__all__ = ["LoggedClause", "LoggedWarranty", "WarrantyLog"]

_MWH_MAX = 1e6


class WarrantyLog:
    """Counts what a warranty limits, from records that may come in blocks of any length.

    A record tells of the time since the record before it. What is more than the warranty's gap apart is missing
    telemetry: nothing is filled, and rolling means begin anew. A record at the time of the last one is a duplicate and
    one before it is late; both are counted and left out. Where only some values are missing, those that are there
    count, and the time counts as missing.

    Parameters
    ----------
    warranty : Warranty
        The contract.
    start : date
        First day of the warranty; it begins at midnight UTC.
    installed_mwh : float
        Energy when new, over which power becomes a rate. [MWh]
    opened : datetime or None
        When records begin; the start if None.
    full_cycles_before, discharged_mwh_before : float
        What was used before; NaN where nobody knows, and totals are not judged then. [-], [MWh]

    Examples
    --------
    >>> from battuta.domain.warranty_terms import UseLimits
    >>> use = UseLimits(full_cycles_per_day_max=1.0)
    >>> contract = Warranty(name="toy", source="nobody", is_assumed=True, years=1, currency="EUR", use=use)
    >>> log = WarrantyLog(contract, date(2027, 1, 1), installed_mwh=2.0)
    >>> time_ns = to_ns(datetime.fromisoformat("2027-01-01T00:00+00:00")) + np.arange(0, 289) * 300 * 10**9
    >>> log.feed(time_ns, np.full(289, 0.5), np.full(289, 25.0), np.full(289, 200.0))
    >>> clause = log.outcome(datetime.fromisoformat("2027-01-02T00:00+00:00")).clause("full_cycles_per_day")
    >>> round(clause.margin, 6), clause.first_breach
    (-0.2, datetime.datetime(2027, 1, 1, 20, 0, tzinfo=datetime.timezone.utc))
    """

    def __init__(
        self,
        warranty: Warranty,
        start: date,
        *,
        installed_mwh: float,
        opened: datetime | None = None,
        full_cycles_before: float = 0.0,
        discharged_mwh_before: float = 0.0,
    ) -> None:
        if not 0.0 < installed_mwh <= _MWH_MAX:
            raise InvalidQuantityError(
                "installed_mwh", installed_mwh, 0.0, _MWH_MAX, "MWh", where="WarrantyLog", above_low=True
            )
        self._warranty = warranty
        self._years = warranty_years(start, warranty.years, warranty.year_kind)
        self._start = start
        self._kw = 1000.0 * installed_mwh
        begin, end = int(self._years.edge_ns[0]), int(self._years.edge_ns[-1])
        self._opened_ns = begin if opened is None else to_ns(opened)
        if not begin <= self._opened_ns < end:
            message = (
                f"opened = {from_ns(self._opened_ns).isoformat()} lies outside the term, "
                f"{from_ns(begin).isoformat()} to {from_ns(end).isoformat()}"
            )
            raise DataError(message)
        self._terms = log_terms(warranty, self._years.edge_ns, self._years.whole_hours)
        self._state = new_state(self._terms, self._opened_ns)
        self._before = {
            "full_cycles": _not_negative("full_cycles_before", full_cycles_before, "-"),
            "discharged_mwh_per_mwh": _not_negative("discharged_mwh_before", discharged_mwh_before, "MWh")
            / installed_mwh,
        }
        for k, used in zip((kernels.CYCLES_ALL, kernels.DISCHARGED_ALL), self._before.values(), strict=True):
            self._state.total[k] = self._state.worst[k] = 0.0 if math.isnan(used) else used
        self._tests = SohTests()

    def feed(self, time_ns: IntArray, soc: FloatArray, temperature_c: FloatArray, power_kw: FloatArray) -> None:
        """Take a block of records in.

        Parameters
        ----------
        time_ns : ndarray, shape (n_times,)
            End of what each record tells of, UTC. [ns]
        soc, temperature_c, power_kw : ndarray, shape (n_times,)
            State of charge, cell temperature, power with discharge positive; NaN where missing. [-, degC, kW]

        Raises
        ------
        DataError
            If the columns differ in length; nothing of the block is taken in.
        """
        columns = {"soc": soc, "temperature_c": temperature_c, "power_kw": power_kw}
        for name, values in columns.items():
            if values.shape != time_ns.shape or time_ns.ndim != 1:
                message = f"{name} has shape {values.shape}, time_ns has {time_ns.shape}; give one value a record"
                raise DataError(message)
        held = {name: np.ascontiguousarray(values, dtype=np.float64) for name, values in columns.items()}
        times = np.ascontiguousarray(time_ns, dtype=np.int64)
        rate = held["power_kw"] / self._kw
        self._state = take_in(self._state, self._terms, times, held["soc"], held["temperature_c"], rate)

    def feed_soh(self, time_ns: int, soh_capacity: float) -> None:
        """Take in what a capacity test of the warranty's protocol measured; a second value at one time replaces it.

        Raises
        ------
        InvalidQuantityError
            If the state of health is not a share of the new capacity.
        """
        if not 0.0 <= soh_capacity <= 1.5:
            raise InvalidQuantityError("soh_capacity", soh_capacity, 0.0, 1.5, "-", where="WarrantyLog.feed_soh")
        self._tests = self._tests.with_one(time_ns, soh_capacity)

    def outcome(self, now: datetime) -> LoggedWarranty:
        """Margins and breaches as of now; a silence that still lasts is counted, and the log stays as it is.

        Parameters
        ----------
        now : datetime
            Instant as of which is asked; before the last record, it is that of the last record.

        Returns
        -------
        LoggedWarranty
            Clause by clause.
        """
        state = LogState._make(each.copy() for each in self._state)
        now_ns = max(to_ns(now), int(state.clock[kernels.LAST_NS]))
        if now_ns - state.clock[kernels.LAST_NS] > self._terms.gap_ns:
            kernels.pass_silence(state, self._terms, min(now_ns, int(self._years.edge_ns[-1])))
        clauses = tuple(_with_before(each, self._before) for each in logged_clauses(self._warranty, state))
        if self._warranty.soh is not None:
            capacity = logged_capacity(self._warranty, self._tests, state, self._years, self._opened_ns, now_ns)
            clauses = (capacity, *clauses)
        return LoggedWarranty(
            warranty=self._warranty,
            as_of=from_ns(now_ns),
            year_label=self._years.label,
            clauses=clauses,
            hours_on_record=max(
                (now_ns - self._opened_ns) / kernels.HOUR_NS - float(state.by_year[kernels.MISSING_YEAR].sum()), 0.0
            ),
            n_records=int(state.clock[kernels.SEEN]),
            n_repeated=int(state.clock[kernels.REPEATED]),
            n_conflicting=int(state.clock[kernels.CONFLICTING]),
            n_late=int(state.clock[kernels.LATE]),
            n_before=int(state.clock[kernels.BEFORE]),
            n_after=int(state.clock[kernels.AFTER]),
        )

    def arrays(self) -> dict[str, FloatArray | IntArray]:
        """All that the log remembers, as plain arrays to store; `restore` takes them back."""
        kept: dict[str, FloatArray | IntArray] = {
            name: values.copy() for name, values in zip(LogState._fields, self._state, strict=True)
        }
        return kept | {"soh_time_ns": self._tests.time_ns.copy(), "soh_capacity": self._tests.soh_capacity.copy()}

    def restore(self, arrays: Mapping[str, FloatArray | IntArray]) -> None:
        """Go on from what `arrays` gave, of a log opened with the same warranty and start.

        Raises
        ------
        DataError
            If an array is missing, or is of another warranty.
        """
        fresh = self.arrays()
        grows = {"ring_span_ns", "ring_value", "soh_time_ns", "soh_capacity"}
        for name, mine in fresh.items():
            given = arrays.get(name)
            fits = given is not None and given.dtype == mine.dtype and given.ndim == mine.ndim
            if given is None or not fits or (name not in grows and given.shape != mine.shape):
                message = f"array {name!r} is missing or is not of this warranty; open a new log and feed it again"
                raise DataError(message)
        self._state = LogState._make(arrays[name].copy() for name in LogState._fields)
        self._tests = SohTests(
            time_ns=np.asarray(arrays["soh_time_ns"], dtype=np.int64),
            soh_capacity=np.asarray(arrays["soh_capacity"], dtype=np.float64),
        )


def _not_negative(name: str, value: float, unit: str) -> float:
    if value < 0.0 or math.isinf(value):
        raise InvalidQuantityError(name, value, 0.0, math.inf, unit, where="WarrantyLog")
    return value


def _with_before(clause: LoggedClause, before: Mapping[str, float]) -> LoggedClause:
    """Keep what was used before, and judge no total of which that is not known, unless it is broken without."""
    used = before.get(clause.name, 0.0)
    if math.isnan(used) and clause.margin >= 0.0:
        return replace(clause, margin=math.nan, before=used)
    return replace(clause, before=used)
