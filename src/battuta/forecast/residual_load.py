"""What is left for the market to serve: load less sun and wind, where a market publishes both."""

from __future__ import annotations

from collections.abc import Mapping

from battuta.numerics.arrays import FloatArray

RESIDUAL_LOAD = "residual_load_mw"
_WEATHER_DRIVEN = ("wind", "solar", "renewables")
_BORDER = ("capacity", "import", "export")
_MW = "_mw"


def residual_load_mw(columns: Mapping[str, FloatArray]) -> FloatArray | None:
    """Difference of demand and what the weather gives, or of the two series that a market publishes.

    Parameters
    ----------
    columns : mapping of str to ndarray, shape (n_days, n_slots)
        Exogenous series of the same days; those in MW are told by their names. [MW]

    Returns
    -------
    ndarray, shape (n_days, n_slots), or None
        A residual load that is given; else the first load less renewables, or less all wind and sun; where none of
        these is published but two other series are, as load and scheduled generation, the first less the second. None
        where there is nothing to subtract. [MW]

    Examples
    --------
    >>> import numpy as np
    >>> columns = {"load_forecast_mw": np.array([[50.0]]), "wind_forecast_mw": np.array([[20.0]])}
    >>> residual_load_mw(columns)
    array([[30.]])
    """
    power = {name: values for name, values in columns.items() if name.endswith(_MW) and not _is_border(name)}
    given = [values for name, values in power.items() if "residual" in name]
    if given:
        return given[0]
    driven = [name for name in power if any(word in name for word in _WEATHER_DRIVEN)]
    whole = [name for name in driven if "renewables" in name]
    loads = [name for name in power if "load" in name]
    if loads and driven:
        return power[loads[0]] - sum(power[name] for name in (whole or driven))
    if len(power) == 2:
        first, second = power.values()
        return first - second
    return None


def _is_border(name: str) -> bool:
    """Whether a series is of lines to neighbours: neither what is used here nor what is made here."""
    return any(word in name for word in _BORDER)
