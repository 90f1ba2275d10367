"""What is wrong with an input of a forecast: the column, the kind of fault, the days, and the way to mend it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class InputFault(StrEnum):
    """The kinds of fault that are looked for in the inputs of a forecast."""

    MISSING = "missing"
    """Days or hours without a value, the newest among them."""
    ZEROS = "zeros"
    """Zeros where the history has none."""
    CONSTANT = "constant"
    """One value all day where the history moves."""
    REPEATED = "repeated"
    """A day that is an exact copy of another."""
    SCALE = "scale"
    """A level off by the ratio of two units."""
    SHIFT = "shift"
    """A daily shape that comes an hour or two early or late."""
    JUMP = "jump"
    """A value far outside everything seen; it may be true."""


class Severity(StrEnum):
    """What a finding asks of a forecast."""

    REFUSE = "refuse"
    """The days concerned are treated as missing, and the forecast widens and says so."""
    WARN = "warn"
    """The days are used; whoever reads the forecast is told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InputFinding:
    """One fault of one input, over one run of days.

    Attributes
    ----------
    column : str
        Name of the input.
    kind : InputFault
        What it is.
    first_day : int
        First day concerned, as a row of the column.
    n_days : int
        Number of days from the first to the last one concerned. [d]
    detail : str
        What was seen and by how much, in one sentence.
    mend : str
        What to do about it.
    severity : Severity
        Whether the days are treated as missing.
    """

    column: str
    kind: InputFault
    first_day: int
    n_days: int
    detail: str
    mend: str
    severity: Severity

    @property
    def last_day(self) -> int:
        """Last day concerned, as a row of the column."""
        return self.first_day + self.n_days - 1

    @property
    def is_refused(self) -> bool:
        """True where the days are treated as missing."""
        return self.severity is Severity.REFUSE

    def __str__(self) -> str:
        """Say the finding in one line.

        Examples
        --------
        >>> print(
        ...     InputFinding(
        ...         column="load_mw",
        ...         kind=InputFault.ZEROS,
        ...         first_day=700,
        ...         n_days=1,
        ...         detail="all 24 values are zero",
        ...         mend="fetch the day again",
        ...         severity=Severity.REFUSE,
        ...     )
        ... )
        load_mw, day 700: all 24 values are zero [zeros, refuse]; fetch the day again
        """
        days = f"day {self.first_day}" if self.n_days == 1 else f"days {self.first_day} to {self.last_day}"
        return f"{self.column}, {days}: {self.detail} [{self.kind}, {self.severity}]; {self.mend}"
