"""Ageing laws calibrated to check-ups of cells at rest: an ensemble that predicts other ages and other conditions.

`calibrated` takes conditions, `Calibration.predict` answers for a condition that was among them, for a new one, or for
a cell of another product. Each answer is a fan: the spread of laws, of their tilts and of conditions is inside.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from battuta.domain.errors import DataError, UsageError
from battuta.numerics.arrays import BoolArray, FloatArray, IntArray
from battuta.numerics.sampling import generator
from battuta.twin.calibration_form import CalendarCondition, loss_surface, tilt_prior
from battuta.twin.calibration_posterior import (
    ERROR,
    EXPONENT_SCATTER,
    N_SHIFTS,
    OVERHANG,
    OVERHANG_DAYS,
    OVERHANG_SOC,
    SCATTERS,
    WANDER,
    Posterior,
    posterior,
    shift_columns,
    shift_means,
    shifts,
)
from battuta.twin.published_products import other_product, published_products

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.random import Generator

    from battuta.physics.ageing.ageing_law import AgeingLaw
    from battuta.twin.calibration_form import LossSurface, TiltPrior

__all__ = ["CalendarCondition", "Calibration", "LossFan", "calibrated"]

EXPONENT_STEP = 0.08
"""Standard deviation of a step of the exponent, one a doubling of the age: as far as published exponents of LFP
calendar loss lie apart (0.50, 0.526, 0.52 to 0.74). A fit to the past cannot tell it."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LossFan:
    """A prediction.

    Attributes
    ----------
    days : ndarray, shape (n_times,)
        Ages. [d]
    loss_share : ndarray, shape (n_draws, n_times)
        Equally likely losses as a check-up would measure them, its error included. [-]
    median_loss_share : ndarray, shape (n_times,)
        Median of the losses without the error of a check-up. [-]
    """

    days: FloatArray
    loss_share: FloatArray
    median_loss_share: FloatArray

    def interval(self, share: float = 0.9) -> tuple[FloatArray, FloatArray]:
        """Bounds that hold a share of the draws, both of shape (n_times,). [-]"""
        low, high = np.quantile(self.loss_share, (0.5 - 0.5 * share, 0.5 + 0.5 * share), axis=0)
        return np.asarray(low), np.asarray(high)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Calibration:
    """An ensemble of laws after the data.

    Attributes
    ----------
    laws : tuple of AgeingLaw
        Laws.
    weight : ndarray, shape (n_laws,)
        Probability of each given the data. [-]
    log_evidence : ndarray, shape (n_laws,)
        Logarithm of the probability of the data under each. [-]
    posteriors : tuple of Posterior
        What is believed of each.
    conditions : tuple of CalendarCondition
        The data.
    prior : TiltPrior
        What was believed before.
    seed : int
        Seed of all draws.
    product : str or None
        Which of the `published_products` the data are of, if any.
    """

    laws: tuple[AgeingLaw, ...]
    weight: FloatArray
    log_evidence: FloatArray
    posteriors: tuple[Posterior, ...]
    conditions: tuple[CalendarCondition, ...]
    prior: TiltPrior
    seed: int
    product: str | None = None

    def predict(
        self,
        temperature_c: float,
        soc: float,
        days: FloatArray,
        *,
        same_as: str | None = None,
        is_other_product: bool = False,
    ) -> LossFan:
        """Predict capacity lost at rest.

        Parameters
        ----------
        temperature_c : float
            Cell temperature. [degC]
        soc : float
            State of charge. [-]
        days : ndarray, shape (n_times,)
            Ages, above 0. [d]
        same_as : str, optional
            Name of a condition of the data whose cells go on; without it the condition is a new one.
        is_other_product : bool
            Whether the cell is another product than the data's: its curve is then one more draw from where the
            published products and this one come from, and its overhang is unknown.

        Returns
        -------
        LossFan
            The prediction.

        Raises
        ------
        UsageError
            If `same_as` names no condition of the data, or is asked of another product.
        """
        names = [each.name for each in self.conditions]
        if same_as is not None and same_as not in names:
            message = f"no condition of the calibration is named {same_as!r}; there are: {', '.join(names)}"
            raise UsageError(message)
        if same_as is not None and is_other_product:
            message = f"cells that go on as those of {same_as!r} are no other product; ask for one of both"
            raise UsageError(message)
        if days.size == 0 or days[0] <= 0.0 or np.any(np.diff(days) <= 0.0):
            message = "a prediction needs ages above 0 in ascending order"
            raise DataError(message)
        rng = generator(self.seed, "twin.calibration.predict")
        data = None if same_as is None else self.conditions[names.index(same_as)]
        asked = CalendarCondition(
            name="asked", temperature_c=temperature_c, soc=soc, days=days, loss_share=np.zeros(days.size)
        )
        others = self._other_products(asked) if is_other_product else None
        shares = np.concatenate(([0.0], np.cumsum(self.weight)))
        bounds: IntArray = np.rint(shares * self.posteriors[0].draws.shape[0]).astype(np.int64)
        parts = [
            _law_fan(law, self._guesses(own.draws[:count], is_other_product, rng), asked, data, others, rng)
            for law, own, count in zip(self.laws, self.posteriors, np.diff(bounds), strict=True)
            if count > 0
        ]
        return LossFan(
            days=days,
            loss_share=np.concatenate([each[1] for each in parts]),
            median_loss_share=np.median(np.concatenate([each[0] for each in parts]), axis=0),
        )

    def _other_products(self, asked: CalendarCondition) -> FloatArray:
        """Losses of the published products other than the data's, shape (n_products, n_times). [-]"""
        others = [each for each in published_products() if each.name != self.product]
        return np.stack([each.loss_share(asked.temperature_c, asked.soc, asked.days) for each in others])

    def _guesses(self, draws: FloatArray, is_other_product: bool, rng: Generator) -> FloatArray:  # noqa: FBT001
        """Guesses of the data's cells; for another product with an overhang as it was believed before the data."""
        if not is_other_product:
            return draws
        drawn = self.prior.mean + self.prior.deviation * rng.standard_normal(draws.shape)
        own = np.zeros(draws.shape[1], dtype=np.bool_)
        own[[OVERHANG, OVERHANG_SOC, OVERHANG_DAYS]] = True
        return np.where(own, drawn, draws)


def calibrated(
    conditions: Sequence[CalendarCondition],
    laws: Sequence[AgeingLaw],
    *,
    seed: int,
    n_draws: int = 1_200,
    prior: TiltPrior | None = None,
    product: str | None = None,
) -> Calibration:
    """Calibrate laws to check-ups.

    Parameters
    ----------
    conditions : sequence of CalendarCondition
        The data.
    laws : sequence of AgeingLaw
        Laws to weigh against each other.
    seed : int
        Seed of all draws.
    n_draws : int
        Guesses a law that are kept.
    prior : TiltPrior, optional
        What is believed before; `tilt_prior` without it.
    product : str, optional
        Which of the `published_products` the data are of, so that it counts once where another is asked for.

    Returns
    -------
    Calibration
        The ensemble.

    Raises
    ------
    DataError
        If there are no conditions, two of one name, or no laws.
    UsageError
        If the product is none of the published ones.
    """
    known = [each.name for each in published_products()]
    if product is not None and product not in known:
        message = f"no published product is named {product!r}; there are: {', '.join(known)}; leave it out for another"
        raise UsageError(message)
    names = [each.name for each in conditions]
    if not names or not laws or len(set(names)) < len(names):
        message = f"{len(names)} conditions ({len(set(names))} names) and {len(laws)} laws; give some, each once"
        raise DataError(message)
    believed = tilt_prior() if prior is None else prior
    measured = np.concatenate([each.loss_share for each in conditions])
    found = tuple(
        posterior(loss_surface(law, conditions), measured, believed, n_draws=n_draws, rng=_rng(seed, law.name))
        for law in laws
    )
    evidence = np.array([each.log_evidence for each in found])
    weight = np.exp(evidence - evidence.max())
    return Calibration(
        laws=tuple(laws),
        weight=weight / weight.sum(),
        log_evidence=evidence,
        posteriors=found,
        conditions=tuple(conditions),
        prior=believed,
        seed=seed,
        product=product,
    )


def _law_fan(
    law: AgeingLaw,
    draws: FloatArray,
    asked: CalendarCondition,
    data: CalendarCondition | None,
    others: FloatArray | None,
    rng: Generator,
) -> tuple[FloatArray, FloatArray]:
    """Losses of one law without and with its noise, both (n_draws, n_times); data go on at their end."""
    days = asked.days if data is None else np.append(asked.days, data.days[-1])
    surface = loss_surface(law, [asked.at(days)])
    moved = _moved(law, draws, data, surface, rng)
    columns = shift_columns(draws, surface)
    aged = columns[0] if others is None else other_product(columns[0], others, rng)
    factor = np.maximum(1.0 + moved[:, :1] + moved[:, 1:2] * surface.log_age, 0.0)
    loss = aged * factor + columns[2] * moved[:, 2:]
    is_ahead = np.zeros(days.size, dtype=np.bool_)
    if data is not None:
        is_ahead = days > data.days[-1]
        bend = np.exp(draws[:, EXPONENT_SCATTER, None]) * rng.standard_normal((draws.shape[0], 1))
        onward = (loss - loss[:, -1:]) * (np.maximum(days, data.days[-1]) / data.days[-1]) ** bend
        onward += loss * _walked(days, data.days[-1], draws.shape[0], rng)
        loss = np.where(is_ahead, data.loss_share[-1] + onward, loss)[:, :-1]
        is_ahead = is_ahead[:-1]
    noise = rng.standard_normal((2, *loss.shape))
    wander = np.exp(0.5 * draws[:, WANDER, None]) * noise[0]
    strayed = wander * np.sqrt(np.abs(np.diff(loss, axis=1, prepend=_before(loss, data, is_ahead))))
    walk = np.cumsum(np.where(is_ahead, 0.0, strayed), axis=1) * ~is_ahead
    walk += np.cumsum(np.where(is_ahead, strayed, 0.0), axis=1)
    return loss, loss + walk + np.exp(draws[:, ERROR, None]) * noise[1]


def _walked(days: FloatArray, last_days: float, n_draws: int, rng: Generator) -> FloatArray:
    """What an exponent that takes a step at the last check-up and at each doubling of the age adds, share of the loss.

    Parameters
    ----------
    days : ndarray, shape (n_times,)
        Ages. [d]
    last_days : float
        Age at the last check-up, before which nothing is added. [d]
    n_draws : int
        Walks.
    rng : Generator
        Source of numbers.

    Returns
    -------
    ndarray, shape (n_draws, n_times)
        Share of the loss added. [-]
    """
    doublings = np.log2(np.maximum(days, last_days) / last_days)
    since = np.maximum(doublings - np.arange(int(np.ceil(doublings.max())))[:, None], 0.0)
    return EXPONENT_STEP * rng.standard_normal((n_draws, since.shape[0])) @ (since * np.log(2.0))


def _before(loss: FloatArray, data: CalendarCondition | None, is_ahead: BoolArray) -> FloatArray:
    """Loss before the first age asked: that of the data where all ages lie ahead, else none, shape (n_draws, 1)."""
    start = float(data.loss_share[-1]) if data is not None and bool(is_ahead[0]) else 0.0
    return np.full((loss.shape[0], 1), start)


def _moved(
    law: AgeingLaw, draws: FloatArray, data: CalendarCondition | None, asked: LossSurface, rng: Generator
) -> FloatArray:
    """Shifts of the asked condition, shape (n_draws, 3): those of its data, or any of their scatter."""
    normal = rng.standard_normal((draws.shape[0], N_SHIFTS))
    if data is None:
        return shift_means(draws, asked)[:, 0] + normal * np.exp(draws[:, SCATTERS])
    known = shifts(draws, loss_surface(law, [data]), data.loss_share)
    root = np.linalg.cholesky(np.linalg.inv(known.precision[:, 0]))
    return known.mean[:, 0] + (root @ normal[..., None])[..., 0]


def _rng(seed: int, law: str) -> Generator:
    """Numbers of one law, whatever other laws are asked."""
    return generator(seed, f"twin.calibration.{law}")
