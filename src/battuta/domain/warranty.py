"""A warranty as data: promises, conditions and damages that do not contradict each other."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import combinations, pairwise

import numpy as np

from battuta.domain.errors import DataError, InvalidQuantityError
from battuta.domain.warranty_terms import (
    EXACTNESS,
    DoubtBearer,
    LiquidatedDamages,
    Performance,
    SohGuarantee,
    UseLimits,
    Window,
    WindowQuantity,
    YearKind,
    rises,
)

_RATES = (WindowQuantity.CHARGE_RATE, WindowQuantity.DISCHARGE_RATE)
_ALSO = (
    {WindowQuantity.SOC, WindowQuantity.RESTING_SOC},
    {WindowQuantity.TEMPERATURE, WindowQuantity.CHARGING_TEMPERATURE},
)
"""Quantities of which the second is the first too, while the battery rests or is charged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Warranty:
    """A warranty.

    Attributes
    ----------
    name : str
        What it is called.
    source : str
        Where its figures come from.
    is_assumed : bool
        Whether it is an assumption, and no contract that anybody signed.
    years : int
        Term; nothing after it is judged. [year]
    currency : str
        ISO 4217 code of the damages.
    year_kind : YearKind
        Which years limits by year count.
    rest_c_rate_max : float
        Rate up to which the battery rests. [1/h]
    gap_minutes : float
        Longest time between two records that is not missing telemetry. [min]
    breach_voids : bool
        Whether a broken condition ends the supplier's promises from that year on.
    soh : SohGuarantee or None
        Promise on capacity.
    performance : Performance
        Other promises.
    use : UseLimits
        Limits of use.
    windows : tuple of Window
        Limits of state of charge, temperature and rate.
    damages : LiquidatedDamages
        What broken promises cost the supplier.
    """

    name: str
    source: str
    is_assumed: bool
    years: int
    currency: str
    year_kind: YearKind = YearKind.CONTRACT
    rest_c_rate_max: float = 0.01
    gap_minutes: float = 15.0
    breach_voids: bool = True
    soh: SohGuarantee | None = None
    performance: Performance = field(default_factory=Performance)
    use: UseLimits = field(default_factory=UseLimits)
    windows: tuple[Window, ...] = ()
    damages: LiquidatedDamages = field(default_factory=LiquidatedDamages)

    def __post_init__(self) -> None:
        """Refuse a warranty that contradicts itself; every line that does is named.

        Raises
        ------
        InvalidQuantityError
            If a number is out of range.
        DataError
            If two lines cannot both hold.
        """
        if not 1 <= self.years <= 100:
            raise InvalidQuantityError("years", self.years, 1, 100, "years")
        if not self.gap_minutes > 0.0:
            raise InvalidQuantityError("gap_minutes", self.gap_minutes, 0.0, math.inf, "min", above_low=True)
        if not self.rest_c_rate_max >= 0.0:
            raise InvalidQuantityError("rest_c_rate_max", self.rest_c_rate_max, 0.0, math.inf, "1/h")
        found = (*_floors(self), *_bands(self), *_limits(self), *_windows(self), *_payments(self))
        if found:
            lines = "\n".join(f"  - {each}" for each in found)
            message = f"warranty {self.name!r} contradicts itself; mend one line of each pair:\n{lines}"
            raise DataError(message)


def _floors(warranty: Warranty) -> Iterator[str]:
    if warranty.soh is None:
        return
    protocol = warranty.soh.protocol
    if protocol.temperature_c_min > protocol.temperature_c_max:
        lowest, highest = protocol.temperature_c_min, protocol.temperature_c_max
        yield f"soh.protocol.temperature_c_min = {lowest:g} is above soh.protocol.temperature_c_max = {highest:g}"
    for i, each in enumerate(warranty.windows):
        low, high = max(each.low, protocol.temperature_c_min), min(each.high, protocol.temperature_c_max)
        if each.quantity is WindowQuantity.TEMPERATURE and low > high and each.low < each.high:
            yield (
                f"soh.protocol.temperature_c_min, soh.protocol.temperature_c_max and windows.{i}.low, "
                f"windows.{i}.high ({each.name}) leave no temperature at which health may be measured"
            )
    for i, band in enumerate(warranty.soh.bands):
        key = f"soh.bands.{i}.floor"
        for year, soh in rises(band.floor):
            yield f"{key}: year {year:g} at {soh:g} comes after a lower floor or a later year; a floor falls with years"
        if band.floor[-1][0] > warranty.years:
            yield f"{key}: year {band.floor[-1][0]:g} lies after the end of the term, years = {warranty.years}"
        highest = max(soh for _, soh in band.floor)
        if warranty.soh.doubt_borne_by is DoubtBearer.SUPPLIER and highest + warranty.soh.tolerance > 1.0 + EXACTNESS:
            yield (
                f"{key} and soh.tolerance: a new battery, less {warranty.soh.tolerance:g}, would lie below {highest:g}"
            )


def _bands(warranty: Warranty) -> Iterator[str]:
    if warranty.soh is None:
        return
    bands = warranty.soh.bands
    if bands[0].full_cycles_per_year_min > 0.0:
        yield f"soh.bands.0.full_cycles_per_year_min = {bands[0].full_cycles_per_year_min:g}: calmer use has no floor"
    for i, band in enumerate(bands):
        low, high = band.full_cycles_per_year_min, band.full_cycles_per_year_max
        if low >= high:
            key = f"soh.bands.{i}.full_cycles_per_year_min"
            yield f"{key} = {low:g} is not below soh.bands.{i}.full_cycles_per_year_max = {high:g}"
    for i, (calm, busy) in enumerate(pairwise(bands)):
        end, begin = calm.full_cycles_per_year_max, busy.full_cycles_per_year_min
        keys = (
            f"soh.bands.{i}.full_cycles_per_year_max = {end:g}, soh.bands.{i + 1}.full_cycles_per_year_min = {begin:g}"
        )
        if begin != end:
            yield f"{keys}: the bands {'overlap' if begin < end else 'leave use between them without a floor'}"
        year = np.unique([each[0] for each in (*calm.floor, *busy.floor)])
        less, more = calm.at(year, warranty.soh.between), busy.at(year, warranty.soh.between)
        wrong = np.flatnonzero(more > less + EXACTNESS)
        if wrong.size and not (rises(calm.floor) or rises(busy.floor)):
            key, at = f"soh.bands.{i + 1}.floor and soh.bands.{i}.floor", int(wrong[0])
            yield f"{key}: year {year[at]:g} promises more ({more[at]:g}) for more use than for less ({less[at]:g})"


def _limits(warranty: Warranty) -> Iterator[str]:
    use = warranty.use
    yearly = use.full_cycles_per_year_max
    if yearly < use.full_cycles_per_day_max < math.inf:
        yield (
            f"use.full_cycles_per_day_max = {use.full_cycles_per_day_max:g} is more than a whole year may have, "
            f"use.full_cycles_per_year_max = {yearly:g}"
        )
    if math.isfinite(yearly):
        for name in ("full_cycles_max", "discharged_mwh_per_mwh_max"):
            cap: float = getattr(use, name)
            if cap < yearly:
                yield f"use.{name} = {cap:g} is less than one year allows, use.full_cycles_per_year_max = {yearly:g}"
    if warranty.soh is not None and math.isfinite(yearly):
        i, highest = len(warranty.soh.bands) - 1, warranty.soh.bands[-1].full_cycles_per_year_max
        if yearly > highest:
            key = f"soh.bands.{i}.full_cycles_per_year_max"
            yield f"use.full_cycles_per_year_max = {yearly:g} allows use for which {key} = {highest:g} promises nothing"


def _windows(warranty: Warranty) -> Iterator[str]:
    for i, each in enumerate(warranty.windows):
        if not each.low < each.high:
            yield f"windows.{i}.low = {each.low:g} is not below windows.{i}.high = {each.high:g} ({each.name})"
        if each.quantity in _RATES and 0.0 < each.low < math.inf:
            yield f"windows.{i}.low = {each.low:g} ({each.name}): no battery has a {each.quantity.value} above 0 always"
        if math.isinf(each.low) and math.isinf(each.high):
            yield f"windows.{i} ({each.name}) has neither low nor high"
    for (i, one), (j, two) in combinations(enumerate(warranty.windows), 2):
        if one.name == two.name:
            yield f"windows.{i}.name and windows.{j}.name are both {one.name!r}"
        is_same = one.quantity is two.quantity or {one.quantity, two.quantity} in _ALSO
        if is_same and max(one.low, two.low) > min(one.high, two.high):
            kept = one.quantity.value if one.quantity is two.quantity else f"{one.quantity.value}, {two.quantity.value}"
            yield (
                f"windows.{i}.low, windows.{i}.high = {one.low:g}, {one.high:g} and windows.{j}.low, windows.{j}.high "
                f"= {two.low:g}, {two.high:g} leave no {kept} that keeps both"
            )


def _payments(warranty: Warranty) -> Iterator[str]:
    damages, performance = warranty.damages, warranty.performance
    if math.isfinite(damages.cap_per_year) and damages.cap_per_year > damages.cap:
        yield f"damages.cap_per_year = {damages.cap_per_year:g} is above damages.cap = {damages.cap:g}"
    if damages.capacity_per_mwh > 0.0 and warranty.soh is None:
        yield "damages.capacity_per_mwh pays for a floor that no [soh] promises"
    if damages.unavailable_per_year > 0.0 and math.isnan(performance.availability_min):
        yield "damages.unavailable_per_year pays for what performance.availability_min does not promise"
    if damages.loss_per_mwh > 0.0 and math.isnan(performance.round_trip_efficiency_min):
        yield "damages.loss_per_mwh pays for what performance.round_trip_efficiency_min does not promise"
