"""Cells of a site's meter file to instants and magnitudes; what is neither is named with its row and its mend."""

from __future__ import annotations

import numpy as np
import polars as pl

from battuta.domain.errors import ClockError, DataError
from battuta.domain.imports import FindingKind, ImportFinding, require_none_refused
from battuta.numerics.arrays import BoolArray, FloatArray, IntArray

EXAMPLE = "2026-01-01T00:00+01:00"
_OFFSET = r"([zZ]|[+-]\d{2}:?\d{2})$"
_FORMATS = ("%Y-%m-%dT%H:%M%z", "%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%dT%H:%M:%S%.f%z")
_YEARS = (1970, 2200)
POWER_KW_MAX = 1e9
"""No site draws or brings more: that of a continent. [kW]"""
_MISSING = ("", "NaN", "nan", "NA", "null")


class Cells:
    """Reads the columns of one file, and keeps what was seen in them.

    Parameters
    ----------
    source : str
        The file, as the user named it.
    rows : ndarray, shape (n_rows,)
        Row numbers as a spreadsheet counts them.

    Examples
    --------
    >>> cells = Cells("meter.csv", np.array([2, 3]))
    >>> cells.magnitudes(pl.Series("load_kw", ["4.5", ""]))
    array([4.5, nan])
    >>> print(cells.findings[0])
    row 3, column load_kw: no value; it stays missing [missing_value]
    """

    __slots__ = ("_seen", "rows", "source")

    def __init__(self, source: str, rows: IntArray) -> None:
        self.source = source
        self.rows = rows
        self._seen: list[ImportFinding] = []

    @property
    def findings(self) -> tuple[ImportFinding, ...]:
        """Everything seen so far."""
        return tuple(self._seen)

    def note(self, kind: FindingKind, message: str, column: str, at: IntArray) -> None:
        """Tell something of rows, given by their places."""
        self._add(kind, message, "", column, at, is_refused=False)

    def refuse(self, kind: FindingKind, message: str, mend: str, column: str, at: IntArray) -> None:
        """Name something that has to be mended first, and where it stands."""
        self._add(kind, message, mend, column, at, is_refused=True)

    def raise_if_refused(self) -> None:
        """Stop the import if anything was refused.

        Raises
        ------
        ImportRefusedError
            With a line for each.
        """
        require_none_refused(self.source, self._seen)

    def times(self, column: pl.Series) -> IntArray:
        """Turn labels with an offset into instants.

        Parameters
        ----------
        column : Series, shape (n_rows,)
            Text, or timestamps of a zone.

        Returns
        -------
        ndarray, shape (n_rows,)
            Instants, 0 where a finding says that there is none. [ns]

        Raises
        ------
        ClockError
            If labels carry no offset.
        DataError
            If the column holds something else.
        """
        if isinstance(column.dtype, pl.Datetime):
            if column.dtype.time_zone is None:
                raise self._naive(column, 0)
            instants = column.cast(pl.Datetime("us", "UTC"))
        elif isinstance(column.dtype, (pl.String, pl.Null)):
            instants = self._of_text(column.cast(pl.String).str.strip_chars())
        else:
            message = f"{self.source}, column {column.name}: it holds {column.dtype}, not times such as {EXAMPLE}"
            raise DataError(message)
        year = instants.dt.year()
        is_bad = (~year.is_between(*_YEARS)).fill_null(value=True).to_numpy()
        if is_bad.any():
            at = np.flatnonzero(is_bad)
            said = f"{_said(column, at)} is no time"
            self.refuse(FindingKind.BAD_TIME, said, f"write every time as {EXAMPLE}", column.name, at)
        return np.where(is_bad, 0, instants.to_physical().fill_null(0).to_numpy()) * 1_000

    def magnitudes(self, column: pl.Series) -> FloatArray:
        """Turn cells into numbers of 0 or more.

        Parameters
        ----------
        column : Series, shape (n_rows,)
            Text, or numbers of any width.

        Returns
        -------
        ndarray, shape (n_rows,)
            Values, NaN where the cell is empty. [unit of the column]

        Raises
        ------
        DataError
            If the column holds something else.
        """
        is_text: BoolArray = np.zeros(column.len(), dtype=np.bool_)
        if column.dtype.is_numeric():
            numbers = column.cast(pl.Float64)
        elif isinstance(column.dtype, (pl.String, pl.Null)):
            text = column.cast(pl.String).str.strip_chars()
            text = text.set(text.is_in(list(_MISSING)), None)
            numbers = text.cast(pl.Float64, strict=False)
            is_text = (numbers.is_null() & text.is_not_null()).to_numpy()
        else:
            message = f"{self.source}, column {column.name}: it holds {column.dtype}, not numbers"
            raise DataError(message)
        values = np.array(numbers.fill_null(np.nan).to_numpy(), dtype=np.float64)
        is_text = is_text | np.isinf(values)
        if is_text.any():
            at, mend = np.flatnonzero(is_text), "write a number with a decimal point, or leave the cell empty"
            self.refuse(FindingKind.TEXT_IN_NUMBER, f"{_said(column, at)} is no number", mend, column.name, at)
        endless = np.flatnonzero((values > POWER_KW_MAX) & ~is_text)
        if endless.size:
            said = f"{values[endless[0]]:g} is beyond any site, more than {POWER_KW_MAX:g}"
            mend = "correct it, or leave the cell empty"
            self.refuse(FindingKind.IMPLAUSIBLE_VALUE, said, mend, column.name, endless)
        negative = np.flatnonzero((values < 0.0) & ~is_text)
        if negative.size:
            mend = "load and PV are magnitudes: turn the sign if the meter counts the other way, else correct it"
            said = f"{values[negative[0]]:g} is below 0"
            self.refuse(FindingKind.IMPLAUSIBLE_VALUE, said, mend, column.name, negative)
        empty = np.flatnonzero(np.isnan(values) & ~is_text)
        if empty.size:
            self.note(FindingKind.MISSING_VALUE, "no value; it stays missing", column.name, empty)
        return values

    def is_marked(self, column: pl.Series) -> bool:
        """Whether the series is made up: the column says ``true`` in every row, or ``false`` in every row."""
        said = column.cast(pl.String).str.strip_chars().str.to_lowercase().fill_null("")
        first = str(said[0]) if said[0] in {"true", "false"} else "true"
        other = np.flatnonzero((said != first).to_numpy())
        if other.size:
            mend = "write true in each row of what is made up, or remove the column from what was measured"
            message = f"{_said(column, other)} where every row must say {first}"
            self.refuse(FindingKind.SEVERAL_SERIES, message, mend, column.name, other)
        return first == "true"

    def _of_text(self, text: pl.Series) -> pl.Series:
        naive = text.str.contains(_OFFSET).not_() & text.str.contains(r"^\d{4}-\d{2}-\d{2}")
        if naive.any():
            raise self._naive(text, int(np.flatnonzero(naive.fill_null(value=False).to_numpy())[0]))
        whole = text.str.replace(r"[zZ]$", "+00:00").str.replace(r"^(\d{4}-\d{2}-\d{2}) +", "${1}T")
        whole = whole.str.replace(r"\s+([+-]\d{2}:?\d{2})$", "${1}")
        found = pl.Series(text.name, [None] * text.len(), dtype=pl.Datetime("us", "UTC"))
        for pattern in _FORMATS:
            if not found.has_nulls():
                break
            read = whole.str.to_datetime(pattern, time_unit="us", strict=False)
            found = found.zip_with(found.is_not_null(), read)
        return found

    def _naive(self, column: pl.Series, at: int) -> ClockError:
        return ClockError(
            f"{self.source}, row {self.rows[at]}, column {column.name}: {column[at]} has no offset; write it into "
            f"every time, as in {EXAMPLE}, or Z for UTC"
        )

    def _add(self, kind: FindingKind, message: str, mend: str, column: str, at: IntArray, *, is_refused: bool) -> None:
        row, count = int(self.rows[at[0]]), int(at.size)
        self._seen.append(
            ImportFinding(
                kind=kind,
                row=row,
                column=column,
                count=count,
                message=message,
                mend=mend,
                is_refused=is_refused,
            )
        )


def _said(column: pl.Series, at: IntArray) -> str:
    cell: object = column[int(at[0])]
    return "an empty cell" if cell is None or cell == "" else repr(cell)
