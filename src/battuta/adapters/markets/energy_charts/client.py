"""Ask energy-charts.info for the day-ahead prices of a bidding zone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from battuta.adapters.markets.answer_cache import Answer
from battuta.adapters.markets.bidding_zones import bidding_zone
from battuta.adapters.markets.energy_charts.mapping import DayAheadAnswer, read_day_ahead, reason_of_refusal
from battuta.adapters.markets.fetched import FetchedPrices, notice
from battuta.adapters.markets.http_fetch import HttpSource
from battuta.domain.prices import PriceSeries
from battuta.domain.publication import DAY_AHEAD_AUCTION
from battuta.domain.time import NS_PER_S

BASE_URL = "https://api.energy-charts.info"
ATTRIBUTION = "energy-charts.info (Fraunhofer ISE)"


@dataclass(frozen=True, slots=True, kw_only=True)
class EnergyChartsClient:
    """The public price API of energy-charts.info.

    Attributes
    ----------
    source : HttpSource
        How it is asked: cache, patience, offline or not.
    base_url : str
        Address of the service.
    allow_unstated_unit : bool
        Take an answer without unit for EUR/MWh, as the service's documentation says.
    """

    source: HttpSource
    base_url: str = BASE_URL
    allow_unstated_unit: bool = False

    def day_ahead_prices(self, zone_name: str, first_day: date, last_day: date) -> FetchedPrices:
        """Fetch the prices of whole delivery days.

        Parameters
        ----------
        zone_name : str
            Bidding zone such as ``DE-LU``.
        first_day, last_day : date
            Delivery days, both included.

        Returns
        -------
        FetchedPrices
            Complete prices of the range in EUR/MWh, with licence and attribution.

        Raises
        ------
        UsageError
            If the zone is not known or the range is empty.
        SourceUnavailableError
            If the service does not answer as documented.
        DataError
            If prices are missing, or the market time unit changes within the range.
        """
        zone = bidding_zone(zone_name)
        start_ns, end_ns = zone.range_ns(first_day, last_day)
        params = {
            "bzn": zone.name,
            "start": zone.local_day(start_ns).isoformat(),
            "end": zone.local_day(end_ns - NS_PER_S).isoformat(),
        }

        def accept(answer: Answer) -> DayAheadAnswer:
            return read_day_ahead(answer.body, zone, start_ns, end_ns, allow_unstated_unit=self.allow_unstated_unit)

        read, answer = self.source.get(
            f"{self.base_url.rstrip('/')}/price", params, accept=accept, explain=reason_of_refusal
        )
        series = PriceSeries(
            time_ns=read.time_ns,
            price_per_mwh=read.price_per_mwh,
            step=read.step,
            currency="EUR",
            zone=zone.timezone,
            rule=DAY_AHEAD_AUCTION,
            source=notice(f"{ATTRIBUTION}, {zone.name}", read.licence, answer.fetched_at),
        )
        return FetchedPrices(
            series=series,
            attribution=f"{ATTRIBUTION}, {zone.name}",
            licence=read.licence,
            addresses=(answer.address,),
            sha256=(answer.sha256,),
            fetched_at=answer.fetched_at,
            from_cache=answer.from_cache,
            warnings=("the source calls this address deprecated",) if read.is_deprecated else (),
        )
