"""A stand-in for energy-charts.info that speaks its documented format on the loopback, for tests."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from http import HTTPStatus

from battuta.adapters.markets.bidding_zones import bidding_zone
from battuta.adapters.markets.fault_server import Fault, FaultServer, Reply
from battuta.domain.errors import UsageError
from battuta.domain.time import NS_PER_S

CC_BY = "CC BY 4.0 (creativecommons.org/licenses/by/4.0) from Bundesnetzagentur | SMARD.de"
QUARTER_HOURS_FROM = date(2025, 10, 1)


def example_price_per_mwh(unix_s: int) -> float:
    """Invent a price that tells its instant, in EUR/MWh."""
    return round((unix_s // 900 % 1000) / 10.0 - 20.0, 2)


@dataclass(kw_only=True)
class FakeEnergyCharts:
    """What the stand-in knows and how it misbehaves.

    Attributes
    ----------
    price_per_mwh : callable
        Price of an instant in unix seconds, None for null. [EUR/MWh]
    last_day : date, optional
        Last local day that is published.
    hidden : set of int
        Instants left out, in unix seconds.
    unit : str
        Unit stated.
    licence : str
        Licence stated.
    is_deprecated : bool
        Whether the address is called deprecated.
    faults : tuple of Fault
        What goes wrong with the first requests.
    retry_after : str
        Header of a 429.
    """

    price_per_mwh: Callable[[int], float | None] = example_price_per_mwh
    last_day: date | None = None
    hidden: set[int] = field(default_factory=set[int])
    unit: str = "EUR / MWh"
    licence: str = CC_BY
    is_deprecated: bool = False
    faults: tuple[Fault, ...] = ()
    retry_after: str = ""

    def serve(self) -> FaultServer:
        """Make the server; it runs within a ``with`` block."""
        return FaultServer(self.reply, faults=self.faults, retry_after=self.retry_after)

    def reply(self, path: str, query: dict[str, str]) -> Reply:
        """Answer ``/price?bzn=...&start=...&end=...``, local days, both included."""
        if path != "/price":
            return _refusal(HTTPStatus.NOT_FOUND, "Not Found")
        try:
            zone = bidding_zone(query.get("bzn", ""))
            first, last = (date.fromisoformat(query.get(key, "")) for key in ("start", "end"))
        except (UsageError, ValueError):
            return _refusal(HTTPStatus.BAD_REQUEST, "invalid parameters")
        last = min(last, self.last_day or last)
        seconds: list[int] = []
        while first <= last:
            start_ns, end_ns = zone.range_ns(first, first)
            step_s = 900 if first >= QUARTER_HOURS_FROM else 3600
            seconds += range(start_ns // NS_PER_S, end_ns // NS_PER_S, step_s)
            first += timedelta(days=1)
        seconds = [each for each in seconds if each not in self.hidden]
        if not seconds:
            return _refusal(HTTPStatus.NOT_FOUND, "no content available")
        answer = {
            "license_info": self.licence,
            "unix_seconds": seconds,
            "price": [self.price_per_mwh(each) for each in seconds],
            "unit": self.unit,
            "deprecated": self.is_deprecated,
        }
        return Reply(body=json.dumps(answer).encode())


def _refusal(status: HTTPStatus, detail: str) -> Reply:
    return Reply(body=json.dumps({"detail": detail}).encode(), status=status)
