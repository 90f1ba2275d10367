"""Ways of using unequal modules side by side: the same modules in each, gains seed by seed, intervals over seeds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from battuta.domain.errors import UsageError
from battuta.health.ageing_arms import ARMS, PASSIVE, Arm, Heterogeneity, StringDuty, StringLife, string_life
from battuta.health.ageing_arms_cost import ArmCosts
from battuta.numerics.arrays import FloatArray
from battuta.physics.ageing.naumann import Naumann, naumann


@dataclass(frozen=True, slots=True, kw_only=True)
class Gain:
    """How much longer one arm delivers than another, over seeds.

    Attributes
    ----------
    mean, low, high : float
        Mean, and the tenth and ninetieth percentile of single strings, share of the other's life. [-]
    error : float
        Standard error of the mean. [-]
    """

    mean: float
    low: float
    high: float
    error: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ArmTable:
    """Lives of all arms at one heterogeneity.

    Attributes
    ----------
    heterogeneity : Heterogeneity
        How unequal the modules were.
    duty : StringDuty
        What was asked.
    arms : mapping of str to Arm
        What was compared.
    lives : mapping of str to sequence of StringLife
        By arm, one a seed, the seeds in the same order.
    """

    heterogeneity: Heterogeneity
    duty: StringDuty
    arms: Mapping[str, Arm]
    lives: Mapping[str, Sequence[StringLife]]

    def life_years(self, name: str) -> FloatArray:
        """Lives of an arm, shape (n_seeds,). [year]"""
        if name not in self.lives:
            message = f"no arm named {name!r} was run; there are {', '.join(self.lives)}"
            raise UsageError(message)
        return np.array([each.life_years for each in self.lives[name]])

    def gain(self, name: str, over: str = PASSIVE) -> Gain:
        """Gain of one arm over another, seed by seed.

        Parameters
        ----------
        name, over : str
            The arms.

        Returns
        -------
        Gain
            Share of the other's life.
        """
        more = self.life_years(name) / self.life_years(over) - 1.0
        low, high = np.quantile(more, (0.1, 0.9))
        error = float(more.std(ddof=1) / np.sqrt(more.size)) if more.size > 1 else float("nan")
        return Gain(mean=float(more.mean()), low=float(low), high=float(high), error=error)

    def price_per_kwh(self, name: str, costs: ArmCosts) -> float:
        """Mean price of a delivered kilowatt-hour over seeds. [currency/kWh]"""
        n_modules = self.heterogeneity.n_modules
        prices = [
            costs.price_per_kwh(each, self.arms[name], self.duty, n_modules=n_modules) for each in self.lives[name]
        ]
        return float(np.mean(prices))

    def spread(self, name: str) -> float:
        """Strongest less weakest module at the end, share of nameplate, mean over seeds. [-]"""
        return float(np.mean([each.capacity_share_high - each.capacity_share_low for each in self.lives[name]]))


def arm_table(
    heterogeneity: Heterogeneity,
    duty: StringDuty,
    *,
    seeds: Iterable[int],
    arms: Mapping[str, Arm] = ARMS,
    model: Naumann | None = None,
) -> ArmTable:
    """Let all arms live at one heterogeneity.

    Parameters
    ----------
    heterogeneity : Heterogeneity
        How unequal the modules are.
    duty : StringDuty
        What is asked.
    seeds : iterable of int
        Which modules.
    arms : mapping of str to Arm
        What is compared.
    model : Naumann or None
        Ageing; None is the set that ships.

    Returns
    -------
    ArmTable
        Their lives.

    Examples
    --------
    >>> few = {name: ARMS[name] for name in ("passive", "active")}
    >>> table = arm_table(Heterogeneity(rate_cv=0.1), StringDuty(step_days=30.0), seeds=range(3), arms=few)
    >>> table.gain("active").low > 0.2
    True
    """
    ageing, order = model or naumann(), tuple(seeds)
    lives = {
        name: tuple(string_life(arm, heterogeneity, duty, seed=seed, model=ageing) for seed in order)
        for name, arm in arms.items()
    }
    return ArmTable(heterogeneity=heterogeneity, duty=duty, arms=arms, lives=lives)
