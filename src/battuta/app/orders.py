"""Orders of a system operator to a living run: a site follows them exactly, from a time until a time."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from battuta.app.pace import parse_duration_s
from battuta.domain.errors import UsageError

KEYS = ("site", "power", "start", "end")


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A setpoint of the system operator for one site.

    Attributes
    ----------
    site : int
        Number of the site, from 0.
    power_kw : float
        Power of the battery, discharge positive. [kW]
    start_s, end_s : int
        From when until when, since the run began. [s]
    """

    site: int
    power_kw: float
    start_s: int
    end_s: int


def parse_orders(words: Sequence[str], n_sites: int) -> tuple[Order, ...]:
    """Read orders as a user writes them, by their start.

    Parameters
    ----------
    words : sequence of str
        Each as ``site=3,power=20,start=10min,end=1h``; power in kW, discharge positive.
    n_sites : int
        Number of sites.

    Returns
    -------
    tuple of Order
        Those that begin first come first.

    Raises
    ------
    UsageError
        If one cannot be read, is for a site that does not exist, or ends before it begins.

    Examples
    --------
    >>> parse_orders(["site=3,power=-20,start=10min,end=1h"], 5)
    (Order(site=3, power_kw=-20.0, start_s=600, end_s=3600),)
    """
    return tuple(sorted((_order(each, n_sites) for each in words), key=lambda order: order.start_s))


def _order(words: str, n_sites: int) -> Order:
    parts = [part.partition("=") for part in words.replace(" ", "").split(",")]
    given = {key: value for key, _, value in parts}
    if set(given) != set(KEYS):
        message = f"order {words!r}: write site=3,power=20,start=10min,end=1h, each once (power in kW)"
        raise UsageError(message)
    try:
        site, power_kw = int(given["site"]), float(given["power"])
    except ValueError:
        site, power_kw = -1, math.nan
    if not (0 <= site < n_sites and math.isfinite(power_kw)):
        message = f"order {words!r}: site is a whole number from 0 to {n_sites - 1}, power a number of kW"
        raise UsageError(message)
    start_s = 0 if given["start"] == "0" else parse_duration_s(given["start"])
    end_s = parse_duration_s(given["end"])
    if not start_s < end_s:
        message = f"order {words!r}: it ends before it begins"
        raise UsageError(message)
    return Order(site=site, power_kw=power_kw, start_s=start_s, end_s=end_s)
