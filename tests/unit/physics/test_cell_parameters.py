from dataclasses import replace

import numpy as np
import pytest

from battuta.domain.catalogue import names, table
from battuta.domain.errors import DataError, InvalidQuantityError
from battuta.physics.cell_parameters import cell_parameters, from_table


@pytest.mark.parametrize("name", names("physics", "parameter_sets"))
def test_every_set_has_a_rising_curve_and_says_where_it_is_from(name) -> None:
    cell = cell_parameters(name)
    assert np.all(np.diff(cell.ocv_v) > 0.0)
    assert np.all(np.diff(cell.resistance_ohm, axis=1) < 0.0), "colder is more resistive"
    assert {fact.name for fact in cell.facts} >= {"ocv", "entropy", "series_resistance", "hysteresis", "limits", "heat"}
    assert {fact.status for fact in cell.facts} <= {"measured", "assumed"}


def test_an_assumed_set_says_so_in_its_label_and_has_priors() -> None:
    cell = cell_parameters("lfp_314ah")
    assert "assumed" in cell.label
    assert {fact.status for fact in cell.facts} == {"assumed"}
    assert next(fact for fact in cell.facts if fact.name == "series_resistance").deviation_share == 0.3


def test_a_string_of_416_stays_below_1500_v() -> None:
    assert 416 * cell_parameters("lfp_314ah").voltage_v_max < 1500.0


def test_charge_is_refused_below_zero_and_free_above_ten() -> None:
    tables = cell_parameters("lfp_314ah").tables()
    axis = tables.taper_c_low + np.arange(tables.taper.shape[1]) / tables.taper_per_k
    charge = dict(zip(axis, tables.taper[0], strict=True))
    assert (charge[-10.0], charge[0.0], charge[5.0], charge[10.0]) == (0.0, 0.0, 0.5, 1.0)


def test_the_curve_integrates_to_the_trapezoids() -> None:
    tables = cell_parameters("sony_lfp_3ah").tables()
    assert tables.ocv_integral_v[-1] == pytest.approx(np.trapezoid(tables.ocv_v, dx=1.0 / 200))
    assert tables.limits_a.tolist() == [3.0, 6.6 * 3.0]


def test_a_missing_section_is_named() -> None:
    content = table("physics", "parameter_sets", "lfp_314ah")
    del content["hysteresis"]
    with pytest.raises(DataError, match=r"section \[hysteresis\] is missing"):
        from_table("mine", content)


def test_words_for_numbers_are_named() -> None:
    content = table("physics", "parameter_sets", "lfp_314ah")
    with pytest.raises(DataError, match="capacity_ah = 'big'"):
        from_table("mine", content | {"capacity_ah": "big"})
    with pytest.raises(DataError, match="soc = 3"):
        from_table("mine", content | {"ocv": content["ocv"] | {"soc": 3}})


def test_shapes_and_signs_are_checked() -> None:
    cell = cell_parameters("lfp_314ah")
    with pytest.raises(DataError, match="disagree"):
        replace(cell, ocv_v=cell.ocv_v[:-1])
    with pytest.raises(DataError, match="not evenly spaced"):
        replace(cell, temperature_c=cell.temperature_c**2)
    with pytest.raises(InvalidQuantityError, match="capacity_ah = 0"):
        replace(cell, capacity_ah=0.0)
