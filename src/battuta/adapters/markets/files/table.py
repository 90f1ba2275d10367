"""A file of rows and columns, CSV, CSV.gz or Parquet, opened with every way it can be broken turned into a sentence."""

from __future__ import annotations

import csv
import gzip
import io
import zlib
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import polars as pl
from polars.exceptions import PanicException, PolarsError

from battuta.domain.errors import DataError, UsageError

SIZE_MAX_BYTES = 4 * 1024**3
"""Largest content that is read into memory. [byte]"""
_CHUNK_BYTES = 16 * 1024**2
_GZIP, _PARQUET = b"\x1f\x8b", b"PAR1"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_BOM = b"\xef\xbb\xbf"

_Read = TypeVar("_Read")


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """An opened file: its header is read, its columns are not.

    Attributes
    ----------
    name : str
        The file, as the user named it.
    header : tuple of str
        Column names without surrounding blanks; a nameless first column stays empty, others are called ``#3``.
    content : Path or bytes
        Where the columns are read from.
    is_parquet : bool
        True when columns carry types, False when all is text.
    """

    name: str
    header: tuple[str, ...]
    content: Path | bytes
    is_parquet: bool

    def load(self, labels: Sequence[str]) -> pl.DataFrame:
        """Read some columns.

        Parameters
        ----------
        labels : sequence of str
            Names out of `header`.

        Returns
        -------
        DataFrame
            The columns in the order asked, text from CSV and typed from Parquet, without the rows at the end
            in which all of them are empty.

        Raises
        ------
        DataError
            If the file is broken or holds no row.
        """
        indices = sorted({self.header.index(label) for label in labels})
        source = self.content
        if self.is_parquet:
            frame = _guarded(self.name, lambda: pl.read_parquet(source, columns=indices))
        else:
            frame = _guarded(
                self.name,
                lambda: pl.read_csv(source, columns=indices, infer_schema=False, raise_if_empty=False),
                self.content,
            )
        frame.columns = [self.header[index] for index in indices]
        frame = _without_blank_end(frame)
        if not frame.height:
            message = f"{self.name} has a header and no rows; export it again"
            raise DataError(message)
        return frame.select(labels)


def open_table(path: str | Path) -> Table:
    """Open a file and read its header.

    Parameters
    ----------
    path : str or Path
        CSV, gzipped CSV or Parquet; told apart by content, not by name.

    Returns
    -------
    Table
        The opened file.

    Raises
    ------
    DataError
        If the file is absent, empty, too large, binary, or has no usable header.
    """
    name = str(path)
    file = Path(path)
    try:
        size_bytes = file.stat().st_size
        if file.is_dir():
            message = f"{name} is a folder; name one file in it"
            raise DataError(message)
        if not file.is_file():
            message = f"{name} is a pipe or a device and no file; name a CSV or Parquet file"
            raise DataError(message)
        with file.open("rb") as stream:
            start = stream.read(4096)
    except OSError as error:
        message = f"{name} cannot be read: {error.strerror or error}"
        raise DataError(message) from error
    if not size_bytes:
        message = f"{name} is empty (0 bytes); export it again"
        raise DataError(message)
    _require_size(name, size_bytes)
    if start.startswith(_PARQUET):
        schema = _guarded(name, lambda: pl.read_parquet_schema(file))
        return Table(name=name, header=_names(name, list(schema)), content=file, is_parquet=True)
    content: Path | bytes = file
    if start.startswith(_GZIP):
        content = _unzipped(name, file)
        start = content[:4096]
    return Table(name=name, header=_csv_header(name, start, content), content=content, is_parquet=False)


def _require_size(name: str, size_bytes: int) -> None:
    if size_bytes > SIZE_MAX_BYTES:
        message = f"{name} holds more than {SIZE_MAX_BYTES / 1024**3:g} GiB; split it, or write it as Parquet"
        raise DataError(message)


def _unzipped(name: str, file: Path) -> bytes:
    parts: list[bytes] = []
    size_bytes = 0
    try:
        with gzip.open(file, "rb") as stream:
            while part := stream.read(_CHUNK_BYTES):
                parts.append(part)
                size_bytes += len(part)
                _require_size(name, size_bytes)
    except (OSError, EOFError, zlib.error) as error:
        message = f"{name} is a damaged gzip file ({error}); fetch it again"
        raise DataError(message) from error
    return b"".join(parts)


def _csv_header(name: str, start: bytes, content: Path | bytes) -> tuple[str, ...]:
    if start.startswith(_UTF16):
        message = f"{name} is UTF-16 text; save it as CSV UTF-8"
        raise DataError(message)
    if b"\0" in start:
        message = f"{name} is binary, neither CSV nor Parquet; export it as CSV UTF-8 or Parquet"
        raise DataError(message)
    stream = io.BytesIO(content) if isinstance(content, bytes) else content.open("rb")
    with stream:
        line = stream.readline(1024**2).removeprefix(_BOM)
    try:
        cells = _cells(line)
    except (UnicodeDecodeError, csv.Error) as error:
        message = f"{name}, row 1: the header is no UTF-8 text; save the file as CSV UTF-8"
        raise DataError(message) from error
    if len(cells) <= 1:
        found = next((mark for mark in (";", "\t", "|") if mark.encode() in line), "")
        hint = f"columns seem to be separated by {found!r}" if found else "there is only one column"
        message = f"{name}, row 1: {hint}; save it with commas between columns and a point in numbers"
        raise DataError(message)
    return _names(name, cells)


def _cells(line: bytes) -> list[str]:
    for cells in csv.reader([line.decode("utf-8")]):
        return cells
    return []


def _names(name: str, cells: Sequence[str]) -> tuple[str, ...]:
    names = tuple(cell.strip() or ("" if k == 0 else f"#{k + 1}") for k, cell in enumerate(cells))
    twice = [cell for cell, n_times in Counter(names).items() if n_times > 1]
    if twice:
        message = f"{name}, row 1: there are several columns named {', '.join(twice)}; give each its own name"
        raise DataError(message)
    return names


def _without_blank_end(frame: pl.DataFrame) -> pl.DataFrame:
    n_rows = frame.height
    while n_rows and all(cell is None for cell in frame.row(n_rows - 1)):
        n_rows -= 1
    return frame.head(n_rows)


def _guarded(name: str, read: Callable[[], _Read], text: Path | bytes | None = None) -> _Read:
    try:
        return read()
    except (PolarsError, PanicException, OSError, UnicodeError, ValueError, MemoryError) as error:
        reason = next(iter(str(error).splitlines()), type(error).__name__)
        where = "" if text is None else _first_broken_row(text)
        message = f"{name} cannot be read: {where or reason}"
        raise DataError(message) from error


def _first_broken_row(content: Path | bytes) -> str:
    n_cells = 0
    stream = io.BytesIO(content) if isinstance(content, bytes) else content.open("rb")
    with stream:
        for row, line in enumerate(stream, start=1):
            try:
                cells = _cells(line)
            except (UnicodeDecodeError, csv.Error):
                return f"row {row} is no UTF-8 text; save the file as CSV UTF-8"
            n_cells = n_cells or len(cells)
            if len(cells) > n_cells:
                return f"row {row} has {len(cells)} cells, the header {n_cells}; remove the surplus or quote the text"
            if line.count(b'"') % 2:
                return f"row {row} opens a quotation mark and does not close it; close or remove it"
    return ""


def require_columns(table: Table, labels: Sequence[str]) -> None:
    """Refuse labels that the file does not have.

    Raises
    ------
    UsageError
        If a column is not there; the message lists those there are.
    """
    absent = [label for label in labels if label not in table.header]
    if absent:
        message = f"{table.name} has no column {', '.join(map(repr, absent))}; it has {', '.join(table.header)}"
        raise UsageError(message)
