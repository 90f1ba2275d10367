"""LEAR by the reference recipe with scikit-learn: `scikit_learn_lear.py PROBLEM.npz` prints seconds and forecasts.

For each hour the penalty is chosen by `LassoLarsIC` (AIC) and the coefficients by `Lasso`, as the open benchmark's
toolbox does. The problem holds, for each day and window, the regressors and targets that Battuta regresses on.
"""

from __future__ import annotations

import json
import sys
import warnings
from time import perf_counter

import numpy as np
import sklearn
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import Lasso, LassoLarsIC

warnings.simplefilter("ignore", ConvergenceWarning)
problem = np.load(sys.argv[1])
names = sorted({name.removesuffix("_x").removesuffix("_y") for name in problem.files})
forecasts, started = [], perf_counter()
for name in names:
    x, y = problem[f"{name}_x"], problem[f"{name}_y"]
    said = []
    for hour in range(y.shape[1]):
        alpha = LassoLarsIC(criterion="aic", max_iter=2500).fit(x[:-1], y[:, hour]).alpha_
        said.append(float(Lasso(alpha=alpha, max_iter=2500).fit(x[:-1], y[:, hour]).predict(x[-1:])[0]))
    forecasts.append(said)
seconds = perf_counter() - started
print(json.dumps({"version": sklearn.__version__, "seconds": seconds, "forecasts": forecasts}))
