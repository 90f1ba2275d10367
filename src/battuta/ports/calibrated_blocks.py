"""A place where calibrated days are kept, so that a long test that was interrupted goes on where it stopped."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from battuta.forecast.member import MemberRow


class CalibratedBlocks(Protocol):
    """Keeps what the members of a model said of the days of a block, under a key that says all it depends on.

    Promises: what was kept is read back bit for bit, its members in their order; what another version of the models
    kept is never read, nor what belongs to another key or other days; a reader sees a block whole or not at all,
    however many write at once; what was damaged is named in `findings` and counts as not there, and keeping it again
    mends it.
    """

    @property
    def findings(self) -> tuple[str, ...]:
        """What was found wanting so far."""
        ...

    @property
    def n_days_found(self) -> int:
        """Days that were read so far."""
        ...

    def read(self, key: str, days: Sequence[int]) -> list[MemberRow] | None:
        """Return the days of a block, None where they are not there.

        Parameters
        ----------
        key : str
            Hash of all that the block depends on, in hexadecimal digits.
        days : sequence of int
            Numbers of the days of the block, ascending.

        Returns
        -------
        list of MemberRow or None
            As they were kept.
        """
        ...

    def keep(self, key: str, rows: Sequence[MemberRow]) -> None:
        """Keep the days of a block; where that fails, `findings` says why, and nothing is lost but time.

        Parameters
        ----------
        key : str
            Hash of all that the block depends on, in hexadecimal digits.
        rows : sequence of MemberRow
            One per day.
        """
        ...
