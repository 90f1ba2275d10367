"""A stand-in for the Transparency Platform that speaks its documented format on the loopback, for tests."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from http import HTTPStatus
from xml.sax.saxutils import escape

from battuta.adapters.markets.bidding_zones import BiddingZone, bidding_zones
from battuta.adapters.markets.fault_server import Fault, FaultServer, Reply
from battuta.domain.time import NS_PER_S, from_ns, to_ns, zone_of

PUBLICATION = "urn:iec62325.351:tc57wg16:451-3:publicationdocument:7:3"
ACKNOWLEDGEMENT = "urn:iec62325.351:tc57wg16:451-1:acknowledgementdocument:7:0"
QUARTER_HOURS_FROM = date(2025, 10, 1)


def example_price_per_mwh(unix_s: int) -> float:
    """Invent a price that changes every half hour, so that quarter hours repeat, in EUR/MWh."""
    return round((unix_s // 1800 % 500) / 10.0 - 10.0, 2)


@dataclass(kw_only=True)
class FakeEntsoe:
    """What the stand-in knows and how it misbehaves.

    Attributes
    ----------
    token : str
        The token that it takes.
    price_per_mwh : callable
        Price of an instant in unix seconds. [EUR/MWh]
    sequences : tuple of int or None
        Auctions per day in document order, None for a series without a number; those after the first are 1000 higher
        for each step of their number.
    curve : str
        ``A03`` omits repeated positions, ``A01`` tells all.
    currency : str
        Currency stated.
    unit : str
        Unit stated.
    last_day : date, optional
        Last delivery day that is published.
    with_intraday : bool
        Add series of another contract type, which must not be taken.
    faults : tuple of Fault
        What goes wrong with the first requests.
    retry_after : str
        Header of a 429.
    """

    token: str = "a-token"  # noqa: S105
    price_per_mwh: Callable[[int], float] = example_price_per_mwh
    sequences: tuple[int | None, ...] = (2, 1)
    curve: str = "A03"
    currency: str = "EUR"
    unit: str = "MWH"
    last_day: date | None = None
    with_intraday: bool = False
    faults: tuple[Fault, ...] = ()
    retry_after: str = ""

    def serve(self) -> FaultServer:
        """Make the server; it runs within a ``with`` block."""
        return FaultServer(self.reply, faults=self.faults, retry_after=self.retry_after)

    def reply(self, path: str, query: dict[str, str]) -> Reply:
        """Answer a request for a price document: whole delivery days that touch the period."""
        del path
        if query.get("securityToken") != self.token:
            return _acknowledge("Authentication failed.", HTTPStatus.UNAUTHORIZED)
        zone = next((each for each in bidding_zones().values() if each.eic == query.get("in_Domain")), None)
        try:
            start, end = (
                datetime.strptime(query.get(key, ""), "%Y%m%d%H%M").replace(tzinfo=UTC)
                for key in ("periodStart", "periodEnd")
            )
        except ValueError:
            zone = None
            start = end = datetime(1970, 1, 1, tzinfo=UTC)
        if zone is None or query.get("documentType") != "A44" or query.get("out_Domain") != zone.eic:
            return _acknowledge("The query parameters are not valid.", HTTPStatus.BAD_REQUEST)
        series = self._series(zone, start, end)
        if not series:
            return _acknowledge("No matching data found for Data item ENERGY_PRICES [12.1.D].", HTTPStatus.OK)
        head = f'<?xml version="1.0" encoding="utf-8"?>\n<Publication_MarketDocument xmlns="{PUBLICATION}">'
        return _xml(f"{head}<type>A44</type>{''.join(series)}</Publication_MarketDocument>")

    def _series(self, zone: BiddingZone, start: datetime, end: datetime) -> list[str]:
        tz = zone_of(zone.timezone)
        day = start.astimezone(tz).date()
        last = (end - timedelta(minutes=1)).astimezone(tz).date()
        series: list[str] = []
        while day <= min(last, self.last_day or last):
            series += [self._time_series(zone, day, number, "A01") for number in self.sequences]
            if self.with_intraday:
                series.append(self._time_series(zone, day, 1, "A07"))
            day += timedelta(days=1)
        return series

    def _time_series(self, zone: BiddingZone, day: date, number: int | None, contract: str) -> str:
        start_ns, end_ns = zone.range_ns(day, day)
        step_s = 900 if day >= QUARTER_HOURS_FROM else 3600
        offset = 1000.0 * ((number or 1) - 1) + (5000.0 if contract != "A01" else 0.0)
        points: list[str] = []
        before: float | None = None
        for position, unix_s in enumerate(range(start_ns // NS_PER_S, end_ns // NS_PER_S, step_s), start=1):
            price = self.price_per_mwh(unix_s) + offset
            if self.curve != "A03" or price != before:
                points.append(f"<Point><position>{position}</position><price.amount>{price:.2f}</price.amount></Point>")
            before = price
        told = (
            ""
            if number is None
            else f"<classificationSequence_AttributeInstanceComponent.position>{number}"
            "</classificationSequence_AttributeInstanceComponent.position>"
        )
        return (
            f"<TimeSeries><auction.type>A01</auction.type><businessType>A62</businessType>"
            f'<in_Domain.mRID codingScheme="A01">{zone.eic}</in_Domain.mRID>'
            f"<contract_MarketAgreement.type>{contract}</contract_MarketAgreement.type>"
            f"<currency_Unit.name>{self.currency}</currency_Unit.name>"
            f"<price_Measure_Unit.name>{self.unit}</price_Measure_Unit.name>{told}<curveType>{self.curve}</curveType>"
            f"<Period><timeInterval><start>{_stamp(start_ns)}</start><end>{_stamp(end_ns)}</end></timeInterval>"
            f"<resolution>PT{step_s // 60}M</resolution>{''.join(points)}</Period></TimeSeries>"
        )


def _stamp(at_ns: int) -> str:
    assert to_ns(from_ns(at_ns)) == at_ns
    return f"{from_ns(at_ns):%Y-%m-%dT%H:%MZ}"


def _xml(text: str, status: HTTPStatus = HTTPStatus.OK) -> Reply:
    return Reply(body=text.encode(), content_type="text/xml", status=status)


def _acknowledge(reason: str, status: HTTPStatus) -> Reply:
    return _xml(
        f'<?xml version="1.0" encoding="utf-8"?>\n<Acknowledgement_MarketDocument xmlns="{ACKNOWLEDGEMENT}">'
        f"<Reason><code>999</code><text>{escape(reason)}</text></Reason></Acknowledgement_MarketDocument>",
        status,
    )
