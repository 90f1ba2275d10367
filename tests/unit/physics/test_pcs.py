"""Converters as data and by a measured map."""

import numpy as np
import pytest

from battuta.domain import catalogue
from battuta.domain.errors import DataError, InvalidQuantityError, UsageError
from battuta.physics.pcs import MeasuredPcs, NottonPcs, notton_pcs, pcs_rows, pcs_sets


@pytest.mark.parametrize("name", pcs_sets())
def test_every_set_is_a_converter_that_conserves_energy(name):
    pcs = notton_pcs(name, 2500.0)
    assert pcs.source
    ac = np.linspace(-2500.0, 2500.0, 1001)
    dc, loss = pcs.dc_power_kw(ac)
    assert np.array_equal(ac + loss, dc)
    back, _ = pcs.ac_power_kw(dc)
    assert back[dc < 0.0] == pytest.approx(ac[dc < 0.0], abs=1e-8)
    assert back[ac > 0.0] == pytest.approx(ac[ac > 0.0], abs=1e-8)
    assert 0.93 < 2500.0 / dc[-1] < 0.99


def test_charge_and_discharge_differ_in_the_field():
    pcs = notton_pcs("sungrow_sc1000tl_field", 1000.0)
    assert pcs.parameters().tolist() == [1000.0, 0.005512, 0.018773, 0.007702, 0.017291, 0.0]
    assert pcs_rows((pcs, pcs)).shape == (2, 6)
    _, loss = pcs.dc_power_kw(np.array([100.0, -100.0]))
    assert loss[1] > 1.2 * loss[0]


def test_figures_that_cannot_be(monkeypatch):
    with pytest.raises(InvalidQuantityError, match="rated_power_kw"):
        notton_pcs("bonfiglioli_field", 0.0)
    row = dict.fromkeys(
        ("no_load_discharge_pu", "quadratic_discharge_pu", "no_load_charge_pu", "quadratic_charge_pu"), 0.01
    )
    with pytest.raises(InvalidQuantityError, match="standby_pu"):
        NottonPcs(rated_power_kw=1.0, standby_pu=-0.1, **row)
    monkeypatch.setattr(catalogue, "table", lambda *_: {"no_load_discharge_pu": "little"})
    with pytest.raises(DataError, match="no_load_discharge_pu must be a number"):
        notton_pcs("x", 1.0)


def test_the_measured_sinamics_map(data_dir):
    table = np.genfromtxt(data_dir / "twin" / "sinamics_S120_efficiency.csv", delimiter=",", skip_header=1)
    share = np.arange(len(table)) / (len(table) - 1)  # rows run evenly from 0 to the rating
    pcs = MeasuredPcs.from_efficiency(
        rated_power_kw=1000.0,
        power_share=share,
        efficiency_charge=table[:, 0],
        efficiency_discharge=table[:, 1],
        source="Siemens Sinamics S120, measured, in SimSES",
    )
    dc, loss = pcs.dc_power_kw(np.array([500.0, -500.0]))
    assert 500.0 / dc[0] == pytest.approx(table[500, 1])
    assert -dc[1] / 500.0 == pytest.approx(table[500, 0])
    ac = np.linspace(-1000.0, 1000.0, 4001)
    dc, loss = pcs.dc_power_kw(ac)
    back, _ = pcs.ac_power_kw(dc)
    assert np.max(np.abs(back - ac)) < 1e-9
    assert loss.min() > 0.0
    assert np.max(np.abs(ac + loss - dc)) < 1e-12 * 1000.0
    assert np.isnan(pcs.dc_power_kw(np.array([1001.0]))[0][0])


def test_maps_that_cannot_be():
    with pytest.raises(UsageError, match="gains energy"):
        MeasuredPcs(rated_power_kw=1.0, ac_share=(-1.0, 0.0, 1.0), dc_share=(-1.1, 0.0, 1.1))
    with pytest.raises(UsageError, match="ascend"):
        MeasuredPcs(rated_power_kw=1.0, ac_share=(-1.0, 0.0, 1.0), dc_share=(-0.9, -0.9, 1.1))
