"""Fetch prices from public services: the client, its token and its cache, and a canonical file of what came."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path

from battuta.adapters.markets.answer_cache import AnswerCache
from battuta.adapters.markets.energy_charts import client as energy_charts
from battuta.adapters.markets.entsoe import client as entsoe
from battuta.adapters.markets.fetched import FetchedPrices
from battuta.adapters.markets.files.writer import require_ending, write_prices
from battuta.adapters.markets.http_fetch import HttpSource
from battuta.app.clock import utc_now
from battuta.domain.errors import UsageError

__all__ = ["FetchedPrices", "PriceService", "PriceWish", "cache_folder", "fetch_prices"]

TOKEN_VARIABLE = "BATTUTA_ENTSOE_TOKEN"  # noqa: S105


class PriceService(StrEnum):
    """Who is asked."""

    ENERGY_CHARTS = "energy_charts"
    ENTSOE = "entsoe"


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceWish:
    """Which prices are wanted.

    Attributes
    ----------
    service : PriceService
        Who is asked.
    zone_code : str
        Bidding zone such as ``DE-LU``.
    first_day, last_day : str
        Delivery days as ``YYYY-MM-DD``, both included.
    base_url : str or None
        Another address of the service.
    is_offline : bool
        True to use kept answers only.
    """

    service: PriceService
    zone_code: str
    first_day: str
    last_day: str
    base_url: str | None = None
    is_offline: bool = False


def fetch_prices(wish: PriceWish, path: Path) -> FetchedPrices:
    """Fetch prices and write them as a canonical file.

    Parameters
    ----------
    wish : PriceWish
        Which prices.
    path : Path
        Ends in ``.csv`` or ``.parquet``.

    Returns
    -------
    FetchedPrices
        What was written, with whom to thank and on what terms.

    Raises
    ------
    UsageError
        If a day, the zone or the ending does not exist, or the token is missing.
    SourceUnavailableError
        If the service does not answer as documented.
    DataError
        If prices are missing or the file cannot be written.
    """
    require_ending(path)
    first_day, last_day = _day("start", wish.first_day), _day("end", wish.last_day)
    folder = cache_folder(wish.service)
    source = HttpSource(
        name=wish.service.value,
        now=utc_now,
        cache=None if folder is None else AnswerCache(folder),
        offline=wish.is_offline,
    )
    if wish.service is PriceService.ENERGY_CHARTS:
        client = energy_charts.EnergyChartsClient(source=source, base_url=wish.base_url or energy_charts.BASE_URL)
    else:
        token = os.environ.get(TOKEN_VARIABLE, "")
        client = entsoe.EntsoeClient.with_token(token, source, wish.base_url or entsoe.BASE_URL)
    fetched = client.day_ahead_prices(wish.zone_code, first_day, last_day)
    write_prices(fetched.series, path)
    return fetched


def cache_folder(service: PriceService) -> Path | None:
    """Return the folder that keeps answers of a service, in the user's cache; None where none can be made."""
    try:
        home = Path.home()
    except RuntimeError:
        home = None
    stated = os.environ.get("XDG_CACHE_HOME", "")
    if Path(stated).is_absolute():
        root = Path(stated)
    elif home is None:
        return None
    else:
        root = home / "Library" / "Caches" if sys.platform == "darwin" else home / ".cache"
    folder = root / "battuta" / "prices" / service.value
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return None
    return folder if os.access(folder, os.W_OK) else None


def _day(name: str, text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        message = f"--{name} {text!r} is not a date; write it as YYYY-MM-DD"
        raise UsageError(message) from None
    if not 1990 <= day.year <= 2100:
        message = f"--{name} {text} is outside 1990 to 2100; look for a mistyped year"
        raise UsageError(message)
    return day
