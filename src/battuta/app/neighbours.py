"""Neighbouring zones beside prices: by how much they differed yesterday, and how full the lines between them were.

Where two zones clear at one price the line between them had room; where they differ it was full. What was seen of the
delivery day before is laid on the day to forecast: the auction of yesterday was published the day before that.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import time
from types import MappingProxyType

import numpy as np

from battuta.domain.congestion import import_share
from battuta.domain.errors import ClockError, CurrencyError, DataError, UsageError
from battuta.domain.prices import Column, History, PriceSeries
from battuta.domain.publication import LocalTimeRule, PublicationRule
from battuta.domain.time import delivery_days, from_ns
from battuta.forecast.day_table import DayTable
from battuta.numerics.arrays import FloatArray

_NAME = re.compile(r"[a-z][a-z0-9_]*")
_CAPACITY = re.compile(r"import_capacity_(?P<zone>[a-z0-9_]+)_mw")


def with_neighbours(prices: PriceSeries, neighbours: Mapping[str, PriceSeries]) -> PriceSeries:
    """Lay yesterday's spread to each neighbouring zone beside prices.

    The spread of a slot of delivery day d is the price of the neighbour less the own price in that slot of d - 1, as it
    came: positive where the neighbour was dearer. Nothing is filled; only the hour that the clock skips in spring has,
    for the day after, the mean of the hours on either side.

    Parameters
    ----------
    prices : PriceSeries
        Prices of the own zone.
    neighbours : mapping of str to PriceSeries
        Prices of other zones by the name that columns are to have, such as ``ch`` or ``de_lu``.

    Returns
    -------
    PriceSeries
        The same prices with a column ``spread_<name>_per_mwh`` for each neighbour, NaN where a price is missing.

    Raises
    ------
    ClockError
        If one keeps real time and another the benchmark clock, or the delivery days begin at other instants.
    CurrencyError
        If the currencies differ.
    UsageError
        If a name is no word or its column is there already, or invented prices meet recorded ones.
    DataError
        If the intervals differ, no day overlaps, or yesterday's prices are published too late for the gate.

    Examples
    --------
    >>> from battuta.app.prices import synthetic_prices
    >>> joined = with_neighbours(synthetic_prices(1, 3), {"east": synthetic_prices(2, 3)})
    >>> joined.columns["spread_east_per_mwh"].unit, str(joined.columns["spread_east_per_mwh"].rule)
    ('EUR/MWh', 'D-2 12:57 local')
    """
    columns: dict[str, Column] = {}
    for name, neighbour in neighbours.items():
        if not _NAME.fullmatch(name):
            message = f"{name!r} cannot stand in the name of a column; use small letters, digits and _, such as de_lu"
            raise UsageError(message)
        _require_joinable(prices, neighbour, name)
        rule = _rule_of_day_before(f"prices of {name}", prices.gate, prices.rule, neighbour.rule)
        spread = _on_grid(prices, neighbour, name) - prices.price_per_mwh
        unit = f"{prices.currency}/MWh"
        columns[f"spread_{name}_per_mwh"] = Column(values=_of_day_before(prices, spread), unit=unit, rule=rule)
    named = "; ".join(f"{name}: {each.source or 'no source named'}" for name, each in neighbours.items())
    source = f"{prices.source}; neighbours: {named}" if named else prices.source
    return replace(prices, columns=_added(prices, columns), source=source)


def with_import_shares(prices: PriceSeries) -> PriceSeries:
    """Lay beside prices how full each border was yesterday.

    Every pair of columns ``import_capacity_<name>_mw`` and ``scheduled_import_<name>_mw`` gives a column
    ``import_share_<name>``: the share used in that slot of the day before. Capacities published before the gate need
    nothing done: the models look at them as they stand.

    Parameters
    ----------
    prices : PriceSeries
        Prices with such columns.

    Returns
    -------
    PriceSeries
        The same prices with one more column for each pair.

    Raises
    ------
    UsageError
        If there is no pair, or a column of that name is there already.
    InvalidQuantityError
        If an import or a capacity is negative.
    DataError
        If yesterday's values are published too late for the gate.
    """
    columns: dict[str, Column] = {}
    for name, capacity in prices.columns.items():
        found = _CAPACITY.fullmatch(name)
        scheduled = prices.columns.get(f"scheduled_import_{found['zone']}_mw") if found else None
        if found is None or scheduled is None:
            continue
        rule = _rule_of_day_before(f"imports from {found['zone']}", prices.gate, scheduled.rule, capacity.rule)
        share = _of_day_before(prices, import_share(scheduled.values, capacity.values))
        columns[f"import_share_{found['zone']}"] = Column(values=share, unit="-", rule=rule)
    if not columns:
        message = (
            "there is no pair of columns import_capacity_<name>_mw and scheduled_import_<name>_mw; the series has "
            f"{', '.join(prices.columns) or 'none beside the price'}"
        )
        raise UsageError(message)
    return replace(prices, columns=_added(prices, columns))


def _require_joinable(prices: PriceSeries, neighbour: PriceSeries, name: str) -> None:
    if neighbour.clock is not prices.clock:
        message = f"prices of {name} have the clock {neighbour.clock}, the own {prices.clock}; they cannot be joined"
        raise ClockError(message)
    if neighbour.currency != prices.currency:
        message = (
            f"prices of {name} are in {neighbour.currency}, the own in {prices.currency}; state a conversion first"
        )
        raise CurrencyError(message)
    if neighbour.step != prices.step:
        message = f"prices of {name} have intervals of {neighbour.step}, the own of {prices.step}"
        raise DataError(message)
    if neighbour.zone != prices.zone:
        own, other = prices.days(), delivery_days(prices.time_ns, neighbour.zone)
        if not np.array_equal(own.start_ns, other.start_ns):
            message = (
                f"delivery days of {name} begin by the clock of {neighbour.zone}, the own by that of {prices.zone}, "
                "which differ; state the zone whose days the auction of both sells"
            )
            raise ClockError(message)
    if neighbour.is_synthetic and not prices.is_synthetic:
        message = f"prices of {name} are synthetic, the own are recorded; invented prices explain none"
        raise UsageError(message)


def _on_grid(prices: PriceSeries, neighbour: PriceSeries, name: str) -> FloatArray:
    place = np.searchsorted(prices.time_ns, neighbour.time_ns)
    inside = (place < prices.n_times) & (prices.time_ns[np.minimum(place, prices.n_times - 1)] == neighbour.time_ns)
    if not np.any(inside):
        first, last = (f"{from_ns(int(neighbour.time_ns[at])):%Y-%m-%d %H:%M}" for at in (0, -1))
        begin, end = (f"{from_ns(int(prices.time_ns[at])):%Y-%m-%d %H:%M}" for at in (0, -1))
        message = f"prices of {name} cover {first} to {last}, the own {begin} to {end}; no interval is in both"
        raise DataError(message)
    values = np.full(prices.n_times, np.nan)
    values[place[inside]] = neighbour.price_per_mwh[inside]
    return values


def _rule_of_day_before(what: str, gate: time, *rules: PublicationRule) -> LocalTimeRule:
    """When values of the day before are known, the latest of several; refused where that is after the gate."""
    timed = [rule for rule in rules if isinstance(rule, LocalTimeRule) and (rule.day_offset, rule.at) <= (0, gate)]
    if len(timed) < len(rules):
        late = next(rule for rule in rules if rule not in timed)
        message = (
            f"{what} are known at {late}, so that those of the day before come after the gate at {gate:%H:%M}; "
            "give values of an auction that is published before it"
        )
        raise DataError(message)
    latest = max(timed, key=lambda rule: (rule.day_offset, rule.at))
    return LocalTimeRule(day_offset=latest.day_offset - 1, at=latest.at)


def _of_day_before(prices: PriceSeries, values: FloatArray) -> FloatArray:
    """Give each interval the value that the slot had on the delivery day before, NaN on the first day."""
    table = DayTable(History(replace(prices, price_per_mwh=values, columns=MappingProxyType({}))))
    n_days = len(table.dates)
    rows = np.concatenate([np.full((1, table.n_slots), np.nan), table.prices_per_mwh(0, n_days - 1)])
    return np.concatenate([table.on_steps(day, rows[day]) for day in range(n_days)])


def _added(prices: PriceSeries, columns: Mapping[str, Column]) -> Mapping[str, Column]:
    taken = [name for name in columns if name in prices.columns]
    if taken:
        message = f"there is a column {taken[0]} already; give this neighbour another name"
        raise UsageError(message)
    return MappingProxyType({**prices.columns, **columns})
