"""The lives that a warranty is judged on, checked for shapes and holes before a number is drawn from them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from battuta.domain.errors import DataError
from battuta.numerics.arrays import FloatArray

OTHER = "other"
"""What is discharged for none of the services named."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class WarrantyLives:
    """What is known of the lives within the term.

    Attributes
    ----------
    soh_capacity : ndarray, shape (n_lives, n_years)
        State of health at the end of each year. [-]
    full_cycles : ndarray, shape (n_lives, n_years)
        Equivalent full cycles in each year. [1/year]
    discharged_mwh : ndarray, shape (n_lives, n_years)
        Discharged in each year, AC. [MWh]
    service_share : Mapping of str to ndarray, shape (n_lives, n_years)
        Share of what was discharged by each service, `OTHER` included where it is not zero. [-]
    installed_mwh : float
        Energy when new; NaN where nobody said. [MWh]
    charged_mwh : ndarray, shape (n_lives, n_years), or None
        Charged in each year, AC. [MWh]
    availability : ndarray, shape (n_lives, n_years), or None
        Share of the hours in which the battery was available. [-]
    loss_by_cause : ndarray, shape (n_lives, n_years, 2), or None
        Capacity lost by the end of each year to calendar and to cycles. [-]
    """

    soh_capacity: FloatArray
    full_cycles: FloatArray
    discharged_mwh: FloatArray
    service_share: Mapping[str, FloatArray]
    installed_mwh: float
    charged_mwh: FloatArray | None
    availability: FloatArray | None
    loss_by_cause: FloatArray | None

    @property
    def n_lives(self) -> int:
        """Number of lives."""
        return self.full_cycles.shape[0]

    @property
    def year(self) -> FloatArray:
        """Years at whose end is judged, shape (n_years,). [year]"""
        return np.arange(1.0, self.full_cycles.shape[1] + 1.0)


def warranty_lives(
    years: int,
    soh_capacity: FloatArray,
    full_cycles: FloatArray,
    discharged_mwh: FloatArray,
    services: Mapping[str, FloatArray] | None = None,
    *,
    installed_mwh: float = np.nan,
    charged_mwh: FloatArray | None = None,
    availability: FloatArray | None = None,
    loss_by_cause: FloatArray | None = None,
) -> WarrantyLives:
    """Check lives and keep what lies within the term.

    Parameters
    ----------
    years : int
        Term of the warranty. [year]
    soh_capacity : ndarray, shape (n_lives, n_years + 1)
        State of health when new and at the end of each year. [-]
    full_cycles, discharged_mwh : ndarray, shape (n_lives, n_years)
        Equivalent full cycles and energy discharged in each year. [1/year, MWh]
    services : Mapping of str to ndarray, shape broadcastable to (n_lives, n_years), or None
        Energy discharged for each service. [MWh]
    installed_mwh : float
        Energy when new. [MWh]
    charged_mwh, availability : ndarray, shape (n_lives, n_years), or None
        Energy charged; share of hours available. [MWh, -]
    loss_by_cause : ndarray, shape (n_lives, n_years + 1, 2), or None
        Capacity lost to calendar and to cycles. [-]

    Returns
    -------
    WarrantyLives
        The same, up to the end of the term.

    Raises
    ------
    DataError
        If shapes do not fit, a number is missing, or services discharge more than there is.
    """
    shape = full_cycles.shape
    n_lives, n_years = (*shape, 0)[:2]
    if len(shape) != 2 or not n_lives or not n_years:
        message = f"full_cycles has shape {shape}; it takes (n_lives, n_years), both at least 1"
        raise DataError(message)
    _fits("soh_capacity", soh_capacity, (n_lives, n_years + 1))
    for name, values in (("full_cycles", full_cycles), ("discharged_mwh", discharged_mwh)):
        _fits(name, values, shape)
    for name, values in (("charged_mwh", charged_mwh), ("availability", availability)):
        if values is not None:
            _fits(name, values, shape)
    if loss_by_cause is not None:
        _fits("loss_by_cause", loss_by_cause, (n_lives, n_years + 1, 2))
    term = slice(0, min(years, n_years))
    return WarrantyLives(
        soh_capacity=soh_capacity[:, 1:][:, term],
        full_cycles=full_cycles[:, term],
        discharged_mwh=discharged_mwh[:, term],
        service_share={name: each[:, term] for name, each in _shares(services or {}, discharged_mwh).items()},
        installed_mwh=installed_mwh,
        charged_mwh=None if charged_mwh is None else charged_mwh[:, term],
        availability=None if availability is None else availability[:, term],
        loss_by_cause=None if loss_by_cause is None else loss_by_cause[:, 1:][:, term],
    )


def _fits(name: str, values: FloatArray, shape: tuple[int, ...]) -> None:
    if values.shape != shape:
        message = f"{name} has shape {values.shape}, but the lives make it {shape}"
        raise DataError(message)
    holes = int(np.count_nonzero(~np.isfinite(values)))
    if holes:
        first = tuple(int(each) for each in np.argwhere(~np.isfinite(values))[0])
        message = f"{name} has {holes} values that are no numbers, the first at {first}; nothing is judged by guesses"
        raise DataError(message)
    if float(values.min()) < 0.0:
        first = tuple(int(each) for each in np.argwhere(values < 0.0)[0])
        message = f"{name} = {values[first]:g} at {first} is negative; it takes magnitudes"
        raise DataError(message)


def _shares(services: Mapping[str, FloatArray], discharged_mwh: FloatArray) -> dict[str, FloatArray]:
    if not services:
        return {}
    energy: dict[str, FloatArray] = {}
    for name, each in services.items():
        try:
            energy[name] = np.array(np.broadcast_to(each, discharged_mwh.shape), dtype=np.float64)
        except ValueError:
            message = f"services[{name!r}] has shape {np.shape(each)}, but the lives make it {discharged_mwh.shape}"
            raise DataError(message) from None
        _fits(f"services[{name!r}]", energy[name], discharged_mwh.shape)
    total = np.sum(list(energy.values()), axis=0)
    excess = total - discharged_mwh
    slack = 1e-6 * np.maximum(discharged_mwh, 1.0)
    if (excess > slack).any():
        life, year = (int(each) for each in np.unravel_index(np.argmax(excess), excess.shape))
        message = (
            f"services discharge {total[life, year]:g} MWh in life {life}, year {year + 1}, but the battery only "
            f"{discharged_mwh[life, year]:g} MWh; give each MWh to one service"
        )
        raise DataError(message)
    rest = np.maximum(discharged_mwh - total, 0.0)
    if (rest > slack).any():
        energy[OTHER] = energy.get(OTHER, np.zeros_like(rest)) + rest
    whole = np.where(discharged_mwh > 0.0, discharged_mwh, 1.0)
    return {name: each / whole for name, each in energy.items()}
