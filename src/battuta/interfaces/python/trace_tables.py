"""What happened in a living run, as tables: its trace by step and site, and its alarms."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from battuta.app.run_trace import owner_names
from battuta.domain.command import Reason

if TYPE_CHECKING:
    from battuta.app.living_result import LivingResult
    from battuta.app.run_trace import Trace

_PER_SITE = (
    ("power_kw", "power_kw"),
    ("meter_power_kw", "meter_power_kw"),
    ("soc", "soc"),
    ("cell_temperature_c_min", "cell_temperature_c_min"),
    ("cell_temperature_c_max", "cell_temperature_c_max"),
    ("chiller_setpoint_c", "chiller_setpoint_c"),
    ("ambient_temperature_c", "ambient_temperature_c"),
)


def trace_frame(trace: Trace) -> pl.DataFrame:
    """Lay out a trace.

    Parameters
    ----------
    trace : Trace
        What was kept of a run.

    Returns
    -------
    polars.DataFrame
        One row per step and site, null where nothing was measured. ``time`` is the start of the step (UTC) and
        ``step_s`` its length; ``price_per_mwh``, ``power_kw`` (converter, discharge positive), ``meter_power_kw``
        (export positive), ``soc``, ``chiller_setpoint_c`` and ``ambient_temperature_c`` are means;
        ``frequency_hz_min`` and ``_max`` are the extremes of what the median meter said, ``cell_temperature_c_min`` and
        ``_max`` the coldest and hottest cell; ``owner`` had the base power longest, ``reasons`` held at any second of
        the step; ``is_synthetic`` is true.
    """
    n_steps, n_sites = trace.soc.shape
    wide = {
        "step_s": np.full(n_steps, trace.step_s, dtype=np.int64),
        "price_per_mwh": trace.price_per_mwh,
        "frequency_hz_min": trace.frequency_hz_min,
        "frequency_hz_max": trace.frequency_hz_max,
    }
    columns = [
        pl.Series("time", np.repeat(trace.time_ns, n_sites)).cast(pl.Datetime("ns", "UTC")),
        pl.Series("site", np.tile(np.arange(n_sites, dtype=np.int64), n_steps)),
        *(pl.Series(name, np.repeat(values, n_sites), nan_to_null=True) for name, values in wide.items()),
        *(pl.Series(name, getattr(trace, field).ravel(), nan_to_null=True) for name, field in _PER_SITE),
        _owners(trace),
        _reasons(trace),
        pl.repeat(value=True, n=n_steps * n_sites, eager=True).alias("is_synthetic"),
    ]
    return pl.DataFrame(columns)


def alarm_frame(result: LivingResult) -> pl.DataFrame:
    """Lay out the alarms of a run, oldest first: ``time`` (UTC), ``site``, ``cause``, ``calls_out``."""
    alarms = result.alarms
    return pl.DataFrame(
        [
            pl.Series("time", [time_ns for time_ns, _ in alarms], dtype=pl.Int64).cast(pl.Datetime("ns", "UTC")),
            pl.Series("site", [alarm.site for _, alarm in alarms], dtype=pl.Int64),
            pl.Series("cause", [alarm.cause for _, alarm in alarms], dtype=pl.String),
            pl.Series("calls_out", [alarm.calls_out for _, alarm in alarms], dtype=pl.Boolean),
            pl.Series("is_synthetic", [True] * len(alarms), dtype=pl.Boolean),
        ]
    )


def _owners(trace: Trace) -> pl.Series:
    names = [*owner_names(), None]
    texts = pl.Series("owner", names, dtype=pl.Categorical)
    return texts.gather(np.where(trace.owner < 0, len(names) - 1, trace.owner).ravel().astype(np.uint32))


def _reasons(trace: Trace) -> pl.Series:
    bits, places = np.unique(trace.reason, return_inverse=True)
    texts = pl.Series("reasons", [reason_text(int(each)) for each in bits], dtype=pl.Categorical)
    return texts.gather(places.ravel().astype(np.uint32))


def reason_text(bits: int) -> str:
    """Write bits of `Reason` for people.

    Examples
    --------
    >>> reason_text(Reason.RATED_POWER | Reason.RAMP)
    'rated power, ramp'
    """
    return ", ".join(each.name.lower().replace("_", " ") for each in Reason(bits) if each.name)
