"""From what the members say of a day to one forecast with an honest width, learning from its own errors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from battuta.domain.errors import StaleDataError
from battuta.domain.forecast import percent_levels
from battuta.forecast.day_table import KnownDays
from battuta.forecast.error_distribution import ErrorDistribution
from battuta.forecast.error_scale import ErrorScale, Signs
from battuta.forecast.error_voices import ErrorVoices, Spoken
from battuta.forecast.intraday_update import updated_quantiles
from battuta.forecast.member import MemberRow
from battuta.forecast.missing_inputs import LEFT_OUT, missing_inputs
from battuta.forecast.online_weights import OnlineWeights
from battuta.forecast.price_model import PriceModel, by_family
from battuta.forecast.price_paths import PastRanks, draw_paths, normal_scores
from battuta.forecast.week import SATURDAY
from battuta.numerics.arrays import FloatArray
from battuta.numerics.width_control import control_step, controlled, width_control

_WIDTH_RATE = 0.03
_RANKS_DAYS = 364
_WIDER_PER_MISSING = 1.5
"""How much wider a forecast is for each input that it has to do without."""
_WIDER_MAX = 2.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Issue:
    """One forecast by slot.

    Attributes
    ----------
    day : int
        Number of the delivery day.
    point : ndarray, shape (n_slots,)
        Best single value. [currency/MWh]
    quantiles : ndarray, shape (n_slots, 99)
        How sure it is. [currency/MWh]
    notes : tuple of str
        What it had to do without.
    """

    day: int
    point: FloatArray
    quantiles: FloatArray
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Open:
    """A forecast whose prices are awaited."""

    families: Mapping[str, FloatArray]
    signs: Signs
    spoken: Spoken
    quantiles: FloatArray


class PriceForecaster:
    """Combines members, keeps the record of past errors, and sets the width by it.

    Parameters
    ----------
    model : PriceModel
        Which families are mixed.
    n_slots : int
        Slots of a day.
    """

    def __init__(self, model: PriceModel, n_slots: int) -> None:
        self._model = model
        self._weights = OnlineWeights()
        self._scale: ErrorScale | None = None
        self._distribution = ErrorDistribution(n_slots, len(model.families))
        self._voices = ErrorVoices(n_slots, self._distribution)
        self._control = width_control(percent_levels(), _WIDTH_RATE)
        self._open: dict[int, _Open] = {}
        self._ranks: dict[int, FloatArray] = {}

    def learn(self, known: KnownDays) -> None:
        """Take the prices that have become known since the last call: score every forecast that awaited them.

        Parameters
        ----------
        known : KnownDays
            What is known now.
        """
        for day in sorted(self._open):
            if day < known.price_per_mwh.shape[0]:
                self._take(day, self._open.pop(day), known.price_per_mwh[day])

    def predict(self, row: MemberRow, known: KnownDays) -> Issue:
        """Issue the forecast of a day.

        Parameters
        ----------
        row : MemberRow
            What the members said.
        known : KnownDays
            What is known at the gate.

        Returns
        -------
        Issue
            The forecast.

        Raises
        ------
        StaleDataError
            If no member said anything.
        """
        said = by_family(row.values)
        families = {name: said[name] for name in self._model.families if name in said}
        if not families:
            message = f"no member can forecast {known.dates[-1]}: give more history, or prices that are less old"
            raise StaleDataError(message)
        if self._scale is None:
            self._scale = ErrorScale(known.price_per_mwh)
        date = known.dates[-1]
        point = self._weights.mixed(families)
        voices = np.array(list(families.values()))
        is_weekend = bool(known.weekday[-1] >= SATURDAY)
        signs = self._scale.signs(voices, point, known.price_per_mwh, is_weekend=is_weekend)
        width = self._scale.width(signs, date.toordinal())
        silent = np.zeros_like(point)
        apart = [(families[name] - point) / width if name in families else silent for name in self._model.families]
        x = self._distribution.regressors(np.array(apart), signs)
        spoken = self._voices.spoken(point, width, x, date.toordinal())
        usual = controlled(self._control, self._voices.mixed(spoken))
        self._open[row.day] = _Open(families=families, signs=signs, spoken=spoken, quantiles=usual)
        missing = missing_inputs(known)
        lacking = [each for each in missing if not each.endswith(LEFT_OUT)]
        quantiles = _widened(usual, point, min(_WIDER_PER_MISSING ** len(lacking), _WIDER_MAX))
        absent = [name for name in self._model.families if name not in families]
        notes = (*missing, *((f"without {', '.join(absent)}: too little history",) if absent else ()))
        return Issue(day=row.day, point=point, quantiles=quantiles, notes=notes)

    def paths(self, issue: Issue, known: KnownDays, n_paths: int, seed: int) -> FloatArray:
        """Draw joint courses of the day of an issue.

        Parameters
        ----------
        issue : Issue
            What was issued.
        known : KnownDays
            What was known at its gate.
        n_paths : int
            Number of courses.
        seed : int
            Same seed, same courses.

        Returns
        -------
        ndarray, shape (n_paths, n_slots)
            Equally likely courses. [currency/MWh]
        """
        return draw_paths(issue.quantiles, percent_levels(), self._past(issue, known), n_paths, seed)

    def updated(self, issue: Issue, known: KnownDays, price_per_mwh: FloatArray) -> FloatArray:
        """Quantiles of the day of an issue once some of its prices are known, shape (n_slots, 99). [currency/MWh]

        Parameters
        ----------
        issue : Issue
            What was issued.
        known : KnownDays
            What was known at its gate.
        price_per_mwh : ndarray, shape (n_slots,)
            Prices of the day, NaN where not known yet. [currency/MWh]
        """
        return updated_quantiles(issue.quantiles, percent_levels(), self._past(issue, known), price_per_mwh)

    def _past(self, issue: Issue, known: KnownDays) -> PastRanks:
        is_weekend = known.weekday >= SATURDAY
        past_days = list(self._ranks)
        return PastRanks(
            scores=np.array(list(self._ranks.values())).reshape(-1, issue.point.shape[0]),
            age_days=issue.day - np.array(past_days, dtype=np.int64),
            is_same_kind=is_weekend[past_days] == is_weekend[issue.day],
        )

    def _take(self, day: int, issued: _Open, price: FloatArray) -> None:
        if self._scale is not None:
            self._scale.learn(issued.signs, price - issued.spoken.point)
        self._voices.learn(issued.spoken, price)
        self._weights.learn(issued.families, price)
        self._ranks[day] = normal_scores(price, percent_levels(), issued.quantiles)
        self._ranks.pop(day - _RANKS_DAYS, None)
        self._control = control_step(self._control, issued.quantiles, price)


def _widened(quantiles: FloatArray, point: FloatArray, factor: float) -> FloatArray:
    return quantiles if factor == 1.0 else point[:, None] + factor * (quantiles - point[:, None])
