"""A clock that runs an hour or two early or late: the shape of a day fits the shapes of past days better when moved.

The mean shape of the last 1, 3, 7 and 14 days is compared with such means of the past, moved and not moved. Nearest
past shapes count, so that a holiday finds a Sunday, and the days after a change of clocks those of a year ago. How much
better a moved fit may be by chance is learned from the column's own history, and so is whether a planted hour would
stand out at all: where it would not, as in wind, the clock of that column is not judged.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from battuta.domain.input_finding import InputFault, Severity
from battuta.forecast.clock_kernels import nearest_likeness
from battuta.forecast.spoiled_record import YEAR_DAYS, YEAR_REACH_DAYS, DayRecord, Verdict
from battuta.numerics.arrays import BoolArray, FloatArray, IntArray

LENGTHS_DAYS = (1, 3, 7, 14)
"""A shape is the mean of so many days."""
MOVES_H = (1, 2, -1, -2)
"""Hours that a clock may be late (positive) or early."""
GUARD_DAYS = 21
"""Days so young are no reference: a fault that was not seen yet would hide itself."""
WINDOW_DAYS = 35
LEARNED_MIN = 60
_LEARNED_MAX = 500
_KEPT_DAYS = GUARD_DAYS + LENGTHS_DAYS[-1]
"""From so many days on a moved clock is that of the source: means of every length then have references that keep it."""
_YEAR_LEARNED_MIN = 120
_AHEAD_DAYS = 64
_WHOLE_SHARE = 0.7
_FIT_FLOOR = 1e-4
_BEHIND = -0.2
_TOLD_SHARE, _REFUSED_SHARE = 0.75, 0.9
_SUN_LOW_H, _SUN_HIGH_H = 10.5, 15.0
_NIGHT_SHARE, _NIGHTS_SHARE = 0.9, 0.1
_FIT_QUANTILE = 0.97


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """What a score must exceed for a shape of some days, and how much that lets see.

    Attributes
    ----------
    score : float
        Limit of the logarithm of how much better the moved fit is. [-]
    misfit : float
        The moved fit must be as good as fits of unspoiled days usually are: its misfit must not exceed this. [-]
    seen_share : float
        Share of planted hours that exceed it. [-]
    """

    score: float
    misfit: float
    seen_share: float


class ClockCheck:
    """Watches the clock of one column.

    Parameters
    ----------
    record : DayRecord
        The column, its newest day last; days are added to the record first and judged here after.
    """

    __slots__ = (
        "_blocks",
        "_has_block",
        "_kept_since",
        "_moved_h",
        "_moved_rows",
        "_n_blocks",
        "_record",
        "_shift",
        "_since",
        "_single",
        "limits",
    )

    def __init__(self, record: DayRecord) -> None:
        self._record = record
        self._shift = max(record.n_slots // 24, 1)
        n_inner = record.n_slots - 4 * self._shift
        self._blocks = {length: np.zeros((0, 1 + len(MOVES_H), n_inner)) for length in LENGTHS_DAYS}
        self._has_block = {length: np.zeros(0, dtype=np.bool_) for length in LENGTHS_DAYS}
        self._n_blocks = 0
        self._single: dict[int, FloatArray] = {}
        self._since = 0
        self._moved_h = 0
        self._moved_rows: list[int] = []
        self._kept_since = 0
        self.limits: dict[int, Limit] = {}

    def learn(self) -> None:
        """Learn from the days so far what each length of days can show, and from which score on."""
        record = self._record
        self._fill(record.n_days)
        first = YEAR_DAYS + YEAR_REACH_DAYS  # where there is enough, from days on that also see the year before
        if record.n_days < first + _YEAR_LEARNED_MIN:
            first = GUARD_DAYS + WINDOW_DAYS
        step = max(1, (record.n_days - first) // _LEARNED_MAX)
        whole = _shapes(record.clock_days, record.is_sound)
        flat = record.clock_days.ravel()
        moved = [
            _shapes(np.roll(flat, each * self._shift).reshape(record.clock_days.shape), record.is_sound)
            for each in (1, -1)
        ]
        for length in LENGTHS_DAYS:
            clean: list[FloatArray] = []
            planted: list[float] = []
            for count, day in enumerate(range(first, record.n_days, step)):
                misfit = self._misfit(length, day, _mean_shape(whole, day, length))
                if misfit is not None:
                    clean.append(misfit)
                if count % 3 == 0:
                    which = count // 3 % 2
                    misfit = self._misfit(length, day, _mean_shape(moved[which], day, length))
                    if misfit is not None:
                        planted.append(float(_scores(misfit)[MOVES_H.index((1, -1)[which])]))
            if len(clean) >= LEARNED_MIN and planted:
                self.limits[length] = _limit(np.array(clean), np.array(planted), length)

    def forget(self, day: int) -> None:
        """Make the references anew from a day on, as what is sound of it and later days has changed."""
        self._n_blocks = min(self._n_blocks, day)

    def judge(self, day: int) -> Verdict | None:
        """Judge the clock on one day from the days up to it.

        Parameters
        ----------
        day : int
            Row of the day, the newest in the record.

        Returns
        -------
        Verdict or None
            The fault, with the number of days before that share it.
        """
        if not any(each.seen_share >= _TOLD_SHARE for each in self.limits.values()):
            return None
        self._fill(day - GUARD_DAYS + 1)
        record = self._record
        latest: FloatArray = record.clock_days[max(day - LENGTHS_DAYS[-1] + 1, 0) : day + 1]
        shapes = _shapes(latest, np.ones(len(latest), dtype=np.bool_))
        misfit = self._misfit(1, day, _mean_shape(shapes, shapes.shape[0] - 1, 1))
        if misfit is not None:
            self._single[day] = _scores(misfit)
        if self._moved_h and not self._is_back(day):
            self._moved_rows.append(day)
            if len(self._moved_rows) >= _KEPT_DAYS:
                return self._taken_over(day)
            return self._verdict(MOVES_H.index(self._moved_h), 0, is_refused=True)
        self._moved_h = 0
        best = self._plainest(day, shapes[-(day - self._since + 1) :])
        if best is None:
            return None
        length, at, is_refused = best
        n_back = self._days_back(day, length, at)
        if is_refused:
            self._moved_h = MOVES_H[at]
            self._moved_rows = [each for each in range(day - n_back, day + 1) if record.is_sound[each]]
        return self._verdict(at, n_back, is_refused=is_refused)

    def _taken_over(self, day: int) -> Verdict:
        """Take a clock that has been off for weeks for the one that the source keeps: its days alone are references."""
        record, first = self._record, self._moved_rows[0]
        record.restore(self._moved_rows)
        said = self._verdict(MOVES_H.index(self._moved_h), 0, is_refused=False)
        self._moved_h, self._since, self._kept_since = 0, first, first
        self.forget(first)
        self._fill(day - GUARD_DAYS + 1)
        return replace(said, detail=f"{said.detail} since {day + 1 - first} days: taken for the clock of the source")

    def _plainest(self, day: int, shapes: FloatArray) -> tuple[int, int, bool] | None:
        """Length of days that shows a fault, which move it is, and whether it is refused; None where none does."""
        best: tuple[int, int, bool] | None = None
        for length in (each for each in LENGTHS_DAYS if each <= shapes.shape[0]):
            limit = self.limits.get(length)
            if limit is None or limit.seen_share < _TOLD_SHARE:
                continue
            misfit = self._misfit(length, day, _mean_shape(shapes, shapes.shape[0] - 1, length))
            if misfit is None:
                continue
            score = _scores(misfit)
            at = int(np.argmax(score))
            if score[at] <= limit.score or misfit[1 + at] > limit.misfit:
                continue  # where a moved fit is no better than that of an odd day, the day is odd, not its clock
            is_refused = limit.seen_share >= _REFUSED_SHARE and not self._record.is_price
            if best is None or (is_refused and not best[2]):
                best = (length, at, is_refused)
        return best

    def _is_back(self, day: int) -> bool:
        """Say whether a clock that was off is right again; the shapes of later days then begin anew."""
        at = MOVES_H.index(self._moved_h)
        last = [self._single[each][at] for each in range(day - 2, day + 1) if each in self._single]
        if day not in self._single or not last:
            return False
        limit = self.limits.get(1)
        is_clear = limit is not None and limit.seen_share >= _REFUSED_SHARE
        if is_clear and last[-1] < _BEHIND:
            self._since = day
            return True
        if float(np.mean(last)) < _BEHIND:
            self._since = day - len(last) + 1
            return True
        return False

    def _days_back(self, day: int, length: int, at: int) -> int:
        """Count the days before this one, within a mean of some days, from the first that fits better moved."""
        for back in range(length - 1, 0, -1):
            score = self._single.get(day - back)
            if score is not None and score[at] > 0.0:
                return back
        return 0

    def _verdict(self, at: int, n_back: int, *, is_refused: bool) -> Verdict:
        hours = MOVES_H[at]
        words = f"the daily shape comes {abs(hours)} h {'late' if hours > 0 else 'early'} against that of past days"
        return Verdict(
            kind=InputFault.SHIFT,
            severity=Severity.REFUSE if is_refused else Severity.WARN,
            detail=words,
            mend="check the clock and the zone of the source's labels",
            n_days_back=n_back,
        )

    def _fill(self, stop: int) -> None:
        """Prepare the references that end before a day and some after it, by what is known of their soundness now."""
        if stop <= self._n_blocks:
            return
        record, begin = self._record, self._n_blocks
        stop = min(stop + _AHEAD_DAYS, record.n_days)  # many at once cost little more than one; `forget` undoes
        start = max(begin - LENGTHS_DAYS[-1] + 1, 0)
        shapes = _shapes(record.clock_days[start:stop], record.is_sound[start:stop])
        for length in LENGTHS_DAYS:
            self._grow(length, stop)
            means, has_mean = _mean_shapes(shapes, length)
            self._has_block[length][begin:stop] = has_mean[begin - start :]
            self._blocks[length][begin:stop] = self._unit_shapes(means[begin - start :])
        self._n_blocks = stop

    def _grow(self, length: int, stop: int) -> None:
        room = stop - self._blocks[length].shape[0]
        if room > 0:
            room = max(room, stop // 2, 64)
            blocks, has_block = self._blocks[length], self._has_block[length]
            self._blocks[length] = np.concatenate([blocks, np.zeros((room, *blocks.shape[1:]))])
            self._has_block[length] = np.concatenate([has_block, np.zeros(room, dtype=np.bool_)])

    def _unit_shapes(self, means: FloatArray) -> FloatArray:
        """Inner slots of shapes (n_days, n_slots), as they are and moved, each less its mean and of length one."""
        edge, n_slots = 2 * self._shift, means.shape[1]
        steps = [each * self._shift for each in (0, *MOVES_H)]
        inner = np.stack([means[:, edge - step : n_slots - edge - step] for step in steps], axis=1)
        inner -= inner.mean(axis=2, keepdims=True)
        size = np.sqrt((inner * inner).sum(axis=2, keepdims=True))
        return inner / np.where(size > 0.0, size, 1.0)

    def _misfit(self, length: int, day: int, mean: FloatArray | None) -> FloatArray | None:
        """Misfit with the nearest references as they are, and moved, shape (1 + n_moves,). [-]"""
        if mean is None:
            return None
        inner = mean[2 * self._shift : mean.size - 2 * self._shift]
        inner = inner - inner.mean()
        size = float(np.sqrt(inner @ inner))
        if not size > 0.0:
            return None
        kept, likeness = self._kept_since, np.empty(1 + len(MOVES_H))
        n_seen = nearest_likeness(
            self._blocks[length],
            self._has_block[length],
            max(day - YEAR_DAYS - YEAR_REACH_DAYS, kept),
            max(day - YEAR_DAYS + YEAR_REACH_DAYS + 1, kept),
            max(day - GUARD_DAYS + 1, 0),
            WINDOW_DAYS,
            inner / size,
            likeness,
        )
        return 1.0 + _FIT_FLOOR - likeness if n_seen >= WINDOW_DAYS // 2 else None


def follows_sun(days: FloatArray) -> bool:
    """Say whether a column is zero at night on nearly all days that have a value, and never negative.

    Parameters
    ----------
    days : ndarray, shape (n_days, n_slots)
        Values, NaN where missing. [unit of the column]

    Returns
    -------
    bool
        True for the power of the sun.
    """
    whole = days[np.isfinite(days).all(axis=1) & (days.max(axis=1) > 0.0)]
    if whole.shape[0] < WINDOW_DAYS or whole.min() < 0.0:
        return False
    night_share: FloatArray = np.mean(whole == 0.0, axis=0)
    return bool(np.mean(night_share > _NIGHT_SHARE) >= _NIGHTS_SHARE)


def sun_off_noon_h(days: FloatArray) -> float:
    """Hour around which a column that follows the sun has its middle, where that cannot be noon.

    Parameters
    ----------
    days : ndarray, shape (n_days, n_slots)
        Values, NaN where missing. [unit of the column]

    Returns
    -------
    float
        Hour of the day of its middle, NaN where it lies between 10.5 and 15 or the column does not follow the sun. [h]

    Examples
    --------
    >>> hour = np.arange(24) + 0.5
    >>> sun = np.maximum(np.cos((hour - 12.5) * np.pi / 12), 0.0)
    >>> float(sun_off_noon_h(np.tile(sun, (40, 1))))
    nan
    >>> round(float(sun_off_noon_h(np.tile(np.roll(sun, 6), (40, 1)))), 1)
    18.5
    """
    if not follows_sun(days):
        return float("nan")
    whole = days[np.isfinite(days).all(axis=1) & (days.max(axis=1) > 0.0)]
    mean = whole.mean(axis=0)
    angle: FloatArray = np.linspace(0.0, 2.0 * np.pi, mean.size, endpoint=False) + np.pi / mean.size
    middle_h = float(np.arctan2(mean @ np.sin(angle), mean @ np.cos(angle)) * 12.0 / np.pi) % 24.0
    return float("nan") if _SUN_LOW_H <= middle_h <= _SUN_HIGH_H else middle_h


def _shapes(days: FloatArray, is_sound: BoolArray) -> FloatArray:
    """Each day less its mean; NaN throughout where a day has no shape or must not be used."""
    shapes = days - days.mean(axis=1, keepdims=True)
    is_flat = days.max(axis=1) == days.min(axis=1)
    return np.where((is_sound & ~is_flat)[:, None] & np.isfinite(shapes).all(axis=1)[:, None], shapes, np.nan)


def _mean_shape(shapes: FloatArray, last: int, n_days: int) -> FloatArray | None:
    """Mean shape of the days up to and with one, None where too few of them have a shape."""
    block = shapes[max(last - n_days + 1, 0) : last + 1]
    has_shape = np.isfinite(block[:, 0])
    n_whole = int(np.count_nonzero(has_shape))
    if n_whole < _WHOLE_SHARE * n_days or not has_shape[-1]:
        return None
    return block.mean(axis=0) if n_whole == block.shape[0] else block[has_shape].mean(axis=0)


def _mean_shapes(shapes: FloatArray, n_days: int) -> tuple[FloatArray, BoolArray]:
    """Mean shape of the days up to and with each one, as `_mean_shape`, and where there is one."""
    has_shape = np.concatenate([np.zeros(n_days - 1, dtype=np.bool_), np.isfinite(shapes[:, 0])])
    padded = np.concatenate([np.zeros((n_days - 1, shapes.shape[1])), shapes])
    total = sliding_window_view(np.where(has_shape[:, None], padded, 0.0), n_days, axis=0).sum(axis=2)
    n_whole: IntArray = sliding_window_view(has_shape, n_days).sum(axis=1)
    has_mean = (n_whole >= _WHOLE_SHARE * n_days) & has_shape[n_days - 1 :]
    return total / np.maximum(n_whole, 1)[:, None], has_mean


def _scores(misfit: FloatArray) -> FloatArray:
    """Logarithm of how much smaller the misfit is when references are moved, shape (..., n_moves). [-]"""
    return np.log(misfit[..., :1] / misfit[..., 1:])


def _limit(clean: FloatArray, planted: FloatArray, length: int) -> Limit:
    """Lay the limit above what the history does by chance, and higher where planted hours leave room for it."""
    chance = _scores(clean).max(axis=1)
    middle, high = np.quantile(chance, 0.5), np.quantile(chance, 0.95)
    score = max(0.5, float(high + 0.5 * (high - middle)) + 0.2, 0.6 * float(np.quantile(planted, 0.05)))
    if length < LENGTHS_DAYS[2]:  # holidays are days, not weeks
        score = max(score, float(np.quantile(chance, 0.997)) + 0.3)
    misfit = float(np.quantile(clean[:, 0], _FIT_QUANTILE))
    return Limit(score=score, misfit=misfit, seen_share=float(np.mean(planted > score)))
