"""Spoiled inputs are found and named before a forecast is made: each day is held against the days before it alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from battuta.domain.errors import DataError
from battuta.domain.input_finding import InputFault, InputFinding, Severity
from battuta.domain.prices import PRICE
from battuta.forecast.spoiled_clock import ClockCheck, follows_sun, sun_off_noon_h
from battuta.forecast.spoiled_limits import dark_slots, impossible
from battuta.forecast.spoiled_record import RECENT_DAYS, DayRecord, Verdict, quantum_of
from battuta.forecast.spoiled_scale import scale
from battuta.forecast.spoiled_values import constant, jump, missing, repeated, zeros
from battuta.numerics.arrays import BoolArray, FloatArray, IntArray


class ColumnWatch:
    """Watches one column: learns from its history, then judges each day that is added.

    Parameters
    ----------
    name : str
        Name of the column, as findings say it.
    days : ndarray, shape (n_days, n_slots)
        History, NaN where missing. [unit of the column]
    is_price : bool
        True for a column that may be negative, zero and spiky.
    utc_offset_h : ndarray, shape (n_days,), or None
        Hours by which the wall clock is ahead of UTC at noon of each day. Without it the clock of a column that follows
        the sun is not judged, as the sun keeps UTC when clocks are changed. [h]
    """

    __slots__ = (
        "_clock",
        "_findings",
        "_follows_sun",
        "_highest",
        "_knows_utc",
        "_lowest",
        "_record",
        "_slot_highest",
        "name",
    )

    def __init__(self, name: str, days: FloatArray, *, is_price: bool, utc_offset_h: IntArray | None = None) -> None:
        self.name = name
        self._findings: list[InputFinding] = []
        self._lowest, self._highest = np.inf, -np.inf
        self._slot_highest: FloatArray = np.zeros(days.shape[1])
        self._record = DayRecord(days.shape[1], is_price=is_price)
        self._record.quantum = quantum_of(days)
        self._clock = ClockCheck(self._record)
        self._follows_sun, self._knows_utc = follows_sun(days), utc_offset_h is not None
        n_leading = _leading_zero_days(days)
        for row, day in enumerate(days):
            self._take(day, None if utc_offset_h is None else int(utc_offset_h[row]), is_beginning=row < n_leading)
        if not self._follows_sun or self._knows_utc:
            self._clock.learn()
        if n_leading:
            self._note(_before_its_beginning(n_leading, days.shape[0]), n_leading - 1)
        self._check_noon(days)
        for row in range(days.shape[0]):
            self._judge_clock(row)

    @property
    def n_days(self) -> int:
        """Number of days seen."""
        return self._record.n_days

    @property
    def n_slots(self) -> int:
        """Values of a day."""
        return self._record.n_slots

    @property
    def is_sound(self) -> BoolArray:
        """Days that a forecast may use, shape (n_days,); the others are to be treated as missing."""
        return self._record.is_sound.copy()

    @property
    def findings(self) -> tuple[InputFinding, ...]:
        """Everything found so far, by its first day."""
        return tuple(sorted(self._findings, key=lambda each: each.first_day))

    def seen_share(self, n_days: int = 7) -> float:
        """Share of planted shifts of an hour that its own history showed; 0 where its clock is not judged.

        Parameters
        ----------
        n_days : int
            Length of the shift: 1, 3, 7 or 14. [d]

        Returns
        -------
        float
            Share in [0, 1]. [-]
        """
        limit = self._clock.limits.get(n_days)
        return limit.seen_share if limit is not None else 0.0

    def update(self, day: FloatArray, utc_offset_h: int | None = None) -> tuple[InputFinding, ...]:
        """Take the next day and judge it.

        Parameters
        ----------
        day : ndarray, shape (n_slots,)
            Values, NaN where missing. [unit of the column]
        utc_offset_h : int or None
            Hours by which the wall clock is ahead of UTC at noon; wanted where the history came with it. [h]

        Returns
        -------
        tuple of InputFinding
            What concerns this day.
        """
        if self._knows_utc and utc_offset_h is None:
            message = f"{self.name}: the history came with utc_offset_h, this day without; give it with each day"
            raise DataError(message)
        self._take(day, utc_offset_h)
        row = self._record.n_days - 1
        self._judge_clock(row)
        return tuple(each for each in self._findings if each.last_day == row)

    def _take(self, day: FloatArray, utc_offset_h: int | None, *, is_beginning: bool = False) -> None:
        record, row = self._record, self._record.n_days
        verdicts = [] if is_beginning else self._verdicts(day)
        cannot_be = any(each.kind is InputFault.JUMP and each.severity is Severity.REFUSE for each in verdicts)
        kept = np.full(day.shape, np.nan) if cannot_be else day  # an absurd hour would spoil every mean that it is in
        record.append(kept, utc_offset_h or 0 if self._follows_sun else 0)
        for verdict in verdicts:
            self._note(verdict, row)
        if is_beginning or any(each.severity is Severity.REFUSE for each in verdicts):
            record.refuse(row, row + 1)
        elif np.isfinite(day).all():
            self._lowest, self._highest = min(self._lowest, float(day.min())), max(self._highest, float(day.max()))
            self._slot_highest = np.maximum(self._slot_highest, np.abs(day))

    def _verdicts(self, day: FloatArray) -> list[Verdict]:
        record = self._record
        absent = missing(day)
        references = record.references(record.n_days)
        if absent is not None:
            return [each for each in (absent, scale(record, day, references)) if each is not None]
        checks = (
            zeros(record, day, references),
            constant(record, day, references),
            repeated(record, day),
            scale(record, day, references),
            impossible(record, day, references, (self._lowest, self._highest), self._night()),
        )
        found = [each for each in checks if each is not None]
        if not any(each.severity is Severity.REFUSE for each in found):
            far = jump(record, day, self._lowest, self._highest)
            found += [] if far is None else [far]
        return found

    def _night(self) -> BoolArray | None:
        return dark_slots(self._slot_highest) if self._follows_sun else None

    def _judge_clock(self, row: int) -> None:
        is_judged = self._record.is_sound[row]
        verdict = self._clock.judge(row) if is_judged else None
        if verdict is None:
            return
        self._note(verdict, row)
        if verdict.severity is Severity.REFUSE:
            self._record.refuse(row - verdict.n_days_back, row + 1)
            self._clock.forget(row - verdict.n_days_back)

    def _check_noon(self, days: FloatArray) -> None:
        middle_h = sun_off_noon_h(days)
        if not np.isfinite(middle_h):
            return
        verdict = Verdict(
            kind=InputFault.SHIFT,
            severity=Severity.WARN,
            detail=f"the column follows the sun, but the middle of its days lies at {middle_h:.1f} h",
            mend="check the clock and the zone of the source's labels",
            n_days_back=days.shape[0] - 1,
        )
        self._note(verdict, days.shape[0] - 1)

    def _note(self, verdict: Verdict, row: int) -> None:
        """Write a verdict down; it lengthens the finding of the day before where that is of its kind."""
        first = row - verdict.n_days_back
        for index in range(len(self._findings) - 1, -1, -1):
            before = self._findings[index]
            is_same = before.kind is verdict.kind and before.severity is verdict.severity
            if is_same and first - 1 <= before.last_day <= row:
                start = min(before.first_day, first)
                self._findings[index] = replace(
                    before, first_day=start, n_days=row - start + 1, detail=verdict.detail, mend=verdict.mend
                )
                return
        self._findings.append(
            InputFinding(
                column=self.name, kind=verdict.kind, first_day=first, n_days=row - first + 1, detail=verdict.detail,
                mend=verdict.mend, severity=verdict.severity,
            )
        )  # fmt: skip


class SpoilWatch:
    """Watches the inputs of a forecast: learns from their history once, then each new day costs a few milliseconds.

    Parameters
    ----------
    columns : mapping of str to ndarray, shape (n_days, n_slots)
        History of the price and of every input beside it, on wall-clock slots, NaN where missing. The last row of each
        is the newest day known; inputs may be a day ahead of the price. [unit of each column]
    price : str
        Which column is the price.
    utc_offset_h : ndarray, shape (n_days,) or longer, or None
        Hours by which the wall clock is ahead of UTC at noon of each day. Without it the clock of columns that follow
        the sun is not judged. [h]

    Examples
    --------
    >>> hour, day = np.arange(24.0), np.arange(200.0)[:, None]
    >>> load_mw = 50.0 + 10.0 * np.sin(hour / 4.0) + day % 7 + 0.01 * day
    >>> watch = SpoilWatch({"load_mw": load_mw[:-1]})
    >>> watch.update({"load_mw": load_mw[-1]})
    ()
    >>> print(watch.update({"load_mw": load_mw[4] * 1000.0})[0])
    load_mw, day 200: the day reaches 61820.7, comparable days 62.6657: 1000 times their unit [scale, refuse]; \
multiply the day by 1/1000 if its source changed the unit
    """

    __slots__ = ("_watches",)

    def __init__(
        self, columns: Mapping[str, FloatArray], *, price: str = PRICE, utc_offset_h: IntArray | None = None
    ) -> None:
        if not columns:
            message = "there is no column to watch; give the price and the inputs beside it"
            raise DataError(message)
        for name, days in columns.items():
            _check_shape(name, days)
        _check_offsets(columns, utc_offset_h)
        self._watches = {
            name: ColumnWatch(name, days, is_price=name == price, utc_offset_h=utc_offset_h)
            for name, days in columns.items()
        }

    @property
    def findings(self) -> tuple[InputFinding, ...]:
        """Everything found so far, column by column."""
        return tuple(each for watch in self._watches.values() for each in watch.findings)

    def column(self, name: str) -> ColumnWatch:
        """Return the watch of one column.

        Raises
        ------
        DataError
            If no such column is watched.
        """
        if name not in self._watches:
            message = f"column {name!r} is not watched; these are: {', '.join(self._watches)}"
            raise DataError(message)
        return self._watches[name]

    def update(self, day: Mapping[str, FloatArray], utc_offset_h: int | None = None) -> tuple[InputFinding, ...]:
        """Take the next day of some or all columns and judge it.

        Parameters
        ----------
        day : mapping of str to ndarray, shape (n_slots,)
            The next day of each column: of the price the last one known, of the inputs the one to forecast. NaN where
            missing. [unit of each column]
        utc_offset_h : int or None
            Hours by which the wall clock is ahead of UTC at noon of the day of the inputs; wanted where the history
            came with it. [h]

        Returns
        -------
        tuple of InputFinding
            What concerns these days.

        Raises
        ------
        DataError
            If a column is not watched or its day has another number of values.
        """
        for name, values in day.items():
            n_slots = self.column(name).n_slots
            if values.shape != (n_slots,):
                message = f"a day of {name} has shape {values.shape}, where its history has {n_slots} values a day"
                raise DataError(message)
        return tuple(each for name, values in day.items() for each in self._watches[name].update(values, utc_offset_h))


def find_spoiled(
    columns: Mapping[str, FloatArray],
    n_known_price_days: int,
    *,
    price: str = PRICE,
    utc_offset_h: IntArray | None = None,
) -> tuple[InputFinding, ...]:
    """Look for spoiled inputs before the day after the last known price is forecast.

    Rows of the price from `n_known_price_days` on, and rows of the inputs after that day, are not looked at. Where many
    days follow each other, a `SpoilWatch` learns once.

    Parameters
    ----------
    columns : mapping of str to ndarray, shape (n_days, n_slots)
        The price and the inputs beside it on wall-clock slots, row 0 the same day for all, NaN where missing. [unit of
        each column]
    n_known_price_days : int
        Number of days whose price is known; that number is also the row of the day to forecast. [d]
    price : str
        Which column is the price.
    utc_offset_h : ndarray, shape (n_days,) or longer, or None
        Hours by which the wall clock is ahead of UTC at noon of each day, the day to forecast among them. Without it
        the clock of columns that follow the sun is not judged. [h]

    Returns
    -------
    tuple of InputFinding
        Findings in the history and on the newest day, column by column. An input without a row for the day to forecast
        is `missing` from its end on.

    Raises
    ------
    DataError
        If there is no column, a shape is wrong, or fewer prices are given than are said to be known.

    Examples
    --------
    >>> hour, day = np.arange(24.0), np.arange(200.0)[:, None]
    >>> load_mw = 50.0 + 10.0 * np.sin(hour / 4.0) + day % 7 + 0.01 * day
    >>> load_mw[-1] = 0.0
    >>> found = find_spoiled({"price_per_mwh": 0.8 * load_mw, "load_mw": load_mw}, 199)
    >>> [(each.column, str(each.kind), each.first_day) for each in found]
    [('load_mw', 'zeros', 199)]
    """
    known: dict[str, FloatArray] = {}
    for name, days in columns.items():
        _check_shape(name, days)
        n_expected = n_known_price_days + (name != price)
        if name == price and days.shape[0] < n_known_price_days:
            message = f"{name} has {days.shape[0]} days, where {n_known_price_days} are said to be known"
            raise DataError(message)
        n_absent = max(n_expected - days.shape[0], 0)
        absent = np.full((n_absent, days.shape[1]), np.nan)
        known[name] = np.concatenate([days[:n_expected], absent]) if n_absent else days[:n_expected]
    return SpoilWatch(known, price=price, utc_offset_h=utc_offset_h).findings


def _check_shape(name: str, days: FloatArray) -> None:
    if days.ndim != 2 or days.shape[0] == 0 or days.shape[1] < 24 or days.shape[1] % 24:
        message = (
            f"{name} has shape {days.shape}; give (n_days, n_slots) with at least one day of 24, 48, 96, ... "
            "wall-clock slots"
        )
        raise DataError(message)


def _check_offsets(columns: Mapping[str, FloatArray], utc_offset_h: IntArray | None) -> None:
    n_days = max(days.shape[0] for days in columns.values())
    if utc_offset_h is not None and (utc_offset_h.ndim != 1 or utc_offset_h.shape[0] < n_days):
        message = f"utc_offset_h has shape {utc_offset_h.shape}; give one offset for each of the {n_days} days"
        raise DataError(message)


def _leading_zero_days(days: FloatArray) -> int:
    """Count the days of nothing but zeros that a column begins with, where they are many and end at some time."""
    is_nonzero = ~np.all(days == 0.0, axis=1)
    n_leading = int(np.argmax(is_nonzero)) if is_nonzero.any() else 0
    return n_leading if n_leading >= RECENT_DAYS else 0


def _before_its_beginning(n_leading: int, n_days: int) -> Verdict:
    return Verdict(
        kind=InputFault.ZEROS,
        severity=Severity.WARN,
        detail=f"the first {n_leading} of {n_days} days are zero throughout: the column begins after them",
        mend="leave these days out of what a model learns from",
        n_days_back=n_leading - 1,
    )
