"""How long strings of unequal modules deliver, under different ways of using and looking after them. SYNTHETIC.

Life is the time until a string delivers less than four fifths of its nameplate at its terminals. All ways serve the
same demand, and modules of one seed are the same in all of them, so that differences are of the way and not of chance.
Modules are drawn, not measured; they age by Naumann's model, whose card belongs to each figure.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np

from battuta.domain.errors import DataError, InvalidQuantityError
from battuta.health import ageing_arms_kernels as kernels
from battuta.numerics.arrays import FloatArray
from battuta.numerics.sampling import generator
from battuta.physics.ageing.naumann import CARD, Naumann, naumann
from battuta.physics.pcs import NottonPcs, pcs_rows

LABEL = f"SYNTHETIC modules, ageing by {CARD.name}"
PASSIVE = "passive"


@dataclass(frozen=True, slots=True, kw_only=True)
class Arm:
    """One way of using and looking after a string.

    Attributes
    ----------
    way : int
        Who gives what: `SERIES`, `REDISTRIBUTED` or `CONVERTERS` of the kernels.
    window : int
        Where the day lies in the state of charge: `FULL_TOP`, `LOW_STRING` or `LOW_MODULE`.
    steering : float
        With converters, 0 is equal depth and 1 shares by life left over rate; see `life_weights`. [-]
    rotates : bool
        Whether the weakest module moves to the coldest place once a year.
    n_spares : int
        Modules that may be exchanged over life.
    says : str
        What it is, for tables.
    """

    way: int = kernels.SERIES
    window: int = kernels.FULL_TOP
    steering: float = 0.0
    rotates: bool = False
    n_spares: int = 0
    says: str

    @property
    def has_converters(self) -> bool:
        """Whether each module has a converter of its own."""
        return self.way == kernels.CONVERTERS


_LOW, _OWN, _CONVERTERS = kernels.LOW_STRING, kernels.LOW_MODULE, kernels.CONVERTERS
ARMS = MappingProxyType(
    {
        PASSIVE: Arm(says="in series, balanced at the top, charged full"),
        "low_window": Arm(window=_LOW, says="as passive, charged no higher than the day needs"),
        "low_target": Arm(window=_OWN, says="balanced at the foot, charged no higher than the day needs"),
        "rotation": Arm(rotates=True, says="as passive, the weakest moves to the coldest place each year"),
        "swap": Arm(n_spares=2, says="as passive, two planned exchanges of the weakest"),
        "active": Arm(way=kernels.REDISTRIBUTED, says="balancers between modules: all energy, equal use"),
        "active_low": Arm(way=kernels.REDISTRIBUTED, window=_OWN, says="as active, charged no higher than needed"),
        "converters_even": Arm(way=_CONVERTERS, says="a converter each, equal depth"),
        "converters_even_low": Arm(way=_CONVERTERS, window=_OWN, says="the same, charged no higher than needed"),
        "steered": Arm(way=_CONVERTERS, steering=1.0, says="a converter each, shares by life left over rate"),
        "steered_low": Arm(way=_CONVERTERS, window=_OWN, steering=1.0, says="the same, charged no higher than needed"),
        "gentle": Arm(way=_CONVERTERS, steering=0.2, says="a converter each, a fifth of the way to steered"),
        "gentle_low": Arm(way=_CONVERTERS, window=_OWN, steering=0.2, says="the same, charged no higher than needed"),
    }
)
"""All ways that are compared; `low` ones charge no higher than the day needs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heterogeneity:
    """How unequal modules are.

    Attributes
    ----------
    rate_cv : float
        Spread of the rate of ageing, standard deviation over mean, log-normal. [-]
    capacity_sd_share : float
        Standard deviation of the new capacity, share of nameplate. [-]
    gradient_k : float
        Hottest place less coldest; places between are even. [K]
    known_cv : float
        Error of the rates as the steering knows them. [-]
    n_modules : int
        Modules of a string.
    """

    rate_cv: float = 0.08
    capacity_sd_share: float = 0.01
    gradient_k: float = 0.0
    known_cv: float = 0.1
    n_modules: int = 24

    def __post_init__(self) -> None:
        """Refuse spreads that are none."""
        bounds = {"rate_cv": 1.0, "capacity_sd_share": 0.2, "gradient_k": 40.0, "known_cv": 1.0}
        for name, high in bounds.items():
            value: float = getattr(self, name)
            if not 0.0 <= value <= high:
                raise InvalidQuantityError(name, value, 0.0, high, "K" if name == "gradient_k" else "-")
        if self.n_modules < 1:
            message = f"a string has one module or more; got {self.n_modules}"
            raise DataError(message)

    def drawn(self, seed: int, n_spares: int) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Draw modules, spares (both shape (3, n): rate, rate as known, new capacity) and places (n_modules,). [K]

        A seed draws the same normal numbers at every spread.
        """
        draw = generator(seed, "health.ageing_arms.modules").standard_normal((3, self.n_modules))
        more = generator(seed, "health.ageing_arms.spares").standard_normal((3, n_spares))
        places = (np.arange(self.n_modules) + 0.5) / self.n_modules - 0.5
        return self._of(draw), self._of(more), self.gradient_k * places

    def _of(self, normal: FloatArray) -> FloatArray:
        rate = _lognormal(normal[0], self.rate_cv)
        return np.array([rate, rate * _lognormal(normal[1], self.known_cv), 1.0 + self.capacity_sd_share * normal[2]])


def _lognormal(normal: FloatArray, cv: float) -> FloatArray:
    """Log-normal numbers of mean 1."""
    variance = np.log1p(cv * cv)
    return np.exp(np.sqrt(variance) * normal - 0.5 * variance)


def _assumed_converter() -> NottonPcs:
    return NottonPcs(
        rated_power_kw=0.5,
        no_load_discharge_pu=0.002,
        quadratic_discharge_pu=0.010,
        no_load_charge_pu=0.002,
        quadratic_charge_pu=0.010,
        source="assumed: a DC/DC converter of a module",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class StringDuty:
    """What is asked of the string each day, where it stands, and what electronics lose.

    Attributes
    ----------
    energy_share : float
        Energy of the day at the terminals, share of nameplate. [-]
    move_h, rest_high_h : float
        Hours of discharging, the same of charging, and hours of rest after charging; the other rest is empty. [h]
    temperature_c : float
        Mean temperature of the cells. [degC]
    end_share : float
        Life ends when less than this is delivered, share of nameplate. [-]
    converter : NottonPcs
        Converter of a module, its rating in kW per kWh of nameplate.
    balancer_loss_share : float
        Loss of energy that balancers move. [-]
    converter_warming_k : float
        What converters heat the cells by. [K]
    years_max : float
        Nobody is followed for longer. [year]
    step_days : float
        Equal days that are taken together. [d]
    """

    energy_share: float = 0.8
    move_h: float = 4.0
    rest_high_h: float = 8.0
    temperature_c: float = 25.0
    end_share: float = 0.8
    converter: NottonPcs = field(default_factory=_assumed_converter)
    balancer_loss_share: float = 0.1
    converter_warming_k: float = 0.0
    years_max: float = 40.0
    step_days: float = 10.0

    def __post_init__(self) -> None:
        """Refuse days that cannot be."""
        if not 0.0 < self.energy_share <= self.end_share < 1.0:
            raise InvalidQuantityError(
                "energy_share", self.energy_share, 0.0, self.end_share, "-", where="StringDuty", above_low=True
            )
        if not (self.move_h > 0.0 and 0.0 <= self.rest_high_h <= 24.0 - 2.0 * self.move_h):
            raise InvalidQuantityError("rest_high_h", self.rest_high_h, 0.0, 24.0 - 2.0 * self.move_h, "h")
        if not self.converter.rated_power_kw >= 1.0 / self.move_h:
            low = 1.0 / self.move_h
            raise InvalidQuantityError(
                "rated_power_kw", self.converter.rated_power_kw, low, np.inf, "kW", where="converter"
            )
        if not 0.0 < self.step_days <= 60.0:
            raise InvalidQuantityError("step_days", self.step_days, 0.0, 60.0, "d", where="StringDuty", above_low=True)

    def converter_loss_share(self) -> float:
        """Loss of a converter on the way out, share of what it gives at the day's power. [-]"""
        power_kw = np.array([self.energy_share / self.move_h])
        return float(self.converter.dc_power_kw(power_kw)[1][0] / power_kw[0])


@dataclass(frozen=True, slots=True, kw_only=True)
class StringLife:
    """What became of one string.

    Attributes
    ----------
    life_years : float
        Time until it delivers too little; `StringDuty.years_max` if it never did. [year]
    loss_share : float
        Energy lost in its electronics, share of that delivered. [-]
    capacity_share_low, capacity_share_high : float
        What the weakest and the strongest module hold at the end, share of nameplate. [-]
    swapped_years : tuple of float
        When modules were exchanged. [year]
    """

    life_years: float
    loss_share: float
    capacity_share_low: float
    capacity_share_high: float
    swapped_years: tuple[float, ...]


def string_life(
    arm: Arm, heterogeneity: Heterogeneity, duty: StringDuty, *, seed: int, model: Naumann | None = None
) -> StringLife:
    """Let one string live.

    Parameters
    ----------
    arm : Arm
        The way of using it, one of `ARMS` or another.
    heterogeneity : Heterogeneity
        How unequal its modules are.
    duty : StringDuty
        What is asked of it.
    seed : int
        Which modules; the same ones for every arm.
    model : Naumann or None
        Ageing; None is the set that ships.

    Returns
    -------
    StringLife
        What became of it.

    Examples
    --------
    >>> alike = Heterogeneity(rate_cv=0.0, capacity_sd_share=0.0)
    >>> lives = [string_life(ARMS[name], alike, StringDuty(), seed=1).life_years for name in ("passive", "active")]
    >>> bool(abs(lives[0] - lives[1]) < 1e-9)
    True
    """
    modules, spares, away_k = heterogeneity.drawn(seed, arm.n_spares)
    if arm.has_converters:
        away_k = away_k + duty.converter_warming_k
    row = duty_row(duty, arm)
    swapped, result = np.full(arm.n_spares, np.nan), np.zeros(kernels.N_RESULT)
    kernels.live(
        arm.way, arm.window, arm.rotates, modules, spares, away_k, row,
        pcs_rows((duty.converter,) * heterogeneity.n_modules), (model or naumann()).parameters(), swapped, result,
    )  # fmt: skip
    years = float(result[kernels.LIFE_YEARS])
    given = years * 365.25 * duty.energy_share
    return StringLife(
        life_years=years,
        loss_share=float(result[kernels.LOSS] / given) if given > 0.0 else 0.0,
        capacity_share_low=float(result[kernels.SOH_LOW]),
        capacity_share_high=float(result[kernels.SOH_HIGH]),
        swapped_years=tuple(swapped[np.isfinite(swapped)].tolist()),
    )


def duty_row(duty: StringDuty, arm: Arm) -> FloatArray:
    """Day, place and law of a string as the kernels take them, shape (11,)."""
    row = np.zeros(kernels.N_DUTY)
    row[kernels.ENERGY], row[kernels.MOVE_H], row[kernels.REST_HIGH_H] = (
        duty.energy_share,
        duty.move_h,
        duty.rest_high_h,
    )
    row[kernels.TEMPERATURE_C], row[kernels.END_SHARE] = duty.temperature_c, duty.end_share
    row[kernels.STEP_DAYS], row[kernels.YEARS_MAX] = duty.step_days, duty.years_max
    row[kernels.BALANCER_LOSS] = duty.balancer_loss_share
    row[kernels.BAND], row[kernels.SOH_END], row[kernels.STEERING] = 0.3, 0.6, arm.steering
    return row
