"""A place where weather comes from: a file, a public service, a simulated world."""

from __future__ import annotations

from typing import Protocol

from battuta.domain.weather import WeatherImport


class WeatherSource(Protocol):
    """Gives weather with the instant at which each value was published, or says why it cannot.

    Promises: times are interval starts in UTC; the name of every column ends in its unit; every value says when it
    became known, by what the source wrote or by a rule that somebody stated; all vintages are kept; nothing is
    filled, a missing value is NaN; whatever would need a guess is refused with an error that names the place and
    the mend.
    """

    def read(self) -> WeatherImport:
        """Read all of it.

        Returns
        -------
        WeatherImport
            The weather and what was seen.

        Raises
        ------
        DataError
            If there is nothing usable; the message says what, where and how to mend it.
        """
        ...
