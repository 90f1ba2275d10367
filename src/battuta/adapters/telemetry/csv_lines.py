"""Lines of a logger's CSV before anybody parses them: what a cut of power or a restart of the logger left behind.

A line with fewer cells than the header was cut off, and nobody knows whether its last number lost digits; one with
more is two that ran together. Both are emptied, with a word of why where their time would stand, as is a header that
comes again. Each keeps its place, so that rows are numbered as in the file.
"""

from __future__ import annotations

import csv
import gzip
from pathlib import Path

import numpy as np

from battuta.domain.errors import DataError
from battuta.numerics.arrays import IntArray

_NEWLINE, _RETURN = ord("\n"), b"\r"
_GZIP, _BOM, _QUOTE = b"\x1f\x8b", b"\xef\xbb\xbf", b'"'
AGAIN = "the header again"


def read_lines(path: Path, separator: str, time_at: int) -> tuple[bytes, IntArray]:
    """Read a CSV and empty its broken lines.

    Parameters
    ----------
    path : Path
        The file, plain or gzipped.
    separator : str
        What stands between cells.
    time_at : int
        Place of the column in which the reason is written.

    Returns
    -------
    data : bytes
        The file without what is broken.
    broken : ndarray, shape (n_broken,)
        Rows that were emptied, 0 for the one after the header.

    Raises
    ------
    DataError
        If it cannot be read.
    """
    try:
        data = path.read_bytes()
        if data.startswith(_GZIP):
            data = gzip.decompress(data)
    except (OSError, EOFError) as error:
        message = f"{path} cannot be read: {error}; if it was cut off, fetch or export it again"
        raise DataError(message) from error
    data = data.removeprefix(_BOM).rstrip(b"\r\n\0 ") + b"\n"
    ends = np.flatnonzero(np.frombuffer(data, dtype=np.uint8) == _NEWLINE)
    starts = np.concatenate(([0], ends[:-1] + 1))
    n_cells = _cells(data, ends, starts, separator)
    header = data[: ends[0]].rstrip(_RETURN)
    like_header = np.flatnonzero(np.abs(ends - starts - len(header)) <= 1)
    again = {int(at) for at in like_header[1:] if data[starts[at] : ends[at]].rstrip(_RETURN) == header}
    broken = np.union1d(np.flatnonzero(n_cells != n_cells[0]), np.fromiter(again, dtype=np.int64, count=len(again)))
    if not broken.size:
        return data, broken
    parts: list[bytes] = []
    copied = 0
    for at in broken.tolist():
        why = AGAIN if at in again else f"{n_cells[at]} cells where the header has {n_cells[0]}"
        cells = [""] * int(n_cells[0])
        cells[time_at] = why
        parts += [data[copied : starts[at]], separator.join(cells).encode(), b"\n"]
        copied = int(ends[at]) + 1
    return b"".join([*parts, data[copied:]]), broken - 1


def _cells(data: bytes, ends: IntArray, starts: IntArray, separator: str) -> IntArray:
    """Number of cells of each line."""
    if _QUOTE in data:
        lines = (data[start:end].decode(errors="replace") for start, end in zip(starts, ends, strict=True))
        return np.array([len(next(csv.reader([line.replace("\0", "")], delimiter=separator), [""])) for line in lines])
    marks = np.flatnonzero(np.frombuffer(data, dtype=np.uint8) == ord(separator))
    return np.diff(np.searchsorted(marks, ends), prepend=0) + 1
