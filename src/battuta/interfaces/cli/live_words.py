"""What the live view says of a site in words: what it does (its mode), and what keeps it from doing more."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from battuta.domain.command import Owner, Reason
from battuta.domain.image import AGE_LIMIT_S, SiteImage
from battuta.site.arbitration import NEEDED

ON_THE_WAY = Reason.STALE_TELEMETRY | Reason.STALE_DISPATCH | Reason.CLOCK_STEP
"""Any of these takes a site to its safe state."""

MODE = {
    Owner.SAFETY: "safety order",
    Owner.SYSTEM_OPERATOR: "system operator",
    Owner.GRID_CODE: "grid code",
    Owner.COOLING: "cooling",
    Owner.PEAK_SHAVING: "peak shaving",
    Owner.RECOVERY: "recovery",
    Owner.MARKET: "market",
    Owner.SELF_CONSUMPTION: "self-consumption",
    Owner.REST: "rest",
}
"""What a site does, by whose wish it follows."""

HELD = {
    Reason.SAFETY: "safety order",
    Reason.SYSTEM_OPERATOR: "system operator",
    Reason.FREQUENCY_LOST: "no frequency",
    Reason.CONFLICT: "limits conflict",
    Reason.MANDATE: "mandate",
    Reason.CONNECTION: "connection limit",
    Reason.COLD_CHARGE: "cold cells",
    Reason.DERATING: "derated by a finding",
    Reason.COOLING: "warm cells",
    Reason.BATTERY_LIMIT: "battery limit",
    Reason.SOC_WINDOW: "full or empty",
    Reason.PEAK_SHAVING: "demand limit",
    Reason.RESERVATION: "power kept for frequency",
    Reason.RECOVERY: "energy brought back",
    Reason.GRID_CODE: "grid code",
    Reason.APPARENT_POWER: "reactive power",
    Reason.RATED_POWER: "rated power",
    Reason.RAMP: "ramping",
}
"""What holds a site, the more telling ones first; whoever it follows and what its mode says already are not here."""

STOPPED = {
    "GAS": "gas",
    "SMOKE": "smoke",
    "TEMPERATURE_SLOPE": "fast heating",
    "VOLTAGE_COLLAPSE": "low cell",
    "OVER_TEMPERATURE": "hot cell",
    "OVER_VOLTAGE": "high cell",
}
"""Causes of a stop, see `battuta.site.fast_lane.FastCause`."""

FULL_SOC = 0.5
"""A battery at an end of its window is full above this, else empty. [-]"""


def mode_of(owner: Owner, reasons: Reason, lost: Sequence[str], stops: Sequence[str], product: str) -> str:
    """Say what a site does.

    Parameters
    ----------
    owner : Owner
        Whose wish it follows.
    reasons : Reason
        Of conductor and guard.
    lost : sequence of str
        Instruments that are silent, see `lost_of`.
    stops : sequence of str
        Names of the causes of its stop.
    product : str
        Name of the product that it stands armed for, empty for none.

    Returns
    -------
    str
        Its mode.

    Examples
    --------
    >>> mode_of(Owner.MARKET, Reason.MARKET, (), (), "ce_fcr")
    'market+fcr'
    >>> mode_of(Owner.SAFETY, Reason.FAST_LANE, (), ("GAS",), "")
    'stopped (gas)'
    >>> mode_of(Owner.SAFETY, Reason.STALE_TELEMETRY, ("meter",), (), "ce_fcr")
    'safe state (meter)'
    """
    if Reason.FAST_LANE in reasons:
        causes = "+".join(STOPPED.get(each, each.lower().replace("_", " ")) for each in stops)
        return f"stopped ({causes})" if causes else "stopped"
    if Reason.STALE_DISPATCH in reasons:
        return "safe state (conductor)"
    if Reason.STALE_TELEMETRY in reasons:
        return f"safe state ({'all silent' if len(lost) == len(NEEDED) else '+'.join(lost)})"
    if Reason.CLOCK_STEP in reasons:
        return "safe state (clock)"
    _, _, short = product.partition("_")
    return f"{MODE[owner]}+{short.partition('_')[0] or product}" if product else MODE[owner]


def held_by(owner: Owner, reasons: Reason, kept_kw: float, soc: float) -> list[str]:
    """Say what keeps a site from doing more, the most telling first.

    Parameters
    ----------
    owner : Owner
        Whose wish it follows; that is no hold.
    reasons : Reason
        Of conductor and guard.
    kept_kw : float
        Power that stands ready for frequency. [kW]
    soc : float
        State of charge, NaN where it is not known. [-]

    Returns
    -------
    list of str
        Words, none where nothing holds it.

    Examples
    --------
    >>> held_by(Owner.MARKET, Reason.MARKET | Reason.RESERVATION | Reason.RAMP, 20.0, 0.5)
    ['20 kW kept for frequency', 'ramping']
    """
    if Reason.FAST_LANE in reasons:
        return ["must be reset"]
    words = {reason: word for reason, word in HELD.items() if reason in reasons and reason.name != owner.name}
    if Reason.RESERVATION in words and kept_kw > 0.0:
        words[Reason.RESERVATION] = f"{kept_kw:.0f} kW kept for frequency"
    if Reason.SOC_WINDOW in words and not math.isnan(soc):
        words[Reason.SOC_WINDOW] = "battery full" if soc > FULL_SOC else "battery empty"
    return list(words.values())


def lost_of(image: SiteImage, site: int) -> list[str]:
    """Name the instruments without which a site goes to its safe state and that say nothing now.

    Parameters
    ----------
    image : SiteImage
        What the instruments said.
    site : int
        Number of the site.

    Returns
    -------
    list of str
        In the order in which they count: meter, battery, converter.
    """
    return [
        loss.name.lower()
        for loss, source, signals in NEEDED
        if not image.age_s[source, site] <= AGE_LIMIT_S or bool(np.isnan(image.values[list(signals), site]).any())
    ]
