"""Duties that nobody chose, drawn from a seed: power, charge positive, and a seasonal ambient."""

import math
import random

SEEDS = (0, 1, 2)
N_DAYS, STEP_S = 30, 60.0
SERIAL, PARALLEL = 100, 10
POWER_W_MAX = 0.5 * 3.0 * PARALLEL * 3.2 * SERIAL
ENERGY_WH = 3.0 * PARALLEL * 3.2 * SERIAL
AMBIENT_C_MIN = 11.0  # SimSES knows no resistance of a cell below 10 degC


def duty(seed: int) -> tuple[list[float], list[float]]:
    """Power [W] and ambient [degC] of each step.

    Seed 0 wanders around half full; 1 draws blocks of 5 minutes to 4 hours and is drawn back to the middle; 2 draws
    blocks up to 1.4 times the converter's rating and is not, so that it stands at its limits half of the time.
    """
    draw = random.Random(f"simses.{seed}")
    phase, mean_c = 2.0 * math.pi * draw.random(), draw.uniform(16.0, 26.0)
    daily_k, seasonal_k = draw.uniform(2.0, 6.0), draw.uniform(3.0, 7.0)
    soc, wander, level, steps_left, weather_k = 0.5, 0.0, 0.0, 0, 0.0
    power_w, ambient_c = [], []
    for step in range(N_DAYS * 1440):
        if seed == 0:
            wander += draw.gauss(0.0, 0.22) - wander / 8.0
            power_pu = wander + 0.6 * (0.5 - soc)
        else:
            if steps_left == 0:
                steps_left = draw.randint(5, 240)
                level = draw.uniform(-1.4, 1.4) if draw.random() < 0.75 else 0.0
            steps_left -= 1
            power_pu = level if seed == 2 else level + 0.8 * (0.5 - soc)
        if seed != 2:
            power_pu = max(-1.0, min(1.0, power_pu))
        power_w.append(POWER_W_MAX * power_pu)
        soc = min(max(soc + power_w[-1] / 60.0 / ENERGY_WH * (0.96 if power_pu > 0.0 else 1.0 / 0.96), 0.0), 1.0)
        weather_k += draw.gauss(0.0, 0.12) - weather_k / 600.0
        day = step * STEP_S / 86_400.0
        swing_k = daily_k * math.sin(2.0 * math.pi * day + phase) + seasonal_k * math.sin(math.pi * day / 45.6 + phase)
        ambient_c.append(max(mean_c + swing_k + weather_k, AMBIENT_C_MIN))
    return power_w, ambient_c
