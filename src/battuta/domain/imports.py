"""What an importer saw in a file: the prices, and every finding with its place and the way to mend it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from battuta.domain.errors import ImportRefusedError
from battuta.domain.prices import PriceSeries


class FindingKind(StrEnum):
    """The kinds of finding an importer names; an import is allowed to pass over some of them by this name."""

    GAP = "gap"
    """Intervals without a row."""
    MISSING_VALUE = "missing_value"
    """Rows with an empty cell or NaN."""
    TEXT_IN_NUMBER = "text_in_number"
    """Cells of a number column that hold something else."""
    BAD_TIME = "bad_time"
    """Labels that are no time in the form that the source uses."""
    NAIVE_TIME = "naive_time"
    """Labels without an offset in a file whose other labels have one."""
    DUPLICATE = "duplicate"
    """Rows that repeat an instant with the same values."""
    CONFLICTING_DUPLICATE = "conflicting_duplicate"
    """Rows that repeat an instant with other values."""
    UNSORTED = "unsorted"
    """Rows that run backwards in time."""
    IRREGULAR_STEP = "irregular_step"
    """Rows off the grid that the other rows make, or a grid that changes its step."""
    INVENTED_DST_ROW = "invented_dst_row"
    """Labels in the hour that clocks skip in spring."""
    AMBIGUOUS_HOUR = "ambiguous_hour"
    """Labels of the double hour in autumn that could be either of the two."""
    ZERO_DAY = "zero_day"
    """Days that are zero, or zero but for a few values."""
    ISOLATED_ZERO = "isolated_zero"
    """A price of zero between prices above 10."""
    ZERO_IS_MISSING = "zero_is_missing"
    """Zeros that this source writes where it has no value."""
    WRONG_UNIT = "wrong_unit"
    """Prices whose size says another unit than the column does."""
    IMPLAUSIBLE_VALUE = "implausible_value"
    """Prices beyond any price limit."""
    MIXED_CURRENCY = "mixed_currency"
    """Prices in more than one currency."""
    SEVERAL_SERIES = "several_series"
    """More than one area or auction in one file."""
    DST_DAY = "dst_day"
    """Days of 23 or 25 hours, or days that were regularised to 24."""
    OTHER_OFFSET = "other_offset"
    """Labels whose offset is not the one that clocks in the market's zone have then."""
    STRAY_YEAR = "stray_year"
    """A single row of another year at an end of the file."""
    UNKNOWN_COLUMN = "unknown_column"
    """Columns that were left out, as their unit or meaning is not known."""
    STATED_RULE = "stated_rule"
    """Columns whose time of publication the file does not tell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportFinding:
    """One thing an importer saw, where, how often, and how to mend it.

    Attributes
    ----------
    kind : FindingKind
        What it is; the name that `allow` takes.
    row : int
        First row concerned as a spreadsheet counts them (the header is row 1), 0 for the whole file.
    column : str
        Column as the file spells it, empty for the whole row.
    count : int
        Number of rows or intervals concerned. [-]
    message : str
        What was seen, in one sentence.
    mend : str
        What to do about it, empty where nothing needs doing.
    is_refused : bool
        True when the file cannot be used until this is mended or allowed.
    """

    kind: FindingKind
    row: int
    column: str
    count: int
    message: str
    mend: str
    is_refused: bool

    def __str__(self) -> str:
        """Say the finding in one line.

        Examples
        --------
        >>> print(
        ...     ImportFinding(
        ...         kind=FindingKind.GAP,
        ...         row=7,
        ...         column="time",
        ...         count=2,
        ...         message="2 intervals are missing",
        ...         mend="add them",
        ...         is_refused=True,
        ...     )
        ... )
        row 7, column time: 2 intervals are missing [gap]; add them
        """
        place = ", ".join(
            part
            for part in (f"row {self.row}" if self.row else "", f"column {self.column}" if self.column else "")
            if part
        )
        return f"{place or 'file'}: {self.message} [{self.kind}]{f'; {self.mend}' if self.mend else ''}"


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceImport:
    """A price series and what was seen while it was read.

    Attributes
    ----------
    series : PriceSeries
        The prices; NaN where a finding was allowed that leaves a value missing, never a filled value.
    findings : tuple of ImportFinding
        Everything seen, in the order of the checks; none of them is refused any more.
    """

    series: PriceSeries
    findings: tuple[ImportFinding, ...]

    def count(self, kind: FindingKind) -> int:
        """Rows or intervals that findings of one kind concern, as a number."""
        return sum(finding.count for finding in self.findings if finding.kind is kind)


def require_none_refused(source: str, findings: Iterable[ImportFinding]) -> None:
    """Stop an import of which anything is refused.

    Parameters
    ----------
    source : str
        The file, as the user named it.
    findings : iterable of ImportFinding
        What was seen in it.

    Raises
    ------
    ImportRefusedError
        With a line for each that is refused.
    """
    refused = [finding for finding in findings if finding.is_refused]
    if refused:
        lines = [f"{each}{f' ({each.count} rows)' if each.count > 1 else ''}" for each in refused]
        raise ImportRefusedError(source, lines)
