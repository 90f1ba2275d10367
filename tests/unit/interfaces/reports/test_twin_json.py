import json

import numpy as np
import pytest

from battuta.interfaces.reports.twin_json import twin_json
from unit.interfaces.reports.twin_case import N_YEARS, augmented, contracted, result, with_risk


@pytest.fixture(scope="module")
def told():
    return twin_json(result())


def test_it_is_json_and_the_same_again(told):
    assert json.loads(json.dumps(told, allow_nan=False)) == told
    assert json.dumps(twin_json(result())) == json.dumps(told)


def test_the_first_strategy_stands_at_the_top(told):
    for key in ("soh", "warranty", "finance"):
        assert told[key] == told["strategies"]["base"][key]
    assert told["currency"] == "EUR"
    assert told["remarks"] == ["prices and costs are the asker's own assumptions"]


def test_health_by_year_rises_from_p10_to_p90(told):
    assert list(told["soh"]) == [str(year) for year in range(N_YEARS + 1)]
    last = told["soh"][str(N_YEARS)]
    assert last["p10"] < last["p50"] < last["p90"] < 1.0


def test_money_falls_from_p50_to_p99(told):
    finance = told["finance"]
    assert set(finance) >= {"irr", "npv", "min_dscr", "lcos"}
    irr, lcos = finance["bettered"]["irr"], finance["bettered"]["lcos"]
    assert irr["p50"] > irr["p90"] > irr["p99"]
    assert lcos["p50"] < lcos["p90"] < lcos["p99"]
    assert finance["irr"] == irr["p50"]


def test_what_was_not_broken_has_no_year(told):
    assert told["warranty"]["first_breach_year"] is None
    assert told["strategies"]["hard"]["warranty"]["first_breach_year"] > 0


def test_parts_that_a_study_lacks_are_absent():
    told = twin_json(result(has_debt=False, has_warranty=False))
    assert "warranty" not in told
    assert "min_dscr" not in told["finance"]
    assert not {"credit", "debt_carried", "stress", "tornado_npv"} & set(told["finance"])
    assert not {"augmentation", "revenue"} & set(told)


def test_what_only_some_studies_have_stands_where_they_have_it():
    told = twin_json(with_risk(augmented(contracted(result()))))
    assert told["followed_share"] == 0.9
    assert {"stress", "tornado_npv", "debt_worth", "debt_carried"} <= set(told["finance"])
    assert len(told["revenue"]["contracted"]) == N_YEARS
    assert told["augmentation"]["lives_share"] == 0.5
    assert json.loads(json.dumps(told, allow_nan=False)) == told


def test_a_return_that_does_not_exist_is_null():
    study = result()
    study.strategies[0].finance.irr[:] = np.nan
    assert twin_json(study)["finance"]["irr"] is None
