"""What is published of how LFP cells of different makers age at rest, and how far a further maker's may lie from them.

The cells of a calibration are one product among those whose laws are published; a product that nobody has tested is
taken as one more draw from where they come from. Rate, activation energy, slope over the state of charge and exponent
then differ together, as far as they do between the published ones, and no number is assumed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from battuta.numerics.arrays import FloatArray
from battuta.physics.ageing.ageing_law import ageing_law
from battuta.twin.calibration_form import ZERO_K, resting_loss

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.random import Generator

DAYS_PER_MONTH, DAY_S = 30.5, 86_400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedProduct:
    """A cell whose loss at rest is published over temperature, state of charge and time.

    Attributes
    ----------
    name : str
        Name.
    source : str
        Where the law is from.
    loss_share : callable
        Loss [-] from temperature [degC], state of charge [-] and ages [d] of shape (n_times,).
    """

    name: str
    source: str
    loss_share: Callable[[float, float, FloatArray], FloatArray]


def published_products() -> tuple[PublishedProduct, ...]:
    """Products with a published law, each once however often it was fitted.

    Returns
    -------
    tuple of PublishedProduct
        The products.
    """
    return (
        PublishedProduct(
            name="sony_us26650",
            source="Naumann et al. 2018 as in SimSES, and NREL as in BLAST-Lite, in the geometric mean",
            loss_share=_sony,
        ),
        PublishedProduct(
            name="prismatic_250ah",
            source="NREL as in BLAST-Lite, doi 10.1016/j.est.2023.109042",
            loss_share=_prismatic,
        ),
        PublishedProduct(
            name="a123_anr26650",
            source="Swierczynski et al., IEEE Trans. Ind. Appl. 51, 2015, as in SimSES' Matlab predecessor (BSD-3)",
            loss_share=_a123,
        ),
        PublishedProduct(
            name="simses_generic",
            source="generic LFP cell of SimSES 1.3 (BSD-3), fitted by its authors to cells that they do not name",
            loss_share=_generic,
        ),
    )


def other_product(own_loss: FloatArray, published_loss: FloatArray, rng: Generator) -> FloatArray:
    """Losses of a product that is none of those known, one curve for each draw of the one that was calibrated.

    The products' logarithms are taken as normal with unknown mean and covariance, so a further one follows a
    multivariate t law with one degree of freedom fewer than there are products.

    Parameters
    ----------
    own_loss : ndarray, shape (n_draws, n_times)
        Losses of the calibrated product. [-]
    published_loss : ndarray, shape (n_products, n_times)
        Losses of the others at the same temperature, state of charge and ages. [-]
    rng : Generator
        Source of numbers.

    Returns
    -------
    ndarray, shape (n_draws, n_times)
        Losses, 1 at most. [-]

    References
    ----------
    .. [1] A. Gelman et al., Bayesian Data Analysis, 3rd ed., 2013, section 3.6.
    """
    others = np.broadcast_to(published_loss[:, None], (published_loss.shape[0], *own_loss.shape))
    known = np.log(np.maximum(np.concatenate((own_loss[None], others)), 1e-9))
    count = known.shape[0]
    middle = known.mean(axis=0)
    normal = rng.standard_normal((count, own_loss.shape[0], 1))
    stretch = np.sqrt((1.0 + 1.0 / count) / rng.chisquare(count - 1, (own_loss.shape[0], 1)))
    return np.exp(np.minimum(middle + stretch * (normal * (known - middle)).sum(axis=0), 0.0))


def _sony(temperature_c: float, soc: float, days: FloatArray) -> FloatArray:
    """Geometric mean of two fits to the same cells."""
    fits = [resting_loss(ageing_law(name), temperature_c, soc, days) for name in ("naumann_lfp", "sony_lfp_3ah")]
    return np.sqrt(fits[0] * fits[1])


def _prismatic(temperature_c: float, soc: float, days: FloatArray) -> FloatArray:
    """NREL's law."""
    return resting_loss(ageing_law("lfp_250ah"), temperature_c, soc, days)


def _a123(temperature_c: float, soc: float, days: FloatArray) -> FloatArray:
    """A123 ANR26650, 2.5 Ah."""
    charged = 0.019 * (100.0 * soc) ** 0.823 + 0.5195
    warm = 3.258e-9 * max(temperature_c, 0.0) ** 5.087 + 0.295
    return charged * warm * (days / DAYS_PER_MONTH) ** 0.8 / 100.0


def _generic(temperature_c: float, soc: float, days: FloatArray) -> FloatArray:
    """Power laws of time and temperature, a cubic of the state of charge."""
    charged = -0.0305082819190862 * soc**3 + 0.0203050535411071 * soc**2 + 0.0563419818877866 * soc + 0.0216977675805544
    warm = 0.0161798957701571 * ((temperature_c + ZERO_K) / ZERO_K) ** 10.2987094389142
    return charged * warm * (DAY_S * days) ** 0.439858306621106 / 100.0
