"""The list of findings of one import: names each, caps long lists, refuses what would need a guess."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from types import MappingProxyType

import numpy as np

from battuta.domain.errors import ImportRefusedError, UsageError
from battuta.domain.imports import FindingKind, ImportFinding
from battuta.numerics.arrays import BoolArray, IntArray

N_NAMED_MAX = 1_000
"""Findings of one kind and column that are kept one by one; the rest is counted in one more."""
N_LINES_MAX = 20
"""Findings that an error prints; the rest is counted by kind."""

ALLOWED = MappingProxyType(
    {
        FindingKind.GAP: "leaves the missing intervals missing (NaN)",
        FindingKind.MISSING_VALUE: "leaves empty prices missing (NaN)",
        FindingKind.TEXT_IN_NUMBER: "makes such cells missing (NaN)",
        FindingKind.BAD_TIME: "drops rows without a readable time",
        FindingKind.DUPLICATE: "keeps the first of identical rows",
        FindingKind.UNSORTED: "sorts them here",
        FindingKind.INVENTED_DST_ROW: "drops rows of the hour that clocks skip",
        FindingKind.AMBIGUOUS_HOUR: "drops rows of the double hour that could be either",
        FindingKind.ZERO_DAY: "makes days of zeros missing (NaN)",
        FindingKind.WRONG_UNIT: "takes the values for what the column says",
        FindingKind.IMPLAUSIBLE_VALUE: "keeps the values",
    }
)
"""Kinds that a caller may allow, and what allowing them does."""


def counted(number: int, noun: str) -> str:
    """Say a number with its noun.

    Examples
    --------
    >>> counted(1, "day"), counted(23_000, "price")
    ('1 day', '23,000 prices')
    """
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


class Inspection:
    """Findings of one import, in the order they were made.

    Parameters
    ----------
    source : str
        The file, as the user named it.
    allow : iterable of str
        Names of the kinds that are let pass.

    Raises
    ------
    UsageError
        If a name is no kind that can be allowed.
    """

    __slots__ = ("_allow", "_findings", "source")

    def __init__(self, source: str, allow: Iterable[str] = ()) -> None:
        names = {kind.value for kind in ALLOWED}
        unknown = sorted(set(allow) - names)
        if unknown:
            message = f"allow: {', '.join(unknown)} cannot be allowed; these can: {', '.join(sorted(names))}"
            raise UsageError(message)
        self.source = source
        self._allow = frozenset(FindingKind(name) for name in allow)
        self._findings: list[ImportFinding] = []

    @property
    def findings(self) -> tuple[ImportFinding, ...]:
        """Everything seen so far."""
        return tuple(self._findings)

    def allows(self, kind: FindingKind) -> bool:
        """Whether findings of a kind are let pass."""
        return kind in self._allow

    def refuse(
        self, kind: FindingKind, message: str, mend: str, *, row: int = 0, column: str = "", count: int = 1
    ) -> None:
        """Add a finding that stops the import unless its kind is allowed."""
        if kind in self._allow:
            mend = f"allowed, which {ALLOWED[kind]}"
        elif kind in ALLOWED:
            mend = f"{mend}, or allow {kind.value}, which {ALLOWED[kind]}"
        self._add(kind, message, mend, row, column, count, is_refused=kind not in self._allow)

    def note(
        self, kind: FindingKind, message: str, mend: str = "", *, row: int = 0, column: str = "", count: int = 1
    ) -> None:
        """Add a finding that is only told."""
        self._add(kind, message, mend, row, column, count, is_refused=False)

    def refuse_runs(
        self,
        kind: FindingKind,
        flags: BoolArray,
        rows: IntArray,
        say: Callable[[int, int], str],
        mend: str,
        *,
        column: str = "",
    ) -> None:
        """Add one finding for each run of flagged rows.

        Parameters
        ----------
        kind : FindingKind
            What the flags mean.
        flags : ndarray, shape (n_rows,)
            True where a row is concerned.
        rows : ndarray, shape (n_rows,)
            Row numbers of the file.
        say : callable
            Makes the message from the first index of the run and the index after its last.
        mend : str
            How to mend it.
        column : str
            Column concerned.
        """
        at = np.flatnonzero(flags)
        if not at.size:
            return
        cuts = np.flatnonzero(np.diff(at) != 1) + 1
        starts = at[np.concatenate(([0], cuts))]
        stops = at[np.concatenate((cuts - 1, [at.size - 1]))] + 1
        stop_of = dict(zip(starts[:N_NAMED_MAX].tolist(), stops[:N_NAMED_MAX].tolist(), strict=True))
        self.refuse_each(
            kind, starts, stops - starts, rows, lambda start: say(start, stop_of[start]), mend, column=column
        )

    def refuse_each(
        self,
        kind: FindingKind,
        at: IntArray,
        counts: IntArray,
        rows: IntArray,
        say: Callable[[int], str],
        mend: str,
        *,
        column: str = "",
    ) -> None:
        """Add one finding for each of some places.

        Parameters
        ----------
        kind : FindingKind
            What is found there.
        at : ndarray, shape (n_places,)
            Indices into `rows`.
        counts : ndarray, shape (n_places,)
            Rows or intervals concerned at each place. [-]
        rows : ndarray, shape (n_rows,)
            Row numbers of the file.
        say : callable
            Makes the message from the index.
        mend : str
            How to mend it.
        column : str
            Column concerned.
        """
        for index, count in zip(at[:N_NAMED_MAX].tolist(), counts[:N_NAMED_MAX].tolist(), strict=True):
            self.refuse(kind, say(index), mend, row=int(rows[index]), column=column, count=count)
        if at.size > N_NAMED_MAX:
            n_more = int(counts[N_NAMED_MAX:].sum())
            row = int(rows[at[N_NAMED_MAX]])
            self.refuse(kind, f"and {n_more} more from here on", mend, row=row, column=column, count=n_more)

    def raise_if_refused(self) -> None:
        """Stop the import if anything was refused.

        Raises
        ------
        ImportRefusedError
            With about twenty findings, the mend beside the first of its kind, and the number of the others by kind.
        """
        refused = [finding for finding in self._findings if finding.is_refused]
        if not refused:
            return
        n_each = max(1, N_LINES_MAX // len({finding.kind for finding in refused}))
        shown: Counter[FindingKind] = Counter()
        more: Counter[FindingKind] = Counter()
        told: set[str] = set()
        lines: list[str] = []
        for finding in refused:
            if shown[finding.kind] < n_each:
                lines.append(str(replace(finding, mend="") if finding.mend in told else finding))
                told.add(finding.mend)
                shown[finding.kind] += 1
            else:
                more[finding.kind] += finding.count
        lines.extend(f"and {n_more} more of kind {kind.value}" for kind, n_more in more.items())
        raise ImportRefusedError(self.source, lines)

    def _add(
        self, kind: FindingKind, message: str, mend: str, row: int, column: str, count: int, *, is_refused: bool
    ) -> None:
        self._findings.append(
            ImportFinding(
                kind=kind, row=row, column=column, count=count, message=message, mend=mend, is_refused=is_refused
            )
        )
