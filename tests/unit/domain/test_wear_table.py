"""A wear table gives the prices of a schedule, and refuses what it does not hold."""

from dataclasses import replace

import numpy as np
import pytest

from battuta.domain.errors import DataError, UsageError
from battuta.domain.wear_table import WearTable

TABLE = WearTable(
    study="toy",
    strategy="base",
    study_hash="0123456789abcdef",
    currency="EUR",
    law_shares={"naumann_lfp": 1.0},
    c_rate=np.array([0.25, 0.5]),
    depth=np.array([0.0, 0.5, 1.0]),
    soc=np.array([0.0, 1.0]),
    temperature_c=np.array([20.0, 40.0]),
    cycle_cost_per_mwh=np.array([[[0.0, 1.0, 4.0], [0.0, 2.0, 8.0]], [[0.0, 0.5, 2.0], [0.0, 1.0, 4.0]]]),
    rest_cost_per_mwh_h=np.array([[[0.1, 0.2], [0.3, 0.6]], [[0.0, 0.1], [0.1, 0.4]]]),
    throughput_price_per_mwh=np.array([1.0, 3.0]),
)
BATTERY = {"energy_kwh": 2000.0, "soc_min": 0.0, "soc_max": 1.0, "efficiency_discharge": 1.0, "c_rate": 0.5}


def test_a_full_cycle_through_all_segments_costs_what_the_table_says():
    wear = TABLE.wear(**BATTERY, year_of_life=1, n_segments=2)
    assert wear.depth is not None
    assert wear.depth.price_per_mwh == (4.0, 12.0)
    assert sum(price * 1.0 for price in wear.depth.price_per_mwh) == pytest.approx(8.0 * 2.0)  # 1 MWh of each
    assert wear.price_per_mwh == 1.0
    assert wear.calendar_per_hour is not None
    assert float(wear.calendar_per_hour(1.0)) == pytest.approx(2.0 * (0.75 * 0.2 + 0.25 * 0.6))


def test_without_a_year_the_mean_of_all_holds_and_between_nodes_a_line():
    young, old, mean = (TABLE.wear(**BATTERY, year_of_life=year, n_segments=1) for year in (1, 2, None))
    assert (young.depth.price_per_mwh, old.depth.price_per_mwh, mean.depth.price_per_mwh) == ((8.0,), (4.0,), (6.0,))
    assert mean.price_per_mwh == 2.0
    slow = TABLE.wear(**{**BATTERY, "c_rate": 0.375}, year_of_life=1, n_segments=1)
    assert slow.depth.price_per_mwh == (6.0,)
    assert TABLE.wear(**{**BATTERY, "c_rate": 0.01}, year_of_life=1, n_segments=1).depth.price_per_mwh == (4.0,)


def test_a_narrow_window_and_a_loss_of_discharge_are_counted():
    wear = TABLE.wear(**{**BATTERY, "soc_max": 0.5, "efficiency_discharge": 0.8}, year_of_life=1, n_segments=1)
    assert wear.depth.price_per_mwh == (pytest.approx(2.0 * 2.0 / (0.5 * 2.0 * 0.8)),)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"c_rate": 2.0}, r"c_rate = 2 1/h is outside the wear table of study 'toy'"),
        ({"temperature_c": 50.0}, r"temperature_c = 50 degC is outside .* from 20 to 40 degC"),
        ({"year_of_life": 3}, r"year_of_life = 3 is outside .* from 1 to 2"),
    ],
)
def test_what_lies_outside_is_refused(asked, said):
    with pytest.raises(UsageError, match=said):
        TABLE.wear(**{**BATTERY, **asked})


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"depth": np.array([0.1, 0.5, 1.0])}, "depth must reach from 0 to 1"),
        ({"c_rate": np.array([0.5, 0.25])}, "nodes of c_rate must be numbers that ascend"),
        ({"throughput_price_per_mwh": np.array([1.0])}, "cycle_cost_per_mwh has shape"),
        ({"throughput_price_per_mwh": np.array([1.0, -1.0])}, "throughput_price_per_mwh must hold numbers >= 0"),
    ],
)
def test_a_table_that_is_none_is_refused(wrong, said):
    with pytest.raises(DataError, match=said):
        replace(TABLE, **wrong)
