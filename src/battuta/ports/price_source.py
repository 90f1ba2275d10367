"""A place where prices come from: a file, a public service, a simulated market."""

from __future__ import annotations

from typing import Protocol

from battuta.domain.imports import PriceImport


class PriceSource(Protocol):
    """Gives prices that are ready to trade on, or says why it cannot.

    Promises: the same source gives the same series again; intervals are regular, left-labelled and in UTC, or labelled
    ``local_24h``; the currency is known; every column says when its values became known; nothing is filled, a missing
    value is NaN; whatever would need a guess is refused with an error that names the place and the mend.
    """

    def read(self) -> PriceImport:
        """Read all of it.

        Returns
        -------
        PriceImport
            The series and what was seen.

        Raises
        ------
        DataError
            If there is nothing usable; the message says what, where and how to mend it.
        """
        ...
