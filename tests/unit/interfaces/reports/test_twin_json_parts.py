import json
from dataclasses import replace

import numpy as np
import pytest

from battuta.interfaces.reports.twin_json_parts import number, risk_json, strings_json, tranches_json
from battuta.interfaces.reports.twin_strings import strings_figures
from unit.interfaces.reports.twin_case import N_YEARS, augmented, contracted, result, with_risk


@pytest.fixture(scope="module")
def sure():
    return with_risk(result()).risk.strategies["base"]


def test_risk_is_written_as_it_was_counted(sure):
    told = risk_json(sure)
    assert told["break_even_capacity_price_per_mw_h"]["p90"] == sure.break_even_capacity_price_per_mw_h[1]
    first = told["tornado_npv"][0]
    assert (first["assumption"], first["at_low"]) == (sure.tornado_npv[0].factor.name, sure.tornado_npv[0].at_low)
    assert [each["case"] for each in told["stress"]] == [each.case.name for each in sure.stress]
    assert told["stress"][1]["npv"]["p90"] == sure.stress[1].exceedance.npv[2]
    assert told["debt_worth"]["gained"]["p99"] == sure.debt_worth.gained[2]


def test_a_spread_is_written_of_what_trades_alone(sure):
    assert "break_even_spread_factor" not in risk_json(sure)
    told = risk_json(replace(sure, break_even_spread_factor=np.array([1.1, np.nan])))
    assert told["break_even_spread_factor"] == {"p50": 1.1, "p90": None}


def test_a_price_that_does_not_exist_is_null(sure):
    lost = replace(sure, break_even_capacity_price_per_mw_h=np.full(2, np.nan), debt_worth=None)
    told = risk_json(lost)
    assert told["break_even_capacity_price_per_mw_h"] == {"p50": None, "p90": None}
    assert "debt_worth" not in told
    assert json.dumps(told, allow_nan=False)
    assert number(np.inf) is None


def test_tranches_are_means_by_year():
    paid = contracted(result()).strategies[0].tranches
    told = tranches_json(paid)
    assert told["merchant"] == paid.merchant.mean(axis=0).tolist()
    assert told["contracted"][4:] == [0.0] * (N_YEARS - 4)


def test_strings_are_told_by_year_and_cohort():
    told = strings_json(strings_figures(augmented(result()).strategies[0].augmented))
    assert len(told["installed_mwh"]["p50"]) == N_YEARS
    assert [each["year"] for each in told["cohorts"]] == [0.0, 4.0, 7.0]
