"""The ladder from a wish to a written register: proposal, reservation, mandate and limits, dispatch, setpoint.

::

    Schedule   desk              what the market bought
    Proposal   an owner          an interval for the base power, a preference, an expiry
    Reservation  an award        power up and down kept free for a response law
    Mandate, Limits              what may not be exceeded, whoever asks
    Dispatch   conductor, 1 s    one base per site, the armed response, the interval for the guard
    Setpoint   guard, <= 50 ms   clamp(base + response): the only value that reaches a device

Discharge and injection are positive. A missing or expired proposal is no opinion: never 0, never the last value.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import IntEnum, IntFlag

from battuta.domain.errors import InvalidQuantityError, UsageError


class Owner(IntEnum):
    """Who may propose, in order of priority: a lower number narrows first."""

    SAFETY = 0
    SYSTEM_OPERATOR = 1
    GRID_CODE = 2
    COOLING = 3
    PEAK_SHAVING = 4
    RECOVERY = 5
    MARKET = 6
    SELF_CONSUMPTION = 7
    REST = 8


N_OWNERS = len(Owner)


class Reason(IntFlag):
    """Why a base or a setpoint is not what was asked: one bit each, several may hold at once."""

    NONE = 0
    RATED_POWER = 1
    CONNECTION = 2
    BATTERY_LIMIT = 4
    SOC_WINDOW = 8
    MANDATE = 16
    SAFETY = 32
    SYSTEM_OPERATOR = 64
    GRID_CODE = 128
    RESERVATION = 256
    COOLING = 512
    PEAK_SHAVING = 1024
    RECOVERY = 2048
    MARKET = 4096
    SELF_CONSUMPTION = 8192
    REST = 16384
    RAMP = 32768
    APPARENT_POWER = 65536
    STALE_TELEMETRY = 131072
    STALE_DISPATCH = 262144
    FREQUENCY_LOST = 524288
    CLOCK_STEP = 1048576
    FAST_LANE = 2097152
    COLD_CHARGE = 4194304
    CONFLICT = 8388608
    DERATING = 16777216


def require_number(name: str, value: object) -> int:
    """Return a plain whole number that fits 64 bits; a truth value is none.

    Raises
    ------
    UsageError
        If it is something else.
    """
    if isinstance(value, bool) or not isinstance(value, int) or not -(2**63) <= value < 2**63:
        message = f"{name} = {value!r} is no plain whole number of 64 bits; write int(...)"
        raise UsageError(message)
    return value


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What an owner wants of one site's base power.

    Attributes
    ----------
    site : int
        Number of the site.
    owner : Owner
        Who asks; its priority.
    low_kw, high_kw : float
        Interval that the base must stay in; infinite where the owner does not mind. [kW]
    preferred_kw : float
        Power it would like within the interval, NaN for none. [kW]
    expires_ns : int
        When it stops counting. [ns]
    reason : str
        Why, in words for the operator.
    """

    site: int
    owner: Owner
    low_kw: float = -math.inf
    high_kw: float = math.inf
    preferred_kw: float = math.nan
    expires_ns: int
    reason: str = ""

    def __post_init__(self) -> None:
        """Refuse what is no site, no owner or no number, and intervals that hold nothing."""
        require_number(f"proposal for site {self.site!r}: site", self.site)
        require_number(f"proposal for site {self.site}: expires_ns", self.expires_ns)
        if self.owner not in frozenset(Owner):
            message = (
                f"proposal for site {self.site}: {self.owner!r} is no owner; there are {', '.join(Owner.__members__)}"
            )
            raise UsageError(message)
        for name in ("low_kw", "high_kw", "preferred_kw"):
            value: object = getattr(self, name)
            if not isinstance(value, int | float) or isinstance(value, bool):
                message = f"proposal for site {self.site}: {name} = {value!r} is no plain number of kW"
                raise UsageError(message)
        if not self.low_kw <= self.high_kw:
            message = f"proposal of {self.owner.name.lower()}: low_kw = {self.low_kw} above high_kw = {self.high_kw}"
            raise UsageError(message)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reservation:
    """Power and energy of one site kept free for a product.

    Attributes
    ----------
    site : int
        Number of the site.
    product : str
        Name of the product's data file.
    up_kw, down_kw : float
        Power kept free in each direction, discharge is up. [kW]
    energy_up_kwh, energy_down_kwh : float
        Energy kept at the connection for full activation. [kWh]
    recovery_kw : float
        Power with which the product lets energy be brought back, 0 where it has no such rule. [kW]
    start_ns, end_ns : int
        Half-open time of delivery. [ns]
    award : str
        Id of the award it comes from.
    """

    site: int
    product: str
    up_kw: float
    down_kw: float
    energy_up_kwh: float
    energy_down_kwh: float
    recovery_kw: float = 0.0
    start_ns: int
    end_ns: int
    award: str = ""

    def __post_init__(self) -> None:
        """Check magnitudes and times."""
        for name in ("up_kw", "down_kw", "energy_up_kwh", "energy_down_kwh", "recovery_kw"):
            value = float(getattr(self, name))
            if not 0.0 <= value < math.inf:
                raise InvalidQuantityError(name, value, 0.0, math.inf, "kW or kWh", where=f"reservation {self.award}")
        if self.start_ns >= self.end_ns:
            message = f"reservation {self.award}: start_ns {self.start_ns} is not before end_ns {self.end_ns}"
            raise UsageError(message)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mandate:
    """What people allow a site to do, whoever asks.

    Attributes
    ----------
    charge_kw_max, discharge_kw_max : float
        Largest power each way. [kW]
    soc_min, soc_max : float
        Window of the state of charge. [-]
    not_after_ns : int
        End of its validity. [ns]
    is_signed : bool
        Whether two people signed it; a local one is not, and says so.
    """

    charge_kw_max: float
    discharge_kw_max: float
    soc_min: float = 0.0
    soc_max: float = 1.0
    not_after_ns: int = 2**63 - 1
    is_signed: bool = False

    @property
    def label(self) -> str:
        """How it is shown."""
        return "signed mandate" if self.is_signed else "local mandate, unsigned"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceCommand:
    """What is written to the devices of one site.

    Attributes
    ----------
    power_kw : float
        Active power of the converter, discharge positive. [kW]
    reactive_kvar : float
        Reactive power of the converter, injection positive. [kvar]
    chiller_setpoint_c : float
        Coolant temperature asked of the chiller, NaN to leave it. [degC]
    open_strings : bool
        Ask the battery to open its contactors.
    """

    power_kw: float
    reactive_kvar: float = 0.0
    chiller_setpoint_c: float = math.nan
    open_strings: bool = False
