"""Logs of the console of Pylontech batteries: cells counted from 0, charge positive, in its units or in ours."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from battuta.adapters.telemetry.csv_table import read_header
from battuta.adapters.telemetry.plausible import PlausibleRange
from battuta.adapters.telemetry.wide_csv import WideCsvTelemetry
from battuta.adapters.telemetry.wide_layout import WideLayout
from battuta.domain.errors import UsageError

UNITS = ("console", "si")
"""``console``: mV, mA and 1/1000 degC as it prints them; ``si``: V, A and degC as some loggers write them."""
IGNORED = ("soc", "ah")


def pylontech_layout(
    header: tuple[str, ...],
    *,
    units: str,
    clock: str,
    time: str = "time",
    time_format: str = "",
    current: str = "current",
    flag: str = "bal{n}",
    balancing_current_a: float | None = None,
) -> WideLayout:
    """Return the layout of a console log.

    The console prints a line per cell: Volt in mV, Curr in mA, Tempr in 1/1000 degC, SOC, Coulomb, BAL as Y or N; a
    charging current is positive. Loggers turn the lines into columns ``v0`` to ``v14``, ``t0`` and on, ``soc``, ``ah``.

    Parameters
    ----------
    header : tuple of str
        Columns of the file; temperatures and flags are read where they are there.
    units : str
        One of `UNITS`; the file does not say it.
    clock : str
        What the labels of the time show, as in `WideLayout`; the console's clock has no zone.
    time : str
        Column of the time.
    time_format : str
        As in `WideLayout`.
    current : str
        Column of the current.
    flag : str
        Pattern of the columns of balancing flags.
    balancing_current_a : float, optional
        Current of the bleeding resistor, which the console does not print. [A]

    Returns
    -------
    WideLayout
        The layout.

    Raises
    ------
    UsageError
        If the units are none of the two.
    """
    if units not in UNITS:
        message = (
            f"units = {units!r} is none of {', '.join(UNITS)}: console is mV, mA, 1/1000 degC, si is V, A, degC; "
            "look whether a cell reads 3312 or 3.312"
        )
        raise UsageError(message)
    is_raw = units == "console"
    has_temperature = "t0" in header or "t1" in header
    has_flag = any(flag.replace("{n}", number) in header for number in ("0", "1", "00", "01"))
    return WideLayout(
        time=time,
        clock=clock,
        time_format=time_format,
        voltage="v{n}",
        voltage_unit="mV" if is_raw else "V",
        current=current,
        current_unit="mA" if is_raw else "A",
        current_sign="charge_positive",
        temperature="t{n}" if has_temperature else "",
        temperature_unit=("mdegC" if is_raw else "degC") if has_temperature else "",
        flag=flag if has_flag else "",
        flag_current_a=balancing_current_a,
    )


class PylontechTelemetry(WideCsvTelemetry):
    """Reads a log of a Pylontech console; a `battuta.ports.telemetry.TelemetrySource`.

    Parameters
    ----------
    path : str or Path
        The CSV, or a folder of them; columns ``time``, ``v0`` to ``v14``, ``current``, maybe ``t0`` and on, ``bal0``
        and on.
    units, clock, time, time_format, current, flag, balancing_current_a
        As in `pylontech_layout`.
    string_id : str
        Name of the battery; empty for the file's name.
    limits : PlausibleRange, optional
        What a sensor can have measured.
    seen_ns : mapping of str to int, optional
        Last row of each battery that an earlier run has seen. [ns]
    """

    flag_current_word = "balancing_current_a"
    __slots__ = ()

    def __init__(
        self,
        path: str | Path,
        *,
        units: str,
        clock: str,
        time: str = "time",
        time_format: str = "",
        current: str = "current",
        flag: str = "bal{n}",
        balancing_current_a: float | None = None,
        string_id: str = "",
        limits: PlausibleRange | None = None,
        seen_ns: Mapping[str, int] | None = None,
    ) -> None:
        place = Path(path)
        files = sorted(place.glob("*.csv*")) if place.is_dir() else [place]
        layout = pylontech_layout(
            read_header(files[0], ",") if files else (),
            units=units,
            clock=clock,
            time=time,
            time_format=time_format,
            current=current,
            flag=flag,
            balancing_current_a=balancing_current_a,
        )
        super().__init__(path, layout, string_id=string_id, limits=limits, ignored=IGNORED, seen_ns=seen_ns)
