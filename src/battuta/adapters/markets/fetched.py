"""Prices that came from a public service, with whom to thank and on what terms they may be used."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from battuta.domain.prices import PriceSeries


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchedPrices:
    """A price series and its provenance.

    Attributes
    ----------
    series : PriceSeries
        The prices; `series.source` repeats `notice`.
    attribution : str
        Who is to be named.
    licence : str
        Terms of use, in the words of the source.
    addresses : tuple of str
        What was asked, without secrets.
    sha256 : tuple of str
        Hash of each answer.
    fetched_at : datetime
        When the youngest answer came from the service.
    from_cache : bool
        True when no answer had to be fetched now.
    warnings : tuple of str
        What the source says about itself, such as that it will go away.
    """

    series: PriceSeries
    attribution: str
    licence: str
    addresses: tuple[str, ...]
    sha256: tuple[str, ...]
    fetched_at: datetime
    from_cache: bool
    warnings: tuple[str, ...] = ()

    @property
    def notice(self) -> str:
        """One line to show wherever the prices are shown."""
        return notice(self.attribution, self.licence, self.fetched_at)


def notice(attribution: str, licence: str, fetched_at: datetime) -> str:
    """Say source, terms and time of fetching in one line.

    Examples
    --------
    >>> from datetime import UTC
    >>> notice("Example Institute", "CC BY 4.0", datetime(2026, 1, 2, 13, 5, tzinfo=UTC))
    'Example Institute; CC BY 4.0; fetched 2026-01-02T13:05Z'
    """
    return f"{attribution}; {licence}; fetched {fetched_at:%Y-%m-%dT%H:%MZ}"
