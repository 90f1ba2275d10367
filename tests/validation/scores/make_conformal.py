"""Write `conformal.json`: what crepes and MAPIE make of the same made-up data. Run with crepes 0.9.1 and mapie 1.6.0.

The data is synthetic, made by `made_up`; the answers are theirs.
"""

import json
import warnings
from importlib.metadata import version
from pathlib import Path

import numpy as np
from crepes import ConformalPredictiveSystem
from mapie.regression import ConformalizedQuantileRegressor, TimeSeriesRegressor
from sklearn.base import BaseEstimator, RegressorMixin

LEVELS = [0.02, 0.05, 0.25, 0.75, 0.95, 0.98]
N_DAYS, N_NEW = 150, 4
RATE = 0.02


def made_up(seed, n):
    """Point forecast, spread and value of n days."""
    rng = np.random.default_rng(seed)
    point, spread = rng.uniform(20.0, 60.0, n), rng.uniform(2.0, 12.0, n)
    return np.round([point, spread, point + 1.5 + spread * rng.standard_t(4, n)], 3)


class Column(RegressorMixin, BaseEstimator):
    """A forecast that is a column of its input."""

    def __init__(self, number=0):
        self.number = number

    def fit(self, x, y):
        self.fitted_ = True
        return self

    def predict(self, x):
        return np.asarray(x)[:, self.number]


def column(number):
    return Column(number).fit(np.zeros((1, 3)), np.zeros(1))


def by_crepes(known, new, *, scaled):
    point, spread, value = known
    low = [100.0 * each for each in LEVELS if each < 0.5]
    high = [100.0 * each for each in LEVELS if each > 0.5]
    system = ConformalPredictiveSystem()
    system.fit(value - point, sigmas=spread if scaled else None)
    sigmas = new[1] if scaled else None
    return system.predict_percentiles(new[0], sigmas=sigmas, lower_percentiles=low, higher_percentiles=high).tolist()


def by_mapie(known, new):
    """Both ends of a 90 % band corrected apart; the forecast is the point, less or plus its spread."""
    ends = [np.column_stack((point - spread, point + spread, point)) for point, spread, _ in (known, new)]
    model = ConformalizedQuantileRegressor([column(0), column(1), column(2)], confidence_level=0.9, prefit=True)
    model.conformalize(ends[0], known[2])
    return model.predict_interval(ends[1], symmetric_correction=False)[1][:, :, 0].tolist()


def residuals_of_drift():
    """Residuals to learn the quantiles from, then 600 whose scale doubles on the way."""
    rng = np.random.default_rng(9)
    return np.round(rng.normal(size=999), 4), np.round(rng.normal(size=600) * np.linspace(1.0, 2.0, 600), 4)


def aci_by_mapie():
    """Miss asked of a 90 % band after each step."""
    past, coming = residuals_of_drift()
    model = TimeSeriesRegressor(column(0), method="aci", cv="prefit")
    model.fit(np.zeros((past.size, 3)), past)
    asked = []
    for residual in coming:
        model.adapt_conformal_inference(np.zeros((1, 3)), np.array([residual]), gamma=RATE, confidence_level=0.9)
        asked.append(round(float(next(iter(model.current_alpha.values()))), 10))
    return asked


def main():
    warnings.simplefilter("ignore")
    known, new = made_up(1, N_DAYS), made_up(2, N_NEW)
    answers = {
        "made_with": {name: version(name) for name in ("crepes", "mapie")},
        "levels": LEVELS,
        "crepes_plain": by_crepes(known, new, scaled=False),
        "crepes_scaled": by_crepes(known, new, scaled=True),
        "mapie_cqr_90": by_mapie(known, new),
        "mapie_aci_rate": RATE,
        "mapie_aci_asked": aci_by_mapie(),
        "known": known.tolist(),
        "new": new.tolist(),
        "drift": [each.tolist() for each in residuals_of_drift()],
    }
    Path(__file__).with_name("conformal.json").write_text(json.dumps(answers) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
