"""Every variable that is asked for has a name that says its unit."""

import pytest

from battuta.adapters.weather.open_meteo.variables import USUAL, VARIABLES, variable_of
from battuta.domain.errors import UsageError
from battuta.domain.weather_units import weather_unit


def test_each_column_says_its_unit_once():
    columns = [variable.column for variable in VARIABLES]
    assert len(set(columns)) == len(columns)
    assert set(USUAL) <= set(columns)
    for variable in VARIABLES:
        unit = weather_unit(variable.column)
        assert {"°C": "degC", "W/m²": "W/m2", "%": "-"}.get(variable.unit, variable.unit) == unit.unit
        assert variable.factor == (0.01 if variable.unit == "%" else 1.0)


def test_an_unknown_column_is_refused():
    with pytest.raises(UsageError, match="is not asked for 'rain_mm'"):
        variable_of("rain_mm")
