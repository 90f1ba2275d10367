"""LEAR's design and the LASSO path on it against those of scikit-learn, whose answers lie in `lars_path.json`."""

import json
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from battuta.forecast.day_table import KnownDays
from battuta.forecast.regressors import regressors
from battuta.numerics.lasso_kernels import best_knot

REFERENCE = json.loads((Path(__file__).parent / "lars_path.json").read_text(encoding="utf-8"))
PRICE, LOAD = np.array(REFERENCE["price_per_mwh"]), np.array(REFERENCE["load_mw"])
DAY = len(PRICE) - 1
KNOWN = KnownDays(
    day=DAY,
    dates=tuple(date(2026, 1, 1) + timedelta(days=k) for k in range(DAY + 1)),
    price_per_mwh=PRICE[:DAY],
    columns={"load_forecast_mw": LOAD},
)


@pytest.mark.parametrize("case", REFERENCE["cases"], ids=lambda each: "{window_days}d-{slot}-{penalty}".format(**each))
def test_the_best_knot_is_theirs(case):
    window = regressors(KNOWN, case["window_days"])
    x, y = window.matrix()[:-1], window.target[:, case["slot"]]
    x, y = x - x.mean(axis=0), y - y.mean()
    assert x.shape[1] == case["n_columns"]
    found = np.empty(x.shape[1])
    n_rows = len(y)
    level = best_knot(x.T @ x, x.T @ y, float(y @ y), n_rows, case["penalty"], n_rows // 2, 10_000, found)
    if case["places"]:
        assert level / n_rows == pytest.approx(case["alpha"], rel=1e-8)
    expected = np.zeros_like(found)
    expected[case["places"]] = case["coefficients"]
    np.testing.assert_allclose(found, expected, rtol=1e-6, atol=1e-9)


def test_sparse_and_dense_knots_are_among_them():
    counts = [len(case["places"]) for case in REFERENCE["cases"]]
    assert min(counts) == 0
    assert max(counts) > 40
    assert len(set(counts)) > 15
    assert any(case["window_days"] < case["n_columns"] for case in REFERENCE["cases"])
