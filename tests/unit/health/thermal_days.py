"""Made-up days of a string's sensors: heat through one lag, outdoors in common, places that differ."""

import numpy as np

STEP_S, N_SENSORS = 120.0, 6
PLACE_K = np.array([0.0, 0.8, -0.5, 0.3, -0.4, 0.1])
PLACE_HEAT_K = 40.0 * np.array([1.0, 1.1, 0.9, 1.0, 1.05, 0.95])


def thermal_day(day, *, extra_k=None, heat_factor=None, lag_s=2700.0, heat_all=1.0, seed=0):
    """Time [s], current over capacity [1/h] and temperatures [degC] of a day."""
    rng = np.random.default_rng([seed, day])
    n = round(86_400.0 / STEP_S)
    time_s = STEP_S * np.arange(n)
    hour = time_s / 3600.0
    start = 1.0 + 2.0 * rng.random()
    rate_c = np.where((hour > start) & (hour < start + 3.5), -0.25, 0.0)
    rate_c = np.where((hour > 17.0) & (hour < 20.0), 0.3 + 0.05 * rng.random(), rate_c)
    warmth, stored = np.empty(n), 0.0
    keep = np.exp(-STEP_S / lag_s)
    for t in range(n):
        stored = keep * stored + (1.0 - keep) * rate_c[t] ** 2
        warmth[t] = stored
    outdoor_c = 20.0 + 2.0 * np.sin(0.9 * day) + 2.5 * np.cos(2.0 * np.pi * (hour - 15.0) / 24.0)
    gain = PLACE_HEAT_K * heat_all * (np.ones(N_SENSORS) if heat_factor is None else heat_factor)
    place_k = PLACE_K + (np.zeros(N_SENSORS) if extra_k is None else extra_k)
    temperature_c = outdoor_c[:, None] + place_k + np.outer(warmth, gain)
    return time_s, rate_c, temperature_c + 0.1 * rng.normal(size=(n, N_SENSORS))
