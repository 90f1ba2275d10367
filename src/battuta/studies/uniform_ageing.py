"""Ways of using a string of unequal modules over twenty years, under every ageing model of the ensemble. SYNTHETIC.

One model is one opinion, also on what converters, balancers or a lower charge are worth. Here the same strings live in
every way under every model, with rates and exponents drawn from what is not known of them, so that the interval of a
gain holds the chance of the modules as well as the models' disagreement.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np

from battuta.domain.errors import DataError, InvalidQuantityError, UsageError
from battuta.health.ageing_arms import ARMS, PASSIVE, Heterogeneity, StringDuty
from battuta.health.ageing_arms_days import DayStress, day_stress
from battuta.health.ageing_arms_lives import string_years
from battuta.health.ageing_arms_table import Gain
from battuta.numerics.arrays import FloatArray
from battuta.physics.ageing.ageing_law import AgeingLaw, ageing_law, ageing_law_names
from battuta.physics.ageing.ageing_term import AgedQuantity
from battuta.physics.ageing.rate_prior import rate_prior
from battuta.twin.ensemble import ensemble_draws

if TYPE_CHECKING:
    from battuta.ports.compute import Compute, Done

LABEL = "SYNTHETIC modules and days; ageing by the ensemble of models"
MAIN_ARMS = (
    PASSIVE,
    "low_window",
    "swap",
    "active",
    "active_low",
    "converters_even",
    "converters_even_low",
    "steered",
    "steered_low",
)
N_STRINGS_MAX = 100_000
_PER_PIECE = 25

Measure: TypeAlias = Literal["life", "delivered"]


def _alike() -> Mapping[str, float]:
    return MappingProxyType(dict.fromkeys(ageing_law_names(), 1.0))


@dataclass(frozen=True, slots=True, kw_only=True)
class UniformAgeingAsked:
    """What is compared.

    Attributes
    ----------
    heterogeneity : Heterogeneity
        How unequal the modules are.
    duty : StringDuty
        What is asked of the string each day.
    arms : tuple of str
        Ways, by the names of `ARMS`; the passive one is always among them.
    weights : Mapping of str to float
        Ageing models and the weight of each. [-]
    n_strings : int
        Strings under each model.
    n_years : int
        Years over which energy is counted. [year]
    seed : int
        Number of the first string's modules, and the seed of the rates that are drawn.
    """

    heterogeneity: Heterogeneity = field(default_factory=Heterogeneity)
    duty: StringDuty = field(default_factory=StringDuty)
    arms: tuple[str, ...] = MAIN_ARMS
    weights: Mapping[str, float] = field(default_factory=_alike)
    n_strings: int = 200
    n_years: int = 20
    seed: int = 1000

    def __post_init__(self) -> None:
        """Refuse what cannot be compared."""
        for each in self.arms:
            if each not in ARMS:
                message = f"no way of using a string is named {each!r}; there are: {', '.join(ARMS)}"
                raise UsageError(message)
        if PASSIVE not in self.arms or len(set(self.arms)) < len(self.arms):
            message = f"arms must hold {PASSIVE!r}, which gains are of, and each name once; got {', '.join(self.arms)}"
            raise UsageError(message)
        if not self.weights:
            message = f"name one ageing model or more: {', '.join(ageing_law_names())}"
            raise UsageError(message)
        for name, weight in self.weights.items():
            if not 0.0 < weight < np.inf:
                raise InvalidQuantityError(
                    name, weight, 0.0, np.inf, "-", where="weights, each above 0", above_low=True
                )
        for name, count, most in (("n_strings", self.n_strings, N_STRINGS_MAX), ("n_years", self.n_years, 60)):
            if not 1 <= count <= most:
                raise InvalidQuantityError(name, count, 1, most, "-", where="UniformAgeingAsked")
        if self.n_years > self.duty.years_max:
            raise InvalidQuantityError("n_years", self.n_years, 1, self.duty.years_max, "year", where="years_max")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class UniformAgeing:
    """What the ways came to.

    Attributes
    ----------
    asked : UniformAgeingAsked
        What was compared.
    laws : tuple of str
        Ageing models.
    life_years : ndarray, shape (n_arms, n_laws, n_strings)
        Time until a string delivers less than it must. [year]
    delivered_share : ndarray, shape (n_arms, n_laws, n_strings)
        Energy delivered over the years that count, share of that asked. [-]
    """

    asked: UniformAgeingAsked
    laws: tuple[str, ...]
    life_years: FloatArray
    delivered_share: FloatArray

    def mean(self, arm: str, law: str | None = None, of: Measure = "life") -> float:
        """Mean of a way under a model, or under all by their weights. [year] or, delivered, [-]"""
        values = self._of(arm, of)
        return float(values[self._law(law)].mean()) if law else float(self._weight() @ values.mean(axis=1))

    def gain(self, arm: str, over: str = PASSIVE, law: str | None = None, of: Measure = "life") -> Gain:
        """Gain of one way over another, of the same modules under the same rates.

        Parameters
        ----------
        arm, over : str
            The ways.
        law : str or None
            Under this model; None is all of them by their weights, and the interval holds chance and model.
        of : {"life", "delivered"}
            What is gained.

        Returns
        -------
        Gain
            Mean, tenth and ninetieth percentile of single strings, and the standard error that chance alone leaves
            in the mean. [-]

        Raises
        ------
        DataError
            If a string of the other way never delivered enough.
        """
        base = self._of(over, of)
        if not (base > 0.0).all():
            n_dead = int(np.count_nonzero(base <= 0.0))
            message = f"{n_dead} strings of {over!r} never delivered enough: lower capacity_sd_share or end_share"
            raise DataError(message)
        more = self._of(arm, of) / base - 1.0
        weight = self._weight()
        if law:
            more, weight = more[self._law(law)][None], np.ones(1)
        n_strings = more.shape[1]
        shares = np.repeat(weight / n_strings, n_strings)
        low, high = np.quantile(more.ravel(), (0.1, 0.9), weights=shares, method="inverted_cdf").tolist()
        by_string = weight @ more  # a number has the same modules under all models
        error = float(by_string.std(ddof=1) / np.sqrt(n_strings)) if n_strings > 1 else float("nan")
        return Gain(mean=float(by_string.mean()), low=low, high=high, error=error)

    def order(self, law: str | None = None, of: Measure = "life") -> tuple[str, ...]:
        """Ways by their mean, the best first, under one model or under all."""
        return tuple(sorted(self.asked.arms, key=lambda arm: -self.mean(arm, law, of)))

    def better_share(self, arm: str, over: str, law: str) -> float:
        """Share of the strings that live longer one way than the other under a model. [-]"""
        k = self._law(law)
        return float(np.count_nonzero(self._of(arm, "life")[k] > self._of(over, "life")[k]) / self.asked.n_strings)

    def outlived_share(self, arm: str, law: str) -> float:
        """Share of the strings that still deliver what they must when nobody follows them any more. [-]"""
        followed = self._of(arm, "life")[self._law(law)]
        return float(np.count_nonzero(followed >= self.asked.duty.years_max) / followed.size)

    def disputed(self) -> tuple[tuple[str, str], ...]:
        """Pairs of ways whose order by mean life is not the same under all models, as listed in `asked`."""
        arms = self.asked.arms
        pairs = [(a, b) for i, a in enumerate(arms) for b in arms[i + 1 :]]
        return tuple((a, b) for a, b in pairs if len({self.mean(a, law) > self.mean(b, law) for law in self.laws}) > 1)

    def _of(self, arm: str, of: Measure) -> FloatArray:
        if arm not in self.asked.arms:
            message = f"no arm named {arm!r} was run; there are {', '.join(self.asked.arms)}"
            raise UsageError(message)
        return (self.life_years if of == "life" else self.delivered_share)[self.asked.arms.index(arm)]

    def _law(self, law: str) -> int:
        if law not in self.laws:
            message = f"no ageing model named {law!r} was asked; there are {', '.join(self.laws)}"
            raise UsageError(message)
        return self.laws.index(law)

    def _weight(self) -> FloatArray:
        weight = np.array([self.asked.weights[each] for each in self.laws])
        share: FloatArray = weight / weight.sum()
        return share


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Law:
    """One model with what was drawn of its terms of capacity, each of shape (n_strings, n_terms)."""

    stress: DayStress
    rate: FloatArray
    shift: FloatArray


def uniform_ageing(asked: UniformAgeingAsked, compute: Compute, done: Done | None = None) -> UniformAgeing:
    """Let strings of unequal modules live in every way under every model.

    Parameters
    ----------
    asked : UniformAgeingAsked
        What is compared.
    compute : Compute
        Where the work is done; the answer does not depend on it.
    done : callable or None
        Told how many pieces are done, of how many.

    Returns
    -------
    UniformAgeing
        Lives and energies. A string has the same modules in all of it, and the same rates in all ways.

    Examples
    --------
    >>> from battuta.studies.serial_compute import SerialCompute
    >>> few = UniformAgeingAsked(
    ...     arms=("passive", "active"),
    ...     weights={"naumann_lfp": 1.0, "lfp_250ah": 1.0},
    ...     n_strings=6,
    ...     duty=StringDuty(step_days=30.0),
    ... )
    >>> found = uniform_ageing(few, SerialCompute())
    >>> found.order("naumann_lfp"), found.disputed()
    (('active', 'passive'), ())
    """
    laws = [_drawn(asked, ageing_law(name)) for name in asked.weights]
    pieces = [
        (law, first, min(first + _PER_PIECE, asked.n_strings))
        for law in range(len(laws))
        for first in range(0, asked.n_strings, _PER_PIECE)
    ]

    def work(piece: tuple[int, int, int]) -> FloatArray:
        law, first, last = piece
        return _lived(asked, laws[law], first, last)

    shape = (2, len(asked.arms), len(laws), asked.n_strings)
    found = np.empty(shape)
    for (law, first, last), values in zip(pieces, compute.map(work, pieces, done), strict=True):
        found[:, :, law, first:last] = values
    return UniformAgeing(asked=asked, laws=tuple(asked.weights), life_years=found[0], delivered_share=found[1])


def _drawn(asked: UniformAgeingAsked, law: AgeingLaw) -> _Law:
    """Stresses of a model, and rates and exponents of each string: the spread that is its own, no more."""
    prior = rate_prior(law)
    draws = ensemble_draws(
        [law],
        {law.name: 1.0},
        cell_deviation_share=0.0,
        term_deviation_share={law.name: prior.log_sd},
        exponent_deviation={law.name: prior.exponent_sd},
        seed=asked.seed,
        n_lives=asked.n_strings,
    )
    own = [k for k, each in enumerate(law.terms) if each.quantity is AgedQuantity.CAPACITY]
    half_k = 0.5 * asked.heterogeneity.gradient_k
    duty = asked.duty
    stress = day_stress(
        law, duty, duty.temperature_c - half_k, duty.temperature_c + half_k + max(duty.converter_warming_k, 0.0)
    )
    shift = np.zeros_like(draws.rate) if draws.exponent_shift is None else draws.exponent_shift
    return _Law(stress=stress, rate=draws.rate[:, own], shift=shift[:, own])


def _lived(asked: UniformAgeingAsked, law: _Law, first: int, last: int) -> FloatArray:
    """Life and share delivered of some strings in every way, shape (2, n_arms, last - first)."""
    found = np.empty((2, len(asked.arms), last - first))
    wanted = asked.n_years * 365.25 * asked.duty.energy_share
    for row, name in enumerate(asked.arms):
        for string in range(first, last):
            lived = string_years(
                ARMS[name],
                asked.heterogeneity,
                asked.duty,
                law.stress,
                seed=asked.seed + string,
                n_years=asked.n_years,
                rate=law.rate[string],
                exponent_shift=law.shift[string],
            )
            found[0, row, string - first] = lived.life_years
            found[1, row, string - first] = lived.delivered.sum() / wanted
    return found
