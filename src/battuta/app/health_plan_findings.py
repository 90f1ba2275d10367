"""Findings as a scan wrote them, read back from JSON, CSV or Parquet; what is missing or odd is named with its row."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from pathlib import Path
from typing import NoReturn, TypeVar, cast

import polars as pl

from battuta.domain.errors import ClockError, DataError, UsageError
from battuta.domain.health import FaultClass, Finding, FindingLevel
from battuta.domain.time import to_ns

LIMIT_COLUMNS = ("days_to_limit_p10", "days_to_limit_p50", "days_to_limit_p90")
"""Columns of the days to a limit in tables; JSON has one list."""
N_CELLS_MAX = 1_000_000
"""More than any string has. [-]"""
NEEDED = ("string", "cell", "kind", "level", "since", "found")
_Kind = TypeVar("_Kind", bound=Enum)


def read_findings(path: Path, *, probability_assumed: float | None = None) -> tuple[Finding, ...]:
    """Read findings of ``battuta health scan``, its ``--out`` table or its ``--json`` object.

    Parameters
    ----------
    path : Path
        ``.json``, ``.csv`` or ``.parquet``.
    probability_assumed : float or None
        For findings that do not say how likely they are; None refuses those. [-]

    Returns
    -------
    tuple of Finding
        In the order of the file.

    Raises
    ------
    UsageError
        If the name of the file ends otherwise.
    DataError
        If the file cannot be read, or a row is no finding.
    """
    readers = {".json": _json_rows, ".csv": _frame_rows, ".parquet": _frame_rows}
    if path.suffix not in readers:
        message = f"{path} must end in .json, .csv or .parquet, as battuta health scan writes findings"
        raise UsageError(message)
    if not path.is_file():
        message = f"{path} is not there; write it by: battuta health scan TELEMETRY --json > findings.json"
        raise DataError(message)
    rows = (_Row(f"{path}, finding {number}", row) for number, row in enumerate(readers[path.suffix](path), start=1))
    return tuple(row.finding(probability_assumed) for row in rows)


def _json_rows(path: Path) -> Iterator[Mapping[str, object]]:
    try:
        read: object = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        message = f"{path} cannot be read: {error.strerror or error}; look at who may read it, or write it again"
        raise DataError(message) from None
    except (ValueError, RecursionError) as error:
        message = f"{path} is no JSON: {error}"
        raise DataError(message) from None
    found: object = cast("Mapping[str, object]", read).get("findings") if isinstance(read, dict) else read
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in cast("list[object]", found)):
        message = f"{path} has no list of findings; give what battuta health scan --json printed"
        raise DataError(message)
    yield from cast("list[Mapping[str, object]]", found)


def _frame_rows(path: Path) -> Iterator[Mapping[str, object]]:
    try:
        frame = _read_csv(path) if path.suffix == ".csv" else pl.read_parquet(path, glob=False)
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError, ValueError) as error:
        reason = next(iter(str(error).splitlines()), type(error).__name__)
        message = f"{path} is no table that can be read: {reason}; write it again by: battuta health scan --out"
        raise DataError(message) from None
    lacking = [name for name in NEEDED if name not in frame.columns]
    if lacking:
        message = (
            f"{path} has no column {', '.join(lacking)}; it has {', '.join(frame.columns[:12])}. Give what battuta "
            "health scan --out wrote, with commas between columns"
        )
        raise DataError(message)
    yield from frame.iter_rows(named=True)


def _read_csv(path: Path) -> pl.DataFrame:
    """Read a table in which the name of a string stays text, as 007 is another one than 7."""
    names = pl.read_csv(path, n_rows=0, glob=False).columns
    texts = {"string": pl.String()} if "string" in names else None
    return pl.read_csv(path, infer_schema_length=None, schema_overrides=texts, glob=False)


@dataclass(frozen=True, slots=True)
class _Row:
    where: str
    fields: Mapping[str, object]

    def finding(self, probability_assumed: float | None) -> Finding:
        lacking = [name for name in NEEDED if name not in self.fields]
        if lacking:
            self._refuse(f"lacks {', '.join(lacking)}")
        fault, level = self._one_of(FaultClass, "kind", str(self.fields["kind"])), self._level()
        since_ns, found_ns = self._time_ns("since"), self._time_ns("found")
        string_id = self._string_id()
        cell, days, probability = self._cell(), self._days_to_limit(), self._probability(probability_assumed)
        try:
            return Finding(
                string_id=string_id,
                cell=cell,
                fault=fault,
                level=level,
                since_ns=since_ns,
                found_ns=found_ns,
                probability=probability,
                days_to_limit=days,
            )
        except DataError as error:
            self._refuse(f"cannot be: {error}")

    def _refuse(self, what: str) -> NoReturn:
        message = f"{self.where} {what}"
        raise DataError(message)

    def _string_id(self) -> str:
        value = self.fields["string"]
        if not isinstance(value, str) or not value.strip():
            self._refuse(f"has the string {value!r}; name the string in text")
        return value

    def _cell(self) -> int | None:
        cell = self.fields["cell"]
        if cell is None:
            return None
        if isinstance(cell, bool) or not isinstance(cell, int) or not 0 <= cell < N_CELLS_MAX:
            self._refuse(
                f"has the cell {cell!r}; a cell is a number from 0 to {N_CELLS_MAX - 1}, or empty for a whole string"
            )
        return cell

    def _one_of(self, kind: type[_Kind], name: str, value: str) -> _Kind:
        known = {str(each.value): each for each in kind}
        if value not in known:
            self._refuse(f"has the {name} {value!r}; there are {', '.join(known)}")
        return known[value]

    def _level(self) -> FindingLevel:
        value = str(self.fields["level"])
        known = {each.name.lower(): each for each in FindingLevel}
        if value not in known:
            self._refuse(f"has the level {value!r}; there are {', '.join(known)}")
        return known[value]

    def _time_ns(self, name: str) -> int:
        value = self.fields[name]
        try:
            return to_ns(value if isinstance(value, datetime) else datetime.fromisoformat(str(value)))
        except ClockError:
            self._refuse(f"has the {name} {value!s}, without an offset; write it as 2026-11-20T00:00:00+00:00")
        except ValueError:
            self._refuse(f"has the {name} {value!r}, which is no instant; write it as 2026-11-20T00:00:00+00:00")

    def _probability(self, assumed: float | None) -> float:
        value = self.fields.get("probability")
        if value is None and assumed is not None:
            return assumed
        if value is None:
            self._refuse("does not say how likely it is; scan again, or state probability_assumed, such as 0.3")
        return self._number("probability", value)

    def _days_to_limit(self) -> tuple[float, float, float] | None:
        listed = self.fields.get("days_to_limit")
        if listed is not None and not isinstance(listed, list):
            self._refuse(f"has the days_to_limit {listed!r}; give a list of three: 10, 50 and 90 %")
        values = (
            cast("list[object]", listed) if isinstance(listed, list) else [self.fields.get(n) for n in LIMIT_COLUMNS]
        )
        if values[:2] == [None, None]:
            return None
        if len(values) != 3:
            self._refuse(f"has {len(values)} days to its limit, three are needed: 10, 50 and 90 %")
        early, middle = (self._number("days_to_limit", each) for each in values[:2])
        # An infinite number is null in JSON and empty in a table: no late end.
        return early, middle, math.inf if values[2] is None else self._number("days_to_limit", values[2])

    def _number(self, name: str, value: object) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float):
            self._refuse(f"has the {name} {value!r}, which is no number")
        try:
            return float(value)
        except OverflowError:
            self._refuse(f"has a {name} of more than 300 digits, which is none")
