"""A place where the telemetry of strings comes from: a folder of Parquet, a logger's CSV, a published field set."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from battuta.domain.telemetry import Block
from battuta.domain.time import from_ns


class TelemetryFlaw(StrEnum):
    """What a reader can find wrong with telemetry, and what becomes of the rows or values concerned."""

    BAD_TIME = "bad_time"
    """Rows without a readable time: dropped."""
    INVENTED_DST_ROW = "invented_dst_row"
    """Labels of the hour that clocks skip in spring: dropped."""
    AMBIGUOUS_HOUR = "ambiguous_hour"
    """Labels of the double hour in autumn that could be either: dropped."""
    DUPLICATE = "duplicate"
    """Rows that repeat an instant with the same values: the first is kept."""
    CONFLICTING_DUPLICATE = "conflicting_duplicate"
    """Rows of one instant with different values: all dropped, as nobody knows which is right."""
    LATE_ROW = "late_row"
    """Rows that came after later ones and fill a gap among them: sorted in."""
    CLOCK_SET_BACK = "clock_set_back"
    """Rows that run a second time through a stretch that was logged already: both passes dropped."""
    IRREGULAR_STEP = "irregular_step"
    """Distances that are no multiple of the commonest one, as after a clock was set: kept."""
    GAP = "gap"
    """Rows that are not there: they stay gaps."""
    MISSING_VALUE = "missing_value"
    """Cells without a number: NaN."""
    TEXT_IN_NUMBER = "text_in_number"
    """Cells that hold something else than a number: NaN."""
    OUT_OF_RANGE = "out_of_range"
    """Numbers that no sensor can have measured, such as 0 V or 65.535 V: NaN."""
    STUCK_VALUE = "stuck_value"
    """Cells whose voltage does not move in a block while their string does: kept."""
    WRONG_SIGN = "wrong_sign"
    """Voltages that rise when the discharge rises, as with a current of the other sign: kept."""
    CELL_COUNT = "cell_count"
    """A string that has another number of cells or sensors than before: a new block begins."""
    UNKNOWN_BLEED = "unknown_bleed"
    """Rows whose balancing charge cannot be told, as after a gap, or for want of a current: NaN, or None for all."""
    UNKNOWN_COLUMN = "unknown_column"
    """Columns that no layout names: left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TelemetryFinding:
    """One kind of flaw in one channel: where it begins, and how often it is there.

    Attributes
    ----------
    flaw : TelemetryFlaw
        What it is, and so what was done about it.
    string_id : str
        The string; empty for a whole file.
    channel : str
        The quantity or column, with the number of the cell from 0 where it concerns a single one.
    first_ns : int or None
        When it is first there; None where the place has no time. [ns]
    row : int
        First row concerned as a spreadsheet counts them (the header is row 1), 0 where rows have no number.
    count : int
        Number of rows or values concerned. [-]
    detail : str
        What was seen and by how much, in one sentence.
    """

    flaw: TelemetryFlaw
    string_id: str
    channel: str
    first_ns: int | None
    row: int = 0
    count: int
    detail: str

    def __str__(self) -> str:
        """Say the finding in one line.

        Examples
        --------
        >>> print(
        ...     TelemetryFinding(
        ...         flaw=TelemetryFlaw.OUT_OF_RANGE,
        ...         string_id="A1",
        ...         channel="voltage_v[7]",
        ...         first_ns=1_767_225_600_000_000_000,
        ...         count=3,
        ...         detail="65.535 V, first of 3",
        ...     )
        ... )
        A1, voltage_v[7], from 2026-01-01T00:00:00Z: 65.535 V, first of 3 [out_of_range]
        """
        when = "" if self.first_ns is None else f"from {from_ns(self.first_ns):%Y-%m-%dT%H:%M:%SZ}"
        row = f"row {self.row}" if self.row else ""
        place = ", ".join(part for part in (self.string_id, self.channel, row, when) if part)
        return f"{place}: {self.detail} [{self.flaw}]"


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockImport:
    """A block and what was seen while it was read.

    Attributes
    ----------
    block : Block
        The telemetry; NaN where a value is missing, never a filled value.
    findings : tuple of TelemetryFinding
        Everything seen since the block before.
    """

    block: Block
    findings: tuple[TelemetryFinding, ...]

    def count(self, flaw: TelemetryFlaw) -> int:
        """Rows or values that findings of one kind concern, as a number."""
        return sum(finding.count for finding in self.findings if finding.flaw is flaw)


class TelemetrySource(Protocol):
    """Gives the telemetry of strings in blocks, or says why it cannot.

    Promises: strings are sorted, and each has at least one row; the blocks of a string come in the order of time, do
    not overlap, end with the UTC day at the latest, and keep one number of cells; they are read one by one, so that
    memory does not grow with the record; the same source gives the same blocks again. Times are UTC, discharge is
    positive, units are those of `Block`. Nothing is filled and nothing guessed: what is missing is NaN, balancing
    charge included, and whatever was dropped, sorted or made missing is counted in a finding with its first place.
    """

    @property
    def refused(self) -> tuple[str, ...]:
        """Files that could not be opened and are left out, each with its reason; empty if all is well."""
        ...

    def strings(self) -> tuple[str, ...]:
        """Names of the strings, found without reading their samples."""
        ...

    def read(self, string_id: str) -> Iterator[BlockImport]:
        """Read a string block by block.

        Parameters
        ----------
        string_id : str
            One of `strings`.

        Yields
        ------
        BlockImport
            A block of at most one UTC day, and what was seen.

        Raises
        ------
        UsageError
            If there is no such string.
        DataError
            If a file is broken or holds nothing usable; the message says what, where and how to mend it.
        """
        ...
