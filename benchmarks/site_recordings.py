"""What a site does in two recorded disturbances: Spain on 28 April 2025, and one in North America, 30 samples a second.

`python benchmarks/site_recordings.py --json` prints one object and ends with 1 where a goal is not met; `site.py` runs
it too. A recording serves for what its rate supports; without the data folder its figures print `not run`.
"""

from __future__ import annotations

import math
import sys

import numpy as np
from figures import DATA, NOT_RUN, Figure, answer, questions, say
from site_delivery import DAY, FULL_PU, TICKS_PER_S, after_ms, crossing_s, delivered, delivered_pu, transport_steps

from battuta.domain.product_catalogue import product
from battuta.domain.response_law import TriggeredStep
from battuta.numerics.arrays import FloatArray
from battuta.physics.grid_connection import volt_var_law
from battuta.physics.response import response_pu
from battuta.world.recorded_frequency import RecordedFrequency

NEARLY_FULL_PU = 0.95
BEFORE_S, AFTER_S = 600, 100
"""Played before voltage begins to rise, and after its peak."""
TOLEDO_GOAL_PU = -0.1
GMLC_PER_S = 30
GMLC_STEPS_PER_TICK = 6


def main() -> int:
    """Measure everything and print it."""
    options = questions(__doc__).parse_args()
    return answer(disturbances(), as_json=options.json)


def disturbances() -> list[Figure]:
    """Everything that this benchmark measures."""
    return [*toledo(), *gmlc()]


def recording(name: str) -> dict[str, np.ndarray] | None:
    """Columns of a recording, None where the data folder lacks it."""
    path = DATA / "frequency" / name
    if not path.is_file():
        return None
    import polars as pl  # noqa: PLC0415

    table = pl.read_parquet(path)
    return {column: table[column].to_numpy() for column in table.columns}


def toledo() -> list[Figure]:
    """Spain on 28 April 2025, two seconds a sample: voltage rises, reactive power is absorbed; then the line dies.

    Voltage and frequency pass conductor and guard second by second, those of a second held for two; the site has sold
    its whole power as continental containment reserve, so reactive power has to find room beside it.
    """
    say("Toledo")
    table = recording("es_toledo_2025-04-28_2s.parquet")
    if table is None:
        return [Figure(name="toledo_reactive_power_at_peak", value=NOT_RUN, unit="pu", goal=TOLEDO_GOAL_PU)]
    clock = table["time"].tolist()
    start, peak, dead = (clock.index(f"28-Apr-2025 12:{at}") for at in ("32:40", "33:18", "33:24"))
    voltage_pu = table["AnalyzerL1PhaseVoltage"].astype(np.float64)
    voltage_pu /= np.nanmedian(voltage_pu[: start // 2])
    frequency_hz = table["AnalyzerL1Frequency"].astype(np.float64)
    first_s, n_seconds = start * 2 - BEFORE_S, (peak - start) * 2 + BEFORE_S + AFTER_S
    trace = RecordedFrequency(2.0 * np.arange(frequency_hz.size, dtype=np.float64), frequency_hz, 50.0)
    held_hz = trace.samples(first_s, n_seconds, TICKS_PER_S, hold=True)
    held_pu = voltage_pu[(first_s + np.arange(n_seconds)) // 2]
    power_pu, reactive_pu = delivered(
        ("ce_fcr",),
        held_hz[np.newaxis],
        1,
        reactive=(volt_var_law("ieee_1547_b_like"),),
        voltage_pu=held_pu[np.newaxis],
    )
    start_s, peak_s, dead_s = (each * 2 - first_s for each in (start, peak, dead))
    when_dead_pu = float(np.abs(reactive_pu[0, dead_s + 2 :]).max())
    return [
        Figure(name="toledo_voltage_rise", value=float(voltage_pu[peak] / voltage_pu[start] - 1.0), unit="-"),
        Figure(name="toledo_reactive_power_at_start", value=float(reactive_pu[0, start_s]), unit="pu"),
        Figure(
            name="toledo_reactive_power_at_peak", value=float(reactive_pu[0, peak_s]), unit="pu", goal=TOLEDO_GOAL_PU
        ),
        Figure(name="toledo_reactive_power_when_dead", value=when_dead_pu, unit="pu", goal=0.0),
        Figure(
            name="toledo_ce_fcr_power_before_line_is_dead", value=float(power_pu[0, : dead_s * 100].max()), unit="pu"
        ),
        Figure(name="toledo_ce_fcr_power_when_dead", value=float(np.abs(power_pu[0, -1000:]).max()), unit="pu"),
    ]


def gmlc() -> list[Figure]:
    """A 60 Hz disturbance, 30 samples a second: whether it reaches the trigger of the Texan fast reserve, and then."""
    say("GMLC")
    table = recording("us_gmlc_event_150s.parquet")
    if table is None:
        return [Figure(name="gmlc_reaches_ercot_trigger", value=NOT_RUN, unit="-")]
    frequency_hz = table["Bus1.F"].astype(np.float64)
    law = product("ercot_ffr", DAY).law
    assert isinstance(law, TriggeredStep), "fast reserve is triggered"
    trace = RecordedFrequency(np.arange(frequency_hz.size, dtype=np.float64) / GMLC_PER_S, frequency_hz, law.nominal_hz)
    samples_hz = trace.samples(0, frequency_hz.size // GMLC_PER_S - 1, GMLC_PER_S)
    crossed_s = crossing_s(samples_hz.reshape(-1), law.trigger_hz, GMLC_PER_S)
    power_pu = delivered_pu(("ercot_ffr",), samples_hz[np.newaxis], 1, GMLC_STEPS_PER_TICK)[0]
    figures = [
        Figure(name="gmlc_lowest_frequency", value=float(np.nanmin(frequency_hz)), unit="Hz"),
        Figure(name="gmlc_reaches_ercot_trigger", value=float(crossed_s < math.inf), unit="-"),
    ]
    if math.isinf(crossed_s):
        return [*figures, Figure(name="gmlc_ercot_ffr_power_unasked", value=float(power_pu.max()), unit="pu", goal=0.0)]
    return [*figures, *budget(samples_hz.reshape(-1), law, crossed_s, power_pu)]


def budget(samples_hz: FloatArray, law: TriggeredStep, crossed_s: float, power_pu: FloatArray) -> list[Figure]:
    """Where the time from the trigger to full power goes: waiting for a sample, law, transport, converter.

    Transport and converter are assumed (20 ms; 50 ms of lag, 10 per unit a second): the last 5 percent of the
    converter's exponential take most of the time, and no setpoint within its rating shortens them.
    """
    per_s = GMLC_PER_S * GMLC_STEPS_PER_TICK
    asked_pu = response_pu(samples_hz, 1.0 / GMLC_PER_S, law)
    met = int(np.flatnonzero(samples_hz <= law.trigger_hz)[0])
    sample_ms = (met / GMLC_PER_S - crossed_s) * 1000.0
    law_ms = float(np.flatnonzero(asked_pu >= FULL_PU)[0] - met) / GMLC_PER_S * 1000.0
    transport_ms = transport_steps(per_s) / per_s * 1000.0
    before_ms = sample_ms + law_ms + transport_ms
    nearly_ms, full_ms = (after_ms(power_pu, crossed_s, share, per_s) for share in (NEARLY_FULL_PU, FULL_PU))
    return [
        Figure(name="gmlc_ercot_ffr_sample_ms", value=sample_ms, unit="ms"),
        Figure(name="gmlc_ercot_ffr_law_ms", value=law_ms, unit="ms"),
        Figure(name="gmlc_ercot_ffr_transport_ms", value=transport_ms, unit="ms"),
        Figure(name="gmlc_ercot_ffr_converter_to_95_percent_ms", value=nearly_ms - before_ms, unit="ms"),
        Figure(name="gmlc_ercot_ffr_converter_to_full_ms", value=full_ms - before_ms, unit="ms"),
        Figure(name="gmlc_ercot_ffr_95_percent_ms", value=nearly_ms, unit="ms"),
        Figure(name="gmlc_ercot_ffr_full_ms", value=full_ms, unit="ms", goal=law.full_time_s * 1000.0),
    ]


if __name__ == "__main__":
    sys.exit(main())
