"""State of health as it was measured: where a study finds it, and the rows themselves."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np

from battuta.domain.errors import DataError, InvalidQuantityError, UsageError
from battuta.numerics.arrays import FloatArray, IntArray

SOH_CAPACITY_MAX, SOH_RESISTANCE_MAX = 1.15, 10.0
"""Above the first a capacity over that when new is taken for percent or another reference. [-]"""
_LOW_RESISTANCE = 0.5
ONLY_SITE = "this site"
"""Name of the site of a file that names none."""
SHARED_DEVIATION_ASSUMED, SHARED_SOH_RESISTANCE_DEVIATION = 0.005, 0.02
"""Deviation of what all measured capacities, and all resistances, of a site share, ASSUMED. [-]"""


@dataclass(frozen=True, slots=True, kw_only=True)
class TelemetryFile:
    """Measured health of this battery, or of sister sites of the same cell and duty.

    Attributes
    ----------
    path : str
        Where the file lies, as the study names it.
    lived_as : str
        Name of the strategy under whose duty it was lived.
    commissioned : date or None
        First day of operation; where the file has dates and no days.
    deviation : float or None
        Standard deviation of a measured capacity without what all share, where the file has no column of it. [-]
    shared_deviation : float or None
        Standard deviation of what all measurements of a site share, as an error of the test when new or of the gain of
        its sensors: no number of rows averages it away. 0.005 is ASSUMED, and told, where it is left out. [-]
    soh_resistance_deviation : float or None
        Standard deviation of a measured resistance over that when new; asked where the file has `soh_resistance`. [-]
    independent_days : float
        Rows of a unit within so many days count as one: estimates of one filter err alike. Windows begin at
        commissioning and hold whole days, the first included and the last not. [d]
    own_site : str or None
        Which site of the file is the battery of the study, where there are several.
    is_of_sister_sites : bool
        Whether none of them is: then the models learn, and the battery's own factor stays open.
    """

    path: str
    lived_as: str
    commissioned: dt.date | None = None
    deviation: float | None = None
    shared_deviation: float | None = None
    soh_resistance_deviation: float | None = None
    independent_days: float = 28.0
    own_site: str | None = None
    is_of_sister_sites: bool = False

    def __post_init__(self) -> None:
        """Refuse deviations that are none, and a battery that is and is not among the sites."""
        for name, value, low, high, unit in (
            ("deviation", self.deviation, 1e-4, 0.2, "-"),
            ("shared_deviation", self.shared_deviation, 0.0, 0.2, "-"),
            ("soh_resistance_deviation", self.soh_resistance_deviation, 1e-3, 1.0, "-"),
            ("independent_days", self.independent_days, 1.0, 3650.0, "d"),
        ):
            if value is not None and not low <= value <= high:
                raise InvalidQuantityError(name, value, low, high, unit, where="[telemetry]")
        if self.is_of_sister_sites and self.own_site is not None:
            message = (
                f"[telemetry] own_site = {self.own_site!r} is a site of the file, and is_of_sister_sites says none is"
            )
            raise UsageError(message)

    @property
    def shared_deviation_taken(self) -> float:
        """Standard deviation of what all measurements of a site share, stated or assumed. [-]"""
        return SHARED_DEVIATION_ASSUMED if self.shared_deviation is None else self.shared_deviation


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MeasuredHealth:
    """Rows of measured health, ordered by site, unit and day.

    Attributes
    ----------
    site, unit : tuple of str
        Name of the site and of the rack (or container) of each row.
    day : ndarray, shape (n_rows,)
        Days since commissioning. [d]
    soh_capacity : ndarray, shape (n_rows,)
        Capacity over that when new. [-]
    deviation : ndarray, shape (n_rows,)
        Its standard deviation. [-]
    soh_resistance : ndarray, shape (n_rows,)
        Resistance over that when new, NaN where it was not measured. [-]
    own_site : str or None
        Site that is the battery of the study; None where all are sisters.
    source : str
        The file, as the user named it.
    is_synthetic : bool
        Whether the file says that it is made up.
    """

    site: tuple[str, ...]
    unit: tuple[str, ...]
    day: FloatArray
    soh_capacity: FloatArray
    deviation: FloatArray
    soh_resistance: FloatArray
    own_site: str | None
    source: str
    is_synthetic: bool

    def __post_init__(self) -> None:
        """Refuse health that cannot be, with its place."""
        if not self.site:
            message = f"{self.source}: no row of measured health; give at least one"
            raise DataError(message)
        if self.own_site is not None and self.own_site not in self.site:
            there = ", ".join(self.sites)
            message = f"{self.source} has no rows of own_site = {self.own_site!r}; its sites are {there}"
            raise UsageError(message)
        self._refuse("days", self.day, 1.0, 20_000.0, "lies before, or on the day of, commissioning, or far beyond")
        self._refuse(
            "soh_capacity", self.soh_capacity, 0.05, SOH_CAPACITY_MAX, "is no share of the new capacity: 95 % is 0.95"
        )
        self._refuse("deviation", self.deviation, 1e-4, 0.2, "is no standard deviation of a share: 1 % is 0.01")
        measured = np.where(np.isnan(self.soh_resistance), 1.0, self.soh_resistance)
        self._refuse("soh_resistance", measured, _LOW_RESISTANCE, SOH_RESISTANCE_MAX, "is no multiple of that when new")
        seen: dict[tuple[str, str, float], int] = {}
        for row, key in enumerate(zip(self.site, self.unit, self.day.tolist(), strict=True)):
            if key in seen:
                message = (
                    f"{self.source}: site {key[0]!r}, unit {key[1]!r} has two rows of day {key[2]:g} "
                    f"(capacities {self.soh_capacity[seen[key]]:g} and {self.soh_capacity[row]:g}); keep one"
                )
                raise DataError(message)
            seen[key] = row

    def _refuse(self, name: str, values: FloatArray, low: float, high: float, words: str) -> None:
        wrong = np.flatnonzero(~((values >= low) & (values <= high)))
        if wrong.size:
            row = int(wrong[0])
            message = (
                f"{self.source}: {name} = {values[row]:g} of site {self.site[row]!r}, unit {self.unit[row]!r}, day "
                f"{self.day[row]:g} {words}; {name} lies in [{low:g}, {high:g}]"
            )
            raise DataError(message)

    @property
    def sites(self) -> tuple[str, ...]:
        """Names of the sites, each once."""
        return tuple(dict.fromkeys(self.site))

    @property
    def whose(self) -> str:
        """Say in words whose health was measured."""
        n_sisters = len(self.sites) - (self.own_site is not None)
        if self.own_site is None:
            return f"sister sites ({', '.join(self.sites)}), none of this battery"
        if self.own_site == ONLY_SITE:
            return "this battery"
        if n_sisters == 0:
            return f"site {self.own_site!r}, the one of the file and taken for this battery"
        return f"site {self.own_site!r}, which is this battery, and {n_sisters} sister site{'s' * (n_sisters > 1)}"

    @property
    def n_units(self) -> int:
        """Racks of all sites. [-]"""
        return len(set(zip(self.site, self.unit, strict=True)))

    @property
    def last_day(self) -> float:
        """Days since commissioning of the last row. [d]"""
        return float(self.day.max())

    def rows_of(self, site: str) -> IntArray:
        """Rows of one site."""
        return np.flatnonzero(np.array([each == site for each in self.site])).astype(np.int64)

    def digest_bytes(self) -> bytes:
        """All of it as bytes, for a hash."""
        head = f"|telemetry|{self.site!r}|{self.unit!r}|{self.own_site!r}|".encode()
        return head + b"".join(
            each.tobytes() for each in (self.day, self.soh_capacity, self.deviation, self.soh_resistance)
        )
