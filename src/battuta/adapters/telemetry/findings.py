"""The list of what was seen in one string or file, each kind with its first place and its count."""

from __future__ import annotations

import numpy as np

from battuta.numerics.arrays import IntArray
from battuta.ports.telemetry import TelemetryFinding, TelemetryFlaw


def counted(number: int, noun: str) -> str:
    """Say a number with its noun.

    Examples
    --------
    >>> counted(1, "row"), counted(23_000, "value")
    ('1 row', '23,000 values')
    """
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


class Findings:
    """What was seen, in the order it was seen.

    Parameters
    ----------
    string_id : str
        The string concerned, empty for a whole file.

    Examples
    --------
    >>> seen = Findings("A1")
    >>> seen.note(TelemetryFlaw.GAP, "time", "2 rows are missing", count=2)
    >>> [(finding.flaw.value, finding.count) for finding in seen.taken()], len(seen.taken())
    ([('gap', 2)], 0)
    """

    __slots__ = ("_seen", "string_id")

    def __init__(self, string_id: str) -> None:
        self.string_id = string_id
        self._seen: list[TelemetryFinding] = []

    def note(
        self,
        flaw: TelemetryFlaw,
        channel: str,
        detail: str,
        *,
        first_ns: int | None = None,
        row: int = 0,
        count: int = 1,
    ) -> None:
        """Add a finding."""
        self._seen.append(
            TelemetryFinding(
                flaw=flaw,
                string_id=self.string_id,
                channel=channel,
                first_ns=first_ns,
                row=row,
                count=count,
                detail=detail,
            )
        )

    def note_rows(
        self, flaw: TelemetryFlaw, detail: str, time_ns: IntArray, number: IntArray | None, places: IntArray
    ) -> None:
        """Add a finding about some rows; the place is that of the first one given.

        Parameters
        ----------
        flaw : TelemetryFlaw
            What is wrong with them.
        detail : str
            What was seen.
        time_ns : ndarray, shape (n_times,)
            Times of all rows. [ns]
        number : ndarray, shape (n_times,), or None
            Row numbers of all rows.
        places : ndarray, shape (n_places,)
            Which rows are concerned; none adds nothing.
        """
        if not places.size:
            return
        first = int(places[0])
        row = 0 if number is None else int(number[first])
        self.note(flaw, "time", detail, first_ns=int(time_ns[first]), row=row, count=int(np.size(places)))

    def taken(self) -> tuple[TelemetryFinding, ...]:
        """Hand everything over and begin anew."""
        seen = tuple(self._seen)
        self._seen.clear()
        return seen
