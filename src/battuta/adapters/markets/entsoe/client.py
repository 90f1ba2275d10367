"""Ask the Transparency Platform of ENTSO-E for the day-ahead prices of a bidding zone, month by month."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise

import numpy as np

from battuta.adapters.markets.answer_cache import Answer
from battuta.adapters.markets.bidding_zones import BiddingZone, bidding_zone
from battuta.adapters.markets.entsoe.mapping import (
    DAY_AHEAD,
    SINGLE_AUCTION,
    SOURCE,
    DayAheadDocument,
    read_day_ahead,
    reason_of_refusal,
)
from battuta.adapters.markets.fetched import FetchedPrices, notice
from battuta.adapters.markets.http_fetch import HttpSource
from battuta.adapters.markets.regular_grid import resolution_change
from battuta.domain.errors import CurrencyError, UsageError
from battuta.domain.prices import PriceSeries
from battuta.domain.publication import DAY_AHEAD_AUCTION
from battuta.domain.time import from_ns

BASE_URL = "https://web-api.tp.entsoe.eu/api"
ATTRIBUTION = "ENTSO-E Transparency Platform"
LICENCE = "terms and conditions of the ENTSO-E Transparency Platform"
_PRICE_DOCUMENT = "A44"


@dataclass(frozen=True, slots=True, kw_only=True)
class EntsoeClient:
    """The REST interface of the Transparency Platform.

    Attributes
    ----------
    source : HttpSource
        How it is asked, with the token among its secrets: make it with `with_token`.
    base_url : str
        Address of the service.
    """

    source: HttpSource
    base_url: str = BASE_URL

    @classmethod
    def with_token(cls, token: str, source: HttpSource, base_url: str = BASE_URL) -> EntsoeClient:
        """Make a client that sends a security token; it is kept out of addresses, logs, cache and errors.

        Raises
        ------
        UsageError
            If the token is empty and the source may be asked.
        """
        if not token.strip() and not source.offline:
            message = "ENTSO-E needs a security token, free on registration; set BATTUTA_ENTSOE_TOKEN"
            raise UsageError(message)
        return cls(source=replace(source, secret={"securityToken": token.strip()}), base_url=base_url)

    def day_ahead_prices(
        self, zone_name: str, first_day: date, last_day: date, *, sequence: int = SINGLE_AUCTION
    ) -> FetchedPrices:
        """Fetch the prices of whole delivery days.

        Parameters
        ----------
        zone_name : str
            Bidding zone such as ``DE-LU``.
        first_day, last_day : date
            Delivery days, both included.
        sequence : int
            Which of a zone's day-ahead auctions; 1 is the single day-ahead coupling.

        Returns
        -------
        FetchedPrices
            Complete prices of the range in the zone's currency.

        Raises
        ------
        UsageError
            If the zone is not known or the range is empty.
        SourceUnavailableError
            If the service does not answer as documented, or refuses the token.
        DataError
            If prices are missing, or the market time unit changes within the range.
        """
        zone = bidding_zone(zone_name)
        zone.range_ns(first_day, last_day)
        parts = [self._month(zone, start, end, sequence) for start, end in months(first_day, last_day)]
        documents, answers = [part for part, _ in parts], [answer for _, answer in parts]
        _check_alike(documents, zone)
        fetched_at = max(answer.fetched_at for answer in answers)
        attribution = f"{ATTRIBUTION}, {zone.name}"
        series = PriceSeries(
            time_ns=np.concatenate([part.time_ns for part in documents]),
            price_per_mwh=np.concatenate([part.price_per_mwh for part in documents]),
            step=documents[0].step,
            currency=documents[0].currency,
            zone=zone.timezone,
            rule=DAY_AHEAD_AUCTION,
            source=notice(attribution, LICENCE, fetched_at),
        )
        return FetchedPrices(
            series=series,
            attribution=attribution,
            licence=LICENCE,
            addresses=tuple(answer.address for answer in answers),
            sha256=tuple(answer.sha256 for answer in answers),
            fetched_at=fetched_at,
            from_cache=all(answer.from_cache for answer in answers),
        )

    def _month(
        self, zone: BiddingZone, first_day: date, last_day: date, sequence: int
    ) -> tuple[DayAheadDocument, Answer]:
        start_ns, end_ns = zone.range_ns(first_day, last_day)
        params = {
            "documentType": _PRICE_DOCUMENT,
            "contract_MarketAgreement.type": DAY_AHEAD,
            "in_Domain": zone.eic,
            "out_Domain": zone.eic,
            "periodStart": f"{from_ns(start_ns):%Y%m%d%H%M}",
            "periodEnd": f"{from_ns(end_ns):%Y%m%d%H%M}",
        }

        def accept(answer: Answer) -> DayAheadDocument:
            return read_day_ahead(answer.body, zone, start_ns, end_ns, sequence=sequence)

        return self.source.get(self.base_url, params, accept=accept, explain=reason_of_refusal)


def months(first_day: date, last_day: date) -> Iterator[tuple[date, date]]:
    """Cut a range of days into calendar months, well below the platform's limits of a year and of 100 series.

    Examples
    --------
    >>> [f"{a} {b}" for a, b in months(date(2026, 1, 30), date(2026, 3, 1))]
    ['2026-01-30 2026-01-31', '2026-02-01 2026-02-28', '2026-03-01 2026-03-01']
    """
    while first_day <= last_day:
        next_month = (first_day.replace(day=1) + timedelta(days=32)).replace(day=1)
        yield first_day, min(last_day, next_month - timedelta(days=1))
        first_day = next_month


def _check_alike(documents: list[DayAheadDocument], zone: BiddingZone) -> None:
    for before, after in pairwise(documents):
        if before.step != after.step:
            raise resolution_change(int(after.time_ns[0]), before.step, after.step, zone.timezone, SOURCE)
        if before.currency != after.currency:
            message = (
                f"{SOURCE}: prices of {zone.name} come in {before.currency} before and in {after.currency} from "
                f"{from_ns(int(after.time_ns[0])):%Y-%m-%d} on; ask for a range with one"
            )
            raise CurrencyError(message)
