"""Blocks that a notebook holds in memory, looked through as files are: units, impossible numbers, order, gaps."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from battuta.adapters.telemetry.findings import Findings
from battuta.adapters.telemetry.inspection import checked
from battuta.adapters.telemetry.rows import Rows
from battuta.adapters.telemetry.runs_of_shape import in_runs
from battuta.adapters.telemetry.same_fleet import require_same_fleet
from battuta.domain.errors import DataError, UsageError
from battuta.domain.telemetry import Block
from battuta.domain.time import NS_PER_DAY
from battuta.numerics.arrays import FloatArray
from battuta.ports.telemetry import BlockImport

SOURCE = "blocks in memory"


class BlocksInMemory:
    """Blocks as a `battuta.ports.telemetry.TelemetrySource`; they are copied day by day, and never changed.

    Parameters
    ----------
    blocks : iterable of Block
        Any strings, days and order.
    seen_ns : mapping of str to int, optional
        Last row of each string that an earlier run has seen. [ns]

    Raises
    ------
    DataError
        If none has a row, a string has no cells, or the earlier run saw other strings.
    """

    __slots__ = ("_of_string", "_seen_ns")

    def __init__(self, blocks: Iterable[Block], seen_ns: Mapping[str, int] | None = None) -> None:
        self._seen_ns = seen_ns or {}
        self._of_string: dict[str, list[Block]] = {}
        for block in blocks:
            if not block.n_cells:
                message = f"{SOURCE}: string {block.string_id} has no cells; give voltage_v a column for each"
                raise DataError(message)
            if block.n_times:
                self._of_string.setdefault(block.string_id, []).append(block)
        if not self._of_string:
            message = f"{SOURCE}: there is not a single row; give blocks of telemetry, or the path of a file"
            raise DataError(message)
        require_same_fleet(self._of_string, self._seen_ns, SOURCE)

    @property
    def refused(self) -> tuple[str, ...]:
        """Nothing was opened, and nothing is refused."""
        return ()

    def strings(self) -> tuple[str, ...]:
        """Names of the strings."""
        return tuple(sorted(self._of_string))

    def read(self, string_id: str) -> Iterator[BlockImport]:
        """Read a string day by day; see the port."""
        if string_id not in self._of_string:
            message = f"{SOURCE}: there is no string {string_id!r}; there are {', '.join(self.strings())}"
            raise UsageError(message)
        days = _by_day(self._of_string[string_id])
        parts = (rows for day in days for rows in in_runs(day, SOURCE))
        yield from checked(parts, Findings(string_id), source=SOURCE, seen_ns=self._seen_ns.get(string_id))


def _by_day(blocks: list[Block]) -> Iterator[list[Rows]]:
    """Copy the rows of a string day by day, earlier blocks first."""
    by_day: dict[int, list[tuple[Block, slice]]] = {}
    for block in sorted(blocks, key=lambda each: int(each.time_ns[0])):
        days = block.time_ns // NS_PER_DAY
        edges = [0, *(np.flatnonzero(np.diff(days)) + 1).tolist(), block.n_times]
        for first, stop in pairwise(edges):
            by_day.setdefault(int(days[first]), []).append((block, slice(first, stop)))
    for day in sorted(by_day):
        yield [_rows(block, places) for block, places in by_day[day]]


def _rows(block: Block, places: slice) -> Rows:
    return Rows(
        string_id=block.string_id,
        time_ns=np.array(block.time_ns[places], dtype=np.int64),
        number=None,
        current_a=_copied(block.current_a[places]),
        voltage_v=_copied(block.voltage_v[places]),
        temperature_c=_copied(block.temperature_c[places]),
        bleed_ah=None if block.bleed_ah is None else _copied(block.bleed_ah[places]),
    )


def _copied(values: NDArray[np.generic]) -> FloatArray:
    """Numbers of any kind as float64, as a reader may set some of them to NaN."""
    return np.array(values, dtype=np.float64, order="C")
