import json

import numpy as np
import pytest

from battuta.interfaces.reports.twin_json import twin_json
from unit.interfaces.reports.twin_case import N_YEARS, result


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
    assert "credit" not in told["finance"]


def test_a_return_that_does_not_exist_is_null():
    study = result()
    study.strategies[0].finance.irr[:] = np.nan
    assert twin_json(study)["finance"]["irr"] is None
