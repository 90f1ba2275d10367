"""Invented curves: they rise, lie where LFP lies, differ from each other, and the laws are stated in sane numbers."""

import numpy as np
import pytest

from battuta.domain.errors import UsageError
from battuta.world.foreign.cell_law import FORMS, SOC_LOW, cell_law

SOC = np.linspace(0.0, 1.0, 1001)


@pytest.mark.parametrize("form", FORMS)
def test_a_curve_rises_and_lies_where_iron_phosphate_lies(form) -> None:
    ocv_v = form.open_circuit_v(SOC)
    assert np.all(np.diff(ocv_v) > 0.0)
    middle = ocv_v[300:900]
    assert 3.24 < middle.min() < middle.max() < 3.36
    assert ocv_v[0] < 2.9
    assert 3.36 < ocv_v[-1] < 3.5


@pytest.mark.parametrize("form", FORMS)
def test_the_gap_between_the_branches_closes_towards_full(form) -> None:
    gap_v = form.half_gap_v(SOC)
    assert 0.002 < gap_v[300:900].min() < gap_v.max() < 0.012
    assert gap_v[-1] < 0.6 * gap_v[700]


def test_curves_differ_by_millivolts() -> None:
    curves = [form.open_circuit_v(SOC[200:950]) for form in FORMS]
    for i, one in enumerate(curves):
        for other in curves[i + 1 :]:
            assert 0.001 < np.abs(one - other).max() < 0.05


def test_the_table_is_the_curve() -> None:
    law = cell_law(1)
    nodes = SOC_LOW + np.arange(law.curve_v.shape[1]) / law.per_soc
    there = (nodes >= 0.0) & (nodes <= 1.0)
    np.testing.assert_allclose(law.curve_v[0][there], FORMS[1].open_circuit_v(nodes[there]), rtol=1e-9)
    np.testing.assert_allclose(law.curve_v[1], FORMS[1].half_gap_v(nodes))


def test_laws_are_whole() -> None:
    law = cell_law(0)
    assert law.weight_narrow + law.weight_middle + law.weight_wide == pytest.approx(1.0)
    for flat, low, high in (law.shape_discharge, law.shape_charge):
        assert flat + low / 0.59 + high * 0.5**4 == pytest.approx(1.0, abs=0.05)
    with pytest.raises(UsageError, match="no curve 9"):
        cell_law(9)
