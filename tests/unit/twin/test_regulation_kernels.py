"""The loop of regulation against plain Python."""

import numpy as np

from battuta.twin.regulation_kernels import regulate


def plain(response, sold, recovery, energy, efficiency, target, cap, n_minutes):
    soc, out, spent = target, [], 0.0
    for minute in range(n_minutes):
        if minute % 1440 == 0:
            spent = 0.0
        base = recovery * np.clip((soc - target) / 0.1, -1.0, 1.0)
        powers = []
        for second in range(60):
            power = base + (sold * response[(60 * minute + second) % response.size] if spent < cap else 0.0)
            stored = power / efficiency if power > 0 else power * efficiency
            soc = np.clip(soc - stored / 3600 / energy, 0, 1)
            spent += 0.5 * abs(stored / 3600 / energy)
            powers.append(power)
        out.append(np.mean(powers))
    return np.array(out)


def test_it_follows_the_plain_loop():
    response = np.random.default_rng(1).normal(0.05, 0.2, 7200)
    for cap in (np.inf, 0.004):
        minute_kw = np.empty(180)
        hidden = regulate(response, 1000.0, 250.0, 2000.0, 0.95, 0.5, cap, minute_kw)
        assert np.allclose(minute_kw, plain(response, 1000.0, 250.0, 2000.0, 0.95, 0.5, cap, 180), atol=1e-9)
        assert hidden > 1.0


def test_minutes_of_one_power_hide_nothing():
    minute_kw = np.empty(60)
    assert regulate(np.full(60, 0.1), 100.0, 0.0, 1e6, 1.0, 0.5, np.inf, minute_kw) == 1.0
    assert np.allclose(minute_kw, 10.0)
