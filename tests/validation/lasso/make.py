"""Write `lars_path.json`: LASSO paths of scikit-learn on the design of LEAR. Run with scikit-learn 1.9.1.

The market is synthetic, made by `made_up`; design, criterion and choice of the knot are written out here once more, in
plain NumPy; the paths are those of `sklearn.linear_model.lars_path`.
"""

import json
from importlib.metadata import version
from pathlib import Path

import numpy as np
from sklearn.linear_model import lars_path

N_DAYS = 190  # the last one is the day to forecast
WINDOWS_DAYS = (56, 84, 182)
SLOTS = (0, 8, 19)
MONDAY_FIRST = 3  # the first day is a Thursday, 2026-01-01


def made_up():
    """Prices and day-ahead load of a market whose prices follow yesterday's and the load."""
    rng = np.random.default_rng(20)
    hour = np.arange(24)
    daily = 8.0 * rng.normal(size=(N_DAYS, 1))
    load = 100.0 + 20.0 * np.sin((hour - 8) * np.pi / 12) + daily + 2.0 * rng.normal(size=(N_DAYS, 24))
    price = np.full((N_DAYS, 24), 40.0)
    for day in range(1, N_DAYS):
        weekend = 6.0 * ((day + MONDAY_FIRST) % 7 >= 5)
        price[day] = 15.0 + 0.55 * price[day - 1] + 0.4 * (load[day] - 92.0) - weekend + 2.5 * rng.standard_t(4, 24)
    return np.round(price, 2), np.round(load, 1)


def scaled(rows, window):
    centre = np.median(window, axis=0)
    return np.arcsinh((rows - centre) / (1.4826 * np.median(np.abs(window - centre), axis=0)))


def design(price, load, window_days):
    """Centred regressors and targets of the days before the last one."""
    day = N_DAYS - 1
    first = max(day - window_days, 7)
    learned = np.arange(first, day)
    price, load = (scaled(each, each[first:day]) for each in (price, load))
    lags = [price[learned - lag] for lag in (1, 2, 3, 7)] + [load[learned - lag] for lag in (0, 1, 7)]
    weekday = ((learned[:, None] + MONDAY_FIRST) % 7 == np.arange(7)).astype(float)
    x, y = np.hstack([*lags, weekday]), price[learned]
    return x - x.mean(axis=0), y - y.mean(axis=0)


def chosen(x, y, penalty):
    """The knot of least n log(RSS/n) + penalty k; a penalty of 2 is corrected for few rows, as Hurvich and Tsai do."""
    n_rows = len(y)
    alphas, _, coefficients = lars_path(x, y, method="lasso", max_iter=2000)
    counts = np.count_nonzero(coefficients, axis=0)
    beyond = np.flatnonzero(counts > n_rows // 2)
    last = beyond[0] if beyond.size else len(alphas)
    counts, coefficients = counts[:last], coefficients[:, :last]
    each = penalty * counts * (n_rows / (n_rows - counts - 2.0) if penalty == 2.0 else 1.0)
    squares = np.square(y[:, None] - x @ coefficients).sum(axis=0)
    best = int(np.argmin(n_rows * np.log(squares / n_rows) + each))
    places = np.flatnonzero(coefficients[:, best])
    return {
        "penalty": penalty,
        "alpha": alphas[best],
        "places": places.tolist(),
        "coefficients": coefficients[places, best].tolist(),
    }


def main():
    price, load = made_up()
    cases = []
    for window_days in WINDOWS_DAYS:
        x, y = design(price, load, window_days)
        for slot in SLOTS:
            for penalty in (2.0, 3.0, round(float(np.log(len(y))), 6), 9.0):
                knot = chosen(x, y[:, slot], penalty)
                cases.append({"window_days": window_days, "slot": slot, "n_columns": x.shape[1], **knot})
    answers = {
        "made_with": {"scikit-learn": version("scikit-learn")},
        "is_synthetic": True,
        "cases": cases,
        "price_per_mwh": price.tolist(),
        "load_mw": load.tolist(),
    }
    Path(__file__).with_name("lars_path.json").write_text(json.dumps(answers) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
