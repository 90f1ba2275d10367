"""How the tests of a string went over the days, as they were made: nothing is worked out a second time.

Of each test a day keeps the band of all cells, its limits, and the change of each cell; at the end all cells are let go
but those of which something was told.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np

from battuta.domain.health import Finding
from battuta.health.verdicts import Verdict
from battuta.numerics.arrays import FloatArray, IntArray

BAND = (0.05, 0.5, 0.95)
"""Shares of the cells that lie below the band of a string, its middle, and its upper end."""
AGAINST_STRING = frozenset({"charge_lost_per_day", "resistance_ohm"})
"""What is held against the other cells alone; all else is held against the cell's own past as well."""
_Effects: TypeAlias = np.ndarray[tuple[int], np.dtype[np.float32]]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DecidingTest:
    """One test of one cell over the days.

    Attributes
    ----------
    name : str
        What is measured, the unit last.
    window_days : int
        Over how many days.
    against : str
        ``string`` where the cell stands among the others, ``past`` where it is held against what it was before.
    days : ndarray, shape (n_days,)
        Days since 1970-01-01 on which the test was made.
    effect, low, high : ndarray, shape (n_days,)
        The cell, NaN where it was not there, and the band of all cells. [its unit]
    watch, act : ndarray, shape (n_days,)
        What the cell has to exceed, for some days and by enough usual distances of the others. [its unit]
    """

    name: str
    window_days: int
    against: str
    days: IntArray
    effect: FloatArray
    low: FloatArray
    high: FloatArray
    watch: FloatArray
    act: FloatArray


@dataclass(slots=True)
class _Kept:
    """One test over the days, four bytes a cell and day, and the few cells of which more is asked."""

    days: list[int] = field(default_factory=list[int])
    figures: list[tuple[float, ...]] = field(default_factory=list[tuple[float, ...]])
    effects: list[_Effects] = field(default_factory=list[_Effects])
    cautions: list[dict[int, float]] = field(default_factory=list[dict[int, float]])


@dataclass(slots=True)
class VerdictRecord:
    """What all tests of a string said, day by day."""

    _kept: dict[tuple[str, str, int], _Kept] = field(default_factory=dict[tuple[str, str, int], _Kept])

    def take(self, day: int, verdicts: Sequence[Verdict]) -> None:
        """Keep what the tests said of a day.

        Parameters
        ----------
        day : int
            Day since 1970-01-01. [-]
        verdicts : sequence of Verdict
            One of each test that was made.
        """
        for each in verdicts:
            low, middle, high = (float(value) for value in np.quantile(each.effect, BAND))
            kept = self._kept.setdefault((each.fault.value, each.name, each.days), _Kept())
            kept.days.append(day)
            kept.figures.append((low, middle, high, each.limit, each.act_limit))
            kept.effects.append(each.effect.astype(np.float32))
            kept.cautions.append({int(cell): float(each.caution[cell]) for cell in np.flatnonzero(each.caution != 1.0)})

    def deciding(self, finding: Finding) -> DecidingTest | None:
        """Return the test that decided on a finding, over all days that were kept.

        Parameters
        ----------
        finding : Finding
            What was found.

        Returns
        -------
        DecidingTest or None
            The test; None where no test of the cells decided, or none of its days was kept.
        """
        window_days, cell = int(finding.evidence.get("window_days", 0.0)), finding.cell
        keys = ((finding.fault.value, name, window_days) for name in finding.evidence)
        key = next((each for each in keys if each in self._kept), None)
        if key is None or cell is None:
            return None
        kept = self._kept[key]
        effect = np.array([each[cell] if cell < each.size else np.nan for each in kept.effects], dtype=np.float64)
        if not np.isfinite(effect).any():
            return None
        low, middle, high, limit, act_limit = np.array(kept.figures).T
        caution = np.array([each.get(cell, 1.0) for each in kept.cautions])
        return DecidingTest(
            name=key[1],
            window_days=window_days,
            against="string" if key[1] in AGAINST_STRING else "past",
            days=np.array(kept.days, dtype=np.int64),
            effect=effect,
            low=low,
            high=high,
            watch=middle + caution * limit,
            act=middle + caution * act_limit,
        )
