"""What the conductor hears and what it says: images, wishes, awards and plans in, decisions and alarms out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from battuta.domain.command import Owner, Proposal, Reservation
from battuta.domain.health import Derating
from battuta.domain.image import SiteImage
from battuta.numerics.arrays import BoolArray, FloatArray
from battuta.site.dispatch import Dispatch


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ImageFrozen:
    """An image is there: decide."""

    image: SiteImage
    steady_ns: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalsPosted:
    """Owners want something."""

    proposals: tuple[Proposal, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class WishesPosted:
    """One owner wants something of all sites at once."""

    owner: Owner
    expires_ns: int
    low_kw: FloatArray | None = None
    high_kw: FloatArray | None = None
    preferred_kw: FloatArray | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReservationsAwarded:
    """The whole list of awards, in place of the one before."""

    reservations: tuple[Reservation, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteReset:
    """An operator was at a site and lets it run again."""

    site: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ChillersAsked:
    """Cooling foresight wants coolant temperatures, NaN to leave a chiller as it is; shape (n_sites,). [degC]"""

    setpoint_c: FloatArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ShavingPlanned:
    """What peak shaving holds in the billed interval that begins, each shape (n_sites,).

    Attributes
    ----------
    start_ns, end_ns : int
        The billed interval. [ns]
    limit_kw : ndarray
        Demand limit, infinite where the site has none. [kW]
    floor_soc_start, floor_soc_end : ndarray
        State of charge kept for peaks to come, at both ends of the interval. [-]
    peak_kw : ndarray
        Net load that a peak may reach for minutes at this time of day. [kW]
    """

    start_ns: int
    end_ns: int
    limit_kw: FloatArray
    floor_soc_start: FloatArray
    floor_soc_end: FloatArray
    peak_kw: FloatArray


@dataclass(frozen=True, slots=True, kw_only=True)
class DeratingsSet:
    """What may still be used of each site because of findings, in place of what held before; None for all of it."""

    deratings: tuple[Derating | None, ...]


ConductorEvent: TypeAlias = (
    ImageFrozen
    | ProposalsPosted
    | WishesPosted
    | ReservationsAwarded
    | SiteReset
    | ChillersAsked
    | ShavingPlanned
    | DeratingsSet
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Dispatched:
    """The decision, for the guard."""

    dispatch: Dispatch
    stopped: BoolArray


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """Somebody has to know, now."""

    site: int
    cause: str
    calls_out: bool


ConductorEffect: TypeAlias = Dispatched | Alarm
