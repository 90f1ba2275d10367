"""A table of health that the asker of a study gives as an ageing model: measured, promised, or a warranty's."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from battuta.domain.errors import InvalidQuantityError, UsageError

if TYPE_CHECKING:
    from battuta.domain.warranty import Warranty

_GAP_MAX, _WARRANTY_GAP_MAX = 0.1, 0.02
"""How far a law may be let off a table, and off a floor, whose corners are a contract's and not a cell's. [-]"""
_RANGES = (
    ("years", 0.0, 1000.0, "a"),
    ("full_cycles", 0.0, 1e9, "-"),
    ("soh_capacity", 0.0, 1.0, "-"),
    ("depth", 0.01, 1.0, "-"),
    ("temperature_c", -40.0, 80.0, "degC"),
)
"""Where each point may lie: a wrong point is told as itself, not by the order that it upsets."""
_POINTS = tuple(name for name, *_ in _RANGES)


@dataclass(frozen=True, slots=True, kw_only=True)
class AgeingTable:
    """Health by age or by full cycles; two tables of one name, one by each, are losses that add up.

    Attributes
    ----------
    name : str
        Name by which the weights ask for it.
    path : str or None
        File of the points, as the study names it, with columns named like the lists below; in place of them.
    is_warranty : bool
        Take the floor that the study's own warranty promises, of the band that holds `full_cycles_per_year`, or of the
        calmest; in place of points.
    years : tuple of float
        Age of each point. [a]
    full_cycles : tuple of float
        Equivalent full cycles of each point, in place of `years`. [-]
    soh_capacity : tuple of float
        Capacity left at each point, over that when new. [-]
    depth : tuple of float
        Range of the state of charge of the cycles behind each point; needs `full_cycles`. [-]
    temperature_c : tuple of float
        Cell temperature behind each point. [degC]
    full_cycles_per_year : float or None
        Usage for which a table by years holds: it then ages by cycles. None: by time alone. [1/a]
    calendar_share : float or None
        Share of each loss of such a table that time takes whatever the usage. [-]
    rate_deviation_share : float
        Standard deviation of the logarithm of its rate, as the asker ASSUMES it. [-]
    gap_max : float or None
        How far the law may lie off a point; None: half a point of capacity, or two for a warranty's floor. [-]
    family : str
        Kind of cell that it was taken from, where another model speaks of the same.
    """

    name: str
    path: str | None = None
    is_warranty: bool = False
    years: tuple[float, ...] = ()
    full_cycles: tuple[float, ...] = ()
    soh_capacity: tuple[float, ...] = ()
    depth: tuple[float, ...] = ()
    temperature_c: tuple[float, ...] = ()
    full_cycles_per_year: float | None = None
    calendar_share: float | None = None
    rate_deviation_share: float = 0.0
    gap_max: float | None = None
    family: str = ""

    def __post_init__(self) -> None:
        """Refuse tables that come from two places or none, and lists that do not fit."""
        if not self.name.strip():
            message = "[[ageing.table]] has no name; give it one, and name it in [ageing.weights]"
            raise UsageError(message)
        given = [name for name in _POINTS if getattr(self, name)]
        sources = (self.path is not None) + self.is_warranty + bool(given)
        if sources != 1:
            message = (
                f"{self.where}: points come from one place: path, is_warranty = true, or the lists soh_capacity and "
                f"years (or full_cycles); it names {sources} of them"
            )
            raise UsageError(message)
        if not 0.0 <= self.rate_deviation_share <= 1.0:
            raise InvalidQuantityError(
                "rate_deviation_share", self.rate_deviation_share, 0.0, 1.0, "-", where=self.where
            )
        if self.gap_max is not None and not 0.0 < self.gap_max <= _GAP_MAX:
            raise InvalidQuantityError("gap_max", self.gap_max, 0.0, _GAP_MAX, "-", where=self.where, above_low=True)
        if given:
            self._refuse_points(given)

    @property
    def where(self) -> str:
        """How errors name it."""
        return f"[[ageing.table]] {self.name}"

    @property
    def has_points(self) -> bool:
        """Whether its points stand in it, and not elsewhere."""
        return bool(self.soh_capacity)

    @property
    def is_graded(self) -> bool:
        """Whether it tells depths or temperatures apart, or counts cycles."""
        return bool(self.full_cycles or self.depth or self.temperature_c)

    def with_points(self, **points: tuple[float, ...]) -> AgeingTable:
        """The same table with its points in it; raises UsageError as the table itself."""
        return replace(self, path=None, is_warranty=False, **points)

    def _refuse_points(self, given: list[str]) -> None:
        if not self.soh_capacity or bool(self.years) == bool(self.full_cycles):
            message = f"{self.where}: give soh_capacity and either years or full_cycles; it has {', '.join(given)}"
            raise UsageError(message)
        sizes = {name: len(getattr(self, name)) for name in given}
        if len(set(sizes.values())) > 1:
            said = ", ".join(f"{name} {size}" for name, size in sizes.items())
            message = f"{self.where}: its lists differ in length ({said}); give one value for each point"
            raise UsageError(message)
        if self.depth and not self.full_cycles:
            message = f"{self.where}: depth is that of cycles; give full_cycles in place of years"
            raise UsageError(message)
        if self.is_graded and (self.full_cycles_per_year is not None or self.calendar_share is not None):
            message = (
                f"{self.where}: full_cycles_per_year and calendar_share read a plain table by years; leave them out, "
                "and give a second table of the same name for what time takes"
            )
            raise UsageError(message)
        for name, low, high, unit in _RANGES:
            values: tuple[float, ...] = getattr(self, name)
            for each in values:
                if not low <= each <= high:
                    raise InvalidQuantityError(name, each, low, high, unit, where=self.where)


def warranty_points(table: AgeingTable, warranty: Warranty | None) -> AgeingTable:
    """A table that asks for the warranty's floor, with that floor's points in it; another is given back as it is.

    Parameters
    ----------
    table : AgeingTable
        The table.
    warranty : Warranty or None
        The study's warranty.

    Returns
    -------
    AgeingTable
        The table with points.

    Raises
    ------
    UsageError
        If there is no warranty, it promises no health, or promises none for that usage.
    """
    if not table.is_warranty:
        return table
    if warranty is None or warranty.soh is None:
        lacks = "no [warranty]" if warranty is None else f"warranty {warranty.name!r}, which promises no health"
        message = f"{table.where}: is_warranty asks for a promised floor, and the study has {lacks}; give points"
        raise UsageError(message)
    bands, usage = warranty.soh.bands, table.full_cycles_per_year
    held = bands[:1] if usage is None else [each for each in bands if usage <= each.full_cycles_per_year_max]
    if not held:
        message = (
            f"{table.where}: warranty {warranty.name!r} promises no health for {usage:g} full cycles a year, at most "
            f"for {bands[-1].full_cycles_per_year_max:g}; ask for less"
        )
        raise UsageError(message)
    years, floors = np.array([each for each in held[0].floor if each[0] > 0.0], dtype=np.float64).T
    gap_max = _WARRANTY_GAP_MAX if table.gap_max is None else table.gap_max
    return replace(table.with_points(years=tuple(years.tolist()), soh_capacity=tuple(floors.tolist())), gap_max=gap_max)
