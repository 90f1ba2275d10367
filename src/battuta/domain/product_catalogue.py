"""Grid services by name and day: their response law, the energy that they reserve, and how sure each figure is.

Products are dated data files. A figure is *verified* when it was read in an operator's or a regulator's text,
*recorded* when it was noted from such a text and not read again, *unverified* otherwise: usable in a study that says
so, never in a claim.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from battuta.domain import catalogue
from battuta.domain.errors import DataError, UsageError
from battuta.domain.response_law import Droop, ResponseLaw, TriggeredStep

if TYPE_CHECKING:
    from collections.abc import Mapping

    from battuta.domain.catalogue import Toml

STATUSES: Final = ("verified", "recorded", "unverified")
_FOLDER = "products"


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponseProduct:
    """One version of a grid service that a battery answers by itself.

    Attributes
    ----------
    name, title, market : str
        Name of its data file, what people call it, where it is bought.
    valid_from : date
        First day of this version.
    source : str
        Where its figures were read.
    law : Droop or TriggeredStep
        Response per unit of the awarded power.
    reserve_minutes : float
        Minutes of full power reserved in each direction sold. [min]
    energy_rule, recovery_rule : str
        The two rules in words.
    power_factor : float
        Rated power needed per unit sold in the direction sold. [-]
    opposite_power_share : float
        Power needed in the other direction, per unit sold, to bring energy back. [-]
    recovery_share, recovery_minutes : float
        Share of the reserved energy that must be brought back, and within how long; NaN where there is no such rule.
        [-], [min]
    minimum_power_mw : float
        Smallest bid; NaN where not known. [MW]
    sample_s : float
        Time between the samples by which it is judged; NaN where not known. [s]
    statuses : Mapping of str to str
        Status of each figure by its name in the file; those of the law begin with ``law.``.
    """

    name: str
    title: str
    market: str
    valid_from: date
    source: str
    law: ResponseLaw
    reserve_minutes: float
    energy_rule: str
    recovery_rule: str = ""
    power_factor: float = 1.0
    opposite_power_share: float = 0.0
    recovery_share: float = math.nan
    recovery_minutes: float = math.nan
    minimum_power_mw: float = math.nan
    sample_s: float = math.nan
    statuses: Mapping[str, str]

    @property
    def unverified(self) -> tuple[str, ...]:
        """Names of the figures that nobody read at a source, sorted."""
        return tuple(sorted(name for name, status in self.statuses.items() if status == "unverified"))


def products() -> tuple[str, ...]:
    """Names of all products, sorted.

    Examples
    --------
    >>> "gb_dc" in products()
    True
    """
    return catalogue.names("domain", _FOLDER)


def versions(name: str) -> tuple[ResponseProduct, ...]:
    """Every version of a product, oldest first.

    Parameters
    ----------
    name : str
        One of `products`.

    Returns
    -------
    tuple of ResponseProduct
        Its versions by ``valid_from``.

    Raises
    ------
    UsageError
        If there is no such product.
    DataError
        If its file lacks a figure or a status.
    """
    table = catalogue.table("domain", _FOLDER, name)
    found = [_version(_Figures(name, table), _Figures(name, each)) for each in _tables(name, table, "version")]
    return tuple(sorted(found, key=lambda each: each.valid_from))


def product(name: str, on: date) -> ResponseProduct:
    """Return the version of a product that is in force on a day.

    Parameters
    ----------
    name : str
        One of `products`.
    on : date
        Day of delivery.

    Returns
    -------
    ResponseProduct
        The version with the latest ``valid_from`` that is not after the day.

    Raises
    ------
    UsageError
        If there is no such product, or its first version begins later.

    Examples
    --------
    >>> product("gb_dc", on=date(2026, 1, 1)).reserve_minutes
    15.0
    """
    known = versions(name)
    in_force = [each for each in known if each.valid_from <= on]
    if not in_force:
        message = f"product {name!r} begins on {known[0].valid_from}; asked for {on}"
        raise UsageError(message)
    return in_force[-1]


def reserved_energy_kwh(product: ResponseProduct, power_kw: float) -> float:
    """Energy that must stand ready in each direction sold.

    Parameters
    ----------
    product : ResponseProduct
        The service.
    power_kw : float
        Power sold, >= 0. [kW]

    Returns
    -------
    float
        Energy at the meter; losses are the reader's. [kWh]

    Examples
    --------
    >>> reserved_energy_kwh(product("gb_dc", on=date(2026, 1, 1)), 1000.0)
    250.0
    """
    held_s = product.law.full_time_s if isinstance(product.law, TriggeredStep) else 0.0  # it is held so much longer
    return power_kw * (product.reserve_minutes / 60.0 + held_s / 3600.0)


def reserved_power_kw(product: ResponseProduct, power_kw: float) -> tuple[float, float]:
    """Power that must stand ready up and down, the opposite side as the product asks for it.

    Parameters
    ----------
    product : ResponseProduct
        The service.
    power_kw : float
        Power sold, >= 0. [kW]

    Returns
    -------
    up_kw, down_kw : float
        Magnitudes. [kW]

    Examples
    --------
    >>> on = date(2026, 1, 1)
    >>> reserved_power_kw(product("ce_fcr", on=on), 100.0), reserved_power_kw(product("nordic_fcr_d_up", on=on), 100.0)
    ((100.0, 100.0), (100.0, 20.0))
    """
    is_up, is_down = directions(product)
    opposite_kw = product.opposite_power_share * power_kw
    return power_kw if is_up else opposite_kw, power_kw if is_down else opposite_kw


def directions(product: ResponseProduct) -> tuple[bool, bool]:
    """Whether a product asks for power up (discharge), and down.

    Examples
    --------
    >>> directions(product("nordic_ffr_49_7", on=date(2026, 1, 1)))
    (True, False)
    """
    law = product.law
    if isinstance(law, TriggeredStep):
        return law.direction > 0, law.direction < 0
    return max(law.points_pu) > 0.0, min(law.points_pu) < 0.0


def recovery_power_kw(product: ResponseProduct, power_kw: float) -> float:
    """Power with which a product lets spent energy be brought back.

    Parameters
    ----------
    product : ResponseProduct
        The service.
    power_kw : float
        Power sold, >= 0. [kW]

    Returns
    -------
    float
        What brings the share of the energy back in the time that the rule states; else the power kept beyond what is
        sold; 0 where the product has neither rule. [kW]

    Examples
    --------
    >>> recovery_power_kw(product("gb_dc", on=date(2026, 1, 1)), 1000.0)
    100.0
    >>> recovery_power_kw(product("nordic_fcr_d_up", on=date(2026, 1, 1)), 1000.0)
    200.0
    """
    if product.recovery_share > 0.0:
        return product.recovery_share * reserved_energy_kwh(product, power_kw) * 60.0 / product.recovery_minutes
    return power_kw * max(product.opposite_power_share, product.power_factor - 1.0)


class _Figures:
    """Reads figures of one table and keeps the status of each."""

    def __init__(self, where: str, table: dict[str, Toml]) -> None:
        self.where = where
        self.table = table
        self.statuses: dict[str, str] = {}

    def text(self, key: str, default: str | None = None) -> str:
        found = self.table.get(key, default)
        if not isinstance(found, str):
            raise self._wrong(key, "a text")
        return found

    def day(self, key: str) -> date:
        found = self._figure(key, None)
        try:
            return date.fromisoformat(str(found))
        except ValueError:
            raise self._wrong(key, "a day such as 2026-01-31") from None

    def number(self, key: str, default: float | None = None) -> float:
        found = self._figure(key, default)
        if isinstance(found, bool) or not isinstance(found, int | float):
            raise self._wrong(key, "a number")
        return float(found)

    def flag(self, key: str) -> bool:
        found = self._figure(key, None)
        if not isinstance(found, bool):
            raise self._wrong(key, "true or false")
        return found

    def numbers(self, key: str) -> tuple[float, ...]:
        found = self._figure(key, None)
        if not isinstance(found, list):
            raise self._wrong(key, "a list of numbers")
        listed: list[float] = []
        for each in found:
            if isinstance(each, bool) or not isinstance(each, int | float):
                raise self._wrong(key, "a list of numbers")
            listed.append(float(each))
        return tuple(listed)

    def _figure(self, key: str, default: float | None) -> Toml:
        held = self.table.get(key)
        if held is None and default is not None:
            return default
        if not isinstance(held, dict) or held.get("status") not in STATUSES or "value" not in held:
            raise self._wrong(key, f"{{ value = ..., status = {' | '.join(STATUSES)} }}")
        self.statuses[key] = str(held["status"])
        return held["value"]

    def _wrong(self, key: str, wanted: str) -> DataError:
        return DataError(f"domain/{_FOLDER}/{self.where}.toml: {key} must be {wanted}; got {self.table.get(key)!r}")


def _version(head: _Figures, body: _Figures) -> ResponseProduct:
    rules = _Figures(head.where, _table(head.where, body.table, "law"))
    law = _law(rules)
    return ResponseProduct(
        name=head.where,
        title=head.text("title"),
        market=head.text("market"),
        valid_from=body.day("valid_from"),
        source=body.text("source"),
        law=law,
        reserve_minutes=body.number("reserve_minutes"),
        energy_rule=body.text("energy_rule"),
        recovery_rule=body.text("recovery_rule", ""),
        power_factor=body.number("power_factor", 1.0),
        opposite_power_share=body.number("opposite_power_share", 0.0),
        recovery_share=body.number("recovery_share", math.nan),
        recovery_minutes=body.number("recovery_minutes", math.nan),
        minimum_power_mw=body.number("minimum_power_mw", math.nan),
        sample_s=body.number("sample_s", math.nan),
        statuses=MappingProxyType({**body.statuses, **{f"law.{key}": each for key, each in rules.statuses.items()}}),
    )


def _law(rules: _Figures) -> ResponseLaw:
    kind = rules.text("kind")
    if kind == "droop":
        return Droop(
            nominal_hz=rules.number("nominal_hz"),
            points_hz=rules.numbers("points_hz"),
            points_pu=rules.numbers("points_pu"),
            deadband_hz=rules.number("deadband_hz"),
            restarts_at_zero=rules.flag("restarts_at_zero"),
            initiation_s=rules.number("initiation_s", 0.0),
            full_time_s=rules.number("full_time_s"),
            ramp_pu_per_s=rules.number("ramp_pu_per_s", math.inf),
        )
    if kind == "triggered_step":
        return TriggeredStep(
            nominal_hz=rules.number("nominal_hz"),
            trigger_hz=rules.number("trigger_hz"),
            direction=int(rules.number("direction")),
            full_time_s=rules.number("full_time_s"),
            hold_s=rules.number("hold_s"),
            release_pu_per_s=rules.number("release_pu_per_s", math.inf),
            rearm_s=rules.number("rearm_s"),
        )
    message = f"domain/{_FOLDER}/{rules.where}.toml: law.kind is droop or triggered_step; got {kind!r}"
    raise DataError(message)


def _table(where: str, table: dict[str, Toml], key: str) -> dict[str, Toml]:
    found = table.get(key)
    if not isinstance(found, dict):
        message = f"domain/{_FOLDER}/{where}.toml: [{key}] is missing"
        raise DataError(message)
    return found


def _tables(where: str, table: dict[str, Toml], key: str) -> list[dict[str, Toml]]:
    found = table.get(key)
    listed = [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []
    if not listed:
        message = f"domain/{_FOLDER}/{where}.toml: there is no [[{key}]]"
        raise DataError(message)
    return listed
