"""Short records of a string before first power, for tests of the scan."""

import numpy as np

from battuta.domain.telemetry import Block

N_CELLS, N_TIMES = 12, 130


def record(**changes):
    """Rest, a charge pulse, rest, a discharge pulse, rest; a row every 10 s, cells at 15 % of charge."""
    rng = np.random.default_rng(1)
    current = np.zeros(N_TIMES)
    current[80:90], current[100:110] = -30.0, 30.0
    ohm = 5e-4 * (1.0 + 0.05 * rng.normal(0.0, 1.0, N_CELLS))
    ohm *= changes.get("ohm", 1.0)
    rest = changes.get("rest_v", 3.15) + 1e-3 * rng.normal(0.0, 1.0, N_CELLS) + changes.get("offset_v", 0.0)
    voltage = (rest - current[:, None] * ohm + 1e-5 * rng.normal(0.0, 1.0, (N_TIMES, N_CELLS)))[
        :, changes.get("order", slice(None))
    ]
    bleed = None
    if changes.get("bled"):
        bleed = np.zeros((N_TIMES, N_CELLS))
        for cell in range(changes["bled"]):
            bleed[5 + 4 * cell : 8 + 4 * cell, cell] = 1e-4
            channel = int(np.flatnonzero(np.arange(N_CELLS)[changes.get("order", slice(None))] == cell)[0])
            voltage[5 + 4 * cell : 8 + 4 * cell, channel] -= 1e-3
    temperature = np.full((N_TIMES, 3), 22.0) + 0.2 * rng.normal(0.0, 1.0, (N_TIMES, 3)) + changes.get("sensor_k", 0.0)
    return Block(
        string_id="S1",
        time_ns=(np.arange(N_TIMES) * 10_000_000_000).astype(np.int64),
        current_a=current * changes.get("current_sign", 1.0),
        voltage_v=voltage * changes.get("cell_sign", 1.0),
        temperature_c=temperature,
        bleed_ah=bleed,
    )


def at(cells, value):
    """Zeros but for some cells."""
    values = np.zeros(N_CELLS)
    values[list(cells)] = value
    return values
