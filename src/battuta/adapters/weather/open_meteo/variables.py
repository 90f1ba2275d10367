"""The variables of Open-Meteo that are read: its name and unit, our name, and which part of an hour it stands for."""

from __future__ import annotations

from dataclasses import dataclass

from battuta.domain.errors import UsageError


@dataclass(frozen=True, slots=True, kw_only=True)
class Variable:
    """One hourly variable.

    Attributes
    ----------
    name : str
        As the service spells it.
    unit : str
        Unit in which it is asked for, as the service writes it.
    column : str
        Our name, unit last.
    factor : float
        From its unit to ours.
    is_of_hour_before : bool
        True where a value is the mean of the hour that ends at its time: it belongs to the interval before.
    """

    name: str
    unit: str
    column: str
    factor: float = 1.0
    is_of_hour_before: bool = False


VARIABLES: tuple[Variable, ...] = (
    Variable(name="temperature_2m", unit="°C", column="temperature_c"),
    Variable(name="wind_speed_10m", unit="m/s", column="wind_speed_m_per_s"),
    Variable(name="wind_speed_100m", unit="m/s", column="wind_speed_100m_m_per_s"),
    Variable(name="shortwave_radiation", unit="W/m²", column="radiation_w_per_m2", is_of_hour_before=True),
    Variable(name="cloud_cover", unit="%", column="cloud_cover", factor=0.01),
    Variable(name="relative_humidity_2m", unit="%", column="humidity_fraction", factor=0.01),
)
"""All that are known."""
USUAL = ("temperature_c", "wind_speed_m_per_s", "radiation_w_per_m2", "cloud_cover")
"""What is asked for where nobody says otherwise."""


def variable_of(column: str) -> Variable:
    """Return the variable behind one of our columns.

    Raises
    ------
    UsageError
        If there is none; the message lists those there are.

    Examples
    --------
    >>> variable_of("radiation_w_per_m2").name
    'shortwave_radiation'
    """
    for variable in VARIABLES:
        if variable.column == column:
            return variable
    message = f"Open-Meteo is not asked for {column!r}; there is {', '.join(each.column for each in VARIABLES)}"
    raise UsageError(message)
