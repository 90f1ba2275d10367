"""Curves of health at several depths or temperatures as one ageing law: one shape, and a rate for each of them.

A cycle at some depth and temperature counts as so many cycles of the first curve; days and cycles of different kinds
then simply add. Between curves the logarithm of the rate is straight, beyond them it is held.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import TypeAlias

import numpy as np

from battuta.domain.ageing_table import AgeingTable
from battuta.domain.errors import DataError
from battuta.numerics.arrays import FloatArray
from battuta.physics.ageing.ageing_term import AgedQuantity, AgeingTerm, TermKind
from battuta.physics.ageing.card import ModelCard, ValidityRange
from battuta.physics.ageing.duty_days import DutyDays
from battuta.physics.ageing.table_law import (
    EXPONENTS,
    GAP_MAX,
    NOTHING,
    YEAR_DAYS,
    refuse_what_does_not_fall,
    weights_of_powers,
)

_Curve: TypeAlias = tuple[FloatArray, FloatArray]
"""Units, days or cycles, and what is lost by each."""
_ROUNDS = 4
_LOG_RATE_MAX = 5.0
_PLACES = 401
"""Rates that are tried in each round, over a span that becomes narrower: from e^-5 to e^5 down to 1e-6 of it."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class GradedTable:
    """Curves as a law.

    Attributes
    ----------
    name : str
        Name that the user gave.
    card : ModelCard
        What it is worth, with the gap between law and points.
    terms : tuple of AgeingTerm
        One for each power.
    per_unit : ndarray, shape (n_terms,)
        What a day, or a full cycle, of the first curve adds to each term. [-]
    by_cycles : bool
        Whether cycles age it; time does otherwise.
    depth, temperature_c : ndarray, shape (n_depths,), (n_temperatures,)
        Of the curves, ascending; one alone where they do not tell it. [-], [degC]
    log_rate : ndarray, shape (n_depths, n_temperatures)
        Logarithm of each curve's rate over that of the first. [-]
    is_for_optimiser : bool
        Whether more harm never costs less: it knows depths, and its rate falls with neither depth nor temperature.
    """

    name: str
    card: ModelCard
    terms: tuple[AgeingTerm, ...]
    per_unit: FloatArray
    by_cycles: bool
    depth: FloatArray
    temperature_c: FloatArray
    log_rate: FloatArray

    @property
    def is_for_optimiser(self) -> bool:
        """Whether more harm never costs less."""
        rises = all(np.all(np.diff(self.log_rate, axis=axis) >= 0.0) for axis in (0, 1))
        return rises and (self.depth.size > 1 if self.by_cycles else self.temperature_c.size > 1)

    @property
    def n_slots(self) -> int:
        """One a term."""
        return len(self.terms)

    def stresses(self, duty: DutyDays) -> FloatArray:
        """Stress of each day, shape (n_days, n_slots)."""
        if self.by_cycles:
            day_c = duty.temperature_c.mean(axis=1)[duty.cycle_day]
            units = duty.sum_by_day(self.rate(duty.cycle_depth, day_c) * duty.cycle_full_cycles())
        else:
            units = self.rate(np.ones_like(duty.temperature_c), duty.temperature_c).mean(axis=1)
        return units[:, np.newaxis] * self.per_unit

    def rate(self, depth: FloatArray, temperature_c: FloatArray) -> FloatArray:
        """Rate over that of the first curve.

        Parameters
        ----------
        depth, temperature_c : ndarray, shape (...)
            Depth of a cycle [-] and cell temperature [degC].

        Returns
        -------
        ndarray, shape (...)
            Rates. [-]
        """
        i, x = _place(self.depth, depth)
        j, y = _place(self.temperature_c, temperature_c)
        i_up, j_up = np.minimum(i + 1, self.depth.size - 1), np.minimum(j + 1, self.temperature_c.size - 1)
        low = (1.0 - y) * self.log_rate[i, j] + y * self.log_rate[i, j_up]
        high = (1.0 - y) * self.log_rate[i_up, j] + y * self.log_rate[i_up, j_up]
        return np.exp((1.0 - x) * low + x * high)


def graded_table(table: AgeingTable) -> GradedTable:
    """Make a law of curves.

    Parameters
    ----------
    table : AgeingTable
        Points of all curves, in any order.

    Returns
    -------
    GradedTable
        The law.

    Raises
    ------
    DataError
        If a curve is none of ageing, one of a depth and a temperature is missing, or one shape with a rate for each
        comes no nearer than half a point.

    Examples
    --------
    >>> law = graded_table(AgeingTable(name="maker", full_cycles=(4000.0, 8000.0), soh_capacity=(0.85, 0.7)))
    >>> [each.name for each in law.terms]
    ['capacity_cycle_0.25', 'capacity_cycle_8']
    """
    depth, temperature_c, curves = _curves(table)
    logs, weights, gap, worst = _fitted(curves)
    gap_max = GAP_MAX if table.gap_max is None else table.gap_max
    if gap > gap_max:
        at = list(product(depth.tolist(), temperature_c.tolist()))[worst]
        message = (
            f"{table.where}: one shape with a rate for each curve comes no nearer than {100.0 * gap:.2f} points of "
            f"capacity (allowed {100.0 * gap_max:g}), at depth {at[0]:g} and {at[1]:g} degC; smooth the points, or "
            "give curves of different shapes as models of their own"
        )
        raise DataError(message)
    unit_last = max(float(units[-1]) * np.exp(log) for log, (units, _) in zip(logs, curves, strict=True))
    by_cycles = bool(table.full_cycles)
    kept = [
        (exponent, weight) for exponent, weight in zip(EXPONENTS, weights.tolist(), strict=True) if weight > NOTHING
    ]
    cause = "cycle" if by_cycles else "calendar"
    return GradedTable(
        name=table.name,
        card=_card(table, curves, gap),
        terms=tuple(
            AgeingTerm(
                name=f"capacity_{cause}_{exponent:g}",
                quantity=AgedQuantity.CAPACITY,
                kind=TermKind.POWER,
                exponent=exponent,
                slot=slot,
                cause=cause,
            )
            for slot, (exponent, _) in enumerate(kept)
        ),
        per_unit=np.array([weight ** (1.0 / exponent) / unit_last for exponent, weight in kept])
        / (1.0 if by_cycles else YEAR_DAYS),
        by_cycles=by_cycles,
        depth=depth,
        temperature_c=temperature_c,
        log_rate=np.array(logs).reshape(depth.size, temperature_c.size),
    )


def _curves(table: AgeingTable) -> tuple[FloatArray, FloatArray, list[_Curve]]:
    """Depths, temperatures, and units and losses of the curve of each pair."""
    soh = np.array(table.soh_capacity)
    units = np.array(table.full_cycles or table.years)
    depth_of, temperature_of = np.array(table.depth or (1.0,)), np.array(table.temperature_c or (25.0,))
    depth_of, temperature_of = np.broadcast_to(depth_of, soh.shape), np.broadcast_to(temperature_of, soh.shape)
    depth, temperature_c = np.unique(depth_of), np.unique(temperature_of)
    curves: list[_Curve] = []
    for deep, warm in product(depth.tolist(), temperature_c.tolist()):
        own = np.flatnonzero((depth_of == deep) & (temperature_of == warm) & (units > 0.0))
        place = f"{table.where}, depth {deep:g} at {warm:g} degC" if table.is_graded else table.where
        if own.size == 0:
            message = f"{place}: no point above 0; give a curve for each pair of a depth and a temperature"
            raise DataError(message)
        own = own[np.argsort(units[own], kind="stable")]
        _refuse_curve(place, units[own], soh[own])
        curves.append((units[own], 1.0 - soh[own]))
    new = (units == 0.0) & (soh != 1.0)
    if new.any() or np.any(units < 0.0) or not np.all(np.isfinite(units)) or not np.all(np.isfinite(soh)):
        message = f"{table.where}: ages are 0 or more, and a new battery has soh_capacity 1; mend the points"
        raise DataError(message)
    return depth, temperature_c, curves


def _refuse_curve(place: str, units: FloatArray, soh: FloatArray) -> None:
    if np.any(np.diff(units) <= 0.0):
        at = float(units[1:][np.diff(units) <= 0.0][0])
        message = f"{place}: two points at {at:g}; keep one"
        raise DataError(message)
    refuse_what_does_not_fall(place, soh, [f"{each:g}" for each in units])


def _fitted(curves: list[_Curve]) -> tuple[list[float], FloatArray, float, int]:
    """Logarithm of each curve's rate, weights of the powers at the last unit, largest gap and the curve that has it."""
    logs, found = _first_logs(curves), list[tuple[float, list[float], FloatArray, int]]()
    lost = np.concatenate([each[1] for each in curves])
    for _ in range(_ROUNDS if len(curves) > 1 else 1):
        scaled = np.concatenate([np.exp(log) * each[0] for log, each in zip(logs, curves, strict=True)])
        last = float(scaled.max())
        weights, _ = weights_of_powers(scaled / last, lost)
        gaps = [_gap(each, weights, last, np.array([log]))[0] for log, each in zip(logs, curves, strict=True)]
        found.append((float(max(gaps)), logs, weights, int(np.argmax(gaps))))
        logs = [0.0, *(_rate_of(each, weights, last) for each in curves[1:])]
    gap, logs, weights, worst = min(found, key=lambda each: each[0])
    return logs, weights, gap, worst


def _first_logs(curves: list[_Curve]) -> list[float]:
    """Logarithm of each curve's rate were all curves one power, by least squares of the logarithms."""
    points = [(np.log(units[lost > 0.0]), np.log(lost[lost > 0.0])) for units, lost in curves]
    means = [(float(x.mean()), float(y.mean())) for x, y in points]
    wide = sum(float(((x - own[0]) ** 2).sum()) for (x, _), own in zip(points, means, strict=True))
    steep = sum(float(((x - own[0]) * (y - own[1])).sum()) for (x, y), own in zip(points, means, strict=True))
    power = float(np.clip(steep / wide if wide > 0.0 else 1.0, EXPONENTS[0], EXPONENTS[-1]))
    levels = [y / power - x for x, y in means]
    return [each - levels[0] for each in levels]


def _rate_of(curve: _Curve, weights: FloatArray, last: float) -> float:
    """Logarithm of the rate with which a shape comes nearest to a curve."""
    middle, half = float(np.log(last / curve[0][-1])), _LOG_RATE_MAX
    for _ in range(4):
        tried = middle + np.linspace(-half, half, _PLACES)
        middle = float(tried[np.argmin(_gap(curve, weights, last, tried))])
        half *= 4.0 / _PLACES
    return middle


def _gap(curve: _Curve, weights: FloatArray, last: float, logs: FloatArray) -> FloatArray:
    """Largest distance of a curve to a shape at several rates, shape (n_rates,). [-]"""
    units, lost = curve
    age = np.exp(logs)[:, np.newaxis] * units / last
    kept = weights > NOTHING
    found = (age[..., np.newaxis] ** np.array(EXPONENTS)[kept]) @ weights[kept]
    return np.abs(found - lost).max(axis=1)


def _place(nodes: FloatArray, value: FloatArray) -> tuple[np.ndarray[tuple[int, ...], np.dtype[np.int64]], FloatArray]:
    """Node before each value, and the way to the next; held beyond the ends."""
    if nodes.size == 1:
        return np.zeros(value.shape, dtype=np.int64), np.zeros(value.shape)
    at = np.clip(np.searchsorted(nodes, value, side="right") - 1, 0, nodes.size - 2).astype(np.int64)
    return at, np.clip((value - nodes[at]) / (nodes[at + 1] - nodes[at]), 0.0, 1.0)


def _card(table: AgeingTable, curves: list[_Curve], gap: float) -> ModelCard:
    sides: list[ValidityRange] = []
    longest = max(float(units[-1]) for units, _ in curves)
    if table.full_cycles:
        sides.append(ValidityRange(name="full_cycles", low=0.0, high=longest, unit="-"))
    else:
        sides.append(ValidityRange(name="duration_days", low=0.0, high=longest * YEAR_DAYS, unit="d"))
    if table.depth:
        sides.append(ValidityRange(name="depth", low=min(table.depth), high=max(table.depth), unit="-"))
    if table.temperature_c:
        low, high = min(table.temperature_c), max(table.temperature_c)
        sides.append(ValidityRange(name="temperature_c", low=low, high=high, unit="degC"))
    usage, other = ("full cycles", "time") if table.full_cycles else ("time", "cycles")
    unknown = [
        word
        for word, is_known in (("temperature", table.temperature_c), ("depth", table.depth or table.years))
        if not is_known
    ]
    return ModelCard(
        name=table.name,
        fitted_on=f"a table given by the user, not verified, by {usage}: {len(curves)} curves of one shape",
        validity=tuple(sides),
        accuracy=(f"meets the table within {100.0 * gap:.2f} points of capacity",),
        limits=(
            f"it knows no ageing by {other}, unless a second table of its name tells it",
            *(f"it knows no {each}" for each in unknown),
            "beyond its curves a rate is held; it knows neither the state of charge of rest nor the rate of current",
            "no resistance; beyond its last points the powers go on",
        ),
        citations=("the user's table",),
        family=table.family,
    )
