"""Telemetry opened as what it is: the format is stated, or told by names of columns and files, and said aloud.

Only names decide. Units, signs and clocks are in no file and have to be stated; where two formats fit, nobody guesses.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path

from battuta.adapters.telemetry import battgp, csv_table, pylontech
from battuta.adapters.telemetry.layout_file import read_layout_file
from battuta.adapters.telemetry.parquet import ParquetTelemetry
from battuta.adapters.telemetry.same_fleet import require_same_fleet
from battuta.adapters.telemetry.site_parquet import SITE_FILE
from battuta.adapters.telemetry.wide_csv import WideCsvTelemetry
from battuta.adapters.telemetry.wide_layout import WideLayout
from battuta.domain.errors import DataError, UsageError
from battuta.ports.telemetry import TelemetrySource

FORMATS = ("auto", "parquet", "wide", "pylontech", "battgp")
STRING = "string_id"
_FLAG_CURRENT = {"flag_current_a", "balancing_current_a"}
_KEYS = {
    "parquet": (),
    "wide": (*(each.name for each in fields(WideLayout)), STRING),
    "pylontech": ("units", "clock", "time", "time_format", "current", "flag", "balancing_current_a", STRING),
    "battgp": ("clock",),
}
_BATTGP = {"I_Battery", *(f"U_Cell_{cell}" for cell in range(1, battgp.N_CELLS + 1))}
_PYLONTECH, _PYLONTECH_BESIDE = {"v0", "v1"}, {"t0", "bal0", "soc", "ah"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadRequest:
    """What a user says of telemetry.

    Attributes
    ----------
    path : Path
        File or folder.
    format : str
        One of `FORMATS`.
    layout : Path or None
        TOML file that states the layout.
    stated : mapping of str to str
        The same in single words, which count more than the file.
    seen_ns : mapping of str to int
        Last row of each string that an earlier run has seen. [ns]
    """

    path: Path
    format: str = "auto"
    layout: Path | None = None
    stated: Mapping[str, str] = field(default_factory=dict[str, str])
    seen_ns: Mapping[str, int] = field(default_factory=dict[str, int])


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedTelemetry:
    """Telemetry, and what it was taken for.

    Attributes
    ----------
    source : TelemetrySource
        The telemetry.
    format : str
        One of `FORMATS`, not ``auto``.
    why : str
        What it was taken for and why, in words.
    """

    source: TelemetrySource
    format: str
    why: str


def open_telemetry(request: ReadRequest) -> OpenedTelemetry:
    """Open telemetry.

    Parameters
    ----------
    request : ReadRequest
        What the user says of it.

    Returns
    -------
    OpenedTelemetry
        The telemetry.

    Raises
    ------
    DataError
        If it is nothing that can be read, or could be two things.
    UsageError
        If more has to be stated, or something is stated that the format does not have.
    """
    if request.format not in FORMATS:
        message = f"format {request.format!r} is none of {', '.join(FORMATS)}"
        raise UsageError(message)
    if not _is_there(request.path):
        message = f"{request.path} does not exist; name a file or a folder of telemetry"
        raise DataError(message)
    said = dict(read_layout_file(request.layout)) if request.layout is not None else dict[str, str]()
    said |= request.stated
    kind, why = (request.format, "as stated") if request.format != "auto" else _recognised(request, said)
    unknown = sorted(set(said) - set(_KEYS[kind]))
    if unknown:
        known = ", ".join(_KEYS[kind]) or "nothing at all: its columns say it"
        message = f"{', '.join(unknown)} is nothing that can be stated of telemetry of format {kind}; it takes {known}"
        raise UsageError(message)
    source = _opened(request, kind, said)
    if kind != "parquet":  # which leaves out strings without later rows, and looks by itself
        require_same_fleet(source.strings(), request.seen_ns, str(request.path))
    shown = ", ".join(f"{name} = {value}" for name, value in sorted(said.items()))
    return OpenedTelemetry(source=source, format=kind, why=f"read as {kind}, {why}{'; ' if shown else ''}{shown}")


def _is_there(path: Path) -> bool:
    try:
        return path.exists()
    except OSError as error:
        message = f"{path} cannot be opened: {error.strerror or error}; name a file or a folder of telemetry"
        raise DataError(message) from error


def _opened(request: ReadRequest, kind: str, said: Mapping[str, str]) -> TelemetrySource:
    path, seen_ns = request.path, request.seen_ns
    if kind == "parquet":
        return ParquetTelemetry(path, seen_ns=seen_ns)
    if kind == "battgp":
        return battgp.BattGpTelemetry(path, clock=_needed(said, "clock", path), seen_ns=seen_ns)
    words = {name: value for name, value in said.items() if name != STRING and name not in _FLAG_CURRENT}
    amperes = {name: _number(name, value) for name, value in said.items() if name in _FLAG_CURRENT}
    string_id = said.get(STRING, "")
    if kind == "wide":
        flag_current_a = amperes.get("flag_current_a")
        layout = WideLayout(**words, flag_current_a=flag_current_a)
        return WideCsvTelemetry(path, layout, string_id=string_id, seen_ns=seen_ns)
    return pylontech.PylontechTelemetry(
        path,
        units=words.get("units", ""),
        clock=_needed(said, "clock", path),
        time=words.get("time", "time"),
        time_format=words.get("time_format", ""),
        current=words.get("current", "current"),
        flag=words.get("flag", "bal{n}"),
        balancing_current_a=amperes.get("balancing_current_a"),
        string_id=string_id,
        seen_ns=seen_ns,
    )


def _recognised(request: ReadRequest, said: Mapping[str, str]) -> tuple[str, str]:
    """What telemetry is by the names of its files and columns, and why."""
    path = request.path
    files = [path] if path.is_file() else sorted(each for each in path.rglob("*") if each.is_file())
    tables = [each for each in files if each.name.endswith((".csv", ".csv.gz", ".txt", ".log"))]
    parquet = [each for each in files if each.suffix == ".parquet" and (each == path or each.name != SITE_FILE)]
    if parquet and tables:
        message = (
            f"{path} holds {len(parquet)} Parquet files and {len(tables)} tables such as {tables[0].name}; name the "
            "format, or the folder or file of one of them"
        )
        raise DataError(message)
    if parquet or (path.is_file() and not tables):
        return "parquet", f"as {parquet[0].name if parquet else path.name} is one" if parquet else "for want of a table"
    if not tables:
        message = f"{path} holds no telemetry that can be read: no file ends in .parquet or .csv"
        raise DataError(message)
    if request.layout is not None or "voltage" in said:
        return "wide", "as a layout is stated"
    header = set(csv_table.read_header(tables[0], said.get("separator", ",")))
    fits = [
        (kind, f"as {tables[0].name} has columns {', '.join(sorted(needed)[:3])} and the like")
        for kind, needed, beside in (
            ("battgp", _BATTGP, _BATTGP),
            ("pylontech", {*_PYLONTECH, said.get("current", "current")}, _PYLONTECH_BESIDE),
        )
        if needed <= header and beside & header
    ]
    if len(fits) == 1:
        return fits[0]
    shown = ", ".join(sorted(header)[:12]) + (" ..." if len(header) > 12 else "")
    reason = f"could be {' or '.join(kind for kind, _ in fits)}" if fits else "has no layout that is known"
    message = (
        f"{tables[0]} {reason}; its columns are {shown}. Name the format, or state the layout: time, clock, voltage "
        "(such as v{n}), voltage_unit, current, current_unit, current_sign, and whatever else it has"
    )
    raise UsageError(message)


def _needed(said: Mapping[str, str], name: str, path: Path) -> str:
    if name not in said:
        message = f"{path}: {name} is not stated, and no file says it: offset, utc, fixed:+01:00 or local:Europe/Berlin"
        raise UsageError(message)
    return said[name]


def _number(name: str, value: str) -> float:
    try:
        number = float(value)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        message = f"{name} = {value!r} is no number; state it in A"
        raise UsageError(message)
    return number
