"""What one test says of the cells of a string: strong only where no other cell of it ever went nearly as far.

Balancing, a new range, a fresh module or a wrong slope move several cells of a string at once and come again. So a
test keeps how far the cells of this string went lately, the few farthest left out, and a cell has to go well beyond
that, and for days.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from battuta.domain.health import FaultClass
from battuta.health.comparison_kernels import middle
from battuta.health.day_history import beside_others
from battuta.health.decision_settings import Threshold
from battuta.numerics.arrays import BoolArray, FloatArray, IntArray

_FORGOTTEN_PER_DAY, _BURST_DAYS = 0.99, 6
"""What is left of an excursion after a day [-], and days for which today's counts in full."""
_SURE_ACT = 1.5
"""How far beyond what is sure a cell has to be for act. [-]"""
_COMPANY_SHARE, _COMPANY_DOUBT = 0.7, 1.5
"""Share of the limit from which another cell is company, and by how much more a cell in company has to change. [-]"""
_FAR_CELLS_SHARE = 0.021
"""Share of the cells that may be bad at once without hiding each other. [-]"""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Verdict:
    """What one test says of all cells of a string on one day.

    Attributes
    ----------
    fault : FaultClass
        What it looks for.
    share, act_share : ndarray, shape (n_cells,)
        How far each cell is beyond where the test says watch, and act; both speak from 1 on. [-]
    stirs : ndarray, shape (n_cells,)
        The same, whatever the other cells did lately: neighbours that stir together were worked on. [-]
    caution : ndarray, shape (n_cells,)
        By how much more each cell has to go beyond the limits, as its voltages are badly explained; less than 1 where
        what is sure is less than the limit. [-]
    effect, beyond, score : ndarray, shape (n_cells,)
        The change itself, how far it lies from the middle of the cells [its unit], and in their usual distances [-].
    limit, act_limit : float
        How far beyond the middle it says watch, and act. [its unit]
    name : str
        What is measured, the unit last.
    days : int
        Over how many days.
    """

    fault: FaultClass
    share: FloatArray
    act_share: FloatArray
    stirs: FloatArray
    caution: FloatArray
    effect: FloatArray
    beyond: FloatArray
    score: FloatArray
    limit: float
    act_limit: float
    name: str
    days: int


@dataclass(slots=True, kw_only=True)
class CellTest:
    """One test, with what it remembers; plain arrays, so that it survives a restart.

    Attributes
    ----------
    fault : FaultClass
        What it looks for.
    threshold : Threshold
        When it speaks.
    name : str
        What is measured, the unit last.
    days : int
        Over how many days.
    days_in_row, act_days_in_row : ndarray, shape (n_cells,)
        For how many days it would have said watch, and act.
    usual : float
        How far the cells of the string went so far, the oldest nearly forgotten. [unit of the effect]
    recent : ndarray, shape (6,)
        The same on the last days.
    """

    fault: FaultClass
    threshold: Threshold
    name: str
    days: int
    days_in_row: IntArray
    act_days_in_row: IntArray
    usual: float = 0.0
    recent: FloatArray = field(default_factory=lambda: np.zeros(_BURST_DAYS))

    @classmethod
    def of(cls, fault: FaultClass, threshold: Threshold, name: str, days: int, n_cells: int) -> CellTest:
        """Begin a test that remembers nothing."""
        quiet = np.zeros(n_cells, dtype=np.int64)
        return cls(
            fault=fault, threshold=threshold, name=name, days=days, days_in_row=quiet, act_days_in_row=quiet.copy()
        )

    def judge(self, effect: FloatArray, floor: float, silent: BoolArray, caution: FloatArray | None = None) -> Verdict:
        """Say what today's effects mean.

        Parameters
        ----------
        effect : ndarray, shape (n_cells,)
            What is tested, positive towards the fault. [its unit]
        floor : float
            Smallest usual distance of a cell from the others. [its unit]
        silent : ndarray of bool, shape (n_cells,)
            Cells of which it can say nothing today.
        caution : ndarray, shape (n_cells,), or None
            By how much more each cell has to go beyond the limits; 1 if left out. [-]

        Returns
        -------
        Verdict
            What it says; a cell speaks once it has been far enough for days.
        """
        score = beside_others(effect, floor)
        threshold = self.threshold
        beyond = np.where(silent, 0.0, effect - middle(effect))
        far = _excursion(beyond)
        self.recent = np.append(self.recent[1:], far)
        usual = max(self.usual, float(self.recent.max()))
        self.usual = max(self.usual * _FORGOTTEN_PER_DAY, far)
        limit = max(threshold.effect, threshold.beyond_usual * usual)
        act_limit = max(threshold.act_effect, threshold.act_beyond_usual * usual)
        caution = np.minimum(np.ones(effect.size) if caution is None else caution, threshold.sure / limit)
        share = np.minimum(beyond / (limit * caution), score / threshold.watch)
        act_share = np.minimum(beyond / (act_limit * caution), score / threshold.act)
        company = _company(share)
        share, act_share = share / company, act_share / company
        act_share = np.maximum(act_share, np.minimum(beyond / threshold.sure, score / threshold.watch) / _SURE_ACT)
        self.days_in_row = np.where(share >= 1.0, self.days_in_row + 1, 0)
        self.act_days_in_row = np.where(act_share >= 1.0, self.act_days_in_row + 1, 0)
        return Verdict(
            fault=self.fault,
            share=np.where(self.days_in_row >= threshold.days, share, np.minimum(share, 0.99)),
            act_share=np.where(self.act_days_in_row >= threshold.act_days, act_share, np.minimum(act_share, 0.99)),
            stirs=np.minimum(beyond / threshold.effect, score / threshold.watch),
            caution=caution,
            effect=effect,
            beyond=beyond,
            score=score,
            limit=limit,
            act_limit=act_limit,
            name=self.name,
            days=self.days,
        )


def _company(share: FloatArray) -> FloatArray:
    """By how much more a cell has to change while others, not next to it, change nearly as much.

    One cause that moves several cells at once, as work on them, is likelier than two faults in the same days. Cells
    side by side share a joint, so a neighbour is no company.
    """
    stirs = share >= _COMPANY_SHARE
    beside = stirs.astype(np.int64)
    beside[1:] += stirs[:-1]
    beside[:-1] += stirs[1:]
    return np.where(int(stirs.sum()) > beside, _COMPANY_DOUBT, 1.0)


def _excursion(beyond: FloatArray) -> float:
    """How far the cells of a string go, the few farthest left out. [unit]"""
    rank = min(1 + max(1, round(_FAR_CELLS_SHARE * beyond.size)), beyond.size)
    return max(float(np.partition(beyond, beyond.size - rank)[beyond.size - rank]), 0.0)


@dataclass(slots=True)
class Peak:
    """The strongest test of a class for each cell, as a share of where it begins to speak; whether one says act.

    The shortest window that speaks says since when and how much, as far as anything does.
    """

    share: FloatArray
    acts: BoolArray
    days: IntArray
    by: list[Verdict | None]

    @classmethod
    def none(cls, n_cells: int) -> Peak:
        """Begin with nothing said."""
        return cls(
            share=np.zeros(n_cells),
            acts=np.zeros(n_cells, dtype=np.bool_),
            days=np.zeros(n_cells, dtype=np.int64),
            by=[None] * n_cells,
        )

    @classmethod
    def sure(cls, cells: BoolArray) -> Peak:
        """Return what is sure of some cells."""
        none = np.zeros(cells.size, dtype=np.int64)
        return cls(share=np.where(cells, 100.0, 0.0), acts=cells, days=none, by=[None] * cells.size)

    def take(self, verdict: Verdict) -> None:
        """Keep what is stronger, and let any test that says act be heard."""
        self.acts = self.acts | (verdict.act_share >= 1.0)
        speaks = verdict.share >= 1.0
        shorter = speaks & ((self.days == 0) | (self.days > verdict.days))
        self.days = np.where(shorter, verdict.days, self.days)
        self.share = np.maximum(self.share, verdict.share)
        for cell in np.flatnonzero(shorter):
            self.by[cell] = verdict

    def take_over(self, other: Peak, cells: BoolArray) -> None:
        """Say of some cells what another class would have said, which then says nothing of them."""
        self.share = np.where(cells, np.maximum(self.share, other.share), self.share)
        self.acts = self.acts | (cells & other.acts)
        self.days = np.where(cells & (self.days == 0), other.days, self.days)
        for cell in np.flatnonzero(cells):
            self.by[cell] = self.by[cell] or other.by[cell]
        other.share = np.where(cells, 0.0, other.share)
