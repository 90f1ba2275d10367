"""The bidding zones that public services know: name, code, and the clock of the delivery day."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from functools import lru_cache
from importlib.resources import files
from types import MappingProxyType

from battuta.domain.errors import UsageError
from battuta.domain.time import from_ns, local_instant_ns, zone_of


@dataclass(frozen=True, slots=True, kw_only=True)
class BiddingZone:
    """A zone with one day-ahead price.

    Attributes
    ----------
    name : str
        Name such as ``DE-LU``.
    eic : str
        Energy Identification Code.
    timezone : str
        IANA zone of the delivery day.
    local : str
        IANA zone of the wall clock; differs from `timezone` east and west of Central European time.
    """

    name: str
    eic: str
    timezone: str
    local: str

    def range_ns(self, first_day: date, last_day: date) -> tuple[int, int]:
        """UTC instants at which the delivery days `first_day` to `last_day` begin and end, in ns.

        Raises
        ------
        UsageError
            If the range is empty.
        """
        if last_day < first_day:
            message = f"the range {first_day} to {last_day} is empty; name the earlier day first"
            raise UsageError(message)
        start_ns = local_instant_ns(first_day, time(0), self.timezone)
        return start_ns, local_instant_ns(last_day + timedelta(days=1), time(0), self.timezone)

    def local_day(self, at_ns: int) -> date:
        """Date on the wall clock of the zone at a UTC instant in ns."""
        return from_ns(at_ns).astimezone(zone_of(self.local)).date()


@lru_cache(maxsize=1)
def bidding_zones() -> Mapping[str, BiddingZone]:
    """All zones by name."""
    text = files("battuta.adapters.markets").joinpath("bidding_zones.toml").read_text(encoding="utf-8")
    entries: dict[str, dict[str, str]] = tomllib.loads(text)
    return MappingProxyType(
        {
            name: BiddingZone(
                name=name, eic=entry["eic"], timezone=entry["timezone"], local=entry.get("local", entry["timezone"])
            )
            for name, entry in entries.items()
        }
    )


def bidding_zone(name: str) -> BiddingZone:
    """Find a zone by its name, however its letters are cased and joined.

    Raises
    ------
    UsageError
        If there is no such zone; the message lists those there are.

    Examples
    --------
    >>> bidding_zone("de_lu").eic
    '10Y1001A1001A82H'
    """
    plain = name.strip().upper().replace("_", "-")
    for known in bidding_zones().values():
        if known.name.upper() == plain:
            return known
    message = f"bidding zone {name!r} is not known; choose one of {', '.join(bidding_zones())}"
    raise UsageError(message)
