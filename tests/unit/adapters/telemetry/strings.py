"""Rows and files of strings that the tests of telemetry spoil one way or another."""

import numpy as np

from battuta.adapters.telemetry.rows import Rows
from battuta.domain.telemetry import Block

DAY_NS = 86_400 * 1_000_000_000
START_NS = 20_454 * DAY_NS
"""2026-01-01 UTC."""
MINUTE_NS = 60 * 1_000_000_000


def make_block(string_id="S1", *, n_times=60, n_cells=4, n_sensors=2, day=0, bleed=True, seed=1, start_ns=None):
    """A string whose voltage falls where its discharge rises; synthetic."""
    rng = np.random.default_rng([seed, day])
    current_a = np.round(40.0 * np.sin(np.arange(n_times) / 3.0) + rng.normal(0.0, 5.0, n_times), 1)
    voltage_v = np.round(3.3 - 0.001 * current_a[:, None] + rng.normal(0.0, 0.002, (n_times, n_cells)), 3)
    return Block(
        string_id=string_id,
        time_ns=(START_NS + day * DAY_NS if start_ns is None else start_ns) + MINUTE_NS * np.arange(n_times),
        current_a=current_a,
        voltage_v=voltage_v,
        temperature_c=np.round(25.0 + rng.normal(0.0, 0.2, (n_times, n_sensors)), 1),
        bleed_ah=np.round(rng.uniform(0.0, 0.001, (n_times, n_cells)), 5) if bleed else None,
    )


def make_rows(block, **changes):
    fields = {
        "string_id": block.string_id,
        "time_ns": block.time_ns.copy(),
        "number": np.arange(block.n_times) + 2,
        "current_a": block.current_a.copy(),
        "voltage_v": block.voltage_v.copy(),
        "temperature_c": block.temperature_c.copy(),
        "bleed_ah": None if block.bleed_ah is None else block.bleed_ah.copy(),
    }
    return Rows(**{**fields, **changes})
