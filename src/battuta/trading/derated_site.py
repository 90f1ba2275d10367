"""The site that the desk plans with when a finding leaves less of its battery: what the conductor would hold it to."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from battuta.domain.asset import Battery, Site
from battuta.domain.curves import Curve
from battuta.domain.health import Derating


def derated_site(site: Site, left: Derating) -> Site | None:
    """Narrow a site by a derating.

    The highest temperature is left to the conductor, since no plan knows the temperature of a day.

    Parameters
    ----------
    site : Site
        The site when nothing is wrong with it.
    left : Derating
        What may still be used.

    Returns
    -------
    Site or None
        The same site with less power and a narrower window; None where nothing can be traded with what is left.

    Examples
    --------
    >>> from battuta.domain.asset import Battery
    >>> left = Derating(
    ...     string_id="a", power_share_max=0.5, soc_min=0.0, soc_max=0.8, temperature_c_max=45.0, reason="a leak"
    ... )
    >>> battery = derated_site(Site(battery=Battery(power_kw=100.0, energy_kwh=200.0, soc_max=0.95)), left).battery
    >>> battery.power_kw, battery.soc_max
    (50.0, 0.8)
    """
    battery = site.battery
    soc_min, soc_max = max(battery.soc_min, left.soc_min), min(battery.soc_max, left.soc_max)
    if left.power_share_max <= 0.0 or soc_min >= soc_max:
        return None
    share = left.power_share_max
    end = None if battery.soc_end is None else min(max(battery.soc_end, soc_min), soc_max)
    return replace(
        site,
        battery=replace(
            battery,
            power_kw=share * battery.power_kw,
            soc_min=soc_min,
            soc_max=soc_max,
            soc_start=min(max(battery.soc_start, soc_min), soc_max),
            soc_end=end,
            charge_taper=_of_what_is_left(battery.charge_taper, share),
            discharge_taper=_of_what_is_left(battery.discharge_taper, share),
            charge_temperature_taper=_of_what_is_left(battery.charge_temperature_taper, share),
            discharge_temperature_taper=_of_what_is_left(battery.discharge_temperature_taper, share),
            part_load_efficiency=_up_to(battery, share),
        ),
    )


def _of_what_is_left(taper: Curve | None, share: float) -> Curve | None:
    """Write a taper, a share of the rated power, as one of the power that is left; the places between are kept."""
    if taper is None or share >= 1.0:
        return taper
    points = list(zip(taper.x, taper.y, strict=True))
    for (x, y), (x_next, y_next) in pairwise(list(points)):
        if min(y, y_next) < share < max(y, y_next):
            points.append((x + (share - y) * (x_next - x) / (y_next - y), share))
    points.sort()
    return Curve(x=tuple(x for x, _ in points), y=tuple(min(y / share, 1.0) for _, y in points))


def _up_to(battery: Battery, share: float) -> Curve | None:
    """Part-load efficiency up to the power that is left, by the share of that."""
    curve = battery.part_load_efficiency
    if curve is None or share >= 1.0:
        return curve
    inside = [(x / share, y) for x, y in zip(curve.x, curve.y, strict=True) if x < share]
    points = [*inside, (1.0, float(curve(share)))]
    return Curve(x=tuple(x for x, _ in points), y=tuple(y for _, y in points))
